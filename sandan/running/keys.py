"""Which sealing keys a database needs: what can be read after a restore, and what cannot."""

import stat
from collections import Counter
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _
from psycopg import sql

from sandan.core.errors import Refused
from sandan.core.sealed import RETIRED, SealedBytesField, SealedTextField, digest_id, ids_of
from sandan.running import proof
from sandan.running.address import Connection


class KeyMissing(Refused):
    """The sealing key that fits is not there; the text says where it belongs."""


class OpenFolder(Refused):
    """A place others can read is no place for the key."""


def path() -> Path:
    """Where the installation's key is."""
    return Path(settings.SEAL_KEY_FILE)


def known_ids() -> tuple[str, ...]:
    """The ids (hex) of the keys this installation has; none where the file is missing."""
    return ids_of(path().read_text()) if path().exists() else ()


def retired_path() -> Path:
    """Where keys that seal no more lie until somebody takes them away."""
    return Path(f"{settings.SEAL_KEY_FILE}{RETIRED}")


def retired_ids() -> tuple[str, ...]:
    """Their ids (hex); values under them open as long as the file is there."""
    return ids_of(retired_path().read_text()) if retired_path().exists() else ()


def known_digest() -> str:
    """The id (hex) of the key that digests here; nothing where the file is missing."""
    return digest_id(path().read_text()) if path().exists() else ""


def needed(connection: Connection) -> dict[str, Counter[str]]:
    """For each key id the sealed columns that need it, with how many values; from the values themselves."""
    found: dict[str, Counter[str]] = {}
    there = {table.name: table.columns for table in proof.tables(connection)}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            table, column = model._meta.db_table, field.column
            if isinstance(field, SealedTextField | SealedBytesField) and column in there.get(table, ()):
                words = "SELECT encode(substring({0} from 2 for 4), 'hex'), count(*) FROM {1} WHERE {0} IS NOT NULL"
                question = sql.SQL(words + " GROUP BY 1").format(sql.Identifier(column), sql.Identifier(table))
                for key_id, count in connection.execute(question):
                    found.setdefault(key_id, Counter())[f"{model._meta.label}.{field.name}"] = count
    return found


def unreadable(connection: Connection) -> Counter[str]:
    """The sealed columns with values that no key of this installation opens."""
    there = {*known_ids(), *retired_ids()}
    lost = [columns for key_id, columns in needed(connection).items() if key_id not in there]
    return sum(lost, Counter())


def words_for(lost: Counter[str]) -> str:
    """What cannot be read, for an operator."""
    columns = "、".join(_("%(name)s %(count)d 处") % {"name": name, "count": lost[name]} for name in sorted(lost))
    return _("读不了的密封内容（姓名、电话、门牌、照片等）：%(columns)s") % {"columns": columns}


def refuse_open_folder(folder: Path) -> None:
    """Raise OpenFolder when others may enter the folder that is to hold a copy of the key."""
    if stat.S_IMODE(folder.stat().st_mode) & 0o007:
        words = _("%(folder)s 别的账户也能进，密钥不能放进去。请先执行 chmod o= %(folder)s")
        raise OpenFolder(words % {"folder": folder})
