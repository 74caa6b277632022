"""The hall: what it shows to whom and in which order."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sandan.intake.models import Category
from sandan.orders import actions
from sandan.orders.models import Order
from sandan.orders.queries.member_hall import hall
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import a_category, an_order
from tests.factories.people import GRID, OTHER_GRID, Cast, somebody
from tests.orders.hall_kit import TEXT, at, offered, opened, signed_in, text_of

pytestmark = pytest.mark.django_db


class TestWhoMayEnter:
    def test_sends_strangers_to_the_login(self) -> None:
        assert "/login/" in Client().get("/hall/").headers["Location"]

    def test_is_closed_to_desks_and_auditors(self, cast: Cast) -> None:
        for person in (cast.dispatcher, cast.auditor):
            assert signed_in(person).get("/hall/").status_code == 403

    @pytest.mark.parametrize("who", ["member", "grid_worker", "clerk"])
    def test_is_where_the_day_begins(self, cast: Cast, who: str) -> None:
        person = getattr(cast, who)
        answer = signed_in(person).get("/start/", follow=True)
        assert answer.redirect_chain[-1][0] == "/hall/"
        assert answer.status_code == 200


class TestHall:
    def test_sorts_by_skill_then_home_grid_then_distance(self, cast: Cast) -> None:
        """R044: what suits stands first: a skill that is asked for, the same grid, then the shorter way."""
        a_category("0201")
        Category.objects.filter(pk="0201").update(skills=[])
        for_anybody = opened(cast, code="0201")
        far = opened(cast, grid=OTHER_GRID, lon=112.5590, lat=37.861)
        near = opened(cast, grid=OTHER_GRID, lon=112.5530, lat=37.861)
        home = opened(cast, grid=GRID, lon=112.5580, lat=37.861)
        found = hall(cast.member, timezone.now())
        assert [job.row.id for job in found.jobs] == [home.pk, near.pk, far.pk, for_anybody.pk]
        assert [bool(job.fit.skills) for job in found.jobs] == [True, True, True, False]

    def test_says_why_how_far_and_how_long(self, cast: Cast) -> None:
        """R044: reasons, distance, the rest of the window and the deadline with its light."""
        opened(cast)
        text = text_of(signed_in(cast.member).get("/hall/"))
        for part in (TEXT, "您会水暖维修", "同一个网格", "米</b>", "还能抢", "宽裕", "给排水堵漏"):
            assert part in text

    def test_counts_what_does_not_fit_with_the_reason(self, cast: Cast) -> None:
        """R044: skill and distance limits, said instead of shown."""
        opened(cast)
        opened(cast, grid=OTHER_GRID, lon=112.60)
        electrician = signed_in(cast.second_member)
        text = text_of(electrician.get("/hall/"))
        assert TEXT not in text
        assert "还有 2 单要会别的本领" in text
        text = text_of(signed_in(cast.member).get("/hall/"))
        assert text.count(TEXT) == 1
        assert "还有 1 单离您超过 1 公里" in text

    def test_shows_no_other_county(self, cast: Cast) -> None:
        opened(cast)
        stranger = somebody("外区人", Role.MEMBER, "990301", skills=["水暖维修"])
        assert hall(stranger, timezone.now()).total == 0

    def test_never_shows_sealed_matters(self, cast: Cast) -> None:
        """G3: a sealed matter never lies in the hall, whatever the catalogue says of grabbing."""
        category = a_category("0803")
        assert (category.privacy, category.grab) == ("sealed", "review")
        judged = an_order(cast, S.JUDGED, code="0803", text="腿脚不便的秘密", at=timezone.now())
        with pytest.raises(actions.giving.NotForGrabbing):
            actions.open_up(order=judged, by=cast.dispatcher, at=timezone.now())
        Order.objects.filter(pk=judged.pk).update(state=S.OPEN)
        companion = somebody("陪同人", Role.MEMBER, GRID, skills=list(category.skills), lon=112.551, lat=37.861)
        client = signed_in(companion)
        assert hall(companion, timezone.now()).total == 0
        assert "秘密" not in text_of(client.get("/hall/"))
        assert client.get(at(judged)).status_code == 404

    def test_hides_the_words_of_a_personal_matter_until_taken(self, cast: Cast) -> None:
        """G3: 敏感 is shown after taking: kind, community and distance before, words after."""
        helper = somebody("采买人", Role.MEMBER, GRID, skills=["采购配送"], lon=112.551, lat=37.861)
        order = opened(cast, code="0805", text="想要一副老花镜")
        client = signed_in(helper)
        for path in ("/hall/", at(order)):
            text = text_of(client.get(path))
            assert "微心愿" in text
            assert "老花镜" not in text
        client.post(at(order), {"act": "take"})
        assert "老花镜" in text_of(client.get(f"/mine/{order.full_number}/"))

    def test_names_the_building_at_most(self, cast: Cast) -> None:
        """G3: no door, no name, no number, neither in the hall nor on the order's page."""
        order = opened(cast, name="邓秀兰", phone="16412345678", door="2单元501")
        for path in ("/hall/", at(order)):
            text = text_of(signed_in(cast.member).get(path))
            assert not [part for part in ("2单元501", "501", "邓秀兰", "16412345678", "5678") if part in text]

    def test_is_kind_when_nothing_is_there(self, cast: Cast) -> None:
        text = text_of(signed_in(cast.member).get("/hall/"))
        assert "眼下没有合适您的单" in text
        assert 'href="/mine/"' in text

    def test_renews_its_lists_alone(self, cast: Cast) -> None:
        opened(cast)
        text = text_of(signed_in(cast.member).get("/hall/", headers={"HX-Request": "true"}))
        assert "<html" not in text
        assert TEXT in text

    def test_has_pages(self, cast: Cast) -> None:
        for _n in range(22):
            opened(cast)
        client = signed_in(cast.member)
        first, second = (text_of(client.get(f"/hall/?page={n}")) for n in (1, 2))
        assert (first.count("<article"), second.count("<article")) == (20, 2)
        assert text_of(client.get("/hall/?page=99")).count("<article") == 2
        assert client.get("/hall/?page=x").status_code == 200

    def test_takes_as_many_statements_for_five_as_for_fifty(
        self, cast: Cast, django_assert_max_num_queries: Any
    ) -> None:
        client = signed_in(cast.member)
        for _n in range(5):
            opened(cast)
            offered(cast, cast.member)
        with django_assert_max_num_queries(12) as few:
            client.get("/hall/")
        for _n in range(45):
            opened(cast)
        with django_assert_max_num_queries(12) as many:
            client.get("/hall/")
        assert len(few) == len(many)
