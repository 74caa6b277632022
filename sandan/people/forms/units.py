"""What a human may type about a unit that reports in: the register, steps, check-ins, links, words, pairs."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sandan.people.models import Resource, UnitFile, UnitLink, UnitStage
from sandan.people.queries.units_words import BLOCKERS
from sandan.places.models import Place

TEXT = forms.Textarea(attrs={"rows": 4})


class Day(forms.DateInput):
    """A date picked by the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day(label: Any, **more: Any) -> forms.DateField:
    """A field for a day."""
    wrong = {"invalid": _("日期写成 2026-11-23 这样。")}
    return forms.DateField(label=label, widget=Day, error_messages=wrong, **more)


def tags(label: Any, **more: Any) -> forms.MultipleChoiceField:
    """Ticks of the closed list of resources and needs."""
    return forms.MultipleChoiceField(
        label=label, choices=Resource.choices, required=False, widget=forms.CheckboxSelectMultiple, **more
    )


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """One of the communities within reach, by name."""

    def __init__(self, **more: Any) -> None:
        super().__init__(queryset=Place.objects.none(), empty_label=_("请选一个"), **more)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


def communities(scope: str) -> Any:
    """The communities in use inside an area."""
    rows = Place.objects.current().filter(kind=Place.Kind.COMMUNITY, code__startswith=scope)
    return rows.order_by("name_key", "code")


class UnitForm(forms.Form):
    """What a unit tells of itself. The number is one of work; it is kept under seal and never shown back here."""

    contact = forms.CharField(label=_("联系人"), max_length=40, required=False)
    phone = forms.CharField(label=_("工作电话"), max_length=30, required=False)
    address = forms.CharField(label=_("办公地址"), max_length=120, required=False)
    member_count = forms.IntegerField(label=_("党员人数（单位自报）"), min_value=0, max_value=100000, required=False)
    offers = tags(_("能拿出什么"), help_text=_("社区要的和单位有的，用同一张单子，好对得上。"))
    is_co_building = forms.BooleanField(label=_("是共驻共建单位"), required=False)
    agreed_on = day(_("协议签订日期"), required=False)
    agreement = forms.CharField(label=_("协议要点"), max_length=2000, required=False, widget=TEXT)


def unit_start(file: UnitFile) -> dict[str, Any]:
    """The form as the register has it; the number stays where it is."""
    return {field: getattr(file, field) for field in UnitForm.base_fields if field != "phone"}


class NewUnitForm(forms.Form):
    """A unit that enters the register: more is told on its own page."""

    name = forms.CharField(label=_("单位名称"), max_length=80, help_text=_("写全称，和公章上的一样。"))
    contact = forms.CharField(label=_("联系人"), max_length=40, required=False)
    phone = forms.CharField(label=_("工作电话"), max_length=30, required=False)


class StepForm(forms.Form):
    """One of the three steps as it stands."""

    step = forms.ChoiceField(choices=UnitStage.Step.choices, widget=forms.HiddenInput)
    due_on = day(_("最迟哪天做完"), required=False)
    from_on = day(_("哪天开始的"), required=False)
    done_on = day(_("哪天做完的"), required=False)
    blocker = forms.ChoiceField(label=_("有什么难处"), required=False, choices=[("", _("没有")), *BLOCKERS.items()])
    note = forms.CharField(label=_("补一句"), max_length=120, required=False)


class CheckinForm(forms.Form):
    """The community to report in to."""

    community = PlaceField(label=_("社区"), error_messages={"required": _("选一个社区。")})

    def __init__(self, data: Any, scope: str) -> None:
        super().__init__(data)
        self.fields["community"].queryset = communities(scope)  # type: ignore[attr-defined]


class PairForm(CheckinForm):
    """A pair with its two names."""

    unit_contact = forms.CharField(label=_("单位联系人"), max_length=40)
    community_contact = forms.CharField(label=_("社区联系人"), max_length=40)
    from_on = day(_("从哪天起"))
    to_on = day(_("到哪天止"), required=False, help_text=_("没定就空着。"))


class LinkForm(forms.Form):
    """What the unit does there, for which ground."""

    scope = forms.ChoiceField(label=_("哪一片"))
    text = forms.CharField(label=_("做什么"), max_length=200)
    tags = tags(_("属于哪一类"))

    def __init__(self, data: Any, ground: Iterable[Place]) -> None:
        super().__init__(data)
        self.fields["scope"].choices = [(place.code, place.name) for place in ground]  # type: ignore[attr-defined]


LINK_WORDS = {
    UnitLink.Kind.SERVICE.value: _("为社区做什么（%(word)s）"),
    UnitLink.Kind.CHARGE.value: _("包联哪一片（%(word)s）"),
}


class MarkForm(forms.Form):
    """One side's mark and word."""

    mark = forms.TypedChoiceField(
        label=_("打几分"), coerce=int, widget=forms.RadioSelect,
        choices=[
            (5, _("5 分，很好")), (4, _("4 分，好")), (3, _("3 分，一般")),
            (2, _("2 分，不够")), (1, _("1 分，没做到")),
        ],
        error_messages={"required": _("选一个分数。")},
    )  # fmt: skip
    text = forms.CharField(
        label=_("想说的话"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class SurveyForm(forms.Form):
    """What a community is and lacks."""

    on = day(_("摸底的日子"), initial=date.today)
    households = forms.IntegerField(label=_("多少户"), min_value=0, max_value=100000)
    staff_count = forms.IntegerField(label=_("社区现有几个人干活"), min_value=0, max_value=1000, required=False)
    capacity = forms.IntegerField(label=_("能给多少名党员安排事做"), min_value=0, max_value=5000, required=False)
    needs = tags(_("缺什么、要什么"))
    resources = tags(_("已有什么"))
    gaps = forms.CharField(
        label=_("最难的是哪几件事"), max_length=400, required=False, widget=TEXT,
        help_text=_("写事，不写人：不要写居民的姓名和门牌。"),
    )  # fmt: skip


class SchemeForm(forms.Form):
    """A scheme: name, words of its pairs, the four parts, the day it begins."""

    name = forms.CharField(
        label=_("机制叫什么"), max_length=40, help_text=_("比如：双报到双服务双包联双评价，或 双报到双评议。")
    )
    word_checkin = forms.CharField(label=_("第一对的词"), max_length=8, initial="报到")
    word_service = forms.CharField(label=_("第二对的词"), max_length=8, initial="服务", required=False)
    word_charge = forms.CharField(label=_("第三对的词"), max_length=8, initial="包联", required=False)
    word_rating = forms.CharField(
        label=_("第四对的词"), max_length=8, initial="评价", required=False, help_text=_("机制里没有的那一对，空着。")
    )
    audience = forms.CharField(label=_("对象"), max_length=4000, widget=TEXT)
    procedure = forms.CharField(label=_("程序"), max_length=4000, widget=TEXT)
    tasks = forms.CharField(label=_("主要任务"), max_length=4000, widget=TEXT)
    review = forms.CharField(label=_("评议方式"), max_length=4000, widget=TEXT)
    from_on = day(_("从哪天起施行"))
