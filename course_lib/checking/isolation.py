"""Run somebody else's code: caught, silenced and limited in time."""

from __future__ import annotations

import contextlib
import ctypes
import io
import logging
import os
import random
import signal
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_lib.checking.sources import is_library, line_of


@dataclass(frozen=True)
class Failure:
    """Why a row has no value. `kind` is "unwritten", "raised", "time", "interrupted" or "not run"."""

    kind: str
    error: str = ""
    message: str = ""
    where: str = ""

    def __str__(self):
        if self.kind == "raised":
            text = f"raised {self.error}" + (f": {self.message}" if self.message else "")
            return text + (f" ({self.where})" if self.where else "")
        return {
            "unwritten": "not written yet",
            "time": f"did not finish within {self.message} s",
            "interrupted": "interrupted",
            "not run": "not run",
        }[self.kind]


AGAIN = 0.02  # seconds until the timer rings again, should the code have swallowed OutOfTime
LEAVING = (__name__, "contextlib")  # modules through which a block is left whose time was limited


class OutOfTime(BaseException):
    """Raised inside the code whose time is up; not an Exception, so that `except Exception` does not catch it."""


def attempt(action: Callable[[], Any], seconds: float) -> Any:
    """Return `action()`, or a Failure: whatever it raises is caught, and after `seconds` it is stopped.

    On the main thread of Linux and macOS a timer signal interrupts loops, sleeps and waits; elsewhere an exception is
    set in the thread, which stops Python loops but nothing that waits in C.
    """
    try:
        with time_limit(seconds):
            return action()
    except OutOfTime:
        return Failure("time", message=f"{seconds:g}")
    except NotImplementedError as error:
        return Failure("unwritten", "NotImplementedError", _message(error))
    except KeyboardInterrupt:
        return Failure("interrupted")
    except BaseException as error:  # SystemExit and GeneratorExit too: an answer must not end the check
        return Failure("raised", type(error).__name__, _message(error), _place(error))


def _message(error: BaseException) -> str:
    try:
        return " ".join(str(error).split())[:300]
    except BaseException:
        return "(its message cannot be read)"


def _place(error: BaseException) -> str:
    """Return the line of the learner's code in which `error` arose: the deepest frame that is no library's."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        module = trace.tb_frame.f_globals.get("__name__", "")
        if not module.startswith("course_lib.") and is_written_here(code):
            place = _quoted(code, trace.tb_lineno)
        trace = trace.tb_next
    definition = getattr(error, "definition", "")  # see Handle
    return definition if isinstance(definition, str) and definition else place


def is_written_here(code: types.CodeType) -> bool:
    """Return whether `code` is no library's."""
    return not is_library(code.co_filename)


def _quoted(code: types.CodeType, number: int) -> str:
    line = line_of(code, number)
    return f"line {number}" + (f": {line[:80]}" if line else "")


