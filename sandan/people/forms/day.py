"""What may be typed about a day: a new one, what was done, the summary."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.people.actions.day_posts import LONGEST_SUMMARY, LONGEST_WORDS
from sandan.people.forms.posts import DAY
from sandan.people.models import DayPost


class DayForm(forms.Form):
    """R119: who, on which day, where, beside whom, to do what."""

    name = forms.CharField(
        label=gettext_lazy("来的人姓名"), max_length=40, error_messages={"required": gettext_lazy("写姓名。")}
    )
    on = forms.DateField(
        label=gettext_lazy("哪一天"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("账号只在这一天能用，当天零点自动失效。"), error_messages=DAY,
    )  # fmt: skip
    grid = forms.ChoiceField(label=gettext_lazy("哪个网格"), error_messages={"required": gettext_lazy("选一个网格。")})
    mentor = forms.CharField(
        label=gettext_lazy("谁带"), max_length=40, error_messages={"required": gettext_lazy("写谁带。")},
        help_text=gettext_lazy("登录名、11 位工作手机号，或这一片里没有重名的姓名"),
    )  # fmt: skip
    tasks = forms.MultipleChoiceField(
        label=gettext_lazy("让他做什么"), choices=DayPost.Task.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("选一两件让他做的事。")},
    )  # fmt: skip

    def __init__(self, grids: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["grid"].choices = [("", _("请选")), *grids]  # type: ignore[attr-defined]
        self.fields["on"].initial = timezone.localdate()


class ActForm(forms.Form):
    """R120: one thing done, by task and in a sentence."""

    task = forms.ChoiceField(
        label=gettext_lazy("做了什么"), widget=forms.RadioSelect, error_messages={"required": gettext_lazy("选一件。")}
    )
    words = forms.CharField(
        label=gettext_lazy("写一句"), max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写事，不写人名和电话；写了也会遮住。"),
        error_messages={"required": gettext_lazy("还没有写内容。一句话就行。")},
    )  # fmt: skip

    def __init__(self, tasks: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["task"].choices = tasks  # type: ignore[attr-defined]


class SummaryForm(forms.Form):
    """What the day was."""

    summary = forms.CharField(
        label=gettext_lazy("今天的小结"), max_length=LONGEST_SUMMARY, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("看到什么、学到什么、有什么建议。写事，不写人名和电话。"),
        error_messages={"required": gettext_lazy("还没有写内容。一句话就行。")},
    )  # fmt: skip
