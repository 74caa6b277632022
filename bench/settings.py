"""The product's settings with one more address: the base that everything is compared with."""

from sandan.settings import *  # noqa: F403 (the whole point)
from sandan.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "bench"]
ROOT_URLCONF = "bench.urls"
LIMIT_FACTOR = 1_000_000  # the load comes from one address and must not be taken for a flood
SECOND_FACTOR = "offered"  # the load signs in by password alone
