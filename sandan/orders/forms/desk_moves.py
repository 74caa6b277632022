"""What each move of an order's page asks for: one small form a verb, its fields named as the action's parameters."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.orders.actions.passing import LEGAL
from sandan.orders.forms.desk_fields import code_field, words_field
from sandan.orders.forms.desk_judge import AskForm, PassOnForm, RefuseForm
from sandan.orders.models import Order
from sandan.orders.models.ladder import SEVERAL_AREAS
from sandan.orders.queries import ladder_below, reasons
from sandan.people.models import Person

Told = dict[str, Any]
OFFICE_ENDS = time(17, 30)
FEW_WORDS = gettext_lazy("补一句")


class MoveForm(forms.Form):
    """A move without questions."""


class OpenForm(MoveForm):
    """What happens where nobody grabs."""

    then_best = forms.BooleanField(
        label=gettext_lazy("没人抢，就自动挨个问最合适的五位"), required=False, initial=True,
        help_text=gettext_lazy("不勾，就退回来由您派。"),
    )  # fmt: skip


class ReasonForm(MoveForm):
    """A reason from the list and a few words."""

    LABELS: reasons.Labels = {}

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields = {"reason": code_field(gettext_lazy("原因"), self.LABELS), **self.fields}
        self.order_fields(["reason", "until", "text", "words"])


class UntilForm(ReasonForm):
    """A reason and a day; the day ends with the office."""

    until = forms.DateField(
        label=gettext_lazy("到哪天"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("选一个日子。"), "invalid": gettext_lazy("日子写成 2026-08-13 这样。"),
        },
    )  # fmt: skip
    text = words_field(FEW_WORDS, 2, required=False)

    def clean_until(self) -> datetime:
        day: date = self.cleaned_data["until"]
        if not timezone.now().year - 1 <= day.year <= timezone.now().year + 5:
            raise forms.ValidationError(_("年份看着不对，再看一眼。"))
        return timezone.make_aware(datetime.combine(day, OFFICE_ENDS))


class PauseForm(UntilForm):
    LABELS = {code: label for code, label in reasons.PAUSE.items() if code != "asked"}


class LedgerForm(UntilForm):
    LABELS = reasons.LEDGER


class ExtendForm(UntilForm):
    LABELS = reasons.EXTENSION
    text = words_field(gettext_lazy("告诉点单人为什么"), 2)


class EscalateForm(ReasonForm):
    """Why it goes up, and which other areas it concerns: they see this one order."""

    LABELS = reasons.ESCALATION
    text = words_field(FEW_WORDS, 2, required=False)
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("还牵涉哪里"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("勾上的社区看得到这一张单，不用另立。"),
        error_messages={"invalid_choice": gettext_lazy("请选列出来的社区或街道。")},
    )  # fmt: skip

    def clean(self) -> Told:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == SEVERAL_AREAS and "areas" in self.fields and not cleaned.get("areas"):
            self.add_error("areas", _("勾一下还牵涉哪里，那边才看得到。"))
        if cleaned.get("areas") and cleaned.get("reason") and cleaned["reason"] != SEVERAL_AREAS:
            self.add_error("reason", _("勾了别的社区，原因要选「牵涉几个社区」。"))
        return cleaned


class ReleaseForm(ReasonForm):
    LABELS = reasons.RELEASE
    words = words_field(FEW_WORDS, 2, required=False)


class DissentForm(ReasonForm):
    LABELS = reasons.AGAIN
    text = words_field(FEW_WORDS, 2, required=False)


class SendBackForm(ReasonForm):
    LABELS = reasons.SEND_BACK
    text = words_field(FEW_WORDS, 2, required=False)


class TakeBackForm(ReasonForm):
    LABELS = reasons.TAKE_BACK


class AnswerForm(MoveForm):
    text = words_field(gettext_lazy("点单人怎么说"))


class StandInForm(ReasonForm):
    LABELS = reasons.STAND_IN
    word = forms.ChoiceField(
        label=gettext_lazy("解决了吗"),
        choices=[("yes", gettext_lazy("解决了")), ("half", gettext_lazy("解决了一半"))],
        widget=forms.RadioSelect,
    )
    text = words_field(FEW_WORDS, 2, required=False)


class CloseForm(MoveForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("结果"), choices=list(reasons.OUTCOMES.items()), initial="solved", widget=forms.RadioSelect
    )


class CallForm(MoveForm):
    """One call-back: reached or not, what he said, how satisfied he is."""

    is_reached = forms.TypedChoiceField(
        label=gettext_lazy("联系上了吗"), choices=[("1", gettext_lazy("联系上了")), ("0", gettext_lazy("没联系上"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一下联系上没有。")},
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=gettext_lazy("怎么联系的"), choices=list(reasons.CALL_CHANNELS.items()), initial="phone"
    )
    word = forms.ChoiceField(
        label=gettext_lazy("他说"), required=False, choices=list(reasons.WORDS.items()), widget=forms.RadioSelect
    )
    satisfaction = forms.TypedChoiceField(
        label=gettext_lazy("满意吗"), required=False, coerce=int, empty_value=None,
        choices=[("", gettext_lazy("没说")), *reasons.SATISFACTION.items()],
    )  # fmt: skip
    text = words_field(gettext_lazy("原话"), 2, required=False)

    def clean(self) -> Told:
        cleaned = super().clean() or {}
        if cleaned.get("is_reached") and not cleaned.get("word"):
            self.add_error("word", _("联系上了，就记一下他说解决没有。"))
        return cleaned


class HandDownForm(ReasonForm):
    """Back to the community, to a person of its desk."""

    LABELS = reasons.HAND_DOWN
    to = forms.ModelChoiceField(label=gettext_lazy("交给谁"), queryset=Person.objects.none(), empty_label=None)


class MergeForm(MoveForm):
    """Into which order, by its number as it is said aloud; within the same community."""

    into = forms.CharField(
        label=gettext_lazy("并进哪一单"), max_length=40, help_text=gettext_lazy("写单号，例如 0810-048")
    )

    def __init__(self, data: Any = None, order: Order | None = None) -> None:
        super().__init__(data)
        self.order = order

    def clean_into(self) -> Order:
        from_number = spoken(self.cleaned_data["into"])
        found = (
            Order.objects.filter(community_id=self.order.community_id, **from_number).order_by("-on").first()
            if self.order and from_number
            else None
        )
        if found is None:
            raise forms.ValidationError(_("本社区没有这个单号。再核对一下。"))
        return found


def spoken(text: str) -> Told | None:
    """The columns of a number said aloud, or None."""
    parts = text.strip().split("-")[-2:]
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != 4:
        return None
    return {"on__month": int(parts[0][:2]), "on__day": int(parts[0][2:]), "serial": int(parts[1][:6])}


FORMS: dict[str, type[forms.Form]] = {
    "ask": AskForm, "answer": AnswerForm, "pause": PauseForm, "ledger": LedgerForm, "extend": ExtendForm,
    "escalate": EscalateForm, "hand_down": HandDownForm, "pass_on": PassOnForm, "take_back": TakeBackForm,
    "refuse": RefuseForm, "release": ReleaseForm, "dissent": DissentForm, "send_back": SendBackForm,
    "stand_in": StandInForm, "call_back": CallForm, "close": CloseForm, "reopen": DissentForm, "merge": MergeForm,
    "open_up": OpenForm, "resume": MoveForm, "take_up": MoveForm, "unmerge": MoveForm, "unfile": MoveForm,
}  # fmt: skip


def form_of(verb: str, order: Order, now: datetime, data: Any = None) -> forms.Form:
    """The form of one move, with the lists that depend on the order."""
    kind = FORMS[verb]
    form = kind(data, order) if issubclass(kind, MergeForm) else kind(data)
    form.auto_id = f"{verb}_%s"  # many forms stand on one page
    if isinstance(form, EscalateForm):
        _name_areas(form, order)
    if isinstance(form, HandDownForm):
        form.fields["to"].queryset = ladder_below.receivers(order, now)  # type: ignore[attr-defined]
    if isinstance(form, PassOnForm):
        form.fields["where"].choices = [("", _("请选")), *_ways_on(now)]  # type: ignore[attr-defined]
    if isinstance(form, UntilForm):
        form.fields["until"].widget.attrs["min"] = (timezone.localdate(now) + timedelta(days=1)).isoformat()
    return form


def _name_areas(form: EscalateForm, order: Order) -> None:
    """The neighbours to choose from; a sealed matter is shown to nobody across, so it offers none."""
    choices = ladder_below.neighbours(order)
    if choices:
        form.fields["areas"].choices = choices  # type: ignore[attr-defined]
    else:
        del form.fields["areas"]


def _ways_on(now: datetime) -> list[tuple[str, str]]:
    """Where an order may be passed on to; a matter with a legal limit says until when it runs."""
    days = calendar()
    dates = {code: clock.legal_deadline(days, code, now).at.date() for code in LEGAL}
    until = {
        code: _("%(label)s（法定到 %(day)s）") % {"label": reasons.WHERE[code], "day": on} for code, on in dates.items()
    }
    return [(code, until.get(code, str(label))) for code, label in reasons.WHERE.items()]
