"""The sandbox under attack: in each combination of layers that holds here, nothing outside is reached."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from course_lib.grading import sandbox as sandbox_package
from course_lib.grading.sandbox import enter, landlock, layers_that_hold, suffices
from tests.grading.sandboxes import alive, attack, attacked, begin, over_combinations, unharmed

pytest_generate_tests = over_combinations


def test_what_this_machine_offers_holds():
    bare = ["bwrap", "--ro-bind", "/", "/", "--unshare-user", "--unshare-pid", "--unshare-net", "true"]
    offers = {
        "bubblewrap": bool(shutil.which("bwrap")) and subprocess.run(bare, capture_output=True).returncode == 0,
        "landlock": landlock.version() > 0,
        "seccomp": "Seccomp:" in Path("/proc/self/status").read_text(),
    }
    assert {name for name, offered in offers.items() if offered} == set(layers_that_hold())
    assert suffices(layers_that_hold())


@pytest.fixture(scope="module")
def open_folder():
    """A folder outside the sandbox that its modes would let everybody write to."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        yield Path(folder)


@pytest.fixture(scope="module")
def shared(layers):
    os.environ["COURSE_SECRET"] = "of the teacher"
    with attacked(layers, preload=["numpy", "numpy.random"]) as sandbox:
        yield sandbox
    del os.environ["COURSE_SECRET"]


@pytest.fixture
def sandbox(shared):
    with unharmed(shared):
        yield shared


# --- honest code ---


def honest_code():
    import asyncio
    import concurrent.futures
    import os
    import shutil
    import subprocess
    import sys
    import tempfile
    import threading
    from pathlib import Path

    import numpy as np

    sample = np.random.default_rng(0).normal(size=(50, 50))
    thread = threading.Thread(target=sample.sum)
    thread.start()
    thread.join()

    async def wait():
        await asyncio.sleep(0)
        return "awaited"

    awaited = asyncio.run(wait())
    with tempfile.NamedTemporaryFile() as file:
        np.save(file, sample)
        file.flush()
        shutil.copy(file.name, "copy.npy")
    loaded = np.load("copy.npy")
    Path("a").mkdir()
    Path("copy.npy").rename("a/moved.npy")
    said = subprocess.run([sys.executable, "-c", "print('from a process')"], capture_output=True, text=True).stdout
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        squares = list(pool.map(abs, [-1, 2]))
    os.kill(os.getpid(), 0)
    home = Path.home() == Path.cwd()
    np.linalg.svd(sample)
    return [awaited, bool((loaded == sample).all()), said.strip(), squares, home, Path("a/moved.npy").exists()]


def test_honest_code_runs(sandbox):
    answer, outcome = attack(sandbox, honest_code)
    assert answer == {"returned": ["awaited", True, "from a process", [1, 2], True, True]}, outcome
    assert outcome.clean


def pool_of_processes():
    import multiprocessing

    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(abs, [-1, 2])


def test_process_pools_run_where_shared_memory_is_their_own(sandbox):
    answer, _ = attack(sandbox, pool_of_processes)
    # Without a namespace /dev/shm is the machine's, so it is closed.
    expected = {"returned": [1, 2]} if "bubblewrap" in sandbox.layers else {"raised": "PermissionError"}
    assert answer == expected


def what_is_there():
    import fcntl
    import os

    def is_open(descriptor):
        try:
            return fcntl.fcntl(descriptor, fcntl.F_GETFD) >= 0
        except OSError:
            return False

    return [
        os.getuid(),
        [number for number in range(1024) if is_open(number)],
        os.environ.get("COURSE_SECRET"),
        os.getpgrp() == os.getpid(),
    ]


def test_never_as_root_in_its_own_group_with_four_descriptors_and_a_clean_environment(sandbox):
    uid, descriptors, secret, own_group = attack(sandbox, what_is_there)[0]["returned"]
    assert descriptors == [0, 1, 2, 3]
    assert secret is None
    assert own_group
    assert uid == sandbox.uid != 0
    if os.getuid() == 0:
        assert enter.FIRST_UID <= uid <= enter.LAST_UID
    else:
        assert uid == os.getuid()


