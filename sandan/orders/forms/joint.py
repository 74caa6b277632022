"""What joint handling asks: whom, for what; then each helper's own part, and the shares."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.orders.forms.desk_fields import words_field
from sandan.orders.forms.desk_moves import FEW_WORDS, MoveForm
from sandan.orders.forms.member_moves import BEFOREHAND
from sandan.orders.forms.resident_place import PhotosField
from sandan.orders.models import Order
from sandan.orders.queries import joint as queries
from sandan.orders.queries import reasons
from sandan.people.models import Person, Team, Unit


class HelpForm(MoveForm):
    """A team, a unit or somebody of the grid from the list, or a member by the exact name; no list of people."""

    who = forms.ChoiceField(label=gettext_lazy("请谁"), required=False)
    name = forms.CharField(
        label=gettext_lazy("或者写一位的姓名"), max_length=20, required=False,
        help_text=gettext_lazy("这个社区的党员，姓名要写全。"),
    )  # fmt: skip
    text = words_field(gettext_lazy("请他做什么"), 2, required=False)
    goes_there = forms.BooleanField(
        label=gettext_lazy("他要去点单人那里"), required=False,
        help_text=gettext_lazy("勾上才看得到点单人的电话，上路后看得到门牌。"),
    )  # fmt: skip

    def __init__(self, order: Order, at: datetime, data: Any = None) -> None:
        super().__init__(data)
        self.order, self.at = order, at
        self.found: Mapping[str, Person | Team | Unit] = queries.candidates(order, at)
        field = cast(forms.ChoiceField, self.fields["who"])
        field.choices = [("", _("请选")), *((key, str(who)) for key, who in self.found.items())]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen, name = cleaned.pop("who", ""), cleaned.pop("name", "").strip()
        if bool(chosen) == bool(name):
            raise forms.ValidationError(_("选一家，或者写一位的姓名。"))
        if chosen:
            return cleaned | {"who": self.found[chosen]}
        people = queries.named(self.order, name, self.at)
        if len(people) != 1:
            gone = _("这个社区没有叫这个名字的党员。") if not people else _("有两位同名的，请社区来定是哪一位。")
            self.add_error("name", gone)
            return cleaned
        return cleaned | {"who": people[0]}


class AgreeForm(MoveForm):
    """A share: per cent of the work, or minutes."""

    share = forms.IntegerField(widget=forms.HiddenInput)
    per_cent = forms.IntegerField(label=gettext_lazy("占几成（百分数）"), min_value=0, max_value=100, required=False)
    minutes = forms.IntegerField(label=gettext_lazy("或几分钟"), min_value=0, max_value=6000, required=False)


class NoForm(MoveForm):
    """Why somebody cannot help; it costs nothing."""

    reason = forms.ChoiceField(
        label=gettext_lazy("哪里不方便"), choices=[(code, reasons.RELEASE[code]) for code in BEFOREHAND],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一个原因。"), "invalid_choice": gettext_lazy("选一个原因。")},
    )  # fmt: skip


class RecordForm(MoveForm):
    """What this helper did, in words and pictures of things."""

    text = words_field(gettext_lazy("您办了什么"), 3, help_text=gettext_lazy("一句话就行，像「递工具，清了淤泥」。"))
    pictures = PhotosField(label=gettext_lazy("照片"), required=False)

    def clean_pictures(self) -> list[bytes]:
        return [file.read() for file in self.cleaned_data["pictures"] or []]


class DissentForm(MoveForm):
    """Why the share does not fit."""

    text = words_field(FEW_WORDS, 2)
