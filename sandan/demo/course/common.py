"""What every part of a simulated course needs."""

from random import Random

from sandan.demo import names
from sandan.demo.stage import Stage
from sandan.orders.models import Asker, Order
from sandan.people.models import Person

REASONS_NO = ("busy", "far", "skill", "ill", "tools")


def phone(rng: Random) -> str:
    return names.a_phone(rng)


def caller(rng: Random) -> str:
    return names.a_name(rng)[0] + rng.choice(("女士", "先生", "师傅", "阿姨"))


def desk(month: Stage, order: Order, but: int | None = None) -> Person:
    """Somebody of the desk in charge, not the one who must not."""
    if order.level > 2:
        return order.owner
    return next((p for p in month.world.desks[order.community_id] if p.pk != but), order.owner)


def asker(order: Order) -> Asker:
    return Asker.objects.get(order=order, is_first=True)


def word_of(rng: Random) -> tuple[str, int]:
    """What the asker says, and how satisfied he is, 1 to 5."""
    word = rng.choices(("yes", "half", "no"), (89, 5, 6))[0]
    return word, {
        "yes": rng.choices((1, 2, 3, 4), (50, 35, 12, 3))[0],
        "half": rng.choice((3, 4)),
        "no": rng.choice((4, 5)),
    }[word]
