"""What people say about an order: the original under seal, the masked text in the clear."""

from datetime import datetime

from django.utils.translation import gettext as _

from sandan.calc.masking import masked, terms
from sandan.core.errors import Refused
from sandan.orders.access import Actor
from sandan.orders.models import Order, Words
from sandan.people.models import Person

LONGEST = 2000
TERM_LENGTH = 24


class Wordless(Refused):
    """Something had to be said and was not, or it was far too long."""


def checked(text: str) -> str:
    """The text without control characters and outer blanks; refuses the empty and the endless."""
    clean = "".join(c for c in text if c == "\n" or c.isprintable()).strip()
    if not clean:
        raise Wordless(_("还没有写内容。一句话就行。"))
    if len(clean) > LONGEST:
        raise Wordless(
            _("写得太长了，最多 %(most)s 字，现在有 %(now)s 字。请挑要紧的说。") % {"most": LONGEST, "now": len(clean)}
        )
    return clean


def search_terms(text: str) -> list[str]:
    """The search terms of a masked text, cut to what a column holds."""
    return list(dict.fromkeys(term[:TERM_LENGTH] for term in terms(text)))


def shown(text: str) -> str:
    """What lists and searches see: no people, no numbers, and no door, for unit and room are kept under seal."""
    return masked(text, "public")


def say(order: Order, kind: str, text: str, audience: str, *, by: Actor, at: datetime) -> Words:
    """Keep what was said; returns the row whose id the journal may carry."""
    words = words_of(order, kind, text, audience, by=by, at=at)
    words.save(force_insert=True)
    return words


def words_of(order: Order, kind: str, text: str, audience: str, *, by: Actor, at: datetime) -> Words:
    """The row of `say`, for a caller who writes it with other rows."""
    clean = checked(text)
    return Words(
        order=order,
        kind=kind,
        audience=audience,
        masked=shown(clean),
        original=clean,
        person=by if isinstance(by, Person) else None,
        at=at,
    )
