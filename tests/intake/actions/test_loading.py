"""intake.actions.loading: the files of the catalogue become rows, all or none."""

import pytest

from sandan.core.models import Entry
from sandan.intake.actions import BadRow, load_catalogue, loading
from sandan.intake.models import Category
from tests.factories.intake import LOADED_AT, a_catalogue, files


def edited(name: str, old: str, new: str) -> dict[str, str]:
    text = getattr(files(), name)
    assert old in text
    return {name: text.replace(old, new, 1)}


class TestLoadCatalogue:
    def test_brings_11_departments_43_items_and_4_codes(self, db: None) -> None:
        """R112: 11 departments with 43 items; each says the duty of the grid worker, its rhythm and its limits."""
        assert len(a_catalogue()) == 12 + 47
        items = Category.objects.filter(parent__is_request=True)
        assert Category.objects.filter(parent=None, is_request=True).count() == 11
        assert items.count() == 43
        assert Category.objects.filter(parent_id="99").count() == 4
        assert not items.filter(duty="") | items.filter(rhythm="") | items.filter(finish_value=0)

    def test_reads_the_columns_as_they_are_meant(self, catalogue: None) -> None:
        leak, fire, thanks = (Category.objects.get(code=code) for code in ("0101", "0503", "9901"))
        assert (leak.level, leak.urgency, leak.accept_minutes, leak.finish_value) == (2, 1, 240, 7)
        assert (leak.privacy, leak.grab, leak.skills) == ("inside", "no", ["物业协调", "泥瓦土建"])
        assert (fire.level, fire.urgency, fire.accept_minutes, fire.burst_feedback_minutes) == (4, 3, 6, 120)
        assert (thanks.is_request, thanks.burst_accept_minutes) == (False, None)
        assert {c.privacy for c in Category.objects.filter(code__in=["0304", "0302", "0104"])} == {
            "sealed",
            "contact",
            "public",
        }

    def test_covers_the_three_fields(self, catalogue: None) -> None:
        """R052: items for jobs, social security and a liveable town."""
        fields = set(Category.objects.exclude(field="").values_list("field", flat=True))
        assert fields == {"jobs", "security", "livable"}

    def test_covers_the_five_kinds_of_everyday_work(self, catalogue: None) -> None:
        """R063: 诉求反馈、信息收集、纠纷调解、政策宣传、应急管理."""
        kinds = set(Category.objects.exclude(work_kind="").values_list("work_kind", flat=True))
        assert kinds >= {"appeal", "survey", "mediation", "publicity", "emergency"}

    def test_changes_nothing_the_second_time(self, catalogue: None) -> None:
        lines = Entry.objects.count()
        assert a_catalogue() == []
        assert Entry.objects.count() == lines

    def test_tells_what_changed_and_writes_a_line_of_it(self, catalogue: None) -> None:
        texts = edited("categories", "漏雨|渗水", "漏雨|滴水")
        (change,) = load_catalogue(files(**texts), at=LOADED_AT)
        assert (change.code, change.is_new, change.columns) == ("0101", False, ("keywords",))
        line = Entry.objects.filter(subject="intake.category", subject_id=101).latest("id")
        assert (line.verb, line.facts) == ("load", {"columns": ["keywords"]})

    def test_leaves_items_that_came_through_the_gate(self, catalogue: None) -> None:
        Category.objects.create(code="0108", parent_id="01", name="新的", name_en="", department="住建物业")
        assert a_catalogue() == []
        assert Category.objects.filter(code="0108").exists()

    @pytest.mark.parametrize(
        ("file", "old", "new", "column"),
        [
            ("categories", "0102,01,2,给排水堵漏", "0102,02,2,给排水堵漏", "parent_code"),
            ("categories", "0102,01,2", "01x2,01,2", "code"),
            ("categories", "0102,01,2", "0101,01,2", "code"),
            ("categories", "1,网格,普通,2,2,day", "1,小区,普通,2,2,day", "default_level"),
            ("categories", "1,网格,普通,2,2,day", "1,网格,普通,两,2,day", "accept_hours"),
            ("categories", "yes,内部,full", "yes,保密,full", "privacy"),
            ("categories", "给排水堵漏", "给" * 41, "name_cn"),
            ("categories", "水暖维修|保洁清运", "水暖维修水暖维修水暖维修", "skills"),
            ("categories", "code,parent_code", "kode,parent_code", "code"),
            ("categories", "02,,1,城市管理", "02,,1", "code"),
            ("duties", ",每日巡查,livable,appeal,02", ",每日巡查,livable,other,02", "work_kind"),
            ("duties", ",每日巡查,livable,appeal,02", ",每日巡查,livable,appeal,01", "deputy"),
            ("duties", "0102,", "0199,", "code"),
            ("departments", "02,城管局\n", "", "code"),
        ],
    )
    def test_loads_nothing_for_one_bad_cell_and_names_it(
        self, db: None, file: str, old: str, new: str, column: str
    ) -> None:
        with pytest.raises(BadRow, match=rf"\.csv 第 \d+ 行 {column} 列") as caught:
            load_catalogue(files(**edited(file, old, new)), at=LOADED_AT)
        assert "整份都没有导入" in str(caught.value)
        assert not Category.objects.exists()

    def test_names_the_row_as_an_editor_counts_it(self, db: None) -> None:
        with pytest.raises(BadRow, match=r"categories\.csv 第 4 行 privacy 列：「保密」"):
            load_catalogue(files(**edited("categories", "yes,内部,full", "yes,保密,full")), at=LOADED_AT)

    def test_keeps_nothing_of_a_load_that_breaks_off(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        def breaks(category: Category, *_args: object, **_facts: object) -> None:
            if category.pk == "0301":
                raise OSError

        monkeypatch.setattr(loading.journal, "write", breaks)
        with pytest.raises(OSError):  # noqa: PT011 - any fault will do
            a_catalogue()
        assert not Category.objects.exists()

    def test_refuses_an_empty_file(self, db: None) -> None:
        with pytest.raises(BadRow):
            load_catalogue(files(duties="code,duty,rhythm,field,work_kind,deputy\n"), at=LOADED_AT)
