"""The room's name for Django."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "sandan.places"
    label = "places"
    probes = (("网格变动", "sandan.places.queries.health.probe"),)  # its line in `sandan check`
