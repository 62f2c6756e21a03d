"""The tester: one process for each submission, which runs the teacher's test cells against the learner's process."""

from __future__ import annotations

import builtins
import json
import os
import random
import re
import socket
import sys
import tempfile
import types
import unittest.case
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from IPython.core.interactiveshell import InteractiveShell

from course_lib import notebook
from course_lib.checking.isolation import Failure, OutOfTime, time_limit
from course_lib.checking.observe import Observation, Record, observe
from course_lib.checking.values import plain
from course_lib.grading.preprocessors import SEED_VARIABLE
from course_lib.grading.split import plan as plans
from course_lib.grading.split import proxies, values
from course_lib.grading.split.link import Refused
from course_lib.grading.split.shell import MAX_OUTPUT, Hook, Shell, Stream, as_json
from course_lib.grading.split.tester_link import GRACE, TesterLink
from course_lib.grading.wire import WireError

# A test in which one of these is found may look at files.
FILES = re.compile(r"\bopen\b|\bPath\b|\bos\.|read_|load|file", re.IGNORECASE)
LOADING = re.compile(r"load|pickle|joblib|shelve|dill|marshal|\bexec\b|\beval\b|runpy|importlib")
# Where a test loads one of these it may look at any name.
ALL_NAMES = {"globals", "locals", "dir", "vars", "eval", "exec"}


@dataclass
class Cell:
    """A cell of the submission. `role`: "run" in the learner's process, "test" here, or "test there", unprotected."""

    name: str
    source: str
    role: str


@dataclass
class Job:
    """A submission to be run, and all that the tester must know for it."""

    cells: list[Cell]
    plan: plans.Plan
    seconds: float  # a cell may take
    seed: int
    environment: dict[str, str] = field(default_factory=dict)  # of the learner's process
    files: list[tuple[str, bytes]] = field(default_factory=list)  # beside the submission's notebook
    folder: str = ""  # the teacher's, in which the tests run
    allowed: frozenset[tuple] | None = None  # operators that the tests ask for with the teacher's own solution
    refused: dict[str, str] = field(default_factory=dict)  # tests that are not run, and why


@dataclass
class CellResult:
    """What became of a cell.

    `state`: "ran", "raised", "timed out", "refused" (it cannot be run split), or "not run". `reason` says why.
    """

    name: str
    state: str
    outputs: list[dict]
    reason: str = ""
    hidden: bool = False  # whether an error arose in a hidden part of a test


class Names(dict):
    """The names of the tests. One of the learner's is asked for when it is loaded, forgotten when it may change."""

    def __init__(self):
        super().__init__()
        self.learners: set[str] = set()
        self._plain: set[str] = set()
        self._refused: dict[str, str] = {}
        self.link: TesterLink | None = None
        self.shared: frozenset[str] = frozenset()  # names that learner's functions may look up
        self.in_test = False

    def __missing__(self, name):
        if name in self.learners:
            self.fetch([name])
            if dict.__contains__(self, name):
                return dict.__getitem__(self, name)
            if name in self._refused:
                raise Refused(f"`{name}` of the submission cannot be had in another process: {self._refused[name]}")
        raise KeyError(name)

    def __setitem__(self, name, value):
        self.learners.discard(name)
        self._plain.discard(name)
        if self.in_test and name in self.shared:
            # The learner's functions find the test's value under this name, as they would in one process.
            try:
                self.link.ask("bind", name, value)
            except (Refused, WireError):
                if self.link.is_lost:
                    raise
        dict.__setitem__(self, name, value)

    def fetch(self, names: Iterable[str]) -> None:
        """Have the current values of these names of the learner's."""
        answer = self.link.ask("names", sorted(names))
        if type(answer) is not tuple or [type(part) for part in answer] != [dict, dict]:
            raise WireError("The other side answers what is no answer.")
        found, failed = answer
        for name in names:  # those that were asked for, whatever came
            if name in found:
                dict.__setitem__(self, name, found[name])
                if self.link.number_of_theirs(found[name]) is None:
                    self._plain.add(name)
            elif type(failed.get(name)) is str:
                self._refused[name] = failed[name][:200]

    def forget(self, names: Iterable[str]) -> None:
        """Have these names anew when they are next loaded."""
        for name in names:
            if name in self.learners:
                dict.pop(self, name, None)
                self._plain.discard(name)

    def after_call(self) -> None:
        """What has no handle may be another value now."""
        if self._plain:
            self.forget(list(self._plain))


