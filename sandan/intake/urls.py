"""Addresses of the catalogue and its gate."""

from django.urls import path

from sandan.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("gate/", views.gate, name="gate"),
    path("gate/propose/", views.propose, name="propose"),
    path("gate/<int:pk>/decide/", views.decide, name="decide"),
]
