"""The room's name for Django."""

from django.apps import AppConfig


class RunningConfig(AppConfig):
    name = "sandan.running"
    label = "running"
