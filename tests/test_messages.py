"""Every text of the product has its English, complete and compiled."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages import Catalog
from django.test import Client

TOP = Path(__file__).resolve().parent.parent


def tool() -> ModuleType:
    """tools/messages.py, which gathers the texts."""
    spec = importlib.util.spec_from_file_location("messages_tool", TOP / "tools" / "messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


messages = tool()


class TestCatalogue:
    def test_holds_every_text_of_the_sources_and_no_other(self) -> None:
        """A text was added, changed or dropped since `make messages` was last run."""
        found = set(messages.sources())
        kept = {messages.key_of(message) for message in messages.catalogue() if message.id}
        assert found - kept == set()
        assert kept - found == set()

    def test_has_english_with_all_placeholders(self) -> None:
        assert list(messages.faults(messages.catalogue())) == []

    def test_is_compiled(self) -> None:
        assert messages.MO.read_bytes() == messages.mo_bytes(messages.catalogue())


class TestFaults:
    @pytest.mark.parametrize("english", ["", "a word", "%(other)s", "%(name)s %(name)s"])
    def test_finds_what_is_missing_or_invented(self, english: str) -> None:
        catalog = Catalog(locale="en")
        catalog.add("%(name)s来了", english)
        assert len(list(messages.faults(catalog))) == 1

    def test_is_content_with_another_order(self) -> None:
        catalog = Catalog(locale="en")
        catalog.add("%(a)s由%(b)s办", "%(b)s does %(a)s")
        assert list(messages.faults(catalog)) == []


@pytest.mark.django_db
class TestPages:
    def test_speak_english_to_who_asks_for_it(self, client: Client) -> None:
        page = client.get("/", headers={"accept-language": "en"}).content.decode()
        assert "Report something" in page
        assert "我要报事" not in page
        assert 'lang="en"' in page

    def test_speak_chinese_otherwise(self, client: Client) -> None:
        page = client.get("/", headers={"accept-language": "zh-CN"}).content.decode()
        assert "我要报事" in page
