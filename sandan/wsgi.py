"""The door of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sandan.settings")
django_application = get_wsgi_application()

from sandan.core.gate import Gate  # noqa: E402 (after Django is set up)

application = Gate(django_application)
gc.freeze()  # what is loaded now stays: it is not searched for garbage again and again
gc.set_threshold(20_000, 50, 50)
