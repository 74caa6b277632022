"""A step on the ladder: its reason, its row, who sees up and across, what the desk is asked (R059, R118)."""

from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.intake.models import Route
from sandan.orders import access, actions
from sandan.orders.actions.passing import NoReason, NoSuchArea
from sandan.orders.forms.desk_moves import EscalateForm, form_of
from sandan.orders.models import Order, Step
from sandan.orders.models.ladder import UP_REASONS
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import MORNING, Course, a_category, a_course, an_order
from tests.factories.people import (
    COMMUNITY,
    COUNTY,
    GRID,
    OTHER_COMMUNITY,
    OTHER_STREET,
    STREET,
    Cast,
    a_place,
    a_unit,
    somebody,
)  # fmt: skip
from tests.orders.ladder_kit import in_the_grid, path
from tests.orders.told_kit import told

pytestmark = pytest.mark.django_db


class TestReasons:
    @pytest.mark.parametrize("reason", ["", "busy", "NO_RIGHT", "没有这个权"])
    def test_are_five_and_no_more(self, cast: Cast, reason: str) -> None:
        """R059: each step up states why."""
        with pytest.raises(NoReason):
            a_course(cast, S.JUDGED).do("escalate", cast.dispatcher, reason=reason)

    def test_stand_in_the_database_as_well(self, cast: Cast) -> None:
        order = an_order(cast, S.JUDGED)
        facts = {"order": order, "from_person": cast.dispatcher, "at": MORNING}
        bad = (
            {"verb": "escalate", "from_level": 2, "to_level": 3, "reason": "busy"},
            {"verb": "escalate", "from_level": 3, "to_level": 2, "reason": "no_right"},
            {"verb": "hand_down", "from_level": 3, "to_level": 2, "reason": ""},
            {"verb": "take", "from_level": 2, "to_level": 2},
            {"verb": "escalate", "from_level": 4, "to_level": 5, "reason": "no_right"},
        )
        for row in bad:
            with pytest.raises(IntegrityError), transaction.atomic():
                Step.objects.create(**facts, **row)

    def test_of_a_step_down_are_kept(self, cast: Cast) -> None:
        course = a_course(cast, S.ESCALATED).do("hand_down", cast.liaison, reason="advice")
        assert path(course.order) == [("escalate", 2, 3, "no_means"), ("hand_down", 3, 2, "advice")]


class TestHistory:
    def test_is_whole_and_leads_to_the_level(self, cast: Cast) -> None:
        """R059: every step with from, to, reason and who; one row after the other."""
        course = in_the_grid(cast).do("escalate", cast.grid_worker, reason="no_means").judged()
        course.do("escalate", cast.dispatcher, reason="no_right")
        course.do("judge", cast.liaison, category=a_category(), urgency=1)
        course.do("escalate", cast.liaison, reason="several_areas")
        course.do("hand_down", cast.district, reason="means_given", to=cast.liaison)
        steps = list(course.order.steps.order_by("pk"))
        assert [(s.from_level, s.to_level) for s in steps] == [(2, 1), (1, 2), (2, 3), (3, 4), (4, 3)]
        assert all(one.to_level == following.from_level for one, following in pairwise(steps))
        assert [s.by for s in steps] == [
            cast.grid_worker, cast.grid_worker, cast.dispatcher, cast.liaison, cast.district,
        ]  # fmt: skip
        assert [s.to_person for s in steps][2:] == [cast.liaison, cast.district, cast.liaison]
        assert (course.order.level, course.order.owner, course.order.step_count) == (3, cast.liaison, 3)
        said = journal.lines_of(course.order).filter(verb__in=("escalate", "accept"))
        assert [line.facts.get("level") for line in said] == [1, 2, 3, 4]

    def test_tells_all_levels_below(self, cast: Cast) -> None:
        course = in_the_grid(cast).do("escalate", cast.grid_worker, reason="no_means").judged()
        course.do("escalate", cast.dispatcher, reason="no_right")
        assert {cast.grid_worker.pk, cast.liaison.pk} <= told("escalate")
        course.do("judge", cast.liaison, category=a_category(), urgency=1)
        course.do("offer", cast.liaison, to=[cast.member]).do("accept", cast.member)
        assert {cast.grid_worker.pk, cast.dispatcher.pk} <= told("accept")


