"""What is printed: which place, all cards or those that are not true any more, on which paper."""

from django import forms

from sandan.orders.models.card import SIZES


class PrintForm(forms.Form):
    """Three choices of buttons and lists; whatever else comes is none of ours."""

    place = forms.RegexField(r"^\d{6}(\d{3}){0,2}$")
    which = forms.ChoiceField(choices=[("changed", ""), ("all", "")])
    size = forms.ChoiceField(choices=[(size, size) for size in SIZES])
