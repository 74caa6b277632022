"""When a member has time: three parts of each day of the week, and days away."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from sandan.people.models import Person
from sandan.people.queries.member_times import DAYS, PARTS

CHOICES = [(f"{day}{part}", label) for day, label in enumerate(DAYS) for part in PARTS]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("日子写成 2026-08-13 这样。")},
    )  # fmt: skip


class TimesForm(forms.Form):
    """What is ticked is free; nothing ticked means: outside office hours."""

    free = forms.MultipleChoiceField(
        label=gettext_lazy("什么时候有空"), choices=CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    away_from = _day(gettext_lazy("从哪天起不在"))
    away_to = _day(gettext_lazy("到哪天"))

    def weekly(self) -> list[tuple[int, int, int]]:
        """The ticked parts as weekday, from and to."""
        return [(int(code[0]), PARTS[code[1:]][1], PARTS[code[1:]][2]) for code in self.cleaned_data["free"]]

    def away(self) -> tuple[date, date] | None:
        """The days away; one day where only one was given."""
        first, last = self.cleaned_data["away_from"], self.cleaned_data["away_to"]
        return (first or last, last or first) if first or last else None


def start_of(person: Person) -> dict[str, Any]:
    """The times as they stand, for the form."""
    begins = {begin: code for code, (_label, begin, _end) in PARTS.items()}
    free = [f"{one.weekday}{begins[one.from_minute]}" for one in person.free_times.all() if one.from_minute in begins]
    away = person.aways.order_by("from_on").first()
    return {"free": free, "away_from": away and away.from_on, "away_to": away and away.to_on}
