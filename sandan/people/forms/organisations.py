"""What may be typed about organisations, their members and centre households."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.people.forms.posts import DAY, WHO_HINT
from sandan.people.models import CentreHousehold

DUTIES = (
    ("secretary", gettext_lazy("书记或组长")),
    ("deputy", gettext_lazy("副书记或副组长")),
    ("member", gettext_lazy("成员")),
)


class FoundForm(forms.Form):
    """An organisation for one place."""

    name = forms.CharField(
        label=gettext_lazy("组织名称"), max_length=80, error_messages={"required": gettext_lazy("写组织的名称。")}
    )


class EnterForm(forms.Form):
    """Somebody enters an organisation."""

    who = forms.CharField(
        label=gettext_lazy("谁"), max_length=40, help_text=gettext_lazy("登录名或 11 位工作手机号"),
        error_messages={"required": gettext_lazy("写登录名或手机号。")},
    )  # fmt: skip
    duty = forms.ChoiceField(label=gettext_lazy("职务"), choices=DUTIES, initial="member")


class PointForm(forms.Form):
    """A household becomes a point of a micro-grid."""

    who = forms.CharField(
        label=gettext_lazy("哪位"), max_length=40, help_text=WHO_HINT,
        error_messages={"required": gettext_lazy("写登录名、手机号或姓名。")},
    )  # fmt: skip
    micro = forms.ChoiceField(
        label=gettext_lazy("哪个微网格"), error_messages={"required": gettext_lazy("选一个微网格。")}
    )

    def __init__(self, micro: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["micro"].choices = [("", _("请选")), *micro]  # type: ignore[attr-defined]


class WillForm(forms.Form):
    """What a household is willing to do."""

    can = forms.MultipleChoiceField(
        label=gettext_lazy("愿意做哪些"), choices=CentreHousehold.Help.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    paused_until = forms.DateField(
        label=gettext_lazy("先歇到哪天"), required=False, error_messages=DAY,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("到这天为止不打扰您。"),
    )  # fmt: skip
