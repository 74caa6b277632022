"""The ground on pages: a map for the eye, the same places as a list, outlines as data, names while typing."""

import hashlib
import json

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from sandan.calc.ground import Level
from sandan.core.pages import page
from sandan.places import access, forms, queries
