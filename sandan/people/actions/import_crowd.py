"""Who is who in a list: one person for one phone or identity number, and a question where only a name is alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from sandan.calc.sheets.lists import Reader
from sandan.calc.sheets.records import Where
from sandan.core.sealed import digest
from sandan.people.models import Person
from sandan.people.queries.import_known import Known, known_people

NEW = "new"


@dataclass(eq=False)
class Someone:
    """A person of a list, whether known here already (`person`) or not; clear numbers live in memory alone."""

    name: str
    reader: Reader  # of the first row that tells of them
    phone: str = ""
    mark: bytes = b""  # the keyed digest of the identity number
    person: Person | None = None
    rows: int = 0
    skills: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.person is None

    @property
    def where(self) -> Where:
        """The first row that tells of them."""
        return self.reader.line.where


@dataclass(frozen=True)
class Told:
    """What one row says of who it is about."""

    reader: Reader
    name: str
    phone: str
    mark: bytes


@dataclass(frozen=True)
class Question:
    """A row whose name is alike and nothing else: whom it means, as (value, words) to choose from."""

    where: Where
    name: str
    options: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """How an answer names the row."""
        return key_of(self.where)


def key_of(where: Where) -> str:
    """A row as an answer names it."""
    return f"{where.sheet}!{where.row}"


@dataclass
class Crowd:
    """Gathers the persons of a list; faults go to the rows' readers."""

    county: str
    answers: Mapping[str, str]
    questions: list[Question] = field(default_factory=list)
    people: list[Someone] = field(default_factory=list)
    _phones: dict[str, Someone] = field(default_factory=dict)
    _marks: dict[bytes, Someone] = field(default_factory=dict)
    _persons: dict[int, Someone] = field(default_factory=dict)
    _names: dict[str, list[Someone]] = field(default_factory=dict)
    _known: Known = field(default_factory=lambda: Known({}, {}, {}, {}))

    def settle(self, rows: Sequence[Told]) -> list[Someone | None]:
        """The person of each row, None where that is not clear yet; six statements at most."""
        self._known = known_people(
            [digest(row.phone, "phone") for row in rows if row.phone], [row.mark for row in rows if row.mark],
            sorted({row.name for row in rows}), self.county,
        )  # fmt: skip
        found: dict[int, Someone | None] = {}
        keyed = [(at, row) for at, row in enumerate(rows) if row.phone or row.mark]
        for at, row in keyed:
            found[at] = self._keyed(row)
        for one in list(self.people):
            self._recognise(one)
        for at, row in enumerate(rows):
            if at not in found:
                found[at] = self._named(row)
        for someone in found.values():
            if someone:
                someone.rows += 1
        return [found[at] for at in range(len(rows))]

    def _add(self, one: Someone) -> Someone:
        self.people.append(one)
        self._names.setdefault(one.name, []).append(one)
        if one.person:
            self._persons[one.person.pk] = one
        return one

    def _keyed(self, row: Told) -> Someone | None:
        """Whoever has this phone or identity number already in the list, else somebody new."""
        by_phone, by_mark = self._phones.get(row.phone), self._marks.get(row.mark)
        one = by_phone or by_mark
        if one is None:
            one = self._add(Someone(row.name, row.reader))
        fault = _against(row, one, by_phone, by_mark)
        if fault:
            column, what, other = fault
            row.reader.fault(column, what, str(other.where.row))
            return None
        one.phone, one.mark = one.phone or row.phone, one.mark or row.mark
        if one.phone:
            self._phones[one.phone] = one
        if one.mark:
            self._marks[one.mark] = one
        return one

    def _recognise(self, one: Someone) -> None:
        """Find out whether somebody with a phone or identity number is known here; a question where a name is alike."""
        by_phone = self._known.by_phone.get(digest(one.phone, "phone")) if one.phone else None
        by_mark = self._known.by_mark.get(one.mark) if one.mark else None
        person = by_phone or by_mark
        if by_phone and by_mark and by_phone.pk != by_mark.pk:
            return one.reader.fault("identity", "identity_elsewhere")
        if person is None:
            return self._ask_of_keyed(one)
        if person.name != one.name:
            return one.reader.fault("phone" if by_phone else "identity", "other_name")
        if not person.is_active or person.ends_at:
            return one.reader.fault("name", "inactive", one.name)
        if one.phone and not by_phone and person.phone_digest:
            return one.reader.fault("phone", "phone_changed")
        if one.mark and not by_mark and person.pk in self._known.marked:
            return one.reader.fault("identity", "identity_changed")
        return self._meet(one, person)

    def _meet(self, one: Someone, person: Person) -> None:
        if one.phone and not person.phone_digest and person.pk in self._known.staff:
            one.reader.fault("phone", "phone_of_staff")
        one.person = person
        self._persons[person.pk] = one

    def _ask_of_keyed(self, one: Someone) -> None:
        """Of that name there may be somebody without a phone here, who was on an older list."""
        alike = [
            person
            for person in self._known.by_name.get(one.name, [])
            if not (one.phone and person.phone_digest) and not (one.mark and person.pk in self._known.marked)
            and person.pk not in self._persons
        ]  # fmt: skip
        answer = self._answer(one.reader.line.where, one.name, [], alike) if alike else NEW
        person = next((person for person in alike if answer == f"p{person.pk}"), None)
        if person:
            self._meet(one, person)

    def _named(self, row: Told) -> Someone | None:
        """A row that has a name alone: new where nobody is alike, else as the answer says."""
        rows = self._names.get(row.name, [])
        alike = [person for person in self._known.by_name.get(row.name, []) if person.pk not in self._persons]
        answer = self._answer(row.reader.line.where, row.name, rows, alike) if rows or alike else NEW
        if answer == NEW:
            return self._add(Someone(row.name, row.reader))
        person = next((person for person in alike if answer == f"p{person.pk}"), None)
        if person:
            return self._add(Someone(row.name, row.reader, person=person))
        return next((one for one in rows if answer == f"r{key_of(one.where)}"), None)

    def _answer(self, where: Where, name: str, rows: Iterable[Someone], people: Iterable[Person]) -> str:
        """What was answered for a row; a question and nothing where that is none of the choices."""
        options = [(f"r{key_of(one.where)}", _("就是第 %(row)d 行那位") % {"row": one.where.row}) for one in rows]
        options += [(f"p{person.pk}", _("就是已登记的%(who)s") % {"who": who(person)}) for person in people]
        answer = self.answers.get(key_of(where), "")
        if answer in {NEW, *(value for value, _words in options)}:
            return answer
        self.questions.append(Question(where, name, (*options, (NEW, _("是另一个人，新登记")))))
        return ""


def _against(
    row: Told, one: Someone, by_phone: Someone | None, by_mark: Someone | None
) -> tuple[str, str, Someone] | None:
    """What keeps a row from being about somebody above it: column, what, who; None where nothing does."""
    if by_phone and by_mark and by_phone is not by_mark:
        return "identity", "identity_of_row", by_mark
    if one.name != row.name:
        return ("phone", "phone_of_row", one) if by_phone else ("identity", "identity_of_row", one)
    if row.phone and one.phone not in ("", row.phone):
        return "phone", "two_phones", one
    if row.mark and one.mark not in (b"", row.mark):
        return "identity", "two_identities", one
    return None


def who(person: Person) -> str:
    """A person as a list of choices tells them apart: name, last digits of the phone, grid."""
    tail = _("手机尾号 %(tail)s") % {"tail": person.phone_tail} if person.phone_tail else _("没有手机号")
    home = person.home.name if person.home else ""
    return _("%(name)s（%(facts)s）") % {"name": person.name, "facts": "，".join(filter(None, [tail, home]))}
