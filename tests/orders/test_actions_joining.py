"""Join, merge and undo, split, withdraw: one matter with several askers, one message with several matters."""

from uuid import UUID

import pytest

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.notices.models import Notice
from sandan.orders import access, actions
from sandan.orders.actions.joining import CannotJoin, CannotMerge, StillWanted
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.places.models import Place
from tests.factories.orders import MORNING, a_category, a_course, an_order, asker_of
from tests.factories.people import OTHER_COMMUNITY, Cast

pytestmark = pytest.mark.django_db
KEY, OTHER_KEY = UUID(int=1), UUID(int=2)
NEIGHBOUR = actions.Contact(name="安金", phone="16400007777")


def join(order: Order, key: UUID = KEY, contact: actions.Contact = NEIGHBOUR) -> actions.Merged:
    return actions.join(order=order, key=key, contact=contact, at=MORNING)


class TestJoin:
    def test_adds_an_asker_with_a_secret_of_his_own(self, cast: Cast) -> None:
        merged = join(an_order(cast))
        order = Order.objects.get(pk=merged.order.pk)
        assert order.asker_count == 2
        asker = access.asker_with_secret(order, merged.secret)
        assert asker
        assert not asker.is_first
        assert journal.lines_of(order).filter(verb="join").count() == 1

    def test_changes_nothing_the_second_time(self, cast: Cast) -> None:
        order = an_order(cast)
        first, again, by_phone = join(order), join(order), join(order, OTHER_KEY)
        assert first.secret == again.secret
        assert by_phone.secret == ""  # the old one holds; this one would open nothing
        order.refresh_from_db()
        assert (order.asker_count, order.askers.count()) == (2, 2)

    @pytest.mark.parametrize("code", ["0702", "0701"])
    def test_is_never_for_matters_that_neighbours_may_not_see(self, cast: Cast, code: str) -> None:
        with pytest.raises(CannotJoin):
            join(an_order(cast, S.JUDGED, code=code))

    def test_is_not_for_what_is_over(self, cast: Cast) -> None:
        with pytest.raises(CannotJoin):
            join(an_order(cast, S.REFUSED))

    def test_tells_all_askers_what_becomes_of_it(self, cast: Cast) -> None:
        course = a_course(cast, S.OFFERED)
        join(course.order)
        course.do("accept", cast.member)
        heard = set(Notice.objects.filter(kind="accept", asker_id__isnull=False).values_list("asker_id", flat=True))
        assert heard == set(course.order.askers.values_list("pk", flat=True))
        assert len(heard) == 2


class TestMerge:
    def test_ends_one_in_the_other_and_counts_its_askers(self, cast: Cast) -> None:
        target, course = an_order(cast, S.JUDGED), a_course(cast, S.JUDGED)
        join(course.order)
        course.do("merge", cast.dispatcher, into=target)
        target.refresh_from_db()
        assert (course.order.state, course.order.into, target.asker_count) == (S.MERGED, target, 3)
        assert journal.lines_of(target).get(verb="merge_in").facts == {"source": course.order.pk}

    def test_gives_its_askers_the_targets_answers(self, cast: Cast) -> None:
        target, course = a_course(cast, S.OFFERED), a_course(cast, S.JUDGED)
        course.do("merge", cast.dispatcher, into=target.order)
        target.do("accept", cast.member)
        assert Notice.objects.filter(kind="accept", asker_id=asker_of(course.order).pk).exists()

    def test_drops_the_offer_that_was_out(self, cast: Cast) -> None:
        course = a_course(cast, S.OFFERED).do("merge", cast.dispatcher, into=an_order(cast))
        assert course.order.offers.get().state == "dropped"
        assert not course.order.custody.filter(to_at__isnull=True).exists()

    def test_can_be_undone(self, cast: Cast) -> None:
        target, course = an_order(cast, S.JUDGED), a_course(cast, S.JUDGED)
        course.do("merge", cast.dispatcher, into=target).do("unmerge", cast.dispatcher)
        target.refresh_from_db()
        order = Order.objects.get(pk=course.order.pk)
        assert (order.state, order.into, target.asker_count) == (S.RECEIVED, None, 1)
        assert order.custody.get(to_at__isnull=True).from_at == course.at

    def test_refuses_itself_the_ended_and_the_neighbours(self, cast: Cast) -> None:
        course = a_course(cast, S.JUDGED)
        abroad = an_order(cast, community=Place.objects.get(code=OTHER_COMMUNITY))
        for target in (course.order, an_order(cast, S.REFUSED), abroad):
            with pytest.raises(CannotMerge):
                course.do("merge", cast.dispatcher, into=target)

    def test_makes_no_chains(self, cast: Cast) -> None:
        target, course = a_course(cast, S.JUDGED), a_course(cast, S.JUDGED)
        course.do("merge", cast.dispatcher, into=target.order)
        with pytest.raises(CannotMerge, match="并过来"):
            target.do("merge", cast.dispatcher, into=an_order(cast))
        with pytest.raises(CannotMerge):
            a_course(cast, S.JUDGED).do("merge", cast.dispatcher, into=course.order)


