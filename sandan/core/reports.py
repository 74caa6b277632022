"""What a developer's error page shows: kinds, places and source lines, and no value: a value may be a person's."""

from collections.abc import ItemsView
from typing import Any

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

HIDDEN = "‹…›"
KEPT_META = ("REQUEST_METHOD", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "CONTENT_TYPE", "CONTENT_LENGTH")


class Filter(SafeExceptionReporterFilter):
    """Hides what was sent and what variables held, whatever their names."""

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        """How it was asked; neither cookies nor the words behind the question mark."""
        return {name: value for name, value in request.META.items() if name in KEPT_META}

    def get_safe_cookies(self, request: Any) -> dict[str, str]:
        """Their names."""
        return dict.fromkeys(request.COOKIES, HIDDEN)

    def get_post_parameters(self, request: Any) -> dict[str, str]:
        """Their names."""
        return dict.fromkeys(request.POST, HIDDEN) if request is not None else {}

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> ItemsView[str, Any]:  # noqa: ARG002
        """Their names and types."""
        return {name: f"‹{type(value).__name__}›" for name, value in tb_frame.f_locals.items()}.items()


class Reporter(ExceptionReporter):
    """Django's report without the exception's own words: a database quotes the row it refuses."""

    def get_traceback_data(self) -> dict[str, Any]:
        """What the page and its plain twin are drawn from."""
        data = super().get_traceback_data()
        data |= {"exception_value": HIDDEN, "exception_notes": "", "user_str": HIDDEN, "request_GET_items": []}
        data |= {"request_FILES_items": [], "unicode_hint": "", "template_info": None}
        if self.request is not None:
            data["request_insecure_uri"] = self.request.path
            data["request_meta"] = Filter().get_safe_request_meta(self.request)
        for frame in data.get("frames", ()):
            frame["exc_cause"] = type(frame["exc_cause"]).__name__ if frame.get("exc_cause") else None
        return data
