"""How far a long command is, on standard error: a bar for a person, ten lines for a log."""

import sys
import time
from typing import TextIO

_WIDTH = 30
_SECONDS = 0.2


class Progress:
    """
    Shows how much of `total` is done.

    :param total: what all of it will be, about; 0 where that is not known
    :param what: what is counted, in the plural
    """

    def __init__(self, *, total: int, what: str, out: TextIO | None = None) -> None:
        self._total, self._what = total, what
        self._out = out or sys.stderr
        self._bar = self._out.isatty()
        self._tenth = 0
        self._shown = 0.0

    def show(self, done: int) -> None:
        share = min(done / self._total, 1.0) if self._total else 0.0
        if self._bar:
            if time.monotonic() - self._shown > _SECONDS:
                self._shown = time.monotonic()
                filled = round(share * _WIDTH)
                bar = "█" * filled + "·" * (_WIDTH - filled)
                self._out.write(f"\r{bar} {share:4.0%}  {done:,} {self._what}")
                self._out.flush()
        elif int(share * 10) > self._tenth:
            self._tenth = int(share * 10)
            self._out.write(f"{done:,} {self._what} ({share:.0%})\n")

    def end(self) -> None:
        """Leave the line to what comes next."""
        if self._bar and self._shown:
            self._out.write("\r" + " " * (_WIDTH + 40) + "\r")
            self._out.flush()
