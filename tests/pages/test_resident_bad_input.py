"""What residents can send that is wrong: each gets a clear answer, the right status, and nothing is half saved."""

import io
import struct
import zlib
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from sandan.orders.models import Draft, Order, Photo
from tests.factories.orders import a_picture
from tests.factories.resident import WORDS, Town, a_town, hand_in, place, point, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return a_town()


def file(content: bytes, name: str = "照片.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def bomb(edge: int = 30_000) -> bytes:
    """A small PNG that unpacks to 900 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", edge, edge, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * (edge + 1))) + chunk(b"IEND", b"")


class TestWords:
    @pytest.mark.parametrize("text", ["", "   \n ", "\u200b\u200b"])
    def test_empty_ones_are_asked_for(self, town: Town, client: Client, text: str) -> None:
        _key, answer = say(client, text)
        assert answer.status_code == 422
        assert "还没有写内容。一句话就行。" in answer.content.decode()
        assert not Draft.objects.exists()

    def test_ten_thousand_characters_come_back_untouched(self, town: Town, client: Client) -> None:
        text = "楼道灯不亮" * 2000
        _key, answer = say(client, text)
        assert answer.status_code == 422
        assert "最多 2000 字，现在有 10000 字" in answer.content.decode()
        assert text in answer.content.decode()
        assert not Draft.objects.exists()

    @pytest.mark.parametrize("text", ["桐花苑1号楼灯坏了😀👴🏻", "桐花苑1号楼𠮷野家门口有坑", "桐花苑1号楼\r\n灯坏了"])
    def test_emoji_and_rare_characters_arrive(self, town: Town, client: Client, text: str) -> None:
        order = place(client, text)
        kept = order.words.get(kind="report").original.open_unlogged()
        assert kept == "".join(c for c in text if c == "\n" or c.isprintable())

    def test_markup_stays_words(self, town: Town, client: Client) -> None:
        text = '桐花苑1号楼<script>alert(1)</script><img src=x onerror="a">'
        key, _ = say(client, text)
        point(client, key)
        pages = [client.get(f"/order/{key}/{step}").content.decode() for step in ("", "where/", "check/")]
        hand_in(client, key)
        order = Order.objects.get(key=key)
        pages.append(client.get(f"/follow/{order.full_number}/").content.decode())
        for page in pages:
            assert "<script>alert" not in page
            assert 'onerror="a"' not in page
        assert "&lt;script&gt;" in pages[0]

    def test_a_null_sign_is_refused_in_words(self, town: Town, client: Client) -> None:
        _key, answer = say(client, "桐花苑\0灯坏了")
        assert answer.status_code == 422


class TestPhone:
    @pytest.mark.parametrize(
        ("phone", "said"),
        [
            ("1640000771", "少了 1 位，手机号是 11 位。"), ("164000077", "少了 2 位"), ("164000077190", "多了 1 位"),
            ("11000007719", "没有 110 开头的手机号"), ("一六四", "电话只写数字"), ("4040110", "座机请连区号一起写"),
            ("03511", "这个号码打不通"), ("<b>", "电话只写数字"),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong_and_keeps_the_rest(self, town: Town, client: Client, phone: str, said: str) -> None:
        key, _ = say(client)
        point(client, key)
        answer = hand_in(client, key, phone=phone, name="老陈")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert 'value="老陈"' in page
        assert not Order.objects.exists()
        assert Draft.objects.filter(key=key).exists()

    @pytest.mark.parametrize(
        "phone", ["16400007719", "154 0000 7719", "169-0000-7719", "13812345678", "+86 16100007719",
                  "１６４００００７７１９",
                  "0351-4040110", "(010) 62345678"],
    )  # fmt: skip
    def test_takes_mobiles_landlines_and_those_of_invented_people(self, town: Town, client: Client, phone: str) -> None:
        key, _ = say(client)
        point(client, key)
        assert hand_in(client, key, phone=phone).status_code == 302


class TestPhotos:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"MZ\x90\x00" + b"\0" * 500, "这不是照片"), (b"<html>no picture</html>", "这不是照片"),
            (b"", "空"), (a_picture()[:400], "没传完整"), (bomb(), "尺寸太大"),
        ],
        ids=["program", "page", "empty", "half", "bomb"],
    )  # fmt: skip
    def test_what_is_none_is_refused_whole(self, town: Town, client: Client, content: bytes, said: str) -> None:
        """The good photo beside the bad one is not kept either, and the words come back."""
        _key, answer = say(client, photos=[file(a_picture()), file(content)])
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert WORDS in page
        assert not Photo.objects.exists()
        assert not Draft.objects.exists()

    def test_forty_megabytes_are_too_large(self, town: Town, client: Client) -> None:
        _key, answer = say(client, photos=[file(a_picture() + b"\0" * (40 * 1024 * 1024))])
        assert answer.status_code == 413
        assert "超过 40 MB" in answer.content.decode()
        assert WORDS in answer.content.decode()
        assert not Draft.objects.exists()

    def test_more_than_nine_are_refused(self, town: Town, client: Client) -> None:
        _key, answer = say(client, photos=[file(a_picture()) for _ in range(9)])
        assert answer.status_code == 302
        _key, tenth = say(client, key=_key, photos=[file(a_picture())])
        assert tenth.status_code == 422
        assert "最多 9 张" in tenth.content.decode()
        assert Photo.objects.count() == 9

    def test_a_body_of_a_gigabyte_is_not_even_read(self, town: Town, client: Client) -> None:
        answer = client.generic(
            "POST", "/order/", b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(2**30)
        )
        assert answer.status_code == 413
        assert "照片加起来太大" in answer.content.decode()

    def test_nothing_of_the_camera_is_left_in_the_picture(self, town: Town, client: Client) -> None:
        out, exif = io.BytesIO(), Image.Exif()
        exif[0x0110], exif[0x0132] = "Phone 9", "2026:08:10 12:00:00"
        Image.new("RGB", (60, 40), "red").save(out, "JPEG", exif=exif)
        key, _ = say(client, photos=[file(out.getvalue())])
        photo = Photo.objects.get(draft=key)
        assert b"Phone 9" not in photo.large.open_bytes()
        assert "2026-08-10T12:00:00" in photo.taken.open_unlogged()


class TestKeys:
    def test_a_source_that_nobody_prints_counts_as_the_web(self, town: Town, client: Client) -> None:
        key, _ = say(client, source="<b>phone</b>")
        point(client, key)
        hand_in(client, key)
        assert Order.objects.get(key=key).channel == "web"

    @pytest.mark.parametrize("key", ["", "1", "not-a-key", "00000000-0000-1000-8000-000000000000"])
    def test_a_bad_one_is_refused_and_the_words_come_back(self, town: Town, client: Client, key: str) -> None:
        answer = client.post("/order/", {"key": key, "text": WORDS})
        assert answer.status_code == 422
        assert WORDS in answer.content.decode()

    def test_one_that_nobody_has_is_gone(self, town: Town, client: Client) -> None:
        assert client.get(f"/order/{uuid4()}/where/").status_code == 410
        assert client.post(f"/order/{uuid4()}/check/", {}).status_code == 410
        assert client.get(f"/order/{uuid4()}/done/").url == "/follow/"


class TestWhere:
    @pytest.mark.parametrize(
        "data",
        [{"where": "heard9"}, {"where": ""}, {"where": "pin"}, {"where": "pin", "lon": "x", "lat": "1"},
         {"where": "pin", "lon": "nan", "lat": "nan"}, {"where": "pin", "lon": "999", "lat": "1"},
         {"where": "estate"}, {"where": "estate", "estate": "999999"}, {"where": "rough", "community": "110101001001"},
         {"where": "rough", "community": "abc"}, {"where": "heard0", "building": "1" * 50}],
    )  # fmt: skip
    def test_a_bad_place_is_refused_in_words(self, town: Town, client: Client, data: dict[str, str]) -> None:
        key, _ = say(client)
        answer = client.post(f"/order/{key}/where/", data)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