# --- files ---


def try_each(attempts):
    """Run pieces of code; return those that nothing stopped."""
    through = []
    for code in attempts:
        try:
            exec(code, {})
            through.append(code)
        except (OSError, ImportError):
            pass  # the answer lists what was not stopped
    return through


def test_nothing_outside_is_read_or_written(sandbox, open_folder):
    file = open_folder / "grades.csv"
    file.write_text("full marks")
    file.chmod(0o666)
    before = file.stat()
    package = Path(sandbox_package.__file__)
    answer, _ = attack(
        sandbox,
        try_each,
        attempts=[
            f"open('{file}').read()",
            f"open('{file}', 'a')",
            f"open('/proc/self/root{file}').read()",
            f"open('/proc/self/cwd/../../../../../..{file}').read()",
            f"open('/proc/{os.getpid()}/root{file}').read()",
            f"import os; os.listdir('{open_folder}')",
            f"import os; os.open('{file}', os.O_RDONLY | os.O_TRUNC)",
            f"import os; os.truncate('{file}', 0)",
            f"import os; os.unlink('{file}')",
            f"import os; os.rename('{file}', '{file}2')",
            f"import os; os.link('{file}', 'here'); open('here').read()",
            f"import os; os.symlink('{file}', 'there'); open('there').read()",
            f"import os; os.symlink('{open_folder}', 'dir'); open('dir/new', 'w')",
            f"import os; os.mkfifo('{open_folder}/fifo')",
            f"import os; os.mkdir('{open_folder}/new')",
            f"open('{package}', 'a')",
            f"import os; os.open('{package}', os.O_RDONLY | os.O_TRUNC)",
            f"open('{package.with_name('new.py')}', 'w')",
            "import sys; open(sys.prefix + '/new', 'w')",
            "open('/tmp/new', 'w')",
            "open('/dev/../new', 'w')",
            "open('/new', 'w')",
            "open('/etc/passwd').read()",
            "open('/dev/vda').read()",
            "open('/proc/sys/kernel/hostname').read(); open('/proc/sys/kernel/hostname', 'w').write('mine')",
        ],
    )
    assert answer == {"returned": []}
    assert file.read_text() == "full marks"
    assert list(open_folder.iterdir()) == [file]
    assert package.stat().st_size > 0

    attack(sandbox, change_metadata, path=str(file))
    assert (file.stat().st_mode, file.stat().st_mtime_ns, file.stat().st_uid) == (
        before.st_mode,
        before.st_mtime_ns,
        before.st_uid,
    )


def change_metadata(path):
    import contextlib
    import os

    for change in (lambda: os.chmod(path, 0), lambda: os.utime(path, (0, 0)), lambda: os.chown(path, -1, os.getgid())):
        with contextlib.suppress(OSError):
            change()


# --- other processes ---


def look_around(outside):
    import contextlib
    import os

    seen = []
    for name in ("environ", "mem", "maps", "fd", "cmdline", "root/etc"):
        for pid in (os.getppid(), outside):
            path = f"/proc/{pid}/{name}"
            with contextlib.suppress(OSError):
                if os.path.isdir(path):
                    seen += [path] if os.listdir(path) else []
                else:
                    with open(path, "rb") as file:
                        seen += [path] if file.read(1) else []
    with contextlib.suppress(OSError):
        seen += [name for name in os.listdir("/proc") if name.isdigit() and int(name) not in (1, os.getpid())]
    return seen


def test_other_processes_are_not_seen(sandbox):
    answer, _ = attack(sandbox, look_around, outside=os.getpid())
    # In a namespace of its own without Landlock, the warm parent's command line is all there is to see.
    allowed = [] if "landlock" in sandbox.layers else ["/proc/1/cmdline"]
    assert answer == {"returned": allowed}


def signal_everybody(pids):
    import os
    import signal

    stopped = []
    for pid in [*pids, os.getppid()]:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
            try:
                os.kill(pid, number)
            except OSError:
                stopped.append(pid)
    try:
        os.kill(-1, signal.SIGKILL)
    except OSError:
        stopped.append(-1)
    return "still here"


