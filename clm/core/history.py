"""
Field-level history: what a row was before each change, written by the database itself.

An update or a deletion by whatever way (ORM, bulk, raw SQL) leaves the row as it was, with who
and which request as context. What a row is now stands in its own table, so an insertion writes
nothing twice. Changes of state alone leave none: they are events.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import pghistory
from django.apps import apps
from django.db import models
from pghistory.middleware import HistoryMiddleware

from clm.core import context

M = TypeVar("M", bound=type[models.Model])
#: Changed by every write and telling nothing of it.
BOOKKEEPING = ("version", "updated_at")


def tracked(
    *, table: str, exclude: Sequence[str] = (), silent: Sequence[str] = ()
) -> Callable[[M], M]:
    """
    Class decorator: keep a history of the model's rows, as `<Model>History`.

    :param table: the model's table; the history's is `<table>_history`, which the application
        may read and add to and nothing else
    :param exclude: fields of which nothing is kept (secrets, what is derived from others)
    :param silent: fields that are kept, but whose change alone leaves no row
    """

    def decorate(model: M) -> M:
        kept = [
            field.name for field in model._meta.concrete_fields if field.name not in set(exclude)
        ]
        pghistory.track(
            pghistory.UpdateEvent(
                label="update",
                row=pghistory.Old,
                condition=pghistory.AnyChange(
                    *[name for name in kept if name not in {*BOOKKEEPING, *silent}]
                ),
            ),
            pghistory.DeleteEvent(label="delete"),
            exclude=list(exclude),
            model_name=f"{model.__name__}History",
            obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
            context_id_field=None,  # type: ignore[arg-type]  # None takes the column away
            context_field=pghistory.ContextJSONField(),
            meta={"db_table": f"{table}_history", "app_label": model._meta.app_label},
        )(model)
        return model

    return decorate


def history_of(model: type[models.Model]) -> type[models.Model] | None:
    """The model of the histories of `model`, if they are kept."""
    try:
        return apps.get_model(model._meta.app_label, f"{model.__name__}History")
    except LookupError:
        return None


class Difference(NamedTuple):
    """What one change did to one field."""

    label: str
    before: Any
    after: Any
    field: Any


def changes_of(record: models.Model, *, limit: int = 200) -> list[tuple[Any, list[Difference]]]:
    """
    The record's changes, newest first: each history row with what it did, field by field.

    What came after one change is what stood before the next, or what the record is now.
    """
    model: Any = history_of(type(record))
    if model is None:
        return []
    rows = list(model.objects.filter(pgh_obj_id=record.pk).order_by("-pgh_id")[:limit])
    fields = [
        one
        for one in model._meta.concrete_fields
        if not one.name.startswith("pgh_") and one.name not in BOOKKEEPING
    ]
    found, after = [], record
    for row in rows:
        differences = [
            Difference(
                str(one.verbose_name), getattr(row, one.attname), getattr(after, one.attname), one
            )
            for one in fields
            if getattr(row, one.attname) != getattr(after, one.attname)
        ]
        found.append((row, differences))
        after = row
    return found


class RequestHistoryMiddleware(HistoryMiddleware):
    """Gives history rows their context: who, and in which request; no address, no name."""

    def __call__(self, request: Any) -> Any:
        # Reading by the API changes no row that has a history: it is spared the statement.
        if request.method in {"GET", "HEAD"} and request.path_info.startswith("/api/"):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[no-untyped-call]

    def get_context(self, request: Any) -> dict[str, Any]:
        user = super().get_context(request)["user"]
        return {"user": str(user) if user else None, "request_id": context.current().request_id}
