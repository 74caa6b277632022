"""Addresses in invented messages of an invented district (tests/data)."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandan.calc.address import AddressCandidate, Gazetteer, GazetteerEntry

DATA = Path(__file__).parent.parent / "data"
KINDS = {"estate": "estate", "road": "road", "poi": "point"}


def labels(text: str) -> frozenset[str]:
    first, dash, last = text.partition("-")
    return frozenset(map(str, range(int(first), int(last) + 1))) if dash else frozenset(filter(None, text.split("|")))


def entries() -> list[GazetteerEntry]:
    with (DATA / "gazetteer.csv").open(encoding="utf-8", newline="") as file:
        return [
            GazetteerEntry(
                row["id"], KINDS[row["type"]], row["name"], tuple(filter(None, row["aliases"].split("|"))),
                row["parent_id"], labels(row["buildings"]),
            )
            for row in csv.DictReader(file)
            if row["type"] in KINDS
        ]  # fmt: skip


GAZETTEER = Gazetteer(entries())


def best(text: str, community: str = "") -> AddressCandidate | None:
    return next(iter(GAZETTEER.resolve(text, community)), None)


def sure(text: str) -> float:
    """The confidence of the best candidate."""
    found = best(text)
    assert found is not None
    return found.confidence


def parts(found: AddressCandidate | None) -> tuple[str | None, ...]:
    assert found is not None
    return found.entry.name, found.building, found.unit, found.room


def messages() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / "place_messages.jsonl").read_text(encoding="utf-8").splitlines()]


class TestResolve:
    @pytest.mark.parametrize(
        ("text", "building", "unit", "room"),
        [
            ("桐花苑十二号楼三单元五〇二室", "12", "3", "502"),
            ("桐花苑12-3-502", "12", "3", "502"),
            ("桐花苑12号楼3单元", "12", "3", None),
            ("桐花苑 第十二号楼，三单元 五零二", "12", "3", "502"),
            ("桐花苑2栋", "2", None, None),
            ("桐花苑３号楼", "3", None, None),
            ("桐花苑5号楼十楼漏水", "5", None, None),
            ("十号楼跟十一号楼之间的路断了，桐花苑的", "10", None, None),
            ("桐花苑门口", None, None, None),
        ],
    )
    def test_reads_building_unit_and_room(
        self, text: str, building: str | None, unit: str | None, room: str | None
    ) -> None:
        assert parts(best(text)) == ("桐花苑", building, unit, room)

    def test_reads_letters_for_buildings(self) -> None:
        assert parts(best("云栖里甲座1207")) == ("云栖里公寓", "甲", None, "1207")

    def test_knows_an_estate_by_the_front_of_its_name_when_a_building_follows(self) -> None:
        assert parts(best("粮食局3号楼三单元没水"))[:3] == ("粮食局宿舍", "3", "3")
        assert sure("去粮食局办事") < 0.6

    @pytest.mark.parametrize("text", ["桐华苑5号楼", "霁山花圆5号楼", "教师新春5幢"])
    def test_forgives_a_slip_of_the_pen(self, text: str) -> None:
        found = best(text)
        assert found is not None
        assert found.building == "5"
        assert found.confidence < (best(text.replace(text[:4], found.entry.name)) or found).confidence

    def test_does_not_cut_a_numeral_in_two(self) -> None:
        assert parts(best("铁路二村十二号楼"))[:2] == ("铁路二村", "12")
        assert best("二十二期") is None

    def test_takes_the_home_of_the_asker_before_a_park_that_is_named_too(self) -> None:
        assert parts(best("北区3号楼2单元的老人想去看北渠公园"))[:3] == ("北渠家园北区", "3", "2")

    def test_is_surer_in_the_community_the_asker_is_known_to_be_in(self) -> None:
        here, elsewhere = best("东院", "C05"), best("东院", "C01")
        assert here is not None
        assert elsewhere is not None
        assert here.confidence > elsewhere.confidence

    def test_doubts_a_building_the_estate_does_not_have(self) -> None:
        assert sure("桐花苑3号楼") - sure("桐花苑99号楼") > 0.3

    def test_guesses_the_only_estate_with_that_building_where_the_asker_lives(self) -> None:
        found = best("十四号楼三单元五〇二室没水", "C02")
        assert parts(found) == ("桐花苑", "14", "3", "502")
        assert sure("桐花苑14号楼") > (found.confidence if found else 1)
        assert best("十四号楼三单元五〇二室没水") is None
        assert best("三号楼没水", "C02") is None  # several estates there have one

    @pytest.mark.parametrize("text", ["霁云花园2号楼2单元501", "松林庭院6栋2单元", "桐树农贸市场着火了"])
    def test_only_asks_back_when_the_name_is_that_of_another_place(self, text: str) -> None:
        assert all(found.confidence <= 0.5 for found in GAZETTEER.resolve(text))

    def test_marks_the_words_it_means(self) -> None:
        text = "麻烦了，桐花苑12号楼3单元灯坏了"
        found = best(text)
        assert found is not None
        assert text[found.start : found.end] == "桐花苑12号楼3单元"

    @pytest.mark.parametrize(
        "text", ["", "灯坏了", "楼道里太黑", "申请使用社区多功能厅", "𠮷" * 50, "请回电话16900660345"]
    )
    def test_finds_no_place_where_none_is_named(self, text: str) -> None:
        assert GAZETTEER.resolve(text) == []

    def test_finds_the_right_place_in_most_messages(self) -> None:
        rows = [m for m in messages() if m["place"]]
        found = [(m["place"], best(m["text"])) for m in rows]
        right = [(place, c) for place, c in found if c and c.entry.id == place["gaz_id"]]
        whole = [c for p, c in right if (c.building, c.unit, c.room) == (p["building"], p["unit"], p["room"])]
        assert len(rows) > 40
        assert len(right) >= 0.95 * len(rows)
        assert len(whole) >= 0.95 * len(right)

    def test_names_no_place_in_messages_without_one(self) -> None:
        rows = [m for m in messages() if not m["place"]]
        assert len(rows) >= 8
        assert [m["text"] for m in rows if best(m["text"])] == []

    @given(st.text("桐花苑铁路二村十号楼单元-0123甲座 的，x𠮷", max_size=40))
    def test_never_fails_and_stays_inside_the_text(self, text: str) -> None:
        for found in GAZETTEER.resolve(text):
            assert 0 <= found.start < found.end <= len(text)
            assert 0 <= found.confidence < 1
