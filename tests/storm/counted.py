"""What a database holds after a storm, told by a process of its own: python -m tests.storm.counted KEY ..."""

import io
import json
import sys

import django
from PIL import Image


def counted(keys: list[str]) -> dict[str, object]:
    """Of the orders of these keys: how often each is there, and what is wrong with them and their photos."""
    from sandan.orders.models import Asker, Order, Photo

    orders = {str(order.key): order for order in Order.objects.filter(key__in=keys)}
    faults = []
    for key, order in orders.items():
        if order.custody.filter(to_at=None).count() != 1 or order.next_at is None:
            faults.append(f"{key}: nobody holds it")
        if Asker.objects.filter(order=order, is_first=True).count() != 1:
            faults.append(f"{key}: not one first asker")
        if order.words.filter(kind="report").count() != 1:
            faults.append(f"{key}: not its words once")
    photos = Photo.objects.filter(order__in=orders.values())
    bare = set(orders.values()) - {photo.order for photo in photos.select_related("order")}
    faults += [f"{order.key}: no photo" for order in bare]
    for photo in photos:
        Image.open(io.BytesIO(photo.large.open_bytes())).load()  # raises where a byte is missing
    numbers = [order.full_number for order in orders.values()]
    if len(set(numbers)) != len(numbers):
        faults.append("a number twice")
    return {"keys": sorted(orders), "faults": faults, "all": Order.objects.count()}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(counted(sys.argv[1:])))
