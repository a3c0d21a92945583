"""What lets one process get through millions of rows: no idle waiting, no vain looking."""

import gc
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, TypeVar

T = TypeVar("T")


def ahead(items: Iterable[T]) -> Iterator[T]:
    """
    The items in their order, each made in a thread while the one before is dealt with.

    For items that take time to make, beside a database that takes time to store them. Making
    them must not touch the database: the thread has no transaction. What making one raises is
    raised here in its turn.
    """
    made, end = iter(items), object()
    surroundings = copy_context()

    def make() -> Any:
        return surroundings.run(lambda: next(made, end))

    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(make)
        while (item := coming.result()) is not end:
            coming = thread.submit(make)
            yield item


@contextmanager
def garbage_later() -> Iterator[None]:
    """
    No search for cycles meanwhile: who makes many objects and holds them to the end would look
    through all of them again and again, a fifth of the time for nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
