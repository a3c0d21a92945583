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
#: So many of the newest dates make up the time that a model is tested on.
_LATER = 2
#: Of a large bank this many customers are learnt from, the same ones at every date.
_MOST = 25_000
_CHUNK = 10_000
_PRESENT = ("ACTIVE", "AT_RISK", "DORMANT")
_GONE = ("OFFBOARDING", "CLOSED")


@dataclass(frozen=True)
class History:
    """
    Rows of several dates.

    :ivar customers: whose each row is, so that folds keep them together
    :ivar dates: by row the number of its date in `moments`, the newest first
    :ivar until: the newest date
    """

    frame: pd.DataFrame
    target: npt.NDArray[np.int64]
    customers: npt.NDArray[np.object_]
    dates: npt.NDArray[np.int64]
    moments: Sequence[datetime]
    digest: str

    @property
    def until(self) -> datetime:
        return self.moments[0]

    def split(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """
        The rows of the newest dates, and those whose outcome was known before these began.

        Between the two lie dates that belong to neither: their outcomes fall into the time that
        is tested.
        """
        later = self.dates < _LATER
        begin = min(self.moments[number] for number in set(self.dates[later].tolist()))
        known = np.array([moment + HORIZON <= begin for moment in self.moments])
        return later, known[self.dates]


def collect(*, at: datetime) -> History:
    """
    Snapshots every two months back from the last date whose outcome is known.

    :raises UnfitTable: nobody was a customer long enough ago
    """
    frames, targets, customers, dates, moments = [], [], [], [], []
    for number in range(_SNAPSHOTS):
        as_of = at - HORIZON - number * _EVERY
        present = _some(customers_on(as_of=as_of))
        if not present:
            break
        left = left_between(after=as_of, until=as_of + HORIZON)
        for begin in range(0, len(present), _CHUNK):
            part = present[begin : begin + _CHUNK]
            frames.append(features.build(customer_ids=part, as_of=as_of))
        targets.append([int(key in left) for key in present])
        customers.append([str(key) for key in present])
        dates.append(np.full(len(present), number))
        moments.append(as_of)
    if not frames:
        raise UnfitTable(
            _("Nobody was a customer %(days)d days ago, so no outcome is known yet.")
            % {"days": HORIZON.days}
        )
    frame = pd.concat(frames, ignore_index=True)
    target = np.concatenate([np.array(one, dtype=np.int64) for one in targets])
    whose = np.concatenate([np.array(one, dtype=object) for one in customers])
    digest = hashlib.sha256(frame.to_csv(na_rep="").encode())
    digest.update(" ".join(whose).encode() + target.tobytes())
    return History(frame, target, whose, np.concatenate(dates), moments, digest.hexdigest())


def _some(present: list[UUID]) -> list[UUID]:
    """All of them, or as many as are learnt from, chosen by their ids' random part."""
    if len(present) <= _MOST:
        return present
    return sorted(sorted(present, key=lambda key: key.int & (1 << 62) - 1)[:_MOST])


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
