"""Addresses: one's own picture on the contact card."""

from django.urls import URLPattern, path

from sandan.people.views import photos

urlpatterns: list[URLPattern] = [
    path("portrait/", photos.portrait, name="portrait"),
    path("portrait/picture/", photos.portrait_picture, name="portrait_picture"),
    path("portrait/take-back/", photos.portrait_take_back, name="portrait_take_back"),
]
