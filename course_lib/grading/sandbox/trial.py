"""Which layers hold on this machine: each is put on alone, and what it must deny is really tried.

A control without any layer tries the same, so that what the machine denies anyway is not taken for the layer's merit. A
kernel's version, or whether a program is installed, says little: distributions and containers switch these things off.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from course_lib.grading.sandbox import kernel, landlock, seccomp
from course_lib.grading.sandbox.sandbox import LAYERS, Limits, Sandbox, SandboxError

ENTRY = "course_lib.grading.sandbox.trial:try_everything"
BRIEF = Limits(wall=20.0, cpu=10.0)
PTRACE_SEIZE, CLONE_NEWUSER = 0x4206, 0x10000000
DAEMON_SLEEPS = 600  # seconds, unless it is killed


@dataclass(frozen=True)
class Layer:
    """What was found out about one layer. `advice` says what to do where it does not hold."""

    name: str
    holds: bool
    found: str
    advice: str = ""


def connect(family: int, address) -> None:
    with socket.socket(family) as client:
        client.connect(address)


def trace_a_child() -> None:
    victim = os.fork()
    if victim == 0:
        signal.pause()
        os._exit(0)
    number = seccomp.OTHER_PROCESSES["ptrace"][list(seccomp.AUDIT_ARCH).index(kernel.MACHINE)]
    try:
        kernel.syscall(number, PTRACE_SEIZE, victim, 0, 0)
    finally:
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)


def change_mode() -> None:
    """Change the mode of a file; seccomp answers with success and does nothing."""
    path = Path("mode")
    path.touch()
    path.chmod(0o777)
    if path.stat().st_mode & 0o777 != 0o777:
        raise PermissionError("pretended")


# What is tried, by a child that was told about the world outside.
ATTEMPTS: dict[str, Callable[[dict], object]] = {
    "read a file outside": lambda outside: Path(outside["folder"], "file").read_text(),
    "list a folder outside": lambda outside: os.listdir(outside["folder"]),
    "write outside": lambda outside: Path(outside["folder"], f"new-{os.getpid()}").touch(),
    "see other processes": lambda outside: Path(f"/proc/{outside['pid']}/stat").read_text(),
    "connect to a TCP port": lambda outside: connect(socket.AF_INET, ("127.0.0.1", outside["port"])),
    "connect to an abstract socket": lambda outside: connect(socket.AF_UNIX, f"\0{outside['abstract']}"),
    "signal the warm parent": lambda outside: os.kill(os.getppid(), 0),
    "open an internet socket": lambda outside: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close(),
    "open a unix socket": lambda outside: socket.socket(socket.AF_UNIX).close(),
    "pair datagram sockets": lambda outside: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].close(),
    "trace a process": lambda outside: trace_a_child(),
    "make memory that hides": lambda outside: os.memfd_create("hidden"),
    "change a file's mode": lambda outside: change_mode(),
    # Last, since it changes who this process is.
    "make a namespace": lambda outside: kernel.unshare(CLONE_NEWUSER),
}
FILES = ("read a file outside", "list a folder outside", "write outside")
DENIES = {
    "bubblewrap": (*FILES, "see other processes", "connect to a TCP port", "connect to an abstract socket"),
    "landlock": FILES,
    "seccomp": (
        "open an internet socket",
        "open a unix socket",
        "pair datagram sockets",
        "trace a process",
        "make memory that hides",
        "change a file's mode",
        "make a namespace",
    ),
}
# What newer versions of Landlock deny as well; seccomp or a namespace denies it where they do not.
MORE_OF_LANDLOCK = {
    "connect to a TCP port": "TCP",
    "signal the warm parent": "signals",
    "connect to an abstract socket": "abstract sockets",
}
FOUND = {
    "bubblewrap": "files, processes and network are its own",
    "landlock": "files are out of reach",
    "seccomp": "sockets, tracing, namespaces and hidden memory are refused",
}
ADVICE = {
    "bubblewrap": "`apt install bubblewrap`, and let normal users make namespaces "
    "(kernel.unprivileged_userns_clone=1, or AppArmor's profile for bwrap)",
    "landlock": "Linux 5.13 or newer, `landlock` in the kernel's `lsm=` list, a container that lets its calls through",
    "seccomp": "a kernel with CONFIG_SECCOMP_FILTER, on x86_64 or aarch64",
    "user": "run grading as a normal user, from a Python and a course that this user may read",
    "supervisor": "do not grade on this machine, and report this line as a bug",
}


def try_everything(channel: int) -> None:
    """Entry point of the child: try each attempt, answer which succeeded, leave a daemon behind."""
    with socket.socket(fileno=channel) as wire:
        outside = json.loads(wire.recv(65536))
        done = []
        for name, attempt in ATTEMPTS.items():
            with suppress(OSError):
                attempt(outside)
                done.append(name)
        status = Path("/proc/self/status").read_text()
        privileges = [line.split()[1] for line in status.splitlines() if line.startswith(("CapEff:", "NoNewPrivs:"))]
        leave_a_daemon()
        wire.sendall(json.dumps({"done": done, "uid": os.getuid(), "privileges": privileges}).encode())


def leave_a_daemon() -> None:
    """Start a grandchild that ignores signals, in a session of its own if possible, whose parent is gone."""
    if os.fork():
        os.wait()
        return
    if os.fork() == 0:
        with suppress(OSError):
            os.setsid()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(DAEMON_SLEEPS)
    os._exit(0)


@contextmanager
def world_outside() -> Iterator[dict]:
    """Make things that a child without any layer could read, write and reach."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        os.chmod(folder, 0o777)
        file = Path(folder, "file")
        file.write_text("not for learners")
        file.chmod(0o666)
        abstract = f"course-trial-{os.getpid()}-{os.path.basename(folder)}"
        with socket.socket(socket.AF_UNIX) as local:
            local.bind(f"\0{abstract}")
            local.listen()
            yield {"folder": folder, "pid": os.getpid(), "port": server.getsockname()[1], "abstract": abstract}


