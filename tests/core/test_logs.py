"""core.logs: one form of line, and no way for a person's words to get into one."""

import copy
import json
import logging
import logging.config
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client
from structlog.testing import capture_logs

from sandan.core import logs
from sandan.orders import actions
from tests.factories.orders import MORNING, a_sending
from tests.factories.people import cast

NAME, PHONE, DOOR, TEXT = "司空曙光", "16400007719", "7单元903室", "家里老人摔倒了没人扶"


@contextmanager
def hearing() -> Iterator[list[Any]]:
    """What libraries print meanwhile, as the settings have it; the list is filled at the end."""
    root, stream, said = logging.getLogger(), StringIO(), list[Any]()
    kept = root.handlers[:], root.level
    config = copy.deepcopy(settings.LOGGING)
    config["handlers"]["lines"]["stream"] = stream
    logging.config.dictConfig(config)
    try:
        yield said
    finally:
        root.handlers, root.level = kept
        said.extend(json.loads(line) for line in stream.getvalue().splitlines())


def _raise(text: str) -> None:
    """With a local value that a talkative traceback would show."""
    phone = text
    raise ValueError(phone)


class TestLines:
    def test_hold_the_pattern_and_not_what_was_filled_in(self) -> None:
        with hearing() as said:
            logging.getLogger("any.library").warning("could not reach %s at %s", NAME, PHONE)
        (line,) = said
        assert (line["event"], line["level"]) == ("could not reach %s at %s", "warning")
        assert line["timestamp"].endswith("Z")

    def test_tell_a_finished_sentence_by_its_place_alone(self) -> None:
        with hearing() as said:
            logging.getLogger("any.library").warning(f"could not reach {NAME}")
        assert re.fullmatch(r"test_logs:\d+", said[0]["event"])

    def test_hold_an_exception_s_kind_and_place_and_not_its_words(self) -> None:
        with hearing() as said:
            try:
                _raise(PHONE)
            except ValueError:
                logging.getLogger("any.library").exception("no luck with %s", NAME)
        (line,) = said
        assert line["kind"] == "builtins.ValueError"
        assert line["where"][-1].endswith("_raise")
        assert re.fullmatch(r"\d{6}", line["number"])
        assert PHONE not in json.dumps(line)
        assert NAME not in json.dumps(line, ensure_ascii=False)

    def test_leave_our_own_worker_s_words_as_they_are(self) -> None:
        with hearing() as said:
            logging.getLogger("procrastinate.worker").warning("Job core.tasks.seal[7] ended")
        assert said[0]["event"] == "Job core.tasks.seal[7] ended"

    def test_come_from_django_for_no_request(self, client: Client, db: None) -> None:
        """Its lines hold addresses; ours say the same with the page's name."""
        with hearing() as said, capture_logs():
            client.get(f"/none/{PHONE}/")
        assert said == []


class TestUncaught:
    def test_ends_a_process_with_a_line_and_no_traceback(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)
        monkeypatch.setattr("threading.excepthook", sys.excepthook)
        logs.guard()
        try:
            _raise(PHONE)
        except ValueError as error:
            with capture_logs() as caught:
                sys.excepthook(type(error), error, error.__traceback__)
        (line,) = caught
        assert (line["event"], line["log_level"]) == ("uncaught", "critical")
        assert PHONE not in repr(line)


@pytest.mark.django_db
class TestAnOrder:
    """G2, G3: what a resident types and who he is stays out of every line, also when it goes wrong."""

    def test_leaves_no_trace_when_it_is_placed(self) -> None:
        cast()
        with hearing() as said, capture_logs() as caught:
            self._place()
        self._has_no_trace(json.dumps(said, ensure_ascii=False) + repr(caught))

    def test_leaves_no_trace_when_the_database_refuses_it(self, client: Client) -> None:
        """The database's own words quote the row that it refuses."""
        people = cast()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE orders_words ADD CONSTRAINT none_at_all CHECK (masked = '') NOT VALID")
        client.force_login(people.dispatcher)
        client.raise_request_exception = False
        monkey = pytest.MonkeyPatch()
        monkey.setattr("sandan.front.views.greeting.queries.community", lambda _code: self._place())
        with hearing() as said, capture_logs() as caught:
            assert client.get("/help/").status_code == 500
        monkey.undo()
        fault = next(line for line in caught if line["event"] == "fault")
        assert fault["kind"].endswith("IntegrityError")
        assert re.fullmatch(r"\d{6}", fault["number"])
        self._has_no_trace(json.dumps(said, ensure_ascii=False) + repr(caught))

    def test_would_be_quoted_by_the_database_itself(self) -> None:
        """What the test above guards against: this is no made-up danger."""
        cast()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE orders_words ADD CONSTRAINT none_at_all CHECK (masked = '') NOT VALID")
        with pytest.raises(IntegrityError, match=TEXT):
            self._place()

    def _place(self) -> None:
        sending = a_sending(name=NAME, phone=PHONE, door=DOOR, text=TEXT)
        actions.place(sending=sending, by=None, at=MORNING)

    def _has_no_trace(self, said: str) -> None:
        for words in (NAME, PHONE, DOOR, TEXT):
            assert words not in said
            assert ascii(words).strip("'") not in said
