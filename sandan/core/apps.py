"""The room's name for Django, and its system checks."""

from django.apps import AppConfig

from sandan.core import checks


class CoreConfig(AppConfig):
    name = "sandan.core"
    label = "core"
    checks = checks.RULES  # importing them registers them with Django