class TestSplit:
    def test_gives_each_matter_its_own_number_and_clock(self, cast: Cast) -> None:
        course = a_course(cast, text="路灯不亮。另外邻居打孩子。")
        parts = [(a_category("0104"), "路灯不亮。"), (a_category("0702"), "邻居打孩子。")]
        first, second = actions.split(order=course.order, parts=parts, by=cast.dispatcher, at=course.at)
        assert (first.pk, second.parent) == (course.order.pk, first)
        first, second = (Order.objects.get(pk=order.pk) for order in (first, second))
        assert (first.state, second.state) == (S.JUDGED, S.JUDGED)
        assert (first.privacy, second.privacy) == ("public", "sealed")
        assert (first.masked, second.masked) == ("路灯不亮。", "邻居打孩子。")
        assert "孩子" in second.terms
        assert "孩子" not in first.terms
        assert first.due_at != second.due_at
        assert second.custody.get().person == second.owner
        assert asker_of(second).phone.open_unlogged() == asker_of(first).phone.open_unlogged()

    def test_leaves_the_sealed_part_out_of_what_others_read(self, cast: Cast) -> None:
        """G4: the whole message is no longer public once a part of it is sealed."""
        course = a_course(cast, text="路灯不亮。另外邻居打孩子。")
        parts = [(a_category("0104"), "路灯不亮。"), (a_category("0702"), "邻居打孩子。")]
        first, _ = actions.split(order=course.order, parts=parts, by=cast.dispatcher, at=course.at)
        assert not first.words.filter(audience="public", masked__contains="孩子").exists()

    @pytest.mark.parametrize("count", [0, 1])
    def test_needs_two_matters(self, cast: Cast, count: int) -> None:
        course = a_course(cast)
        with pytest.raises(Refused, match="两件"):
            actions.split(order=course.order, parts=[(a_category(), "一件")] * count, by=cast.dispatcher, at=course.at)

    def test_makes_no_order_of_what_is_no_request(self, cast: Cast) -> None:
        course = a_course(cast)
        parts = [(a_category(), "水管漏。"), (a_category("9901"), "谢谢你们。")]
        with pytest.raises(Refused, match="诉求"):
            actions.split(order=course.order, parts=parts, by=cast.dispatcher, at=course.at)
        assert Order.objects.count() == 1


class TestWithdraw:
    def test_ends_the_order_and_tells_who_was_coming(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        course.do("withdraw", asker_of(course.order))
        assert (course.order.state, course.order.outcome) == (S.WITHDRAWN, "withdrawn")
        assert Notice.objects.filter(kind="withdraw", person=cast.member).exists()

    def test_comes_too_late_once_somebody_is_there(self, cast: Cast) -> None:
        course = a_course(cast, S.UNDERWAY)
        with pytest.raises(Stale):
            course.do("withdraw", asker_of(course.order))

    def test_does_not_take_the_order_from_the_neighbours(self, cast: Cast) -> None:
        course = a_course(cast)
        join(course.order)
        with pytest.raises(StillWanted):
            course.do("withdraw", asker_of(course.order))

    def test_is_not_for_staff(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            a_course(cast).do("withdraw", cast.dispatcher)
