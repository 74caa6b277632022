"""The register's filter, and checking a member in at the desk."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from sandan.people.actions import BadPhone, mobile
from sandan.people.models import Unit
from sandan.people.queries import member_lists
from sandan.people.queries.member_register import Wish
from sandan.places.models import Place


class WishForm(forms.Form):
    """What to look for; an empty form finds everybody in the reader's area."""

    skill = forms.ChoiceField(label=gettext_lazy("会什么"), required=False)
    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"), queryset=Unit.objects.none(), required=False, empty_label=gettext_lazy("所有单位")
    )
    place = forms.ChoiceField(label=gettext_lazy("哪里"), required=False)
    name = forms.CharField(label=gettext_lazy("姓名开头"), required=False, max_length=40)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def __init__(self, data: Any, units: QuerySet[Unit], places: list[tuple[str, str]]) -> None:
        super().__init__(data)
        skills = [("", gettext_lazy("都行")), *((name, name) for name in member_lists.skills())]
        self.fields["skill"].choices = skills  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", gettext_lazy("全部")), *places]  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        """What was asked for; a field that holds something else is left out."""
        self.is_valid()
        data = self.cleaned_data
        unit = data.get("unit")
        return Wish(
            data.get("skill") or "",
            unit.pk if unit else None,
            data.get("place") or "",
            (data.get("name") or "").strip(),
        )

    @property
    def number(self) -> int:
        """The page that was asked for, from 1."""
        return self.cleaned_data.get("page") or 1 if self.is_valid() else 1


class CheckInForm(forms.Form):
    """Name and work phone of the member, unit and grid."""

    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=40, error_messages={"required": gettext_lazy("写上姓名。")}
    )
    phone = forms.CharField(
        label=gettext_lazy("工作手机号"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=gettext_lazy("同一个号码就是同一个人：登记过的不会再建一个。"),
        error_messages={"required": gettext_lazy("写上手机号，才认得出是不是同一个人。")},
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        label=gettext_lazy("哪个单位的"), queryset=Unit.objects.none(), required=False,
        empty_label=gettext_lazy("没有单位"),
    )  # fmt: skip
    grid = forms.RegexField(
        r"^\d{15}$", label=gettext_lazy("报到的网格"),
        error_messages={
            "required": gettext_lazy("还没有选网格。先找到网格，点一行选上。"),
            "invalid": gettext_lazy("请从列出来的网格里选。"),
        },
    )  # fmt: skip

    def __init__(self, data: Any, units: QuerySet[Unit], *, must_have_unit: bool) -> None:
        super().__init__(data)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].required = must_have_unit
        if must_have_unit:
            self.fields["unit"].empty_label = None  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        try:
            return mobile(self.cleaned_data["phone"])
        except BadPhone as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class ChargesForm(forms.Form):
    """Which parts of the grid a member looks after."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("包联哪里"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, grid: Place, parts: list[Place], initial: list[str]) -> None:
        super().__init__(data, initial={"scopes": initial})
        whole = (grid.code, gettext_lazy("整个网格"))
        self.fields["scopes"].choices = [whole, *((part.code, part.name) for part in parts)]  # type: ignore[attr-defined]
