"""What a human may type to find a place, bring a file, or tick cells."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sandan.calc.ground import Datum
from sandan.places.models import Place

CODE = re.compile(r"\d{15}(\d{2})?")
KINDS = frozenset([*Place.Kind.values, "building"])


class SearchForm(forms.Form):
    """A half-typed name, or the number of an estate whose buildings are asked for."""

    q = forms.CharField(max_length=40, required=False)
    estate = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    county = forms.RegexField(r"^\d{6}$", required=False)
    community = forms.RegexField(r"^\d{12}$", required=False)


DATUMS = (
    ("", _("文件里写明了，或没有坐标")),
    (Datum.WGS84.value, _("WGS-84（GPS、天地图、国家 2000）")),
    (Datum.GCJ02.value, _("GCJ-02（高德、腾讯地图）")),
    (Datum.BD09.value, _("BD-09（百度地图）")),
)


def _datum(text: str) -> Datum | None:
    return Datum(text) if text else None


class UploadForm(forms.Form):
    """A file of the ground, its datum, and what becomes of that which it does not name."""

    file = forms.FileField(label=_("文件"), help_text=_(".xlsx 表格或 GeoJSON，40 MB 以内"))
    datum = forms.TypedChoiceField(label=_("坐标系"), choices=DATUMS, coerce=_datum, empty_value=None, required=False)
    rest = forms.ChoiceField(
        label=_("文件里没有的网格、小区、楼栋"),
        choices=(("end", _("停用：文件写全了这几个社区")), ("keep", _("保留：文件只是补充"))), initial="end",
        widget=forms.RadioSelect,
    )  # fmt: skip


class ConfirmForm(forms.Form):
    """The word that applies a draft: the ground it was seen with, who follows where; or the datum that was missing."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    datum = forms.TypedChoiceField(
        label=_("坐标系"), choices=DATUMS[1:], coerce=_datum, empty_value=None, required=False
    )

    def choices(self) -> dict[str, tuple[str, ...]]:
        """For an ended code the one chosen in its place, as the fields to_CODE say."""
        told = ((name.removeprefix("to_"), value) for name, value in self.data.items() if name.startswith("to_"))
        return {old: (new,) for old, new in told if CODE.fullmatch(old) and CODE.fullmatch(str(new))}


class CodesForm(forms.Form):
    """Ticked cells."""

    codes = forms.TypedMultipleChoiceField(required=True)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        ticked = [code for code in data.getlist("codes") if CODE.fullmatch(code)]
        self.fields["codes"].choices = [(code, code) for code in ticked]  # type: ignore[attr-defined]
