"""Ends learner's code when the time of a cell is up.

`course_lib.checking.isolation.time_limit` does so for one call, and arming it takes longer than a short call: this one
is armed once for each cell, and rings only while learner's code runs.
"""

from __future__ import annotations

import signal
import sys
import time

from course_lib.checking.isolation import AGAIN, LEAVING, OutOfTime, raise_on_next_line


class Alarm:
    """`set` it for a cell; learner's code runs within `with alarm:`. Raises OutOfTime in it."""

    def __init__(self):
        self.seconds = 0.0
        self._ends: float | None = None
        self._running = self._rings = 0
        signal.signal(signal.SIGALRM, self._ring)

    def set(self, seconds: float) -> None:
        """Have it ring in `seconds`."""
        self.seconds, self._ends, self._rings = seconds, time.monotonic() + seconds, 0
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)

    @property
    def has_rung(self) -> bool:
        """Whether the time of the cell was up while learner's code ran."""
        return self._rings > 0

    def resume(self) -> None:
        """Set it to the same end again, after something else has used the timer."""
        signal.signal(signal.SIGALRM, self._ring)
        if self._ends is not None:
            signal.setitimer(signal.ITIMER_REAL, max(self._ends - time.monotonic(), 0.001), AGAIN)

    def __enter__(self) -> None:
        self._running += 1

    def __exit__(self, *_) -> None:
        self._running -= 1
        if self._rings > 1:
            sys.settrace(None)

    def _ring(self, signum, frame) -> None:
        # Not while no learner's code runs, nor on the way out of it: it rings again, in the next call too.
        if not self._running or frame.f_globals.get("__name__") in (__name__, *LEAVING):
            return
        self._rings += 1
        if self._rings > 1:
            raise_on_next_line(frame, "course_lib.grading.split")
        raise OutOfTime
