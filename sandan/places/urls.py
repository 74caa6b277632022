"""Where the ground is shown."""

from django.urls import path

from sandan.places import views

app_name = "places"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("map/", views.map_page, name="map"),
    path("outlines/<str:county>/<slug:kind>.json", views.outlines, name="outlines"),
    path("estates.json", views.estates, name="estates"),
    path("own/", views.own, name="own"),
    path("own/<int:number>/", views.look, name="look"),
    path("own/<int:number>/undo/", views.undo_import, name="undo_import"),
    path("own/<str:county>.<slug:form>", views.export, name="export"),
    path("<int:code>/", views.community, name="community"),
    path("<int:code>/grids/", views.grids, name="grids"),
    path("<int:code>/grids/divide/", views.divide, name="divide"),
    path("<int:code>/grids/merge/", views.merge, name="merge"),
    path("<int:code>/grids/undo/<int:number>/", views.undo, name="undo"),
]
