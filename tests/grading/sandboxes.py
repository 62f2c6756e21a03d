"""Attacking the sandbox: fixtures and helpers for the tests of it.

An attack is a function whose source is sent to a child in the sandbox, called there, and answers with what it returned
or with the name of the exception that stopped it.
"""

import inspect
import json
import os
import tempfile
import textwrap
from contextlib import contextmanager
from pathlib import Path

from course_lib.grading.sandbox import Limits, Sandbox, layers_that_hold, suffices, watch

MIB = 2**20
PATIENT = Limits(
    wall=20, cpu=10, memory=400 * MIB, processes=24, disk=16 * MIB, files=400, output=200_000, open_files=64
)

# The entry point: reads a function's source and its arguments, calls it, answers.
ENTRY = """
import json, os, socket

def attack(descriptor):
    wire = socket.socket(fileno=descriptor)
    line = b""
    while not line.endswith(b"\\n"):
        line += wire.recv(1)  # not beyond the line: what follows is for the attack to read
    source, name, values = json.loads(line)
    namespace = {"wire": wire}
    exec(source, namespace)
    try:
        answer = {"returned": namespace[name](**values)}
    except Exception as error:
        answer = {"raised": type(error).__name__}
    wire.sendall(json.dumps(answer).encode())
"""


def combinations():
    """The combinations of layers that suffice here: all, a container's, and one without Landlock."""
    holding = layers_that_hold()
    wanted = [holding, ("landlock", "seccomp"), ("bubblewrap", "seccomp")]
    return [layers for layers in dict.fromkeys(wanted) if set(layers) <= set(holding) and suffices(layers)]


def over_combinations(metafunc):
    """The `pytest_generate_tests` of modules whose tests take `layers`."""
    if "layers" in metafunc.fixturenames:
        metafunc.parametrize("layers", combinations(), ids="+".join, scope="module")


@contextmanager
def attacked(layers, limits=PATIENT, **more):
    """A sandbox whose children run attacks."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        Path(folder, "attacked.py").write_text(ENTRY)
        with Sandbox("attacked:attack", folders=[folder], layers=layers, limits=limits, **more) as sandbox:
            yield sandbox


@contextmanager
def unharmed(sandbox):
    """After the attack nothing may be left of it, and the same warm parent must serve the next child."""
    parent = sandbox._pid
    yield sandbox
    assert alive(sandbox) == {parent, sandbox._process.pid}
    answer, outcome = attack(sandbox, nothing)
    assert (answer, outcome.clean, outcome.left_over, outcome.output) == ({"returned": [[], 42]}, True, 0, "")
    assert sandbox._pid == parent


def alive(sandbox):
    return {process.pid for process in watch.descendants(sandbox._process.pid)} | {sandbox._process.pid}


def attack(sandbox, function, **values):
    """Send a function into a child; return its answer (None: it gave none) and how the child ended."""
    child = begin(sandbox, function, **values)
    with child:
        child.channel.settimeout(30)
        try:
            answer = child.channel.recv(65536)
        except ConnectionResetError:
            answer = b""
        outcome = child.wait()
    return json.loads(answer) if answer else None, outcome


def ended(channel):
    """Whether nobody holds the other end of a child's channel any more."""
    channel.settimeout(10)
    try:
        return channel.recv(1) == b""
    except ConnectionResetError:
        return True  # with something that it had not read


def begin(sandbox, function, **values):
    child = sandbox.start()
    source = textwrap.dedent(inspect.getsource(function))
    child.channel.sendall((json.dumps([source, function.__name__, values]) + "\n").encode())
    return child


def nothing():
    import os

    return [os.listdir("."), 6 * 7]
