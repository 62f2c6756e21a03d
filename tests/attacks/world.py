"""The world around a grader under attack: the class, and canaries that show what was touched.

A token is a text "canary-…", another one in each place. Where one turns up in what a submission left, that place was
read. What attacks write is named or contains "planted".
"""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat

from course_lib.grading.sandbox import kernel, watch
from tests.attacks.attack import Attack
from tests.attacks.course import ASSIGNMENT, EXERCISES, NOTEBOOK, Secrets, heights, teachers_notebook
from tests.tiny_course import ROOT, read, write

# What can come of an attack besides points: a secret read; something written, reached or signaled that is not its own;
# a process left behind; others not graded; more taken of memory, processes, disk or time than is its share.
EFFECTS = ("read", "wrote", "reached", "signaled", "outlived", "stopped", "swallowed")

LARGE = 2**24  # bytes: what is larger is compared by size and date

# Records each signal that it gets and can catch. Its environment and memory hold a token.
VICTIM = """
import os, signal, time
def record(number, frame):
    os.write(1, b"%d " % number)
for number in range(1, 32):
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, record)
os.write(1, b"ready ")
while True:
    time.sleep(60)
"""

STOCK_CONFIG = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.db_url = "sqlite:///" + {root!r} + "/classroom/gradebook.db"
c.Execute.timeout = 10
"""


def make_course(root, stock=False, more=""):
    """Write the teacher's course into `root`, release it, and return what the hidden tests hold."""
    known = Secrets.draw()
    source = root / "solutions" / ASSIGNMENT
    source.mkdir(parents=True)
    (root / "notebooks").mkdir()
    (root / "classroom").mkdir()
    write(source / f"{NOTEBOOK}.ipynb", teachers_notebook(known))
    (source / "heights.csv").write_text(heights())
    config = STOCK_CONFIG.format(root=str(root)) if stock else (ROOT / "nbgrader_config.py").read_text()
    (root / "nbgrader_config.py").write_text(config + more)
    run_in(root, "nbgrader", "generate_assignment", ASSIGNMENT)
    return known


