"""What a holder of a service post says at the claim desk."""

from django import forms
from django.utils.translation import gettext_lazy

from sandan.people.actions import service_posts
from sandan.people.queries.member_posts import REASONS


class ReleaseForm(forms.Form):
    """Why a holder gives the post back."""

    reason = forms.ChoiceField(
        label=gettext_lazy("为什么"), choices=[(code, REASONS[code]) for code in service_posts.RELEASE_REASONS],
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("选一个原因。")},
    )  # fmt: skip


class HandOverForm(forms.Form):
    """The full name of who is asked to take over."""

    name = forms.CharField(
        label=gettext_lazy("交给谁（写全名）"), max_length=40,
        error_messages={"required": gettext_lazy("写上接手人的姓名。")},
    )  # fmt: skip
