"""One limit of the ladder: which item, which level, how many hours, what happens then."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sandan.intake.models import Category
from sandan.orders.queries.ladder_limits import LEVELS, level_word


class LimitForm(forms.Form):
    """Gives category, level, minutes, is_step."""

    category = forms.ChoiceField(label=_("事项"))
    level = forms.TypedChoiceField(label=_("在哪一级"), coerce=int)
    hours = forms.DecimalField(
        label=_("最多停几小时"), min_value=Decimal("0.1"), max_value=Decimal(9999), decimal_places=1,
        help_text=_("按这类事自己的钟算：普通事只算工作时间。"),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.1"}),
    )  # fmt: skip
    does = forms.ChoiceField(label=_("到时候"), choices=[("propose", _("只提醒")), ("step", _("自动上报一级"))])

    def __init__(self, items: Sequence[Category], data: Any = None) -> None:
        super().__init__(data)
        self._items = {str(item.pk): item for item in items}
        category: Any = self.fields["category"]
        category.choices = [(str(item.pk), f"{item.code} {item.name}") for item in items]
        level: Any = self.fields["level"]
        level.choices = [(one, level_word(one)) for one in LEVELS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            cleaned["category"] = self._items[cleaned["category"]]
            cleaned["minutes"], cleaned["is_step"] = int(cleaned.pop("hours") * 60), cleaned.pop("does") == "step"
        return cleaned
