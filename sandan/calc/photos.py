"""A photo from a stranger's phone becomes two plain JPEGs; where and when it was taken is handed back apart."""

import io
import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 40 * 1024 * 1024
MAX_PIXELS = 50_000_000
LARGE_EDGE, SMALL_EDGE = 1600, 320
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")  # a JPEG with a second view inside (MPO) opens as JPEG

Reason = Literal["empty", "too_big", "not_a_photo", "format", "too_many_pixels", "broken"]
_HEIC = re.compile(rb"....ftyp(?:heic|heix|hevc|heim|heis|mif1|msf1|avif)", re.DOTALL)
_FOREIGN = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"%PDF", b"<svg", b"\0\0\1\0")
_STAMP = re.compile(r"(\d{4}):(\d\d):(\d\d)[ T](\d\d):(\d\d):(\d\d)")


class Unusable(Exception):
    """The bytes are no photo we take. `code` says why; the words are the caller's."""

    def __init__(self, code: Reason) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Reencoded:
    """Two JPEGs without metadata; width and height are those of the large one, in pixels.

    `taken_at` is the camera's own clock without a zone, `lon` and `lat` WGS-84 degrees, `dhash` a signed
    64-bit difference hash (see `unlike`).
    """

    large: bytes
    small: bytes
    width: int
    height: int
    taken_at: datetime | None
    lon: float | None
    lat: float | None
    dhash: int


def reencode(data: bytes) -> Reencoded:
    """Re-encode a JPEG, PNG or WebP; raises Unusable with a code where it is something else or too much."""
    _check_outside(data)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            return _convert(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise Unusable("too_many_pixels") from fault
    except UnidentifiedImageError as fault:
        raise Unusable("format" if _is_foreign(data) else "not_a_photo") from fault
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, OverflowError) as fault:
        raise Unusable("broken") from fault


def _check_outside(data: bytes) -> None:
    if not data:
        raise Unusable("empty")
    if len(data) > MAX_BYTES:
        raise Unusable("too_big")


def _is_foreign(data: bytes) -> bool:
    return data.startswith(_FOREIGN) or _HEIC.match(data[:12]) is not None


def _convert(image: Image.Image) -> Reencoded:
    if image.width * image.height > MAX_PIXELS:
        raise Unusable("too_many_pixels")
    exif = _exif_of(image)
    if image.format in ("JPEG", "MPO"):
        image.draft("RGB", (LARGE_EDGE, LARGE_EDGE))  # decode near the wanted size: a tenth of the memory
    image.seek(0)
    image.load()
    upright = _opaque(_turned(image, exif.get(ExifTags.Base.Orientation)))
    large = _fit(upright, LARGE_EDGE)
    small = _fit(large, SMALL_EDGE)
    lon, lat = _position(exif)
    return Reencoded(
        _jpeg(large), _jpeg(small), large.width, large.height, _taken_at(exif), lon, lat, _difference_hash(small)
    )


def _exif_of(image: Image.Image) -> Image.Exif:
    """The metadata, or an empty set where it is damaged: bad metadata is no reason to refuse a good picture."""
    try:
        return image.getexif()
    except Exception:
        return Image.Exif()


def _turned(image: Image.Image, orientation: object) -> Image.Image:
    ways = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    way = ways.get(orientation) if isinstance(orientation, int) else None
    return image if way is None else image.transpose(way)


def _opaque(image: Image.Image) -> Image.Image:
    """RGB on white, so that what was transparent does not turn black."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        sheet = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(sheet, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def _fit(image: Image.Image, edge: int) -> Image.Image:
    if max(image.size) <= edge:
        return image
    return ImageOps.contain(image, (edge, edge), Image.Resampling.LANCZOS)


def _jpeg(image: Image.Image) -> bytes:
    """Pixels only: a fresh image carries no EXIF, no profile and no comment."""
    plain = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _difference_hash(image: Image.Image) -> int:
    """64 bits: whether each of 8x8 cells is darker than its right neighbour."""
    cells = image.convert("L").resize((9, 8), Image.Resampling.BILINEAR).tobytes()
    value = 0
    for row in range(8):
        for column in range(8):
            value = value << 1 | (cells[row * 9 + column] < cells[row * 9 + column + 1])
    return value - (1 << 64) if value >> 63 else value


def unlike(a: int, b: int) -> int:
    """In how many of 64 bits two difference hashes differ; under ten is most likely the same scene."""
    return ((a ^ b) & ((1 << 64) - 1)).bit_count()


def _taken_at(exif: Image.Exif) -> datetime | None:
    try:
        stamp = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
        match = _STAMP.match(str(stamp))
        return datetime(*map(int, match.groups())) if match else None  # type: ignore[arg-type]  # noqa: DTZ001
    except Exception:
        return None


def _position(exif: Image.Exif) -> tuple[float, float] | tuple[None, None]:
    """Longitude and latitude in degrees; nothing where either is missing, damaged or the empty island at 0, 0."""
    try:
        tags = exif.get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(tags[ExifTags.GPS.GPSLatitude], tags.get(ExifTags.GPS.GPSLatitudeRef, "N"), "S")
        lon = _degrees(tags[ExifTags.GPS.GPSLongitude], tags.get(ExifTags.GPS.GPSLongitudeRef, "E"), "W")
    except Exception:
        return None, None
    good = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0)
    return (lon, lat) if good else (None, None)


def _degrees(parts: Any, ref: object, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return round(-value if str(ref).upper().startswith(negative) else value, 7)
