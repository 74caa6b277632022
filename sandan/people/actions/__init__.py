"""Every change about people: persons and posts here, and how both follow the ground in `moving`."""

from sandan.people.actions.posts import (
    DEPUTY,
    Actor,
    BadPhone,
    BadTerm,
    LastLiaison,
    LiaisonThere,
    Taken,
    end_post,
    give_post,
    hand_over,
    make_person,
    make_unit,
    mobile,
    set_active,
)
from sandan.people.actions.times import BadTimes, set_times

__all__ = [
    "DEPUTY",
    "Actor",
    "BadPhone",
    "BadTerm",
    "BadTimes",
    "LastLiaison",
    "LiaisonThere",
    "Taken",
    "end_post",
    "give_post",
    "hand_over",
    "make_person",
    "make_unit",
    "mobile",
    "set_active",
    "set_times",
]
