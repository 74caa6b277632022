"""The order: a promise to a person. What the business refuses, the constraints at the foot refuse as well."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from sandan.core.sealed import SealedTextField
from sandan.orders.workflow import ENDED, HELD, STANDING, STATES, S, StateInfo

if TYPE_CHECKING:
    from sandan.orders.models.course import Custody

MARKED = Q(step_count__gt=0) | Q(reopened_count__gt=0) | Q(satisfaction__gte=4)  # few, and asked for by name
# whose finish clock runs: boards_lists.running says the same
RUNNING = Q(is_open=True, stopped_at__isnull=True) & ~Q(state__in=(S.SERVED, S.REVIEWED))


class Urgency(models.IntegerChoices):
    ORDINARY = 1, "普通"
    URGENT = 2, "紧急"
    BURST = 3, "突发"


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> "OrderQuerySet":
        return self.filter(is_open=True)

    def late(self, at: datetime) -> "OrderQuerySet":
        """Open orders past their deadline whose clock runs."""
        return self.filter(is_open=True, stopped_at__isnull=True, due_at__lt=at)

    def within(self, code: str) -> "OrderQuerySet":
        """Orders of an area given by its place code; the level's own column answers, so any scope costs the same."""
        column = {6: "county", 9: "street", 12: "community_id", 15: "grid", 17: "micro"}.get(len(code))
        if column == "grid" and code[12:] > "900":
            column = "exclusive"  # the second layer of grids
        return self.filter(**({column: code} if column else {"county__startswith": code}))


