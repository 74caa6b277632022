"""Is this a phone number one can be called back on: mobile or landline, and if not, what is wrong with it."""

import re
import unicodedata

import phonenumbers
from django import forms
from django.utils.translation import gettext as _

UNALLOCATED = frozenset({"154", "160", "161", "163", "164", "168", "169"})  # of invented people: nobody can be called
MOBILE = 11


def plain(text: str) -> str:
    """The digits of a number as people write it, without blanks, hyphens, brackets and +86; full width becomes half."""
    half = unicodedata.normalize("NFKC", text)
    bare = re.sub(r"[\s\-－—–()·.]", "", half)
    return re.sub(r"^(?:\+86|0086)(?=1\d|[2-9])", "", bare)


def checked(text: str) -> str:
    """The digits alone; ValidationError says what is wrong in a way that helps."""
    digits = plain(text)
    if not digits:
        return ""
    if not (digits.isascii() and digits.isdigit()):
        raise forms.ValidationError(_("电话只写数字，像 16400990000。"))
    if digits.startswith("1") and not digits.startswith("10"):
        return _mobile(digits)
    return _landline(digits)


def _mobile(digits: str) -> str:
    missing = MOBILE - len(digits)
    if missing > 0:
        raise forms.ValidationError(_("少了 %(count)s 位，手机号是 11 位。") % {"count": missing})
    if missing < 0:
        raise forms.ValidationError(_("多了 %(count)s 位，手机号是 11 位。") % {"count": -missing})
    if digits[:3] not in UNALLOCATED and not _is_valid(digits):
        raise forms.ValidationError(_("没有 %(front)s 开头的手机号。看看是不是按错了。") % {"front": digits[:3]})
    return digits


def _landline(digits: str) -> str:
    if not digits.startswith("0") and len(digits) in (7, 8):
        raise forms.ValidationError(_("座机请连区号一起写，像 0351 1234567。"))
    if not _is_valid(digits):
        raise forms.ValidationError(_("这个号码打不通。手机写 11 位，座机连区号一起写。"))
    return digits


def _is_valid(digits: str) -> bool:
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(number, "CN")


class PhoneField(forms.CharField):
    """A phone number; the cleaned value is its digits, "" where none was given."""

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=40, **options)  # type: ignore[arg-type]
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "tel"}

    def clean(self, value: object) -> str:
        return checked(super().clean(value))
