"""Addresses: lists of units, members and posts come in."""

from django.urls import URLPattern, path, re_path

from sandan.people.views import importing

KIND = r"(?P<kind>units|members|posts)"

urlpatterns: list[URLPattern] = [
    re_path(rf"^import/{KIND}/$", importing.bring, name="import"),
    re_path(rf"^import/{KIND}/(?P<county>\d{{6}})\.xlsx$", importing.template, name="import_template"),
    path("import/<int:pk>/", importing.look, name="import_look"),
    path("import/<int:pk>/progress/", importing.progress, name="import_progress"),
    path("import/<int:pk>/undo/", importing.undo, name="import_undo"),
]
