"""One's own picture: a file and a yes."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PortraitForm(forms.Form):
    """A picture of oneself, with the consent to print it."""

    picture = forms.FileField(
        label=_("照片"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("半身、正面、看得清脸。15 MB 以内。"),
        error_messages={"required": _("还没选照片。")},
    )
    agrees = forms.BooleanField(
        label=_("我同意把照片印在连心卡上"),
        help_text=_(
            "卡片贴在楼道里，扫码也看得到，谁都能看见。随时可以撤下，撤下后扫码就看不到了；离岗一个月后自动删除。"
        ),
        error_messages={"required": _("要您同意才能印。不同意就不用放照片，卡片照样能用。")},
    )
