"""Opening a log: what it is, is told by its first bytes and not by its name."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from io import BufferedReader
from typing import IO, Any, cast

from django.utils.translation import gettext as _

from journeys.logs.csvlog import read_csv
from journeys.logs.rows import BadRow, EventRow, LogBroken, LogRefused, RowMaker
from journeys.logs.xes import read_xes

_MOST_BYTES = 20 * 1024**3


def read_log(
    stream: IO[bytes],
    *,
    columns: Mapping[str, str] | None = None,
    zone: tzinfo = UTC,
    now: datetime | None = None,
) -> Iterator[EventRow | BadRow]:
    """
    The events of a CSV or XES log, gzipped or not, with the rows that were left out.

    :param columns: what columns of a CSV mean, beside the names everybody knows
    :param zone: where times without an offset are told
    :param now: events more than a year after it are left out
    :raises LogBroken: the file breaks off; the events before were given, and are good
    :raises LogRefused: the file as a whole cannot be read or believed
    """
    # The caller opened the stream and closes it; the wrappers let go of it at the end.
    outer = BufferedReader(cast("Any", stream))
    packed = outer.peek(2)[:2] == b"\x1f\x8b"
    inner = _Limited(gzip.GzipFile(fileobj=outer)) if packed else outer
    maker = RowMaker(zone=zone, now=now)
    last = 0
    try:
        start = inner.peek(256).lstrip(b"\xef\xbb\xbf \t\r\n")
        if start[:1] == b"<":
            rows = read_xes(inner, maker=maker)
        else:
            rows = read_csv(cast("IO[bytes]", inner), maker=maker, columns=columns or {})
        for row in rows:
            last = row.line
            yield row
    except EOFError:
        why = _("The compressed file is cut off.")
        raise (LogBroken(last, why) if last else LogRefused(why)) from None
    except (zlib.error, gzip.BadGzipFile):
        # Its check sum is wrong: nothing of it can be believed.
        raise LogRefused(_("The compressed file is damaged.")) from None
    finally:
        if packed:
            inner.close()
        outer.detach()


class _Limited(BufferedReader):
    """A stream that stops being believed when it unpacks beyond all measure."""

    def __init__(self, raw: gzip.GzipFile) -> None:
        super().__init__(cast("Any", raw))
        self._read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        return self._counted(super().read(size))

    def read1(self, size: int = -1, /) -> bytes:
        return self._counted(super().read1(size))

    def _counted(self, chunk: bytes) -> bytes:
        self._read += len(chunk)
        if self._read > _MOST_BYTES:
            raise LogRefused(_("The file unpacks to more than 20 GB."))
        return chunk
