"""G2: every read of a sealed field leaves a line. Who opens without one stands here, with the reason, or fails."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandan.core.sealed import Sealed
from tests.test_house import SOURCES, TEMPLATES, TOP, tree_of

OPENING = {"open_unlogged", "open_bytes", "unseal"}

# file and function -> why no person sees it there, or why the look is noted elsewhere
REASONS = {
    "sandan/core/looks.py reveal": "the one door for people: it writes the line first",
    "sandan/core/sealed.py open_bytes": "the field itself",
    "sandan/core/sealed.py open_unlogged": "the field itself",
    "sandan/running/rotating.py _seal_anew": "a machine: out of one key into the next",
    "sandan/demo/bulk/patterns.py _cell": "a demo's invented people, copied",
    "sandan/orders/actions/contacts.py contact": "a machine: the worker writes to the asker himself",
    "sandan/orders/actions/contacts.py _values": "a machine: the code that is sent to the asker himself",
    "sandan/orders/actions/forgetting.py _thin_pictures": "a machine: the small copy takes the large one's place",
    "sandan/orders/actions/joining.py copy_asker": "a machine: the same asker at the order born from his",
    "sandan/orders/actions/resident_data.py _forget_callers": "a machine: finds his number in the log to erase it",
    "sandan/orders/actions/ring_moving.py _rescope": "a machine: a caller's number follows its ground",
    "sandan/orders/actions/whistle_phone.py _contact": "a machine: from the log into the order, shown to nobody",
    "sandan/orders/queries/resident_data.py _clear": "to the asker himself; hand_out noted it",
    "sandan/orders/queries/own_data.py _value": "to the one it is about, who is signed in",
    "sandan/orders/queries/resident_writing.py writing_of": "to the one who writes it, by his draft's key",
    "sandan/orders/views/whistle_card.py card_photo": "the picture on the card, given for everybody to see",
    "sandan/people/views/photos.py picture": "one's own picture, to who it shows",
    "sandan/orders/queries/whistle_card.py _keeper": "a work number, printed on the card of its grid for everybody",
    "sandan/orders/views/resident_follow.py _shown": "a demo's code, where no message reaches anybody",
    "sandan/orders/views/resident_photo.py picture": "after the access; of personal, sealed matters at_photo noted it",
    "sandan/notices/actions/sending.py _staff_letter": "a machine: the worker writes to the owner of the address",
    "sandan/notices/views/reach.py _chosen": "to the owner of the address",
    "sandan/front/queries.py stage_code": "the login code of a demo, where nothing leaves the house",
    "sandan/front/views/codes.py _waiting": "to the browser that typed the number, from its own session",
    "sandan/front/views/safety.py app": "to the owner of the second factor, once, while it is set up",
    "sandan/people/actions/import_units.py _held": "a machine: compares a list with what stands there",
    "sandan/people/actions/importing.py _listing": "the clerk's own file, back to the desk that brought it",
    "sandan/people/actions/importing.py undo_list": "a machine: puts back what stood there before",
    "sandan/front/actions/codes.py _claimed": "a machine: the login code to the owner of the number",
    "sandan/front/actions/factors.py address_of": "to the owner of the second factor, once, while it is set up",
    "sandan/front/actions/factors.py confirm_app": "a machine: compares a code",
    "sandan/front/actions/factors.py _is_of_app": "a machine: compares a code",
    "sandan/front/actions/passkeys.py _credential": "a machine: the public half of a passkey",
}


def openers(path: Path) -> Iterator[str]:
    """Functions of a file in which something sealed is opened."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            calls = (part.func for part in ast.walk(node) if isinstance(part, ast.Call))
            names = {getattr(call, "attr", getattr(call, "id", "")) for call in calls}
            if names & OPENING:
                yield f"{path.relative_to(TOP)} {node.name}"


class TestOpeners:
    def test_are_all_known_with_a_reason(self) -> None:
        found = {one for path in SOURCES for one in openers(path)}
        assert found - set(REASONS) == set(), "opens without a line: go through core.looks, or say here why not"

    def test_that_are_listed_exist(self) -> None:
        assert set(REASONS) - {one for path in SOURCES for one in openers(path)} == set()

    def test_are_found_where_they_are(self, tmp_path: Path) -> None:
        """The search itself."""
        source = TOP / "sandan/orders/actions/contacts.py"
        assert len(set(openers(source))) == 2


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
    def test_open_nothing(self, path: Path) -> None:
        """A page prints what a view was given after the line was written; a box prints as nothing."""
        assert not re.search(r"\.(open_unlogged|open_bytes|box)\b", path.read_text(encoding="utf-8"))
        assert str(Sealed(b"", "x")) == "‹sealed›"
