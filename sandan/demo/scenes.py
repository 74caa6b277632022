"""The last hours in the community of the demo's logins: something of every kind for a visitor to find."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandan.calc.ground.distance import metres
from sandan.demo import course, messages, placing
from sandan.demo.messages import Message
from sandan.demo.stage import Event, Stage
from sandan.orders import actions
from sandan.orders.actions import checking, serving
from sandan.orders.models import Order
from sandan.orders.queries.rows import HIDDEN
from sandan.people.models import Person
from sandan.places.models import Building

Step = Callable[[Stage, Order, Message, datetime], None]
FITTING = "what suits the visitor"
VISITS = 55  # minutes before the end


@dataclass(frozen=True)
class Scene:
    """One order of the last hours: the catalogue item, minutes before the end when it came, and what was done when."""

    category: str
    came: int
    steps: tuple[tuple[int, str], ...] = ()


SCENES = (
    Scene("0104", 5),
    Scene("0201", 12),
    Scene("0502", 21),
    Scene("0601", 34),
    Scene("1101", 48),
    Scene(FITTING, 170, ((60, "judge"), (3, "open"))),
    Scene(FITTING, 160, ((50, "judge"), (6, "open"))),
    Scene(FITTING, 150, ((55, "judge"), (9, "open"))),
    Scene("0102", 145, ((48, "judge"), (12, "open"))),
    Scene("0802", 110, ((60, "judge"),)),
    Scene("0202", 115, ((40, "judge"), (16, "offer"))),
    Scene("0206", 140, ((50, "judge"), (22, "offer"))),
    Scene("0201", 125, ((70, "judge"), (26, "offer_unit"))),
    Scene("0205", 178, ((176, "judge"), (170, "offer"))),
    Scene("0402", 130, ((52, "ask"),)),
    Scene("0401", 155, ((120, "ask"), (75, "answer"), (28, "judge"))),
    Scene("9901", 100, ((65, "file"),)),
    Scene("0105", 178, ((90, "judge"), (44, "escalate"))),
    Scene("0101", 177, ((140, "judge"), (120, "offer_grid"), (100, "accept"), (41, "step_up"))),
    Scene("0402", 176, ((95, "judge"), (70, "ledger"))),
    Scene("0601", 174, ((85, "withdraw"),)),
    Scene("0102", 175, ((120, "judge"), (100, "offer"), (80, "accept"))),
    Scene("0101", 172, ((130, "judge"), (110, "offer_grid"), (95, "accept"), (60, "set_out"))),
    Scene("0202", 180, ((150, "judge"), (140, "offer"), (130, "accept"), (110, "set_out"), (45, "finish"))),
    Scene("1101", 180, ((160, "judge"), (150, "offer"), (140, "accept"), (120, "set_out"), (70, "finish"))),
    Scene("0203", 180, ((150, "judge"), (140, "offer_grid"), (130, "accept"), (90, "finish"), (30, "word"))),
    Scene("0103", 179, ((160, "judge"), (150, "offer"), (140, "accept"), (120, "set_out"), (50, "pause"))),
    Scene("0106", 177, ((150, "judge"), (140, "offer_grid"), (130, "accept"), (90, "finish"), (40, "no"))),
)  # fmt: skip


def plan(month: Stage) -> None:
    """Put all scenes on the heap; they keep the natural clock, so that they are there at any hour of the day."""
    for scene in SCENES:
        month.plan(month.now - timedelta(minutes=scene.came), _arrive(scene, _message(month, scene)))
    month.plan(month.now - timedelta(minutes=VISITS), _draw_visits)


def _draw_visits(month: Stage, at: datetime) -> None:
    """Field checks by lot for who turns the second key: one seen already, the others still owed."""
    by = month.world.tour["demo.review"]
    among = Order.objects.within(month.world.home).exclude(privacy__in=HIDDEN)
    drawn = checking.draw(among=among, count=6, by=by, at=at)
    checking.record(check=drawn[0], result="good", text="", pictures=[], by=by, at=at)


def _message(month: Stage, scene: Scene) -> Message:
    """An ordinary message of the item, about one matter."""
    pool = messages.by_category()
    codes = _fitting(month) if scene.category == FITTING else (scene.category,)
    found = [message for code in codes for message in pool[code]]
    usual = [message for message in found if message.urgency == 1 and len(message.codes) == 1]
    return month.rng.choice(usual or found)


def _fitting(month: Stage) -> tuple[str, ...]:
    """The items that the visitor as a member could grab."""
    skills = set(month.world.tour["demo.member"].skills)
    codes = messages.by_category()
    fit = (
        c for c in month.world.categories.values() if c.may_be_grabbed and skills & set(c.skills) and c.code in codes
    )
    return tuple(sorted(c.code for c in fit if c.privacy in (c.Privacy.PUBLIC, c.Privacy.INSIDE))) or ("0102",)


def _building(month: Stage, scene: Scene) -> Building:
    """A house of the home community; what the visitor shall find in the hall is near him."""
    if scene.category != FITTING:
        return month.rng.choice(month.world.at_home)
    member = month.world.tour["demo.member"]
    home = (member.lon or 0, member.lat or 0)
    near = sorted(month.world.at_home, key=lambda b: (metres(home, (b.lon, b.lat)), b.pk))
    return month.rng.choice(near[:12])


def _arrive(scene: Scene, message: Message) -> Event:
    def arrive(month: Stage, at: datetime) -> None:
        order = placing.place(month, message, _building(month, scene), at)
        for minutes, name in scene.steps:
            month.plan(month.now - timedelta(minutes=minutes), _step(name, order, message))

    return arrive


def _step(name: str, order: Order, message: Message) -> Event:
    def go(month: Stage, at: datetime) -> None:
        STEPS[name](month, month.fresh(order), message, at)

    return go


def _desk(month: Stage) -> Person:
    return month.world.tour["demo.desk"]


def _judge(month: Stage, order: Order, message: Message, at: datetime) -> None:
    category = month.world.categories[message.category]
    actions.judge(order=order, category=category, urgency=1, by=_desk(month), at=at, reply="收到了，今天给您安排。")


def _open(month: Stage, order: Order, _message: Message, at: datetime) -> None:
    if order.category and order.category.may_be_grabbed:
        actions.open_up(order=order, by=_desk(month), at=at)


def _offer(month: Stage, order: Order, _message: Message, at: datetime) -> None:
    tour = month.world.tour
    to = [tour["demo.member"], tour["demo.member2"]]
    actions.offer(order=order, to=to, by=_desk(month), at=at)


def _offer_grid(month: Stage, order: Order, _message: Message, at: datetime) -> None:
    actions.offer(order=order, to=[month.world.tour["demo.grid"]], by=_desk(month), at=at)


def _offer_unit(month: Stage, order: Order, _message: Message, at: datetime) -> None:
    clerk = month.world.tour["demo.clerk"]
    units = [post.unit for post in clerk.held_posts if post.unit]  # type: ignore[attr-defined]
    actions.offer(order=order, to=units[:1], by=_desk(month), at=at)


def _ask(month: Stage, order: Order, _message: Message, at: datetime) -> None:
    actions.ask(order=order, question="车主电话您知道吗？方便的话告诉我们。", by=_desk(month), at=at)


def _answer(_month: Stage, order: Order, _message: Message, at: datetime) -> None:
    actions.answer(order=order, text="车窗上留了电话，打过去没人接。", by=course.asker(order), at=at)


def _file(month: Stage, order: Order, message: Message, at: datetime) -> None:
    category = month.world.categories[message.category]
    actions.file(order=order, category=category, by=_desk(month), at=at, reply="谢谢您，话带到了。")


def _escalate(month: Stage, order: Order, _message: Message, at: datetime) -> None:
    actions.escalate(order=order, reason="no_right", by=_desk(month), at=at, text="牵涉几家物业，请街道出面。")


def _step_up(_month: Stage, order: Order, _message: Message, at: datetime) -> None:
    """The grid's worker cannot do it alone."""
    if order.holder:
        actions.escalate(order=order, reason="no_means", by=order.holder, at=at, text="要登高车，网格里没有。")


