"""Landlock: a process gives up, for itself and all that it starts, every file, port and signal not named here.

Rules only ever add to what is allowed, and a process can only give up more. Unlike a mount namespace it needs no
privilege, so it works inside containers. https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable

from course_lib.grading.sandbox import kernel

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
MAKE_CHAR, MAKE_SOCK, MAKE_BLOCK = 1 << 6, 1 << 9, 1 << 11
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # the others are rights on folders
READ = EXECUTE | READ_FILE | READ_DIR

TCP = 0b11  # bind and connect
SIGNALS_ABI = 6  # the first version that keeps signals and abstract sockets inside

PATH_BENEATH = 1  # the kind of rule
VERSION_FLAG = 1


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Return the version of the kernel's interface (ABI), 0 where there is none."""
    try:
        return kernel.syscall(kernel.LANDLOCK_CREATE_RULESET, None, 0, VERSION_FLAG)
    except OSError:
        return 0


def file_rights(abi: int) -> int:
    """Return all rights on files that this version knows: 13, then renaming into other folders, truncating, ioctl."""
    return (1 << (13 + (abi >= 2) + (abi >= 3) + (abi >= 5))) - 1


def restrict(readable: Iterable[str], usable: Iterable[str], writable: Iterable[str]) -> None:
    """Confine the calling thread and its descendants, for good.

    Args:
        readable: files and folders to read and to execute from. One that is not there is passed over.
        usable: device files to read and to write.
        writable: folders in which all may be done but to make devices and sockets.
    Raises:
        OSError: the kernel has no Landlock or refuses.
    """
    abi = version()
    every = file_rights(abi)
    # From version 4 on no rule allows a port, from version 6 on signals and abstract sockets stay inside.
    attributes = _Ruleset(every, TCP if abi >= 4 else 0, 0b11 if abi >= SIGNALS_ABI else 0)
    size = 8 if abi < 4 else 16 if abi < SIGNALS_ABI else 24
    ruleset = kernel.syscall(kernel.LANDLOCK_CREATE_RULESET, ctypes.byref(attributes), size, 0)
    try:
        for path in readable:
            _allow(ruleset, path, READ)
        for path in usable:
            _allow(ruleset, path, (READ_FILE | WRITE_FILE | TRUNCATE) & every)
        for path in writable:
            _allow(ruleset, path, every & ~(MAKE_CHAR | MAKE_BLOCK | MAKE_SOCK | IOCTL_DEV))
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.syscall(kernel.LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not there, or not to be reached: there is nothing to allow
    try:
        if not os.path.isdir(path):
            rights &= OF_A_FILE
        rule = _PathBeneath(rights, handle)
        kernel.syscall(kernel.LANDLOCK_ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(handle)
