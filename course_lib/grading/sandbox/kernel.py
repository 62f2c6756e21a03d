"""System calls that Python has no name for, through ctypes: prctl(2), mount(2), unshare(2), and any by its number."""

from __future__ import annotations

import ctypes
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)

MACHINE = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 36, 38
SECCOMP_MODE_FILTER = 2
CLONE_NEWNS = 0x00020000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 0x20, 0x1000, 0x4000, 0x40000

# The same numbers on x86_64 and aarch64, as for every system call since Linux 5.1.
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446


def syscall(number: int, *arguments) -> int:
    """Call the kernel. Integers are passed as 64 bits wide.

    Raises:
        OSError: the kernel refused, with its errno.
    """
    wide = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return _checked(libc.syscall(ctypes.c_long(number), *wide))


def prctl(option: int, *values: int) -> int:
    """Call prctl(2) with up to four values, 0 for the others."""
    wide = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    return _checked(libc.prctl(ctypes.c_int(option), *wide))


def unshare(flags: int) -> None:
    _checked(libc.unshare(ctypes.c_int(flags)))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    names = [os.fsencode(name) for name in (source, target, kind)]
    _checked(libc.mount(*names, ctypes.c_ulong(flags), options.encode()))


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
