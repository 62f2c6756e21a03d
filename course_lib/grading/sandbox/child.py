"""The first moments of a child: it gives up everything that a submission must not have, then runs the entry point."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

from course_lib.grading.sandbox import kernel, landlock, seccomp, watch

CHANNEL = 3  # where the channel is after the descriptors were closed
NOT_CONFINED = 125  # the exit code of a child that could not be confined, and so ran nothing

# What Python packages look at besides their own files. Not /proc as a whole: it shows the other processes.
SYSTEM_FILES = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


def be_the_child(
    entry: Callable[[int], None], settings: dict, parent: int, folder: str, channel: int, output: int
) -> NoReturn:
    """Confine this process, which was just forked, and call `entry` with the channel; never return."""
    code = NOT_CONFINED
    try:
        hold_only(channel, output)
        confine(settings, folder, parent)
        code = 1
        entry(CHANNEL)
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else leaving.code is not None
    except BaseException:
        os.write(2, traceback.format_exc(limit=-10).encode("utf-8", "replace")[-8000:])
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                continue  # closed or replaced by the entry
        os._exit(int(code) & 0xFF)


def hold_only(channel: int, output: int) -> None:
    """Keep four descriptors: nothing to read, the output twice, and the channel."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    # Through copies above the targets, since the sources may lie where the targets are.
    sources = [fcntl.fcntl(source, fcntl.F_DUPFD, CHANNEL + 1) for source in (nothing, output, output, channel)]
    for target, source in enumerate(sources):
        os.dup2(source, target)
    os.closerange(CHANNEL + 1, os.sysconf("SC_OPEN_MAX"))


def confine(settings: dict, folder: str, parent: int) -> None:
    """Apply all layers but bubblewrap's, in which the process already is."""
    os.setsid()  # a group of its own, which the filter lets nobody leave
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(NOT_CONFINED)  # it died before it could be asked to take this process along
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # the watch reads this process's /proc
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # where memory runs out on the machine, this goes first
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ["HOME"] = os.environ["TMPDIR"] = folder
    os.chdir(folder)
    limit(settings["limits"])
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    layers = settings["layers"]
    if "landlock" in layers:
        readable = (*settings["environment"], *settings["folders"], *SYSTEM_FILES)
        landlock.restrict(readable, DEVICES, [folder, *settings["writable"]])
    if "seccomp" in layers:
        scoped = "landlock" in layers and landlock.version() >= landlock.SIGNALS_ABI
        seccomp.install(None if scoped or "bubblewrap" in layers else os.getpid())


def limit(limits: dict) -> None:
    """Set what the kernel enforces for a process. The watch limits the sum over the processes."""
    cpu = int(limits["cpu"]) + 1
    tasks = watch.tasks_of(os.getuid()) + limits["processes"]  # it counts all that runs under the user id
    for name, value in {
        resource.RLIMIT_AS: limits["memory"],
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: limits["disk"],
        resource.RLIMIT_NOFILE: limits["open_files"],
        resource.RLIMIT_NPROC: tasks,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }.items():
        hard = resource.getrlimit(name)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (value, value))
