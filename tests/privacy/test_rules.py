"""G1, G4 and G12: rules that hold by construction, and tests that try to break them."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.urls import get_resolver
from django.utils.translation import override

from sandan.core import consents
from sandan.notices import kinds
from sandan.orders.actions import closing
from sandan.orders.models import Asker, DataConsent, EraseWish, Order
from sandan.people.models import Person
from sandan.settings import BASE
from tests.factories.orders import a_category, an_order
from tests.factories.people import cast
from tests.test_house import SOURCES, TEMPLATES, TOP

Membership, Organisation = apps.get_model("people", "Membership"), apps.get_model("people", "Organisation")
OURS = [model for model in apps.get_models() if model.__module__.startswith("sandan.")]
ENGLISH = re.compile(
    r"religio|belief|faith|church|ethnic|nationalit|minorit|politic|party(?!_)|ideolog|petition|illness|disease|diagnos|"
    r"medical|hiv|mental|psych|disab|addict|criminal|convict|score_of|credit_of|id_card|id_number|biometr|finger|gene"
)
CHINESE = re.compile(
    r"民族|族别|宗教|信仰|教派|信教|政治面貌|党派|党员身份|入党|上访|信访人|病史|疾病|病种|诊断|残疾证|精神病|艾滋|吸毒|刑满|身份证号|人脸|指纹"
)
SERVICE_ROOMS = ("orders", "intake", "notices", "places", "calc", "demo", "core")
MEMBERSHIP = re.compile(r"\bMembership\b|people_membership|people_organisation|\bmemberships\b|models\.membership")


def texts_of(field: Any) -> list[str]:
    """What a field is called and what can be chosen in it."""
    with override("zh-hans"):
        pairs = getattr(field, "choices", None) or ()
        choices = [str(part) for pair in pairs for part in pair if not isinstance(part, list | tuple)]
        return [str(getattr(field, "verbose_name", "") or getattr(field, "label", "") or ""), *choices]


def every_form() -> list[type[forms.BaseForm]]:
    """All forms of ours, once all addresses have been looked at."""
    assert get_resolver().url_patterns
    found, todo = set(), [forms.BaseForm]
    while todo:
        for kind in todo.pop().__subclasses__():
            found.add(kind)
            todo.append(kind)
    return sorted((kind for kind in found if kind.__module__.startswith("sandan.")), key=lambda kind: kind.__qualname__)


class TestNoProfile:
    """G12: no field for politics, religion, belief, ethnicity, illness; what has no field cannot be kept."""

    @pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
    def test_no_table_has_a_name_or_a_choice_for_it(self, model: type[models.Model]) -> None:
        for field in (*model._meta.local_concrete_fields, *model._meta.local_many_to_many):
            assert not ENGLISH.search(field.name.lower()), field.name
            assert not [text for text in texts_of(field) if CHINESE.search(text)], field.name
            assert not [text for text in texts_of(field)[1:] if ENGLISH.search(text.lower())], field.name

    def test_no_form_asks_for_it(self) -> None:
        asked = {
            f"{form.__qualname__}.{name}": text
            for form in every_form()
            for name, field in form.base_fields.items()  # type: ignore[attr-defined]
            for text in (name.lower(), *texts_of(field))
            if CHINESE.search(text) or ENGLISH.search(name.lower())
        }
        assert len(every_form()) > 20
        assert asked == {}

    def test_no_page_asks_for_it(self) -> None:
        """Inputs written by hand in a template count as well."""
        for path in TEMPLATES:
            inputs = re.findall(r"<(?:input|select|textarea)\b[^>]*>", path.read_text(encoding="utf-8"))
            assert not [one for one in inputs if CHINESE.search(one) or ENGLISH.search(one.lower())], path.name

    def test_finds_what_it_looks_for(self) -> None:
        """The search itself."""
        for name in ("religion", "ethnic_group", "party", "political_status", "disease_history"):
            assert ENGLISH.search(name)
        assert CHINESE.search("您的民族")
        assert not ENGLISH.search("helped_by")

    def test_what_is_kept_of_a_resident_is_counted_by_name(self) -> None:
        """A mark that clings to a person would need a column or a table that points here; both are listed."""
        assert {field.name for field in DataConsent._meta.concrete_fields} == {
            "id", "asker", "purpose", "version", "way", "at", "withdrawn_at",
        }  # fmt: skip
        fields = ((model, field) for model in OURS for field in model._meta.local_concrete_fields)
        pointing = {model.__name__ for model, field in fields if field.related_model is Asker}
        assert pointing == {"Review", "DataConsent", "EraseWish"}
        assert {field.name for field in EraseWish._meta.concrete_fields} == {
            "id", "asker", "state", "asked_at", "by", "decided_at", "done_at",
        }  # fmt: skip
        assert set(consents.PURPOSES) == {one.value for one in DataConsent.Purpose}


class TestParty:
    """G1: the party link lies in the organisation's own space and is no filter for services."""

    def test_is_read_by_no_room_that_serves(self) -> None:
        readers = {
            str(path.relative_to(TOP))
            for path in SOURCES
            if path.relative_to(TOP).parts[1] in SERVICE_ROOMS and MEMBERSHIP.search(path.read_text(encoding="utf-8"))
        }
        assert readers == set()

    def test_cannot_be_asked_of_a_person(self) -> None:
        """Nothing leads from a person, a unit, an order or an asker to a membership: no filter can be written."""
        for model in (Person, Order, Asker):
            reachable = {one.related_model for one in model._meta.related_objects if one.accessor_name}
            hidden = {one for one in model._meta.related_objects if one.related_model is Membership}
            assert all(one.hidden for one in hidden), model
            assert Organisation not in reachable
        with pytest.raises(Exception, match="Cannot resolve keyword"):
            list(Person.objects.filter(membership__isnull=False))

    def test_of_a_resident_is_nowhere(self) -> None:
        """An asker leads to no person at all, so to no membership."""
        assert Person not in {field.related_model for field in Asker._meta.get_fields()}

    def test_is_on_no_page_of_the_residents(self) -> None:
        pages = [path for path in TEMPLATES if path.name.startswith(("resident_", "home", "help", "privacy"))]
        assert pages
        assert not [path.name for path in pages if "党员身份" in path.read_text(encoding="utf-8")]


class TestCallBack:
    """G4: opt out at every time; never for violence at home or child cases; texts without the matter."""

    def test_is_silent_for_violence_at_home_and_children(self) -> None:
        path: Path = BASE / "data/categories.csv"
        rows = list(csv.DictReader(path.open(encoding="utf-8")))
        touched = [row for row in rows if "家暴" in row["keywords"] or "儿童" in row["name_cn"]]
        assert len(touched) == 2
        assert {row["callback"] for row in touched} == {"silent"}

    @pytest.mark.django_db
    @pytest.mark.parametrize("code", ["0702", "0804"])
    def test_rings_nobody_about_them(self, code: str) -> None:
        order = an_order(cast(), code=code)
        order.category, order.urgency, order.satisfaction = a_category(code), 3, 5
        assert closing.needs_call(order) is False

    def test_names_no_matter_in_any_message(self) -> None:
        """What goes to a phone may name a number, a surname with 师傅 and a code; nothing of matter or place."""
        for kind in kinds.KINDS.values():
            for text in (str(kind.staff), str(kind.asker)):
                assert set(re.findall(r"%\((\w+)\)s", text)) <= {"number", "who", "code"}, text
