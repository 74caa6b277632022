"""What people agree to when they give something of themselves: texts by version; a version once used never changes.

Other words mean a new version, with the day from which they are shown; old ones stay for those who agreed to them.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONTACT, CALL_BACK = "contact", "call_back"

# By version, the day it came into force, and by purpose: the words beside the field, as they are shown.
TEXTS: dict[str, dict[str, tuple[Promise, ...]]] = {
    "2026-11-01": {
        CONTACT: (
            _("电话可以不留。留了，只给社区和接单的师傅看，用来告诉您结果。"),
            _("办结 30 天后遮住，两年后删掉。谁看过，您随时能查。"),
        ),
        CALL_BACK: (_("办好以后，可以打电话问我满不满意"),),
    },
}
CURRENT = max(TEXTS)
PURPOSES: dict[str, Promise] = {
    CONTACT: _("留称呼和电话，用来办这件事、告诉您结果"),
    CALL_BACK: _("办好后打电话问满不满意"),
}
