"""
Two kinds of session that never meet.

Below `/my/` a request has the session of a cookie of its own, sent there and nowhere else; the
session of staff is not even looked at. So no page of one kind can be opened with the other's
session: below `/my/` nobody is ever signed in as staff, and elsewhere nobody as a customer.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware as StaffSessions
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers

PREFIX = "/my/"
COOKIE = "clm_my"
IDLE = timedelta(minutes=15)
#: However busy somebody is, they show who they are again after this.
LONGEST = timedelta(hours=2)
_OWN = "own"


def is_own(path: str) -> bool:
    return path.startswith(PREFIX)


class SessionMiddleware(StaffSessions):
    """Django's, but for `/my/`."""

    def process_request(self, request: HttpRequest) -> None:
        if not is_own(request.path):
            super().process_request(request)
            return
        request.session = self.SessionStore(request.COOKIES.get(COOKIE))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not is_own(request.path):
            return super().process_response(request, response)
        session = request.session
        patch_vary_headers(response, ("Cookie",))
        if session.is_empty():
            if COOKIE in request.COOKIES:
                response.delete_cookie(COOKIE, path=PREFIX, samesite="Lax")
            return response
        if session.modified and response.status_code < 500:
            try:
                session.save()
            except UpdateError:
                # Ended in another tab meanwhile: what this request found out is not kept.
                return redirect("my:login")
            response.set_cookie(
                COOKIE,
                str(session.session_key),
                path=PREFIX,
                secure=bool(settings.SESSION_COOKIE_SECURE),
                httponly=True,
                samesite="Lax",
            )
        return response


def establish(*, request: HttpRequest, who: dict[str, Any], at: datetime) -> None:
    """Begin a session under a new key; what the browser had before is gone."""
    request.session.flush()
    request.session[_OWN] = {**who, "since": at.timestamp()}
    # As Django's own login does: what was put into the browser before opens nothing now.
    rotate_token(request)
    _put_off(request, at)


def who(*, request: HttpRequest, at: datetime) -> dict[str, Any] | None:
    """Whoever is signed in here, with the end of the session put off; None for nobody."""
    if not is_own(request.path):
        return None
    found: dict[str, Any] | None = request.session.get(_OWN)
    if found is None:
        return None
    now = at.timestamp()
    idle = now - float(request.session.get("seen", 0))
    if not 0 <= now - found["since"] < LONGEST.total_seconds() or idle >= IDLE.total_seconds():
        request.session.flush()
        return None
    _put_off(request, at)
    return found


def forget_expired(*, at: datetime) -> None:
    """Delete what is over, of either kind: nobody comes back for it, and it names people."""
    Session.objects.filter(expire_date__lt=at).delete()


def end(*, request: HttpRequest) -> None:
    request.session.flush()


def _put_off(request: HttpRequest, at: datetime) -> None:
    request.session["seen"] = at.timestamp()
    # The row itself goes as well (`forget_expired`), whether or not anybody comes back.
    request.session.set_expiry(int(IDLE.total_seconds()))
