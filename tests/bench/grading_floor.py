"""The floor of grading: the same cells, run one submission after the other in one warm process, with no grading at all.

`python -m tests.bench.grading_floor` reads {"folder", "submissions", "tests", "skip"} as JSON from standard input and
prints for each submission its seconds, CPU seconds and score. Nothing is safe here, and one submission can change
NumPy for the next one.
"""

import json
import os
import sys
import time

import matplotlib_inline.backend_inline  # noqa: F401  (figures are drawn as in a notebook)
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output


class Shell(InteractiveShell):
    """A notebook's shell without a kernel."""

    def enable_gui(self, gui=None):
        """`%matplotlib inline` asks for none."""


def credit(result, points: float) -> float:
    """Return what nbgrader gives: nothing for an error, a number that a test ends with, else all points."""
    if not result.success:
        return 0.0
    try:
        return float(repr(result.result))
    except ValueError:
        return points


def run(shell: InteractiveShell, cells: list[dict], tests: dict) -> dict:
    begin, cpu = time.perf_counter(), time.process_time()
    score = 0.0
    with capture_output():
        for cell in cells:
            points, source = tests.get(cell["name"], (0.0, cell["source"]))
            result = shell.run_cell(source, store_history=True)
            if cell["name"] in tests:
                score += credit(result, points)
    measured = {"seconds": time.perf_counter() - begin, "cpu": time.process_time() - cpu, "score": score}
    shell.reset(new_session=True)
    return measured


def main():
    given = json.load(sys.stdin)
    os.chdir(given["folder"])
    sys.path.insert(0, given["folder"])
    shell = Shell.instance()
    results = [run(shell, cells, given["tests"]) for cells in given["submissions"]]
    print(json.dumps(results))


if __name__ == "__main__":
    main()
