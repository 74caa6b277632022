"""Addresses: the board, call-backs, stalled orders, figures."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
