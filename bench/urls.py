"""The product's addresses and the base's."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from bench.models import Row
from sandan.urls import handler400, handler403, handler404, handler500
from sandan.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@require_POST
def base(request: HttpRequest) -> HttpResponse:
    """One row by the ORM, behind the whole middleware; the user is not asked for."""
    row = Row.objects.create(at=timezone.now(), text=request.POST.get("text", ""), number=len(request.POST))
    return HttpResponse(f"kept {row.pk > 0}")


urlpatterns = [path("bench/base/", base, name="bench_base"), *product]