class Order(models.Model):
    """One order. `owner` answers for it at every minute; `holder` serves it. Times are UTC, positions WGS-84."""

    # its number: month-day-serial within a community; in full county, community and year as well
    community = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    street = models.CharField(max_length=9, db_collation="C")
    county = models.CharField(max_length=6, db_collation="C")
    grid = models.CharField(max_length=15, db_collation="C", blank=True)
    exclusive = models.CharField(max_length=15, db_collation="C", blank=True)
    micro = models.CharField(max_length=17, db_collation="C", blank=True)
    on = models.DateField()
    serial = models.IntegerField()
    key = models.UUIDField(unique=True)  # the sender's own key: the same sending twice is one order

    # the matter
    channel = models.CharField(max_length=10)
    masked = models.TextField()  # the words without people and numbers: all that lists and searches ever see
    terms = ArrayField(models.CharField(max_length=24), default=list)
    guess = models.ForeignKey("intake.Category", on_delete=models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey("intake.Category", on_delete=models.PROTECT, null=True, related_name="+")
    urgency = models.SmallIntegerField(choices=Urgency.choices, default=Urgency.ORDINARY)
    level = models.SmallIntegerField(default=2)  # who answers: 1 grid, 2 community, 3 street, 4 district
    step_count = models.SmallIntegerField(default=0, db_default=0)  # steps up the ladder
    areas = ArrayField(models.CharField(max_length=12, db_collation="C"), null=True)  # others that it concerns as well
    privacy = models.CharField(max_length=8, default="inside")
    is_anonymous = models.BooleanField(default=False)
    asker_count = models.IntegerField(default=1)

    # the place
    estate = models.ForeignKey("places.Estate", on_delete=models.PROTECT, null=True, related_name="+")
    building = models.CharField(max_length=20, blank=True)
    door = SealedTextField(null=True)  # unit and room
    spot = models.CharField(max_length=100, blank=True)  # "二楼到三楼拐角", masked
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    confidence = models.FloatField(default=0)
    placed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    # who
    owner = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="owned_orders")
    holder = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="held_orders")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    charge = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, null=True, related_name="+"
    )  # who dispatches, when not the community
    served_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    helped_by = ArrayField(models.BigIntegerField(), null=True)  # persons who served beside; null: nobody was asked

    # where it stands
    state = models.CharField(max_length=10, default=S.RECEIVED)
    was = models.CharField(max_length=10, blank=True)  # the state to go back to from standing still or a merge
    is_open = models.BooleanField(default=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    outcome = models.CharField(max_length=10, blank=True)  # solved | explained | passed | cannot | no_reply
    reason = models.CharField(max_length=20, blank=True)  # the reason code of the last move that had one
    word = models.CharField(max_length=4, blank=True)  # the asker's: yes | half | no
    satisfaction = models.SmallIntegerField(null=True)  # 1 very satisfied .. 5 very dissatisfied
    needs_call = models.BooleanField(default=False)
    call_tries = models.SmallIntegerField(default=0)
    reopened_count = models.SmallIntegerField(default=0)
    rework_count = models.SmallIntegerField(default=0)
    handed_to = models.CharField(max_length=20, blank=True)  # 110, 119, ... or a code of practice 6

    # its clocks
    placed_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    underway_at = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)  # the first word from a person back to the asker
    clock_from = models.DateTimeField()
    limit_value = models.FloatField()
    limit_unit = models.CharField(max_length=6)
    clock = models.CharField(max_length=8)  # working | natural
    due_at = models.DateTimeField(null=True)
    due_is_provisional = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)
    climb_at = models.DateTimeField(null=True)  # when its time on this level is up; null: when it is due
    next_at = models.DateTimeField(null=True)  # when the worker looks at it again
    next_step = models.CharField(max_length=10, blank=True)
    near_until = models.DateTimeField(null=True)  # until then only those near by may grab it
    then_best = models.BooleanField(default=False, db_default=False)  # nobody grabbed: on to the best names by itself
    legal_due_on = models.DateField(null=True)
    touched_at = models.DateTimeField()

    # of an order that an action has locked: its columns as they stood then, and its open line of custody
    as_locked: "dict[str, Any] | None" = None
    in_hand: "Custody | None" = None

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "on", "serial"], name="order_number"),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="order_state_known"),
            models.CheckConstraint(
                condition=Q(is_open=True, ended_at__isnull=True) & ~Q(state__in=sorted(ENDED))
                | Q(is_open=False, ended_at__isnull=False, state__in=sorted(ENDED)),
                name="order_open_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(next_at__isnull=False) & ~Q(next_step=""), name="order_open_has_clock"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(STANDING), stopped_at__isnull=False)
                | ~Q(state__in=sorted(STANDING)) & Q(stopped_at__isnull=True),
                name="order_stands_with_stopped_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(HELD)) | Q(holder__isnull=False), name="order_taken_has_holder"
            ),
            models.CheckConstraint(
                condition=~Q(state=S.CLOSED)
                | Q(closed_by__isnull=False, served_by__isnull=False, reviewed_at__isnull=False)
                & ~Q(closed_by=F("served_by"))
                & ~Q(word=""),
                name="order_closed_by_two_keys",
            ),
            models.CheckConstraint(
                condition=Q(helped_by__isnull=True)
                | Q(closed_by__isnull=True)
                | ~Q(helped_by__contains=[F("closed_by_id")]),
                name="order_closer_did_not_help",
            ),
            models.CheckConstraint(
                condition=Q(state=S.MERGED, into__isnull=False) | ~Q(state=S.MERGED) & Q(into__isnull=True),
                name="order_merged_into",
            ),
            models.CheckConstraint(
                condition=Q(state=S.RECEIVED)
                | Q(category__isnull=False)
                | Q(is_open=False)
                | Q(state__in=(S.ASKED, S.ESCALATED)),
                name="order_judged_has_category",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "due_at", "id"], name="order_open_community", condition=Q(is_open=True)),
            models.Index(fields=["street", "due_at", "id"], name="order_open_street", condition=Q(is_open=True)),
            models.Index(fields=["county", "due_at", "id"], name="order_open_county", condition=Q(is_open=True)),
            models.Index(
                fields=["community", "state", "due_at"], name="order_community_state", condition=Q(is_open=True)
            ),
            models.Index(  # one for every level: a street's and a community's entries lie together in it
                fields=["county", "state", "street", "community", "due_at"],
                name="order_area_state",
                condition=Q(is_open=True),
            ),
            models.Index(
                fields=["county", "due_at", "street", "community"],
                name="order_silent",
                condition=Q(is_open=True, answered_at__isnull=True),
            ),
            *(
                models.Index(fields=[level, "due_at", "id"], name=f"order_running_{level}", condition=RUNNING)
                for level in ("community", "street", "county")
            ),
            models.Index(
                fields=["urgency", "clock", "limit_value", "limit_unit"], name="order_limits", condition=Q(is_open=True)
            ),
            models.Index(fields=["next_at"], name="order_next", condition=Q(is_open=True)),
            models.Index(  # the plan of the open orders, drawn from the index alone
                fields=["county", "lon", "lat"],
                include=["urgency", "privacy"],
                name="order_open_map",
                condition=Q(is_open=True),
            ),
            models.Index(fields=["holder"], name="order_holder", condition=Q(is_open=True)),
            # With state and level in them, the newest of rare ends are found without reading the orders in between.
            models.Index(fields=["county", "placed_at", "state", "level"], name="order_county_ends"),
            models.Index(fields=["street", "placed_at", "state", "level"], name="order_street_ends"),
            models.Index(fields=["county", "placed_at", "street"], name="order_marked", condition=MARKED),
            models.Index(fields=["community", "placed_at"], name="order_community_placed"),
            models.Index(fields=["into"], name="order_into", condition=Q(into__isnull=False)),
            models.Index(fields=["parent"], name="order_parent", condition=Q(parent__isnull=False)),
            GinIndex(fields=["terms"], name="order_terms"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As it is said aloud: 0810-048."""
        return f"{self.on:%m%d}-{self.serial:03d}"

    @property
    def full_number(self) -> str:
        """County and community code, year, month-day, serial: 140106001001-2026-0810-048."""
        return f"{self.community_id}-{self.on:%Y-%m%d}-{self.serial:03d}"

    @property
    def info(self) -> StateInfo:
        return STATES[self.state]

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING

    def is_late(self, at: datetime) -> bool:
        return self.is_open and self.stopped_at is None and self.due_at is not None and self.due_at < at
