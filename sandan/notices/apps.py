"""The room's name for Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "sandan.notices"
    label = "notices"
