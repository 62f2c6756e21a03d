"""seccomp: the system calls that a learner's process may not make, as a program that the kernel runs on each call.

What is named here is denied, and so is every call newer than NEWEST; the rest is allowed. Files are Landlock's and the
mounts' business: a filter sees numbers, never what a pointer points to, so it judges only calls that are refused whole
or whose arguments are numbers. It is classic BPF: 32-bit words, one accumulator, jumps only forward.
https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Iterable

from course_lib.grading.sandbox import kernel

# name: (number on x86_64, number on aarch64); None where the architecture does not have the call.
SOCKETS = {
    "socket": (41, 198),
    "bind": (49, 200),
    "connect": (42, 203),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
}
OTHER_PROCESSES = {  # to look into them, to signal them past kill(2), to change how they are scheduled
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "perf_event_open": (298, 241),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "tkill": (200, 130),
    "pidfd_send_signal": (424, 424),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
}
LEAVING_THE_GROUP = {  # so that one signal to the process group reaches every descendant, daemons included
    "setsid": (112, 157),
    "setpgid": (109, 154),
}
NAMESPACES_AND_MOUNTS = {
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
}
MEMORY_THAT_HIDES_OR_STAYS = {  # charged to no process, or there for the next child to find
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
}
PAST_LANDLOCK = {  # what Landlock does not ask about, at least in its first versions
    "truncate": (76, 45),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
}
KERNEL_SURFACE = {
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "syslog": (103, 116),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "vhangup": (153, 58),
    "personality": (135, 92),
}
DENIED = (
    SOCKETS
    | OTHER_PROCESSES
    | LEAVING_THE_GROUP
    | NAMESPACES_AND_MOUNTS
    | MEMORY_THAT_HIDES_OR_STAYS
    | PAST_LANDLOCK
    | KERNEL_SURFACE
)

# Their flags lie behind a pointer. The C library then falls back on clone and openat, whose flags can be seen.
ABSENT = {"openat2": (437, 437), "clone3": (435, 435)}

# Landlock does not ask about modes, owners and times, and without namespaces the teacher's files are owned by the very
# user that the child runs as. They are answered with success and not done: `shutil.copy` goes on working.
PRETENDED = {
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
}

# Calls whose arguments decide; `build` says how.
JUDGED = {
    "socketpair": (53, 199),
    "kill": (62, 129),
    "tgkill": (234, 131),
    "prlimit64": (302, 261),
    "clone": (56, 220),
    "prctl": (157, 167),
    "ioctl": (16, 29),
    "fcntl": (72, 25),
    "open": (2, None),
    "openat": (257, 56),
}
NEWEST = (
    451  # cachestat, Linux 6.5. x86_64's second interface (x32) has numbers from 2**30 on, and is denied by it too.
)

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, NOT_THERE, PRETEND = (0x00050000 | code for code in (errno.EPERM, errno.ENOSYS, 0))

NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
CLONE_PARENT = 0x8000
AF_UNIX, SOCK_STREAM, SOCK_KIND = 1, 1, 0xF
O_ACCMODE, O_TRUNC = 0o3, 0o1000
# A terminal that is typed into; files whose signals go to somebody else.
IOCTLS = (0x5412, 0x541C, 0x8901, 0x8902)  # TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP
FCNTLS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX

# The instructions used: load a word, keep bits of it, compare (jump over so many if equal, so many if not), return.
LOAD, AND, IF_EQUAL, IF_GREATER, IF_BITS, RETURN = 0x20, 0x54, 0x15, 0x25, 0x45, 0x06
NUMBER, ARCHITECTURE = 0, 4  # where struct seccomp_data keeps them


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def _argument(index: int) -> tuple:
    """Load the low half of an argument: both machines are little-endian, and the kernel takes these as 32 bits."""
    return (LOAD, 0, 0, 16 + 8 * index)


def _only(index: int, allowed: Iterable[int]) -> list[tuple]:
    """Refuse unless an argument is one of these."""
    tests = [line for value in allowed for line in ((IF_EQUAL, 0, 1, value & 0xFFFFFFFF), (RETURN, 0, 0, ALLOW))]
    return [_argument(index), *tests, (RETURN, 0, 0, REFUSE)]


def _not(index: int, denied: Iterable[int]) -> list[tuple]:
    """Refuse if an argument is one of these."""
    tests = [line for value in denied for line in ((IF_EQUAL, 0, 1, value), (RETURN, 0, 0, REFUSE))]
    return [_argument(index), *tests, (RETURN, 0, 0, ALLOW)]


def _truncating_reader(index: int) -> list[tuple]:
    """Refuse flags that open for reading only and still empty the file, which Landlock lets pass before version 3."""
    return [
        _argument(index),
        (IF_BITS, 0, 3, O_TRUNC),
        (AND, 0, 0, O_ACCMODE),
        (IF_EQUAL, 0, 1, 0),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]


def build(own_pid: int | None, machine: str = kernel.MACHINE) -> list[tuple]:
    """Return the filter as (code, jump if so, jump if not, k).

    Args:
        own_pid: where nothing else keeps signals inside, the process that is to be confined: it may then signal itself
            and its group, and its descendants only their group. None where a pid namespace or Landlock does that.
        machine: "x86_64" or "aarch64".
    Raises:
        OSError: an architecture whose numbers are not known here.
    """
    if machine not in AUDIT_ARCH:
        raise OSError(errno.ENOSYS, f"no list of system calls for {machine}")
    column = list(AUDIT_ARCH).index(machine)
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (IF_EQUAL, 1, 0, AUDIT_ARCH[machine]),
        (RETURN, 0, 0, KILL),  # a 32-bit call: other numbers, other meanings
        (LOAD, 0, 0, NUMBER),
        (IF_GREATER, 0, 1, NEWEST),
        (RETURN, 0, 0, NOT_THERE),
    ]
    for table, answer in ((DENIED, REFUSE), (ABSENT, NOT_THERE), (PRETENDED, PRETEND)):
        for numbers in table.values():
            if numbers[column] is not None:
                program += [(IF_EQUAL, 0, 1, numbers[column]), (RETURN, 0, 0, answer)]
    judgments = {
        # A pair that is connected already, for asyncio. A datagram socket could be sent elsewhere after all.
        "socketpair": [
            _argument(0),
            (IF_EQUAL, 1, 0, AF_UNIX),
            (RETURN, 0, 0, REFUSE),
            _argument(1),
            (AND, 0, 0, SOCK_KIND),
            (IF_EQUAL, 1, 0, SOCK_STREAM),
            (RETURN, 0, 0, REFUSE),
            (RETURN, 0, 0, ALLOW),
        ],
        "clone": [
            _argument(0),
            (IF_BITS, 0, 1, NEW_NAMESPACES | CLONE_PARENT),
            (RETURN, 0, 0, REFUSE),
            (RETURN, 0, 0, ALLOW),
        ],
        "prlimit64": _only(0, [0]),  # one's own limits, which can only be lowered; not another process's
        "prctl": _not(0, [kernel.PR_SET_DUMPABLE]),  # the watch over memory reads /proc, which this would close
        "ioctl": _not(1, IOCTLS),
        "fcntl": _not(1, FCNTLS),
        "open": _truncating_reader(1),
        "openat": _truncating_reader(2),
    }
    if own_pid is not None:
        judgments |= {"kill": _only(0, [0, own_pid, -own_pid]), "tgkill": _only(0, [own_pid])}
    for name, body in judgments.items():
        if JUDGED[name][column] is not None:
            program += [(IF_EQUAL, 0, len(body), JUDGED[name][column]), *body]
    return [*program, (RETURN, 0, 0, ALLOW)]


def install(own_pid: int | None) -> None:
    """Put the filter on the calling thread and its descendants, for good.

    Raises:
        OSError: the kernel has no seccomp, or the machine is not known here.
    """
    lines = build(own_pid)
    instructions = (_Instruction * len(lines))(*lines)
    program = _Program(len(lines), instructions)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.addressof(program))
