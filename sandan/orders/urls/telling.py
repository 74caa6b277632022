"""Addresses: the short one that stands in messages, and who was told of an order."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from sandan.orders.views import desk_told

urlpatterns: list[URLPattern] = [
    path("f/", RedirectView.as_view(pattern_name="orders:follow"), name="short"),
    path("desk/orders/<str:number>/told/", desk_told.told, name="told"),
]