class TestersHook(Hook):
    """Shows of a learner's object its sort alone: its own text could be a number, which nbgrader takes for points."""

    def __call__(self, result=None):
        if isinstance(type(result), proxies.RemoteClass) or isinstance(result, proxies.RemoteClass):
            text = f"<{type(result).__name__[:60]} object of the submission>"
            shown = {"data": {"text/plain": text}, "metadata": {}, "execution_count": self.prompt_count}
            self.shell.outputs.add({"output_type": "execute_result", **shown})
        else:
            super().__call__(result)


class TesterShell(Shell):
    """The shell of the tests."""

    hook_class = TestersHook

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.failed: BaseException | None = None
        self.failed_line: int | None = None

    def showtraceback(self, exc_tuple=None, **options):
        kind, error, trace = self._get_exc_info(exc_tuple)
        self.failed = error
        if not isinstance(error, SyntaxError):
            trace = _without_ours(trace)
            error = error.with_traceback(trace)
            step = trace
            while step is not None:
                if "ipython-input" in step.tb_frame.f_code.co_filename or step.tb_frame.f_globals is self.user_ns:
                    self.failed_line = step.tb_lineno
                    break
                step = step.tb_next
        super().showtraceback((kind, error, trace), **options)


def _without_ours(trace: types.TracebackType | None) -> types.TracebackType | None:
    """Return the traceback without the frames of this package: a teacher wants to see the test."""
    if trace is None:
        return None
    rest = _without_ours(trace.tb_next)
    if trace.tb_frame.f_globals.get("__name__", "").startswith("course_lib.grading."):
        return rest
    return types.TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


def warm_shell() -> TesterShell:
    """Return the shell, made before the fork."""
    if not InteractiveShell.initialized():
        shell = TesterShell.instance(user_ns=Names())
        for source in ("1 / 0", "import matplotlib.pyplot", "assert 1 == 2"):
            shell.run(source)
    return TesterShell.instance()


