"""`manage.py relay`: hands what is due to Celery. Run one or several; they do not collide."""

import logging
import signal
import time
from types import FrameType
from typing import Any

from celery.exceptions import CeleryError
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection
from django.db.utils import InterfaceError
from django.utils import timezone
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError

from clm.core import deliveries, heartbeat, jobs, tasks

logger = logging.getLogger("clm.relay")
BATCH = 20


class Command(BaseCommand):
    help = "Hands deliveries and jobs that are due to the workers, until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pause", type=float, default=0.3, help="seconds between rounds")

    def handle(self, *args: Any, pause: float, **options: Any) -> None:
        self.running = True
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, self._stop)
        while self.running:
            heartbeat.beat("relay")
            try:
                busy = hand_over()
            except (BrokerError, KombuError, CeleryError, OSError) as exc:
                # The broker is away: what was claimed is due again after its back-off.
                logger.warning("The broker cannot be reached: %s", exc)
                busy = False
            except (OperationalError, InterfaceError) as exc:
                logger.warning("The database cannot be reached: %s", exc)
                connection.close()
                busy = False
            if not busy:
                time.sleep(pause)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.running = False


def hand_over() -> bool:
    """One round: claim, then publish ids; whether there was anything."""
    now = timezone.now()
    claimed = deliveries.claim(at=now)
    for start in range(0, len(claimed), BATCH):
        tasks.deliver.delay(claimed[start : start + BATCH])
    waiting = jobs.claim(at=now)
    for job_id in waiting:
        tasks.run_job.delay(str(job_id))
    return bool(claimed or waiting)
