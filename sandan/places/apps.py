"""The room's name for Django."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "sandan.places"
    label = "places"
