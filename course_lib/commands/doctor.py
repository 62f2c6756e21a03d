"""`course doctor`: what this machine has and lacks for the course, and what to do about it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course_lib.commands.course import Course, CourseError

OK, WARN, FAIL = "ok", "warn", "fail"

# Chapters with TensorFlow take about 900 MB, the browser and JupyterLab as much again.
MEMORY_WANTED = 3.0
DISK_WANTED = 1.0
GIB = 2**30

# Run in a process of its own, since a TensorFlow that does not suit the processor ends the process that imports it.
LOOK_AT_TENSORFLOW = """
import json, time
start = time.perf_counter()
import tensorflow, keras
seconds = time.perf_counter() - start
gpus = [device.name for device in tensorflow.config.list_physical_devices("GPU")]
print(json.dumps([tensorflow.__version__, keras.__version__, seconds, gpus]))
"""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `advice` says what to do unless `state` is "ok"."""

    subject: str
    state: str
    found: str
    advice: str = ""


def examine(course: Course) -> Iterator[Finding]:
    """Yield findings, the quick ones first. A check that itself goes wrong is a failure, not the end of the rest."""
    for check in (python, packages, bytecode, tensorflow, data, record, nbgrader, kernel, sandbox, memory, disk):
        try:
            yield from check(course)
        except Exception as error:
            yield Finding(check.__name__, FAIL, f"{type(error).__name__}: {error}", "run `make setup`, then try again")


def python(course: Course) -> Iterator[Finding]:
    from packaging.specifiers import SpecifierSet

    wanted = project(course).get("requires-python", ">=3.11,<3.14")
    fits = platform.python_version() in SpecifierSet(wanted)
    yield Finding(
        "Python",
        OK if fits else FAIL,
        f"{platform.python_version()} in {sys.prefix}",
        "" if fits else f"the course needs Python {wanted}: delete .venv, install one of those, run `make setup`",
    )


def packages(course: Course) -> Iterator[Finding]:
    """Compare what is installed with what pyproject.toml asks for: its dependencies, and one build of TensorFlow."""
    table = project(course)
    wrong = complaints(table.get("dependencies", []))
    extras = {name: complaints(lines) for name, lines in table.get("optional-dependencies", {}).items()}
    serve = extras.pop("serve", [])
    # The others bring TensorFlow for CPUs or with CUDA; either will do.
    if extras and all(extras.values()):
        wrong += min(extras.values(), key=len)
    found = "; ".join(wrong) or "all that the course needs"
    yield Finding("packages", FAIL if wrong else OK, found, "run `make setup`" if wrong else "")
    if serve:
        advice = "only for `course serve` and chapter 12: run `make setup`"
        yield Finding("packages of the server", WARN, "; ".join(serve), advice)


def complaints(lines: list[str]) -> list[str]:
    """Say which of the requirements in `lines` are not met by what is installed."""
    from packaging.requirements import Requirement

    wrong = []
    for needed in map(Requirement, lines):
        if needed.marker and not needed.marker.evaluate():
            continue
        try:
            version = importlib.metadata.version(needed.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{needed.name} is missing")
        else:
            if not needed.specifier.contains(version, prereleases=True):
                wrong.append(f"{needed.name} is {version}, not {needed.specifier}")
    return wrong


def project(course: Course) -> dict:
    """Return the [project] table of pyproject.toml."""
    path = course.root / "pyproject.toml"
    if not path.is_file():
        raise CourseError(f"{path} is missing; `git checkout pyproject.toml` brings it back")
    return tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})


