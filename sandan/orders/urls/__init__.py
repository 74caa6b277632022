"""The addresses of the order room: residents, members, the desk, its boards."""

from sandan.orders.urls import boards, desk, ladder, member, resident, telling, whistle

app_name = "orders"
urlpatterns = [
    *telling.urlpatterns, *resident.urlpatterns, *member.urlpatterns, *desk.urlpatterns, *boards.urlpatterns,
    *whistle.urlpatterns, *ladder.urlpatterns,
]  # fmt: skip
