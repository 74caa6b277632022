"""Orders for tests: `an_order` drives the real actions to any of the nineteen states, on one Monday morning."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from PIL import Image

import sandan
from sandan.intake.models import Category
from sandan.orders import actions
from sandan.orders.models import Asker, Order
from sandan.orders.workflow import S
from sandan.people.models import Person
from sandan.places.models import Place
from tests.factories.people import COMMUNITY, GRID, Cast

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 8, 10, 9, 30, tzinfo=ZONE)  # a Monday; half an hour after opening
STEP = timedelta(minutes=3)
NAMES = UUID("5d3f3a2e-7f0c-4c51-8a55-1c7b2c0f6d10")
WORDS = "厨房下水道堵了，水一直往上返，麻烦来人看看。"
LEVELS = {"网格": 1, "社区": 2, "街道": 3, "区": 4}
URGENCIES = {"普通": 1, "紧急": 2, "突发": 3}
PRIVACIES = {"公开": "public", "内部": "inside", "敏感": "contact", "高敏": "sealed"}
_serial = count(1)


@cache
def _rows() -> dict[str, dict[str, str]]:
    path = Path(sandan.__file__).parent / "data/categories.csv"
    return {row["code"]: row for row in csv.DictReader(path.open(encoding="utf-8"))}


def a_category(code: str = "0102") -> Category:
    """A line of the real catalogue; 0102 is pipes and drains, may be grabbed, and asks for photos."""
    known = Category.objects.filter(code=code).first()
    if known:
        return known
    row = _rows()[code]
    facts: dict[str, Any] = {}
    if row["default_level"]:
        facts = {
            "level": LEVELS[row["default_level"]], "urgency": URGENCIES[row["default_urgency"]],
            "accept_minutes": round(float(row["accept_hours"]) * 60), "finish_value": float(row["finish_value"]),
            "finish_unit": row["finish_unit"], "clock": row["clock"], "grab": row["grab"],
            "privacy": PRIVACIES[row["privacy"]], "callback": row["callback"], "evidence": row["evidence"],
            "burst_accept_minutes": int(row["burst_accept_minutes"]) if row["burst_accept_minutes"] else None,
            "skills": [skill for skill in row["skills"].split("|") if skill],
        }  # fmt: skip
    parent = a_category(row["parent_code"]) if row["parent_code"] else None
    return Category.objects.create(
        code=code, parent=parent, name=row["name_cn"], name_en=row["name_en"], department=row["department_cn"],
        is_request=row["is_request"] == "1", **facts,
    )  # fmt: skip


def a_picture(colour: str = "#4f8a6b") -> bytes:
    """A small real JPEG."""
    file = io.BytesIO()
    Image.new("RGB", (48, 36), colour).save(file, "JPEG")
    return file.getvalue()


def asker_of(order: Order) -> Asker:
    """The first asker."""
    return order.askers.get(is_first=True)


def a_sending(**facts: Any) -> actions.Sending:
    """A message from a resident of GRID; `phone=""` makes it unnamed, `key` is new each time."""
    number = next(_serial)
    phone = facts.pop("phone", f"164{number % 10**8:08d}")
    name = facts.pop("name", "邓秀兰")
    place = {"grid": GRID, "building": "3号楼", "door": "2单元501", "lon": 112.5512, "lat": 37.8613, "confidence": 1.0}
    place |= {key: facts.pop(key) for key in tuple(facts) if key in place or key in {"estate", "exclusive", "spot"}}
    community = facts.pop("community", None) or Place.objects.get(code=COMMUNITY)
    if not place["grid"].startswith(community.code):
        place["grid"] = ""
    return actions.Sending(
        **{
            "key": uuid5(NAMES, str(number)), "channel": "wechat", "text": WORDS,
            "ground": actions.Ground(community=community, **place),
            "contact": actions.Contact(name=name, phone=phone) if phone else actions.Contact(),
        } | facts
    )  # fmt: skip


@dataclass
class Course:
    """One order on its way: every step takes three minutes, the right person makes each."""

    cast: Cast
    order: Order
    at: datetime
    helper: Person
    category: Category
    urgency: int

    def do(self, verb: str, by: Any, **said: Any) -> "Course":
        self.at += STEP
        made = getattr(actions, verb)(order=self.order, by=by, at=self.at, **said)
        self.order = made[0] if isinstance(made, list) else made
        return self

    def judged(self) -> "Course":
        return self.do("judge", self.cast.dispatcher, category=self.category, urgency=self.urgency)

    def opened(self) -> "Course":
        return self.judged().do("open_up", self.cast.dispatcher)

    def offered(self) -> "Course":
        return self.judged().do("offer", self.cast.dispatcher, to=[self.helper])

    def taken(self) -> "Course":
        return self.offered().do("accept", self.helper)

    def underway(self) -> "Course":
        return self.taken().do("set_out", self.helper)

    def served(self) -> "Course":
        return self.underway().handed_in()

    def handed_in(self) -> "Course":
        """The proof that the category asks for, and the word of who served."""
        if self.category.evidence == "before_after_photo":
            for stage in ("before", "after"):
                actions.add_photo(
                    target=self.order, stage=stage, content=a_picture(), by=self.helper, at=self.at + STEP / 2
                )
        return self.do("finish", self.helper, work="清了堵点，试水通畅。")

    def reviewed(self, word: str = "yes") -> "Course":
        served = self.served()
        if self.order.is_anonymous:
            return served.do("stand_in", self.cast.reviewer, word=word, reason="unnamed")
        return served.do("review", asker_of(self.order), word=word, satisfaction=1)

    def closed(self) -> "Course":
        reviewed = self.reviewed()
        if self.order.needs_call:
            reviewed.do("call_back", self.cast.reviewer, is_reached=True, satisfaction=1)
        return reviewed.do("close", self.cast.reviewer, outcome="solved")

    def merged(self) -> "Course":
        target = an_order(self.cast, S.JUDGED, at=self.at)
        return self.judged().do("merge", self.cast.dispatcher, into=target)

    def asked(self) -> "Course":
        return self.judged().do("ask", self.cast.dispatcher, question="是几楼的下水道？")

    def paused(self) -> "Course":
        return self.judged().do(
            "pause", self.cast.dispatcher, reason="parts", until=self.at + timedelta(days=3), text="等配件。"
        )

    def ledgered(self) -> "Course":
        until = self.at + timedelta(days=30)
        return self.judged().do("ledger", self.cast.dispatcher, reason="no_money", until=until, text="要等维修资金。")


WAYS: dict[str, Callable[[Course], Course]] = {
    S.RECEIVED: lambda course: course,
    S.JUDGED: Course.judged,
    S.OPEN: Course.opened,
    S.OFFERED: Course.offered,
    S.TAKEN: Course.taken,
    S.UNDERWAY: Course.underway,
    S.SERVED: Course.served,
    S.REVIEWED: Course.reviewed,
    S.CLOSED: Course.closed,
    S.ASKED: Course.asked,
    S.PAUSED: Course.paused,
    S.LEDGERED: Course.ledgered,
    S.ESCALATED: lambda course: course.judged().do("escalate", course.cast.dispatcher, reason="no_means"),
    S.REOPENED: lambda course: course.served().do("dissent", asker_of(course.order), reason="not_solved"),
    S.PASSED: lambda course: course.do("pass_on", course.cast.dispatcher, where="119"),
    S.MERGED: Course.merged,
    S.REFUSED: lambda course: course.do("refuse", course.cast.dispatcher, reason="not_ours", where="请找物业前台。"),
    S.WITHDRAWN: lambda course: course.do("withdraw", asker_of(course.order)),
    S.FILED: lambda course: course.do("file", course.cast.dispatcher, category=a_category("9901")),
}


def an_order(
    cast: Cast, state: str = S.RECEIVED, *, at: datetime = MORNING, code: str = "0102", urgency: int = 1,
    helper: Person | None = None, **facts: Any,
) -> Order:  # fmt: skip
    """An order in that state, placed at `at`; `facts` are those of `a_sending` (text, phone, community, door ...)."""
    return a_course(cast, state, at=at, code=code, urgency=urgency, helper=helper, **facts).order


def a_course(
    cast: Cast, state: str = S.RECEIVED, *, at: datetime = MORNING, code: str = "0102", urgency: int = 1,
    helper: Person | None = None, **facts: Any,
) -> Course:  # fmt: skip
    """As `an_order`, with the moment of its last step, so that a test can go on from there."""
    category = a_category(code)
    sending = a_sending(**({"guess": category, "urgency": urgency} | facts))
    placed = actions.place(sending=sending, by=None, at=at)
    course = Course(cast, placed.order, at, helper or cast.member, category, urgency)
    return WAYS[state](course)
