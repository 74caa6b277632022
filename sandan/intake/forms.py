"""What a human may type at the gate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sandan.intake.actions import Ask


class ProposalForm(forms.Form):
    """A new item for grid workers: nothing may be missing."""

    code = forms.RegexField(
        r"^[0-9]{4}$", label=_("编号"), help_text=_("部门两位加序号两位，例如 0108"),
        error_messages={"invalid": _("编号是四位数字，例如 0108。")},
    )  # fmt: skip
    name = forms.CharField(label=_("事项"), max_length=40)
    reason = forms.CharField(label=_("为什么要交给网格员"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    duty = forms.CharField(label=_("网格员做什么"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    rhythm = forms.CharField(label=_("多久做一次"), max_length=20, help_text=_("例如 每周、每月、按需"))
    finish_days = forms.IntegerField(label=_("几个工作日办完"), min_value=1, max_value=90, initial=5)
    training = forms.CharField(label=_("怎么培训"), max_length=200)
    funding = forms.CharField(label=_("经费从哪来"), max_length=200)

    def ask(self) -> Ask:
        """The checked words as one record."""
        return Ask(**self.cleaned_data)


class DecisionForm(forms.Form):
    """Yes or no, and a word."""

    is_approved = forms.TypedChoiceField(
        label=_("定下来"), choices=[("yes", _("同意进目录")), ("no", _("不同意"))], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    answer = forms.CharField(label=_("给部门的话"), max_length=200, required=False)

    def values(self) -> dict[str, Any]:
        """The checked answer as the action takes it."""
        return dict(self.cleaned_data)
