"""core.pages and core.words: what a template can say and how a page or one block of it is drawn."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation
from jinja2 import DictLoader, UndefinedError

import sandan
from sandan.core import pages, words

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 8, 10, 12, 0, tzinfo=SHANGHAI)
SOURCE = Path(sandan.__file__).parent


def at(day: int, hour: int, minute: int = 0, month: int = 8, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def request_of(rf: RequestFactory) -> HttpRequest:
    return rf.get("/")


class TestWhen:
    @pytest.mark.parametrize(
        ("moment", "said"),
        [
            (at(10, 17, 30), "今天 17:30"),
            (at(11, 9), "明天 9:00"),
            (at(9, 8, 5), "昨天 8:05"),
            (at(13, 17, 30), "8月13日 17:30"),
            (at(31, 23, 59, 12, 2025), "2025年12月31日 23:59"),
        ],
    )
    def test_says_near_days_by_name(self, moment: datetime, said: str) -> None:
        assert words.when(moment, NOON) == said

    def test_counts_days_where_the_reader_lives(self) -> None:
        late_in_utc = datetime(2026, 8, 10, 15, 30, tzinfo=ZoneInfo("UTC"))
        assert words.when(late_in_utc, NOON) == "今天 23:30"
        assert words.when(late_in_utc.replace(hour=16), NOON) == "明天 0:30"

    def test_says_nothing_of_no_time(self) -> None:
        assert words.when(None, NOON) == ""
        assert words.until(None, NOON) == ""

    def test_makes_a_promise(self) -> None:
        assert words.until(at(10, 17, 30), NOON) == "今天 17:30 前"


class TestLeft:
    @pytest.mark.parametrize(
        ("minutes", "said"),
        [
            (58, "余 58 分"),
            (212, "余 3小时32分"),
            (120, "余 2小时"),
            (31 * 60, "余 1天7小时"),
            (2880, "余 2天"),
            (0, "余 0 分"),
            (-240, "超 4小时"),
            (-35.7, "超 35 分"),
        ],
    )
    def test_uses_at_most_two_units(self, minutes: float, said: str) -> None:
        assert words.left(minutes) == said


class TestAgo:
    def test_says_minutes_for_an_hour(self) -> None:
        assert words.ago(NOON, NOON) == "刚刚"
        assert words.ago(at(10, 11, 48), NOON) == "12 分前"
        assert words.ago(at(10, 10), NOON) == "今天 10:00"


class TestDistance:
    @pytest.mark.parametrize(
        ("metres", "said"),
        [(183, "180 米"), (2, "10 米"), (994, "990 米"), (996, "1 公里"), (1100, "1.1 公里"), (3000, "3 公里")],
    )
    def test_rounds_to_what_a_position_is_worth(self, metres: float, said: str) -> None:
        assert words.distance(metres) == said


class TestPhones:
    def test_mask_leaves_head_and_tail(self) -> None:
        assert words.phone_mask("164 0000 7719") == "164****7719"

    @pytest.mark.parametrize("number", ["4040110", "12345", "1", ""])
    def test_mask_shows_nothing_of_a_short_number(self, number: str) -> None:
        assert words.phone_mask(number) == "****"

    def test_groups_are_read_aloud(self) -> None:
        assert words.phone_groups("16400990000") == "164 0099 0000"
        assert words.phone_groups("03514040110") == "0351 404 0110"
        assert words.phone_groups("12345") == "12345"


class TestDeskClock:
    def test_says_day_and_weekday(self) -> None:
        assert words.desk_clock(at(10, 14, 2)) == "8月10日 周一 14:02"


class TestEnvironment:
    def test_escapes_what_people_wrote(self) -> None:
        env = pages.environment(loader=DictLoader({"a": "{{ text }}"}), autoescape=True)
        assert env.get_template("a").render(text="<b>") == "&lt;b&gt;"

    def test_escapes_inside_a_translated_sentence(self) -> None:
        env = pages.environment(loader=DictLoader({"a": '{{ _("您好，%(name)s", name=n) }}'}), autoescape=True)
        assert env.get_template("a").render(n="<b>") == "您好，&lt;b&gt;"

    def test_refuses_a_name_nobody_gave(self) -> None:
        env = pages.environment(loader=DictLoader({"a": "{{ forgotten }}"}), autoescape=True)
        with pytest.raises(UndefinedError):
            env.get_template("a").render()

    def test_says_times_against_the_page_s_own_now(self) -> None:
        env = pages.environment(loader=DictLoader({"a": "{{ t|when }} {{ t|until }}"}), autoescape=True)
        assert env.get_template("a").render(t=at(10, 17, 30), now=NOON) == "今天 17:30 今天 17:30 前"


class TestPage:
    def test_draws_the_whole_page(self, request_of: HttpRequest) -> None:
        html = pages.page(request_of, "front/help.html", {"community": None, "follow": None}).content.decode()
        assert html.startswith("<!doctype html>")
        assert 'lang="zh-CN"' in html
        assert "data-mode" not in html

    def test_draws_one_block_with_its_pieces(self, request_of: HttpRequest) -> None:
        context = {"community": None, "follow": None}
        html = pages.page(request_of, "front/help.html", context, part="main").content.decode()
        assert "<html" not in html
        assert "打 12345" in html

    def test_reads_the_elder_cookie_before_the_first_byte(self, request_of: HttpRequest) -> None:
        request_of.COOKIES["elder"] = "1"
        html = pages.page(request_of, "front/help.html", {"community": None, "follow": None}).content.decode()
        assert '<html lang="zh-CN" data-mode="elder">' in html

    def test_carries_status_and_headers(self, request_of: HttpRequest) -> None:
        context = {"community": None, "follow": None}
        response = pages.page(request_of, "front/help.html", context, status=422, headers={"HX-Retarget": "#x"})
        assert (response.status_code, response["HX-Retarget"]) == (422, "#x")


class TestRail:
    def test_is_empty_for_a_visitor(self) -> None:
        assert pages.rail(None) == pages.Rail()

    def test_skips_places_that_do_not_exist(self, monkeypatch: pytest.MonkeyPatch) -> None:
        here = (pages.RailPlace("front:help", "帮助", "inbox"), pages.RailPlace("moon:landing", "月亮", "inbox"))
        monkeypatch.setattr(pages, "RAIL", here)
        user = type("Somebody", (), {"is_authenticated": True})()
        assert [place["label"] for place in pages.rail(user).near] == ["帮助"]
        assert pages.rail(user, only=("moon:landing",)) == pages.Rail()

    def test_shows_a_desk_s_day_and_keeps_the_rest_in_groups(self) -> None:
        user = type("Somebody", (), {"is_authenticated": True})()
        rail = pages.rail(user)
        assert tuple(place["name"] for place in rail.near) == pages.FIRST
        shown = [*rail.near, *rail.hidden]
        assert sorted(place["name"] for place in shown) == sorted(
            place.name for place in pages.RAIL if pages.url_or_none(place.name)
        )
        assert next(name for name, places in rail.more if places) == "办单"

    def test_needs_no_opener_for_a_few(self) -> None:
        user = type("Somebody", (), {"is_authenticated": True})()
        few = ("orders:figures", "places:map", "people:members")
        assert {place["name"] for place in pages.rail(user, only=few).near} == set(few)
        assert pages.rail(user, only=few).more == ()


class TestUrlOrNone:
    def test_knows_what_exists(self) -> None:
        assert pages.url_or_none("front:help") == "/help/"
        assert pages.url_or_none("moon:landing") is None


def templates() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("templates/**/*.html"))


class TestTemplates:
    def test_name_only_icons_of_the_sprite(self) -> None:
        sprite = (SOURCE / "front/static/front/icons.svg").read_text()
        named = {name for path in templates() for name in re.findall(r'ui\.icon\("([a-z0-9-]+)"', path.read_text())} | {
            place.icon for place in pages.RAIL
        }
        assert [name for name in sorted(named) if f'id="{name}"' not in sprite] == []


class TestLanguage:
    def test_follows_the_reader(self, request_of: HttpRequest) -> None:
        with translation.override("en"):
            html = pages.page(request_of, "front/help.html", {"community": None, "follow": None}).content.decode()
        assert '<html lang="en">' in html
