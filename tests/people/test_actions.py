"""people.actions: making a person, giving and ending posts, handing a street over."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sandan.core.errors import NotAllowed
from sandan.core.journal import lines_of
from sandan.core.sealed import digest
from sandan.people import actions, queries
from sandan.people.models import Person, Post, Role
from tests.factories.people import COMMUNITY, COUNTY, GRID, NOON, STREET, Cast, a_person, a_place, a_post

LATER = NOON + timedelta(days=30)


def make(**facts: object) -> Person:
    given = {"login": "new", "name": "单玉梅", "by": "system", "at": NOON, "scope": COUNTY}
    return actions.make_person(**{**given, **facts})  # type: ignore[arg-type]


def liaison_post(cast: Cast) -> Post:
    return Post.objects.get(person=cast.liaison)


class TestMobile:
    @pytest.mark.parametrize(
        "text", ["16400007719", "164 0000 7719", "+86 164-0000-7719", "１６４００００７７１９", "8616400007719"]
    )
    def test_reads_every_usual_writing(self, text: str) -> None:
        assert actions.mobile(text) == "16400007719"

    @pytest.mark.parametrize(
        ("text", "says"),
        [("1640000771", "少了 1 位"), ("164000077199", "多了 1 位"), ("1640000771a", "数字"), ("06400007719", "开头")],
    )
    def test_says_what_is_wrong(self, text: str, says: str) -> None:
        with pytest.raises(actions.BadPhone, match=says):
            actions.mobile(text)


class TestMakePerson:
    def test_seals_the_phone_and_keeps_its_digest_and_tail(self, db: None) -> None:
        person = Person.objects.get(pk=make(phone="164 0000 7719").pk)
        assert person.phone.open_unlogged() == "16400007719"
        assert bytes(person.phone_digest) == digest("16400007719", "phone")
        assert person.phone_tail == "7719"

    def test_sorts_by_the_reading_of_the_surname(self, db: None) -> None:
        assert make().name_key == "shan4 yu4 mei2"

    def test_stands_at_the_centre_of_the_home_grid(self, db: None) -> None:
        person = make(home=a_place(GRID, 112.5, 37.8))
        assert (person.lon, person.lat, person.home_id) == (112.5, 37.8, GRID)

    def test_refuses_a_login_or_phone_that_is_taken(self, db: None) -> None:
        make(phone="16400007719")
        with pytest.raises(actions.Taken):
            make()
        with pytest.raises(actions.Taken):
            make(login="other", phone="16400007719")

    def test_is_for_those_who_appoint(self, cast: Cast) -> None:
        assert make(by=cast.district).pk
        with pytest.raises(NotAllowed):
            make(login="two", by=cast.dispatcher)

    def test_writes_a_line_without_words(self, db: None) -> None:
        line = lines_of(make(phone="16400007719")).get()
        assert (line.verb, line.actor, line.scope, line.facts) == ("make", "system", COUNTY, {})


class TestGivePost:
    def give(self, cast: Cast, **facts: object) -> Post:
        given = {"person": cast.second_member, "role": Role.DISPATCHER, "scope": COMMUNITY, "from_at": NOON, "at": NOON}
        return actions.give_post(**{**given, "by": cast.district, **facts})  # type: ignore[arg-type]

    def test_gives_a_role_for_a_term_and_writes_a_line(self, cast: Cast) -> None:
        post = self.give(cast, to_at=LATER)
        assert cast.second_member in queries.holders(Role.DISPATCHER, GRID, NOON)
        assert cast.second_member not in queries.holders(Role.DISPATCHER, GRID, LATER)
        line = lines_of(post).get()
        assert (line.verb, line.facts["role"], line.actor_id) == ("give", "dispatcher", cast.district.pk)

    @pytest.mark.parametrize("giver", ["dispatcher", "neighbour", "auditor", "member", "clerk"])
    def test_is_for_those_who_appoint(self, cast: Cast, giver: str) -> None:
        with pytest.raises(NotAllowed):
            self.give(cast, by=getattr(cast, giver))

    def test_lets_a_liaison_appoint_below_but_not_beside(self, cast: Cast) -> None:
        assert self.give(cast, by=cast.liaison).pk
        with pytest.raises(NotAllowed):
            self.give(cast, by=cast.liaison, role=Role.DISTRICT, scope=COUNTY)
        with pytest.raises(NotAllowed):
            self.give(cast, by=cast.liaison, role=Role.AUDITOR)

    def test_gives_nobody_a_post_of_their_own(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            self.give(cast, person=cast.district)

    def test_refuses_a_term_that_ends_before_it_begins(self, cast: Cast) -> None:
        with pytest.raises(actions.BadTerm):
            self.give(cast, to_at=NOON)

    def test_refuses_a_second_liaison_of_a_street(self, cast: Cast) -> None:
        """R051: exactly one active liaison per street; deputies may stand beside."""
        with pytest.raises(actions.LiaisonThere):
            self.give(cast, role=Role.LIAISON, scope=STREET)
        assert self.give(cast, role=Role.LIAISON, scope=STREET, grade="deputy").pk
        with pytest.raises(NotAllowed):
            self.give(cast, role=Role.LIAISON, scope=COMMUNITY)

    def test_is_refused_by_the_database_as_well(self, cast: Cast) -> None:
        """R051: the constraint holds when nobody asks the action."""
        with pytest.raises(IntegrityError), transaction.atomic():
            a_post(a_person(), Role.LIAISON, STREET)
        assert a_post(a_person(), Role.LIAISON, "990201002").pk


class TestEndPost:
    def test_ends_it_now(self, cast: Cast) -> None:
        post = actions.end_post(post=Post.objects.get(person=cast.dispatcher), by=cast.district, at=NOON)
        assert post.to_at == NOON
        assert queries.desk_of(COMMUNITY, NOON) == cast.reviewer
        with pytest.raises(actions.BadTerm):
            actions.end_post(post=post, by=cast.district, at=LATER)

    def test_refuses_one_that_has_not_begun(self, cast: Cast) -> None:
        post = a_post(cast.member, Role.DISPATCHER, COMMUNITY, from_at=LATER)
        with pytest.raises(actions.BadTerm):
            actions.end_post(post=post, by=cast.district, at=NOON)

    def test_leaves_no_street_without_its_liaison(self, cast: Cast) -> None:
        """R051: never none."""
        with pytest.raises(actions.LastLiaison):
            actions.end_post(post=liaison_post(cast), by=cast.district, at=NOON)


class TestHandOver:
    def test_changes_hands_at_one_moment(self, cast: Cast) -> None:
        """R051: hand-over without a gap and without two."""
        new = actions.hand_over(post=liaison_post(cast), to=cast.second_member, by=cast.district, at=NOON)
        just_before = NOON - timedelta(microseconds=1)
        assert list(queries.holders(Role.LIAISON, STREET, just_before)) == [cast.liaison]
        assert list(queries.holders(Role.LIAISON, STREET, NOON)) == [cast.second_member]
        assert [line.verb for line in lines_of(liaison_post(cast))] == ["end", "settle", "hand_over"]
        assert new.from_at == NOON

    def test_changes_nothing_when_it_is_refused(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            actions.hand_over(post=liaison_post(cast), to=cast.district, by=cast.district, at=NOON)
        assert liaison_post(cast).to_at is None


class TestSetActive:
    def test_keeps_somebody_out_and_lets_them_in_again(self, cast: Cast) -> None:
        actions.set_active(person=cast.member, is_active=False, by=cast.district, at=NOON)
        assert [h.person for h in queries.helpers_near(112.55, 37.86, ["电工"], 9, NOON)] == [cast.second_member]
        actions.set_active(person=cast.member, is_active=True, by=cast.district, at=NOON)
        assert [line.verb for line in lines_of(cast.member)] == ["keep_out", "let_in"]
