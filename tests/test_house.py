"""The house keeps its shape: floors, proportions, templates, doors, migrations, and no trace of a machine in it."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.template import engines
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern

TOP = Path(__file__).resolve().parent.parent
SOURCES = tuple(p for p in sorted((TOP / "sandan").rglob("*.py")) if "migrations" not in p.parts)
TESTS = tuple(sorted((TOP / "tests").rglob("*.py")))
TEMPLATES = tuple(sorted((TOP / "sandan").rglob("templates/**/*.html")))

# Whoever is not logged in may ask for these: the way in, help, and a resident's own order behind its number and secret.
PUBLIC = {
    *("front:home", "front:login", "front:logout", "front:help", "front:elder", "front:privacy"),
    *("running:ready", "running:live", "running:metrics"),  # probes; figures answer to this machine or a token
    *("front:code_ask", "front:code_type", "front:second"),  # the other ways in
    *(f"{name}_{step}" for name in ("dingtalk", "feishu", "weixin", "wecom") for step in ("login", "callback")),
    *("openid_connect_login", "openid_connect_callback"),  # a 404 where the provider is not configured
    "front:gallery",  # pieces with made-up contents
    *("orders:place", "orders:estates", "orders:place_what", "orders:place_where", "orders:near", "orders:join"),
    *("orders:place_check", "orders:place_done", "orders:draft_photo"),
    *("orders:follow", "orders:progress", "orders:progress_move"),
    *("orders:my_data", "orders:my_data_move"),  # an asker's own data, behind number and secret
    "orders:photo",  # for its asker by session, for staff by post; a 404 to everybody else
    "orders:sheet",  # the A4 sheet that hangs in the yard
    *("orders:card", "orders:card_photo"),  # the contact card, as it is printed
    "orders:short",  # what stands in messages: on to the following page
    "notices:receipts",  # the provider's, by signature
    *("places:outlines", "places:estates"),  # the ground under the resident's pin
}
SAMPLES = {"IntConverter": 1, "StringConverter": "x", "SlugConverter": "x", "UUIDConverter": UUID(int=1)}
GROUPS = {"kind": "members", "county": "990201"}  # of addresses that are written as expressions
Function = ast.FunctionDef | ast.AsyncFunctionDef


def tree_of(path: Path) -> ast.Module:
    """A source file as syntax; in a thread of its own, for a browser's test leaves this one's depth count wrong."""
    with ThreadPoolExecutor(1) as own:
        return own.submit(ast.parse, path.read_text(encoding="utf-8")).result()


def functions(paths: tuple[Path, ...]) -> Iterator[tuple[str, Function]]:
    """Every function with the place to show when it is at fault."""
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, Function):
                yield f"{path.relative_to(TOP)}:{node.lineno} {node.name}", node


def length(node: Function) -> int:
    """Lines of a function, its docstring and decorators left out."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def committed() -> list[Path]:
    """The files git knows; the whole tree where there is no git."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=False)
    return [TOP / name for name in done.stdout.split("\0") if name and (TOP / name).is_file()]


class TestFloors:
    def test_hold(self) -> None:
        """Every import contract of pyproject.toml is kept."""
        tool = Path(sys.executable).parent / "lint-imports"
        done = subprocess.run([tool, "--no-cache"], cwd=TOP, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:]

    def test_no_import_stands_inside_a_function(self) -> None:
        inside = [
            place
            for place, node in functions(SOURCES)
            for part in ast.walk(node)
            if isinstance(part, ast.Import | ast.ImportFrom)
        ]
        assert inside == []


class TestProportions:
    def test_no_file_is_longer_than_300_lines(self) -> None:
        """Neither of the product nor of the tests."""
        paths = {*SOURCES, *(p for p in committed() if p.suffix == ".py" and p.is_relative_to(TOP / "tests"))}
        files = {str(p.relative_to(TOP)): len(p.read_text(encoding="utf-8").splitlines()) for p in paths}
        assert {name: count for name, count in files.items() if count > 300} == {}

    def test_no_function_is_longer_than_60_lines(self) -> None:
        assert [place for place, node in functions(SOURCES) if length(node) > 60] == []

    def test_functions_are_short(self) -> None:
        lengths = [length(node) for _, node in functions(SOURCES)]
        assert median(lengths) < 10
        assert quantiles(lengths, n=10)[-1] < 30

    def test_no_test_is_longer_than_40_lines(self) -> None:
        long = [place for place, node in functions(TESTS) if node.name.startswith("test_") and length(node) > 40]
        assert long == []

    def test_every_module_says_what_it_is_for(self) -> None:
        silent = [p for p in SOURCES if p.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree_of(p))]
        assert silent == []


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
    def test_compile(self, path: Path) -> None:
        folder = next(parent for parent in path.parents if parent.name == "templates")
        engines["jinja2"].env.get_template(path.relative_to(folder).as_posix())

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
    def test_have_nothing_that_the_content_policy_forbids(self, path: Path) -> None:
        """No style attribute, no inline script or handler, nothing from elsewhere."""
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"<[^>{]*\sstyle\s*=", text)
        assert not re.search(r"<style\b", text)
        assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=\s*[\"']", text)
        assert not re.search(r"javascript:", text)
        for attributes, content in re.findall(r"<script\b([^>]*)>(.*?)</script>", text, flags=re.DOTALL):
            assert "src=" in attributes or "application/json" in attributes, content[:80]
        assert not re.search(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"(?:https?:)?//", text)


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the project with its full name."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{entry.namespace}:" if entry.namespace else space)
        else:
            yield f"{space}{entry.name}", entry


class TestDoors:
    def test_each_has_a_name(self) -> None:
        assert [str(entry.pattern) for name, entry in patterns(get_resolver()) if name.endswith("None")] == []

    @pytest.mark.django_db
    def test_ask_for_a_login_or_are_on_the_short_public_list(self, client: Client) -> None:
        """Neither a page nor a move of any room answers a stranger, unless the list above says so."""
        open_doors = {
            name for name, entry in patterns(get_resolver()) if not asks_for_login(client, address(name, entry))
        }
        assert open_doors - PUBLIC == set()

    def test_of_the_public_list_all_exist(self) -> None:
        assert PUBLIC - {name for name, _ in patterns(get_resolver())} == set()


def address(name: str, entry: URLPattern) -> str:
    """An address of a pattern, its places filled with values that belong to nobody."""
    values: dict[str, object] = {
        key: SAMPLES[type(converter).__name__] for key, converter in entry.pattern.converters.items()
    }
    if isinstance(entry.pattern, RegexPattern):
        values |= {key: GROUPS[key] for key in entry.pattern.regex.groupindex}
    return reverse(name, kwargs=values)


def asks_for_login(client: Client, path: str) -> bool:
    """Whether both reading and sending end at the login page."""
    answers = [client.get(path), client.post(path)]
    kept = [answer for answer in answers if answer.status_code != 405]
    return bool(kept) and all(
        answer.status_code == 302 and answer.headers["Location"].startswith(reverse(settings.LOGIN_URL))
        for answer in kept
    )


def rooms() -> list[str]:
    """The rooms that have tables."""
    labels = [app.rpartition(".")[2] for app in settings.FIRST_PARTY_APPS]
    return [label for label in labels if list(apps.get_app_config(label).get_models())]


class TestMigrations:
    @pytest.mark.django_db
    def test_describe_the_models(self) -> None:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)

    def test_stand_in_one_line(self) -> None:
        """Each room has one newest migration, the one its max_migration.txt names."""
        graph = MigrationLoader(None).graph
        newest = {room: [name for owner, name in graph.leaf_nodes() if owner == room] for room in rooms()}
        noted = {room: [(TOP / f"sandan/{room}/migrations/max_migration.txt").read_text().strip()] for room in rooms()}
        assert newest == noted

    def test_can_all_go_back(self) -> None:
        graph = MigrationLoader(None).graph
        stuck = [
            f"{room}.{name}"
            for (room, name), migration in graph.nodes.items()
            if room in rooms() and not all(operation.reversible for operation in migration.operations)
        ]
        assert stuck == []

    def test_import_nothing_of_ours(self) -> None:
        """A migration must still run when today's code is gone; the sealed field types are part of the schema."""
        for path in (TOP / "sandan").rglob("migrations/0*.py"):
            named = re.findall(r"^\s*(?:from|import) (sandan[\w.]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert [name for name in named if name != "sandan.core.sealed"] == [], path


class TestTraces:
    def test_of_a_machine_are_in_no_file(self) -> None:
        """No path of a workplace and no address of a package registry is committed."""
        pattern = re.compile("/wo" + r"rk/|/ro" + r"ot/|/ho" + r"me/[a-z]")
        found = [
            f"{path.relative_to(TOP)}: {match[0]}"
            for path in committed()
            if path.suffix
            in {".py", ".md", ".toml", ".html", ".js", ".css", ".lock", ".cfg", ".txt", ".csv", ".sh", ""}
            for match in [pattern.search(path.read_text(encoding="utf-8", errors="replace"))]
            if match
        ]
        assert found == []

    def test_of_a_registry_are_not_in_the_lock(self) -> None:
        text = (TOP / "requirements.lock").read_text()
        assert "://" not in text
        assert "index-url" not in text
        blocks = re.split(r"\n(?=[a-z])", text)
        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []

    def test_of_a_secret_are_not_committed(self) -> None:
        names = {path.name for path in committed()}
        assert names & {".env", "seal.key", "secret.key", "app.password", "owner.password"} == set()