def tensorflow(course: Course) -> Iterator[Finding]:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        answer = subprocess.run(
            [sys.executable, "-c", LOOK_AT_TENSORFLOW],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=180,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        yield Finding("TensorFlow", FAIL, "not imported after 3 minutes", "run `make setup`, which compiles it once")
        return
    try:
        version, keras, seconds, gpus = json.loads(answer.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        last = (answer.stderr.strip().splitlines() or [f"the process ended with {answer.returncode}"])[-1]
        advice = "run `make setup`; if that changes nothing, this processor may lack AVX, which TensorFlow needs"
        yield Finding("TensorFlow", FAIL, f"cannot be imported: {last}", advice)
        return
    slow = seconds > 15
    yield Finding(
        "TensorFlow",
        WARN if slow else OK,
        f"{version} with Keras {keras}, imported in {seconds:.1f} s",
        "slow to start: is the machine busy? If not, `make setup` compiles the bytecode anew" if slow else "",
    )
    if gpus:
        yield Finding("GPU", OK, f"{len(gpus)} ({', '.join(gpus)})")
    elif cards := nvidia_cards():
        found = f"{cards[0]}, which this TensorFlow does not use"
        yield Finding("GPU", WARN, found, "every chapter runs without; to use it, `make lab TENSORFLOW=gpu` (Linux)")
    else:
        yield Finding("GPU", OK, "none; every chapter runs without")


def nvidia_cards() -> list[str]:
    """Return a line for every GPU that NVIDIA's driver knows; empty where there is no driver."""
    try:
        answer = subprocess.run(
            ["nvidia-smi", "-L"], capture_output=True, encoding="utf-8", errors="replace", timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    lines = answer.stdout.splitlines() if answer.returncode == 0 else []
    return [line.partition(" (UUID")[0] for line in lines if line.startswith("GPU ")]


def bytecode(course: Course) -> Iterator[Finding]:
    """Look whether TensorFlow's modules are compiled; without that every kernel starts 10 to 58 s late."""
    spec = importlib.util.find_spec("keras")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder is None:
        return  # packages said so
    compiled = any((folder / "src" / "__pycache__").glob("*.pyc")) or any((folder / "__pycache__").glob("*.pyc"))
    found = "packages are compiled" if compiled else "packages are not compiled, every start of TensorFlow is slow"
    yield Finding("bytecode", OK if compiled else WARN, found, "" if compiled else "run `make setup`")


def data(course: Course) -> Iterator[Finding]:
    from course_lib import data as course_data

    for status in course_data.status():
        advice = "" if status.verified else "run `course data` while there is a network"
        yield Finding("data", OK if status.verified else WARN, status.note, advice)


def record(course: Course) -> Iterator[Finding]:
    """Look whether what a learner does can be kept."""
    from course_lib.checking import progress
    from course_lib.checking.home import home, unwritable

    folder = home(course.work)
    progress.read(start=course.work)  # where it is damaged, it is kept beside
    if troubles := [*filter(None, [unwritable(folder)]), *progress.news()]:
        yield Finding("record", WARN, " ".join(dict.fromkeys(troubles)), f"look at {folder}")
    else:
        yield Finding("record", OK, f"progress and your library are kept in {folder}")


def nbgrader(course: Course) -> Iterator[Finding]:
    version = importlib.metadata.version("nbgrader")
    importlib.import_module("nbgrader.converters")
    there = (course.root / "nbgrader_config.py").is_file()
    yield Finding(
        "nbgrader",
        OK if there else FAIL,
        f"{version}" + ("" if there else ", but nbgrader_config.py is missing"),
        "" if there else "`git checkout nbgrader_config.py` brings it back",
    )


def kernel(course: Course) -> Iterator[Finding]:
    """Start a kernel and let it compute something."""
    from nbformat.v4 import new_code_cell, new_notebook

    from course_lib.commands.kernel import run_notebook

    cell = new_code_cell("import course_lib\n6 * 7")
    with tempfile.TemporaryDirectory() as folder:
        run = run_notebook(new_notebook(cells=[cell]), Path(folder), cell_timeout=60)
    output = next((output for output in cell.outputs if output.output_type in ("execute_result", "error")), {})
    if output.get("data", {}).get("text/plain") == "42":
        yield Finding("kernel", OK, "starts and computes")
    else:
        reason = run.stopped or output.get("evalue") or "it gave no answer"
        yield Finding("kernel", FAIL, f"starts, but {reason}", "run `make setup`")


def sandbox(course: Course) -> Iterator[Finding]:
    """Say which layers keep a submission inside, each by really trying. Only who grades others' work needs them."""
    from course_lib.grading.sandbox import suffices

    layers = examine_sandbox()
    for layer in layers:
        yield Finding(f"sandbox: {layer.name}", OK if layer.holds else WARN, layer.found, layer.advice)
    holds = {layer.name for layer in layers if layer.holds}
    enough = suffices(holds) and {"user", "supervisor"} <= holds
    yield Finding(
        "sandbox",
        OK if enough else WARN,
        "others' work can be graded here" if enough else "`course grade` and `nbgrader autograde` will refuse here",
        ""
        if enough
        else "only for grading: seccomp and one of bubblewrap and Landlock must hold, see docs/security.md",
    )


def examine_sandbox() -> list:
    if not sys.platform.startswith("linux"):
        return []
    from course_lib.grading.sandbox import examine

    return examine()


def memory(course: Course) -> Iterator[Finding]:
    import psutil  # a dependency of ipykernel

    free = psutil.virtual_memory().available / GIB
    low = free < MEMORY_WANTED
    yield Finding(
        "memory",
        WARN if low else OK,
        f"{free:.1f} GiB free",
        f"chapters with TensorFlow want {MEMORY_WANTED:g} GiB: close other programs" if low else "",
    )


def disk(course: Course) -> Iterator[Finding]:
    free = shutil.disk_usage(course.root).free / GIB
    low = free < DISK_WANTED
    yield Finding(
        "disk",
        WARN if low else OK,
        f"{free:.1f} GiB free",
        f"data and saved models want {DISK_WANTED:g} GiB: make room" if low else "",
    )
