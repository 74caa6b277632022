"""What a resident is writing: the draft, where the words say it is, what they sound like, which number to dial."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sandan.intake import queries as catalogue
from sandan.intake.models import Category
from sandan.orders.models import Draft
from sandan.orders.models.order import Urgency
from sandan.orders.queries import sql_order
from sandan.places import queries as ground
from sandan.places.models import Estate, Place

DRAFT_LIFE = timedelta(days=1)
SURE_ENOUGH = 0.4
MOST_HEARD, MOST_GUESSES = 3, 4
DANGER = {"0503": "119", "1001": "120", "0304": "110", "0301": "110"}  # category, and the number of its emergency_route


@dataclass(frozen=True)
class Where:
    """A place as a resident gave it; degrees are WGS-84, `confidence` is 1 where he chose it himself."""

    community: str
    name: str = ""
    estate: int | None = None
    building: str = ""
    unit: str = ""
    room: str = ""
    spot: str = ""
    lon: float | None = None
    lat: float | None = None
    confidence: float = 1.0
    word: str = "号楼"  # what this estate calls its buildings

    @property
    def label(self) -> str:
        """「铁路二村 12号楼 4单元 302」, for the one who wrote it."""
        building = self.building + (self.word if self.building.isalnum() else "") if self.building else ""
        unit = f"{self.unit}单元" if self.unit else ""
        return " ".join(part for part in (self.name, building, unit, self.room) if part)

    @property
    def door(self) -> str:
        """Unit and room, as they are kept under seal."""
        return " ".join(part for part in (f"{self.unit}单元" if self.unit else "", self.room) if part)


@dataclass(frozen=True)
class Writing:
    """A draft's content: what happened, where it came from, where it is; `community` is that of the notice board.

    `grid` is that of a contact card: it holds where the place given is in the same community and names no other grid.
    """

    text: str = ""
    channel: str = "web"
    community: str = ""
    where: Where | None = None
    near_shown: bool = False  # similar orders were already shown beside the place
    grid: str = ""

    def sealed(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True)
class Alarm:
    """Words that name a danger: the number to dial at once, and the item of the catalogue that says so."""

    number: str
    category: Category
    urgency: int


def draft(key: UUID, at: datetime) -> Draft | None:
    """The draft of that key while its day lasts."""
    return sql_order.draft(key, at - DRAFT_LIFE)


def writing_of(row: Draft) -> Writing:
    """What stands in a draft."""
    content = json.loads(row.content.open_unlogged())
    where = Where(**content.pop("where")) if content.get("where") else None
    content.pop("where", None)
    return Writing(**content, where=where)


def home_county(community: str = "") -> Place | None:
    """The county a resident is in: that of his notice board, else the first one that is served here."""
    counties = Place.objects.filter(kind=Place.Kind.COUNTY).only("code", "name").order_by("code")
    return (counties.filter(code=community[:6]).first() if community else None) or counties.first()


def community(code: str) -> Place | None:
    """The community of a code that came with a reader, or None."""
    if len(code) != 12 or not (code.isascii() and code.isdigit()):
        return None
    return Place.objects.filter(code=code, kind=Place.Kind.COMMUNITY).select_related("parent").defer("outline").first()


def communities(county: str) -> list[tuple[str, list[Place]]]:
    """The communities that take orders, by street: for someone who knows only the name of his own."""
    rows = Place.objects.filter(kind=Place.Kind.COMMUNITY, code__startswith=county, takes_orders=True)
    streets: dict[str, list[Place]] = {}
    for row in rows.select_related("parent").only("code", "name", "parent__name").order_by("code"):
        streets.setdefault(row.parent.name if row.parent else "", []).append(row)
    return list(streets.items())


def heard(text: str, county: str, community: str) -> list[Where]:
    """The places the words name, the surest first, at most three."""
    found = ground.resolve(text, county, community or None)
    good = [one for one in found if one.confidence >= SURE_ENOUGH][:MOST_HEARD]
    words = dict(Estate.objects.filter(pk__in=[c.estate_id for c in good]).values_list("pk", "building_word"))
    return [_where(one, words) for one in good]


def _where(found: ground.Candidate, words: dict[int, str]) -> Where:
    return Where(
        community=found.community_code, name=found.estate_name, estate=found.estate_id, building=found.building or "",
        unit=found.unit or "", room=found.room or "", lon=found.lon, lat=found.lat, confidence=found.confidence,
        word=words.get(found.estate_id or 0, "号楼"),
    )  # fmt: skip


def estates_named(name: str, county: str, community: str) -> list[ground.EstateName]:
    """The estates a typed name can mean: those of exactly that name, else those it is found in."""
    found = ground.suggest(name, county, 8, community or None)
    exact = [estate for estate in found if estate.name == name.strip()]
    if exact or found:
        return exact or found
    read = [one.estate_id for one in ground.resolve(name, county, community or None) if one.estate_id]
    listed = {estate.id: estate for estate in ground.estate_names(county)}
    return [listed[pk] for pk in read[:8] if pk in listed]


def at_estate(estate: Estate, building: str, unit: str, room: str, spot: str) -> Where:
    """A place in an estate the resident chose; a known building gives its own position."""
    label = building.removesuffix(estate.building_word).strip()
    house = estate.buildings.filter(label=label).first() if label else None
    at = house or estate
    return Where(
        community=estate.community_id, name=estate.name, estate=estate.pk, building=label, unit=unit, room=room,
        spot=spot, lon=at.lon, lat=at.lat, word=estate.building_word,
    )  # fmt: skip


def with_building(where: Where, building: str, unit: str, room: str, spot: str) -> Where:
    """A heard place with what the resident added to it; what he typed stands above what was heard."""
    return replace(
        where, building=building or where.building, unit=unit or where.unit, room=room or where.room, spot=spot
    )


def alarm(text: str) -> Alarm | None:
    """The most dangerous matter the words name, if they name one."""
    items = {one.code: one for one in catalogue.requests()}
    for code, number in DANGER.items():
        item = items.get(code)
        if item and any(word in text for word in item.keywords):
            return Alarm(number, item, max(item.urgency, Urgency.URGENT))
    return None


def danger_words() -> dict[str, list[str]]:
    """The words of danger by the number to dial, for the page to react before anything is sent."""
    words: dict[str, list[str]] = {}
    for item in catalogue.requests():
        if item.code in DANGER:
            words.setdefault(DANGER[item.code], []).extend(item.keywords)
    return words


def guesses(text: str) -> list[Category]:
    """The items whose words occur in the text, most words first, at most four."""
    scored = [(sum(len(word) for word in item.keywords if word in text), item) for item in catalogue.requests()]
    ranked = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1].code))
    return [item for _, item in ranked[:MOST_GUESSES]]


def guess(chosen: str, found: Iterable[Category], danger: Alarm | None) -> Category | None:
    """What the order is taken for until somebody judges it: the resident's word, the danger, else a sealed matter.

    A matter that only sounds sealed is sealed at once; one that only sounds ordinary waits for the desk's judgement.
    """
    found = list(found)
    named = next((item for item in found if item.code == chosen), None)
    if named or danger:
        return named or (danger.category if danger else None)
    return next((item for item in found if item.privacy == Category.Privacy.SEALED), None)