def place_of_definition(code: types.CodeType) -> str:
    """Return the line with which a function of the learner's begins, decorators left out."""
    number = code.co_firstlineno
    while line_of(code, number).startswith("@"):
        number += 1
    return _quoted(code, number)


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the enclosed code after `seconds`, and again every 20 ms in case it is swallowed."""
    armed = True
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        earlier_trace, rings = sys.gettrace(), 0

        def ring(signum, frame):
            nonlocal rings
            # Raised on the way out of this block, it would keep the timer from being stopped, and ring for ever.
            if armed and frame.f_globals.get("__name__") not in LEAVING:
                rings += 1
                if rings > 1:  # the first was swallowed by an `except` without a type
                    raise_on_next_line(frame, "course_lib.checking")
                raise OutOfTime

        earlier = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)

        def stop():
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, earlier)
            if rings > 1:
                sys.settrace(earlier_trace)
    else:
        here, finished = ctypes.c_ulong(threading.get_ident()), threading.Event()

        def ring_until_finished():
            wait = seconds
            while not finished.wait(wait):
                ctypes.pythonapi.PyThreadState_SetAsyncExc(here, ctypes.py_object(OutOfTime))
                wait = 0.02

        bell = threading.Thread(target=ring_until_finished, daemon=True)
        bell.start()

        def stop():
            finished.set()
            bell.join()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(here, None)

    try:
        yield
    finally:
        armed = False
        stop()


def raise_on_next_line(frame, ours: str) -> None:
    """Raise OutOfTime once more on the next line that runs: the first line of the `except` that swallows this one.

    An exception raised there is outside its `try`, and leaves the loop around it. Frames of modules whose name begins
    with `ours`, and those around them, are left alone.
    """

    def trace(frame, event, argument):
        if event == "line":
            raise OutOfTime
        return trace

    sys.settrace(trace)
    while frame is not None and not frame.f_globals.get("__name__", "").startswith(ours):
        frame.f_trace = trace
        frame = frame.f_back


class Sink(io.TextIOBase):
    """A text stream that keeps the first ten thousand characters and counts the rest."""

    KEPT = 10_000

    def __init__(self):
        self.text, self.characters = "", 0

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.characters += len(text)
        if len(self.text) < self.KEPT:
            self.text += text[: self.KEPT - len(self.text)]
        return len(text)

    @property
    def first_lines(self) -> str:
        """The first 20 lines, each up to 200 characters, and whether there were more."""
        lines = self.text.rstrip().split("\n")
        shown = [line if len(line) <= 200 else line[:199] + "…" for line in lines[:20]]
        return "\n".join(shown + ["…"] * (len(lines) > 20 or self.characters > self.KEPT))


@contextlib.contextmanager
def same_draws() -> Iterator[None]:
    """Let the enclosed code draw the same numbers each time from the generators that all code shares.

    What an answer earns that draws without a seed of its own would otherwise change from run to run. The
    generators' states are put back.
    """
    states = random.getstate(), np.random.get_state()
    random.seed(0)
    np.random.seed(0)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


@contextlib.contextmanager
def silence() -> Iterator[Sink]:
    """Keep the enclosed code silent, and yield what it printed.

    Replaced are sys.stdout and sys.stderr, the `write` and `close` of the streams that were there (logging handlers and
    saved references hold them), and file descriptors 1 and 2 (libraries write there). Logging, warnings and NumPy's
    floating-point messages are off. nbgrader gives no points to a cell with a single line on stderr.
    """
    sink = Sink()
    streams = {id(stream): stream for stream in (sys.stdout, sys.stderr) if stream is not None}.values()
    with contextlib.ExitStack() as undo:
        for stream in streams:
            stream.flush()
        for descriptor in (1, 2):
            undo.enter_context(_descriptor_to_null(descriptor))
        for stream in streams:
            undo.enter_context(_muted(stream, sink))
        undo.enter_context(contextlib.redirect_stdout(sink))
        undo.enter_context(contextlib.redirect_stderr(sink))
        undo.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        undo.enter_context(np.errstate(all="ignore"))
        undo.callback(logging.disable, logging.root.manager.disable)
        logging.disable(sys.maxsize)
        yield sink


@contextlib.contextmanager
def _descriptor_to_null(descriptor: int) -> Iterator[None]:
    try:
        saved = os.dup(descriptor)
    except OSError:  # the process has no such descriptor (a service, pythonw): nothing to silence
        yield
        return
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, descriptor)
        yield
    finally:
        os.dup2(saved, descriptor)
        os.close(saved)
        os.close(null)


@contextlib.contextmanager
def _muted(stream, sink: Sink) -> Iterator[None]:
    try:
        stream.write = sink.write
    except AttributeError:  # a stream written in C: it ends in file descriptor 1 or 2, which is silenced
        yield
        # What is still in its buffer belongs to the silenced code and must not come out later.
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
        return
    # `logging.basicConfig(force=True)` closes all handlers, and that of absl, which comes with Keras, its stream too.
    stream.close = lambda: None
    try:
        yield
    finally:
        del stream.write, stream.close
