"""The rows of a board as HTML: drawn here alone, for the page, for a refresh and for whoever pushes changes."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.template import engines
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from sandan.orders.queries.lights import COLOURS, colour_word
from sandan.orders.queries.rows import Row

TEMPLATE = "orders/boards_rows.html"
CLASSES = {"red": "over", "orange": "near", "yellow": "half", "green": "ok", "grey": "rest"}
SIGNS = {"red": "M8 4.5v4M8 11.2v.1", "grey": "M6.2 5.4v5.2M9.8 5.4v5.2"}  # the others show how much is used


def rows_html(rows: Sequence[Row], can: Mapping[int, str], is_wide: bool) -> Markup:
    """The rows of the list: `can` names the batch verbs open to the reader, `is_wide` shows the community."""
    env: Any = engines["jinja2"]
    before, _mark, after = reverse("orders:detail", args=["NUMBER"]).partition("NUMBER")
    drawn = env.env.get_template(TEMPLATE).render(
        rows=rows, can=can, is_wide=is_wide, before=before, after=after, **_said(get_language()),
    )  # fmt: skip
    return Markup(drawn)  # noqa: S704 (the template escapes)


@cache
def _said(_language: str | None) -> dict[str, Any]:
    """What is the same on every row, in the language of the page."""
    before, _mark, after = _("选 %(number)s").partition("%(number)s")
    lights = {colour: (CLASSES[colour], colour_word(colour), SIGNS.get(colour)) for colour in COLOURS}
    return {"choose": (before, after), "lights": lights, "seal": _("密"), "icons": static("front/icons.svg")}
