"""
`Idempotency-Key`: a request sent twice is done once and answered alike.

The answer is written in the transaction of what it tells of, under a lock that the database
lets go when the connection ends. So a crash in the middle leaves neither the effect nor a
key that blocks the next try, and there is no moment at which one exists without the other.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import connection, transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from clm.core import crypto
from clm.core.api.problems import CONTENT_TYPE, ApiProblem
from clm.core.api.renderers import ApiRenderer
from clm.core.models import IdempotencyKey, User

KEPT = timedelta(hours=24)
KEPT_HEADERS = ("ETag", "Location")
# What the moment decided, not the request: the same key may try again.
UNDECIDED = frozenset({401, 412, 428, 429})
_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_CONTEXT = "core.idempotency"


def once(
    request: Request,
    handler: Callable[[], Response],
    *,
    on_error: Callable[[Exception], Response],
    at: datetime,
) -> Response:
    """
    Do the request, or give the answer it had before.

    :param handler: does it and answers
    :param on_error: turns its exception into the answer
    :raises ApiProblem: 400 the key cannot be used, 409 the first is still running, 422 the
        key belongs to another request
    """
    key = request.headers["Idempotency-Key"].strip()
    if not _KEY.fullmatch(key):
        raise ApiProblem(
            _("An idempotency key has 1 to 255 visible characters."), code="idempotency_key"
        )
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        user = cast("User", request.user)
        _lock(user.pk, key)
        known = IdempotencyKey.objects.filter(user=user, key=key).first()
        if known is not None and known.created_at > at - KEPT and known.status is not None:
            return _again(known, fingerprint)
        response = _attempt(handler, on_error)
        if response.status_code < 500 and response.status_code not in UNDECIDED:
            _keep(request, key, fingerprint, response, at)
    return response


def forget_old_keys(*, at: datetime) -> int:
    """Delete what is past its 24 hours; how many there were."""
    return IdempotencyKey.objects.filter(created_at__lte=at - KEPT).delete()[0]


def _attempt(
    handler: Callable[[], Response], on_error: Callable[[Exception], Response]
) -> Response:
    try:
        with transaction.atomic():
            response = handler()
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response
    except Exception as exc:  # noqa: BLE001 -- whatever it is, it is an answer and rolled back
        return on_error(exc)


def _lock(user_id: Any, key: str) -> None:
    digest = hashlib.blake2b(f"{user_id}:{key}".encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise ApiProblem(
                _("The first request with this key is still being answered."),
                status_code=409,
                code="idempotency_in_flight",
                headers={"Retry-After": "1"},
            )


def _fingerprint(request: Request) -> bytes:
    content = json.dumps(request.data, sort_keys=True, default=str).encode()
    place = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(place + content).digest()


def _again(known: IdempotencyKey, fingerprint: bytes) -> Response:
    if bytes(known.fingerprint) != fingerprint:
        raise ApiProblem(
            _("This key was used for another request."),
            status_code=422,
            code="idempotency_key_reused",
        )
    text = crypto.decrypt(token=bytes(known.body).decode(), context=_CONTEXT)
    status = known.status or 200
    return Response(
        json.loads(text) if text else None,
        status=status,
        headers={**known.headers, "Idempotent-Replayed": "true"},
        content_type=CONTENT_TYPE if status >= 400 else None,
    )


def _keep(request: Request, key: str, fingerprint: bytes, response: Response, at: datetime) -> None:
    # Answers hold personal data, so they rest encrypted like the rest of it.
    text = "" if response.data is None else ApiRenderer().render(response.data).decode()
    IdempotencyKey.objects.update_or_create(
        user=cast("User", request.user),
        key=key,
        defaults={
            "fingerprint": fingerprint,
            "created_at": at,
            "status": response.status_code,
            "headers": {
                name: response.headers[name] for name in KEPT_HEADERS if name in response.headers
            },
            "body": crypto.encrypt(plaintext=text, context=_CONTEXT).encode(),
        },
    )
