"""What the desk may type about a new message: the judgement, and the other ways it can go."""

import copy
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.core.words import when
from sandan.intake import queries as intake
from sandan.intake.models import Category
from sandan.orders import clocks
from sandan.orders.actions import Ground
from sandan.orders.forms.desk_fields import code_field, words_field
from sandan.orders.forms.desk_place import ground_of
from sandan.orders.models import Order
from sandan.orders.models.order import Urgency
from sandan.orders.queries import desk_helpers, reasons
from sandan.orders.queries.desk_order import place_name
from sandan.people.models import Person, Team, Unit

Grouped = list[tuple[str, list[tuple[str, str]]]]
URGENCIES = ((1, gettext_lazy("普通")), (2, gettext_lazy("紧急")), (3, gettext_lazy("突发")))
LONGEST_PLACE = 100


def catalogue(*, is_request: bool | None = None) -> dict[str, Category]:
    """The items of the catalogue in use by code: all, requests only, or the others only."""
    chosen = [one for one in intake.catalogue() if is_request is None or one.is_request == is_request]
    return {item.code: item for department in chosen for item in department.items}


def grouped(items: dict[str, Category], first: Category | None = None) -> Grouped:
    """The items as choices under their departments; the asker's own guess stands on top."""
    groups: Grouped = [(_("点单人选的"), [(first.code, f"{first.name} {first.code}")])] if first else []
    for department in intake.catalogue():
        own = [(item.code, f"{item.name} {item.code}") for item in department.items if item.code in items]
        groups += [(department.name, own)] if own else []
    return groups


def due_if(order: Order, category: Category, urgency: int) -> datetime | None:
    """When it would be due if it were judged so; nothing is changed."""
    tried = copy.copy(order)
    tried.urgency = urgency
    clocks.judged(tried, category)
    return tried.due_at


def reply_if(order: Order, category: Category | None, urgency: int, now: datetime) -> str:
    """The answer the asker would get; the desk may write another."""
    if category is None or not category.is_request:
        return ""
    due = when(due_if(order, category, urgency), now)
    again = _("重新安排人了，最晚 %(due)s 前办好。") if order.reopened_count else ""
    return (again or _("您的事收到了，正在找人办。最晚 %(due)s 前办好。")) % {"due": due}


THEN = (("best", gettext_lazy("自动挨个问最合适的五位")), ("desk", gettext_lazy("回到这里，我再派")))
MINUTES = ((60, gettext_lazy("1 小时")), (180, gettext_lazy("3 小时")), (480, gettext_lazy("8 小时")))


