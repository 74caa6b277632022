"""What may be typed at the front: a login."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _


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
