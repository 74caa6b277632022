"""The residents' pages on an old phone and a slow line: how much comes over, and that no script is needed."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests.factories.resident import a_town, place, point, say

pytestmark = pytest.mark.django_db

MOST = 100 * 1024  # bytes before photos, uncompressed


def pages(client: Client) -> dict[str, str]:
    """The three steps, the order's page and the done page, as they come over."""
    a_town()
    key, _answer = say(client)
    found = {"what": reverse("orders:place"), "where": reverse("orders:place_where", args=[key])}
    texts = {name: client.get(address).content.decode() for name, address in found.items()}
    point(client, key)
    texts["check"] = client.get(reverse("orders:place_check", args=[key])).content.decode()
    order = place(client)
    texts["done"] = client.get(reverse("orders:place_done", args=[order.key])).content.decode()
    texts["order"] = client.get(reverse("orders:progress", args=[order.full_number])).content.decode()
    return texts


def weight(page: str) -> int:
    """The page with every style, script and sprite it names, each once."""
    named = {address.partition("#")[0] for address in re.findall(r'(?:href|src)="/static/([^"]+)"', page)}
    files = [Path(str(finders.find(name))) for name in named]
    return len(page.encode()) + sum(file.stat().st_size for file in files)


class TestResidentsPages:
    def test_weigh_at_most_a_hundred_kilobytes_before_photos(self, client: Client) -> None:
        for name, page in pages(client).items():
            assert "icons.svg" in page, name  # the sprite is counted
            assert weight(page) <= MOST, name

    def test_need_no_script(self, client: Client) -> None:
        """What is sent is sent by plain forms: each button stands in one with a method, nothing waits for a swap."""
        for name, page in pages(client).items():
            assert not re.search(r"\bhx-(get|post|trigger)\b", page), name
            for form in re.findall(r"<form[^>]*>", page):
                assert 'method="' in form, (name, form)
            outside = re.sub(r"(?s)<form.*?</form>|<template.*?</template>", "", page)
            for button in re.findall(r"<button[^>]*>", outside):
                form = re.search(r'\bform="(\w+)"', button)  # it may stand at the foot and name its form
                assert 'type="button"' in button or (form and f'id="{form[1]}"' in page), (name, button)