def _ledger(month: Stage, order: Order, _message: Message, at: datetime) -> None:
    until, text = at + timedelta(days=20), "院里画车位要等业主表决，先记上。"
    actions.ledger(order=order, reason="owner_unknown", until=until, by=_desk(month), at=at, text=text)


def _withdraw(_month: Stage, order: Order, _message: Message, at: datetime) -> None:
    actions.withdraw(order=order, by=course.asker(order), at=at)


def _accept(month: Stage, order: Order, _message: Message, at: datetime) -> None:
    live = order.offers.select_related("person").get(state="sent")
    if live.person:
        actions.accept(order=order, by=month.world.persons[live.person.pk], at=at)


def _set_out(_month: Stage, order: Order, _message: Message, at: datetime) -> None:
    if order.holder:
        actions.set_out(order=order, by=order.holder, at=at)


def _pause(_month: Stage, order: Order, _message: Message, at: datetime) -> None:
    if order.holder:
        until = at + timedelta(days=2)
        actions.pause(order=order, reason="parts", until=until, by=order.holder, at=at, text="配件后天到货。")


def _finish(month: Stage, order: Order, _message: Message, at: datetime) -> None:
    if order.holder is None:
        return
    for stage in ("before", "after") if serving.missing_proof(order) else ():
        picture = month.rng.choice(month.world.pictures)
        actions.add_photo(target=order, stage=stage, content=picture, by=order.holder, at=at)
    actions.finish(order=order, work="清理干净了，拍了照。", by=order.holder, at=at)


def _word(_month: Stage, order: Order, _message: Message, at: datetime) -> None:
    actions.review(order=order, word="yes", by=course.asker(order), at=at, satisfaction=2)


def _no(_month: Stage, order: Order, _message: Message, at: datetime) -> None:
    actions.review(order=order, word="no", by=course.asker(order), at=at, satisfaction=4, text="晚上又停了。")


STEPS: dict[str, Step] = {
    "judge": _judge, "open": _open, "offer": _offer, "offer_grid": _offer_grid, "offer_unit": _offer_unit,
    "ask": _ask, "answer": _answer, "file": _file, "escalate": _escalate, "ledger": _ledger, "withdraw": _withdraw,
    "accept": _accept, "step_up": _step_up, "set_out": _set_out, "pause": _pause, "finish": _finish, "word": _word,
    "no": _no,
}  # fmt: skip
