"""What a member is asked at each move: one small form a verb, its fields named as the action's parameters."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.orders.actions import serving
from sandan.orders.actions.serving import Pictures
from sandan.orders.forms.desk_fields import words_field
from sandan.orders.forms.desk_judge import AskForm
from sandan.orders.forms.desk_moves import FEW_WORDS, MoveForm, PauseForm
from sandan.orders.forms.resident_place import PhotosField
from sandan.orders.models import Order
from sandan.orders.queries import reasons

BEFOREHAND = ("busy", "far", "skill", "ill", "tools")
GIVING_BACK = (*BEFOREHAND, "no_answer")
STAGES = ("before", "after")


def _choice(codes: tuple[str, ...], label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[(code, reasons.RELEASE[code]) for code in codes], widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一个原因。"), "invalid_choice": gettext_lazy("选一个原因。")},
    )  # fmt: skip


class DeclineForm(MoveForm):
    """No, for a reason of the list; each reason is a button of its own."""

    CODES = BEFOREHAND
    reason = _choice(CODES, gettext_lazy("为什么不方便"))


class ReleaseForm(MoveForm):
    """Back to the desk, for a reason and with a few words for who takes it next."""

    reason = _choice(GIVING_BACK, gettext_lazy("为什么交回"))
    words = words_field(FEW_WORDS, 2, required=False)


class StepUpForm(MoveForm):
    """From the grid to the community, by one of the ladder's five reasons."""

    reason = forms.ChoiceField(
        label=gettext_lazy("为什么要报"), choices=list(reasons.ESCALATION.items()), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一个原因。"), "invalid_choice": gettext_lazy("选一个原因。")},
    )  # fmt: skip
    text = words_field(FEW_WORDS, 2, required=False)


class FinishForm(MoveForm):
    """What was done, and the pictures; what the category still lacks is named at the place where it belongs."""

    work = words_field(gettext_lazy("怎么办的"), 3, help_text=gettext_lazy("一句话就行，像「换了阀门，试了不漏」。"))
    before = PhotosField(label=gettext_lazy("办之前的照片"), required=False)
    after = PhotosField(label=gettext_lazy("办好后的照片"), required=False)

    def __init__(self, order: Order, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.order = order

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stage = serving.missing_stage(self.order, [one for one in STAGES if cleaned.get(one)])
        if stage and not self.has_error(stage):
            self.add_error(stage, forms.ValidationError(str(serving.MISSING[stage]), code="missing"))
        return cleaned

    @property
    def pictures(self) -> Pictures:
        """The files that came along, by stage; after `is_valid` was asked."""
        return {stage: [file.read() for file in self.cleaned_data.get(stage) or []] for stage in STAGES}

    def has_bad_files(self) -> bool:
        """Whether a file itself is at fault, not only a missing one."""
        return any(error.code != "missing" for stage in STAGES for error in self.errors.as_data().get(stage, []))

    def is_too_big(self) -> bool:
        return any(self.has_error(stage, "too_big") for stage in STAGES)


FORMS: Mapping[str, type[forms.Form]] = {
    "set_out": MoveForm, "finish": FinishForm, "release": ReleaseForm, "pause": PauseForm, "resume": MoveForm,
    "ask": AskForm, "escalate": StepUpForm,
}  # fmt: skip


def form_of(verb: str, order: Order, data: Any = None, files: Any = None) -> forms.Form:
    """The form of one move; several stand on one page, so each has ids of its own."""
    form = FinishForm(order, data, files) if verb == "finish" else FORMS[verb](data)
    form.auto_id = f"{verb}_%s"
    if verb == "ask":
        form.fields["question"].label = _("想问点单人什么")
    return form
