"""Addresses: a member's own page, the register of members, service posts."""

from django.urls import URLPattern, path

from sandan.people.views import member_me, member_posts, member_register

urlpatterns: list[URLPattern] = [
    path("me/", member_me.me, name="me"),
    path("me/times/", member_me.me_times, name="me_times"),
    path("me/profile/", member_me.me_profile, name="me_profile"),
    path("me/checkin/", member_me.me_checkin, name="me_checkin"),
    path("me/checkin/<int:pk>/leave/", member_me.me_leave, name="me_leave"),
    path("me/checkin/<int:pk>/rate/", member_me.me_rate, name="me_rate"),
    path("me/said/<int:pk>/answer/", member_me.me_answer, name="me_answer"),
    path("members/", member_register.members, name="members"),
    path("members/add/", member_register.member_add, name="member_add"),
    path("members/<int:pk>/", member_register.member, name="member"),
    path("members/<int:pk>/contact/", member_register.member_contact, name="member_contact"),
    path("members/<int:pk>/charges/", member_register.member_charges, name="member_charges"),
    path("members/<int:pk>/rate/", member_register.member_rate, name="member_rate"),
    path("members/<int:pk>/answer/<int:rating>/", member_register.member_answer, name="member_answer"),
    path("members/<int:pk>/end/", member_register.member_end, name="member_end"),
    path("service/", member_posts.service, name="service"),
    path("service/<int:pk>/close/", member_posts.service_close, name="service_close"),
    path("service/held/<int:pk>/take_back/", member_posts.service_take_back, name="service_take_back"),
]
