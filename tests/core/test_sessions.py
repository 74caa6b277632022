"""Sessions: what the store promises, and that it keeps to one statement."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as Djangos
from django.contrib.sessions.models import Session
from django.utils import timezone

from sandan.core.sessions import SessionStore

pytestmark = pytest.mark.django_db


def kept(**values: Any) -> str:
    session = SessionStore()
    session.update(values)
    session.save()
    assert session.session_key
    return session.session_key


class TestSessionStore:
    def test_reads_what_was_kept_in_one_statement(self, django_assert_num_queries: Any) -> None:
        key = kept(askers=[7])
        with django_assert_num_queries(1):
            assert SessionStore(key)["askers"] == [7]

    def test_creates_and_changes_in_one_statement_each(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            key = kept(askers=[7])
        session = SessionStore(key)
        session["askers"] = [7, 8]
        with django_assert_num_queries(1):
            session.save()
        assert SessionStore(key)["askers"] == [7, 8]

    def test_keeps_rows_as_django_itself_reads_and_writes_them(self) -> None:
        assert Djangos(kept(askers=[7])).load() == {"askers": [7]}
        other = Djangos()
        other["askers"] = [9]
        other.save()
        assert SessionStore(other.session_key).load() == {"askers": [9]}

    def test_holds_nothing_once_its_time_is_over(self) -> None:
        key = kept(askers=[7])
        Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
        session = SessionStore(key)
        assert session.load() == {}
        assert session.session_key is None

    def test_is_not_brought_back_by_a_request_that_was_under_way_when_it_ended(self) -> None:
        session = SessionStore(kept(askers=[7]))
        session["askers"] = [7, 8]
        Session.objects.all().delete()
        with pytest.raises(UpdateError):
            session.save()
        assert not Session.objects.exists()

    def test_draws_another_key_where_the_first_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        keys = iter([kept(askers=[7]), "b" * 32])
        monkeypatch.setattr(SessionStore, "_get_new_session_key", lambda _self: next(keys))
        assert kept(askers=[8]) == "b" * 32
        assert Session.objects.count() == 2
