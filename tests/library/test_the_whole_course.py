"""All chapters in order in one home: the library that comes out is complete, and networks train on nothing else."""

import json
import re
import shutil

import numpy as np
import pytest

from course_lib import exercises, showcase
from course_lib.checking.home import COURSE
from course_lib.exercises.your_network import PIECES
from course_lib.library.serving import is_piece
from course_lib.library.shelf import Shelf
from tests.learner import learner_environment
from tests.library.conftest import Kernel, settled
from tests.notebooks.chapters import code_cells, is_demo, is_proof, solved
from tests.tiny_course import run

pytestmark = pytest.mark.slow

LAST = "14_your_network"
IMPORTS = """
import json, sys
from pathlib import Path
import numpy as np
import course_lib
from course_lib import data, yours
"""
# Whose functions ran: those of the course but for what serves them, and those of the library.
HEAR = """
called = set()


def heard(action):
    called.clear()
    sys.setprofile(lambda frame, event, _: called.add((frame.f_code.co_filename, frame.f_code.co_name)))
    try:
        return action()
    finally:
        sys.setprofile(None)


def whose():
    course, library = Path(course_lib.__file__).parent, Path("../your_library").resolve()
    files = {(Path(file).resolve(), name) for file, name in called if not file.startswith("<")}
    ours = [(file.relative_to(course), name) for file, name in files if course in file.parents]
    return {
        "ours": sorted(f"{file}: {name}" for file, name in ours
                       if file.parts[0] not in ("library", "yours.py", "checking")),
        "theirs": sorted({name for file, name in files if library in file.parents}),
    }
"""
MOONS = (
    IMPORTS
    + HEAR
    + """
from sklearn.datasets import make_moons

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
reached = heard(lambda: (by_descent(), by_adam()))
print(json.dumps({"reached": reached} | whose()))
"""
)
DIGITS = (
    IMPORTS
    + HEAR
    + """
from threadpoolctl import threadpool_limits

threadpool_limits(1)
(images, labels), (images_test, labels_test) = data.mnist(say=None)


def rows(images):
    return yours.scale_images(images).reshape(len(images), -1).astype("float32")


def train(count, epochs):
    weights = yours.starting_weights((784, 256, 128, 10), seed=14)
    x = rows(images[:count])
    return yours.fit_network(x, labels[:count], weights, epochs, 128, learning_rate=0.002, rate=0.1, seed=14)


train(256, 1)  # what is loaded once, is
weights, losses = heard(lambda: train(COUNT, EPOCHS))
digits = yours.network_outputs(rows(images_test), weights)[0].argmax(axis=1)
print(json.dumps({"accuracy": float(np.mean(digits == labels_test)), "losses": len(losses),
                  "type": str(weights[0].dtype)} | whose()))
"""
)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """start(folder): a new kernel that runs there, with the home that a notebook there has by itself."""
    started, elsewhere = [], tmp_path_factory.mktemp("data")

    def start(folder):
        folder.mkdir(parents=True, exist_ok=True)
        started.append(Kernel(folder, learner_environment(XDG_DATA_HOME=elsewhere)))
        return started[-1]

    yield start
    for kernel in started:
        kernel.stop()


@pytest.fixture(scope="module")
def shown():
    """{cell: what it showed} of chapter 14, filled in by `filled`."""
    return {}


@pytest.fixture(scope="module")
def filled(start, shown, tmp_path_factory):
    """A learner's work/ after all chapters: every notebook run in order, the last one with its demonstrations."""
    root = tmp_path_factory.mktemp("course")
    (root / COURSE[0]).mkdir()
    (root / COURSE[1]).touch()
    work = root / "work"
    for chapter in exercises.CHAPTERS:
        kernel = start(work / chapter)
        for cell in code_cells(solved(chapter)):
            if not is_proof(cell) and (chapter == LAST or not is_demo(cell)):
                said = kernel.run(cell.source, seconds=600)
                assert not re.search(r"^\w*(Error|Exception): ", said, re.MULTILINE), f"{chapter}, {cell.id}: {said}"
                if chapter == LAST:
                    shown[cell.id] = said
        kernel.stop()
    settled(Shelf(work))
    return work


def test_the_library_is_complete(filled, shown, monkeypatch):
    entries = Shelf(filled).entries()
    for chapter in exercises.CHAPTERS:
        for exercise in filter(is_piece, exercises.of_chapter(chapter)):
            assert entries[exercise.name].is_used, f"{exercise.name}: {entries[exercise.name].why_not}"
    told = "All 16 functions of the network of chapter 14 are yours."
    assert shown["made-of"].startswith("12 of the 16 functions")  # before its own four exercises
    monkeypatch.setenv("DESCENT_HOME", str(filled))
    monkeypatch.chdir(filled.parent)
    result = run("library")
    assert result.exit_code == 0 and result.stdout.splitlines()[-1] == told, result.stdout


