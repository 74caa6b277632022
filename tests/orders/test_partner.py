"""Outside partners (R117, G2): they see what was sent to them, for as long as it was sent, and nothing else."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import Http404
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.notices.models import Notice
from sandan.orders import access, actions
from sandan.orders.actions import giving, partner
from sandan.orders.models import Order, Photo, Sending
from sandan.orders.queries import desk_helpers
from sandan.orders.queries import partner as queries
from sandan.orders.workflow import S
from sandan.people.models import Person, Role, Unit
from tests.factories.orders import MORNING, a_category, a_course, a_picture, an_order, asker_of
from tests.factories.people import COMMUNITY, COUNTY, OTHER_COMMUNITY, Cast, a_unit, somebody
from tests.factories.whistle import Beside
from tests.factories.whistle import beside as a_beside
from tests.test_house import PUBLIC, address, patterns

LATER = MORNING + timedelta(hours=1)
TEXT = "3号楼楼道灯坏了，请派电工。联系人赵建国 16400001234，2单元501。"


@pytest.fixture
def beside(cast: Cast) -> Beside:
    return a_beside(cast)


@pytest.fixture
def order(cast: Cast) -> Order:
    return an_order(cast, S.JUDGED)


def send(cast: Cast, order: Order, unit: Unit, at: datetime = LATER, **facts: object) -> Sending:
    return partner.send(order=order, unit=unit, text=TEXT, by=cast.dispatcher, at=at, **facts)  # type: ignore[arg-type]


def a_photo(order: Order, cast: Cast, at: datetime = LATER) -> Photo:
    return actions.add_photo(target=order, stage="report", content=a_picture(), by=cast.dispatcher, at=at)


class TestSend:
    def test_keeps_masked_words_the_building_and_the_chosen_photos(self, cast, beside, order) -> None:
        """R117: an excerpt, masked once more."""
        chosen, _other = a_photo(order, cast), a_photo(order, cast)
        sending = send(cast, order, beside.estate, photos=[chosen])
        assert not re.search("赵建国|16400001234|501", sending.words.masked)
        assert list(sending.photos.all()) == [chosen]
        assert "501" not in sending.place
        assert Notice.objects.get(kind="sent_to_you").person == beside.estate_clerk

    def test_tells_of_a_personal_matter_the_community_alone_and_no_photo(self, cast, beside) -> None:
        personal = an_order(cast, S.JUDGED, code="0701")
        assert personal.privacy == "contact"
        assert send(cast, personal, beside.estate).place == "造纸厂社区"
        other = a_unit("派出所", Unit.Kind.PARTNER)
        somebody("老魏", Role.PARTNER, COUNTY, unit=other)
        with pytest.raises(partner.BadSending):
            send(cast, personal, other, photos=[a_photo(personal, cast)])

    def test_refuses_sealed_matters_own_units_and_photos_of_another_order(self, cast, beside, order) -> None:
        with pytest.raises(partner.BadSending):
            partner.send(
                order=an_order(cast, S.JUDGED, code="0702"), unit=beside.estate, text="x", by=cast.dispatcher, at=LATER
            )
        for unit, facts in (
            (cast.unit, {}),
            (beside.estate, {"days": 31}),
            (beside.estate, {"photos": [a_photo(an_order(cast), cast)]}),
            (a_unit("没人的物业", Unit.Kind.PARTNER), {}),
        ):
            with pytest.raises(partner.BadSending):
                send(cast, order, unit, **facts)

    def test_is_for_the_desk_in_charge_and_those_above(self, cast, beside, order) -> None:
        for stranger in (cast.grid_worker, cast.neighbour, cast.member, cast.clerk):
            with pytest.raises(NotAllowed):
                partner.send(order=order, unit=beside.estate, text="x", by=stranger, at=LATER)
        assert partner.send(order=order, unit=beside.estate, text="x", by=cast.liaison, at=LATER)

    def test_stands_once_for_each_partner(self, cast, beside, order) -> None:
        send(cast, order, beside.estate)
        with pytest.raises(Stale):
            send(cast, order, beside.estate)


class TestWhenItTurnsOutPersonal:
    @pytest.mark.parametrize("code", ["0701", "0702"])
    def test_what_went_out_before_ends_at_once(self, cast, beside, order, code) -> None:
        """R117, G3: judged later as a personal or sealed matter, the excerpt and its photos are taken back."""
        sending = send(cast, order, beside.estate, photos=[a_photo(order, cast)])
        actions.judge(order=order, category=a_category(code), urgency=1, by=cast.dispatcher, at=LATER)
        with pytest.raises(Http404):
            access.sending_of(beside.estate_clerk, sending.pk, LATER)
        assert Sending.objects.get(pk=sending.pk).state == "ended"


class TestAnswers:
    def test_taken_and_done_with_a_note_and_a_picture(self, cast, beside, order) -> None:
        sending = partner.accept(sending=send(cast, order, beside.estate), by=beside.estate_clerk, at=LATER)
        done = partner.finish(
            sending=sending, text="换了灯泡。", pictures=[a_picture()], by=beside.estate_clerk, at=LATER
        )
        assert (done.state, done.note.masked) == ("done", "换了灯泡。")
        assert order.photos.get(stage="help").person == beside.estate_clerk
        assert Notice.objects.filter(kind="send_done", person=cast.dispatcher).exists()

    def test_given_back_with_a_reason_they_see_it_no_longer(self, cast, beside, order) -> None:
        sending = send(cast, order, beside.estate)
        with pytest.raises(partner.BadSending):
            partner.refuse(sending=sending, reason="", by=beside.estate_clerk, at=LATER)
        partner.refuse(sending=sending, reason="private", by=beside.estate_clerk, at=LATER)
        with pytest.raises(Http404):
            access.sending_of(beside.estate_clerk, sending.pk, LATER)

    def test_nobody_answers_for_another_partner(self, cast, beside, order) -> None:
        other = somebody("老魏", Role.PARTNER, COUNTY, unit=a_unit("派出所", Unit.Kind.PARTNER))
        with pytest.raises(NotAllowed):
            partner.accept(sending=send(cast, order, beside.estate), by=other, at=LATER)


class TestEnd:
    """It ends by itself: at its time, and with the order."""

    def test_at_its_time_it_is_gone_whether_swept_or_not(self, cast, beside, order) -> None:
        sending = send(cast, order, beside.estate, days=2)
        until = LATER + timedelta(days=2)
        assert access.sending_of(beside.estate_clerk, sending.pk, until - timedelta(seconds=1)) == sending
        with pytest.raises(Http404):
            access.sending_of(beside.estate_clerk, sending.pk, until)
        with pytest.raises(Stale):
            partner.accept(sending=sending, by=beside.estate_clerk, at=until)
        assert (partner.sweep(at=until), partner.sweep(at=until)) == (1, 0)

    def test_with_the_closing_of_the_order(self, cast, beside) -> None:
        course = a_course(cast, S.REVIEWED)
        sending = send(cast, course.order, beside.estate, at=course.at)
        if course.order.needs_call:
            course.do("call_back", cast.reviewer, is_reached=True, satisfaction=1)
        course.do("close", cast.reviewer, outcome="solved")
        assert queries.sent_to(beside.estate_clerk, course.at) == []
        with pytest.raises(Http404):
            access.sending_of(beside.estate_clerk, sending.pk, course.at)

    def test_at_once_where_the_desk_takes_it_back(self, cast, beside, order) -> None:
        sending = send(cast, order, beside.estate)
        partner.recall(sending=sending, by=cast.dispatcher, at=LATER)
        with pytest.raises(Http404):
            access.sending_of(beside.estate_clerk, sending.pk, LATER)


@pytest.fixture
def live(cast: Cast, beside: Beside) -> Sending:
    """Sent a moment ago: pages ask the real clock."""
    now = timezone.now()
    order = an_order(cast, S.TAKEN, at=now - timedelta(hours=2))
    sending = send(cast, order, beside.estate, at=now, photos=[a_photo(order, cast, now)])
    a_photo(order, cast, now)  # one more, not for the partner
    return sending


@pytest.fixture
def at_partner(client: Client, beside: Beside) -> Client:
    client.force_login(beside.estate_clerk)
    return client


OWN = {"orders:sent", "orders:sent_one", "orders:sent_move", "orders:sent_photo"}
# leads to one's own list; a resident's short link; the provider's signed receipts; probes: nothing of an order in any
OTHERS = {"front:start", "orders:short", "notices:receipts"}
# one's own account: its password, factors, sessions
ACCOUNT = {"front:again", "front:awake", "front:safety", "front:app", "front:password"}


class TestEveryOtherDoor:
    """G2: a partner's account tries every address of the house."""

    def test_answers_as_if_nothing_were_there(self, at_partner, live) -> None:
        full, missing = live.order.full_number, at_partner.get("/no/such/page/").status_code
        opened = []
        for name, entry in patterns(get_resolver()):
            if name in PUBLIC | OWN | OTHERS | ACCOUNT or name.startswith("running:"):
                continue
            for url in {address(name, entry), re.sub(r"/x/", f"/{full}/", address(name, entry), count=1)}:
                answers = {at_partner.get(url).status_code, at_partner.post(url).status_code}
                if answers - {missing, 405} or missing not in answers:
                    opened.append((name, url, answers))
        assert missing == 404
        assert opened == [], opened

    def test_of_another_partner_s_sending_no_more_than_of_none(self, cast, live) -> None:
        stranger = Client()
        stranger.force_login(somebody("老魏", Role.PARTNER, COUNTY, unit=a_unit("派出所", Unit.Kind.PARTNER)))
        photo = live.photos.get().pk
        for path in (f"{live.pk}/", f"{live.pk}/photo/{photo}/small/", "999999/"):
            assert stranger.get(f"/sent/{path}").status_code == 404
        assert stranger.post(f"/sent/{live.pk}/accept/").status_code == 404
        assert TEXT[:6] not in stranger.get("/sent/").content.decode()

    def test_nor_do_our_own_people_come_in_by_the_partner_s(self, cast, client, live) -> None:
        for person in (cast.dispatcher, cast.member, cast.clerk):
            client.force_login(person)
            assert client.get("/sent/").status_code == 403

    def test_photos_open_only_where_chosen(self, at_partner, live) -> None:
        chosen = live.photos.get()
        other = live.order.photos.exclude(pk=chosen.pk).get()
        assert at_partner.get(f"/sent/{live.pk}/photo/{chosen.pk}/large/")["Content-Type"] == "image/jpeg"
        assert at_partner.get(f"/sent/{live.pk}/photo/{other.pk}/small/").status_code == 404
        for photo in (chosen, other):  # the house's own door for photos stays shut
            assert at_partner.get(f"/photo/{photo.pk}/small/").status_code == 404

    def test_no_order_is_offered_to_a_partner(self, cast, beside, order) -> None:
        assert desk_helpers.named([f"u{beside.estate.pk}"], COUNTY, LATER) is None
        offered = giving.offer(order=order, to=[beside.estate], by=cast.dispatcher, at=LATER)  # by hand, past the form
        assert access.roles_of(offered, beside.estate_clerk, LATER) == frozenset()


