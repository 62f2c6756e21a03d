"""Run submissions of a notebook, one after the other, with a sandbox and testers that are kept warm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from course_lib.grading.sandbox import Limits, Outcome, Sandbox, SandboxError
from course_lib.grading.split.plan import Plan
from course_lib.grading.split.tester import Cell, CellResult, Job
from course_lib.grading.split.testers import ONE_CORE, Testers

LATER = 10.0  # seconds: the sandbox ends the submission first, and says at which limit
ENTRY = "course_lib.grading.split.learner:serve"


@dataclass(frozen=True)
class Ran:
    """A submission that was run. `trouble` is one sentence if it did not come to its end by itself, else empty."""

    cells: list[CellResult]
    recorded: frozenset[tuple]  # operators that were asked of the submission's process, see `TesterLink.may_ask`
    outcome: Outcome | None
    trouble: str


@dataclass(frozen=True)
class Rehearsal:
    """What came of running the tests split with the teacher's own solution.

    `allowed` are the operators that they asked of the submission's process (`TesterLink.may_ask`): with a submission
    they ask for no others. `refused` are the tests that the teacher's own solution does not pass, and why: it is they
    that cannot be run split, so no submission loses points for them without a word. `is_whole` says whether each test
    came to an end: one that was late on a busy machine is no test to be refused. `numbers` are the tests that ended
    with a number, their points.
    """

    allowed: frozenset[tuple]
    refused: dict[str, str]
    is_whole: bool = True
    numbers: frozenset[str] = frozenset()


def number_of(outputs: Sequence[dict]) -> float | None:
    """Return the number that a test ended with, which nbgrader takes for points; None where it showed none."""
    for output in outputs:
        if output["output_type"] == "execute_result":
            try:
                return float(output["data"].get("text/plain", ""))
            except ValueError:
                return None
    return None


class Split:
    """Runs submissions, with what teachers' notebooks import already imported.

    Args:
        modules: what to import before the first fork, on both sides; what is not installed is left out.
        exercise_names: exercises whose probes the tests run.
        readable: folders that a submission may read, as those of data sets.
        limits: what one submission may use.
        layers, without_protection: as `Sandbox` has them.
    Raises:
        SandboxError: untrusted code cannot be held here, or something does not start.
    """

    def __init__(
        self,
        modules: Sequence[str] = (),
        exercise_names: Sequence[str] = (),
        readable: Sequence[str] = (),
        limits: Limits = Limits(),  # noqa: B008  (frozen)
        layers: Sequence[str] | None = None,
        without_protection: bool = False,
    ):
        self.limits = limits
        self._readable = list(readable)
        self.testers = Testers(modules, exercise_names)
        try:
            self.sandbox = Sandbox(
                ENTRY,
                preload=["course_lib.grading.split.warm", *self.testers.start(), ONE_CORE],
                folders=self._readable,
                limits=limits,
                layers=layers,
                without_protection=without_protection,
            )
        except BaseException:
            self.testers.close()
            raise

    def run(
        self,
        plan: Plan,
        cells: Sequence[Cell],
        seed: int = 1,
        seconds: float = 30.0,
        files: Sequence[tuple[str, bytes]] = (),
        environment: dict[str, str] | None = None,
        folder: str = "",
        rehearsal: Rehearsal | None = None,
    ) -> Ran:
        """Run one submission; never raises for what it does.

        Args:
            plan: what the teacher's notebook says.
            cells: the submission's, with the tests, in the order in which they are to be run.
            seed: the student's.
            seconds: a cell may take.
            files: relative path and content of what lies beside the submission's notebook.
            environment: variables of the learner's process.
            folder: the teacher's, in which the tests run.
            rehearsal: of the tests; None while they are rehearsed.
        Raises:
            SandboxError: this machine does not run it, whatever it is: the process that forks testers was lost.
        """
        job = Job(list(cells), plan, seconds, seed, environment or {}, list(files), folder, self._readable)
        if rehearsal is not None:
            job.allowed, job.refused = rehearsal.allowed, rehearsal.refused
        results: list[CellResult] = []
        with self.sandbox.start() as child:
            recorded: frozenset[tuple] = frozenset()
            for result in self.testers.run(job, child.channel, self.limits.wall + LATER):
                if "recorded" in result:
                    recorded = frozenset(map(tuple, result["recorded"]))
                else:
                    results.append(CellResult(**result))
            child.channel.close()
            trouble = ""
            try:
                if any(result.state in ("not run", "timed out") for result in results) or len(results) < len(cells):
                    child.kill()
                outcome = child.wait()
            except SandboxError as error:
                outcome, trouble = None, f"the submission ended the process that watches it ({error})"
        if outcome is not None and outcome.limit and outcome.limit != "stopped":  # as it is by us, once it is lost
            trouble = f"the submission {outcome.in_words(self.limits)}"
        missing = [cell.name for cell in list(cells)[len(results) :]]
        lost = next((result.reason for result in results if result.state == "not run"), "")
        if missing and not trouble:
            trouble = "the test itself did not come to an end"
        trouble = trouble or lost
        results = [replace(result, reason=trouble) if result.state == "not run" else result for result in results]
        results += [CellResult(name, "not run", [], trouble) for name in missing]
        return Ran(results, recorded, outcome, trouble)

    def rehearse(self, plan: Plan, cells: Sequence[Cell], **options: Any) -> Rehearsal:
        """Run the teacher's own solution; the arguments are those of `run`."""
        ran = self.run(plan, cells, **options)
        tests = {cell.name for cell in cells if cell.role == "test"}
        refused = {
            result.name: f"the teacher's own solution does not pass it from there ({result.reason})"
            if result.state != "refused"
            else result.reason
            for result in ran.cells
            if result.name in tests and result.state in ("raised", "refused")
        }
        states = {result.state for result in ran.cells if result.name in tests}
        numbers = {
            result.name for result in ran.cells if result.name in tests and number_of(result.outputs) is not None
        }
        return Rehearsal(ran.recorded, refused, not states & {"timed out", "not run"}, frozenset(numbers))

    def close(self) -> None:
        self.sandbox.close()
        self.testers.close()

    def __enter__(self) -> Split:
        return self

    def __exit__(self, *_) -> None:
        self.close()
