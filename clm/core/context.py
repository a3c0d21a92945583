"""What every event made during one request or one reaction has in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Context:
    request_id: str = ""
    cause_id: UUID | None = None


_current: ContextVar[Context] = ContextVar("clm_context", default=Context())  # noqa: B039 -- frozen


def current() -> Context:
    return _current.get()


@contextmanager
def use(*, request_id: str = "", cause_id: UUID | None = None) -> Iterator[None]:
    """Events appended inside carry this request and this causing event."""
    token = _current.set(Context(request_id=request_id, cause_id=cause_id))
    try:
        yield
    finally:
        _current.reset(token)
