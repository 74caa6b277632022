"""A phone call or a sheet of paper, written down in under a minute."""

import re
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.core.errors import Refused
from sandan.intake.models import Category
from sandan.orders.actions import Contact, Ground, Sending
from sandan.orders.actions.saying import LONGEST
from sandan.orders.forms.desk_judge import URGENCIES, catalogue, grouped
from sandan.orders.forms.desk_place import ground_of
from sandan.orders.queries import reasons
from sandan.people.actions import mobile
from sandan.places.models import Place

SPOKEN = ("phone", "meeting", "visit", "paper", "patrol", "group")


def phone_of(text: str) -> str:
    """The digits of a mobile or a fixed line; raises Refused with what is wrong."""
    digits = re.sub(r"[\s\-()（）]", "", text)
    return digits if re.fullmatch(r"0\d{9,11}|[2-8]\d{6,7}", digits) else mobile(text)


class EnterForm(forms.Form):
    """Words, place, who called; channel, item and urgency where they are plain."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("说的什么事"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("还没有写内容。一句话就行。")},
    )  # fmt: skip
    place = forms.CharField(
        label=gettext_lazy("在哪里"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("小区名和楼号，拼音首字母也行"),
    )
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=20, required=False)
    name = forms.CharField(label=gettext_lazy("怎么称呼"), max_length=20, required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("从哪来"), choices=[(code, reasons.CHANNELS[code]) for code in SPOKEN], initial="phone"
    )
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("轻重"), choices=URGENCIES, coerce=int, initial=1, widget=forms.RadioSelect
    )
    category = forms.ChoiceField(label=gettext_lazy("事项"), required=False)

    def __init__(self, county: str, community: Place | None, data: Any = None, **rest: Any) -> None:
        super().__init__(data, **rest)
        self.county, self.community = county, community
        self.items = catalogue()
        field = cast(forms.ChoiceField, self.fields["category"])
        field.choices = [("", _("先不选")), *grouped(self.items)]

    def clean_category(self) -> Category | None:
        return self.items.get(self.cleaned_data["category"])

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        try:
            return phone_of(text) if text.strip() else ""
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        """The ground; words that name no known place stay as words where the community is known."""
        cleaned = super().clean() or {}
        text = cleaned.get("place", "").strip()
        try:
            cleaned["ground"] = self._ground(text)
        except forms.ValidationError as unknown:
            self.add_error("place", unknown)
        return cleaned

    def _ground(self, text: str) -> Ground:
        if not text and self.community:
            return Ground(community=self.community)
        if not text:
            raise forms.ValidationError(_("写一下在哪里：小区名和楼号。"))
        try:
            return ground_of(text, self.county, self.community)
        except forms.ValidationError:
            if self.community is None:
                raise
            return Ground(community=self.community, spot=text)

    def contact(self) -> Contact:
        """Who called; both empty means he wants to stay unnamed."""
        return Contact(name=self.cleaned_data["name"], phone=self.cleaned_data["phone"])

    def sending(self) -> Sending:
        """What the action of placing is told."""
        told = self.cleaned_data
        return Sending(
            key=cast(UUID, told["key"]), channel=told["channel"], text=told["text"], ground=told["ground"],
            contact=self.contact(), guess=told["category"], urgency=told["urgency"],
        )  # fmt: skip
