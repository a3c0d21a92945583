"""
When a session ends, and what puts its end off.

A session lives for `SESSION_COOKIE_AGE` after the last thing its person did. What a page asks
for by itself (the counts of the rail, a progress bar) carries `X-Background` and puts nothing
off: an open tab does not keep anybody signed in.
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

SEEN = "seen_at"
ENDS_HEADER = "X-Session-Ends"
# A write a minute is enough to know when somebody was last there.
COARSE = 60


def in_background(request: HttpRequest) -> bool:
    """Whether the page asked by itself."""
    return bool(request.headers.get("X-Background"))


def touch(*, request: HttpRequest, at: datetime) -> int:
    """Put the end of the session off, unless the page asked by itself; the end, in epoch seconds."""
    now = int(at.timestamp())
    seen = request.session.get(SEEN)
    if not isinstance(seen, int) or (not in_background(request) and now - seen >= COARSE):
        request.session[SEEN] = seen = now
    return seen + settings.SESSION_COOKIE_AGE


def renew(*, request: HttpRequest, at: datetime) -> int:
    """Begin the session's time anew; its end, in epoch seconds."""
    request.session[SEEN] = int(at.timestamp())
    return int(at.timestamp()) + settings.SESSION_COOKIE_AGE


def ends(*, request: HttpRequest) -> int | None:
    """When the session ends, in epoch seconds; None where it has no clock."""
    session = getattr(request, "session", None)
    seen = session.get(SEEN) if session is not None else None
    return seen + settings.SESSION_COOKIE_AGE if isinstance(seen, int) else None
