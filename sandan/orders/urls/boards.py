"""Addresses: the board, call-backs, stalled orders, figures."""

from django.urls import URLPattern, path

from sandan.orders.views import (
    boards,
    boards_calls,
    boards_checks,
    boards_figures,
    boards_lists,
    boards_map,
    live,
    participation,
)

urlpatterns: list[URLPattern] = [
    path("desk/board/", boards.board, name="board"),
    path("desk/board/batch/", boards.batch, name="batch"),
    path("desk/map/", boards_map.board_map, name="board_map"),
    path("desk/map/orders/", boards_map.board_map_orders, name="board_map_orders"),
    path("desk/live/", live.live, name="live"),
    path("desk/calls/", boards_calls.calls, name="calls"),
    path("desk/calls/<str:number>/", boards_calls.call, name="call"),
    path("desk/calls/<str:number>/missed/", boards_calls.missed, name="call_missed"),
    path("desk/checks/", boards_checks.checks, name="checks"),
    path("desk/checks/<int:pk>/", boards_checks.check, name="check"),
    path("desk/stalled/", boards_lists.stalled, name="stalled"),
    path("desk/unanswered/", boards_lists.unanswered, name="unanswered"),
    path("desk/figures/", boards_figures.figures, name="figures"),
    path("participation/", participation.takers, name="participation"),
    path("participation/<int:pk>/", participation.takers_of, name="participation_unit"),
]
