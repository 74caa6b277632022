"""The figures of a period on one page, each with the addresses of its orders; the same on a sheet of A4."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sandan.calc.figures import Figure
from sandan.core.pages import page
from sandan.orders.forms.boards import FiguresForm
from sandan.orders.queries import boards_figures as queries
from sandan.orders.queries import ladder_figures
from sandan.orders.queries.boards_figures import Counts, Scope
from sandan.orders.queries.boards_filter import Filters
from sandan.orders.queries.boards_lists import LISTS
from sandan.orders.queries.boards_scope import covers, desk_codes
from sandan.orders.views.boards_frame import desk_required, frame
from sandan.people.access import Request

MANY = 12  # items of the catalogue on the page


@dataclass(frozen=True)
class Opened:
    """A number that opens the orders it counts."""

    label: str
    count: int
    href: str


@dataclass(frozen=True)
class Shown:
    """A figure as the page prints it, with the numbers behind it."""

    figure: Figure
    opens: tuple[Opened, ...]


@require_safe
@desk_required
def figures(request: Request) -> HttpResponse:
    """Figures of the asked days and place; `paper` gives the sheet to print."""
    at = timezone.now()
    form = FiguresForm(request.GET)
    codes = desk_codes(request.user, at)
    if not form.is_valid():
        context = frame(request, at) | {"form": form, "title": queries.name_of(codes), "shown": None}
        return page(request, "orders/boards_figures.html", context, status=422)
    place = form.cleaned_data["place"]
    if place and not covers(codes, place):
        raise Http404
    since, until = form.days(at)
    scope = Scope((place,) if place else codes, since, until)
    context = frame(request, at) | _context(scope, place, at) | _period(request, form, since, until)
    template = "orders/boards_paper.html" if form.cleaned_data["paper"] else "orders/boards_figures.html"
    return page(request, template, context | {"form": form})


def _context(scope: Scope, place: str, at: datetime) -> dict[str, Any]:
    opens = _Opener(scope, place)
    counts = queries.totals(scope, at)
    hands, speed = queries.hands(scope, at), queries.first_look(scope, at)
    lines = queries.by_place(scope, at) if len(scope.codes) > 1 or len(scope.codes[0]) < 12 else []
    return {
        "title": queries.name_of(scope.codes), "counts": counts, "shown": _shown(counts, opens),
        "apart": [opens(_("撤单"), counts, "withdrawn"), opens(_("并单"), counts, "merged")],
        "received": opens(_("收到"), counts, "counted"), "late": opens(_("现在超时"), counts, "late"),
        "called": opens(_("回访过"), counts, "called"), "taken": opens(_("有人接过"), counts, "taken"),
        "speed": speed, "judged": Opened(_("研判过"), speed.count, opens.address("judged")), "hands": hands,
        "ever": Opened(_("累计解决实际问题"), queries.solved_ever(scope, at), opens.ever("solved")),
        "lines": [(line, opens.at(line.code), _shown(line.counts, opens.at(line.code))) for line in lines],
        "rungs": _rungs(scope, opens, at),
        "items": [(group, opens.item(group.key)) for group in queries.by_category(scope, at)[:MANY]],
    }  # fmt: skip


def _rungs(scope: Scope, opens: "_Opener", at: datetime) -> dict[str, Any]:
    """On which level orders were closed and why others went up, in the whole and place by place (R059)."""

    def row(solved: ladder_figures.Solved, here: "_Opener") -> list[Opened]:
        return [Opened(str(LISTS[name].label), solved.of[name], here.address(name)) for name in ladder_figures.BY_LEVEL]

    whole = ladder_figures.totals(scope, at)
    places = ladder_figures.by_place(scope, at) if len(scope.codes) > 1 or len(scope.codes[0]) < 12 else []
    reasons = [(str(LISTS[name].label), whole.of[name], opens.address(name)) for name in ladder_figures.BY_REASON]
    return {
        "grid": whole.in_grid(), "near": whole.near(), "reaches": whole.reaches_target, "levels": row(whole, opens),
        "up": Opened(_("上报过"), whole.of["stepped_up"], opens.address("stepped_up")), "target": ladder_figures.TARGET,
        "reasons": [Opened(label, count, href) for label, count, href in reasons],
        "places": [(name, row(solved, opens.at(code)), solved.near()) for code, name, solved in places],
    }  # fmt: skip


class _Opener:
    """Makes the addresses behind numbers: the board, filtered to exactly the orders that were counted."""

    def __init__(self, scope: Scope, place: str) -> None:
        self.filters = Filters(since=scope.since, until=scope.until, place=place)
        self.board = reverse("orders:board")

    def __call__(self, label: str, counts: Counts, name: str) -> Opened:
        return Opened(label, counts.of[name], self.address(name))

    def address(self, name: str, **more: object) -> str:
        return f"{self.board}?{self.filters.address(list=name, **more)}"

    def ever(self, name: str) -> str:
        return self.address(name, since=None, until=None)

    def item(self, code: str) -> str:
        return self.address("counted", category=code) if code else ""

    def at(self, place: str) -> "_Opener":
        return _Opener(Scope((place,), self.filters.since, self.filters.until), place)


def _shown(counts: Counts, opens: _Opener) -> list[Shown]:
    """The six rates in the order of the page."""
    return [
        Shown(counts.finish(), (opens(_("办结"), counts, "finished"), opens(_("还没办结"), counts, "unfinished"))),
        Shown(counts.in_time(), (opens(_("按期"), counts, "in_time"), opens(_("没按期"), counts, "not_in_time"))),
        Shown(
            counts.solved(),
            (opens(_("一次解决"), counts, "solved_at_once"), opens(_("没一次解决"), counts, "not_at_once")),
        ),
        Shown(counts.satisfaction(), (opens(_("打过分"), counts, "rated"), opens(_("不满意"), counts, "unhappy"))),
        Shown(counts.again(), (opens(_("重办过"), counts, "again"), opens(_("交过活"), counts, "handed_in"))),
        Shown(counts.near(), (opens(_("没出社区"), counts, "near"), opens(_("已销号"), counts, "closed"))),
    ]


def _period(request: Request, form: FiguresForm, since: date | None, until: date | None) -> dict[str, Any]:
    asked = form.cleaned_data["period"] or ("dates" if form.cleaned_data["since"] else "month")
    place = form.cleaned_data["place"]

    def address(**facts: str) -> str:
        query = request.GET.copy()
        query.clear()
        query.update({k: v for k, v in ({"place": place} | facts).items() if v})
        return f"?{query.urlencode()}"

    days = {"since": since.isoformat() if since else "", "until": until.isoformat() if until else ""}
    return {
        "since": since, "until": until, "place_asked": place, "period": asked,
        "periods": [
            (_("本月"), address(period="month"), asked == "month"),
            (_("本季"), address(period="quarter"), asked == "quarter"),
        ],
        "paper": address(period="dates", paper="on", **days), "screen": address(period="dates", **days),
    }  # fmt: skip
