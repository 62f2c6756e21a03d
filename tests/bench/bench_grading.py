"""Grade a class: `course grade` against stock `nbgrader autograde` and against the floor, on the same submissions.

Stock is nbgrader with its own preprocessors, one kernel a submission, one after the other. The floor runs the same
cells in one warm process and grades nothing (`grading_floor.py`). Seconds, CPU seconds and memory are those of all
processes together. A run is shown twice: as a whole, divided by its submissions, and once started, from the first
submission that is done (with two workers: the second) to the last one. "Start" is how long the first took to be done;
of stock nbgrader, which is measured on five, how long until the first notebook was written, before it is executed.
Every score of every run is checked.

    python -m tests.bench grading              20 and 1,000 submissions of the first two assignments, 20 of the others
    python -m tests.bench grading --quick      20 submissions
    python -m tests.bench grading --sizes 20 1000 --only network
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.bench import grading_call
from tests.bench.grading_class import KINDS, Case, Course, cases, name_of
from tests.bench.process_tree import Memory, Usage, run
from tests.tiny_course import ROOT

SMALL, LARGE = 20, 1000
STOCK = 1 + len(KINDS)  # submissions that stock nbgrader grades: one to start, then one of each kind
FLOOR = 20
WORKERS = (1, 2)
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
)
HEAD = (
    f"{'':34}{'whole run':>27}{'once started':>27}{'start':>14}{'peak MB':>16}{'load':>6}\n"
    f"{'':34}{'a minute':>9}{'s each':>9}{'CPU s':>9}{'a minute':>9}{'s each':>9}{'CPU s':>9}"
    f"{'s':>7}{'CPU s':>7}{'all':>8}{'worker':>8}"
)


def main(arguments: Sequence[str] = ()) -> None:
    names = {case.name: case for case in cases()}
    parser = argparse.ArgumentParser("python -m tests.bench grading")
    parser.add_argument("--quick", action="store_true", help="20 submissions, not 1,000")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of submissions, for all assignments")
    parser.add_argument("--only", choices=names, nargs="+", help="assignments")
    options = parser.parse_args(arguments)
    begin = time.perf_counter()
    if not options.only:
        grading_call.main()
    for name in options.only or names:
        case = names[name]
        sizes = options.sizes or ([SMALL, LARGE] if case.large and not options.quick else [SMALL])
        with tempfile.TemporaryDirectory(prefix="grading-") as folder:
            os.chmod(folder, 0o755)  # the sandbox has another user
            compare(Course(Path(folder) / "course", case), sizes)
    print(f"\nEvery score was what it must be. {(time.perf_counter() - begin) / 60:.1f} minutes, load {load()}.")


def load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def compare(course: Course, sizes: Sequence[int]) -> None:
    """Measure one assignment, and print a table and what is aimed at."""
    case = course.case
    print(f"\n-- {case.title}: {case.name}, {len(course.tests())} tests, load {load()}\n{HEAD}", flush=True)
    stock = measure_stock(course)
    for size in sizes:
        print_usage(f"nbgrader autograde, {size:,}, scaled", stock.scaled(size), stock.memory)
    floor = measure_floor(course)
    print(f"{f'the same cells, ungraded, {FLOOR}':34}{'':27}{60 / floor[0]:9.0f}{floor[0]:9.3f}{floor[1]:9.3f}")
    memory = measure_ours(course, max(WORKERS), len(KINDS) * max(WORKERS), watch_memory=True).memory
    ours = {}
    for size in sizes:
        for workers in WORKERS:
            ours[size, workers] = usage = measure_ours(course, workers, size)
            what = f"course grade, {size:,}, {workers} worker{'s' * (workers > 1)}"
            print_usage(what, usage, memory if workers == max(WORKERS) else None)
    conclude(case, stock, floor, ours, memory)


def print_usage(what: str, usage: Usage, memory: Memory | None) -> None:
    (whole, whole_cpu), (each, cpu), first = usage.whole_each, usage.each, usage.first
    peak = f"{memory.whole / 1e6:8.0f}{memory.largest_child / 1e6:8.0f}" if memory else f"{'':16}"
    print(
        f"{what:34}{60 / whole:9.0f}{whole:9.3f}{whole_cpu:9.3f}{60 / each:9.0f}{each:9.3f}{cpu:9.3f}"
        f"{first.seconds:7.1f}{first.cpu:7.1f}{peak}{usage.load:6.1f}",
        flush=True,
    )


def conclude(
    case: Case, stock: Usage, floor: tuple[float, float], ours: dict[tuple[int, int], Usage], memory: Memory
) -> None:
    """Print ratios: to stock nbgrader, to the floor, of two workers to one, of a large class to a small one."""
    small, large = min(ours)[0], max(ours)[0]
    for size in sorted({size for size, _ in ours}):
        one, two = ours[size, 1], ours[size, 2]
        whole = stock.scaled(size).whole_each[0] / two.whole_each[0]
        print(
            f"{size:,} submissions, 2 workers: {stock.each[0] / two.each[0]:.1f} times stock nbgrader's throughput "
            f"once started (aim {case.aim}; {2 * stock.each[0] / floor[1]:.0f} if two cores ran the cells alone), "
            f"{whole:.1f} times as a whole;\n"
            f"    {two.each[1] / floor[1]:.2f} times the floor's CPU{' (aim at most 2)' if case.tensorflow else ''}; "
            f"{one.each[0] / two.each[0]:.2f} times the throughput of 1 worker (aim 1.7)"
        )
    for workers in WORKERS if large > small else ():
        seconds, cpu = (b / a for a, b in zip(ours[small, workers].each, ours[large, workers].each, strict=True))
        print(
            f"one among {large:,}, {workers} worker{'s' * (workers > 1)}: {seconds:.2f} times the seconds, "
            f"{cpu:.2f} times the CPU of one among {small:,} (aim 0.9 to 1.1)"
        )
    aim = " (aim at most 1200)" if case.tensorflow else ""
    print(
        f"peak memory: a worker with all it starts {memory.largest_child / 1e6:.0f} MB{aim}, "
        f"the coordinator {memory.command / 1e6:.0f} MB; stock nbgrader {stock.memory.whole / 1e6:.0f} MB"
    )


def measure_stock(course: Course) -> Usage:
    """Let stock nbgrader grade a few, then one more with an eye on its memory."""
    course.use(stock=True)
    found = []
    for count, watch_memory in ((STOCK, False), (1, True)):
        course.hand_in(count)
        course.reset()
        command = course.nbgrader("autograde")
        found.append(run(command, course.done(stock=True), count, watch_memory=watch_memory, **course.options))
        course.check_scores(count, "stock nbgrader")
    course.use(stock=False)
    return replace(found[0], memory=found[1].memory)


def measure_ours(course: Course, workers: int, size: int, watch_memory: bool = False) -> Usage:
    course.hand_in(size)
    course.reset()
    command, done = course.grade(workers), course.done(stock=False)
    usage = run(command, done, size, started=workers, watch_memory=watch_memory, **course.options)
    course.check_scores(size, " ".join(command[2:]))
    return usage


def measure_floor(course: Course) -> tuple[float, float]:
    """Return seconds and CPU seconds of a submission whose cells are run in a warm process, without grading."""
    tests = course.tests()
    submissions = []
    for number in range(len(KINDS) + FLOOR):  # one of each kind to warm up
        cells = course.submissions[KINDS[number % len(KINDS)]].cells
        wanted = [cell for cell in cells if cell.cell_type == "code" and "demo" not in cell.metadata.get("tags", [])]
        submissions.append([{"name": name_of(cell), "source": cell.source} for cell in wanted])
    given = json.dumps({"folder": str(course.source), "submissions": submissions, "tests": tests})
    environment = course.options["env"] | ONE_THREAD | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    command = [sys.executable, "-m", "tests.bench.grading_floor"]
    done = subprocess.run(
        command, input=given, text=True, stdout=subprocess.PIPE, env=environment, cwd=ROOT, check=True
    )
    results = json.loads(done.stdout)
    course.check([result["score"] for result in results], "the floor")
    warm = results[len(KINDS) :]
    return sum(each["seconds"] for each in warm) / FLOOR, sum(each["cpu"] for each in warm) / FLOOR
