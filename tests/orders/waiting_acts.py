"""Every verb of the table on an order of its own, ready to be done: what the test of waiting runs against itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sandan.orders import actions
from sandan.orders.actions import ticking
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Person
from tests.factories.orders import MORNING, Course, a_category, a_course, a_picture, a_sending
from tests.factories.people import Cast

AT = MORNING + timedelta(hours=3)
Act = Callable[[], object]
DESK, SECOND, HELPER, ASKER, CLOCK = "dispatcher", "reviewer", "member", "asker", "clock"
LATER = AT + timedelta(days=3)

# verb: the state it starts from, who does it, what is said
SAID: dict[str, tuple[str, str, dict[str, Any]]] = {
    "judge": (S.RECEIVED, DESK, {"category": "0102", "urgency": 1}),
    "open_up": (S.JUDGED, DESK, {}),
    "offer": (S.JUDGED, DESK, {"to": ["member"]}),
    "gather": (S.JUDGED, DESK, {"to": ["member", "second_member"], "needed": 2, "minutes": 60}),
    "grab": (S.OPEN, "grabber", {}),
    "lapse": (S.OPEN, CLOCK, {}),
    "accept": (S.OFFERED, HELPER, {}),
    "decline": (S.OFFERED, HELPER, {"reason": "busy"}),
    "miss": (S.OFFERED, CLOCK, {}),
    "set_out": (S.TAKEN, HELPER, {}),
    "release": (S.TAKEN, HELPER, {"reason": "busy"}),
    "finish": (S.UNDERWAY, HELPER, {"work": "清了堵点。"}),
    "review": (S.SERVED, ASKER, {"word": "half", "satisfaction": 2, "text": "还差一点。"}),
    "hear": (S.SERVED, SECOND, {"word": "yes", "channel": "phone"}),
    "stand_in": (S.SERVED, SECOND, {"word": "yes", "reason": "unnamed"}),
    "dissent": (S.SERVED, ASKER, {"reason": "not_solved"}),
    "send_back": (S.SERVED, SECOND, {"reason": "not_solved"}),
    "call_back": (S.SERVED, SECOND, {"is_reached": False}),
    "close": (S.REVIEWED, SECOND, {"outcome": "solved"}),
    "reopen": (S.CLOSED, ASKER, {"reason": "not_solved"}),
    "ask": (S.JUDGED, DESK, {"question": "是几楼？"}),
    "answer": (S.ASKED, DESK, {"text": "五楼。"}),
    "no_reply": (S.ASKED, CLOCK, {}),
    "pause": (S.TAKEN, HELPER, {"reason": "parts", "until": LATER, "text": "等配件。"}),
    "resume": (S.PAUSED, DESK, {}),
    "ledger": (S.JUDGED, DESK, {"reason": "no_money", "until": LATER, "text": "等资金。"}),
    "take_up": (S.LEDGERED, DESK, {}),
    "extend": (S.TAKEN, DESK, {"reason": "parts", "until": None, "text": "等配件。"}),
    "escalate": (S.JUDGED, DESK, {"reason": "no_means"}),
    "hand_down": (S.ESCALATED, "liaison", {"reason": "no_means"}),
    "pass_on": (S.RECEIVED, DESK, {"where": "119"}),
    "take_back": (S.PASSED, DESK, {"reason": "busy"}),
    "refuse": (S.RECEIVED, DESK, {"reason": "not_ours", "where": "请找物业前台。"}),
    "file": (S.RECEIVED, DESK, {"category": "9901"}),
    "unfile": (S.FILED, DESK, {}),
    "merge": (S.JUDGED, DESK, {"into": None}),
    "unmerge": (S.MERGED, DESK, {}),
    "split": (S.JUDGED, DESK, {"parts": ["0102", "0601"]}),
    "withdraw": (S.RECEIVED, ASKER, {}),
}


def acts(cast: Cast, grabber: Person) -> dict[str, Act]:
    """Each verb as a call on its own order; and placing and joining, which start from none and from any."""
    found = {verb: _act(cast, grabber, verb) for verb in SAID}
    joined = a_course(cast).order
    contact = actions.Contact(name="景师古", phone="16400007777")
    found["place"] = lambda: actions.place(sending=a_sending(), by=None, at=AT)
    found["join"] = lambda: actions.join(order=joined, key=uuid4(), contact=contact, at=AT)
    return found


def _act(cast: Cast, grabber: Person, verb: str) -> Act:
    state, who, said = SAID[verb]
    course = a_course(cast, state, **({"phone": ""} if verb == "stand_in" else {}))
    _prepare(course, verb)
    words = {name: _word(cast, course, name, value) for name, value in said.items()}
    pk, asker = course.order.pk, course.order.askers.get(is_first=True)
    if who == CLOCK:
        return lambda: ticking.STEPS[verb](Order.objects.get(pk=pk), AT)
    by = {"asker": asker, "grabber": grabber}.get(who) or getattr(cast, who)
    return lambda: getattr(actions, verb)(order=Order.objects.get(pk=pk), by=by, at=AT, **words)


def _prepare(course: Course, verb: str) -> None:
    """What else must be there: pictures before handing in, a call before closing."""
    if verb == "finish":
        for stage in ("before", "after"):
            actions.add_photo(target=course.order, stage=stage, content=a_picture(), by=course.helper, at=course.at)
    if verb == "close" and course.order.needs_call:
        course.do("call_back", course.cast.reviewer, is_reached=True, satisfaction=1)


def _word(cast: Cast, course: Course, name: str, value: Any) -> Any:
    if name == "category":
        return a_category(value)
    if name == "to":
        return [getattr(cast, person) for person in value]
    if name == "parts":
        return [(a_category(code), "一件事，请看看。") for code in value]
    if name == "into":
        return a_course(cast, S.JUDGED).order
    if name == "until" and value is None:
        return (course.order.due_at or AT) + timedelta(hours=1)
    return value
