"""The level of every column of this room that holds words or persons."""

from sandan.core.levels import Levels

LEVELS: Levels = {
    "notices.Notice": {"inside": "kind person subject facts"},
    "notices.Delivery": {"inside": "channel state reference error handled_by"},
    "notices.Reach": {"inside": "person", "contact": "email"},
}
