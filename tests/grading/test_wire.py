import array
import os
import signal
import socket
import subprocess
import sys
import threading
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.grading.crossing import WireError
from course_lib.grading.wire import MAX_MESSAGE, Connection
from tests.grading.wire_values import exact, frame, message, values


@pytest.fixture
def hostile():
    """Yield our connection, and the other side's bare socket."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Connection(ours), theirs


def assert_closed(connection):
    for use in (lambda: connection.send(1), connection.receive):
        with pytest.raises(WireError, match="connection is closed"):
            use()


@given(st.lists(values, max_size=3))
def test_messages_arrive_whole_and_in_order(sent):
    ours, theirs = map(Connection, socket.socketpair())
    for value in sent:
        ours.send(value)
    assert [exact(theirs.receive(timeout=5)) for _ in sent] == [exact(value) for value in sent]
    ours.close()
    with pytest.raises(WireError, match="other side closed"):
        theirs.receive(timeout=5)
    assert_closed(theirs)


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_large_array_is_copied_by_neither_side(pair, order):
    value = np.arange(2.0**20).reshape((1024, 1024), order=order)
    if order == "F":
        value = value[:, ::2]  # no order of bytes that could be sent as it lies: one copy
    tracemalloc.start()
    try:
        thread = threading.Thread(target=pair[0].send, args=(value, 30))
        thread.start()
        read = pair[1].receive(timeout=30)
        thread.join()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    np.testing.assert_array_equal(read, value)
    assert peak < value.nbytes * (1 if order == "C" else 2) + 2**17


@pytest.mark.parametrize(
    "sent, reason",
    [
        (b"GET / HTTP/1.1\r\n\r\n", "no message"),
        (frame(b"0") + b"printed\n", "no message"),
        (frame(b"", MAX_MESSAGE + 1), "announces 268,435,457 bytes; at most 268,435,456"),
        (frame(b"", 2**32 - 1), "announces 4,294,967,295 bytes"),
        (frame(b""), "middle of a value"),
        (frame(b"?"), "no known kind"),
        (frame(b"00"), "goes on"),
    ],
)
def test_bad_bytes_end_the_connection(hostile, sent, reason):
    connection, other = hostile
    other.sendall(sent)
    with pytest.raises(WireError, match=reason):
        for _ in range(2):
            connection.receive(timeout=5)
    assert_closed(connection)


@pytest.mark.parametrize("cut", [1, 7, 8, 9, 20])
def test_an_end_in_the_middle_of_a_message(hostile, cut):
    connection, other = hostile
    other.sendall(frame(message("a text of some length"))[:cut])
    other.close()
    with pytest.raises(WireError, match="other side closed"):
        connection.receive(timeout=5)
    assert_closed(connection)


def test_the_deadline_is_for_the_whole_message_and_not_for_each_byte(hostile):
    connection, other = hostile
    done = threading.Event()

    def trickle():
        for byte in frame(message("x" * 10_000)):
            if done.wait(0.01):
                return
            other.sendall(bytes([byte]))

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        with pytest.raises(WireError, match=r"longer than 0\.2 s"):
            connection.receive(timeout=0.2)
    finally:
        done.set()
        thread.join()
    assert_closed(connection)


def test_signals_do_not_put_the_deadline_off(hostile):
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    try:
        with pytest.raises(WireError, match="longer than"):
            hostile[0].receive(timeout=0.2)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_side_that_does_not_read_ends_the_connection(hostile):
    with pytest.raises(WireError, match="longer than"):
        hostile[0].send(np.zeros(2**20), timeout=0.2)
    assert_closed(hostile[0])


def test_a_side_that_is_gone_ends_the_connection(hostile):
    hostile[1].close()
    with pytest.raises(WireError, match="connection is closed"):
        hostile[0].send(1, timeout=5)


def test_an_interrupt_in_the_middle_of_a_message_ends_the_connection(hostile):
    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    hostile[1].sendall(frame(b"l", 100))
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            hostile[0].receive(timeout=30)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert_closed(hostile[0])


def test_descriptors_that_are_sent_along_stay_outside(hostile):
    connection, other = hostile
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        passed = array.array("i", [other.fileno()] * 20)
        other.sendmsg([frame(b"0")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, passed)])
        assert connection.receive(timeout=5) is None
    assert len(os.listdir("/proc/self/fd")) == before


GREEDY = """
import resource, socket, struct
from course_lib.grading.crossing import WireError
from course_lib.grading.wire import Connection, MAX_MESSAGE

def receive(limited):
    ours, theirs = socket.socketpair()
    theirs.sendall(b"\\xd5\\x01wv" + struct.pack("<I", MAX_MESSAGE) + bytes(1000))
    if limited:
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + 2**26,) * 2)
    try:
        Connection(ours).receive(timeout=0.2)
    except WireError as error:
        print(error)

def peak():  # not ru_maxrss, which begins with that of the process that started this one
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])

before = peak()
receive(limited=False)
print(peak() - before < 2**14)
receive(limited=True)
"""


def test_memory_is_used_as_bytes_arrive_and_where_there_is_none_the_message_is_refused():
    lines = subprocess.run(
        [sys.executable, "-c", GREEDY], capture_output=True, text=True, timeout=60
    ).stdout.splitlines()
    assert lines == [
        "The other side took longer than 0.2 s.",
        "True",
        "The message is too large for the memory that is left.",
    ]
