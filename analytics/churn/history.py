"""The platform's own history as a training table: who left within the horizon, and who stayed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.db import connection
from django.utils.translation import gettext as _

from analytics import features
from analytics.churn.table import UnfitTable

HORIZON = timedelta(days=90)
_EVERY = timedelta(days=60)
_SNAPSHOTS = 8
_PRESENT = ("ACTIVE", "AT_RISK", "DORMANT")
_GONE = ("OFFBOARDING", "CLOSED")


@dataclass(frozen=True)
class History:
    """Rows of several dates; `customers` says whose each row is, so that folds keep them together."""

    frame: pd.DataFrame
    target: npt.NDArray[np.int64]
    customers: npt.NDArray[np.object_]
    until: datetime
    digest: str


def collect(*, at: datetime) -> History:
    """
    Snapshots every two months back from the last date whose outcome is known.

    :raises UnfitTable: nobody was a customer long enough ago
    """
    frames, targets, customers = [], [], []
    newest = at - HORIZON
    for number in range(_SNAPSHOTS):
        as_of = newest - number * _EVERY
        present = customers_on(as_of=as_of)
        if not present:
            continue
        left = left_between(after=as_of, until=as_of + HORIZON)
        frames.append(features.build(customer_ids=present, as_of=as_of))
        targets.append([int(key in left) for key in present])
        customers.append([str(key) for key in present])
    if not frames:
        raise UnfitTable(
            _("Nobody was a customer %(days)d days ago, so no outcome is known yet.")
            % {"days": HORIZON.days}
        )
    frame = pd.concat(frames)
    target = np.concatenate([np.array(one, dtype=np.int64) for one in targets])
    digest = hashlib.sha256(frame.to_csv(na_rep="").encode() + target.tobytes()).hexdigest()
    return History(
        frame=frame.reset_index(drop=True),
        target=target,
        customers=np.concatenate([np.array(one, dtype=object) for one in customers]),
        until=newest,
        digest=digest,
    )


def customers_on(*, as_of: datetime) -> list[UUID]:
    """Who was a customer at that instant, told by the events up to then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id FROM (SELECT DISTINCT ON (record_id) record_id, target"
            " FROM core_event WHERE record_type = 'customers.Customer' AND target <> ''"
            " AND at <= %s ORDER BY record_id, sequence DESC) AS last"
            " WHERE target = ANY(%s) ORDER BY record_id",
            [as_of, list(_PRESENT)],
        )
        return [UUID(str(row[0])) for row in cursor.fetchall()]


def left_between(*, after: datetime, until: datetime) -> set[UUID]:
    """Who began to leave, or left, in that time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT record_id FROM core_event WHERE record_type = 'customers.Customer'"
            " AND target = ANY(%s) AND at > %s AND at <= %s",
            [list(_GONE), after, until],
        )
        return {UUID(str(row[0])) for row in cursor.fetchall()}


__all__: Sequence[str] = ["HORIZON", "History", "collect", "customers_on", "left_between"]
