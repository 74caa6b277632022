"""Fields that the desk's forms share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from sandan.orders.actions.saying import LONGEST
from sandan.orders.queries import reasons


def words_field(label: Any, rows: int = 3, **rest: Any) -> forms.CharField:
    """Some lines of text, as long as anything that is said about an order."""
    needed = {"required": gettext_lazy("还没有写内容。一句话就行。")}
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST, widget=area, error_messages=needed, **rest)


def code_field(label: Any, labels: reasons.Labels) -> forms.ChoiceField:
    """One code of a list, nothing chosen beforehand."""
    wrong = {"required": gettext_lazy("选一个。"), "invalid_choice": gettext_lazy("选一个。")}
    return forms.ChoiceField(
        label=label, choices=[("", gettext_lazy("请选")), *labels.items()], error_messages=wrong
    )  # fmt: skip
