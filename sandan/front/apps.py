"""The room's name for Django."""

from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "sandan.front"
    label = "front"
