"""What a human may type to bring a list: the file, and for rows where only a name is alike, who is meant."""

from django import forms
from django.utils.translation import gettext_lazy as _

PREFIX = "who:"  # begins the name of a field that answers a question
LONGEST = 200


class ListForm(forms.Form):
    """The file of a list."""

    file = forms.FileField(label=_("表格文件"), help_text=_(".xlsx，10 MB 以内"))


class AnswersForm(forms.Form):
    """The answers to the questions of a draft, to look once more with them or to apply it."""

    look = forms.BooleanField(required=False)

    def answers(self) -> dict[str, str]:
        """By row ("sheet!row") what was chosen; what is no choice of the plan is asked again there."""
        told = ((name.removeprefix(PREFIX), str(value)) for name, value in self.data.items() if name.startswith(PREFIX))
        return {row: value for row, value in told if value and len(row) <= LONGEST and len(value) <= LONGEST}
