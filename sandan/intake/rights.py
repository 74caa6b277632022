"""The level of every column of this room that holds words or persons."""

from sandan.core.levels import Levels

LEVELS: Levels = {
    "intake.Category": {
        "public": (
            "code name name_en department finish_unit clock grab privacy callback evidence "
            "emergency_route skills keywords note duty rhythm field work_kind office"
        ),
    },
    "intake.Route": {"public": "scope"},
    "intake.Proposal": {"inside": "code name reason duty rhythm training funding by decided_by answer"},
}
