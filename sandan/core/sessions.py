"""Django's sessions in the database, read and written by one plain statement: every request of staff begins here."""

from typing import Any

from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
INSERT = (
    "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s) "
    "ON CONFLICT (session_key) DO NOTHING"
)
UPDATE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"
KEY_LENGTH = 32


class SessionStore(DatabaseStore):
    """As the store it extends, without the question whether a new key of 165 random bits is taken, and in one statement
    where that opens a transaction."""

    def load(self) -> dict[str, Any]:
        """What the session holds; of one that is over, nothing, and its key is dropped."""
        with connection.cursor() as cursor:
            cursor.execute(READ, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(row[0])
        return found

    def save(self, must_create: bool = False) -> None:
        """Keep it; raises CreateError for a key that is taken, UpdateError for a session that somebody ended."""
        if self.session_key is None:
            return self.create()
        data = self.encode(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        until = self.get_expiry_date()
        with connection.cursor() as cursor:
            if must_create:
                cursor.execute(INSERT, [self.session_key, data, until])
            else:
                cursor.execute(UPDATE, [data, until, self.session_key])
            if not cursor.rowcount:
                raise CreateError if must_create else UpdateError
        return None

    def _get_new_session_key(self) -> str:
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)
