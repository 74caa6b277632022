"""Where the ground is shown."""

from django.urls import path

from sandan.places import views

app_name = "places"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("map/", views.map_page, name="map"),
    path("outlines/<str:county>/<slug:kind>.json", views.outlines, name="outlines"),
    path("estates.json", views.estates, name="estates"),
    path("<int:code>/", views.community, name="community"),
]
