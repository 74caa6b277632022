"""The room's name for Django."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "sandan.core"
    label = "core"
