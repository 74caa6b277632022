"""Joint handling (R061): the holder leads, helpers keep their own record, and who helped turns no second key."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client

from sandan.core.errors import NotAllowed, Stale
from sandan.core.models import Look
from sandan.orders import access, actions
from sandan.orders.actions import checking, joint
from sandan.orders.models import Order, Share
from sandan.orders.queries import boards_calls, timeline
from sandan.orders.queries import joint as queries
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import MORNING, STEP, a_course, a_picture, an_order, asker_of
from tests.factories.people import COMMUNITY, Cast, somebody
from tests.factories.whistle import Beside
from tests.factories.whistle import beside as a_beside

LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def beside(cast: Cast) -> Beside:
    return a_beside(cast)


@pytest.fixture
def order(cast: Cast) -> Order:
    return an_order(cast, S.TAKEN)


def joined(cast: Cast, order: Order, at: datetime = LATER, **facts: object) -> Share:
    share = joint.ask(order=order, who=cast.second_member, by=cast.member, at=at, **facts)  # type: ignore[arg-type]
    return joint.join(share=share, by=cast.second_member, at=at)


class TestAsk:
    def test_the_lead_asks_a_person_a_team_or_a_unit(self, cast, order) -> None:
        """R061: a helper is a person, a team or a unit."""
        for who in (cast.second_member, cast.team, cast.unit):
            assert joint.ask(order=order, who=who, by=cast.member, at=LATER).name == who.name
        assert Share.objects.filter(order=order, state="asked").count() == 3

    def test_is_refused_to_others_and_where_nobody_serves(self, cast, order) -> None:
        with pytest.raises(NotAllowed):
            joint.ask(order=order, who=cast.team, by=cast.second_member, at=LATER)
        with pytest.raises(Stale):
            joint.ask(order=an_order(cast, S.JUDGED), who=cast.team, by=cast.dispatcher, at=LATER)

    def test_refuses_the_holder_partners_twice_and_sealed_matters(self, cast, beside, order) -> None:
        with pytest.raises(joint.BadShare):
            joint.ask(order=order, who=cast.member, by=cast.member, at=LATER)
        with pytest.raises(joint.BadShare):
            joint.ask(order=order, who=beside.estate, by=cast.member, at=LATER)
        joint.ask(order=order, who=cast.team, by=cast.member, at=LATER)
        with pytest.raises(Stale):
            joint.ask(order=order, who=cast.team, by=cast.dispatcher, at=LATER)
        with pytest.raises(joint.BadShare):
            joint.ask(order=an_order(cast, S.TAKEN, code="0702"), who=cast.team, by=cast.member, at=LATER)


class TestJoin:
    def test_makes_a_helper_and_leaves_holder_and_owner(self, cast, order) -> None:
        joined(cast, order)
        order.refresh_from_db()
        assert (order.holder, order.owner) == (cast.member, cast.dispatcher)
        assert access.roles_of(order, cast.second_member, LATER) >= {"helper"}
        assert order.helped_by == [cast.second_member.pk]

    def test_only_who_was_asked_says_yes_and_once(self, cast, order) -> None:
        share = joint.ask(order=order, who=cast.unit, by=cast.member, at=LATER)
        with pytest.raises(NotAllowed):
            joint.join(share=share, by=cast.second_member, at=LATER)
        joint.join(share=share, by=cast.clerk, at=LATER)
        with pytest.raises(Stale):
            joint.join(share=share, by=cast.clerk, at=LATER)

    def test_a_no_has_a_reason_and_ends_it(self, cast, order) -> None:
        share = joint.ask(order=order, who=cast.second_member, by=cast.member, at=LATER)
        with pytest.raises(joint.BadShare):
            joint.decline(share=share, reason="", by=cast.second_member, at=LATER)
        joint.decline(share=share, reason="busy", by=cast.second_member, at=LATER)
        with pytest.raises(Http404):
            access.share_of(cast.second_member, order.full_number, LATER)


class TestFinish:
    def test_is_the_lead_s_alone(self, cast, order) -> None:
        """R061: a helper neither sets out nor hands in nor gives it back."""
        joined(cast, order)
        for verb, said in (("set_out", {}), ("finish", {"work": "好了"}), ("release", {"reason": "busy"})):
            with pytest.raises(NotAllowed):
                getattr(actions, verb)(order=order, by=cast.second_member, at=LATER, **said)


class TestTwoKeys:
    @pytest.fixture
    def helped(self, cast: Cast) -> Order:
        """Served by the member; the second dispatcher has helped."""
        course = a_course(cast, S.TAKEN)
        share = joint.ask(order=course.order, who=cast.reviewer, by=cast.member, at=course.at)
        joint.join(share=share, by=cast.reviewer, at=course.at)
        return course.do("set_out", cast.member).handed_in().order

    def test_a_helper_hears_no_word_stands_in_for_nobody_and_sends_nothing_back(self, cast, helped) -> None:
        """Two keys include the helpers (R061)."""
        acts = (
            ("hear", {"word": "yes", "channel": "phone"}),
            ("stand_in", {"word": "yes", "reason": "silent"}),
            ("send_back", {"reason": "poor_work"}),
            ("call_back", {"is_reached": False}),
        )
        for verb, said in acts:
            with pytest.raises(NotAllowed):
                getattr(actions, verb)(order=helped, by=cast.reviewer, at=LATER, **said)

    def test_a_helper_does_not_close(self, cast, helped) -> None:
        at = LATER + timedelta(hours=1)
        reviewed = actions.review(order=helped, word="yes", by=asker_of(helped), at=at, satisfaction=1)
        with pytest.raises(NotAllowed):
            actions.close(order=reviewed, outcome="solved", by=cast.reviewer, at=at)
        if reviewed.needs_call:
            reviewed = actions.call_back(order=reviewed, is_reached=True, by=cast.dispatcher, at=at)
        assert actions.close(order=reviewed, outcome="solved", by=cast.dispatcher, at=at).state == S.CLOSED

    def test_the_database_refuses_a_closer_who_helped(self, cast) -> None:
        closed = an_order(cast, S.CLOSED)
        with pytest.raises(IntegrityError, match="order_closer_did_not_help"), transaction.atomic():
            Order.objects.filter(pk=closed.pk).update(helped_by=[closed.closed_by_id])

    def test_the_helper_is_not_asked_to_call_back_nor_to_check_it(self, cast, helped) -> None:
        at = LATER + timedelta(hours=1)
        _board, mine = boards_calls.calls((COMMUNITY,), cast.reviewer, at, None)
        _board, others = boards_calls.calls((COMMUNITY,), cast.dispatcher, at, None)
        assert (len(mine), len(others)) == (0, 1)
        with pytest.raises(checking.NothingToCheck):
            checking.draw(among=Order.objects.all(), count=2, by=cast.reviewer, at=at)


class TestRecord:
    def test_keeps_words_and_pictures_of_each_helper_apart(self, cast, order) -> None:
        """R061: own share of the record."""
        share = joint.record(
            share=joined(cast, order), text="递了工具。", pictures=[a_picture()], by=cast.second_member, at=LATER
        )
        photo = order.photos.get(stage="help")
        assert (share.work.masked, photo.person) == ("递了工具。", cast.second_member)
        assert not order.photos.filter(stage="after").exists()  # it proves nothing for the lead
        told = {reader: [line.photo_ids for line in timeline.of(order, reader)] for reader in ("desk", "asker")}
        assert (photo.pk,) in told["desk"]
        assert all(photo.pk not in ids for ids in told["asker"])

    def test_is_refused_before_the_yes_and_after_the_end(self, cast, order) -> None:
        asked = joint.ask(order=order, who=cast.second_member, by=cast.member, at=LATER)
        with pytest.raises(Stale):
            joint.record(share=asked, text="好了", pictures=[], by=cast.second_member, at=LATER)
        share = joint.join(share=asked, by=cast.second_member, at=LATER)
        actions.withdraw(order=order, by=asker_of(order), at=LATER)
        with pytest.raises(Stale):
            joint.record(share=share, text="好了", pictures=[], by=cast.second_member, at=LATER)


class TestAgree:
    def test_the_lead_settles_shares_that_make_no_more_than_the_whole(self, cast, order) -> None:
        """R061: shares in per cent or minutes, agreed by the lead."""
        first = joined(cast, order)
        second = joint.ask(order=order, who=cast.unit, by=cast.member, at=LATER)
        joint.join(share=second, by=cast.clerk, at=LATER)
        joint.agree(share=first, per_cent=70, by=cast.member, at=LATER)
        with pytest.raises(joint.BadShare, match="30"):
            joint.agree(share=second, per_cent=31, by=cast.member, at=LATER)
        joint.agree(share=second, minutes=45, by=cast.member, at=LATER)
        assert queries.lead_share(queries.shares_of(order)) == 30

    def test_is_not_for_the_helper_himself(self, cast, order) -> None:
        with pytest.raises(NotAllowed):
            joint.agree(share=joined(cast, order), per_cent=100, by=cast.second_member, at=LATER)

    def test_a_no_to_the_share_stands_until_another_is_settled(self, cast, order) -> None:
        share = joined(cast, order)
        with pytest.raises(Stale):
            joint.dissent(share=share, text="少了", by=cast.second_member, at=LATER)
        joint.agree(share=share, per_cent=10, by=cast.member, at=LATER)
        said = joint.dissent(share=share, text="我干了一半。", by=cast.second_member, at=LATER)
        assert said.dissent.masked == "我干了一半。"
        assert joint.agree(share=share, per_cent=50, by=cast.member, at=LATER).dissent is None


class TestCredits:
    def test_gives_the_lead_the_rest_and_names_what_is_disputed(self, cast) -> None:
        """R061: credit lines for each participant."""
        course = a_course(cast, S.TAKEN)
        share = joined(cast, course.order, course.at)
        joint.agree(share=share, per_cent=40, by=cast.member, at=course.at)
        joint.dissent(share=share, text="少了", by=cast.second_member, at=course.at)
        order = course.do("set_out", cast.member).handed_in().order
        alone = an_order(cast, S.CLOSED)
        lines = queries.credits([order.pk, alone.pk, an_order(cast).pk])
        assert [(c.order_id, c.person_id, c.is_lead, c.per_cent, c.is_disputed) for c in lines] == [
            (order.pk, cast.member.pk, True, 60, False),
            (order.pk, cast.second_member.pk, False, 40, True),
            (alone.pk, cast.member.pk, True, 100, False),
        ]


class TestContact:
    """G3: a helper sees the contact as the holder does, only if they go there, and until it is handed in."""

    @pytest.fixture
    def pages(self, client: Client, cast: Cast) -> Client:
        client.force_login(cast.second_member)
        return client

    def test_is_closed_to_who_does_not_go_there(self, cast, pages, order) -> None:
        joined(cast, order)
        answer = pages.post(f"/together/{order.full_number}/reveal/", {"what": "contact"})
        assert answer.status_code == 403
        assert not Look.objects.exists()

    def test_shuts_with_the_words_where_the_matter_was_sealed_later(self, cast, pages, order) -> None:
        """G3: of a sealed matter nobody but the holder reads words and number, also who had joined before."""
        share = joined(cast, order, goes_there=True)
        Order.objects.filter(pk=order.pk).update(privacy="sealed")
        share.order.refresh_from_db()
        assert not access.may_help_see("contact", share)
        assert order.masked not in pages.get(f"/together/{order.full_number}/").content.decode()

    def test_opens_for_who_goes_there_with_a_line_and_the_door_on_the_way(self, cast, pages, order) -> None:
        phone = asker_of(order).phone.open_unlogged()
        share = joined(cast, order, goes_there=True)
        page = f"/together/{order.full_number}/"
        assert phone not in pages.get(page).content.decode()
        assert pages.post(f"{page}reveal/", {"what": "door"}).status_code == 403
        seen = pages.post(f"{page}reveal/", {"what": "contact"}).content.decode()
        assert phone in seen
        assert Look.objects.filter(person=cast.second_member, field="phone").exists()
        actions.set_out(order=order, by=cast.member, at=LATER + STEP)
        assert "2单元501" in pages.post(f"{page}reveal/", {"what": "door"}).content.decode()
        assert share.pk

    def test_closes_with_the_handing_in(self, cast, pages) -> None:
        course = a_course(cast, S.TAKEN)
        joined(cast, course.order, course.at, goes_there=True)
        course.do("set_out", cast.member).handed_in()
        page = f"/together/{course.order.full_number}/"
        assert pages.post(f"{page}reveal/", {"what": "contact"}).status_code == 403
        assert pages.get(page).status_code == 200  # the own record may still be written

    def test_who_was_only_asked_sees_no_contact_and_a_stranger_nothing(self, cast, client, order) -> None:
        joint.ask(order=order, who=cast.second_member, by=cast.member, at=LATER, goes_there=True)
        client.force_login(cast.second_member)
        assert client.post(f"/together/{order.full_number}/reveal/", {"what": "contact"}).status_code == 403
        client.force_login(somebody("路人", Role.MEMBER, COMMUNITY))
        for path in ("", "join/", "reveal/"):
            ask = client.get if not path else client.post
            assert ask(f"/together/{order.full_number}/{path}").status_code == 404
