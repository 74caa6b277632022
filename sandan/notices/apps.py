"""The room's name for Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "sandan.notices"
    label = "notices"
    probes = (("通知", "sandan.notices.queries.health.probe"),)  # its lines in `sandan check`
