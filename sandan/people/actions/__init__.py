"""Every change about people: persons and posts here, and how both follow the ground in `moving`."""

from sandan.people.actions.post_ending import BadHandOver, LastLiaison, end_post, hand_over, lapse
from sandan.people.actions.posts import (
    DEPUTY,
    Actor,
    BadPhone,
    BadTerm,
    LiaisonThere,
    PowersApart,
    Taken,
    give_post,
    make_person,
    make_unit,
    mobile,
    set_active,
)
from sandan.people.actions.times import BadTimes, set_times

__all__ = [
    "DEPUTY",
    "Actor",
    "BadHandOver",
    "BadPhone",
    "BadTerm",
    "BadTimes",
    "LastLiaison",
    "LiaisonThere",
    "PowersApart",
    "Taken",
    "end_post",
    "give_post",
    "hand_over",
    "lapse",
    "make_person",
    "make_unit",
    "mobile",
    "set_active",
    "set_times",
]
