"""Submissions that take too much, end oddly or leave things behind: each ends, and the next one is served."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from course_lib.grading.sandbox import Sandbox, SandboxError
from tests.grading.sandboxes import PATIENT, alive, attack, attacked, begin, ended, nothing, over_combinations, unharmed

pytestmark = pytest.mark.slow
pytest_generate_tests = over_combinations


@pytest.fixture(scope="module")
def shared(layers):
    with attacked(layers, limits=replace(PATIENT, wall=5)) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared):
    with unharmed(shared):
        yield shared


# --- too much ---


def fork_bomb():
    import os

    while True:
        try:
            os.fork()
        except OSError:
            continue


def fork_bomb_of_daemons():
    import os

    while True:
        try:
            if os.fork() == 0 and os.fork() != 0:
                os._exit(0)
            os.setsid()
        except OSError:
            continue


def thread_bomb():
    import threading
    import time

    while True:
        try:
            threading.Thread(target=time.sleep, args=(100,)).start()
        except RuntimeError:
            time.sleep(0.01)


def memory_in_many_processes():
    import os
    import time

    for _ in range(10):
        if os.fork() == 0:
            kept = bytearray(os.urandom(2**20)) * 80
            time.sleep(100)
            return len(kept)
    time.sleep(100)


def many_files():
    for number in range(10**9):
        open(f"{number}", "w").close()


def many_files_that_are_long():
    for number in range(300):
        with open(f"{number}", "wb", buffering=0) as file:
            file.write(bytes(2**20))
    import time

    time.sleep(100)


def endless_output():
    import os

    while True:
        os.write(1, b"and on and on " * 1000)


def endless_loop_that_swallows_everything():
    import signal

    for number in range(1, 32):
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, lambda *_: None)
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


def sleeper():
    import time

    while True:
        try:
            time.sleep(100)
        except BaseException:
            continue


def stop_myself():
    import os
    import signal

    os.kill(os.getpid(), signal.SIGSTOP)


# What is set lower than PATIENT's, and the limits that may end the attack.
TOO_MUCH = {
    fork_bomb: ({"cpu": 0.5}, {"cpu", "processes"}),
    fork_bomb_of_daemons: ({"cpu": 0.5}, {"cpu", "processes"}),
    thread_bomb: ({"wall": 1}, {"wall", "processes"}),
    memory_in_many_processes: ({}, {"memory"}),
    many_files: ({}, {"files"}),
    endless_output: ({}, {"output"}),
    endless_loop_that_swallows_everything: ({"cpu": 0.5}, {"cpu"}),
    sleeper: ({"wall": 0.5}, {"wall"}),
    stop_myself: ({"wall": 0.5}, {"wall"}),
}


@pytest.mark.parametrize("bomb", TOO_MUCH, ids=lambda bomb: bomb.__name__)
def test_too_much_of_something_ends_it(layers, bomb):
    lower, ends = TOO_MUCH[bomb]
    with attacked(layers, limits=replace(PATIENT, **lower)) as sandbox, unharmed(sandbox):
        answer, outcome = attack(sandbox, bomb)
        assert answer is None
        assert outcome.limit in ends, outcome
        assert outcome.in_words(sandbox.limits).split()[0] in ("took", "computed", "used", "ran", "made", "printed")
        assert len(outcome.output) <= 16 * 1024


def one_large_object():
    return len(bytearray(10**9))


def one_large_file():
    with open("large", "wb", buffering=0) as file:
        while True:
            file.write(bytes(2**20))


def test_memory_and_disk_end_where_the_limit_is(sandbox):
    assert attack(sandbox, one_large_object)[0] == {"raised": "MemoryError"}
    answer, outcome = attack(sandbox, one_large_file)
    assert answer == {"raised": "OSError"} or outcome.limit == "disk"
    answer, outcome = attack(sandbox, many_files_that_are_long)
    # In bubblewrap the folder is a mount of that size; elsewhere the watch counts.
    assert answer == {"raised": "OSError"} if "bubblewrap" in sandbox.layers else outcome.limit == "disk"


# --- odd ends ---


def leave_at_once():
    import os

    os._exit(7)


def abort():
    import os

    os.abort()


def break_the_memory():
    import ctypes

    ctypes.string_at(0)


def die():
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("end", "exit_code", "number"),
    [
        (leave_at_once, 7, None),
        (abort, None, signal.SIGABRT),
        (break_the_memory, None, signal.SIGSEGV),
        (die, None, signal.SIGKILL),
    ],
)
def test_odd_ends_are_reported(sandbox, end, exit_code, number):
    answer, outcome = attack(sandbox, end)
    assert (answer, outcome.exit_code, outcome.signal, outcome.limit) == (None, exit_code, number, None)
    assert not outcome.clean


# --- what stays ---


def daemons():
    import os
    import signal
    import time

    for _ in range(3):
        if os.fork() == 0:
            try:
                os.setsid()
            except OSError:
                os.umask(0)
            if os.fork() == 0:
                for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                    signal.signal(number, signal.SIG_IGN)
                os.close(3)
                time.sleep(1000)
            os._exit(0)
    return "left"


def test_daemons_end_with_their_submission(sandbox):
    answer, outcome = attack(sandbox, daemons)
    assert answer == {"returned": "left"}
    assert outcome.clean
    assert outcome.left_over >= 1


def leave_things():
    import contextlib
    import os
    from pathlib import Path

    Path("note").write_text("the answer to question 3")
    with contextlib.suppress(OSError):
        Path("/dev/shm/note").write_text("the answer to question 4")
    Path(os.environ["TMPDIR"], "-rf *\n").touch()
    Path(b"\xff\xfe".decode("utf-8", "surrogateescape")).touch()
    os.mkdir("closed", 0)
    os.symlink("/", "root")
    os.mkfifo("fifo")
    for _ in range(200):
        os.mkdir("d" * 60)
        os.chdir("d" * 60)
    Path("deep").touch()
    os.mkdir("unreadable", 0o300)
    Path("unreadable/inside").touch()


def test_the_next_child_finds_nothing_of_the_one_before(sandbox):
    answer, outcome = attack(sandbox, leave_things)
    # Where the folder is walked, what cannot be looked into counts as too much.
    assert answer == {"returned": None} or outcome.limit in ("files", "disk"), outcome
    answer, _ = attack(sandbox, everything_in_reach)
    assert answer == {"returned": []}


def everything_in_reach():
    import os

    found = []
    for folder in (".", "..", "/dev/shm"):
        try:
            found += os.listdir(folder)
        except OSError:
            continue
    return [name for name in found if name not in (os.path.basename(os.getcwd()), "shm", "tmp")]


# --- the warm parent ---


def test_a_child_is_stopped_from_outside(sandbox):
    child = begin(sandbox, sleeper)
    child.kill()
    assert child.wait().limit == "stopped"
    assert child.wait().in_words(sandbox.limits) == "was stopped from outside"
    child.close()


def test_one_submission_at_a_time(sandbox):
    with begin(sandbox, sleeper), pytest.raises(SandboxError, match="one submission at a time"):
        sandbox.start()


def test_a_warm_parent_that_died_is_made_anew_and_takes_its_child_along(layers):
    with attacked(layers) as sandbox:
        child = begin(sandbox, sleeper)
        parent = sandbox._pid
        os.kill(parent, signal.SIGKILL)
        with pytest.raises(SandboxError, match="the warm parent died"):
            child.wait()
        assert ended(child.channel)
        with sandbox.start() as later:
            child.close()  # the one that was lost does not disturb the one that runs
            later.kill()
            assert later.wait().limit == "stopped"
        assert attack(sandbox, nothing)[0] == {"returned": [[], 42]}
        assert sandbox._pid != parent
        assert alive(sandbox) == {sandbox._pid, sandbox._process.pid}


def test_closing_the_sandbox_ends_a_running_child(layers):
    with attacked(layers) as sandbox:
        child = begin(sandbox, sleeper)
    assert ended(child.channel)


WORKER = """
import os, signal, sys, time
from course_lib.grading.sandbox import Sandbox
sandbox = Sandbox("time:sleep", layers=sys.argv[1:])  # for three seconds, the number of its descriptor
sandbox.start()
print(sandbox._pid, sandbox._scratch, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_worker_that_is_killed_takes_its_sandbox_along(layers):
    said = subprocess.run([sys.executable, "-c", WORKER, *layers], capture_output=True, text=True).stdout
    parent, scratch = said.split()
    deadline = time.monotonic() + 30
    while (os.path.exists(f"/proc/{parent}") or os.path.exists(scratch)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not os.path.exists(f"/proc/{parent}")
    assert not os.path.exists(scratch)


def test_what_cannot_be_imported_is_said(layers):
    with pytest.raises(SandboxError, match="No module named 'not_there'"):
        Sandbox("not_there:attack", layers=layers)
