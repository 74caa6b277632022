"""What may stand in the addresses of boards and figures, and what a call-back asks."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.orders.models.order import Urgency
from sandan.orders.queries import lights, reasons
from sandan.orders.queries.boards_filter import NOBODY, Filters
from sandan.orders.queries.boards_lists import LISTS

PLACE = re.compile(r"\d{6}(\d{3}(\d{3}(\d{3}(\d{2})?)?)?)?")
CATEGORY = re.compile(r"\d{2}(\d{2})?")
BIGGEST = 2**31 - 1
DAY = {"invalid": gettext_lazy("日子写成 2026-08-13 这样。")}
VIEWS = (("", ""), ("columns", ""))


def _matching(value: str, pattern: re.Pattern[str]) -> str:
    if value and not pattern.fullmatch(value):
        raise forms.ValidationError(_("地址里的条件看不懂，可能抄漏了。点「清空」重新选。"))
    return value


class PeriodForm(forms.Form):
    """Days from and to, both included."""

    since = forms.DateField(
        label=gettext_lazy("收到：从"), required=False, error_messages=DAY,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("到"), required=False, error_messages=DAY,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("后面的日子要比前面的晚。"))
        for name in ("since", "until"):
            day = values.get(name)
            if day and not 2000 <= day.year <= 2100:
                self.add_error(name, _("年份看着不对，再看一眼。"))
        return values


class BoardForm(PeriodForm):
    """The board's filters as they stand in an address; every one may be missing."""

    list = forms.ChoiceField(required=False, choices=[(name, name) for name in LISTS])
    view = forms.ChoiceField(required=False, choices=VIEWS)
    q = forms.CharField(label=gettext_lazy("在结果里找"), required=False, max_length=60)
    light = forms.ChoiceField(
        label=gettext_lazy("灯"), required=False, choices=[("", gettext_lazy("灯：不限"))]
    )  # fmt: skip
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("轻重"), required=False, coerce=int, empty_value=None,
        choices=[("", gettext_lazy("轻重：不限")), *Urgency.choices],
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("地方"), required=False, max_length=17)
    category = forms.CharField(label=gettext_lazy("事项"), required=False, max_length=4)
    holder = forms.CharField(label=gettext_lazy("谁在办"), required=False, max_length=10)
    estate = forms.IntegerField(label=gettext_lazy("小区"), required=False, min_value=1, max_value=BIGGEST)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        light: Any = self.fields["light"]
        light.choices = [*light.choices, *((colour, lights.colour_word(colour)) for colour in lights.COLOURS)]

    def clean_place(self) -> str:
        return _matching(self.cleaned_data["place"], PLACE)

    def clean_category(self) -> str:
        return _matching(self.cleaned_data["category"], CATEGORY)

    def clean_holder(self) -> str:
        return _matching(self.cleaned_data["holder"], re.compile(rf"{NOBODY}|[0-9]{{1,9}}"))

    def filters(self) -> Filters:
        """The filters of a valid form."""
        values = dict(self.cleaned_data)
        return Filters(**(values | {"list": values["list"] or "open"}))


class FiguresForm(PeriodForm):
    """Which days and which place the figures are about."""

    period = forms.ChoiceField(
        required=False, choices=[("", ""), ("month", ""), ("quarter", ""), ("dates", "")]
    )  # fmt: skip
    place = forms.CharField(required=False, max_length=12)
    paper = forms.BooleanField(required=False)

    def clean_place(self) -> str:
        return _matching(self.cleaned_data["place"], PLACE)

    def days(self, now: datetime) -> tuple[date | None, date | None]:
        """First and last day of the period of a valid form; this month where none was asked for."""
        today = timezone.localtime(now).date()
        period = self.cleaned_data["period"]
        if period == "dates" or (not period and (self.cleaned_data["since"] or self.cleaned_data["until"])):
            return self.cleaned_data["since"], self.cleaned_data["until"]
        first_month = today.month - (today.month - 1) % 3 if period == "quarter" else today.month
        return today.replace(month=first_month, day=1), today


class CallForm(forms.Form):
    """What the asker said on the phone, in a message or at the door."""

    word = forms.ChoiceField(
        label=gettext_lazy("事情解决没有"), choices=list(reasons.WORDS.items()), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一个：解决了、一半，还是没解决。")},
    )  # fmt: skip
    satisfaction = forms.TypedChoiceField(
        label=gettext_lazy("满意不满意"), required=False, coerce=int, empty_value=None, widget=forms.RadioSelect,
        choices=list(reasons.SATISFACTION.items()),
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=gettext_lazy("怎么问的"), choices=list(reasons.CALL_CHANNELS.items()), initial="phone",
        error_messages={"required": gettext_lazy("选一个：电话、短信，还是上门。")},
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("他的原话"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": gettext_lazy("写得太长了，最多 2000 字。请挑要紧的说。")},
    )  # fmt: skip


class DrawForm(forms.Form):
    """How many orders to draw."""

    count = forms.IntegerField(
        label=gettext_lazy("抽几件"), min_value=1, max_value=20, initial=6,
        error_messages={
            "required": gettext_lazy("写一个数，1 到 20。"), "invalid": gettext_lazy("写一个数，1 到 20。"),
            "min_value": gettext_lazy("最少抽 1 件。"), "max_value": gettext_lazy("一次最多抽 20 件。"),
        },
    )  # fmt: skip


class CheckForm(forms.Form):
    """What was seen on the spot; pictures come beside it."""

    result = forms.ChoiceField(
        label=gettext_lazy("现场看到什么"), choices=list(reasons.CHECKS.items()), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一个：和说的一样、没办好，还是没看成。")},
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("说一句"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": gettext_lazy("写得太长了，最多 2000 字。请挑要紧的说。")},
    )  # fmt: skip