def test_signals_reach_neither_parent_nor_siblings_nor_us(sandbox, layers):
    with attacked(layers) as other, begin(other, wait_for_a_word) as sibling:
        pids = [os.getpid(), sandbox._process.pid, other._process.pid, *sorted(alive(other))]
        answer, outcome = attack(sandbox, signal_everybody, pids=pids)
        assert answer == {"returned": "still here"}, outcome
        sibling.channel.sendall(b"still there?")
        assert json.loads(sibling.channel.recv(100)) == {"returned": "still there?"}
        assert sibling.wait().clean


def wait_for_a_word():
    return wire.recv(100).decode()  # noqa: F821  (the entry point puts it there)


def reach_into_the_parent():
    import ctypes
    import os
    import resource

    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    buffer = ctypes.create_string_buffer(8)

    class Piece(ctypes.Structure):
        _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))

    local, remote = Piece(ctypes.addressof(buffer), 8), Piece(ctypes.addressof(buffer), 8)
    done = []
    if libc.ptrace(16, os.getppid(), None, None) == 0:
        done.append("attach")
    if libc.ptrace(0x4206, os.getppid(), None, None) == 0:
        done.append("seize")
    if libc.process_vm_readv(os.getppid(), ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0:
        done.append("read memory")
    if libc.prctl(4, 0, 0, 0, 0) == 0:
        done.append("hide from the watch")
    for name, act in {
        "limits": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (0, 0)),
        "priority": lambda: os.setpriority(os.PRIO_USER, 0, 19),
        "core": lambda: os.sched_setaffinity(os.getppid(), {0}),
        "session": os.setsid,
        "group": lambda: os.setpgid(0, 0),
    }.items():
        try:
            act()
            done.append(name)
        except OSError:
            pass  # only what was not stopped is listed
    for flags in (0x10000000, 0x00020000, 0x20000000, 0x40000000):
        if libc.unshare(flags) == 0:
            done.append(f"namespace {flags:x}")
    return done


def test_the_parent_cannot_be_traced_nor_limits_and_namespaces_changed(sandbox):
    assert attack(sandbox, reach_into_the_parent)[0] == {"returned": []}


# --- network ---


def test_no_socket_leads_out(sandbox, open_folder):
    folder = Path(tempfile.mkdtemp(dir=open_folder))
    name = f"course-test-{os.getpid()}"
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as unix,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as abstract,
    ):
        udp.bind(("127.0.0.1", 0))
        unix.bind(str(folder / "socket"))
        unix.listen()
        abstract.bind(f"\0{name}")
        folder.chmod(0o777)
        (folder / "socket").chmod(0o777)
        tcp_port, udp_port = tcp.getsockname()[1], udp.getsockname()[1]
        answer, _ = attack(
            sandbox,
            try_each,
            attempts=[
                f"import socket; socket.create_connection(('127.0.0.1', {tcp_port}), 1)",
                f"import socket; socket.socket(2, 2).sendto(b'hello', ('127.0.0.1', {udp_port}))",
                f"import socket; socket.socket(socket.AF_UNIX).connect('{folder}/socket')",
                f"import socket; socket.socket(socket.AF_UNIX, 2).sendto(b'hello', '\\0{name}')",
                f"import socket; socket.socketpair(1, socket.SOCK_DGRAM)[0].sendto(b'hello', '\\0{name}')",
                "import socket; socket.socketpair(1, socket.SOCK_STREAM)[0].bind('\\0mine')",
                "import socket; socket.fromfd(3, 1, 1).bind('\\0mine')",
                "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
                "import socket; socket.socket(socket.AF_INET6)",
                "import socket; socket.create_server(('127.0.0.1', 0))",
                "import socket; socket.getaddrinfo('example.org', 80)",
                "import os; os.memfd_create('hidden')",
            ],
        )
        for server in (tcp, udp, unix, abstract):
            server.setblocking(False)
            with pytest.raises(BlockingIOError):
                server.accept() if server in (tcp, unix) else server.recv(10)
    shutil.rmtree(folder)
    assert answer == {"returned": []}
