"""Ends learner's code when the time of a cell is up.

`course_lib.checking.isolation.time_limit` does so for one call, and arming it takes longer than a short call: this one
is armed once for each cell, and rings only while learner's code runs.
"""

from __future__ import annotations

import signal
import sys
import time

from course_lib.checking.isolation import OutOfTime

AGAIN = 0.02  # seconds until it rings again, should the learner's code have swallowed it


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
        if not self._running:
            return  # the next call will be late: it rings again
        self._rings += 1
        if self._rings > 1:
            _raise_on_next_line(frame)
        raise OutOfTime


def _raise_on_next_line(frame) -> None:
    """Raise OutOfTime once more on the next line that runs, which is outside the `try` that swallowed this one."""

    def trace(frame, event, argument):
        if event == "line":
            raise OutOfTime
        return trace

    sys.settrace(trace)
    while frame is not None and not frame.f_globals.get("__name__", "").startswith("course_lib.grading.split"):
        frame.f_trace = trace
        frame = frame.f_back
