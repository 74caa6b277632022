"""What may be typed about posts: a new one, an end, a hand-over, an outside partner."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.people.models import Post, Unit
from sandan.people.queries.staff import KINDS

DAY = {"required": gettext_lazy("选一个日子。"), "invalid": gettext_lazy("日子写成 2026-08-13 这样。")}
WHO_HINT = gettext_lazy("登录名、11 位工作手机号，或这一片里没有重名的姓名")
# Which posts are given over a place, by the length of its code.
KINDS_AT = {6: ("district",), 9: ("liaison", "deputy"), 12: ("leader", "dispatcher", "full", "part", "helper")}


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget, error_messages=DAY)


def midnight(day: date | None) -> datetime | None:
    """The beginning of a local day; None for none."""
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def starting(day: date | None, at: datetime) -> datetime:
    """From that day on, today from this moment on."""
    begins = midnight(day)
    return max(begins, at) if begins and timezone.localtime(begins).date() <= timezone.localtime(at).date() else (
        begins or at
    )  # fmt: skip


class GiveForm(forms.Form):
    """A post over a place for somebody who is known, or for somebody new."""

    kind = forms.ChoiceField(
        label=gettext_lazy("什么岗位"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一个岗位。")},
    )
    grid = forms.ChoiceField(label=gettext_lazy("哪个网格"), required=False)
    who = forms.CharField(label=gettext_lazy("已有的人"), required=False, max_length=40, help_text=WHO_HINT)
    name = forms.CharField(label=gettext_lazy("新来的人：姓名"), required=False, max_length=40)
    phone = forms.CharField(label=gettext_lazy("新来的人：工作手机号"), required=False, max_length=30)
    shift = forms.ChoiceField(
        label=gettext_lazy("班次"), required=False, choices=[("", gettext_lazy("没定")), *Post.Shift.choices]
    )
    from_on = _day(gettext_lazy("从哪天起"))
    to_on = _day(gettext_lazy("到哪天止"), required=False, help_text=gettext_lazy("这一天还在岗，第二天自动结束。"))

    def __init__(self, length: int, grids: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [(kind, KINDS[kind][2]) for kind in KINDS_AT[length]]  # type: ignore[attr-defined]
        self.fields["grid"].choices = [("", _("请选")), *grids]  # type: ignore[attr-defined]
        if length != 12:
            del self.fields["grid"]
        self.fields["from_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """Somebody known or somebody new, never both; a grid for who works in one."""
        told = super().clean() or {}
        if bool(told.get("who")) == bool(told.get("name")):
            self.add_error("who", _("写一位已有的人，或者在下面写新来的人，写一样就行。"))
        if told.get("kind") in ("full", "part", "helper") and not told.get("grid"):
            self.add_error("grid", _("网格员要选一个网格。"))
        if told.get("to_on") and told.get("from_on") and told["to_on"] < told["from_on"]:
            self.add_error("to_on", _("结束不能早于开始。再看一眼日期。"))
        return told


class EndForm(forms.Form):
    """When a post ends; today means now."""

    on = _day(gettext_lazy("从哪天起不在岗"), help_text=gettext_lazy("写今天，就是现在结束。"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["on"].initial = timezone.localdate()


class HandOverForm(EndForm):
    """Who comes next, and from which day."""

    who = forms.CharField(
        label=gettext_lazy("交给谁"), max_length=40, help_text=WHO_HINT,
        error_messages={"required": gettext_lazy("写交给谁。")},
    )  # fmt: skip
    field_order = ("who", "on")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["on"].label = _("从哪天起交接")
        self.fields["on"].help_text = _("写今天，就是现在交接。")


class PartnerForm(forms.Form):
    """R117: an outside unit of one of five kinds, and who acts for it, for how long."""

    branch = forms.ChoiceField(
        label=gettext_lazy("哪一种"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一种。")},
    )  # fmt: skip
    unit = forms.CharField(
        label=gettext_lazy("单位名称"), max_length=80, error_messages={"required": gettext_lazy("写单位名称。")}
    )
    name = forms.CharField(
        label=gettext_lazy("经办人姓名"), max_length=40, error_messages={"required": gettext_lazy("写经办人姓名。")}
    )
    phone = forms.CharField(
        label=gettext_lazy("经办人工作手机号"), max_length=30,
        error_messages={"required": gettext_lazy("写工作手机号，他用这个号登录。")},
    )  # fmt: skip
    to_on = _day(gettext_lazy("到哪天止"), help_text=gettext_lazy("最长一年，到日子自动停用。"))

    BRANCHES = (
        (Unit.Branch.ESTATE.value, gettext_lazy("社区物业")),
        (Unit.Branch.POLICE.value, gettext_lazy("派出所")),
        (Unit.Branch.RESIDENT.value, gettext_lazy("驻地单位")),
        (Unit.Branch.OWNERS.value, gettext_lazy("业委会")),
        (Unit.Branch.NEW.value, gettext_lazy("两新组织")),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["branch"].choices = self.BRANCHES  # type: ignore[attr-defined]
