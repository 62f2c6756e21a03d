"""What stock nbgrader makes of an attack: measured in a jail, one throw-away jail an attack.

The jail is bubblewrap's, with its own processes, network and file system in memory; in it nbgrader runs as a user who
owns nothing else, with limits on processes, memory and files, as a careful teacher's account might have them.
"""

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from course_lib.grading.sandbox import enter, watch
from tests.attacks.course import ASSIGNMENT, NOTEBOOK, Secrets
from tests.attacks.world import World, make_course
from tests.tiny_course import ROOT

GRADER = 61000  # a user id that nobody has
PATIENCE = 75  # seconds until the teacher gives up on a class of two
MIB = 2**20
LIMITS = {
    resource.RLIMIT_AS: 3 * 2**30,
    resource.RLIMIT_NPROC: 150,
    resource.RLIMIT_FSIZE: 300 * MIB,
    resource.RLIMIT_NOFILE: 512,
    resource.RLIMIT_CPU: 60,
    resource.RLIMIT_CORE: 0,
}
# More than this and the machine is another's: what a submission "swallowed".
MUCH = {"memory": 2048 * MIB, "processes": 100, "disk": 200 * MIB, "files": 20_000, "cpu": 12}


def template(folder):
    """Make the course once, with stock configuration; each jail gets a copy."""
    known = make_course(folder / "course", stock=True)
    (folder / "known.json").write_text(json.dumps([known.token, known.number]))


def jail(folder, name):
    """Return the command that measures the attack called `name` in a jail, on a copy of the course in `folder`."""
    paths = enter.without_inner([*enter.environment(), str(ROOT), "/usr", "/bin", "/etc"])
    ways = sorted({str(way) for path in paths for way in Path(path).parents} - {"/"})
    opened = [word for way in ways if way not in paths for word in ("--perms", "0755", "--dir", way)]
    bound = [
        word
        for path in paths
        for word in (["--symlink", os.readlink(path), path] if os.path.islink(path) else ["--ro-bind", path, path])
    ]
    kept = ["SETUID", "SETGID", "CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SYS_PTRACE", "SETPCAP", "SYS_RESOURCE"]
    return [
        *["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent"],
        *["--new-session", "--proc", "/proc", "--dev", "/dev"],
        # First, since the course itself may lie there.
        *["--perms", "1777", "--size", str(512 * MIB), "--tmpfs", "/tmp", *opened, *bound],
        *["--perms", "0755", "--size", str(700 * MIB), "--tmpfs", "/jail", "--ro-bind", str(folder), "/template"],
        *["--cap-drop", "ALL", *(word for name in kept for word in ("--cap-add", f"CAP_{name}"))],
        *["--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "PYTHONPATH", str(ROOT)],
        *["--setenv", "OPENBLAS_NUM_THREADS", "1", "--setenv", "TF_CPP_MIN_LOG_LEVEL", "3"],
        *["--chdir", "/jail", sys.executable, "-B", "-m", "tests.attacks", "inside", name],
    ]


def measure(folder, name):
    """Return what the attack called `name` does to stock nbgrader: {"score", "effects", "seconds", "said"}."""
    done = subprocess.run(
        jail(folder, name),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=PATIENCE + 60,
    )
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return {"score": None, "effects": ["stopped"], "seconds": 0.0, "said": done.stderr[-2000:]}


# --- inside the jail ---


def inside(attack):
    """Grade the attack and an honest neighbor with stock nbgrader; print what came of it."""
    root = Path("/jail")
    shutil.copytree("/template/course", root / "course")
    known = Secrets(*json.loads(Path("/template/known.json").read_text()))
    config = root / "course" / "nbgrader_config.py"
    moved = {"root": f"{root}/course", "db_url": f"sqlite:///{root}/course/classroom/gradebook.db"}
    lines = [f"c.CourseDirectory.{name} = {value!r}\n" for name, value in moved.items()]
    config.write_text(config.read_text() + "".join(lines))
    with World(root, known, uid=GRADER) as world:
        world.submit_neighbor()
        world.submit(attack)
        for path in [root / "course", root / "home", *root.rglob("*")]:
            with contextlib.suppress(OSError):
                os.chown(path, GRADER, GRADER, follow_symlinks=False)
        before, rows_before = world.look(), world.gradebook()
        started = time.monotonic()
        code, said, swallowed = grade(world)
        effects = set(swallowed) and {"swallowed"}
        seconds = time.monotonic() - started
        if world.left_over():
            effects.add("outlived")
        for process in world.left_over():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        scores = {}
        with contextlib.suppress(Exception):  # a gradebook that is destroyed is a finding, told below
            scores = world.scores()
        touched = world.touched(before, rows_before) | world.stolen(attack.name)
        effects |= touched.keys()
        mine = scores.get(attack.name)
        graded = (world.classroom / "autograded" / attack.name / ASSIGNMENT / f"{NOTEBOOK}.ipynb").exists()
        if (code != 0 and scores.get("zoe") != 17) or code is None:
            effects.add("stopped")
        score = mine if graded else None
        print(
            json.dumps(
                {
                    "score": score,
                    "effects": sorted(effects),
                    "seconds": seconds,
                    "touched": touched | {"swallowed": sorted(swallowed)},
                    "said": said[-3000:],
                }
            )
        )


def grade(world):
    """Run nbgrader as a user of its own; return its exit code (None: given up), what it said, what was swallowed."""

    def restrict():
        for name, value in LIMITS.items():
            resource.setrlimit(name, (value, value))

    environment = {**os.environ, "HOME": str(world.root / "home"), "JUPYTER_CONFIG_DIR": "/jail/no-config"}
    del environment["PYTHONPATH"]  # as where the course is installed
    output = open("/tmp/said", "w+", errors="replace")  # noqa: SIM115
    process = subprocess.Popen(
        [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT],
        cwd=world.course,
        env={**environment, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        user=GRADER,
        group=GRADER,
        extra_groups=[],
        preexec_fn=restrict,
    )
    swallowed = set()
    finished = threading.Event()

    def look():
        before = shutil.disk_usage("/jail").used + shutil.disk_usage("/tmp").used
        while not finished.wait(0.1):
            tree = watch.descendants(os.getpid())
            used = {
                "memory": sum(one.resident for one in tree),
                "processes": sum(one.threads for one in tree),
                "disk": shutil.disk_usage("/jail").used + shutil.disk_usage("/tmp").used - before,
                "files": os.statvfs("/jail").f_files - os.statvfs("/jail").f_ffree,
                "cpu": sum(one.cpu for one in tree),
            }
            swallowed.update(name for name, much in MUCH.items() if used[name] > much)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        code = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        code = None
        process.kill()
        process.wait()
    time.sleep(0.5)  # for kernels that were told to end
    finished.set()
    watcher.join()
    output.seek(0, os.SEEK_END)
    output.seek(max(0, output.tell() - 4000))
    return code, output.read(), swallowed
