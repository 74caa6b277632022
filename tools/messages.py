"""Gather every text a user sees into the English catalogue and compile it: `make messages`.

The Chinese text is the message id itself. What has no English yet is listed and ends this with 1.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

TOP = Path(__file__).resolve().parent.parent
PO = TOP / "sandan" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
METHODS = [("**/migrations/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"jinja2": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "silent": "false"}}
PLAIN, PLURAL, WITH_CONTEXT = None, (1, 2), ((1, "c"), 2)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "_lazy"), PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), WITH_CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{\w*\}")
Key = tuple[str, str | tuple[str, ...]]


def key_of(message: Message) -> Key:
    """Context and id: what tells two texts apart."""
    return message.context or "", message.id if isinstance(message.id, str) else tuple(message.id)


def sources() -> dict[Key, Message]:
    """Every text in the sources, in the order of files and lines."""
    options = {pattern: OPTIONS.get(method, {}) for pattern, method in METHODS}
    rows = extract_from_dir(TOP / "sandan", METHODS, options, KEYWORDS, comment_tags=("Translators:",))
    catalog = Catalog(locale="en")
    for name, _line, text, comments, context in sorted(rows, key=lambda row: (row[0], row[1])):
        if text:
            catalog.add(text, locations=[(f"sandan/{name}", 0)], auto_comments=comments, context=context)
    return {key_of(message): message for message in catalog if message.id}


def catalogue() -> Catalog:
    """The English catalogue as it is kept."""
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def merged(old: Catalog, found: dict[Key, Message]) -> Catalog:
    """The texts of the sources with the English we have; what the sources no longer say is left out."""
    known = {key_of(message): message.string for message in old if message.id}
    new = Catalog(
        locale="en", project="sandan", charset="utf-8", fuzzy=False,
        header_comment="# Sandan in English. The message ids are the Chinese texts of the product.\n#",
        creation_date=old.creation_date, revision_date=old.creation_date,
    )  # fmt: skip
    for key, message in found.items():
        files = sorted({name for name, _line in message.locations})
        locations = [(name, 0) for name in files]
        new.add(message.id, known.get(key, ""), locations, context=message.context)
    return new


def faults(catalog: Catalog) -> Iterator[str]:
    """Texts without English, and English that lost or invented a placeholder."""
    for message in catalog:
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        words = [message.string] if isinstance(message.string, str) else list(message.string or ("",))
        if not all(words):
            yield f"no English: {ids[0]!r}"
        elif any(placeholders(word) != placeholders(ids[-1]) for word in words[-1:]):
            yield f"other placeholders: {ids[0]!r} -> {words[-1]!r}"


def placeholders(text: str) -> list[str]:
    """What is filled in, in no order."""
    return sorted(match[0] for match in PLACEHOLDER.finditer(text))


def po_bytes(catalog: Catalog) -> bytes:
    """The catalogue as it is written."""
    out = BytesIO()
    write_po(out, catalog, width=120, sort_output=False, include_lineno=False)
    return out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """The catalogue as the program reads it."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def main() -> int:
    """Write both files; what is missing on stderr."""
    catalog = merged(catalogue(), sources())
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(catalog))
    MO.write_bytes(mo_bytes(catalogue()))
    missing = list(faults(catalog))
    print(f"{len(catalog)} texts, {len(missing)} to look at", file=sys.stderr)
    for line in missing:
        print(f"  {line}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
