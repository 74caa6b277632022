"""What the tests of an office's ground share."""

from tests.factories.places import box

TOWN = "990201001001"
OTHER = "990201001002"
SQUARE = box(112.51, 37.81, 112.52, 37.82)
