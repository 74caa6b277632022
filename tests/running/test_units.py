"""running.units: what systemd is told."""

from configparser import ConfigParser
from pathlib import Path

import pytest

from sandan import cli
from sandan.running.units import KINDS, Site, unit

TOP = Path(__file__).resolve().parent.parent.parent


def read(text: str) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return parser


class TestUnit:
    @pytest.mark.parametrize("kind", KINDS)
    def test_is_what_lies_in_the_folder_for_those_who_read_first(self, kind: str) -> None:
        assert (TOP / "deploy" / KINDS[kind]).read_text() == unit(kind, Site())

    def test_runs_without_rights_and_comes_back(self) -> None:
        service = read(unit("serve", Site()))["Service"]
        assert (service["User"], service["Type"], service["Restart"]) == ("sandan", "notify", "on-failure")
        assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
        assert service["CapabilityBoundingSet"] == "CAP_NET_BIND_SERVICE"
        assert service["ExecReload"] == "/bin/kill -HUP $MAINPID"

    def test_asks_for_no_capability_behind_a_proxy(self) -> None:
        service = read(unit("serve", Site(host="127.0.0.1", port=8000)))["Service"]
        assert (service["AmbientCapabilities"], service["CapabilityBoundingSet"]) == ("", "")
        assert service["ExecStart"].endswith("serve --host 127.0.0.1 --port 8000")

    def test_may_write_into_its_home_alone(self) -> None:
        assert read(unit("serve", Site()))["Service"]["StateDirectory"] == "sandan"
        assert read(unit("backup", Site(home=Path("/srv/office"))))["Service"]["ReadWritePaths"] == "/srv/office"

    def test_of_the_backup_takes_no_shared_memory_away_and_leaves_the_server_where_it_is(self) -> None:
        """RemoveIPC of one unit would take the running database's memory of the same user."""
        backup = read(unit("backup", Site()))
        assert "RemoveIPC" not in backup["Service"]
        assert backup["Unit"]["Requires"] == "sandan.service"


class TestCommand:
    def test_prints_one_file_and_asks_for_no_database(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cli, "run", lambda _words: 1)
        assert cli.main(["unit", "serve", "--user", "office", "--home", "/srv/office"]) == 0
        service = read(capsys.readouterr().out)["Service"]
        assert (service["User"], service["Environment"].split()[0]) == ("office", "SANDAN_HOME=/srv/office")
