"""One call through the split, tester to learner's process and back, beside a pipe of pickles and a direct call."""

import ast
import os
import statistics
from multiprocessing import Pipe, Process

import numpy as np

from course_lib.grading.split import plan as plans
from course_lib.grading.split.running import Split
from course_lib.grading.split.tester import Cell

CALLS, REPEATS = 5_000, 5
WHAT = {"a float": "1.5", "an array of 10": "np.ones(10)", "an array of 1,000": "np.ones(1000)"}
SETUP, ANSWER = "import numpy as np", "def f(x):\n    return x"
TEST = f"""
import time
times = []
for value in ({", ".join(WHAT.values())}):
    for _ in range({REPEATS}):
        f(value)
        begin = time.perf_counter()
        for _ in range({CALLS}):
            f(value)
        times.append(1e6 * (time.perf_counter() - begin) / {CALLS})
times
""".strip()


def split_times() -> list[float]:
    cells = [("setup", SETUP, "other"), ("f", ANSWER, "solution"), ("test", TEST, "test")]
    plan = plans.read([plans.TeacherCell(*cell) for cell in cells])
    jobs = [Cell(name, source, "test" if role == "test" else "run") for name, source, role in cells]
    with Split(["numpy"]) as split:
        *_, result = split.run(plan, jobs, seconds=120.0).cells
    assert result.state == "ran", result
    return ast.literal_eval(result.outputs[-1]["data"]["text/plain"])


def echo(end) -> None:
    while True:
        end.send(end.recv())


def pipe_times() -> list[float]:
    """The same round trips by `multiprocessing`, which trusts the other side with its pickles."""
    ours, theirs = Pipe()
    process = Process(target=echo, args=(theirs,), daemon=True)
    process.start()

    def f(value):
        ours.send(value)
        return ours.recv()

    names = {"f": f, "np": np}
    exec(TEST.rpartition("\n")[0], names)
    process.kill()
    process.join()
    return names["times"]


def direct_times() -> list[float]:
    names: dict = {}
    exec(f"{SETUP}\n{ANSWER}\n{TEST.rpartition(chr(10))[0]}", names)
    return names["times"]


def medians(times: list[float]) -> list[float]:
    return [statistics.median(times[start : start + REPEATS]) for start in range(0, len(times), REPEATS)]


def main() -> None:
    """Print microseconds of a call, all processes on one core, as grading has them."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        found = [medians(times()) for times in (split_times, pipe_times, direct_times)]
    finally:
        os.sched_setaffinity(0, cores)
    load = os.getloadavg()[0]
    print(f"-- one call that returns its argument, median of {REPEATS} times {CALLS:,} calls (load {load:.1f})")
    print(f"{'microseconds':24}{'split':>8}{'pickles in a pipe':>20}{'ratio':>8}{'in one process':>16}")
    for what, split, pipe, direct in zip(WHAT, *found, strict=True):
        aim = "  (aim: at most 50)" if what == "a float" else ""
        print(f"{what:24}{split:8.1f}{pipe:20.1f}{split / pipe:8.2f}{direct:16.2f}{aim}", flush=True)
