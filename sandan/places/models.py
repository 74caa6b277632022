"""Ground: divisions, grids, estates, buildings and the names people call them by."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class PlaceQuerySet(models.QuerySet["Place"]):
    def current(self) -> "PlaceQuerySet":
        """Places whose code is in force."""
        return self.filter(valid_to__isnull=True)

    def within(self, code: str) -> "PlaceQuerySet":
        """Places of this code and below it."""
        return self.filter(code__startswith=code)


class Place(models.Model):
    """A county (6), street (9), community (12), grid (15) or micro-grid (17); `code` is the key to everything.

    `outline` is a GeoJSON geometry in WGS-84 degrees. `origin` says where it comes from: official, imported, generated.
    `sort` tells exclusive grids apart: market, school, firm, building. A county's `version` is a new random number
    after every change of its ground, so that a process knows when its copy is old. `valid_to` is the first day on
    which the code is no longer in force.
    """

    class Kind(models.TextChoices):
        COUNTY = "county"
        STREET = "street"
        COMMUNITY = "community"
        GRID = "grid"
        EXCLUSIVE = "exclusive"
        MICRO = "micro"

    code = models.CharField(max_length=17, primary_key=True, db_collation="C")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=200, db_collation="C")  # pinyin, for sorting without ICU
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    outline = models.JSONField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    origin = models.CharField(max_length=10, default="official")
    households = models.IntegerField(default=0)
    sort = models.CharField(max_length=10, blank=True)
    version = models.BigIntegerField(default=0)
    phone = models.CharField(max_length=20, blank=True)  # the public number of a community
    takes_orders = models.BooleanField(default=True)
    valid_from = models.DateField(db_default=Now())
    valid_to = models.DateField(null=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "name_key"], name="place_kind_name")]

    def __str__(self) -> str:
        return self.name


class PlaceChange(models.Model):
    """A split, merge, import or renumbering: which codes went, which came, in which communities.

    `followed` is what those who follow the ground noted for the way back, by their name. `settled_at` says when open
    orders had followed; until then the orders' worker looks at the communities.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    old_codes = ArrayField(models.CharField(max_length=17))
    new_codes = ArrayField(models.CharField(max_length=17))
    outlines = models.JSONField(default=dict)  # the outlines before, by code: the way back
    communities = ArrayField(models.CharField(max_length=12), default=list)
    followed = models.JSONField(default=dict)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="change_unsettled", condition=models.Q(settled_at__isnull=True))]


class GroundImport(models.Model):
    """A file that an office brought: a draft until it is applied, then a dated version of the ground, perhaps undone.

    `before` holds every row as it was, packed, and which rows were made: the way back. `version` is the county's ground
    that the draft was looked at with. `counts` are the figures of the list: new, changed, gone, same.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        APPLIED = "applied"
        UNDONE = "undone"

    county = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=120)  # of the file
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    size = models.IntegerField()
    file = models.BinaryField()
    datum = models.CharField(max_length=8, blank=True)
    ends_rest = models.BooleanField(default=True)  # what the file does not name is gone
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    version = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    before = models.BinaryField(null=True)
    change = models.OneToOneField(PlaceChange, on_delete=models.PROTECT, null=True, related_name="ground_import")
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="draft", applied_at__isnull=True)
                | ~models.Q(state="draft") & models.Q(applied_at__isnull=False, change__isnull=False),
                name="import_applied_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class AreaChange(models.Model):
    """An official code that became another one on a day: a renaming, a new number, a merger, a move; part of a split.

    Codes of 6, 9, 12 or 15 digits. `from_on` is the first day of the new code, `to_on` the first day on which it holds
    no longer, where that is known. `applied_at` says when this installation followed.
    """

    old = models.CharField(max_length=15, db_collation="C")
    new = models.CharField(max_length=15, db_collation="C")
    name = models.CharField(max_length=80, blank=True)  # of the new code; empty: as before
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    source = models.CharField(max_length=120)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new", "from_on"], name="area_change_once"),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gt=models.F("from_on")),
                name="area_change_term",
            ),
        ]
        indexes = [models.Index(fields=["new"], name="area_change_new")]

    def __str__(self) -> str:
        return f"{self.old} {self.new}"


class EstateQuerySet(models.QuerySet["Estate"]):
    def current(self) -> "EstateQuerySet":
        """Estates that stand today."""
        return self.filter(valid_to__isnull=True)


class BuildingQuerySet(models.QuerySet["Building"]):
    def current(self) -> "BuildingQuerySet":
        """Buildings that stand today, in estates that do."""
        return self.filter(valid_to__isnull=True, estate__valid_to__isnull=True)


class Estate(models.Model):
    """A housing estate, a courtyard or a building with a name; `aliases` are what people call it.

    Orders speak of it for ever: one that is gone keeps its row, with the day in `valid_to`.
    """

    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=200, db_collation="C")
    aliases = ArrayField(models.CharField(max_length=80), default=list)
    community = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="estates")
    building_word = models.CharField(max_length=4, default="号楼")
    lon = models.FloatField()
    lat = models.FloatField()
    origin = models.CharField(max_length=10, default="official")
    valid_to = models.DateField(null=True)

    objects = EstateQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """One building: its number, units and floors, and how many households it has (a count, never who)."""

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="buildings")
    label = models.CharField(max_length=20)
    unit_count = models.IntegerField(default=1)
    floors = models.IntegerField(default=6)
    households = models.IntegerField(default=0)
    lon = models.FloatField()
    lat = models.FloatField()
    grid = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    micro = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    valid_to = models.DateField(null=True)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "label"], name="building_estate_label")]

    def __str__(self) -> str:
        return self.label


class Spot(models.Model):
    """A road, a market, a park: a named thing of the gazetteer that nobody lives in."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)  # road | point
    aliases = ArrayField(models.CharField(max_length=80), default=list)
    community = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="spots")
    lon = models.FloatField()
    lat = models.FloatField()
    origin = models.CharField(max_length=10, default="official")

    def __str__(self) -> str:
        return self.name