class Tester:
    """Runs a job. `end` is our end of the channel to the learner's process."""

    def __init__(self, job: Job, end: socket.socket):
        self.job, self.plan = job, job.plan
        self.shell = warm_shell()
        self.names: Names = self.shell.user_ns
        self.link = TesterLink(end, self.plan.operators, self.names)
        self.link.allowed = job.allowed
        self.names.link = self.link
        self.names.shared = self.plan.read_by_solutions | frozenset(dir(builtins)) - frozenset(["_"])
        self.link.on_rebound = self.names.forget
        self.link.after_asking, self.link.before_asking = self._after_asking, self._before_asking
        self._steps = {step.name: number for number, step in enumerate(self.plan.steps)}
        self._done = 0
        self._lost = ""
        self._random: tuple | None = None
        self._builtins: dict | None = None
        self._patched: dict[str, Any] = {}
        self._told: dict[str, Any] = {}
        self._stdin = sys.stdin
        self._files: dict[str, int] = {}
        self._looks_at_files = self._telling = False
        self._all_loads = _loads_of_definitions(self.plan)

    def run(self, say: Callable[[CellResult], None]) -> None:
        """Run all cells; `say` each one's result as soon as it is there."""
        self._prepare()
        try:
            self._run_cells(say)
        finally:
            os.chdir("/")
            self._folder.cleanup()

    def _run_cells(self, say: Callable[[CellResult], None]) -> None:
        for cell in self.job.cells:
            self.link.cell = cell.name
            if self._lost:
                say(CellResult(cell.name, "not run", [], self._lost))
                continue
            try:
                say(self._run_cell(cell) if cell.role == "run" else self._test(cell))
            except WireError as error:
                self._lost = f"the submission's process is lost: {error}"
                say(CellResult(cell.name, "not run", [], self._lost))
            except Exception as error:  # an answer that nobody thought of
                say(CellResult(cell.name, "raised", [], f"{type(error).__name__}: {_text_of(error)}"))

    def _prepare(self) -> None:
        job = self.job
        self._folder = tempfile.TemporaryDirectory(prefix="tests-")
        os.chdir(self._folder.name)
        if job.folder:
            for entry in os.scandir(job.folder):
                os.symlink(entry.path, entry.name)
            sys.path.insert(0, job.folder)
        os.environ[SEED_VARIABLE] = str(job.seed)
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        sys.stdout, sys.stderr = Stream(self.shell.outputs, "stdout"), Stream(self.shell.outputs, "stdout")
        dict.__setitem__(
            self.names,
            "__builtins__",
            {**vars(builtins), "isinstance": proxies.is_instance, "issubclass": proxies.is_subclass},
        )
        unittest.case.isinstance, unittest.case.issubclass = proxies.is_instance, proxies.is_subclass
        notebook.observe, notebook.is_ours = self._observe, self._is_ours
        values.MISSING_ALLOWED[:] = [True] if self.plan.has_missing else []
        _seed_there_too(self.link)
        self.link.begin(job.seconds)
        try:
            self.link.ask("begin", job.environment, job.files)
        except WireError as error:
            self._lost = f"the submission's process could not begin: {error}"

    def _run_cell(self, cell: Cell) -> CellResult:
        self.link.begin(self.job.seconds)
        answer = self.link.ask("run", cell.source)
        if type(answer) is not tuple or len(answer) != 2:
            raise WireError("The other side answers what is no answer.")
        outputs, done = answer
        self.link.sources.append(cell.source)
        outputs = clean(outputs)
        self.names.forget(self.names.learners & self.names.keys())
        if done is True:
            return CellResult(cell.name, "ran", outputs)
        error = next((output for output in outputs if output["output_type"] == "error"), {})
        late = error.get("ename") == "CellTimeoutError"
        return CellResult(cell.name, "timed out" if late else "raised", outputs, error.get("ename", ""))

    def _test(self, cell: Cell) -> CellResult:
        if cell.role == "test there":
            return self._run_cell(cell)
        if cell.name in self.job.refused:
            return CellResult(cell.name, "refused", [], self.job.refused[cell.name])
        if looked_into := re.search(r"\.__(code|globals|closure)__\b", cell.source):
            reason = f"it looks at `{looked_into[0][1:]}` of a function of the submission's"
            return CellResult(cell.name, "refused", [], reason)
        self._advance(cell.name)
        self.link.begin(self.job.seconds)
        self.shell.failed = self.shell.failed_line = None
        loads = self._loads(cell.source)
        wanted = self.names.learners if loads & ALL_NAMES else self.names.learners & loads
        if wanted - self.names.keys():
            self.names.fetch(wanted - self.names.keys())
        self._random = random_state() if "random" in cell.source else None
        self._builtins = dict(vars(builtins)) if "builtins" in cell.source or "stdin" in cell.source else None
        self._looks_at_files = bool(FILES.search(cell.source)) and not self._loads_objects(cell.source)
        if self._looks_at_files:
            self._before_asking()
        self.names.in_test = True
        try:
            with time_limit(self.job.seconds + GRACE + 1):
                outputs, done = self.shell.run(cell.source)
        except OutOfTime:
            outputs, done = self.shell.outputs.take(), False
            self.shell.failed = TimeoutError(f"it took longer than {self.job.seconds:g} s")
            outputs.append(
                {"output_type": "error", "ename": "TimeoutError", "evalue": str(self.shell.failed), "traceback": []}
            )
        self.names.in_test = self._looks_at_files = False
        self._put_back()
        outputs = as_json(outputs)
        error = self.shell.failed
        if done:
            return CellResult(cell.name, "ran", outputs)
        if isinstance(error, WireError):
            self._lost = f"the submission's process is lost: {error}"
        outputs = [output for output in outputs if output["output_type"] != "execute_result"]
        if outputs and (trace := self.link.tracebacks.get(id(error), "")):
            outputs[-1]["traceback"] += ["\nIn the submission:\n", trace[-5000:]]
        state = {Refused: "refused", TimeoutError: "timed out", OutOfTime: "timed out"}.get(type(error), "raised")
        hidden = self.shell.failed_line in hidden_lines(cell.source)
        return CellResult(cell.name, state, outputs, f"{type(error).__name__}: {_text_of(error)}", hidden)

    def _before_asking(self) -> None:
        """Tell the learner's process what the test has done to what the two would share in one process."""
        if self._telling or not (self._random or self._builtins or self._looks_at_files):
            return
        self._telling = True
        try:
            if self._builtins is not None:
                self._tell_of_builtins()
            if self._random is not None and (state := random_state()) != self._random:
                # The test seeded a global generator, or drew from it: the learner's code goes on from there.
                self._random = state
                self.link.ask("random", np.random.get_state(), state[1])
            if self._looks_at_files:
                self._exchange_files()
        finally:
            self._telling = False

    def _after_asking(self) -> None:
        self.names.after_call()
        if not self._telling:
            if self._looks_at_files and not self.link.is_lost:
                self._telling = True
                self._exchange_files()
                self._telling = False
            vars(builtins).update(self._patched)

    def _tell_of_builtins(self) -> None:
        now = vars(builtins)
        patched = {name: now[name] for name, value in self._builtins.items() if now.get(name, value) is not value}
        now.update({name: self._builtins[name] for name in patched})  # we use them too
        wanted = patched
        if "input" not in patched and sys.stdin is not self._stdin:
            wanted = patched | {"input": self._input}
        if wanted.keys() != self._told.keys() or any(wanted[name] is not self._told[name] for name in wanted):
            self._told = wanted
            self.link.ask("patch", wanted)
        self._patched = patched

    def _input(self, prompt: str = "") -> str:
        """What `input` does in the learner's process while a test has replaced sys.stdin."""
        line = sys.stdin.readline()
        if not line:
            raise EOFError("EOF when reading a line")
        return line.rstrip("\n")

    def _exchange_files(self) -> None:
        """Give the learner's process the files that the test wrote, and the test those that learner's code wrote.

        The teacher's own files are links in this folder, and stay as they are.
        """
        mine = []
        for entry in os.scandir(self._folder.name):
            if entry.is_file(follow_symlinks=False):
                written = entry.stat().st_mtime_ns
                if self._files.get(entry.name) != written:
                    self._files[entry.name] = written
                    mine.append((entry.name, Path(entry.path).read_bytes()))
        for name, data in self.link.ask("files", mine):
            if type(name) is not str or type(data) is not bytes or not re.fullmatch(r"\w[\w\- .]{0,99}", name):
                continue
            path = Path(self._folder.name, name)
            if not path.is_symlink() and not path.is_dir():
                path.write_bytes(data)
                self._files[name] = path.stat().st_mtime_ns

    def _put_back(self) -> None:
        """Undo what the test did to built-in functions and sys.stdin, should it have left them."""
        if self._builtins is not None and not self.link.is_lost:
            vars(builtins).update({name: value for name, value in self._builtins.items() if name in self._told})
            sys.stdin = self._stdin
            self._patched = {}
            self._tell_of_builtins()
        self._random = self._builtins = None

    def _loads_objects(self, source: str) -> bool:
        """Whether a file of the submission's could become more than text to the teacher's code."""
        trusted = "\n".join([source, *(step.trusted for step in self.plan.steps)])
        return bool(LOADING.search(re.sub(r"\bjson\.loads?\b|\bloadtxt\b", "", trusted)))

    def _advance(self, name: str) -> None:
        """Run the teacher's own statements up to a test, in the order of the teacher's notebook."""
        upto = self._steps.get(name, len(self.plan.steps) - 1)
        while self._done <= upto:
            step = self.plan.steps[self._done]
            self._done += 1
            self.names.forget(step.learners)
            if step.role != "test" and step.trusted:
                self.link.begin(self.job.seconds)
                self.names.learners -= set(step.teachers)
                self.shell.run(step.trusted)
            self.names.learners |= set(step.learners)
            for learners in step.learners:
                dict.pop(self.names, learners, None)

    def _loads(self, source: str) -> set[str]:
        tree = plans.parse(source)
        return plans.loaded_by(tree) | self._all_loads

    def _is_ours(self, answer: Any, exercise: Any) -> bool:
        return self.link.number_of_theirs(answer) is None and is_ours_here(answer, exercise)

    def _observe(self, exercise: Any, answer: Any, seed: int) -> Record:
        """Have the exercise's probe run in the learner's process."""
        if self.link.number_of_theirs(answer) is None:
            return observe(exercise, answer, seed)
        given = self.link.ask("probe", exercise.name, seed, answer)
        if given is None:
            raise notebook.OursError
        if type(given) is not tuple or [type(part) for part in given] != [list, int, list]:
            raise WireError("The other side answers what is no answer.")
        rows, printed, changed = given
        observations = []
        for label, value in rows:
            observations.append(Observation(str(label)[:500], value if type(value) is Failure else plain(value)))
        return Record(observations, printed, [str(name)[:200] for name in changed[:20]])


