"""Coming back to one's order, and what an asker can say on it."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.orders import access
from sandan.orders.actions import saying
from sandan.orders.forms.resident_phone import PhoneField

SHORT = re.compile(r"(\d{2})(\d{2})-?(\d{3,5})")


class SecretForm(forms.Form):
    """A number, said aloud or in full, and the secret that came with it."""

    number = forms.CharField(label=gettext_lazy("单号"), max_length=40)
    community = forms.CharField(label=gettext_lazy("哪个社区"), max_length=12, required=False)
    secret = forms.CharField(label=gettext_lazy("查询码"), max_length=20)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["number"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "placeholder": "0810-048"}
        self.fields["secret"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.fields["number"].error_messages["required"] = _("还没写单号。单号像这样：0810-048。")
        self.fields["secret"].error_messages["required"] = _("还没写查询码。交单时给您的 8 位数字。")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = re.sub(r"[\s]", "", unicodedata.normalize("NFKC", data.get("number", "")))
        typed = re.sub(r"[－—–_]", "-", typed)
        if not typed:
            return data
        short = SHORT.fullmatch(typed)
        if access.parse(typed):
            data["columns"] = access.named(typed)
        elif short and data.get("community"):
            month, day, serial = (int(part) for part in short.groups())
            data["columns"] = {
                "community_id": data["community"], "on__month": month, "on__day": day, "serial": serial,
            }  # fmt: skip
        elif short:
            self.add_error("community", _("短单号要加上是哪个社区的。"))
        else:
            self.add_error("number", _("单号像这样：0810-048，四位日子，一横，三位号。"))
        return data


class PhoneForm(forms.Form):
    """The phone an order was placed with."""

    phone = PhoneField(label=gettext_lazy("点单时留的电话"), error_messages={"required": gettext_lazy("还没写电话。")})


class CodeForm(PhoneForm):
    """The code that was sent to it."""

    code = forms.CharField(label=gettext_lazy("验证码"), max_length=12)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["phone"].widget = forms.HiddenInput()
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}
        self.fields["code"].error_messages["required"] = _("还没写验证码。短信里的 6 位数字。")

    def clean_code(self) -> str:
        return re.sub(r"\D", "", unicodedata.normalize("NFKC", self.cleaned_data["code"]))


class SayForm(forms.Form):
    """A word from the asker: an answer, or why it must be done again."""

    text = forms.CharField(
        label=gettext_lazy("您的话"), widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("还没有写内容。一句话就行。")},
    )  # fmt: skip

    def clean_text(self) -> str:
        try:
            return saying.checked(self.cleaned_data["text"])
        except saying.Wordless as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class ReviewForm(forms.Form):
    """Solved, half, or not; how satisfied and a word, if one likes. `text` is the word of the chosen answer."""

    WORDS = (("yes", gettext_lazy("解决了")), ("half", gettext_lazy("办了一半")), ("no", gettext_lazy("没解决")))
    STEPS = (
        ("1", gettext_lazy("非常满意")), ("2", gettext_lazy("满意")), ("3", gettext_lazy("基本满意")),
        ("4", gettext_lazy("不满意")), ("5", gettext_lazy("非常不满意")),
    )  # fmt: skip

    word = forms.ChoiceField(
        label=gettext_lazy("这件事解决了吗？"), choices=WORDS, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选一个：解决了、办了一半，还是没解决。")},
    )  # fmt: skip
    satisfaction = forms.TypedChoiceField(
        label=gettext_lazy("满意吗"), choices=(("", gettext_lazy("不评")), *STEPS), required=False, coerce=int,
        empty_value=None,
    )  # fmt: skip
    text = forms.CharField(label=gettext_lazy("想说的话"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        try:
            return saying.checked(text) if text else ""
        except saying.Wordless as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("word") == "half" and not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("还差什么没办？写一句，我们接着办。"))
        return data