class TestMarkup:
    def test_holds_nothing_beyond_the_excerpt(self, cast, at_partner, live) -> None:
        """G3: no number of the order, name, phone, door, words, owner or holder in the page's source."""
        order = live.order
        first = asker_of(order)
        hidden = [
            order.full_number, order.number, order.masked, first.name.open_unlogged(), first.phone.open_unlogged(),
            first.phone_tail, "2单元501", cast.dispatcher.name, cast.member.name, "赵建国", "16400001234",
            cast.unit.name, order.get_state_display() if hasattr(order, "get_state_display") else order.state,
        ]  # fmt: skip
        for url in ("/sent/", f"/sent/{live.pk}/"):
            source = at_partner.get(url).content.decode()
            assert "楼道灯坏了" in source
            assert [word for word in hidden if word and word != "taken" and word in source] == []

    def test_pages_are_kept_by_no_browser(self, at_partner, live) -> None:
        for url in ("/sent/", f"/sent/{live.pk}/"):
            assert at_partner.get(url)["Cache-Control"] == "private, no-store"


class TestPages:
    def test_answer_step_by_step(self, at_partner, live, beside) -> None:
        assert at_partner.post(f"/sent/{live.pk}/finish/", {"text": ""}).status_code == 422
        assert at_partner.post(f"/sent/{live.pk}/accept/").status_code == 302
        picture = SimpleUploadedFile("a.jpg", a_picture(), "image/jpeg")
        at_partner.post(f"/sent/{live.pk}/finish/", {"text": "换好了", "pictures": picture})
        live.refresh_from_db()
        assert (live.state, live.person) == ("done", beside.estate_clerk)
        own = live.order.photos.get(stage="help")
        assert at_partner.get(f"/sent/{live.pk}/photo/{own.pk}/small/").status_code == 200

    def test_the_liaison_may_give_a_partner_an_account(self, cast, beside) -> None:
        """R117: limited accounts."""
        assert Role.PARTNER in {post.role for post in beside.estate_clerk.posts.all()}
        assert {kind.value for kind in Unit.Branch} == {"estate", "police", "resident", "owners", "new"}


