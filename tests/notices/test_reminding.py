"""notices.actions.reminding: what units and members are reminded of."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sandan.notices.actions.reminding import tell_reminders
from sandan.notices.kinds import sentence
from sandan.notices.models import Notice
from sandan.people.models import Reminder, RosterRow
from tests.factories.people import NOON, a_person
from tests.factories.units import a_clerk, a_registered, a_roster, came

pytestmark = pytest.mark.django_db


class TestTellReminders:
    def test_tells_a_clerk_once_with_a_way_to_the_unit(self, client: Client) -> None:
        """R008"""
        unit = a_registered()
        clerk = a_clerk(unit)
        Reminder.objects.create(unit=unit, kind="unit", person=clerk, at=NOON)
        assert (tell_reminders(at=NOON), tell_reminders(at=NOON)) == (1, 0)
        notice = Notice.objects.get()
        assert notice.person == clerk
        assert "名册" in sentence(notice)
        assert unit.name not in sentence(notice)
        client.force_login(clerk)
        answer = client.post(reverse("notices:open", args=[notice.pk]))
        assert answer["Location"] == reverse("people:unit", args=[unit.pk])

    def test_leaves_out_a_member_who_came_meanwhile(self) -> None:
        """R008"""
        unit = a_registered()
        (there,) = came(unit, ["安歌"])
        missing = a_person("白鹭")
        rows = a_roster(unit, ["安歌", "白鹭"])
        RosterRow.objects.filter(pk=rows[1].pk).update(person=missing)
        for person in (there, missing):
            Reminder.objects.create(unit=unit, kind="member", person=person, at=NOON)
        assert tell_reminders(at=NOON + timedelta(minutes=1)) == 2
        assert [notice.person for notice in Notice.objects.all()] == [missing]
