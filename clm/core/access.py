"""The access log: who looked at what. One row a request, written after the answer is made."""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clm.core import context
from clm.core.ids import uuid7
from clm.core.models import AccessLog, User


@dataclass
class _Seen:
    kind: str = ""
    record_type: str = ""
    reason: str = ""
    record_ids: list[str] = field(default_factory=list)


_seen: ContextVar[_Seen | None] = ContextVar("clm_access", default=None)
_RANK = {"": 0, "list": 1, "read": 2, "export": 3, "reveal": 4}


def note_read(
    *, records: Iterable[models.Model] | models.Model, kind: str = "read", reason: str = ""
) -> None:
    """
    Say that the present request shows these records. Outside a request nothing is kept.

    Notes of one request join in its one row; the weightiest kind names it.
    """
    seen = _seen.get()
    if seen is None:
        return
    found = [records] if isinstance(records, models.Model) else list(records)
    if not found:
        return
    if _RANK[kind] >= _RANK[seen.kind]:
        seen.kind = kind
        seen.record_type = found[0]._meta.label
    seen.reason = reason or seen.reason
    known = set(seen.record_ids)
    seen.record_ids += [str(one.pk) for one in found if str(one.pk) not in known]


def write(*, actor: User, kind: str, route: str, record_type: str, record_ids: list[str],
          reason: str, at: datetime) -> None:  # fmt: skip
    AccessLog.objects.bulk_create(
        [
            AccessLog(
                id=uuid7(at), at=at, actor=actor, kind=kind, route=route[:160],
                record_type=record_type, record_ids=record_ids, reason=reason,
                request_id=context.current().request_id,
            )
        ]
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
