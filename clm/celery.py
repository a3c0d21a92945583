"""The Celery application: the engine that reactions, jobs and periodic work run on."""

from celery import Celery

app = Celery("clm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
