"""A pass that lifts the limits: for whom, and for how long."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from sandan.orders.actions import limiting
from sandan.places.models import Place


class PassForm(forms.Form):
    """For a neighbour's phone until tomorrow, or for a device of the community's own."""

    LASTS = (("day", gettext_lazy("居民的手机，管一天")), ("year", gettext_lazy("社区自己的设备，管一年")))

    lasts = forms.ChoiceField(
        label=gettext_lazy("给谁用"), choices=LASTS, initial="day", widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一下给谁用。")},
    )  # fmt: skip
    community = forms.ModelChoiceField(
        label=gettext_lazy("哪个社区"), queryset=Place.objects.none(), empty_label=None,
        error_messages={
            "required": gettext_lazy("选一下哪个社区。"), "invalid_choice": gettext_lazy("这个社区不归您管。"),
        },
    )  # fmt: skip

    def __init__(self, data: object, communities: QuerySet[Place]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["community"].queryset = communities  # type: ignore[attr-defined]
        self.initial["community"] = communities.first()

    def clean_lasts(self) -> object:
        return limiting.LONG if self.cleaned_data["lasts"] == "year" else limiting.SHORT
