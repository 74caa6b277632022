"""The door of the provider of short messages: signed receipts, which may come twice, late or again by a third hand."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sandan.notices import actions
from sandan.notices.actions import Receipt
from sandan.notices.channels.signing import is_right

MOST = 500
ARRIVED = {"delivered": True, "failed": False}


@csrf_exempt
@require_POST
def receipts(request: HttpRequest) -> HttpResponse:
    """{"receipts": [{"key", "state": delivered | failed, "code"}]}; 401 without our signature of the last minutes."""
    head, at = request.headers, timezone.now()
    signed = [head.get(f"X-Sandan-{name}", "") for name in ("Timestamp", "Nonce", "Signature")]
    if not is_right(settings.SMS_SECRET, signed[0], signed[1], request.body, signed[2], at):
        return JsonResponse({"error": "signature"}, status=401)
    try:
        found = [_receipt(row) for row in json.loads(request.body)["receipts"] if row["state"] in ARRIVED]
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": "content"}, status=400)
    if len(found) > MOST:
        return JsonResponse({"error": "too many"}, status=413)
    return JsonResponse({"changed": actions.receive(receipts=found, at=at)})


def _receipt(row: dict[str, str]) -> Receipt:
    return Receipt(key=str(row["key"]), has_arrived=ARRIVED[row["state"]], code=str(row.get("code", "")))
