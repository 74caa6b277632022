"""The persons of a list written: new ones with login and journal, known ones with what they lacked; and back."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.models import Entry
from sandan.core.names import person_key
from sandan.core.sealed import digest
from sandan.people.actions.import_crowd import Someone
from sandan.people.actions.import_plans import Before, Plan, Turn
from sandan.people.actions.posts import Actor
from sandan.people.models import Person, PersonMark

BATCH = 1000


def lacks(one: Someone) -> list[str]:
    """What a known person lacks and the list tells: phone, mark, skills."""
    person = one.person
    assert person
    found = ["phone"] if one.phone and not person.phone_digest else []
    return found + (["skills"] if set(one.skills) - set(person.skills) else [])


def tell_people(plan: Plan, texts: dict[Someone, str]) -> None:
    """Add to a plan who is new and who gains what; `texts` say where each belongs."""
    words = {"phone": _("补上手机号"), "skills": _("添上特长")}
    for one in plan.people:
        if one.is_new:
            plan.turns.append(Turn("person", "new", one.where, one.name, texts.get(one, "")))
            if not one.phone:
                plan.remarks.append(("no_phone", one.where, one.name))
        elif gains := lacks(one):
            plan.turns.append(Turn("person", "changed", one.where, one.name, "，".join(words[what] for what in gains)))
        else:
            plan.is_same("person")
        if one.rows > 1:
            plan.remarks.append(("one_person", one.where, f"{one.name} {one.rows}"))


def write_people(people: Sequence[Someone], scope: str, by: Actor, at: datetime, before: Before) -> None:
    """Make and complete the persons of a plan; each has its `person` afterwards. Few statements for each 1,000."""
    known = [one for one in people if one.person]
    _complete(known, scope, by, at, before)
    fresh = [one for one in people if one.is_new]
    made = Person.objects.bulk_create([_new(one) for one in fresh], batch_size=BATCH)
    for one, person in zip(fresh, made, strict=True):
        one.person = person
    _journal(made, "make", scope, by, at)
    marks = _unmarked(people)
    PersonMark.objects.bulk_create(marks, batch_size=BATCH)
    before["people"] = [person.pk for person in made]
    before["marks"] = [mark.person_id for mark in marks]


def _new(one: Someone) -> Person:
    return Person(
        login=f"m{secrets.token_hex(6)}", name=one.name, name_key=person_key(one.name), phone=one.phone or None,
        phone_digest=digest(one.phone, "phone") if one.phone else None, phone_tail=one.phone[-4:],
        skills=list(one.skills), password=make_password(None),
    )  # fmt: skip


def _complete(known: Iterable[Someone], scope: str, by: Actor, at: datetime, before: Before) -> None:
    changed = [(one, one.person) for one in known if one.person and lacks(one)]
    before["skills"] = {str(p.pk): list(p.skills) for one, p in changed if "skills" in lacks(one)}
    before["phones"] = [person.pk for one, person in changed if "phone" in lacks(one)]
    for one, person in changed:
        if "phone" in lacks(one):
            person.phone, person.phone_digest = one.phone, digest(one.phone, "phone")
            person.phone_tail = one.phone[-4:]
        person.skills = [*person.skills, *(skill for skill in one.skills if skill not in person.skills)]
    phones = [person for _one, person in changed if person.pk in before["phones"]]
    Person.objects.bulk_update(phones, ["phone", "phone_digest", "phone_tail"], batch_size=BATCH)
    Person.objects.bulk_update([person for _one, person in changed], ["skills"], batch_size=BATCH)
    before["skills_set"] = {str(person.pk): list(person.skills) for _one, person in changed}
    _journal([person for _one, person in changed], "complete", scope, by, at)


def _unmarked(people: Iterable[Someone]) -> list[PersonMark]:
    wanted = {one.person.pk: one.mark for one in people if one.person and one.mark}
    there = set(PersonMark.objects.filter(person__in=wanted).values_list("person_id", flat=True))
    return [PersonMark(person_id=pk, digest=mark) for pk, mark in wanted.items() if pk not in there]


def _journal(people: Iterable[Person], verb: str, scope: str, by: Actor, at: datetime) -> None:
    Entry.objects.bulk_create(
        [journal.line(person, verb, by=by, at=at, scope=scope) for person in people], batch_size=BATCH
    )


def people_objections(before: Before) -> list[str]:
    """What has become of the persons of an import since, in words."""
    found = []
    if Person.objects.filter(pk__in=before["people"], last_login__isnull=False).exists():
        found.append(_("新登记的人里已经有人登录过"))
    skills = dict(Person.objects.filter(pk__in=[int(pk) for pk in before["skills"]]).values_list("pk", "skills"))
    if any(skills.get(int(pk)) != before["skills_set"][pk] for pk in before["skills"]):
        found.append(_("有人改过自己的特长"))
    return found


def take_people_back(before: Before) -> None:
    """Persons made go, what was added to others goes; ProtectedError where somebody is referred to."""
    PersonMark.objects.filter(person__in=before["marks"]).delete()
    Person.objects.filter(pk__in=before["phones"]).update(phone=None, phone_digest=None, phone_tail="")
    people = list(Person.objects.filter(pk__in=[int(pk) for pk in before["skills"]]).only("pk", "skills"))
    for person in people:
        person.skills = before["skills"][str(person.pk)]
    Person.objects.bulk_update(people, ["skills"], batch_size=BATCH)
    Person.objects.filter(pk__in=before["people"]).delete()
