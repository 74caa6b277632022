"""What a human may type on the duty list: a line, a hand-over, a sheet."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.orders.models.duty import MOST_DEPUTIES
from sandan.people.models import Person

MOMENT = {"required": gettext_lazy("选日子和钟点。"), "invalid": gettext_lazy("写成 2026-08-10 20:00 这样。")}


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody by name, with the tail of his work number: names repeat."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.phone_tail}）" if obj.phone_tail else str(obj.name)


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, error_messages=MOMENT)


class DutyForm(forms.Form):
    """One line of the list of one place."""

    person = PersonChoice(
        label=gettext_lazy("谁"), queryset=Person.objects.none(), empty_label=gettext_lazy("请选"),
        error_messages={"required": gettext_lazy("选一位。"), "invalid_choice": gettext_lazy("选一位。")},
    )  # fmt: skip
    rank = forms.TypedChoiceField(label=gettext_lazy("顺位"), coerce=int, initial=1)
    from_at = _moment(gettext_lazy("从"))
    to_at = _moment(gettext_lazy("到"))

    def __init__(self, people: list[Person], at: datetime, data: Any = None) -> None:
        super().__init__(data, auto_id="duty_%s")
        self.fields["person"].queryset = _those(people)  # type: ignore[attr-defined]
        words = [(1, _("1 先叫")), *((n, _("%(n)s 顶上") % {"n": n}) for n in range(2, MOST_DEPUTIES + 1))]
        self.fields["rank"].choices = words  # type: ignore[attr-defined]
        start = timezone.localtime(at).replace(hour=18, minute=0, second=0, microsecond=0)
        self.fields["from_at"].initial = start
        self.fields["to_at"].initial = start.replace(hour=8) + timedelta(days=1)


class HandOverForm(forms.Form):
    """Who stands on from now."""

    to = PersonChoice(
        label=gettext_lazy("交给谁"), queryset=Person.objects.none(), empty_label=gettext_lazy("请选"),
        error_messages={"required": gettext_lazy("选一位。"), "invalid_choice": gettext_lazy("选一位。")},
    )  # fmt: skip

    def __init__(self, people: list[Person], pk: int, data: Any = None) -> None:
        super().__init__(data, auto_id=f"to{pk}_%s")
        self.fields["to"].queryset = _those(people)  # type: ignore[attr-defined]


class SheetForm(forms.Form):
    """A CSV file with the list of one or several places."""

    file = forms.FileField(
        label=gettext_lazy("CSV 文件"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": gettext_lazy("先选一个文件。"), "empty": gettext_lazy("这个文件是空的。")},
    )  # fmt: skip


def _those(people: list[Person]) -> Any:
    return Person.objects.filter(pk__in=[person.pk for person in people]).order_by("name_key", "pk")
