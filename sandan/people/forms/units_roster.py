"""A roster typed or pasted, and what a clerk says about its rows."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sandan.people.actions.units_roster import Entry
from sandan.people.forms.units import day
from sandan.people.models import Person
from sandan.people.queries.units_words import WHYS

GAP = re.compile(r"[\s,，、;；\t]+")
NUMBER = re.compile(r"^\d{1,4}[.、．)）\s]+")
PADDED = re.compile(r"^(\S)\s+(\S)(?=\s|$)")  # 「张　三」: a short name drawn out to the width of the others
DIGITS = re.compile(r"\d{7,}")


class RosterForm(forms.Form):
    """One name a line; behind it, where two bear it, the department. Numbers of phones and papers are refused."""

    on = day(_("名册是哪天的"))
    names = forms.CharField(
        label=_("名单"), widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("一行一个名字，可以从表格里贴。有两个人同名，名字后面空一格写上科室。要写全：没写上的会从名册里去掉。"),
    )  # fmt: skip

    def clean_names(self) -> list[Entry]:
        """The lines as entries; raises with the number of a line that cannot be a name."""
        found = []
        for number, line in enumerate(self.cleaned_data["names"].splitlines(), start=1):
            line = NUMBER.sub("", line.strip())
            if not line:
                continue
            if DIGITS.search(line):
                raise forms.ValidationError(
                    _("第 %(n)s 行有一长串数字。名册只要名字，不要手机号和证件号。") % {"n": number}
                )
            name, *rest = GAP.split(PADDED.sub(r"\1\2", line), maxsplit=1)
            mark = " ".join(rest).strip()
            if len(name) > 40 or len(mark) > 40:
                raise forms.ValidationError(_("第 %(n)s 行太长。一行只写一个名字，后面可加科室。") % {"n": number})
            found.append(Entry(name, mark))
        return found


class ExcuseForm(forms.Form):
    """Why, and for how long; nothing else is asked."""

    why = forms.ChoiceField(label=_("原因"), choices=list(WHYS.items()), widget=forms.RadioSelect)
    from_on = day(_("从哪天起"))
    to_on = day(_("到哪天止"), required=False, help_text=_("还不知道就空着。"))


class PersonForm(forms.Form):
    """Which of the unit's members a row of the roster is."""

    person = forms.ModelChoiceField(label=_("是哪一位"), queryset=Person.objects.none(), widget=forms.RadioSelect)

    def __init__(self, data: Any, people: Any) -> None:
        super().__init__(data)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["person"].empty_label = None  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Ticked rows and the community they go to."""

    rows = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": _("先在名册上勾选。")})
    community = forms.RegexField(r"^\d{12}$", error_messages={"required": _("选一个社区。")})

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        ticked = [key for key in data.getlist("rows") if key.isascii() and key.isdigit() and len(key) < 19]
        self.fields["rows"].choices = [(key, key) for key in ticked]  # type: ignore[attr-defined]
