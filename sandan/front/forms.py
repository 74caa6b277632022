"""What may be typed at the front: a login, a code, a password."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sandan.people.actions import BadPhone, mobile

WIDE = {0xFF10 + i: str(i) for i in range(10)}


class LoginForm(forms.Form):
    """A login name or a work phone, and its password."""

    login = forms.CharField(
        label=_("登录名或工作手机号"),
        max_length=40,
        error_messages={
            "required": _("写上登录名，或者 11 位工作手机号"),
            "max_length": _("太长了，登录名不超过 40 个字"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        error_messages={"required": _("写上密码"), "max_length": _("太长了，密码不超过 200 个字")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def clean_login(self) -> str:
        """A phone number may be typed with spaces or dashes."""
        typed: str = self.cleaned_data["login"].strip()
        bare = re.sub(r"[\s-]", "", typed)
        return bare if bare.isdigit() else typed


FIGURES = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "20"}


class PhoneForm(forms.Form):
    """The work phone that a code goes to."""

    phone = forms.CharField(
        label=_("工作手机号"),
        max_length=30,
        error_messages={"required": _("写上 11 位手机号")},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}),
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        """Eleven digits, however they were typed."""
        try:
            return mobile(self.cleaned_data["phone"])
        except BadPhone as fault:
            raise forms.ValidationError(str(fault)) from fault


class FiguresForm(forms.Form):
    """Figures from a short message, an app or a sheet of paper."""

    code = forms.CharField(
        label=_("6 位验证码"),
        max_length=20,
        error_messages={"required": _("写上 6 位数字"), "max_length": _("太长了，再看一眼")},
        widget=forms.TextInput(attrs=FIGURES),
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def clean_code(self) -> str:
        """Digits of any width, without blanks and dashes."""
        typed: str = self.cleaned_data["code"].translate(WIDE)
        return re.sub(r"[\s-]", "", typed)


class AgainForm(forms.Form):
    """One's password once more."""

    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        error_messages={"required": _("写上密码"), "max_length": _("太长了，密码不超过 200 个字")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class NewPasswordForm(forms.Form):
    """A new password, twice; the old one where nothing else has just proved who it is."""

    old = forms.CharField(
        label=_("原来的密码"),
        max_length=200,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        help_text=_("至少 10 位，不要用手机号、生日和常见的词"),
        error_messages={"required": _("写上新密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    twice = forms.CharField(
        label=_("再写一遍新密码"),
        max_length=200,
        strip=False,
        error_messages={"required": _("再写一遍新密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both writings are the same."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("twice") and values.get("new") != values["twice"]:
            self.add_error("twice", _("两遍不一样，再写一遍"))
        return values


class FindForm(forms.Form):
    """Somebody by exact login or whole work phone."""

    who = forms.CharField(
        label=_("登录名或整个工作手机号"),
        max_length=40,
        error_messages={"required": _("写上登录名或整个手机号")},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_who(self) -> str:
        """A phone number may be typed with spaces or dashes."""
        typed: str = self.cleaned_data["who"].strip()
        bare = re.sub(r"[\s-]", "", typed)
        return bare if bare.isdigit() else typed
