"""A phone call on the way: nothing has to be filled in; the rest follows when there is time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from sandan.core.errors import Refused
from sandan.orders.actions.saying import LONGEST
from sandan.orders.forms.desk_enter import phone_of
from sandan.orders.forms.desk_place import ground_of
from sandan.places.models import Place


def _text(label: Any, **rest: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2}), **rest
    )


class PhoneMixin(forms.Form):
    """A number that may be left out; with it the caller's yes to being known again."""

    phone = forms.CharField(
        label=gettext_lazy("来电号码"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    name = forms.CharField(label=gettext_lazy("怎么称呼"), max_length=20, required=False)
    keep = forms.BooleanField(
        label=gettext_lazy("他同意记下号码，下次来电好认"), required=False,
        help_text=gettext_lazy("要问过他再勾。半年没来电就自动忘掉，随时可以不留。"),
    )  # fmt: skip

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        try:
            return phone_of(text) if text.strip() else ""
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class PickUpForm(PhoneMixin):
    """One press opens the order; all fields may stay empty."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = _text(gettext_lazy("说的什么事"))
    field_order = ("key", "text", "phone", "name", "keep")


class CompleteForm(PhoneMixin):
    """What follows: words, place, number."""

    text = _text(gettext_lazy("说的什么事"))
    place = forms.CharField(
        label=gettext_lazy("在哪里"), max_length=100, required=False,
        help_text=gettext_lazy("小区名和楼号，拼音首字母也行"),
    )  # fmt: skip
    field_order = ("text", "place", "phone", "name", "keep")

    def __init__(self, community: Place, data: Any = None, **rest: Any) -> None:
        super().__init__(data, **rest)
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
