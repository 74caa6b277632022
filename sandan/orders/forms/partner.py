"""What goes out to a partner, and what the partner is asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from sandan.intake.models import Category
from sandan.orders.actions.partner import LONGEST_DAYS, USUAL_DAYS
from sandan.orders.forms.desk_fields import words_field
from sandan.orders.forms.desk_moves import FEW_WORDS, MoveForm
from sandan.orders.forms.joint import RecordForm
from sandan.orders.models import Order, Photo
from sandan.orders.queries import partner as queries
from sandan.orders.queries import reasons


class SendForm(MoveForm):
    """To whom, which words, which photos, for how long. Words of a personal matter are written anew."""

    unit = forms.ChoiceField(label=gettext_lazy("发给谁"), error_messages={"required": gettext_lazy("选一家。")})
    text = words_field(
        gettext_lazy("给他们看的话"), 3, help_text=gettext_lazy("姓名、电话、门牌会自动遮住。只写他们用得着的。")
    )
    photos = forms.MultipleChoiceField(
        label=gettext_lazy("给他们看的照片"), required=False, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=gettext_lazy("看几天"), min_value=1, max_value=LONGEST_DAYS, initial=USUAL_DAYS,
        help_text=gettext_lazy("到时自动收回，单子办结也收回。"),
    )  # fmt: skip

    def __init__(self, order: Order, photos: Sequence[Photo], at: datetime, data: Any = None) -> None:
        personal = order.privacy in (Category.Privacy.CONTACT, Category.Privacy.SEALED)
        super().__init__(data, initial={"text": "" if personal else order.masked})
        self.partners = {str(unit.pk): unit for unit in queries.partners_of(order.community_id, at)}
        self.pictures = {} if personal else {str(photo.pk): photo for photo in photos}
        cast(forms.ChoiceField, self.fields["unit"]).choices = [(pk, one.name) for pk, one in self.partners.items()]
        numbered = [(pk, str(number)) for number, pk in enumerate(self.pictures, 1)]
        cast(forms.MultipleChoiceField, self.fields["photos"]).choices = numbered
        if not self.pictures:
            del self.fields["photos"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "unit" in cleaned:
            cleaned["unit"] = self.partners[cleaned["unit"]]
        cleaned["photos"] = [self.pictures[pk] for pk in cleaned.get("photos", [])]
        return cleaned


class BackForm(MoveForm):
    """Why the partner gives it back."""

    reason = forms.ChoiceField(
        label=gettext_lazy("为什么退回"), choices=list(reasons.PARTNER_NO.items()), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一个原因。"), "invalid_choice": gettext_lazy("选一个原因。")},
    )  # fmt: skip
    text = words_field(FEW_WORDS, 2, required=False)


class DoneForm(RecordForm):
    """What the partner did."""
