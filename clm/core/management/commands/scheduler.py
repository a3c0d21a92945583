"""`manage.py scheduler`: asks for periodic work. A second one does no harm."""

import logging
import signal
import time
from types import FrameType
from typing import Any

from celery import current_app
from celery.exceptions import CeleryError
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.db.utils import InterfaceError
from django.utils import timezone
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError

from clm.core import heartbeat, schedule, tasks

logger = logging.getLogger("clm.scheduler")


class Command(BaseCommand):
    help = "Asks the workers for periodic work when its period begins, until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        self.running = True
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._stop)
        # Periodic work is declared beside each app's tasks, which only a worker reads by itself.
        current_app.loader.import_default_modules()
        asked: dict[str, object] = {}
        last_beat = 0.0
        while self.running:
            heartbeat.beat("scheduler")
            try:
                now = timezone.now()
                if time.monotonic() - last_beat > 10:
                    tasks.heartbeat.apply_async(expires=30)
                    last_beat = time.monotonic()
                for name in schedule.due(at=now):
                    period = schedule.declared()[name].period(now)
                    if asked.get(name) != period:
                        tasks.run_scheduled.apply_async((name,), expires=600)
                        asked[name] = period
            except (BrokerError, KombuError, CeleryError, OSError) as exc:
                logger.warning("The broker cannot be reached: %s", exc)
            except (OperationalError, InterfaceError) as exc:
                logger.warning("The database cannot be reached: %s", exc)
                connection.close()
            time.sleep(1)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.running = False