is_ours_here = notebook.is_ours


def _text_of(error: BaseException | None) -> str:
    try:
        return str(error)[:500]
    except Exception:  # a learner's exception is asked for its text
        return "(its message cannot be read)"


def random_state() -> tuple:
    """Return the state of the global random generators."""
    name, keys, *rest = np.random.get_state()
    return (name, keys.tobytes(), *rest), random.getstate()


def _loads_of_definitions(plan: plans.Plan) -> set[str]:
    """Return what the trusted code outside the tests loads: its functions may be called by any test."""
    return {
        name
        for step in plan.steps
        if step.role != "test" and step.trusted
        for name in plans.loaded_by(plans.parse(step.trusted))
    }


def _seed_there_too(link: TesterLink) -> None:
    """Seeding TensorFlow's or Keras's generators in a test seeds those of the learner's process."""
    for module, path in (("tensorflow", ("random", "set_seed")), ("keras", ("utils", "set_random_seed"))):
        if (owner := sys.modules.get(module)) is None:
            continue
        owner = getattr(owner, path[0])
        original = getattr(owner, path[1])

        def seed(*arguments, original=original, module=module, path=path):
            original(*arguments)
            link.ask("seed", module, list(path), arguments)

        setattr(owner, path[1], seed)


def hidden_lines(source: str) -> set[int]:
    """Return the numbers of the lines of a test that are not in the released notebook."""
    lines, hidden, inside = source.split("\n"), set(), False
    for number, line in enumerate(lines, 1):
        inside = inside or bool(re.search(r"#+\s*BEGIN HIDDEN TESTS", line))
        if inside:
            hidden.add(number)
        inside = inside and not re.search(r"#+\s*END HIDDEN TESTS", line)
    return hidden


