"""
How many requests a client may make: a fixed window, counted atomically in the shared cache.

Without the cache requests are let through and the log says so: a limit protects the service,
and a service that stops because its counter stopped protects nobody.
"""

import logging
import re
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from clm.core.api.problems import ApiProblem

logger = logging.getLogger("clm.api")

DEFAULT_RATE = "3000/60"
_RATE = re.compile(r"([0-9]+)/([0-9]+)", re.ASCII)


@dataclass(frozen=True)
class Usage:
    """Where a client stands in the present window; `reset` is in seconds from now."""

    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }


def take(*, who: str, limit: int, window: int, now: float | None = None) -> Usage | None:
    """
    Count one request; None when the counter cannot be reached.

    :param window: seconds
    :raises ApiProblem: 429 with Retry-After, the window's requests are used up
    """
    instant = time.time() if now is None else now
    number, passed = divmod(int(instant), window)
    key = f"api-limit:{who}:{window}:{number}"
    try:
        used = _counted(key, window)
    except (RedisError, OSError):
        logger.warning("The request counter cannot be reached; requests are not limited.")
        return None
    reset = window - passed
    usage = Usage(limit=limit, remaining=max(0, limit - used), reset=reset)
    if used > limit:
        raise ApiProblem(
            _("Too many requests. Try again in %(seconds)d seconds.") % {"seconds": reset},
            status_code=429,
            code="too_many_requests",
            headers={"Retry-After": str(reset), **usage.headers},
        )
    return usage


def _counted(key: str, window: int) -> int:
    try:
        return int(cache.incr(key))
    except ValueError:
        # The first of its window, unless another was first in between.
        return 1 if cache.add(key, 1, timeout=window * 2) else int(cache.incr(key))


def rate() -> tuple[int, int]:
    """Requests and seconds of the present limit (`API_RATE`, as in `"3000/60"`)."""
    match = _RATE.fullmatch(str(getattr(settings, "API_RATE", DEFAULT_RATE)))
    if match is None or not int(match[1]) or not int(match[2]):
        raise ValueError('API_RATE is written as requests/seconds, as in "3000/60".')
    return int(match[1]), int(match[2])
