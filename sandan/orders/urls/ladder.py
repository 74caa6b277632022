"""Addresses: the ladder's page, the duty list, the page of who was paged."""

from django.urls import URLPattern, path

from sandan.orders.views import duty, duty_page, ladder, ladder_limits

urlpatterns: list[URLPattern] = [
    path("desk/ladder/", ladder.ladder, name="ladder"),
    path("desk/limits/", ladder_limits.limits, name="limits"),
    path("desk/limits/<int:pk>/drop/", ladder_limits.limit_drop, name="limit_drop"),
    path("desk/duty/", duty.duty, name="duty"),
    path("desk/duty/sheet/", duty.sheet, name="duty_sheet"),
    path("desk/duty/<int:pk>/<slug:verb>/", duty.change, name="duty_change"),
    path("page/<str:number>/", duty_page.paged, name="paged"),
]
