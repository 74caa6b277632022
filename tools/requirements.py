"""Print for every requirement whether a test proves it: `make requirements`.

A test proves what it names: R001-R200 or G1-G16 in its docstring or name, in a comment line of its body or right above
it, or in those of its class or file. A name nobody knows ends this with 1.
"""

import ast
import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
ID = re.compile(r"(?<![0-9A-Za-z])(R\d{3}|G\d{1,2})(?![0-9A-Za-z])")
OUTSIDE = {
    "R145": "警务办案归公安机关：平台只转接 110 并记录时间",
    "R182": "外部的群和应用：平台只放链接，不收其中的数据",
}
Test = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def known() -> dict[str, str]:
    """Ids and their phrases in the words of the sources."""
    with (TOP / "docs" / "requirements.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["phrase"] for row in csv.DictReader(file)}


def named_in(path: Path) -> Iterator[tuple[str, str]]:
    """Pairs of id and test: `tests/orders/test_actions.py::TestTake`, for each test of a file that names one."""
    text = path.read_text(encoding="utf-8")
    tree, lines = ast.parse(text), text.splitlines()
    place = path.relative_to(TOP).as_posix()
    tests = [node for node in tree.body if is_test(node)]
    if tests:
        yield from ((name, place) for name in ID.findall(ast.get_docstring(tree) or ""))
    for node in tests:
        yield from ((name, f"{place}::{test}") for name, test in named_by(node, lines))


def named_by(node: Test, lines: list[str]) -> Iterator[tuple[str, str]]:
    """What a test or a class of tests names itself, then its own tests."""
    inner = [child for child in node.body if isinstance(node, ast.ClassDef) and is_test(child)]
    if isinstance(node, ast.ClassDef) and not inner:
        return
    said = [node.name.replace("_", " "), ast.get_docstring(node) or "", *comments(node, inner, lines)]
    yield from ((name, node.name) for name in ID.findall(" ".join(said)))
    for child in inner:
        yield from ((name, f"{node.name}::{test}") for name, test in named_by(child, lines))


def comments(node: Test, inner: list[ast.stmt], lines: list[str]) -> list[str]:
    """Comment lines of a test's body and those right above it, without those that belong to the tests inside it."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    above = first - 1
    while above and lines[above - 1].strip().startswith("#"):
        above -= 1
    last = (min(start_of(child, lines) for child in inner) if inner else (node.end_lineno or first)) + 1
    return [line.partition("#")[2] for line in lines[above : last - 1] if "#" in line]


def start_of(node: ast.stmt, lines: list[str]) -> int:
    """The index of the first line of a test with its decorators and the comments above it."""
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))]) - 1
    while first and lines[first - 1].strip().startswith("#"):
        first -= 1
    return first


def is_test(node: ast.AST) -> bool:
    """A function pytest runs, or a class of such."""
    if isinstance(node, ast.ClassDef):
        return node.name.startswith("Test")
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")


def proofs() -> dict[str, list[str]]:
    """For each id the tests that name it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((TOP / "tests").rglob("test_*.py")):
        for name, test in named_in(path):
            if test not in found[name]:
                found[name].append(test)
    return found


def state_of(name: str, tests: list[str], everything: bool) -> str:
    """The word for one requirement, with its reason or its proofs."""
    if name in OUTSIDE:
        return f"outside  {OUTSIDE[name]}"
    if not tests:
        return "planned"
    shown = tests if everything else tests[:3]
    more = f" (+{len(tests) - len(shown)})" if len(tests) > len(shown) else ""
    return f"proven   {', '.join(shown)}{more}"


def main() -> None:
    """Print the table and its sums."""
    phrases, found = known(), proofs()
    for name, phrase in phrases.items():
        print(f"{name:<5} {phrase[:24]}  {state_of(name, found.get(name, []), '--all' in sys.argv)}")
    for letter in "RG":
        names = [name for name in phrases if name.startswith(letter)]
        proven = sum(1 for name in names if found.get(name) and name not in OUTSIDE)
        outside = sum(1 for name in names if name in OUTSIDE)
        print(f"{letter}: {len(names)}, proven {proven}, planned {len(names) - proven - outside}, outside {outside}")
    unknown = {name: tests for name, tests in found.items() if name not in phrases}
    if unknown:
        sys.exit("\n".join(f"{name} is no requirement: {', '.join(tests)}" for name, tests in sorted(unknown.items())))


if __name__ == "__main__":
    main()
