"""Two replicas take the steps of one: in one process, in two, and in a run that a worker's end has cut in two."""

import json
import subprocess
import sys

import numpy as np
import pytest

from course_lib.training.plan import Plan, batch_of
from course_lib.training.workers import LocalWorkers

# All five conditions: workers draw their weights from other seeds (`train` adds the worker's number), the hidden layer
# is used twice, the first one is frozen, the third and the fifth batch have fewer examples, and there is momentum.
FIVE = ("--steps", "5", "--batch", "21", "--examples", "50", "--tied", "--frozen", "--record")
# Long enough that a worker can be ended while the others are at it.
LONG = ("--steps", "600", "--batch", "21", "--examples", "50", "--save-every", "300", "--record")

pytestmark = pytest.mark.slow


def run(folder, *arguments):
    command = [sys.executable, "-m", "course_lib.training", "--folder", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def record(folder, worker=0):
    return np.load(folder / f"record-{worker}.npy")


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """What one device comes to: (weights after each of five steps, after each of the long run's)."""
    five, long = tmp_path_factory.mktemp("five"), tmp_path_factory.mktemp("long")
    run(five, *FIVE)
    run(long, *LONG)
    return record(five), record(long)


class Differing(LocalWorkers):
    """Workers of which each has another last argument."""

    def __init__(self, last, *arguments):
        super().__init__(len(last), *arguments, "")
        self.last = last

    def _start(self, index, addresses):
        self._command[-1] = self.last[index]
        return super()._start(index, addresses)


def test_the_conditions_are_met(alone):
    plan = Plan(batch=21, examples=50)
    assert [len(batch_of(plan, step)) for step in range(5)] == [21, 21, 8, 21, 21]
    weights, _ = alone
    moved = (weights[1:] != weights[:-1]).any(axis=0)
    first_layer = 40 * 40 + 40
    assert not moved[:first_layer].any() and moved[first_layer:].sum() > 1500
    assert np.abs(np.diff(weights, axis=0)).max(axis=1).min() > 1e-3, "steps that can be told apart at 1e-5"


def test_two_replicas_of_one_process_take_the_steps_of_one(alone, tmp_path):
    assert "2 replicas" in run(tmp_path, *FIVE, "--devices", "2")
    np.testing.assert_allclose(record(tmp_path), alone[0], rtol=0, atol=1e-5)


def test_two_processes_take_the_steps_of_one(alone, tmp_path):
    run(tmp_path, *FIVE, "--local-workers", "2")
    for worker in (0, 1):
        np.testing.assert_allclose(record(tmp_path, worker), alone[0], rtol=0, atol=1e-5)


def test_a_run_whose_worker_was_killed_goes_on_and_ends_where_an_uncut_one_ends(alone, tmp_path):
    arguments = ("--folder", str(tmp_path), *LONG)
    with LocalWorkers(2, *arguments) as workers:
        workers.wait_for(0, "step 300: ")
        workers.kill(1)
        codes = workers.wait()
        assert codes[0] == 3 and codes[1] < 0
        assert "Another worker has ended. Start all workers again" in workers.lines(0)[-1]
    with LocalWorkers(2, *arguments) as workers:
        assert workers.wait() == [0, 0], workers.lines(0)
        assert "begins after step 300, 2 replicas" in workers.lines(0)[1]
    for worker in (0, 1):
        again = record(tmp_path, worker)
        assert len(again) == 300
        np.testing.assert_allclose(again[-1], alone[1][-1], rtol=0, atol=1e-4)


def test_workers_that_cannot_train_together_say_why(tmp_path):
    with Differing(["21", "20"], "--folder", str(tmp_path), "--examples", "50", "--batch") as workers:
        assert workers.wait() == [2, 2]
        assert all("Another worker has other settings." in workers.lines(worker)[-1] for worker in (0, 1))


def test_workers_with_folders_of_their_own_do_not_resume(tmp_path):
    run(tmp_path / "0", *FIVE)
    folders = [str(tmp_path / "0"), str(tmp_path / "1")]
    with Differing(folders, *FIVE, "--folder") as workers:
        assert workers.wait() == [2, 2]
        assert "would begin after step 5, and another one after another step" in workers.lines(0)[-1]
        assert "All workers have to see the same folder" in workers.lines(1)[-1]


def test_workers_measure_their_all_reduces(tmp_path):
    file = tmp_path / "seconds.json"
    with LocalWorkers(2, str(file), "1", "250000", module="course_lib.training.all_reduce") as workers:
        assert workers.wait() == [0, 0], workers.lines(0)
    seconds = json.loads(file.read_text())
    assert len(seconds) == 2 and min(seconds) > 0