def test_chapter_14_makes_a_whole_page_of_it(filled, shown, monkeypatch):
    assert shown["read_digits-check"] == "4.0" and shown["keep-network"].startswith("Your network is kept.")
    assert "at least 0.980 of the test images are right: True" in shown["test-run"]
    assert "you have 25 of 25 points" in shown["closing"].replace("and have", "you have")
    monkeypatch.setenv("DESCENT_HOME", str(filled))
    pixels = np.zeros((28, 28))
    pixels[4:24, 13:16] = 1
    showcase.keep_digit(pixels, np.eye(10)[1])
    monkeypatch.chdir(filled.parent)
    result = run("report")
    assert result.exit_code == 0 and len(result.stdout.splitlines()) == 1, result.stdout
    page = (filled / "your_network.html").read_text(encoding="utf-8")
    assert "16 of its 16 functions were written by hand" in page and 'class="missing"' not in page
    for name in (*showcase.your_network.PIECES, "two_layer_gradients", "warm_up"):
        assert re.search(rf"<code>{name}</code>.*?<pre>.*?(def|class) {name}\b", page, re.DOTALL), name


def test_the_library_trains_two_moons_without_the_course(filled, start):
    told = json.loads(start(filled / "04_backpropagation").run(MOONS))
    assert min(told["reached"]) >= 0.97, told
    # Which modules and functions of the course's own ran while the network was trained: none.
    assert told["ours"] == []
    assert {"train_network", "two_layer_gradients", "dense_gradients", "output_gradient", "softmax", "step",
            "clip_by_global_norm"} <= set(told["theirs"])  # fmt: skip


def test_the_library_learns_to_read_without_the_course(filled, start):
    kernel = start(filled / LAST)
    told = json.loads(kernel.run(DIGITS.replace("COUNT", "54_000").replace("EPOCHS", "8"), seconds=900))
    assert told["accuracy"] >= 0.980 and told["losses"] == 8 * 422 and told["type"] == "float32", told
    assert told["ours"] == []
    assert {"fit_network", "network_outputs", "network_gradients", "starting_weights", "he_normal", "relu", "dropout",
            "crossentropy_from_logits", "one_hot", "minibatches", "dense_gradients", "step", "cosine_decay",
            "scale_images"} <= set(told["theirs"])  # fmt: skip


def test_where_pieces_are_missing_they_are_named_and_the_courses_serve_for_these_alone(filled, start, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(filled.parent, root)
    Shelf(root / "work").file("optimizers").unlink()
    kernel = start(root / "work" / LAST)
    said = kernel.run("from course_lib.showcase import made_of\nprint(made_of())")
    assert said == (
        "14 of the 16 functions of the network of chapter 14 are yours. The course's serve for "
        "minibatches and Adam (chapter 05). Your minibatches is not used: the file that it was in is gone. "
        "Your Adam is not used: the file that it was in is gone."
    )
    told = json.loads(kernel.run(DIGITS.replace("COUNT", "2_000").replace("EPOCHS", "3")))
    assert told["accuracy"] > 0.85 and "fit_network" in told["theirs"] and "step" not in told["theirs"]
    # The optimizers make their numbers floats by a helper of the activations, and share large updates among threads.
    files = {called.partition(":")[0] for called in told["ours"] if called != "activations.py: as_float"}
    assert files == {"optimizers.py", "parallel.py", "exercises/optimizers/cutting.py"}, told["ours"]


def test_without_a_library_the_courses_own_would_be_seen_and_each_is_named(start, tmp_path):
    root = tmp_path / "course"
    (root / COURSE[0]).mkdir(parents=True)
    (root / COURSE[1]).touch()
    kernel = start(root / "work" / LAST)
    said = kernel.run("from course_lib.showcase import made_of\nprint(made_of())")
    assert said.startswith("0 of the 16 functions")
    assert all(re.search(rf"\b{name}\b", said) for name in PIECES) and len(PIECES) == 16
    told = json.loads(kernel.run(DIGITS.replace("COUNT", "2_000").replace("EPOCHS", "3")))
    assert told["accuracy"] > 0.85 and told["theirs"] == []
    assert {"exercises/your_network/solved.py: fit_network", "activations.py: relu"} <= set(told["ours"])
    told = json.loads(kernel.run(MOONS))
    assert "exercises/backpropagation/training.py: train_network" in told["ours"] and told["theirs"] == []
