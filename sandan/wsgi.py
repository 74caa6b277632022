"""The door of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sandan.settings")
application = get_wsgi_application()
gc.freeze()  # what is loaded now stays: it is not searched for garbage again and again
gc.set_threshold(20_000, 50, 50)