class JudgeForm(forms.Form):
    """Category, urgency, place and the answer to the asker; `to` are the names it is offered to, in their order."""

    category = forms.ChoiceField(
        label=gettext_lazy("事项"), error_messages={"required": gettext_lazy("选一下是什么事。")}
    )
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("轻重"), choices=URGENCIES, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一下轻重。")},
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("位置"), required=False, max_length=LONGEST_PLACE)
    reply = forms.CharField(
        label=gettext_lazy("回话"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    said = forms.CharField(required=False, widget=forms.HiddenInput)  # the reply as it was proposed
    to = forms.MultipleChoiceField(label=gettext_lazy("派给谁"), required=False, widget=forms.CheckboxSelectMultiple)
    who = forms.CharField(label=gettext_lazy("按名字找"), required=False, max_length=20)
    then = forms.ChoiceField(label=gettext_lazy("没人抢的话"), choices=THEN, required=False)
    needed = forms.IntegerField(
        label=gettext_lazy("要几个人"), required=False, min_value=1, max_value=20, initial=2,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("多久内答复"), choices=MINUTES, coerce=int, empty_value=None, required=False
    )

    def __init__(self, order: Order, now: datetime, data: Any = None) -> None:
        self.order, self.now = order, now
        self.items = catalogue()
        self.place_before = place_name(order)
        first = order.category or order.guess
        proposed = reply_if(order, first, order.urgency, now)
        start = {
            "category": first.code if first else "", "urgency": order.urgency, "place": self.place_before,
            "reply": proposed, "said": proposed,
        }  # fmt: skip
        super().__init__(data, initial=start)
        field = cast(forms.ChoiceField, self.fields["category"])
        field.choices = [("", _("选事项")), *grouped(self.items, order.guess)]
        chosen = data.getlist("to") if data else []
        cast(forms.MultipleChoiceField, self.fields["to"]).choices = [(value, value) for value in chosen]

    @property
    def chosen(self) -> Category | None:
        """The category as it stands in the form now."""
        return self.items.get(str(self["category"].value() or ""))

    @property
    def chosen_urgency(self) -> int:
        """The urgency as it stands in the form now."""
        value = str(self["urgency"].value() or "")
        return int(value) if value in {"1", "2", "3"} else Urgency.ORDINARY

    def clean_category(self) -> Category:
        return self.items[self.cleaned_data["category"]]

    def clean(self) -> dict[str, Any]:
        """The ground where the place was edited; the proposed reply follows the choice unless another was written."""
        cleaned = super().clean() or {}
        cleaned["ground"] = self._ground(cleaned.get("place", "").strip())
        category, urgency = cleaned.get("category"), cleaned.get("urgency")
        if category and urgency and cleaned.get("reply") == cleaned.get("said"):
            cleaned["reply"] = reply_if(self.order, category, urgency, self.now)
        return cleaned

    def _ground(self, text: str) -> Ground | None:
        if not text or text == self.place_before:
            return None
        try:
            return ground_of(text, self.order.county, self.order.community)
        except forms.ValidationError as unknown:
            self.add_error("place", unknown)
            return None

    def names(self) -> list[Person | Team | Unit]:
        """Those it is offered to; an error on `to` where one of them is nobody of this county."""
        found = desk_helpers.named(self.cleaned_data["to"], self.order.county, self.now)
        if found is None:
            self.add_error("to", _("名单里有人已经不在了。请重新选。"))
        return found or []

    @property
    def then_best(self) -> bool:
        """Whether the best names are asked by itself where nobody grabs; so it is unless the desk says otherwise."""
        return bool(self.cleaned_data["then"] != "desk")

    def round(self) -> tuple[int, int]:
        """How many must say yes, and how many minutes they have."""
        return self.cleaned_data["needed"] or 2, self.cleaned_data["minutes"] or 60

    def judgement(self) -> dict[str, Any]:
        """What the action of judging is told."""
        return {name: self.cleaned_data[name] for name in ("category", "urgency", "ground", "reply")}

    def again(self) -> dict[str, str]:
        """The values as they stand, with the reply that now fits: for drawing the form anew."""
        kept = {
            name: str(self[name].value() or "")
            for name in ("category", "urgency", "place", "reply", "said", "who", "then", "needed", "minutes")
        }
        proposed = reply_if(self.order, self.chosen, self.chosen_urgency, self.now)
        if kept["reply"] in ("", kept["said"]):
            kept["reply"] = kept["said"] = proposed
        return kept


class AskForm(forms.Form):
    """A question to the asker; the clock stands until he answers."""

    question = words_field(gettext_lazy("问点单人什么"))


class PassOnForm(forms.Form):
    """To an emergency line, or to a matter with its own legal limit."""

    where = code_field(gettext_lazy("转给谁"), reasons.WHERE)
    text = words_field(gettext_lazy("告诉点单人的话"), required=False)


class RefuseForm(forms.Form):
    """Why not, and where the asker can go instead."""

    reason = code_field(gettext_lazy("为什么不办"), reasons.REFUSAL)
    where = words_field(gettext_lazy("归谁管，怎么找（点单人会看到）"))


class FileForm(forms.Form):
    """Thanks, adverts and chat: answered, and no order."""

    category = forms.ChoiceField(label=gettext_lazy("是哪一种"))
    reply = words_field(gettext_lazy("回一句话"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"reply": _("收到了，谢谢您告诉我们。")})
        self.items = catalogue(is_request=False)
        field = cast(forms.ChoiceField, self.fields["category"])
        field.choices = [(code, item.name) for code, item in self.items.items()]

    def clean_category(self) -> Category:
        return self.items[self.cleaned_data["category"]]


class SplitForm(forms.Form):
    """A message with several matters: each with its category and its own words; at least two."""

    ROWS = 3

    def __init__(self, order: Order, data: Any = None) -> None:
        super().__init__(data)
        self.items = catalogue(is_request=True)
        choices = [("", _("选事项")), *grouped(self.items, order.guess)]
        for n in range(1, self.ROWS + 1):
            starts = {"initial": order.masked} if n == 1 else {}
            self.fields[f"category{n}"] = forms.ChoiceField(
                label=_("第 %s 件是什么事") % n, choices=choices, required=n < 3
            )
            self.fields[f"text{n}"] = words_field(_("第 %s 件怎么说的") % n, 2, required=n < 3, **starts)

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields, matter by matter."""
        return [(self[f"category{n}"], self[f"text{n}"]) for n in range(1, self.ROWS + 1)]

    def parts(self) -> list[tuple[Category, str]]:
        """The matters that were filled in."""
        told = ((self.cleaned_data[f"category{n}"], self.cleaned_data[f"text{n}"]) for n in range(1, self.ROWS + 1))
        return [(self.items[code], text) for code, text in told if code and text]
