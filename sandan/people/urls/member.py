"""Addresses: a member's own page, the register of members, service posts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
