"""What tests of moves ask of the messages: who was told."""

from sandan.notices.models import Notice


def told(kind: str) -> set[int | None]:
    return set(Notice.objects.filter(kind=kind, person__isnull=False).values_list("person_id", flat=True))
