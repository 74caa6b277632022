"""Which days the figures of the whistles cover."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("日子写成 2026-08-13 这样。")},
    )  # fmt: skip


class DaysForm(forms.Form):
    """Two days, both included; either may be left open."""

    since = _day(gettext_lazy("从"))
    until = _day(gettext_lazy("到"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since: date | None = cleaned.get("since")
        until: date | None = cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("后一天不能早于前一天。"))
        return cleaned
