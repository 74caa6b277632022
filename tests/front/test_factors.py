"""The second factor: an app that counts time, ten codes on paper, the way in with them and the way to set them up."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sandan.core.models import Entry
from sandan.front import actions, queries
from sandan.front.actions import factors
from sandan.front.models import Factor, RecoveryCode
from sandan.people.models import Person, Role
from tests.front.conftest import NOON, PASSWORD, PHONE

SECOND = timedelta(seconds=1)


def an_app(person: Person, at: Any = NOON) -> str:
    """An app in force since that moment; its secret."""
    factor = actions.begin_app(person=person, at=at)
    secret = factor.secret.open_unlogged()
    actions.confirm_app(person=person, typed=factors.figures(secret, at), at=at)
    return secret


def prove(person: Person, typed: str, seconds: float = 0, source: str = "10.0.0.1") -> str | None:
    return actions.prove(person=person, typed=typed, source=source, at=NOON + seconds * SECOND)


class TestFigures:
    @pytest.mark.parametrize(("unix", "right"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
    def test_are_those_of_the_standard(self, unix: int, right: str) -> None:
        """RFC 6238, appendix B, cut to six figures."""
        moment = NOON.fromtimestamp(unix, tz=NOON.tzinfo)
        assert factors.figures("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", moment) == right


class TestProve:
    @pytest.mark.parametrize("late", [-30, 0, 30])
    def test_takes_a_clock_that_is_half_a_minute_off(self, clerk: Person, late: int) -> None:
        secret = an_app(clerk)
        at = NOON + 300 * SECOND
        typed = factors.figures(secret, at + late * SECOND)
        assert actions.prove(person=clerk, typed=typed, source="", at=at) == "totp"

    @pytest.mark.parametrize("late", [-90, 90])
    def test_refuses_a_clock_that_is_more_off(self, clerk: Person, late: int) -> None:
        secret = an_app(clerk)
        at = NOON + 300 * SECOND
        assert actions.prove(person=clerk, typed=factors.figures(secret, at + late * SECOND), source="", at=at) is None

    def test_takes_figures_once(self, clerk: Person) -> None:
        secret = an_app(clerk)
        typed = factors.figures(secret, NOON + 60 * SECOND)
        assert prove(clerk, typed, 60) == "totp"
        assert prove(clerk, typed, 61) is None
        assert prove(clerk, typed, 80) is None

    def test_takes_no_figures_from_before_the_last_ones(self, clerk: Person) -> None:
        secret = an_app(clerk)
        assert prove(clerk, factors.figures(secret, NOON + 90 * SECOND), 90) == "totp"
        assert prove(clerk, factors.figures(secret, NOON + 60 * SECOND), 90) is None

    def test_takes_not_even_those_it_was_set_up_with(self, clerk: Person) -> None:
        secret = an_app(clerk)
        assert prove(clerk, factors.figures(secret, NOON)) is None

    def test_stops_guessing_after_five(self, clerk: Person) -> None:
        secret = an_app(clerk)
        for turn in range(5):
            assert prove(clerk, "000000", turn, source=f"10.0.0.{turn}") is None
        with pytest.raises(actions.TooManyTries):
            prove(clerk, factors.figures(secret, NOON + 60 * SECOND), 60, source="10.9.9.9")

    def test_is_nothing_before_the_app_is_confirmed(self, clerk: Person) -> None:
        secret = actions.begin_app(person=clerk, at=NOON).secret.open_unlogged()
        assert prove(clerk, factors.figures(secret, NOON)) is None
        assert not queries.has_second(clerk)

    def test_takes_each_code_on_paper_once(self, clerk: Person) -> None:
        codes = actions.new_paper(person=clerk, at=NOON)
        assert len(set(codes)) == 10
        assert prove(clerk, codes[3]) == "recovery"
        assert prove(clerk, codes[3]) is None
        assert queries.paper_left(clerk) == 9

    def test_takes_no_code_of_somebody_else_or_of_an_older_sheet(self, clerk: Person) -> None:
        other = Person.objects.create_user("other", "别人")
        old = actions.new_paper(person=clerk, at=NOON)
        actions.new_paper(person=clerk, at=NOON)
        theirs = actions.new_paper(person=other, at=NOON)
        assert prove(clerk, old[0]) is None
        assert prove(clerk, theirs[0]) is None


class TestDropFactor:
    def test_refuses_the_last_one_where_the_post_asks_for_one(self, clerk: Person, settings: Any) -> None:
        an_app(clerk)
        clerk.posts.update(from_at=NOON - timedelta(days=1))
        settings.SECOND_FACTOR = "required"
        with pytest.raises(actions.LastFactor):
            actions.drop_factor(factor=Factor.objects.get(), at=NOON)
        settings.SECOND_FACTOR = "offered"
        actions.drop_factor(factor=Factor.objects.get(), at=NOON)
        assert not RecoveryCode.objects.exists()


class TestSecondPage:
    def sign_in(self, client: Client) -> Any:
        return client.post("/login/", {"login": "zhoumin", "password": PASSWORD, "next": "/help/"})

    def test_stands_between_the_password_and_the_session(self, client: Client, clerk: Person) -> None:
        secret = an_app(clerk, timezone.now() - timedelta(minutes=5))
        assert self.sign_in(client)["Location"] == "/login/second/"
        assert client.get("/start/")["Location"].startswith("/login/")
        wrong = client.post("/login/second/", {"code": "000000"})
        assert wrong.status_code == 422
        answer = client.post("/login/second/", {"code": factors.figures(secret, timezone.now())})
        assert answer["Location"] == "/help/"
        assert client.get("/safety/").status_code == 200

    def test_is_shut_without_a_password_and_after_five_minutes(self, client: Client, clerk: Person) -> None:
        an_app(clerk)
        assert client.get("/login/second/")["Location"] == "/login/"
        self.sign_in(client)
        session = client.session
        session["front_pending"] |= {"at": session["front_pending"]["at"] - 301}
        session.save()
        assert client.get("/login/second/")["Location"] == "/login/"

    def test_tells_a_wrong_password_nothing_of_a_second_factor(self, client: Client, clerk: Person) -> None:
        an_app(clerk)
        answer = client.post("/login/", {"login": "zhoumin", "password": "wrong"})
        assert answer.status_code == 422
        assert "验证器" not in answer.content.decode()


class TestRequired:
    """R106, practice 11.5: desks and the three powers set a second factor up before anything else."""

    @pytest.fixture(autouse=True)
    def required(self, settings: Any) -> None:
        settings.SECOND_FACTOR = "required"

    @pytest.mark.parametrize("role", [Role.DISPATCHER, Role.ADMIN, Role.SECURITY, Role.AUDITOR, Role.DISTRICT])
    def test_leads_to_the_setting_up_first(self, client: Client, clerk: Person, role: str) -> None:
        clerk.posts.update(role=role, scope="140106")
        client.force_login(clerk)
        for page in ("/start/", "/audit/", "/accounts/", "/places/"):
            assert client.get(page)["Location"].startswith("/safety/")
        assert "您的岗位要有第二道验证" in client.get("/safety/").content.decode()

    def test_leaves_a_member_alone(self, client: Client, clerk: Person) -> None:
        clerk.posts.update(role=Role.MEMBER)
        client.force_login(clerk)
        assert not client.get("/start/")["Location"].startswith("/safety/")

    def test_lets_go_on_once_the_app_is_set(self, client: Client, clerk: Person) -> None:
        client.force_login(clerk)
        html = client.get("/safety/app/").content.decode()
        secret = "".join(re.search(r"<code class=\"b\">([A-Z2-7 ]+)</code>", html).group(1).split())  # type: ignore[union-attr]
        assert client.post("/safety/app/", {"code": "12"}).status_code == 422
        done = client.post("/safety/app/", {"code": factors.figures(secret, timezone.now())})
        assert len(re.findall(r"\d{4}-\d{4}-\d{2}", done.content.decode())) == 10
        assert not client.get("/start/")["Location"].startswith("/safety/")

    def test_asks_who_came_by_code_as_well(self, client: Client, clerk: Person, settings: Any) -> None:
        an_app(clerk, timezone.now() - timedelta(minutes=5))
        settings.DEMO = True
        client.post("/login/code/", {"phone": PHONE})
        shown = re.search(r"验证码是 (\d{6})", client.get("/login/code/type/").content.decode())
        assert shown is not None
        assert client.post("/login/code/type/", {"code": shown.group(1)})["Location"] == "/login/second/"


class TestJournal:
    def test_names_each_act_on_a_factor_and_never_a_secret(self, clerk: Person) -> None:
        secret = an_app(clerk)
        codes = actions.new_paper(person=clerk, at=NOON)
        prove(clerk, codes[0])
        lines = list(Entry.objects.values_list("verb", "facts"))
        assert {verb for verb, _ in lines} >= {"factor_set", "paper_set", "factor_used"}
        assert secret not in repr(lines)
        assert codes[0] not in repr(lines)
