"""The addresses of the order room: residents, members, the desk, its boards."""

from sandan.orders.urls import boards, desk, member, resident, telling, whistle

app_name = "orders"
urlpatterns = [
    *telling.urlpatterns, *resident.urlpatterns, *member.urlpatterns, *desk.urlpatterns, *boards.urlpatterns,
    *whistle.urlpatterns,
]  # fmt: skip
