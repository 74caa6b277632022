"""Addresses: the inbox, one order, its moves."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
