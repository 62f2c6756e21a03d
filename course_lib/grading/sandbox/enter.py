"""From the worker into the sandbox: give up root, start bubblewrap, become the warm parent.

This module runs in a process of its own, between the worker and the warm parent: `sandbox.py` starts it, and it ends by
becoming (execve) bubblewrap or Python.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from course_lib.grading.sandbox import kernel

# Made up for one warm parent: no account, no file, no other process has it. The range is the one that systemd keeps
# for such users (DynamicUser=), and that no distribution gives to accounts. Not "nobody" (65534): file systems show
# files of unknown owners as nobody's, services run as it, and two of our sandboxes could signal each other.
FIRST_UID, LAST_UID = 61184, 65519

SCRATCH = "/scratch"  # inside bubblewrap
# Where /dev/shm and /tmp lead there: within the same limit, made for each submission and gone after it.
SHARED_MEMORY, TEMPORARY = f"{SCRATCH}/shm", f"{SCRATCH}/tmp"
LIBRARIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo")
COURSE_LIB = Path(__file__).resolve().parents[2]

# -I: no PYTHON* variables, no current folder, no user site. The worker's own course_lib is the one to be imported.
START = (
    "import sys, json; root = sys.argv[1]; sys.path[:0] = [] if root in sys.path else [root]; "
    "from course_lib.grading.sandbox import {0}; {0}.main({1})"
)
ARGUMENTS = "int(sys.argv[2]), json.loads(sys.argv[3])"

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "learner",
    "LOGNAME": "learner",
    # One thread each: the worker's other half has the other cores, and threads do not survive a fork.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
}


class CannotEnter(Exception):
    """One sentence for the teacher: why, and what to do."""


def command(module: str, control: int, settings: dict) -> list[str]:
    """Return the command that runs `main` of one of this package's modules."""
    code = START.format(module, ARGUMENTS)
    root = str(COURSE_LIB.parent)
    return [sys.executable, "-I", "-B", "-c", code, root, str(control), json.dumps(settings)]


def environment() -> list[str]:
    """Return what a Python program needs to read: its prefixes, what the executable links to, libraries, course_lib."""
    paths = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, str(COURSE_LIB), *LIBRARIES}
    step = sys.executable
    while os.path.islink(step):
        paths.add(step)
        step = os.path.join(os.path.dirname(step), os.readlink(step))
    paths.add(os.path.normpath(step))
    return without_inner({path for path in paths if os.path.lexists(path)})


def without_inner(paths: Iterable[str]) -> list[str]:
    """Return the paths that do not lie in another one of them, the outer ones first."""
    kept: list[str] = []
    for path in sorted(set(paths), key=lambda path: (path.count("/"), path)):
        if not any(path.startswith(outer.rstrip("/") + "/") for outer in kept):
            kept.append(path)
    return kept


def main(control: int, settings: dict) -> None:
    """Enter: give up root if we have it, then become the warm parent, inside bubblewrap where it is wanted."""
    try:
        paths = without_inner([*settings["environment"], *settings["folders"]])
        settings["own_user"] = os.geteuid() == 0
        if settings["own_user"]:
            become_nobody_in_particular(paths, settings)
        if os.getuid() == 0 or os.geteuid() == 0:
            raise CannotEnter("learner's code is never run as root, and another user could not be had")
        program = command("parent", control, settings)
        if settings["own_mount"]:
            program = [*bubblewrap(paths, settings["limits"]["disk"]), *program]
        os.execve(program[0], program, ENVIRONMENT)
    except CannotEnter as reason:
        sys.exit(str(reason))
    except OSError as error:
        sys.exit(f"the sandbox could not be entered: {error}")


def become_nobody_in_particular(paths: list[str], settings: dict) -> None:
    """Take a user id that owns nothing, and no groups, for good."""
    uid = free_uid()
    open_the_way(paths)
    if not settings["own_mount"]:
        os.chown(settings["scratch"], uid, uid)
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError as error:
        raise CannotEnter(
            f"user id {uid}, to run learner's code as, cannot be taken ({error.strerror}): run grading as a normal user"
        ) from None


def free_uid() -> int:
    """Return a user id that no account and no process has."""
    taken = {account.pw_uid for account in pwd.getpwall()}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            taken.add(os.stat(f"/proc/{name}").st_uid)
        except FileNotFoundError:
            continue
    return secrets.choice([uid for uid in range(FIRST_UID, LAST_UID + 1) if uid not in taken])


def open_the_way(paths: list[str]) -> None:
    """Where a folder on the way to the environment is closed to others, show this process an open one in its place.

    Python below /root is the usual case. The folder put in its place, seen by this process and its descendants only,
    holds nothing but the way to what the environment needs.
    """
    closed: dict[str, list[str]] = {}
    for path in paths:
        ways = [str(way) for way in reversed(Path(path).parents)]
        barrier = next((way for way in ways if not os.stat(way).st_mode & 0o001), None)
        if barrier:
            closed.setdefault(barrier, []).append(path)
    if not closed:
        return
    try:
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    except OSError:
        barrier, (path, *_) = next(iter(closed.items()))
        raise CannotEnter(
            f"learner's code is never run as root, and no other user may pass {barrier} to read {path}: "
            "install the course where everybody may read it, or run grading as a normal user"
        ) from None
    for barrier, behind in closed.items():
        kept = {path: os.open(path, os.O_PATH) for path in behind}  # still there when the folder is covered
        links = {path: os.readlink(path) for path in behind if os.path.islink(path)}
        are_folders = {path: os.path.isdir(path) for path in behind}
        kernel.mount("none", barrier, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=755,size=1m")
        for path, handle in kept.items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            if path in links:
                os.symlink(links[path], path)
            else:
                Path(path).mkdir() if are_folders[path] else Path(path).touch()
                kernel.mount(f"/proc/self/fd/{handle}", path, "", kernel.MS_BIND | kernel.MS_REC)
            os.close(handle)


def bubblewrap(paths: list[str], disk: int) -> list[str]:
    """Return the command that puts a program alone: own users, processes, network, IPC, host name, mounts.

    Nothing is seen of the file system but `paths`, to be read, and a scratch folder in memory of `disk` bytes. The
    program is process 1 of its namespace: it adopts orphans, takes no signal from inside, and all ends with it.
    """
    executable = shutil.which("bwrap", path="/usr/bin:/bin:/usr/local/bin") or shutil.which("bwrap")
    if executable is None:
        raise CannotEnter("bubblewrap is not installed: `apt install bubblewrap`, or your distribution's way")
    arguments = [executable, "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--hostname", "sandbox", "--as-pid-1", "--new-session", "--cap-drop", "ALL"]
    for path in paths:
        # The link itself is made anew: bound, it would be a file or a folder of its own.
        arguments += ["--symlink", os.readlink(path), path] if os.path.islink(path) else ["--ro-bind", path, path]
    for device in ("null", "zero", "random", "urandom"):
        arguments += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    arguments += ["--symlink", SHARED_MEMORY, "/dev/shm"]
    if not any(path.startswith("/tmp/") for path in paths):  # or it is a folder, on the way to what is to be read
        arguments += ["--symlink", TEMPORARY, "/tmp"]
    arguments += ["--proc", "/proc", "--perms", "0700", "--size", str(disk), "--tmpfs", SCRATCH, "--chdir", SCRATCH]
    return [*arguments, "--remount-ro", "/", "--"]
