"""Addresses: whistles, helpers, partners, phone calls, the contact card."""

from django.urls import URLPattern, path

from sandan.orders.views import (
    joint,
    partner,
    whistle,
    whistle_board,
    whistle_called,
    whistle_card,
    whistle_new,
    whistle_phone,
)

urlpatterns: list[URLPattern] = [
    path("desk/side/<str:number>/", whistle.side, name="side"),
    path("desk/side/<str:number>/<slug:verb>/", whistle.side_move, name="side_move"),
    path("desk/whistles/", whistle_board.whistles, name="whistles"),
    path("desk/whistles/figures/", whistle_board.whistle_figures_page, name="whistle_figures"),
    path("whistle/", whistle_new.whistle_new, name="whistle_new"),
    path("beside/", whistle_called.beside, name="beside"),
    path("called/<str:number>/", whistle_called.called, name="called"),
    path("called/<str:number>/<slug:verb>/", whistle_called.called_move, name="called_move"),
    path("together/<str:number>/", joint.together, name="together"),
    path("together/<str:number>/reveal/", joint.together_reveal, name="together_reveal"),
    path("together/<str:number>/<slug:verb>/", joint.together_move, name="together_move"),
    path("sent/", partner.sent, name="sent"),
    path("sent/<int:pk>/", partner.sent_one, name="sent_one"),
    path("sent/<int:pk>/photo/<int:photo>/<slug:size>/", partner.sent_photo, name="sent_photo"),
    path("sent/<int:pk>/<slug:verb>/", partner.sent_move, name="sent_move"),
    path("phone/", whistle_phone.phone, name="phone"),
    path("phone/<int:pk>/forget/", whistle_phone.phone_forget, name="phone_forget"),
    path("phone/<str:number>/", whistle_phone.phone_more, name="phone_more"),
    path("card/<str:grid>/", whistle_card.card, name="card"),
    path("card/<str:grid>/photo/<int:nth>/", whistle_card.card_photo, name="card_photo"),
    path("desk/cards/", whistle_card.cards, name="cards"),
    path("desk/cards/print/", whistle_card.cards_print, name="cards_print"),
    path("desk/cards/<int:pk>/", whistle_card.cards_sheet, name="cards_sheet"),
]
