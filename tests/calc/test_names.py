"""Invented names: unique in a county, enough for the largest."""

from sandan.calc.ground.names import NameGiver


class TestNameGiver:
    def test_has_names_enough_for_a_city_without_counties(self) -> None:
        """东莞 has six hundred communities and needs some twenty thousand names."""
        giver = NameGiver("441900")
        names = [giver.estate().name for _ in range(20_000)]
        assert len(set(names)) == len(names)

    def test_gives_the_same_names_for_one_seed(self) -> None:
        first, again = NameGiver("140106"), NameGiver("140106")
        assert [first.estate() for _ in range(50)] == [again.estate() for _ in range(50)]
