"""Offering a service post, and taking a place of one back."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from sandan.people.actions import service_posts
from sandan.people.queries import member_lists
from sandan.people.queries.member_posts import REASONS
from sandan.people.queries.member_times import DAYS


class TakeBackForm(forms.Form):
    """Why the community takes it back."""

    reason = forms.ChoiceField(
        label=gettext_lazy("为什么"), choices=[(code, REASONS[code]) for code in service_posts.TAKE_BACK_REASONS],
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("选一个原因。")},
    )  # fmt: skip


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": gettext_lazy("时间写成 18:30 这样。")},
    )  # fmt: skip


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "invalid": gettext_lazy("日子写成 2026-08-13 这样。"), "required": gettext_lazy("写上日子。"),
        },
    )  # fmt: skip


class OfferForm(forms.Form):
    """A new post: what, where, when, how long, how many."""

    kind = forms.ChoiceField(label=gettext_lazy("什么岗"))
    place = forms.ChoiceField(label=gettext_lazy("设在哪里"))
    task = forms.CharField(
        label=gettext_lazy("做什么"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("不写就用这种岗通常的说法。"),
    )  # fmt: skip
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("每周哪几天"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        choices=list(enumerate(DAYS)),
    )  # fmt: skip
    begin = _time(gettext_lazy("几点开始"))
    close = _time(gettext_lazy("几点结束"))
    seats = forms.IntegerField(
        label=gettext_lazy("要几个人"), min_value=1, max_value=50,
        error_messages={"required": gettext_lazy("写上要几个人。")},
    )  # fmt: skip
    first = _day(gettext_lazy("从哪天起"))
    last = _day(gettext_lazy("到哪天为止"))

    def __init__(self, data: Any, places: list[tuple[str, str]], at: datetime, kind: str = "") -> None:
        kinds = member_lists.post_kinds()
        usual = kinds.get(kind) or next(iter(kinds.values()))
        today = timezone.localdate(at)
        super().__init__(
            data,
            initial={
                "kind": usual.code, "task": usual.task, "weekdays": list(usual.weekdays), "seats": usual.seats,
                "begin": _as_time(usual.from_minute), "close": _as_time(usual.to_minute), "first": today,
                "last": today + timedelta(days=usual.days),
            },
        )  # fmt: skip
        self.fields["kind"].choices = [(one.code, one.name) for one in kinds.values()]  # type: ignore[attr-defined]
        self.fields["place"].choices = places  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What the action asks, its place apart; the last day belongs to the term."""
        data = self.cleaned_data
        begin, close = data["begin"], data["close"]
        return {
            "kind": data["kind"], "task": data["task"] or member_lists.post_kinds()[data["kind"]].task,
            "weekdays": data["weekdays"], "seats": data["seats"], "from_at": _midnight(data["first"]),
            "minutes": (_minute(begin), _minute(close)) if begin and close else None,
            "to_at": _midnight(data["last"] + timedelta(days=1)),
        }  # fmt: skip


def _as_time(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60, minute % 60)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())
