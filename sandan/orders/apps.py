"""The room's name for Django."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "sandan.orders"
    label = "orders"
