"""The room's name for Django."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "sandan.orders"
    label = "orders"
    probes = (("值班", "sandan.orders.queries.duty.probe"),)  # its line in `sandan check`
