"""How units answer whistles: figures against brute force, each opening exactly the list behind it (R058)."""

import re
from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.test import Client

from sandan.core.errors import Refused
from sandan.orders.actions import whistle, whistle_clock
from sandan.orders.models import Call, Order
from sandan.orders.queries import whistle_figures
from sandan.orders.queries.whistle_figures import LISTS, Scope
from sandan.orders.workflow import S
from sandan.people.models import Person, Role
from tests.factories.orders import MORNING, an_order
from tests.factories.people import COUNTY, OTHER_COMMUNITY, STREET, Cast, a_unit, somebody
from tests.factories.whistle import beside as a_beside

END = MORNING + timedelta(days=12)


def play(rng: Random, call: Call, clerk: Person, caller: Person, at: datetime) -> None:
    """What one unit does about one call, with luck."""
    when = at + timedelta(minutes=rng.choice((5, 300, 3000)))
    if when > call.answer_by:
        while whistle_clock.tick(at=call.answer_by):
            pass
    deed = rng.choice(("nothing", "no", "come", "done", "done"))
    if deed == "no":
        whistle.decline(call=call, reason="not_ours", by=clerk, at=when)
    elif deed == "come":
        whistle.come(call=call, by=clerk, at=when)
    elif deed == "done":
        whistle.arrive(call=call, by=clerk, at=when)
        whistle.report(call=call, text="好了", by=clerk, at=when)
    for act, said in ((whistle.rate, {"stars": rng.randint(1, 5), "by": caller}),
                      (whistle.judge, {"was_needed": rng.random() < 0.7, "was_clear": True, "by": clerk})):  # fmt: skip
        try:
            act(call=Call.objects.select_related("whistle").get(pk=call.pk), at=when, **said)
        except Refused:
            continue


@pytest.fixture
def month(cast: Cast) -> list[Call]:
    """Twelve whistles to three units, played by lot; one in another community, some taken back."""
    rng = Random(58)
    beside = a_beside(cast)
    third = a_unit("水务局")
    clerks = {cast.unit.pk: cast.clerk, beside.office.pk: beside.office_clerk,
              third.pk: somebody("秦川", Role.UNIT_CLERK, COUNTY, unit=third)}  # fmt: skip
    for number in range(12):
        at = MORNING + timedelta(hours=3 * number)
        order = an_order(cast, S.JUDGED, at=at)
        units = rng.sample([cast.unit, beside.office, third], rng.randint(1, 3))
        blown = whistle.blow(order=order, units=units, ask="来", by=cast.dispatcher, at=at)
        if number % 5 == 4:
            whistle.call_off(whistle=blown, reason="mistake", by=cast.dispatcher, at=at)
            continue
        for call in blown.calls.order_by("pk"):
            play(rng, call, clerks[call.unit_id], cast.dispatcher, at)
    return list(Call.objects.select_related("whistle__order").order_by("pk"))


def brute(calls: list[Call], at: datetime) -> dict[str, int]:
    """The same counts by plain loops over what happened."""
    due = [c for c in calls if c.state != "dropped" and (c.answered_at or c.answer_by < at or c.state == "missed")]
    in_time = [c for c in due if c.answered_at and c.answered_at <= c.answer_by]
    came = [c for c in due if c.arrived_at]
    live = [c for c in calls if c.is_live and c.whistle.ended_at is None and c.whistle.order.is_open]
    return {
        "open": len(live), "missed": sum(c.state == "missed" for c in live),
        "called": sum(c.state != "dropped" for c in calls), "due": len(due), "in_time": len(in_time),
        "late": len(due) - len(in_time), "came": len(came), "away": len(due) - len(came),
        "rated": sum(c.stars is not None for c in calls), "low": sum((c.stars or 9) <= 2 for c in calls),
        "judged": sum(c.was_needed is not None for c in calls),
        "needless": sum(c.was_needed is False for c in calls), "unclear": sum(c.was_clear is False for c in calls),
    }  # fmt: skip


class TestTotals:
    def test_are_what_a_plain_loop_finds(self, month) -> None:
        assert whistle_figures.totals(Scope((COUNTY,)), END).of == brute(month, END)
        assert brute(month, END)["in_time"] not in (0, brute(month, END)["due"])  # the month has both kinds

    def test_count_an_area_and_days_alone(self, cast, month) -> None:
        scope = Scope((OTHER_COMMUNITY,))
        assert whistle_figures.totals(scope, END).of["called"] == 0
        first = Scope((STREET,), MORNING.date(), MORNING.date())
        same_day = [call for call in month if call.at.astimezone(MORNING.tzinfo).date() == MORNING.date()]
        assert whistle_figures.totals(first, END).of == brute(same_day, END)
        assert whistle_figures.totals(Scope((STREET,), date(2027, 1, 1)), END).of["called"] == 0


class TestByUnit:
    def test_gives_each_unit_its_own_line(self, month) -> None:
        """R058: answered in time, arrived, rating per unit."""
        lines = whistle_figures.by_unit(Scope((COUNTY,)), END)
        for line in lines:
            own = [call for call in month if call.unit_id == line.unit]
            marks = [call.stars for call in own if call.stars]
            assert line.of == brute(own, END)
            assert line.mean is None if not marks else abs(float(line.mean or 0) - sum(marks) / len(marks)) <= 0.05
        assert sum(line.of["called"] for line in lines) == brute(month, END)["called"]

    def test_has_no_rate_below_ten(self, month) -> None:
        few = whistle_figures.by_unit(Scope((COUNTY,), MORNING.date(), MORNING.date()), END)[0]
        assert few.in_time().per_cent is None


class TestPages:
    def test_every_number_opens_the_list_it_counts(self, cast, month, client: Client) -> None:
        client.force_login(cast.liaison)
        source = client.get("/desk/whistles/figures/").content.decode()
        links = re.findall(r'href="(/desk/whistles/\?[^"]+)" data-count="(\d+)"', source)
        assert len(links) >= 4 * 9
        for href, count in links:
            shown = client.get(href.replace("&amp;", "&")).content.decode()
            assert len(re.findall(r'<tr id="call-', shown)) == int(count), href

    def test_the_unanswered_stand_on_the_street_s_list(self, cast, client: Client) -> None:
        """R058: then the street's liaison is told, and it stands on the street's list."""
        order = an_order(cast, S.JUDGED)
        whistle.blow(order=order, units=[cast.unit], ask="来", by=cast.dispatcher, at=MORNING)
        while whistle_clock.tick(at=END):
            pass
        client.force_login(cast.liaison)
        source = client.get("/desk/whistles/").content.decode()
        assert "到时没应" in source
        assert order.number in source
        client.force_login(cast.neighbour)
        assert order.number not in client.get("/desk/whistles/").content.decode()

    def test_days_that_are_none_are_named(self, cast, month, client: Client) -> None:
        client.force_login(cast.liaison)
        assert client.get("/desk/whistles/figures/?since=2026-09-01&until=2026-08-01").status_code == 422

    def test_are_for_desks(self, cast, client: Client) -> None:
        for person in (cast.member, cast.clerk):
            client.force_login(person)
            assert client.get("/desk/whistles/figures/").status_code == 403

    def test_every_list_has_a_name(self, cast, client: Client) -> None:
        client.force_login(cast.dispatcher)
        assert Order.objects.count() == 0
        for name in LISTS:
            assert client.get(f"/desk/whistles/?list={name}").status_code == 200