def run_in(root, *command, timeout=600, check=True, **more):
    """Run one of this Python's programs in a course; return what subprocess.run does."""
    module = ["-m", "nbgrader"] if command[0] == "nbgrader" else ["-m", "course_lib.cli"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JUPYTER_CONFIG_DIR": str(root / "no-config")}
    # nbgrader calls a program that lies beside this Python.
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(
        [sys.executable, *module, *command[1:]],
        cwd=root,
        env=environment,
        text=True,
        errors="replace",
        capture_output=True,
        timeout=timeout,
        **more,
    )
    if check and done.returncode:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done


class World:
    """A course in `root`/course, a victim's files and processes around it, all marked; use it with `with`."""

    def __init__(self, root, known, uid=None):
        self.root, self.known, self.uid = Path(root), known, uid
        self.course = self.root / "course"
        self.classroom = self.course / "classroom"
        self.tokens = {"hidden test": known.token}
        self.heard = {}
        self._stack = contextlib.ExitStack()

    # --- the class ---

    def submit(self, attack):
        """Hand in a submission under its own name."""
        folder = self.classroom / "submitted" / attack.name / ASSIGNMENT
        shutil.copytree(self.course / "notebooks" / ASSIGNMENT, folder)
        notebook = attack.write_into(read(folder / f"{NOTEBOOK}.ipynb"), self.where())
        if attack.name in self.tokens:
            notebook.cells[0].source += f"\n{self.tokens[attack.name]}"
        nbformat.write(notebook, folder / f"{NOTEBOOK}.ipynb")
        if attack.remake:
            attack.remake(self, folder)

    def submit_neighbor(self, name="zoe"):
        """Hand in an honest and right submission that holds a token."""
        self.token(name)
        self.submit(Attack(name, "nothing", solved=tuple(EXERCISES)))

    def where(self):
        """Return what an attacker knows or guesses."""
        return {
            "course": str(self.course),
            "home": str(self.root / "home"),
            "open": str(self.root / "open"),
            "gradebook": str(self.classroom / "gradebook.db"),
            "source": str(self.course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"),
            "neighbor": str(self.classroom / "submitted" / "zoe" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"),
            "secret": str(self.classroom / "secret"),
            **self.addresses,
        }

    # --- the canaries ---

    def token(self, place):
        self.tokens[place] = f"canary-{secrets.token_hex(6)}"
        return self.tokens[place]

    def __enter__(self):
        self._before = {one.pid for one in watch.descendants(os.getpid())}
        with self._stack:
            self._make_files()
            self.addresses = {**self._listen(), "pid": self._start_victim()}
            # Whatever loses its parent becomes ours: nothing that outlives the grader is overlooked.
            kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
            self._stack.callback(kernel.prctl, kernel.PR_SET_CHILD_SUBREAPER, 0)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_):
        for process in self.left_over():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        self._stack.close()

    def _make_files(self):
        for name, mode in {"home": 0o755, "open": 0o777}.items():
            (self.root / name).mkdir(exist_ok=True)
            file = self.root / name / "diary.txt"
            file.write_text(self.token(name))
            file.chmod(0o666 if name == "open" else 0o644)
            (self.root / name).chmod(mode)
        (self.classroom / "secret").write_text(f"{self.token('secret of the term')} {self.token('its rest')}")
        (self.classroom / "secret").chmod(0o600)

    def _listen(self):
        """Start listeners that record who came; return their addresses."""
        path = str(self.root / "open" / "socket")
        abstract = f"attacks-{os.getpid()}-{secrets.token_hex(4)}"
        sockets = {
            "tcp": socket.create_server(("127.0.0.1", 0)),
            "udp": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            "unix": socket.socket(socket.AF_UNIX),
            "abstract": socket.socket(socket.AF_UNIX),
        }
        sockets["udp"].bind(("127.0.0.1", 0))
        sockets["unix"].bind(path)
        os.chmod(path, 0o777)
        sockets["abstract"].bind(f"\0{abstract}")
        over = threading.Event()
        for name, one in sockets.items():
            self._stack.callback(one.close)
            one.settimeout(0.2)
            if name != "udp":
                one.listen()
            self._start_thread(self._hear, name, one, over)
        self._stack.callback(over.set)
        ports = {name: sockets[name].getsockname()[1] for name in ("tcp", "udp")}
        return {**ports, "unix": path, "abstract": abstract}

    def _start_thread(self, target, *arguments):
        """Start a thread that is over when the world is: tests that come later fork."""
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        thread.start()
        self._stack.callback(thread.join)

    def _hear(self, name, one, over):
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                said = one.recv(100) if name == "udp" else self._hear_out(one.accept()[0])
                self.heard.setdefault(name, []).append(said)

    def _hear_out(self, caller):
        with caller, contextlib.suppress(OSError):  # whoever called may say nothing, or be dead by now
            caller.settimeout(1)
            return caller.recv(100)

    def _start_victim(self):
        identity = {} if self.uid is None else {"user": self.uid, "group": self.uid, "extra_groups": []}
        self.victim = subprocess.Popen(
            [sys.executable, "-I", "-c", VICTIM],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env={"VICTIM": self.token("victim")},
            start_new_session=True,
            **identity,
        )
        self.traced = set()
        self._start_thread(self._watch_victim)
        self._stack.callback(self.victim.wait)
        self._stack.callback(self.victim.kill)
        assert self.victim.stdout.read(6) == b"ready "
        os.set_blocking(self.victim.stdout.fileno(), False)
        return self.victim.pid

    def _watch_victim(self):
        while self.victim.poll() is None:
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{self.victim.pid}/status").read_text().splitlines()
                state = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
                if state["TracerPid"] != "0" or state["State"][0] in "tT":
                    self.traced.add(state["State"])
            time.sleep(0.02)

    def harm_to_victim(self):
        """Return what was done to the canary process, in words; empty if nothing."""
        if self.victim.poll() is not None:
            return f"ended with {self.victim.returncode}"
        signals = (self.victim.stdout.read() or b"").decode().split()
        return " ".join([*(f"signal {number}" for number in signals), *sorted(self.traced)])

    def left_over(self):
        """Return the processes that are still there and should not be."""
        known = self._before | {self.victim.pid}
        return [one for one in watch.descendants(os.getpid()) if not one.ended and one.pid not in known]

    # --- looking for what changed ---

    def look(self):
        """Return everything under the root that a grader has no reason to change, by its path."""
        seen = {}
        for path in sorted(self.root.rglob("*")):
            short = str(path.relative_to(self.root))
            if self._is_graders(path.relative_to(self.root).parts):
                continue
            facts = path.lstat()
            is_file, content = stat.S_ISREG(facts.st_mode), ""
            if is_file and facts.st_size < LARGE:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
            links, changed = (facts.st_nlink, facts.st_mtime_ns) if is_file else (0, 0)
            seen[short] = (facts.st_mode, facts.st_uid, facts.st_size if is_file else 0, links, changed, content)
        return seen

    def _is_graders(self, parts):
        """Whether a grader writes here: whatever it writes in its own folders, but nothing that is planted."""
        if any("planted" in part for part in parts):
            return False
        if parts[0] == "home":
            return len(parts) > 1 and parts[1].startswith(".")  # caches and histories
        own = parts[:2] == ("course", "classroom") and len(parts) > 2 and parts[2] not in ("submitted", "secret")
        return own or "__pycache__" in parts

    def gradebook(self):
        """Return {student: score}, and all that a submission's grading must leave alone."""
        with contextlib.closing(sqlite3.connect(f"file:{self.classroom / 'gradebook.db'}?mode=ro", uri=True)) as base:
            cells = base.execute("SELECT * FROM source_cell ORDER BY id").fetchall()
            limits = base.execute("SELECT * FROM grade_cells ORDER BY id").fetchall()
            by_hand = base.execute(
                "SELECT count(*) FROM grade WHERE manual_score IS NOT NULL OR extra_credit IS NOT NULL"
            ).fetchone()
            comments = base.execute("SELECT count(*) FROM comment WHERE manual_comment IS NOT NULL").fetchone()
        return {"cells": cells, "limits": limits, "by hand": by_hand, "comments": comments}

    def scores(self):
        """Return {student: score} as nbgrader's API tells them."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.classroom / 'gradebook.db'}") as gradebook:
            return {one.student.id: one.score for one in gradebook.assignment_submissions(ASSIGNMENT)}

    def touched(self, files, rows):
        """Return {effect: what was touched} since `look` and `gradebook` returned these."""
        now = self.look()
        changed = [path for path in sorted({*files, *now}) if files.get(path) != now.get(path)] + self.planted()
        try:
            now = self.gradebook()
            changed += [f"{name} in the gradebook" for name in rows if rows[name] != now[name]]
        except sqlite3.Error as error:  # whatever is left of it is no gradebook
            changed.append(f"gradebook ({error})")
        effects = {"wrote": changed, "reached": sorted(self.heard), "signaled": self.harm_to_victim()}
        return {effect: what for effect, what in effects.items() if what}

    def stolen(self, student):
        """Return {"read": the places whose tokens lie in what a submission left}, without the teacher's own tests."""
        places = set()
        for path in (self.classroom / "autograded" / student).rglob("*"):
            if path.is_file() and path.stat().st_size < 50 * 2**20:
                text = path.read_text(errors="replace")
                if path.suffix == ".ipynb":
                    text = _left_by_learner(text)
                places |= {place for place, token in self.tokens.items() if token in text and place != student}
        return {"read": sorted(places)} if places else {}

    def planted(self):
        """Return what attacks left in places that others write to as well."""
        places = ["/tmp", "/var/tmp", "/dev/shm", str(Path.home()), sys.prefix, str(Path(json.__file__).parents[1])]
        return [str(path) for place in places for path in Path(place).glob("*planted*")]


def _left_by_learner(text):
    """Return a graded notebook without the tests, whose source and errors hold tokens by right."""
    try:
        cells = json.loads(text)["cells"]
    except (ValueError, KeyError, TypeError):
        return text
    return json.dumps([cell for cell in cells if not cell["metadata"].get("nbgrader", {}).get("grade")])
