"""The ground and the people of the copies: where an order comes from, and who stands there for whom."""

from collections import defaultdict
from functools import cached_property
from itertools import accumulate
from random import Random

from sandan.demo.bulk import wire
from sandan.demo.bulk.patterns import Family
from sandan.demo.world import World
from sandan.people.models import Role
from sandan.places.models import Building

UNEVEN = 0.9  # the spread of how busy communities and buildings are, as a log-normal sigma
SEED = 19
HOME = 0.03  # of all orders: the community of the demo's logins
Slot = tuple[str, int]  # a role and the how-manieth who holds it at that place


class NobodyThere(LookupError):
    """The community has not as many people as the pattern needs."""


class Town:
    """A county's communities and people for copies, or one of several parts of them."""

    def __init__(self, world: World, part: int = 0, parts: int = 1) -> None:
        self.world = world
        rng = Random(SEED)  # every process finds the same places busy
        self.buildings: dict[str, list[Building]] = defaultdict(list)
        for building in world.buildings:
            self.buildings[building.estate.community_id].append(building)
        served = [code for code in sorted(self.buildings) if world.desks.get(code) and world.helpers.get(code)]
        weights = self._weights(served, rng)
        ranked = sorted(served, key=lambda code: -weights[code])[part::parts]
        self.communities, self._busy = ranked, list(accumulate(weights[code] for code in ranked))
        self._crowds = {
            code: list(accumulate(rng.lognormvariate(0, UNEVEN) for _ in self.buildings[code])) for code in served
        }
        self._fitting: dict[tuple[str, tuple[str, ...]], list[int]] = {}

    def _weights(self, served: list[str], rng: Random) -> dict[str, float]:
        weights = {code: rng.lognormvariate(0, UNEVEN) for code in served}
        rest = sum(weight for code, weight in weights.items() if code != self.world.home) or 1.0
        return weights | ({self.world.home: rest * HOME / (1 - HOME)} if self.world.home in weights else {})

    def a_community(self, rng: Random) -> str:
        """Some communities are far busier than others."""
        return rng.choices(self.communities, cum_weights=self._busy)[0]

    def a_building(self, community: str, rng: Random) -> Building:
        return rng.choices(self.buildings[community], cum_weights=self._crowds[community])[0]

    @cached_property
    def _slots(self) -> dict[int, Slot]:
        """What each person with a post over a street, a community or a grid is there; the county's are themselves."""
        slots: dict[int, Slot] = {}
        for (role, _scope), holders in self._holders.items():
            for nth, person in enumerate(holders):
                slots.setdefault(person, (role, nth))
        return slots

    @cached_property
    def _holders(self) -> dict[tuple[str, str], list[int]]:
        """Person ids by role and street or community, those who hold a desk first."""
        desks: dict[tuple[str, str], list[int]] = defaultdict(list)
        others: dict[tuple[str, str], list[int]] = defaultdict(list)
        for pk, person in self.world.persons.items():
            for post in person.held_posts:  # type: ignore[attr-defined]
                if len(post.scope) < len("140106001"):
                    continue
                found = desks if post.role in (Role.DISPATCHER, Role.LIAISON) else others
                found[post.role, post.scope[:12]].append(pk)
        return {**desks, **others}

    def cast(self, family: Family, community: str, skills: tuple[str, ...], rng: Random) -> dict[int, bytes]:
        """For each person of the family somebody else's id as a field, no two the same; raises NobodyThere."""
        taken, cast = set[int](), dict[int, int]()
        helpers = []
        for pk in family.persons:
            role, nth = self._slots.get(pk, ("", 0))
            if role in (Role.MEMBER, Role.GRID_WORKER):
                helpers.append(pk)
                continue
            scope = community[:9] if role == Role.LIAISON else community
            holders = self._holders.get((role, scope), []) if role else [pk]
            if nth >= len(holders):
                raise NobodyThere(role)
            cast[pk] = holders[nth]
        taken.update(cast.values())
        cast |= zip(helpers, self._helpers(community, skills, len(helpers), taken, rng), strict=True)
        return {pk: wire.long(other) for pk, other in cast.items()}

    def _helpers(
        self, community: str, skills: tuple[str, ...], count: int, taken: set[int], rng: Random
    ) -> list[int]:  # fmt: skip
        """So many of those who can do it, else of those who are there."""
        fit = self._fit(community, skills)
        found = [pk for pk in rng.sample(fit, min(len(fit), count + len(taken))) if pk not in taken][:count]
        if len(found) < count:
            rest = [pk for pk in self._fit(community, ()) if pk not in taken and pk not in found]
            found += rng.sample(rest, min(count - len(found), len(rest)))
        if len(found) < count:
            raise NobodyThere("helper")
        return found

    def _fit(self, community: str, skills: tuple[str, ...]) -> list[int]:
        key = (community, skills)
        if key not in self._fitting:
            wanted = set(skills)
            there = self.world.helpers[community]
            self._fitting[key] = [p.pk for p in there if not wanted or wanted & set(p.skills)]
        return self._fitting[key]