def clean(outputs: Any) -> list[dict]:
    """Return a learner's outputs as nbformat allows them; what is none, or too much, is left out."""
    kept: list[dict] = []
    room = MAX_OUTPUT
    for output in outputs[:1000] if type(outputs) is list else ():
        made = _cleaned(output) if type(output) is dict else None
        if made is None:
            continue
        made = as_json(made)
        room -= len(json.dumps(made))
        if room < 0:
            break
        kept.append(made)
    return kept


def _cleaned(output: dict) -> dict | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": str(output.get("text", ""))}
    if kind == "error":
        trace = output.get("traceback")
        lines = [str(line) for line in trace] if type(trace) is list else []
        texts = {key: str(output.get(key, "")) for key in ("ename", "evalue")}
        return {"output_type": "error", **texts, "traceback": lines}
    if kind not in ("display_data", "execute_result") or type(output.get("data")) is not dict:
        return None
    data = {mime: item for mime, item in output["data"].items() if re.fullmatch(r"[\w.+-]+/[\w.+-]+", str(mime))}
    data = {mime: item if mime.endswith("json") else str(item) for mime, item in data.items()}
    metadata = output.get("metadata") if type(output.get("metadata")) is dict else {}
    made = {"output_type": kind, "data": data, "metadata": metadata}
    return made | ({"execution_count": None} if kind == "execute_result" else {})
