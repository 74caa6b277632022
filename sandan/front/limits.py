"""The numbers of signing in: how long, how often, for whom."""

from datetime import timedelta

from sandan.core.tallies import Limit
from sandan.people.models import Role

# passwords
WINDOW = timedelta(minutes=10)
MOST_PER_ACCOUNT = 5
CALM_PER_SOURCE = 20  # an office behind one address mistypes too; after these, each further try waits a little longer
LONGEST_WAIT = 30

# codes by short message
CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
CODE_KEPT = timedelta(days=1)
CODES_OF_A_PHONE = Limit("login code phone", 4, timedelta(minutes=10))
CODES_OF_A_PHONE_A_DAY = Limit("login code phone day", 12, timedelta(days=1))
CODES_OF_A_DEVICE = Limit("login code device", 10, timedelta(hours=1))

# the second factor
TOTP_STEP = 30  # seconds
TOTP_SKEW = 1  # steps that a phone's clock may be behind or ahead
RECOVERY_CODES = 10
PENDING_LIFE = timedelta(minutes=5)  # between the password and the second factor

# sessions
DESK = frozenset({Role.DISPATCHER, Role.LIAISON, Role.DISTRICT})
POWERS = frozenset({Role.ADMIN, Role.SECURITY, Role.AUDITOR})
WANTS_SECOND = DESK | POWERS
STAYING = frozenset({Role.MEMBER, Role.GRID_WORKER, Role.GRID_LEADER})  # on a phone of their own
DESK_IDLE = timedelta(minutes=15)
SEALED_IDLE = timedelta(minutes=5)
PROOF_LIFE = timedelta(minutes=5)  # a change of factors, passwords or other people's accounts asks again after this
STAYING_LIFE = timedelta(days=30)
MARK_EVERY = timedelta(seconds=60)  # a session's clock is written so often at most
VISIT_KEPT = timedelta(days=180)

STAFF_A_PAGE = 50  # rows of the register of accounts

# moves that open what stands under seal: by the name of the address
REVEALS = frozenset({"orders:reveal", "orders:task_reveal", "orders:together_reveal", "people:member_contact"})