class TestAccount:
    def test_is_made_with_its_unit_from_the_keyboard(self, cast, client) -> None:
        """R117: an office makes a partner's account; it opens its own list and nothing else."""
        words = ["weiwei", "魏伟", "--role", "partner", "--scope", COMMUNITY, "--unit", "派出所", "--branch", "police"]
        call_command("person", *words)
        person = Person.objects.get(login="weiwei")
        unit = person.posts.get().unit
        assert (unit.name, unit.kind, unit.branch) == ("派出所", "partner", "police")
        client.force_login(person)
        assert (client.get("/sent/").status_code, client.get("/mine/").status_code) == (200, 404)

    def test_of_a_clerk_names_a_unit(self, cast) -> None:
        with pytest.raises(Refused, match="--unit"):
            call_command("person", "lili", "李丽", "--role", "partner", "--scope", COMMUNITY)
        assert not Person.objects.filter(login="lili").exists()


class TestPlaces:
    def test_a_partner_of_another_community_is_not_offered(self, cast, beside, order) -> None:
        far = a_unit("远处物业", Unit.Kind.PARTNER, OTHER_COMMUNITY)
        somebody("远", Role.PARTNER, OTHER_COMMUNITY, unit=far)
        assert queries.partners_of(COMMUNITY, LATER) == [beside.estate]
        assert isinstance(beside.estate_clerk, Person)
