"""What stands in the library after the chapters up to 05 trains a network, and nothing of the course's is in it."""

import json

import pytest

from course_lib import exercises
from course_lib.library.serving import is_piece
from course_lib.library.shelf import Shelf
from tests.library.conftest import settled
from tests.notebooks.chapters import code_cells, is_answer, is_check, solved

pytestmark = pytest.mark.slow

# Those that there are yet.
CHAPTERS = [chapter for chapter in exercises.CHAPTERS if chapter[:2] <= "05"]

TRAINING = """
import json, sys
from pathlib import Path

import numpy as np
from sklearn.datasets import make_moons

import course_lib
from course_lib import yours

points, moon = make_moons(400, noise=0.12, random_state=0)
points = (points - points.mean(axis=0)) / points.std(axis=0)


def start(seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(2, 16)) / np.sqrt(2), np.zeros(16), rng.normal(size=(16, 2)) / 4, np.zeros(2)]


def accuracy(weights):
    w1, b1, w2, b2 = weights
    return float(np.mean(yours.softmax(np.tanh(points @ w1 + b1) @ w2 + b2).argmax(axis=1) == moon))


def by_descent():
    return accuracy(yours.train_network(points, moon, start(), learning_rate=1.0, steps=1000))


def by_adam():
    weights, optimizer = start(), yours.Adam(learning_rate=0.02)
    for _ in range(300):
        gradients = yours.two_layer_gradients(points, moon, *weights)
        clipped, _ = yours.clip_by_global_norm([gradients[name] for name in ("dW1", "db1", "dW2", "db2")], 1.0)
        weights = optimizer.step(weights, clipped)
    return accuracy(weights)


by_descent(), by_adam()  # what is loaded once, is
called = set()
sys.setprofile(lambda frame, event, _: called.add((frame.f_code.co_filename, frame.f_code.co_name)))
reached = by_descent(), by_adam()
sys.setprofile(None)
course, library = Path(course_lib.__file__).parent, Path("../your_library").resolve()
files = {(Path(file).resolve(), name) for file, name in called if not file.startswith("<")}
print(json.dumps({
    "reached": reached,
    "ours": sorted(
        f"{file.relative_to(course)}: {name}"
        for file, name in files
        if course in file.parents and file.relative_to(course).parts[0] not in ("library", "yours.py", "checking")
    ),
    "theirs": sorted({name for file, name in files if library in file.parents}),
}))
"""


@pytest.fixture
def filled(kernels, work):
    """A learner's work/ after these chapters: every exercise answered and checked in a notebook of its chapter."""
    for chapter in CHAPTERS:
        kernel = kernels(work / chapter)
        for cell in code_cells(solved(chapter)):
            if cell.id == "imports" or is_answer(cell) or is_check(cell):
                shown = kernel.run(cell.source)
                assert "Error" not in shown, f"{chapter}, {cell.id}: {shown}"
    settled(Shelf(work))
    return work


def test_the_library_trains_two_moons_without_the_course(filled, kernels):
    entries = Shelf(filled).entries()
    for chapter in CHAPTERS:
        for exercise in filter(is_piece, exercises.of_chapter(chapter)):
            assert entries[exercise.name].is_used, f"{exercise.name}: {entries[exercise.name].why_not}"
    told = json.loads(kernels(filled / "04_backpropagation").run(TRAINING))
    assert min(told["reached"]) >= 0.97, told
    # Which modules and functions of the course's own mathematics ran while the network was trained: none.
    assert told["ours"] == []
    assert {"train_network", "two_layer_gradients", "dense_gradients", "output_gradient", "softmax", "step",
            "clip_by_global_norm"} <= set(told["theirs"])  # fmt: skip


def test_without_a_library_the_courses_own_would_be_seen(kernels, work):
    told = json.loads(kernels(work / "04_backpropagation").run(TRAINING))
    assert "exercises/backpropagation/training.py: train_network" in told["ours"] and told["theirs"] == []
