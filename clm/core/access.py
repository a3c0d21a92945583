"""The access log: who looked at what. One row a request, written after the answer is made."""

import json
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clm.core import context
from clm.core.ids import uuid7
from clm.core.models import User


@dataclass
class _Seen:
    kind: str = ""
    record_type: str = ""
    reason: str = ""
    record_ids: list[str] = field(default_factory=list)


#: A record, or a row of one.
Shown = models.Model | dict[str, Any]
_seen: ContextVar[_Seen | None] = ContextVar("clm_access", default=None)
_RANK = {"": 0, "list": 1, "read": 2, "export": 3, "reveal": 4}


def note_read(
    *,
    records: Iterable[Shown] | Shown,
    kind: str = "read",
    reason: str = "",
    model: type[models.Model] | None = None,
) -> None:
    """
    Say that the present request shows these records. Outside a request nothing is kept.

    Notes of one request join in its one row; the weightiest kind names it.

    :param model: of records that are given as rows with their `id`
    """
    seen = _seen.get()
    if seen is None:
        return
    found = [records] if isinstance(records, models.Model | dict) else list(records)
    if not found:
        return
    if _RANK[kind] >= _RANK[seen.kind]:
        seen.kind = kind
        seen.record_type = (model or cast("models.Model", found[0]))._meta.label
    seen.reason = reason or seen.reason
    keys = [str(one["id"] if isinstance(one, dict) else one.pk) for one in found]
    seen.record_ids = list(dict.fromkeys(seen.record_ids + keys))


def write(*, actor: User, kind: str, route: str, record_type: str, record_ids: list[str],
          reason: str, at: datetime) -> None:  # fmt: skip
    # By hand: it is part of every answer, and the ORM costs more than the row.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_accesslog"
            " (id, at, actor_id, kind, route, record_type, record_ids, reason, request_id)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [uuid7(at), at, actor.pk, kind, route[:160], record_type, json.dumps(record_ids),
             reason, context.current().request_id],
        )  # fmt: skip


class AccessMiddleware:
    """Gives each request an id, and writes its access row when it showed records."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid4().hex
        cast("Any", request).request_id = request_id
        token = _seen.set(_Seen())
        try:
            with context.use(request_id=request_id):
                response = self.get_response(request)
                self._write(request)
        finally:
            _seen.reset(token)
        response["X-Request-ID"] = request_id
        return response

    def _write(self, request: HttpRequest) -> None:
        seen = _seen.get()
        user = getattr(request, "user", None)
        if not seen or not seen.record_ids or not isinstance(user, User):
            return
        match = request.resolver_match
        write(
            actor=user,
            kind=seen.kind,
            route=match.view_name or match.route if match else request.path,
            record_type=seen.record_type,
            record_ids=seen.record_ids,
            reason=seen.reason,
            at=timezone.now(),
        )
