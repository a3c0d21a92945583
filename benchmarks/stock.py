"""
The baseline of `api`: the same customers through Django REST framework as it comes out of the
box. No sign-in, reach, masking, ETag, access log or limits; run by `gunicorn benchmarks.stock`.
"""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clm.settings")
django.setup()
# Only once the apps are set up: some of them insist on their middleware.
settings.ROOT_URLCONF = "benchmarks.stock_urls"
settings.MIDDLEWARE = []

application = WSGIHandler()
