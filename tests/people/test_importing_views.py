"""Pages that bring lists, their template, and the command."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from sandan.people.actions import importing
from sandan.people.models import MemberCheckin, PeopleImport, Person, Role
from tests.factories.people import COMMUNITY, NOON, STREET, somebody
from tests.people.import_kit import COUNTY, a_ground, applied, draft, looked, sheet

pytestmark = pytest.mark.django_db
ROW = ("景师古", "13800000001", None, "城管局", "造纸厂社区", "东网格")
ALIKE = ("景师古", None, None, None, "水务院社区", "东网格")
BRING = "/people/import/members/"


@pytest.fixture
def desk(client: Client) -> Client:
    a_ground()
    client.force_login(somebody("缪凤英", Role.DISTRICT, COUNTY))
    return client


def sent(client: Client, data: bytes, kind: str = "members") -> Any:
    file = SimpleUploadedFile("名单.xlsx", data)
    return client.post(f"/people/import/{kind}/", {"file": file}, follow=True)


class TestBring:
    def test_shows_the_preview_first_and_changes_nothing(self, desk: Client) -> None:
        answer = sent(desk, sheet(ROW))
        html = answer.content.decode()
        assert "导入这份名单" in html
        assert "景师古" in html
        assert not MemberCheckin.objects.exists()

    def test_says_in_the_form_that_a_file_is_empty(self, desk: Client) -> None:
        answer = desk.post(BRING, {"file": SimpleUploadedFile("x.xlsx", b"")})
        assert answer.status_code == 422

    def test_is_not_there_for_whoever_may_not_bring_such_a_list(self, client: Client) -> None:
        a_ground()
        client.force_login(somebody("周敏", Role.DISPATCHER, COMMUNITY))
        assert client.get(BRING).status_code == 200
        assert [client.get(f"/people/import/{kind}/").status_code for kind in ("units", "posts")] == [404, 404]
        client.force_login(somebody("贺连生", Role.MEMBER, COMMUNITY))
        assert client.get(BRING).status_code == 404


class TestLook:
    def test_applies_with_the_answers_to_its_questions(self, desk: Client) -> None:
        address = sent(desk, sheet(ROW, ALIKE)).request["PATH_INFO"]
        answer = desk.post(address, {})
        assert (answer.status_code, "只有姓名对得上" in answer.content.decode()) == (422, True)
        answer = desk.post(address, {"who:名单!3": "r名单!2", "look": "1"})
        assert (answer.status_code, MemberCheckin.objects.count()) == (200, 0)
        assert 'name="who:名单!3" value="r名单!2"' in answer.content.decode()
        answer = desk.post(address, {"who:名单!3": "r名单!2"}, follow=True)
        assert "导入好了" in answer.content.decode()
        assert (Person.objects.filter(name="景师古").count(), MemberCheckin.objects.count()) == (1, 2)

    def test_lists_faults_by_row_and_column_with_hidden_sheets_and_unused_columns(self, desk: Client) -> None:
        heads = ("姓名", "手机", "网格", "政治面貌")
        html = sent(desk, sheet(("景师古", "138", "东网格", "党员"), heads=heads)).content.decode()
        assert "第 2 行 B 列“手机”：少了 8 位" in html
        assert "没用到，内容不会存下来：政治面貌" in html

    def test_of_another_desk_is_not_there(self, desk: Client) -> None:
        row = draft(sheet(ROW), by=Person.objects.get(name="缪凤英"))
        other = Client()
        other.force_login(somebody("周敏", Role.DISPATCHER, COMMUNITY))
        for page in ("", "progress/"):
            assert other.get(f"/people/import/{row.pk}/{page}").status_code == 404
        assert other.post(f"/people/import/{row.pk}/undo/").status_code == 404

    def test_of_an_applied_list_offers_the_way_back(self, desk: Client) -> None:
        row = applied(sheet(ROW))
        assert "撤回这次导入" in desk.get(f"/people/import/{row.pk}/").content.decode()
        html = desk.post(f"/people/import/{row.pk}/undo/", follow=True).content.decode()
        assert "撤回好了" in html
        assert not MemberCheckin.objects.exists()
        assert desk.post(f"/people/import/{row.pk}/undo/").status_code == 422


class TestProgress:
    def test_tells_how_far_an_import_is(self, desk: Client) -> None:
        row = draft(sheet(ROW))
        row.progress.done, row.progress.total = 500, 5000
        row.progress.save()
        assert desk.get(f"/people/import/{row.pk}/progress/").json() == {"done": 500, "total": 5000}


@pytest.mark.django_db(transaction=True)
class TestBeside:
    def test_is_read_by_others_while_the_import_is_still_at_work(self) -> None:
        a_ground()
        row = draft(sheet(ROW))
        with importing.Beside(row) as tick, transaction.atomic():
            PeopleImport.objects.select_for_update().get(pk=row.pk)
            tick(500, 5000)
            transaction.set_rollback(True)
        row.progress.refresh_from_db()
        assert (row.progress.done, row.progress.total) == (500, 5000)


class TestStatements:
    def test_are_as_many_for_ten_times_the_rows(self) -> None:
        """R005: 5,000 members in one run."""
        a_ground()
        counts = []
        for start, number in ((0, 20), (1000, 200)):
            rows = [("李" + "一二三四五六七八九十"[n % 10], f"138{start + n:08d}", *ROW[2:]) for n in range(number)]
            row = draft(sheet(*rows))
            with CaptureQueriesContext(connection) as statements:
                importing.apply_list(draft=row, by="system", at=NOON)
            counts.append(len(statements))
        assert counts[1] <= counts[0] + 2


@pytest.mark.parametrize("kind", ["units", "members", "posts"])
class TestTemplate:
    def test_has_drop_downs_and_a_note_and_reads_as_an_empty_list(self, desk: Client, kind: str) -> None:
        data = desk.get(f"/people/import/{kind}/{COUNTY}.xlsx").content
        book = load_workbook(BytesIO(data))
        page = book.worksheets[0]
        assert str(page["A1"].value).startswith("填表说明")
        assert page.data_validations.count >= 2
        assert book["_选项"].sheet_state == "hidden"
        plan = looked(data, kind)
        assert ([fault.what for fault in plan.faults], plan.listing.skipped) == (["nothing"], ())

    def test_filled_in_is_ready(self, desk: Client, kind: str) -> None:
        book = load_workbook(BytesIO(desk.get(f"/people/import/{kind}/{COUNTY}.xlsx").content))
        page = book.worksheets[0]
        told = {
            "单位名称*": "民政局", "姓名*": "景师古", "手机号码": "13800000001", "岗位*": "网格长", 
            "社区": "造纸厂社区", "网格": "东网格", "网格*": "东网格",
        }  # fmt: skip
        for cell in page[2]:
            page.cell(3, cell.column, told.get(cell.value))
        file = BytesIO()
        book.save(file)
        plan = looked(file.getvalue(), kind)
        assert (plan.faults, plan.is_ready) == ([], True)


class TestCommand:
    def test_looks_a_list_over_and_changes_nothing(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        a_ground()
        file = tmp_path / "名单.xlsx"
        file.write_bytes(sheet(ROW))
        call_command("bring", "members", str(file), "--dry-run")
        assert "党员报到：新增 1" in capsys.readouterr().out
        assert [Person.objects.count(), PeopleImport.objects.count()] == [0, 0]

    def test_applies_and_takes_back(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        a_ground()
        file = tmp_path / "名单.xlsx"
        file.write_bytes(sheet(ROW, ALIKE))
        with pytest.raises(CommandError, match="只有姓名对得上"):
            call_command("bring", "members", str(file))
        assert "--answer '名单!3=…'" in capsys.readouterr().out
        call_command("bring", "members", str(file), "--answer", "名单!3=new")
        assert Person.objects.count() == 2
        call_command("bring", "members", "--undo", str(PeopleImport.objects.get().pk))
        assert not Person.objects.exists()

    def test_says_what_is_wrong_by_row_and_column(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        a_ground()
        file = tmp_path / "名单.xlsx"
        file.write_bytes(sheet((*ROW[:1], "138", *ROW[2:])))
        with pytest.raises(CommandError, match="什么都没导入"):
            call_command("bring", "members", str(file))
        assert "第 2 行 B 列“手机号码”" in capsys.readouterr().out

    def test_writes_a_template(self, tmp_path: Path) -> None:
        a_ground()
        call_command("bring", "posts", str(tmp_path / "空表.xlsx"), "--template")
        assert load_workbook(tmp_path / "空表.xlsx").worksheets[0].title == "岗位"


class TestSeenBy:
    @pytest.mark.parametrize(("role", "status"), [(Role.DISTRICT, 200), (Role.UNIT_CLERK, 404), (Role.LIAISON, 404)])
    def test_shows_what_others_brought_to_the_district_alone(self, client: Client, role: str, status: int) -> None:
        unit = a_ground()
        row = applied(sheet(ROW))
        client.force_login(somebody("柏若宁", role, STREET if role == Role.LIAISON else COUNTY, unit=unit))
        assert client.get(f"/people/import/{row.pk}/").status_code == status
