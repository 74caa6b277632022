"""What machines ask: are you alive, are you ready, how are you."""

from django.urls import path

from sandan.running import views

app_name = "running"
urlpatterns = [
    path("health/", views.ready, name="ready"),
    path("health/live/", views.live, name="live"),
    path("metrics/", views.metrics, name="metrics"),
]
