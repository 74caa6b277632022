"""Addresses: units that report in, their rosters, their communities, schemes, the overseer's progress."""

from django.urls import URLPattern, path

from sandan.people.views import (
    units_community,
    units_moves,
    units_progress,
    units_register,
    units_roster,
    units_scheme,
)

urlpatterns: list[URLPattern] = [
    path("progress/", units_progress.progress, name="progress"),
    path("progress/<slug:show>/", units_progress.progress_rows, name="progress_rows"),
    path("schemes/", units_scheme.schemes, name="schemes"),
    path("schemes/new/", units_scheme.scheme_write, name="scheme_write"),
    path("schemes/<int:pk>/", units_scheme.scheme, name="scheme"),
    path("units/", units_register.units, name="units"),
    path("units/new/", units_register.unit_add, name="unit_add"),
    path("units/<int:pk>/", units_register.unit, name="unit"),
    path("units/<int:pk>/file/", units_register.unit_file, name="unit_file"),
    path("units/<int:pk>/phone/", units_register.unit_phone, name="unit_phone"),
    path("units/<int:pk>/remind/", units_progress.remind, name="unit_remind"),
    path("units/<int:pk>/step/<slug:step>/", units_moves.step, name="unit_step"),
    path("units/<int:pk>/checkin/", units_moves.unit_checkin, name="unit_checkin"),
    path("units/<int:pk>/pair/", units_moves.pair, name="unit_pair"),
    path("units/<int:pk>/roster/hand_in/", units_roster.hand_in, name="unit_hand_in"),
    path("units/<int:pk>/roster/match/", units_roster.match, name="unit_match"),
    path("units/<int:pk>/roster/assign/", units_roster.assign, name="unit_assign"),
    path("units/<int:pk>/roster/remind/", units_roster.remind, name="unit_remind_members"),
    path("units/<int:pk>/roster/show/<slug:show>/", units_roster.roster, name="unit_roster"),
    path("units/rows/<int:pk>/excuse/", units_roster.excuse, name="row_excuse"),
    path("units/rows/<int:pk>/excuse/end/", units_roster.excuse_end, name="row_excuse_end"),
    path("units/rows/<int:pk>/settle/", units_roster.settle, name="row_settle"),
    path("units/checkins/<int:pk>/end/", units_moves.checkin_end, name="unit_checkin_end"),
    path("units/checkins/<int:pk>/link/<slug:kind>/", units_moves.link, name="unit_link"),
    path("units/checkins/<int:pk>/rate/<slug:side>/", units_moves.rate, name="unit_rate"),
    path("units/links/<int:pk>/end/", units_moves.link_end, name="unit_link_end"),
    path("units/pairs/<int:pk>/end/", units_moves.pair_end, name="pair_end"),
    path("communities/<int:code>/units/", units_community.community, name="units_community"),
    path("communities/<int:code>/units/survey/", units_community.survey, name="units_survey"),
    path("communities/<int:code>/units/<slug:show>/", units_community.community_rows, name="units_community_rows"),
]
