"""
The baseline of `api`: the same customers through Django REST framework as it comes out of the
box. No sign-in, reach, masking, ETag, access log or limits; run by `gunicorn benchmarks.stock`.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clm.settings")

from django.conf import settings

settings.ROOT_URLCONF = "benchmarks.stock_urls"
settings.MIDDLEWARE = []

from django.core.wsgi import get_wsgi_application  # noqa: E402 -- after the settings it serves

application = get_wsgi_application()
