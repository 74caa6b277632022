"""What a member says of themselves and of the community, and which grid is theirs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from sandan.core import words
from sandan.people.actions import member_links, member_profile
from sandan.people.models import MemberRating, Person
from sandan.people.queries import member_lists
from sandan.people.queries.member_me import rating_word


class ProfileForm(forms.Form):
    """Skills of the closed list, own words, distance."""

    skills = forms.MultipleChoiceField(
        label=gettext_lazy("会什么"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("单子上没有这一项。请从列出来的里面选，别的写在下面的话里。")},
    )  # fmt: skip
    reach = forms.TypedChoiceField(label=gettext_lazy("愿意走多远"), coerce=int, widget=forms.Select)
    interests = forms.CharField(
        label=gettext_lazy("还喜欢做什么、想怎么帮"), required=False, max_length=member_profile.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("用自己的话写。只给社区和一起服务的人看，居民看不到。"),
    )  # fmt: skip

    def __init__(self, data: Any, person: Person, interests: str) -> None:
        start = {"skills": person.skills, "reach": person.reach_metres, "interests": interests}
        super().__init__(data, initial=start)
        self.fields["skills"].choices = [(name, name) for name in member_lists.skills()]  # type: ignore[attr-defined]
        reaches = sorted({*member_profile.REACHES, person.reach_metres})
        self.fields["reach"].choices = [(metres, words.distance(metres)) for metres in reaches]  # type: ignore[attr-defined]


class GridForm(forms.Form):
    """The grid to check in to; `instead` is the check-in it takes the place of, if any."""

    grid = forms.RegexField(
        r"^\d{15}$",
        error_messages={
            "required": gettext_lazy("还没有选网格。点一行选上。"), "invalid": gettext_lazy("请从列出来的网格里选。"),
        },
    )  # fmt: skip
    instead = forms.IntegerField(required=False)


class RatingForm(forms.Form):
    """A word of three, and a sentence where one wants to."""

    word = forms.ChoiceField(
        label=gettext_lazy("怎么样"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("选一个：好、一般、要改进。")},
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("想说的话"), required=False, max_length=member_links.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["word"].choices = [(word.value, rating_word(word)) for word in MemberRating.Word]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What one says to a word about oneself."""

    text = forms.CharField(
        label=gettext_lazy("您的回应"), max_length=member_links.MOST_WORDS, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("还没有写内容。一句话就行。")},
    )  # fmt: skip
