"""Every change of the catalogue: loading it, letting a new item in, saying who a matter goes to."""

from sandan.intake.actions.gate import Ask, NoSuchGate, Unfinished, decide_item, may_decide, may_propose, propose_item
from sandan.intake.actions.loading import Change, Files, load_catalogue
from sandan.intake.actions.reading import BadRow
from sandan.intake.actions.routing import BadRoute, lay_routes, set_route

__all__ = [
    "Ask",
    "BadRoute",
    "BadRow",
    "Change",
    "Files",
    "NoSuchGate",
    "Unfinished",
    "decide_item",
    "lay_routes",
    "load_catalogue",
    "may_decide",
    "may_propose",
    "propose_item",
    "set_route",
]
