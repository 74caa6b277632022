"""How many requests and how long they took, counted over all processes of the web server."""

from prometheus_client import Histogram

METHODS = {"GET", "HEAD", "POST"}  # anybody may send a word of his own as the method
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# Labels are names of pages of the program, never an address: those of one order hold its number.
REQUESTS = Histogram("sandan_request_seconds", "Time to answer, by page", ("route", "method", "status"), buckets=BOUNDS)


def note(route: str, method: str | None, status: int, seconds: float) -> None:
    """Count one answer."""
    known = method if method in METHODS else "other"
    REQUESTS.labels(route, known, f"{status // 100}xx").observe(seconds)
