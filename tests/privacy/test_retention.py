"""core.retention and the rules of the rooms: practice 11.4 is kept, and what was erased is proved."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sandan.core import health, journal, retention
from sandan.core.models import Erasure, Look
from sandan.orders import actions
from sandan.orders.actions import forgetting, looking
from sandan.orders.models import Asker, CallBack, Order, Photo, Review, Words
from sandan.orders.workflow import S
from sandan.people.models import PeopleImport
from tests.factories.orders import MORNING, a_picture, an_order, asker_of
from tests.factories.people import COUNTY, Cast, cast

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)
RULES = {rule.code: rule for rule in (*forgetting.RULES, *retention.OWN)}


@pytest.fixture
def people() -> Cast:
    return cast()


def after(order: Order, keep: timedelta) -> datetime:
    assert order.ended_at is not None
    return order.ended_at + keep + A_DAY


def carried_out(code: str, at: datetime) -> Erasure:
    return retention.run([RULES[code]], at=at)[code]


class TestRun:
    """PIPL, practice 11.4: what is past its time goes, and a row proves it."""

    def test_proves_what_went_until_when_and_that_nothing_is_left(self, people: Cast) -> None:
        order = an_order(people, S.CLOSED)
        at = after(order, forgetting.KEEP_CONTACT)
        proof = carried_out("contact", at)
        asker = asker_of(order)
        names = [f"orders.asker:{asker.pk}"]
        names += [
            f"orders.words:{pk}" for pk in Words.objects.filter(order=order).order_by("pk").values_list("pk", flat=True)
        ]
        names += [f"orders.review:{pk}" for pk in Review.objects.filter(order=order).values_list("pk", flat=True)]
        names += [f"orders.callback:{pk}" for pk in CallBack.objects.filter(order=order).values_list("pk", flat=True)]
        names += [f"orders.order:{order.pk}"]
        assert (proof.count, proof.left, proof.cutoff) == (len(names), 0, at - forgetting.KEEP_CONTACT)
        assert bytes(proof.digest) == retention.chained(bytes(32), names)
        line = journal.lines_of(proof).get(verb="forgotten")
        assert line.facts["count"] == proof.count
        assert line.facts["digest"] == bytes(proof.digest).hex()

    def test_keeps_the_proof_of_what_it_erased_before_it_was_killed(
        self, people: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        orders = [an_order(people, S.WITHDRAWN) for _ in range(3)]
        at = after(orders[-1], forgetting.KEEP_CONTACT)
        monkeypatch.setattr(retention, "BATCH", 1)
        note, left = retention._note, iter(range(2))

        def dying(*what: object) -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt
            note(*what)  # type: ignore[arg-type]

        monkeypatch.setattr(retention, "_note", dying)
        with pytest.raises(KeyboardInterrupt):
            carried_out("contact", at)
        proof = Erasure.objects.get()
        assert (proof.count, proof.ended_at) == (6, None), "asker, words and order, of two orders"
        assert Asker.objects.filter(phone__isnull=False).count() == 1, "the third batch was taken back as a whole"
        monkeypatch.setattr(retention, "_note", note)
        assert carried_out("contact", at).left == 0

    def test_finds_what_is_due_in_one_statement_whatever_its_number(self, people: Cast) -> None:
        for _ in range(2):
            order = an_order(people, S.WITHDRAWN)
        for rule in RULES.values():
            with CaptureQueriesContext(
                connection,
            ) as asked:
                rule.due(after(order, timedelta(0)), retention.MOST)
            assert len(asked) == 1, rule.code

    def test_says_so_where_something_is_left(self, people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        for _ in range(2):
            order = an_order(people, S.WITHDRAWN)
        monkeypatch.setattr(retention, "MOST", 1)
        assert carried_out("contact", after(order, forgetting.KEEP_CONTACT)).left == 1

    def test_has_a_word_for_every_rule(self) -> None:
        assert set(RULES) <= set(retention.KEPT)


class TestContact:
    """11.4: message text with contact two years after closing, ratings of people two years."""

    def test_takes_copies_and_ratings_too(self, people: Cast) -> None:
        """A half-solved order's child has the same asker and door: it goes on its own time, and then whole."""
        order = an_order(people, S.CLOSED)
        assert Order.objects.get(pk=order.pk).satisfaction == 1
        carried_out("contact", after(order, forgetting.KEEP_CONTACT))
        assert Order.objects.get(pk=order.pk).satisfaction is None
        assert not Review.objects.filter(order=order, satisfaction__isnull=False).exists()
        assert Order.objects.get(pk=order.pk).word == "yes", "what happened stays"

    def test_waits_for_the_order_that_carries_a_merged_one_on(self, people: Cast) -> None:
        merged = an_order(people, S.MERGED)
        at = after(merged, forgetting.KEEP_CONTACT)
        carried_out("contact", at)
        assert asker_of(merged).phone is not None
        Order.objects.filter(pk=merged.into_id).update(state=S.WITHDRAWN, is_open=False, ended_at=merged.ended_at)
        carried_out("contact", at)
        assert asker_of(merged).phone is None


