"""Pages of this room: none of its own yet; other rooms draw what it holds."""

from django.urls import URLPattern, URLResolver

app_name = "intake"
urlpatterns: list[URLPattern | URLResolver] = []
