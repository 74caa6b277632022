"""Addresses: the inbox, one order, its moves."""

from django.urls import URLPattern, path

from sandan.orders.views import desk_enter, desk_inbox, desk_order, desk_passes, desk_wishes, own_data

urlpatterns: list[URLPattern] = [
    path("desk/inbox/", desk_inbox.inbox, name="inbox"),
    path("desk/inbox/<str:number>/", desk_inbox.inbox_order, name="inbox_order"),
    path("desk/orders/<str:number>/", desk_order.detail, name="detail"),
    path("desk/orders/<str:number>/reveal/", desk_order.reveal, name="reveal"),
    path("desk/orders/<str:number>/<slug:verb>/", desk_order.move, name="move"),
    path("desk/enter/", desk_enter.enter, name="enter"),
    path("desk/enter/near/", desk_enter.enter_near, name="enter_near"),
    path("desk/enter/places/", desk_enter.places, name="enter_places"),
    path("desk/passes/", desk_passes.passes, name="passes"),
    path("desk/passes/<int:pk>/withdraw/", desk_passes.withdraw, name="pass_withdraw"),
    path("desk/wishes/", desk_wishes.wishes, name="wishes"),
    path("desk/wishes/<int:pk>/<slug:verb>/", desk_wishes.decide, name="wish_decide"),
    path("own/", own_data.own_data, name="own_data"),
    path("own/file/", own_data.own_file, name="own_file"),
    path("desk/find/", desk_enter.find, name="find"),
]