class TestPictures:
    """G5, 11.4: 180 days, then the small copy; of sealed matters until the end and one year."""

    def _with_photo(self, people: Cast, code: str) -> Order:
        order: Order = an_order(people, S.WITHDRAWN, code=code)
        actions.add_photo(target=order, stage="report", content=a_picture(), by=None, at=MORNING)
        return order

    def test_of_a_sealed_matter_stay_for_the_case_and_then_go_altogether(self, people: Cast) -> None:
        order = self._with_photo(people, "0301")
        assert order.privacy == "sealed"
        carried_out("pictures", after(order, forgetting.KEEP_PICTURES))
        assert Photo.objects.get(order=order).is_thinned is False
        carried_out("sealed_pictures", after(order, forgetting.KEEP_PICTURES))
        assert Photo.objects.filter(order=order).exists()
        proof = carried_out("sealed_pictures", after(order, forgetting.KEEP_SEALED_PICTURES))
        assert not Photo.objects.filter(order=order).exists()
        assert (proof.count, proof.left) == (1, 0)

    def test_of_others_are_thinned_with_proof(self, people: Cast) -> None:
        order = self._with_photo(people, "0102")
        proof = carried_out("pictures", after(order, forgetting.KEEP_PICTURES))
        photo = Photo.objects.get(order=order)
        assert (photo.is_thinned, photo.taken) == (True, None)
        assert (proof.count, proof.left) == (1, 0)


class TestOwn:
    """11.4: access logs are kept twelve months, the law asks for six; sessions that are over go."""

    def test_looks_go_after_a_year(self, people: Cast) -> None:
        order = an_order(people)
        looking.at_sealed(order=order, what="contact", by=people.dispatcher, why="desk", at=MORNING)
        assert carried_out("looks", MORNING + retention.KEEP_LOOKS - A_DAY).count == 0
        assert carried_out("looks", MORNING + retention.KEEP_LOOKS + A_DAY).count == 2
        assert not Look.objects.exists()

    def test_sessions_that_are_over_go(self, people: Cast) -> None:
        store = SessionStore()
        store["askers"] = [1]
        store.save()
        Session.objects.update(expire_date=MORNING)
        assert carried_out("sessions", MORNING + A_DAY).count == 1


class TestLists:
    def test_lose_their_way_back_after_ninety_days(self, people: Cast) -> None:
        """It holds names and numbers as they stood before an import."""
        made = PeopleImport.objects.create(
            kind="members", county_id=COUNTY, at=MORNING, name="members.xlsx", digest="0" * 64, size=1,
            state="applied", applied_at=MORNING, before=b"[]",
        )  # fmt: skip
        assert carried_out("lists", MORNING + forgetting.KEEP_LISTS).count == 0
        assert carried_out("lists", MORNING + forgetting.KEEP_LISTS + A_DAY).count == 1
        made.refresh_from_db()
        assert made.before is None


class TestProbe:
    """`sandan check` says when nothing was erased for days, or something is left over."""

    def test_warns_until_it_ran_and_when_something_is_left(self, people: Cast) -> None:
        assert health._forgetting()[0] == "warn"
        order = an_order(people, S.WITHDRAWN)
        retention.run([RULES["contact"]], at=timezone.now())
        assert health._forgetting()[0] == "ok"
        Erasure.objects.update(left=3)
        assert "3" in health._forgetting()[1]
        Erasure.objects.update(left=0, at=timezone.now() - 3 * A_DAY)
        level, words = health._forgetting()
        assert (level, order.pk > 0) == ("warn", True)
        assert "3 天" in words


class TestPage:
    """The auditor reads what was erased; nobody else does."""

    def test_shows_the_last_run_of_every_rule(self, people: Cast, client: Client) -> None:
        order = an_order(people, S.CLOSED)
        proof = carried_out("contact", after(order, forgetting.KEEP_CONTACT))
        client.force_login(people.auditor)
        text = client.get(reverse("front:kept")).content.decode()
        assert bytes(proof.digest).hex()[:16] in text
        assert "办完后两年" in text

    def test_is_for_auditors(self, people: Cast, client: Client) -> None:
        for other in (people.dispatcher, people.district, people.member):
            client.force_login(other)
            assert client.get(reverse("front:kept")).status_code == 403