def attempt_with(layers: Collection[str], outside: dict) -> dict:
    """Return what a child in these layers could do.

    Raises:
        SandboxError: it could not be started, or not be confined.
    """
    with (
        Sandbox(ENTRY, layers=layers, limits=BRIEF, without_protection=True) as sandbox,
        sandbox.start() as child,
    ):
        child.channel.settimeout(BRIEF.wall)
        child.channel.sendall(json.dumps(outside).encode())
        answer = child.channel.recv(65536)
        outcome = child.wait()
        if not answer:
            raise SandboxError((outcome.output.strip().splitlines() or [outcome.in_words(BRIEF)])[-1])
        # The daemon held the other end of the channel as well: at its end, nobody does.
        child.channel.settimeout(1.0)
        try:
            survived = child.channel.recv(1) != b""
        except TimeoutError:
            survived = True
        return json.loads(answer) | {"survived": survived, "left_over": outcome.left_over, "seen_as": sandbox.uid}


def examine(without: Collection[str] = ()) -> list[Layer]:
    """Return what holds here: the user, then LAYERS, then the supervisor.

    Args:
        without: layers to leave out, as if the machine did not have them.
    """
    with world_outside() as outside:
        try:
            control = attempt_with((), outside)
        except (SandboxError, OSError) as error:
            return [Layer(name, False, str(error), ADVICE["user"]) for name in ("user", *LAYERS, "supervisor")]
        layers = [
            Layer(name, False, "left out", "") if name in without else _layer(name, control, outside) for name in LAYERS
        ]
        together = [layer.name for layer in layers if layer.holds]
        try:
            result = attempt_with(together, outside)
        except (SandboxError, OSError) as error:
            ends = Layer("supervisor", False, f"the layers do not hold together: {error}", ADVICE["supervisor"])
            return [_user(control), *layers, ends]
    return [_user(result), *layers, _supervisor(result)]


def _layer(name: str, control: dict, outside: dict) -> Layer:
    try:
        done = attempt_with((name,), outside)["done"]
    except (SandboxError, OSError) as error:
        return Layer(name, False, str(error), ADVICE[name])
    if through := [what for what in DENIES[name] if what in done]:
        return Layer(name, False, f"a trial could {', '.join(through)}", ADVICE[name])
    if not any(what in control["done"] for what in DENIES[name]):
        return Layer(name, False, "not shown: even without it nothing could be done", ADVICE[name])
    found = FOUND[name]
    if name == "landlock":
        more = [word for what, word in MORE_OF_LANDLOCK.items() if what in control["done"] and what not in done]
        found = f"{found}{''.join(f', {word}' for word in more)} (version {landlock.version()})"
    return Layer(name, True, found)


def _user(result: dict) -> Layer:
    capabilities, no_new_privileges = result["privileges"]
    holds = result["seen_as"] != 0 and int(capabilities, 16) == 0 and no_new_privileges == "1"
    found = f"learner's code runs as user id {result['seen_as']}, " + ("without" if holds else "with") + " privileges"
    return Layer("user", holds, found, "" if holds else ADVICE["user"])


def _supervisor(result: dict) -> Layer:
    if result["survived"]:
        return Layer("supervisor", False, "a daemon outlived its submission", ADVICE["supervisor"])
    return Layer("supervisor", True, f"nothing outlives a submission ({result['left_over']} daemon left, and ended)")


@functools.cache
def layers_that_hold() -> tuple[str, ...]:
    """Return those of LAYERS that hold on this machine; none where user or supervisor do not. Tried once a process."""
    found = {layer.name: layer.holds for layer in examine()}
    return tuple(name for name in LAYERS if found[name]) if found["user"] and found["supervisor"] else ()
