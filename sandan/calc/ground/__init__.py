"""Ground: datums, outlines, tilings and where a point lies; pure geometry, in calc so that shapely lives here alone."""

from sandan.calc.ground.coverage import Coverage, node_coverage, outer
from sandan.calc.ground.cutting import Side, apportion, partition, rejoin, split_by_line, unite
from sandan.calc.ground.datum import Datum, from_wgs84, to_wgs84
from sandan.calc.ground.divisions import Division, NoSuchCounty, county_divisions
from sandan.calc.ground.drawing import Drawing, DrawnBuilding, DrawnCell, DrawnEstate, DrawnSpot, draw_county
from sandan.calc.ground.frame import (
    Frame,
    Json,
    area_m2,
    around,
    as_json,
    as_shape,
    bounds,
    inner_point,
    metres_between,
    rounded,
)
from sandan.calc.ground.index import GroundIndex, Located
from sandan.calc.ground.outlines import generated_outline, pick_outline, tile_divisions
from sandan.calc.ground.planning import GridPlan, plan_merge, plan_split
from sandan.calc.ground.tiling import (
    MICRO_HOUSEHOLDS,
    ORDINARY_HOUSEHOLDS,
    Cell,
    Finding,
    Level,
    check_sizes,
    check_tiling,
)

__all__ = [
    "MICRO_HOUSEHOLDS",
    "ORDINARY_HOUSEHOLDS",
    "Cell",
    "Coverage",
    "Datum",
    "Division",
    "Drawing",
    "DrawnBuilding",
    "DrawnCell",
    "DrawnEstate",
    "DrawnSpot",
    "Finding",
    "Frame",
    "GridPlan",
    "GroundIndex",
    "Json",
    "Level",
    "Located",
    "NoSuchCounty",
    "Side",
    "apportion",
    "area_m2",
    "around",
    "as_json",
    "as_shape",
    "bounds",
    "check_sizes",
    "check_tiling",
    "county_divisions",
    "draw_county",
    "from_wgs84",
    "generated_outline",
    "inner_point",
    "metres_between",
    "node_coverage",
    "outer",
    "partition",
    "pick_outline",
    "plan_merge",
    "plan_split",
    "rejoin",
    "rounded",
    "split_by_line",
    "tile_divisions",
    "to_wgs84",
    "unite",
]
