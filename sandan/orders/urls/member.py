"""Addresses: the hall and what members have in hand."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
