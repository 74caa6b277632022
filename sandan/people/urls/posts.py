"""Addresses: the register of staff and posts, organisations, centre households, day posts."""

from django.urls import URLPattern, path

from sandan.people.views import day, organisations, points, posts, staff

urlpatterns: list[URLPattern] = [
    path("staff/", staff.staff, name="staff"),
    path("staff/without/<slug:kind>/", staff.staff_gaps, name="staff_gaps"),
    path("staff/<int:pk>/", staff.person, name="person"),
    path("communities/", staff.communities, name="communities"),
    path("posts/over/<str:code>/", posts.give, name="post_give"),
    path("posts/<int:pk>/end/", posts.end, name="post_end"),
    path("posts/<int:pk>/hand-over/", posts.hand_over, name="post_hand_over"),
    path("partners/", posts.partners, name="partners"),
    path("partners/where/", posts.partner_where, name="partner_where"),
    path("partners/over/<str:code>/", posts.partner_new, name="partner_new"),
    path("day/", day.day, name="day"),
    path("day/act/", day.day_act, name="day_act"),
    path("day/summary/", day.day_summary, name="day_summary"),
    path("days/", day.days, name="days"),
    path("days/<int:pk>/", day.day_one, name="day_one"),
    path("days/where/", day.day_where, name="day_where"),
    path("days/over/<str:code>/", day.day_new, name="day_new"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/without/<slug:level>/", organisations.organisation_gaps, name="organisation_gaps"),
    path("organisations/of/<str:code>/", organisations.organisation_tree, name="organisation_tree"),
    path("organisations/over/<str:code>/", organisations.organisation_new, name="organisation_new"),
    path("organisations/<int:pk>/members/", organisations.organisation_members, name="organisation_members"),
    path(
        "organisations/<int:pk>/members/<int:member>/leave/",
        organisations.organisation_leave,
        name="organisation_leave",
    ),
    path("organisations/<int:pk>/dissolve/", organisations.organisation_dissolve, name="organisation_dissolve"),
    path("points/", points.points, name="points"),
    path("points/mine/", points.point_mine, name="point_mine"),
    path("points/<int:pk>/ask/", points.point_ask, name="point_ask"),
    path("points/<int:pk>/close/", points.point_close, name="point_close"),
]
