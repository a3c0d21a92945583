"""How every group reads: one statement for many customers, one row each, in the order asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from django.db import connection

from clm.core.ids import lower_bound

if TYPE_CHECKING:
    import pandas as pd

#: Which customers are asked for, with their places; a group joins what it found to them.
WANTED = "unnest(%(ids)s::uuid[]) WITH ORDINALITY AS wanted (id, place)"
MINE = "customer_id = ANY(%(ids)s::uuid[])"


def read(
    sql: str,
    *,
    customer_ids: Sequence[UUID],
    as_of: datetime,
    columns: Sequence[str],
    **parameters: Any,
) -> "pd.DataFrame":
    """
    Run a group's statement, which gives each wanted customer one row of numbers, in order.

    What is null is not known. `ids` and `as_of` are bound, and `first_event`, below which no
    event later than `as_of` has its id.
    """
    ids = [str(key) for key in customer_ids]
    bound: Mapping[str, Any] = {
        "ids": ids, "as_of": as_of, "first_event": str(lower_bound(as_of)), **parameters
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, bound)
        rows = cursor.fetchall()
    if len(rows) != len(ids):
        raise RuntimeError("A group of features gives each customer one row.")
    values = np.array(rows, dtype=np.float64).reshape(len(ids), len(columns))
    import pandas as pd

    return pd.DataFrame(values, columns=list(columns))
