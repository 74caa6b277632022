"""The three steps of placing an order: what, where, how to reach you. A form checks; it saves nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.calc import photos
from sandan.intake.models import Category
from sandan.orders.actions import saying, serving
from sandan.orders.forms.resident_phone import PhoneField
from sandan.orders.queries import resident_writing
from sandan.orders.queries.resident_writing import Where
from sandan.places import queries as ground
from sandan.places.models import Estate, Place

SOURCES = {  # where a code was printed or a link was posted, and the channel that an order from there keeps (R053)
    "web": "web", "board": "board", "qr": "qr", "wechat": "wechat", "group": "group", "meeting": "meeting",
    "card": "card",
}  # fmt: skip


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to nine files; the cleaned value is a list."""

    def __init__(self, **options: Any) -> None:
        accept = "image/jpeg,image/png,image/webp"
        super().__init__(widget=ManyFiles(attrs={"accept": accept}), **options)

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ARG002 (the name is Django's)
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > serving.MOST_PHOTOS:
            raise forms.ValidationError(_("最多 %(most)s 张照片。") % {"most": serving.MOST_PHOTOS})
        for number, file in enumerate(files, 1):
            if file.size > photos.MAX_BYTES:
                text = _("第 %(number)s 个文件没存：%(why)s")
                raise forms.ValidationError(text % {"number": number, "why": serving.WHY["too_big"]}, code="too_big")
        return files


class WhatForm(forms.Form):
    """Step 1: what happened, in one's own words, with photos."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    source = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    community = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    grid = forms.RegexField(r"^\d{15}$", required=False, widget=forms.HiddenInput)  # of a contact card
    text = forms.CharField(
        label=gettext_lazy("出了什么事？"), strip=False, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("还没有写内容。一句话就行。")},
    )  # fmt: skip
    photos = PhotosField(label=gettext_lazy("照片"), required=False)

    def clean_key(self) -> UUID:
        key: UUID = self.cleaned_data["key"]
        if key.version != 4:
            raise forms.ValidationError(_("这一页放得太久了。请重新打开。"))
        return key

    def clean_source(self) -> str:
        return SOURCES.get(self.cleaned_data["source"], "web")

    def clean_text(self) -> str:
        try:
            return saying.checked(self.cleaned_data["text"])
        except saying.Wordless as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class WhereForm(forms.Form):
    """Step 2: where it is. `heard` are the places the words named; the cleaned value is a Where under "place"."""

    where = forms.ChoiceField(label=gettext_lazy("事情在哪里？"), widget=forms.RadioSelect, required=False)
    estate_name = forms.CharField(label=gettext_lazy("小区或院子的名字"), max_length=40, required=False)
    estate = forms.IntegerField(required=False, widget=forms.HiddenInput)
    building = forms.CharField(label=gettext_lazy("几号楼"), max_length=12, required=False)
    unit = forms.CharField(label=gettext_lazy("几单元"), max_length=6, required=False)
    room = forms.CharField(label=gettext_lazy("几室"), max_length=10, required=False)
    community = forms.CharField(label=gettext_lazy("哪个社区"), max_length=12, required=False)
    spot = forms.CharField(label=gettext_lazy("具体在哪一处"), max_length=100, required=False)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    near_shown = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, heard: Sequence[Where], county: Place, community: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.heard, self.county, self.known = heard, county, community
        self.matches: list[ground.EstateName] = []
        heard_rows = [(f"heard{i}", place.label) for i, place in enumerate(heard)]
        others = [("estate", _("说小区")), ("pin", _("用手机的位置")), ("rough", _("说个大概"))]
        self.fields["where"].choices = [*heard_rows, *others]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        chosen = data.get("where") or ("estate" if data.get("estate_name") or data.get("estate") else "")
        place = self._chosen(chosen)
        if place and self._served(place.community):
            data["place"] = place
        return data

    def _chosen(self, way: str) -> Where | None:
        if way.startswith("heard"):
            return resident_writing.with_building(self.heard[int(way.removeprefix("heard"))], **self._typed())
        ways = {"estate": self._estate, "pin": self._pin, "rough": self._rough}
        if way in ways:
            return ways[way]()
        self.add_error("where", _("请选一个地方。说不清就选「说个大概」。"))
        return None

    def _typed(self) -> dict[str, str]:
        return {name: self.cleaned_data[name].strip() for name in ("building", "unit", "room", "spot")}

    def _estate(self) -> Where | None:
        pk, name = self.cleaned_data.get("estate"), self.cleaned_data["estate_name"].partition("（")[0].strip()
        if not name and not pk:
            self.add_error("estate_name", _("还没写小区的名字。不知道叫什么，就选「说个大概」。"))
            return None
        found = [] if pk and not name else resident_writing.estates_named(name, self.county.code, self.known)
        if pk and (not name or pk in {estate.id for estate in found}):
            found = []
        elif len(found) == 1:
            pk = found[0].id
        elif found:
            self.matches = found
            self.add_error("estate_name", _("有 %(count)s 个地方都像，请选一个。") % {"count": len(found)})
            return None
        else:
            text = _("没找到「%(name)s」。换个叫法，或者从列表里选；不行就选「说个大概」。")
            self.add_error("estate_name", text % {"name": name})
            return None
        estate = Estate.objects.current().filter(pk=pk, community__code__startswith=self.county.code).first()
        if estate is None:
            self.add_error("estate_name", self._outside())
            return None
        return resident_writing.at_estate(estate, **self._typed())

    def _outside(self) -> str:
        return _("这个地方不在%(county)s，这里办不了。请打 12345，他们会转到当地。") % {"county": self.county.name}

    def _pin(self) -> Where | None:
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        if lon is None or lat is None:
            self.add_error("where", _("还没拿到手机的位置。点「用我现在的位置」，或者换一种说法。"))
            return None
        located = ground.locate(lon, lat, self.county.code)
        if located is None:
            self.add_error("where", self._outside())
            return None
        name = Place.objects.filter(code=located.community).values_list("name", flat=True).first() or ""
        return Where(community=located.community, name=name, lon=lon, lat=lat, spot=self.cleaned_data["spot"].strip())

    def _rough(self) -> Where | None:
        community = resident_writing.community(self.cleaned_data["community"].strip() or self.known)
        if community is None:
            self.add_error("community", _("请选一个社区，不知道就选离得最近的。"))
        elif not community.code.startswith(self.county.code):
            self.add_error("community", self._outside())
        elif not self.cleaned_data["spot"].strip():
            self.add_error("spot", _("写一句在什么地方，像「菜市场东门口」。"))
        else:
            return Where(
                community=community.code, name=community.name, spot=self.cleaned_data["spot"].strip(), confidence=0.5
            )
        return None

    def _served(self, code: str) -> bool:
        community = Place.objects.filter(code=code).only("name", "phone", "takes_orders").first()
        if community is not None and community.takes_orders:
            return True
        self.add_error("where", not_served(community))
        return False


def not_served(community: Place | None) -> str:
    """What to do where nobody takes orders yet."""
    name = community.name if community else _("这个社区")
    phone = (community.phone if community else "") or "12345"
    return _("%(name)s还没有开通点单。请直接打 %(phone)s。") % {"name": name, "phone": phone}


class ReachForm(forms.Form):
    """Step 3: how to reach you; nothing of it must be given."""

    name = forms.CharField(label=gettext_lazy("怎么称呼您"), max_length=20, required=False)
    phone = PhoneField(label=gettext_lazy("您的电话"), required=False)
    may_call = forms.BooleanField(label=gettext_lazy("办好以后，可以打电话问我满不满意"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("看着像哪类事？"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, found: Sequence[Category] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        choices = [(item.code, item.name) for item in found]
        self.fields["category"].choices = [*choices, ("none", _("说不准，请社区看"))]  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """我也是: the same way to be reached as in step 3."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("怎么称呼您"), max_length=20, required=False)
    phone = PhoneField(label=gettext_lazy("您的电话"), required=False)
    may_call = forms.BooleanField(label=gettext_lazy("办好以后，可以打电话问我满不满意"), required=False)
