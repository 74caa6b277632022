"""Addresses of the inbox, of what did not arrive, and of the provider's receipts."""

from django.urls import path

from sandan.notices.views import inbox, reach, receipts, unsent

app_name = "notices"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("read/", inbox.read_all, name="read_all"),
    path("<int:pk>/open/", inbox.open_notice, name="open"),
    path("reach/", reach.reach, name="reach"),
    path("unsent/", unsent.unsent, name="unsent"),
    path("unsent/<int:pk>/handle/", unsent.handle, name="handle"),
    path("receipts/sms/", receipts.receipts, name="receipts"),
]
