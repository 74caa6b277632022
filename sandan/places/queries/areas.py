"""Codes through time: what an old code is called today, and which codes stood for an area on a day."""

from datetime import date

from sandan.places.models import AreaChange

MOST_STEPS = 20  # a code that was changed more often than that goes in a circle


def present_code(code: str) -> str:
    """The code in force today for one that was once in force; the code itself where nothing is known of it."""
    for _ in range(MOST_STEPS):
        rule = _first(code)
        if rule is None:
            return code
        code = rule.new + code[len(rule.old) :]
    return code


def _first(code: str) -> AreaChange | None:
    """The applied change of this code or of the narrowest area around it that has one."""
    around = [code[:n] for n in (15, 12, 9, 6) if n <= len(code)]
    rows = AreaChange.objects.filter(old__in=around, applied_at__isnull=False).order_by("id")
    found = [row for row in rows if row.old != row.new]
    return max(found, key=lambda row: (len(row.old), -row.pk)) if found else None


def codes_on(code: str, on: date) -> tuple[str, ...]:
    """The codes that stood on a day for what this code is today; itself where nothing has changed since."""
    rows = AreaChange.objects.filter(new=code, from_on__gt=on, applied_at__isnull=False).order_by("old")
    before = [row.old for row in rows if row.old != row.new]
    if not before:
        return (code,)
    return tuple(sorted({older for old in before for older in codes_on(old, on)}))


def changed_since(on: date) -> bool:
    """Whether any code was changed after a day, so that figures up to that day need the codes of then."""
    return AreaChange.objects.filter(from_on__gt=on, applied_at__isnull=False).exists()
