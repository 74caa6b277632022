"""Cells that lists of people share: who a row is about, its day, its unit."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from django.utils import timezone

from sandan.calc.sheets.lists import Reader
from sandan.calc.sheets.values import Unreadable, day_of, identity_of, person_of, text_of
from sandan.core.sealed import digest
from sandan.people.actions.import_crowd import Told
from sandan.people.actions.posts import BadPhone, mobile
from sandan.people.models import Unit
from sandan.people.queries.import_ground import near
from sandan.people.queries.import_known import unit_called

SEVERAL = re.compile(r"[、,，;；/|\n]")


def phone_of(value: object) -> str:
    """The eleven digits of a mobile number, empty for an empty cell; Unreadable says what is wrong with it."""
    text = text_of(value)
    if not text:
        return ""
    if SEVERAL.search(text):
        raise Unreadable("phones")
    try:
        return mobile(text)
    except BadPhone as fault:
        raise Unreadable("phone", hint=str(fault)) from fault


def told_of(reader: Reader) -> Told | None:
    """Whom a row is about; None with faults where that cannot be read. The identity number ends here."""
    name = reader.get("name", person_of)
    phone = reader.get("phone", phone_of)
    identity = reader.get("identity", identity_of)
    if not name and not reader.is_bad:
        reader.fault("name", "name_missing")
    if reader.is_bad:
        return None
    return Told(reader, name or "", phone or "", digest(identity, "identity") if identity else b"")


def unit_of(reader: Reader, units: Mapping[str, Unit]) -> Unit | None:
    """The unit a row names; None where it names none, with a fault where it is not registered."""

    def read(value: object) -> Unit | None:
        text = text_of(value)
        found = unit_called(text, units) if text else None
        if text and found is None:
            raise Unreadable("no_unit", text, near(text, units))
        return found

    return reader.get("unit", read)


def moment(on: date) -> datetime:
    """The beginning of a local day."""
    return timezone.make_aware(datetime.combine(on, time.min))


def day(reader: Reader, key: str) -> date | None:
    """The day in a column."""
    return reader.get(key, day_of)
