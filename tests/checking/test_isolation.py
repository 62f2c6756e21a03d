"""Foreign code is caught, silenced and stopped, and leaves the process as it was."""

import contextlib
import logging
import os
import signal
import sys
import threading
import time
import warnings

import numpy as np
import pytest

from course_lib.checking import isolation
from course_lib.checking.isolation import Failure, attempt, silence


def forever():
    while True:
        pass


def swallows_exceptions():
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            continue


def swallows_everything_inside():
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            continue


def recurses():
    return recurses()


@pytest.mark.parametrize("endless", [forever, swallows_exceptions, swallows_everything_inside])
def test_endless_code_is_stopped(endless):
    earlier = signal.getsignal(signal.SIGALRM)
    assert attempt(endless, 0.1) == Failure("time", message="0.1")
    assert signal.getsignal(signal.SIGALRM) == earlier
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_endless_code_is_stopped_on_another_thread():
    results = []
    thread = threading.Thread(target=lambda: results.append(attempt(forever, 0.1)))
    thread.start()
    thread.join(20)
    assert results == [Failure("time", message="0.1")]


def test_what_finishes_is_left_alone():
    assert attempt(lambda: 3, 5) == 3
    time.sleep(0.05)  # a timer that was left running would ring here


@pytest.mark.parametrize("error", [ValueError, SystemExit, GeneratorExit, StopIteration, MemoryError])
def test_whatever_is_raised_becomes_a_failure(error):
    def raises():
        raise error("because")

    failure = attempt(raises, 5)
    assert (failure.kind, failure.error, failure.message) == ("raised", error.__name__, "because")
    assert "raise error" in failure.where


def test_the_other_ends():
    def unwritten():
        raise NotImplementedError

    def interrupted():
        raise KeyboardInterrupt

    class Unreadable(Exception):
        def __str__(self):
            raise ValueError

    def unreadable():
        raise Unreadable

    assert attempt(unwritten, 5).kind == "unwritten"
    assert attempt(interrupted, 5).kind == "interrupted"
    assert attempt(recurses, 5).error == "RecursionError"
    assert attempt(unreadable, 5).message == "(its message cannot be read)"


def test_nothing_reaches_the_outside(capfd):
    logger = logging.getLogger("made before the check")
    handler = logging.StreamHandler()  # holds today's sys.stderr
    logger.addHandler(handler)
    saved = sys.stderr
    try:
        with silence() as sink:
            print("out")
            print("err", file=sys.stderr)
            print("saved", file=saved)
            logger.critical("logged")
            logging.critical("logged at the root")
            warnings.warn("warned", stacklevel=1)
            os.write(1, b"descriptor 1\n")
            os.write(2, b"descriptor 2\n")
            np.log(np.zeros(1))
    finally:
        logger.removeHandler(handler)
    assert capfd.readouterr() == ("", "")
    assert sink.characters >= len("out\nerr\n")
    print("after")
    print("after too", file=sys.stderr)
    logging.getLogger("after").critical("logged after")
    out, err = capfd.readouterr()
    assert out == "after\n" and "after too" in err


def test_a_python_stream_gets_its_own_methods_back():
    """ipykernel's streams are Python objects that do not end in a file descriptor."""

    class Stream:
        def __init__(self):
            self.text = ""

        def write(self, text):
            self.text += text

        def flush(self):
            return None

        def close(self):
            self.text = "closed"

    stream, earlier = Stream(), sys.stderr
    sys.stderr = stream
    try:
        with silence():
            stream.write("inside")
            stream.close()  # as logging does to what its handlers hold
        stream.write("outside")
    finally:
        sys.stderr = earlier
    assert stream.text == "outside" and vars(stream).keys() == {"text"}


def test_much_output_is_counted_and_dropped():
    with silence() as sink:
        for _ in range(10):
            print("x" * 10**6)
    assert sink.characters == 10 * (10**6 + 1) and len(sink.text) == sink.KEPT


def test_the_timer_does_not_ring_on_the_way_out():
    """On a busy machine the second ring comes while the first one's exception leaves the block."""

    @contextlib.contextmanager
    def left():
        yield sys._getframe(1)

    with isolation.time_limit(60), left() as frame:
        ring = signal.getsignal(signal.SIGALRM)
        assert frame.f_globals["__name__"] == "contextlib"
        ring(signal.SIGALRM, frame)
        with pytest.raises(isolation.OutOfTime):
            ring(signal.SIGALRM, sys._getframe())
