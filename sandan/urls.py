"""One include a room."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("sandan.front.urls")),
    path("", include("sandan.running.urls")),
    path("", include("sandan.orders.urls")),
    path("places/", include("sandan.places.urls")),
    path("people/", include("sandan.people.urls")),
    path("notices/", include("sandan.notices.urls")),
    path("intake/", include("sandan.intake.urls")),
]
handler400 = "sandan.front.views.bad_request"
handler403 = "sandan.front.views.forbidden"
handler404 = "sandan.front.views.not_found"
handler500 = "sandan.front.views.broken"
