"""What a whistle asks of who blows it, and what the called unit is asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.orders.forms.desk_fields import code_field, words_field
from sandan.orders.forms.desk_moves import FEW_WORDS, MoveForm
from sandan.orders.forms.desk_place import ground_of
from sandan.orders.queries import reasons
from sandan.people.models import Unit
from sandan.places.models import Place

YES_NO = (("1", gettext_lazy("是")), ("0", gettext_lazy("不是")))


class UnitsForm(MoveForm):
    """Which units: the one whose matter it is first, ticked already where the catalogue names it."""

    units = forms.MultipleChoiceField(
        label=gettext_lazy("叫哪些单位"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("还没选单位。至少叫一个。")},
    )  # fmt: skip

    def __init__(self, found: Sequence[Unit], data: Any = None, **rest: Any) -> None:
        super().__init__(data, **rest)
        self.found = {str(unit.pk): unit for unit in found}
        field = cast(forms.MultipleChoiceField, self.fields["units"])
        field.choices = [(pk, unit.name) for pk, unit in self.found.items()]

    def clean_units(self) -> list[Unit]:
        return [self.found[pk] for pk in self.cleaned_data["units"]]


class BlowForm(UnitsForm):
    """What is asked of them, where and when to meet."""

    ask = words_field(gettext_lazy("请他们来做什么"), 2, help_text=gettext_lazy("一句话，像「来看看污水井归谁清」。"))
    spot = forms.CharField(label=gettext_lazy("在哪碰头"), max_length=60, required=False)
    meet_at = forms.DateTimeField(
        label=gettext_lazy("什么时候碰头"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": gettext_lazy("时间写成 2026-08-13 09:30 这样。")},
    )  # fmt: skip

    def clean_meet_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["meet_at"]
        return timezone.make_aware(at) if at and timezone.is_naive(at) else at


class OffForm(MoveForm):
    """Why it is taken back."""

    reason = code_field(gettext_lazy("为什么撤"), reasons.WHISTLE_OFF)


class StarsForm(MoveForm):
    """A mark for one unit, 1 to 5."""

    call = forms.IntegerField(widget=forms.HiddenInput)
    stars = forms.TypedChoiceField(
        label=gettext_lazy("应得怎么样"), coerce=int, widget=forms.RadioSelect,
        choices=[(5, gettext_lazy("5 很好")), (4, gettext_lazy("4 好")), (3, gettext_lazy("3 一般")),
                 (2, gettext_lazy("2 差")), (1, gettext_lazy("1 很差"))],
        error_messages={"required": gettext_lazy("选一个分。"), "invalid_choice": gettext_lazy("选一个分。")},
    )  # fmt: skip


class NoForm(MoveForm):
    """Why the unit cannot come, with a few words."""

    reason = forms.ChoiceField(
        label=gettext_lazy("为什么来不了"), choices=list(reasons.WHISTLE_NO.items()), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一个原因。"), "invalid_choice": gettext_lazy("选一个原因。")},
    )  # fmt: skip
    text = words_field(FEW_WORDS, 2, required=False)


class ReportForm(MoveForm):
    """What the unit did on the spot."""

    text = words_field(gettext_lazy("到现场办了什么"), 3, help_text=gettext_lazy("一句话就行，像「清了井，查了管」。"))


def _yes_no(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, widget=forms.RadioSelect, coerce=lambda said: said == "1",
        error_messages={"required": gettext_lazy("选一个。"), "invalid_choice": gettext_lazy("选一个。")},
    )  # fmt: skip


class JudgeForm(MoveForm):
    """The unit's word on the whistle: whether it was needed, whether it was clear."""

    was_needed = _yes_no(gettext_lazy("这声哨该吹吗"))
    was_clear = _yes_no(gettext_lazy("说得清楚吗"))


class NewForm(BlowForm):
    """A whistle for a place, with an order opened along."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = words_field(gettext_lazy("出了什么事"), 3)
    place = forms.CharField(
        label=gettext_lazy("在哪里"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("小区名和楼号，不写就按您的网格"),
    )
    field_order = ("key", "text", "place", "units", "ask", "spot", "meet_at")

    def __init__(self, found: Sequence[Unit], community: Place, data: Any = None, **rest: Any) -> None:
        super().__init__(found, data, **rest)
        self.community = community

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        place = cleaned.pop("place", "").strip()
        cleaned["ground"] = None
        if place:
            try:
                cleaned["ground"] = ground_of(place, self.community.code[:6], self.community)
            except forms.ValidationError as unknown:
                self.add_error("place", unknown)
        return cleaned


def why_none() -> str:
    """Where no unit of the area has anybody to answer."""
    return _("这一片还没有能应哨的单位。请街道补上单位的经办人。")
