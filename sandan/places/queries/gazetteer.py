"""Names and aliases: what place do these words mean, and what could a half-typed name become."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

from sandan.calc.address import AddressCandidate, Gazetteer, GazetteerEntry
from sandan.places.models import Building, Estate, Spot
from sandan.places.queries import copies


@dataclass(frozen=True)
class Candidate:
    """A place some words may mean; one of estate_id and spot_id is set. [start, end) is the wording in characters."""

    estate_id: int | None
    estate_name: str
    building: str | None
    unit: str | None
    room: str | None
    community_code: str
    grid_code: str | None
    lon: float
    lat: float
    confidence: float
    start: int
    end: int
    spot_id: int | None = None
    building_id: int | None = None
    micro_code: str | None = None


@dataclass(frozen=True)
class EstateName:
    """An estate for a list to choose from."""

    id: int
    name: str
    community_code: str
    community_name: str
    building_word: str
    lon: float
    lat: float


@dataclass(frozen=True)
class _House:
    id: int
    lon: float
    lat: float
    grid: str | None
    micro: str | None


@dataclass(frozen=True)
class _Names:
    """A county's names: for reading, for choosing, and what is known of each."""

    gazetteer: Gazetteer
    where: dict[str, tuple[float, float]]
    houses: dict[str, dict[str, _House]]
    estates: tuple[tuple[EstateName, tuple[str, ...]], ...]  # with everything it can be found by


def entry_id(thing: Estate | Spot) -> str:
    """The id of an estate or spot inside a gazetteer: e12, s7."""
    return f"{'e' if isinstance(thing, Estate) else 's'}{thing.pk}"


def _build(county: str) -> _Names:
    houses: dict[str, dict[str, _House]] = {}
    buildings = Building.objects.current().filter(estate__community__code__startswith=county)
    rows = buildings.values_list("estate_id", "label", "id", "lon", "lat", "grid_id", "micro_id")
    for estate, label, pk, lon, lat, grid, micro in rows:
        houses.setdefault(f"e{estate}", {})[label] = _House(pk, lon, lat, grid, micro)
    estates = list(
        Estate.objects.current().filter(community__code__startswith=county).select_related("community").order_by("id")
    )
    spots = list(Spot.objects.filter(community__code__startswith=county).order_by("id"))
    entries = [_entry(e, "estate", frozenset(houses.get(entry_id(e), ()))) for e in estates]
    entries += [_entry(s, s.kind, frozenset()) for s in spots]
    things: Sequence[Estate | Spot] = [*estates, *spots]
    where = {entry_id(thing): (thing.lon, thing.lat) for thing in things}
    return _Names(Gazetteer(entries), where, houses, tuple((_choice(e), _keys(e)) for e in estates))


def _entry(thing: Estate | Spot, kind: str, labels: frozenset[str]) -> GazetteerEntry:
    return GazetteerEntry(entry_id(thing), kind, thing.name, tuple(thing.aliases), thing.community_id, labels)


def _choice(estate: Estate) -> EstateName:
    community = estate.community
    return EstateName(
        estate.pk, estate.name, community.code, community.name, estate.building_word, estate.lon, estate.lat
    )


def _keys(estate: Estate) -> tuple[str, ...]:
    """Name and aliases, each also in pinyin and in its initials, in lower case."""
    keys = []
    for name in (estate.name, *estate.aliases):
        initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
        keys += [name.lower(), "".join(lazy_pinyin(name)).lower(), initials.lower()]
    return tuple(dict.fromkeys(keys))


_COPIES = copies.Copies(_build)
forget = _COPIES.forget


def resolve(text: str, county: str, community: str | None = None) -> list[Candidate]:
    """The places some words may mean, the surest first; `community` is where the asker is known to be.

    A slip, an alias and Chinese numerals are understood. Below 0.6 ask back; an empty list means no place was found.
    """
    names = _COPIES.of(county)
    if names is None:
        return []
    return [_candidate(found, names) for found in names.gazetteer.resolve(text, community or "")]


def _candidate(found: AddressCandidate, names: _Names) -> Candidate:
    key = found.entry.id
    lon, lat = names.where[key]
    house = names.houses.get(key, {}).get(found.building or "")
    number = int(key[1:])
    return Candidate(
        estate_id=number if key[0] == "e" else None,
        estate_name=found.entry.name,
        building=found.building,
        unit=found.unit,
        room=found.room,
        community_code=found.entry.community,
        grid_code=house.grid if house else None,
        lon=house.lon if house else lon,
        lat=house.lat if house else lat,
        confidence=found.confidence,
        start=found.start,
        end=found.end,
        spot_id=number if key[0] == "s" else None,
        building_id=house.id if house else None,
        micro_code=house.micro if house else None,
    )


def suggest(q: str, county: str, limit: int = 8, community: str | None = None) -> list[EstateName]:
    """Estates whose name, alias, pinyin or initials begin with `q`, then those that hold it; own community first."""
    names = _COPIES.of(county)
    wanted = "".join(q.lower().split())[:40]
    if names is None or not wanted:
        return []
    ranked = []
    for at, (estate, keys) in enumerate(names.estates):
        rank = _rank(keys, wanted)
        if rank is not None:
            ranked.append((rank, estate.community_code != (community or ""), at, estate))
    return [estate for *_, estate in sorted(ranked, key=lambda r: r[:3])[:limit]]


def _rank(keys: Iterable[str], wanted: str) -> int | None:
    if any(key.startswith(wanted) for key in keys):
        return 0
    return 1 if any(wanted in key for key in keys) else None


def estate_names(community: str) -> list[EstateName]:
    """All estates of one community or street: the list for someone who does not type."""
    names = _COPIES.of(community[:6])
    return [e for e, _ in names.estates if e.community_code.startswith(community)] if names else []
