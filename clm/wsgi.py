"""The web process."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clm.settings")
application = get_wsgi_application()

# Django reads the addresses, and all pages with them, at the first request. Here they are read
# before the first, once for all workers, and not by several threads at the same time.
from django.conf import settings  # noqa: E402 -- only after Django is set up

import_module(settings.ROOT_URLCONF)
