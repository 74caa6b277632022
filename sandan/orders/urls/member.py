"""Addresses: the hall and what members have in hand."""

from django.urls import URLPattern, path

from sandan.orders.views import claim_desk, member_go, member_hall, member_task, member_times

urlpatterns: list[URLPattern] = [
    path("hall/", member_hall.hall, name="hall"),
    path("hall/near/", member_hall.hall_near, name="hall_near"),
    path("hall/<str:number>/", member_hall.hall_order, name="hall_order"),
    path("mine/", member_task.mine, name="mine"),
    path("mine/<str:number>/", member_task.task, name="task"),
    path("mine/<str:number>/reveal/", member_task.reveal, name="task_reveal"),
    path("mine/<str:number>/<slug:verb>/", member_task.task_move, name="task_move"),
    path("claims/", claim_desk.claim_desk, name="claim_desk"),
    path("claims/<int:pk>/claim/", claim_desk.claim, name="claim_post"),
    path("claims/held/<int:pk>/release/", claim_desk.release, name="claim_release"),
    path("claims/held/<int:pk>/hand_over/", claim_desk.hand_over, name="claim_hand_over"),
    path("claims/held/<int:pk>/answer/", claim_desk.answer, name="claim_answer"),
    path("times/", member_times.times, name="times"),
    path("go/<str:number>/", member_go.go, name="go"),
]