class TestAcross:
    """R118, G2: one order, seen by duty up and across, never copied."""

    def named(self, cast: Cast, *areas: str, **facts: object) -> Course:
        course = a_course(cast, S.JUDGED, **facts)
        return course.do("escalate", cast.dispatcher, reason="several_areas", areas=areas)

    def test_is_seen_by_the_named_community_alone(self, cast: Cast) -> None:
        third = somebody("第三社区", Role.DISPATCHER, a_place(f"{STREET}003").code)
        order = self.named(cast, OTHER_COMMUNITY).order
        assert access.order_of(cast.neighbour, order.full_number, MORNING) == order
        assert access.roles_of(order, cast.neighbour, MORNING) == {"seer"}
        assert cast.neighbour.pk in told("concern")
        assert not access.may_see_contact(access.roles_of(order, cast.neighbour, MORNING), order)
        with pytest.raises(Http404):
            access.order_of(third, order.full_number, MORNING)
        assert Order.objects.count() == 1

    def test_is_seen_by_a_named_streets_liaison_and_not_by_its_communities(self, cast: Cast) -> None:
        far = a_place(f"{OTHER_STREET}001").code
        liaison = somebody("别街联络", Role.LIAISON, OTHER_STREET)
        dispatcher = somebody("别街派单", Role.DISPATCHER, far)
        order = self.named(cast, OTHER_STREET).order
        assert access.roles_of(order, liaison, MORNING) == {"seer"}
        assert access.roles_of(order, dispatcher, MORNING) == frozenset()

    def test_gives_a_liaison_of_another_street_the_same_404(self, cast: Cast) -> None:
        other = somebody("别街联络", Role.LIAISON, OTHER_STREET)
        order = self.named(cast, OTHER_COMMUNITY).order
        texts = set()
        for number in (order.full_number, order.full_number[:-3] + "999"):
            with pytest.raises(Http404) as refusal:
                access.order_of(other, number, MORNING)
            texts.add(str(refusal.value))
        assert len(texts) == 1

    @pytest.mark.parametrize("area", [COMMUNITY, STREET, "990201009009", "110101001001", COUNTY, GRID, "x", ""])
    def test_names_only_other_areas_of_the_county(self, cast: Cast, area: str) -> None:
        with pytest.raises(NoSuchArea):
            self.named(cast, area)
        assert not Step.objects.exists()

    def test_never_shows_a_sealed_matter_across(self, cast: Cast) -> None:
        with pytest.raises(NoSuchArea, match="密封"):
            self.named(cast, OTHER_COMMUNITY, code="0702")
        order = self.named(cast, OTHER_COMMUNITY).order
        order.privacy = "sealed"
        assert access.roles_of(order, cast.neighbour, MORNING) == frozenset()

    def test_names_nobody_for_another_reason(self, cast: Cast) -> None:
        course = a_course(cast, S.JUDGED).do("escalate", cast.dispatcher, reason="no_right", areas=[OTHER_COMMUNITY])
        assert course.order.areas is None

    def test_is_seen_by_the_department_in_charge_once_it_went_up(self, cast: Cast) -> None:
        other = a_unit("住建局")
        stranger = somebody("别局", Role.UNIT_CLERK, COUNTY, unit=other)
        Route.objects.create(category=a_category(), scope=COUNTY, unit=cast.unit)
        course = a_course(cast, S.JUDGED)
        assert access.roles_of(course.order, cast.clerk, MORNING) == frozenset()
        order = course.do("escalate", cast.dispatcher, reason="no_right").order
        assert access.roles_of(order, cast.clerk, MORNING) == {"seer"}
        assert access.roles_of(order, stranger, MORNING) == frozenset()
        Route.objects.create(category=a_category(), scope=STREET, unit=other)  # a nearer route decides
        assert access.roles_of(order, cast.clerk, MORNING) == frozenset()

    def test_lets_nobody_across_move_it(self, cast: Cast) -> None:
        order = self.named(cast, OTHER_COMMUNITY).order
        for verb, said in (("judge", {"category": a_category(), "urgency": 1}), ("hand_down", {"reason": "yours"})):
            with pytest.raises(Refused):
                getattr(actions, verb)(order=order, by=cast.neighbour, at=order.touched_at, **said)


class TestStepUp:
    @pytest.mark.parametrize("reason", UP_REASONS)
    def test_leaves_who_answered_before_in_the_row(self, cast: Cast, reason: str) -> None:
        order = a_course(cast, S.JUDGED).do("escalate", cast.dispatcher, reason=reason).order
        step = order.steps.get()
        assert (step.by, step.from_person, step.to_person) == (cast.dispatcher, cast.dispatcher, cast.liaison)
        assert step.at == order.touched_at

    def test_may_be_made_while_it_waits_to_be_accepted(self, cast: Cast) -> None:
        course = a_course(cast, S.ESCALATED).do("escalate", cast.liaison, reason="no_right")
        assert (course.order.level, course.order.state) == (4, S.ESCALATED)

    def test_brings_it_down_to_the_street_that_was_named(self, cast: Cast) -> None:
        course = a_course(cast, S.ESCALATED).do("escalate", cast.liaison, reason="no_right")
        course.do("hand_down", cast.district, reason="yours", to=cast.liaison)
        assert (course.order.level, course.order.owner, course.order.state) == (3, cast.liaison, S.JUDGED)


class TestForm:
    """What the desk is asked when it steps up."""

    def form(self, cast: Cast, *, code: str = "0102", **said: object) -> EscalateForm:
        form = form_of("escalate", an_order(cast, S.JUDGED, code=code), MORNING, said)
        assert isinstance(form, EscalateForm)
        return form

    def test_asks_which_areas_for_that_reason_alone(self, cast: Cast) -> None:
        assert "areas" in self.form(cast, reason="several_areas").errors
        assert "reason" in self.form(cast, reason="danger", areas=[OTHER_COMMUNITY]).errors
        good = self.form(cast, reason="several_areas", areas=[OTHER_COMMUNITY], text="")
        assert good.is_valid()
        assert good.cleaned_data == {"reason": "several_areas", "areas": [OTHER_COMMUNITY], "text": ""}

    def test_names_no_other_county_and_nobody_for_a_sealed_matter(self, cast: Cast) -> None:
        assert "areas" in self.form(cast, reason="several_areas", areas=["110101001001"]).errors
        assert "areas" not in self.form(cast, code="0702", reason="several_areas").fields
