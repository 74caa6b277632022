"""calc.photos: what a stranger's phone sends becomes two plain JPEGs or a clear refusal."""

import io
import struct
import zlib
from datetime import datetime

import pytest
from PIL import ExifTags, Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

from sandan.calc import photos
from sandan.calc.photos import Unusable, reencode


def picture(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    """A left half that is dark, a right half that is light, and a red corner at the top left."""
    image = Image.new(mode, (width, height), "black")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 2, 0, width, height), fill="white")
    draw.rectangle((0, 0, width // 8, height // 8), fill="red")
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.Make] = "SecretPhone"
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:08:10 09:05:07"
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (IFDRational(37), IFDRational(51), IFDRational(36))
    gps[ExifTags.GPS.GPSLongitudeRef] = "E"
    gps[ExifTags.GPS.GPSLongitude] = (IFDRational(112), IFDRational(33), IFDRational(0))
    return tags


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG whose header claims a size; the pixels are what we say."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def code_of(data: bytes) -> str:
    with pytest.raises(Unusable) as caught:
        reencode(data)
    return caught.value.code


class TestReencode:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_takes_the_usual_kinds(self, kind: str) -> None:
        photo = reencode(encoded(picture(), kind))
        assert (photo.width, photo.height) == (400, 300)
        assert opened(photo.large).format == opened(photo.small).format == "JPEG"

    def test_makes_long_edges_of_1600_and_320(self) -> None:
        photo = reencode(encoded(picture(4000, 3000)))
        assert opened(photo.large).size == (photo.width, photo.height) == (1600, 1200)
        assert opened(photo.small).size == (320, 240)

    def test_hands_back_time_and_place_apart_and_keeps_no_metadata(self) -> None:
        photo = reencode(encoded(picture(), exif=exif(), comment=b"SecretPhone", icc_profile=b"SecretPhone"))
        assert photo.taken_at == datetime.fromisoformat("2026-08-10T09:05:07")
        assert (photo.lon, photo.lat) == (112.55, 37.86)
        for data in (photo.large, photo.small):
            assert b"SecretPhone" not in data
            assert b"Exif" not in data
            assert not opened(data).getexif()

    def test_has_no_time_and_place_where_the_phone_gave_none(self) -> None:
        photo = reencode(encoded(picture()))
        assert (photo.taken_at, photo.lon, photo.lat) == (None, None, None)

    @pytest.mark.parametrize("orientation", [1, 3, 6, 8])
    def test_turns_the_picture_upright(self, orientation: int) -> None:
        turned = {1: 0, 3: 180, 6: 90, 8: 270}[orientation]
        lying = picture().rotate(turned, expand=True)
        photo = reencode(encoded(lying, exif=exif(orientation)))
        assert (photo.width, photo.height) == (400, 300)
        red, green, _blue = opened(photo.large).getpixel((10, 10))
        assert red > 200
        assert green < 80

    def test_puts_what_is_transparent_on_white(self) -> None:
        photo = reencode(encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
        assert min(opened(photo.large).getpixel((25, 25))) > 250

    def test_takes_the_first_frame_of_a_moving_picture(self) -> None:
        frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "blue")]
        photo = reencode(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100))
        red, _green, blue = opened(photo.large).getpixel((30, 30))
        assert red > 200
        assert blue < 80

    def test_survives_damaged_metadata(self) -> None:
        data = encoded(picture(), exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 40)
        assert reencode(data).taken_at is None

    def test_hashes_alike_pictures_alike(self) -> None:
        one, alike = reencode(encoded(picture())), reencode(encoded(picture(1200, 900), quality=40))
        other = reencode(encoded(picture().rotate(180)))
        assert photos.unlike(one.dhash, alike.dhash) <= 4
        assert photos.unlike(one.dhash, other.dhash) >= 8
        assert photos.unlike(-1, 0) == 64
        assert min(one.dhash, other.dhash) >= -(1 << 63)
        assert max(one.dhash, other.dhash) < 1 << 63

    def test_refuses_nothing_at_all(self) -> None:
        assert code_of(b"") == "empty"

    def test_refuses_41_megabytes(self) -> None:
        assert code_of(encoded(picture()) + b"\0" * 41 * 1024 * 1024) == "too_big"

    @pytest.mark.parametrize(
        "data", [b"MZ\x90\0" + b"\0" * 500, b"\x7fELF" + b"\1" * 500, b"#!/bin/sh\nrm x\n", b"\xff\xd8\xff"]
    )
    def test_refuses_a_renamed_program(self, data: bytes) -> None:
        assert code_of(data) == "not_a_photo"

    @pytest.mark.parametrize(
        "data",
        [
            encoded(picture(), "GIF"),
            encoded(picture(), "BMP"),
            encoded(picture(), "TIFF"),
            b"\0\0\0\x18ftypheic" + b"\0" * 99,
        ],
    )
    def test_refuses_another_kind_of_picture_by_that_name(self, data: bytes) -> None:
        assert code_of(data) == "format"

    def test_refuses_a_cut_off_file(self) -> None:
        data = encoded(picture())
        assert code_of(data[: len(data) // 2]) == "broken"

    @pytest.mark.parametrize("size", [(8000, 7000), (20000, 20000), (60000, 60000)])
    def test_refuses_a_bomb_before_decoding_it(self, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("decoded"))
        assert code_of(png(*size)) == "too_many_pixels"

    def test_refuses_a_picture_without_the_pixels_it_claims(self) -> None:
        assert code_of(png(500, 500)) == "broken"

    def test_takes_a_picture_just_below_the_limit(self) -> None:
        row = b"\0" + b"\x40" * 3 * 5000
        assert reencode(png(5000, photos.MAX_PIXELS // 5000, row * (photos.MAX_PIXELS // 5000))).height == 1600
