"""Addresses: what residents open without an account."""

from django.urls import URLPattern, path

from sandan.orders.views import (
    resident_data,
    resident_follow,
    resident_join,
    resident_photo,
    resident_place,
    resident_sheet,
    resident_where,
)

urlpatterns: list[URLPattern] = [
    path("order/", resident_place.place, name="place"),
    path("order/estates/", resident_where.estates, name="estates"),
    path("order/join/<str:number>/", resident_join.join, name="join"),
    path("order/<uuid:key>/", resident_place.place, name="place_what"),
    path("order/<uuid:key>/where/", resident_where.where, name="place_where"),
    path("order/<uuid:key>/near/", resident_where.near, name="near"),
    path("order/<uuid:key>/check/", resident_place.check, name="place_check"),
    path("order/<uuid:key>/done/", resident_place.done, name="place_done"),
    path("order/<uuid:key>/photo/<int:pk>/", resident_photo.draft_photo, name="draft_photo"),
    path("follow/", resident_follow.follow, name="follow"),
    path("follow/<str:number>/", resident_follow.progress, name="progress"),
    path("follow/<str:number>/data/", resident_data.my_data, name="my_data"),
    path("follow/<str:number>/data/<slug:verb>/", resident_data.my_data_move, name="my_data_move"),
    path("follow/<str:number>/<str:verb>/", resident_follow.progress_move, name="progress_move"),
    path("photo/<int:pk>/<str:size>/", resident_photo.photo, name="photo"),
    path("sheet/<str:community>/", resident_sheet.sheet, name="sheet"),
]
