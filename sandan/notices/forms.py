"""How somebody wishes to be reached."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReachForm(forms.Form):
    """Two switches and an address; the phone is the one of one's post."""

    takes_sms = forms.BooleanField(label=_("发短信"), required=False)
    takes_email = forms.BooleanField(label=_("发邮件"), required=False)
    email = forms.EmailField(
        label=_("邮箱"), required=False, max_length=120, help_text=_("留空就是不用。只用来发消息。"),
        error_messages={"invalid": _("邮箱不完整，像 zhou@example.cn 这样写。")},
    )  # fmt: skip
