"""What the course itself says on chapter 08: its own answers, its data, and what its questions are answered with."""

import re

import numpy as np
import pytest

from course_lib import notebook, results
from course_lib.data import mnist
from course_lib.exercises import mnist_mlp as ours
from course_lib.exercises.mnist_mlp.exploring import EPOCHS, MNIST_QUESTIONS
from course_lib.network import Callback
from course_lib.optimizers import Adam
from course_lib.widgets.draw_a_digit import DrawADigit
from course_lib.widgets.training_dashboard import TrainingDashboard
from tests.exercises.reports import report_on


def test_our_own_answers_earn_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))
    for name in ("build_mlp", "standardize", "mlp_predict"):
        report = notebook.check(name, getattr(ours, name))
        assert report.points == 0 and "own" in report.message


class FallsToZero(Callback):
    """The chapter's learning rate: along half a cosine."""

    def __init__(self, steps):
        self.step, self.steps = 0, steps

    def on_train_batch_end(self, batch, logs):
        self.step += 1
        self.model.optimizer.learning_rate = 0.0005 * (1 + np.cos(np.pi * self.step / self.steps))


@pytest.mark.slow
def test_a_network_of_the_chapter_answers_the_questions_as_declared():
    (x_train, y_train), _ = results.digits()
    network = results.numpy_mlp(seed=3)
    network.compile(Adam(0.001), loss="sparse_categorical_crossentropy")
    network.fit(x_train, y_train, batch_size=128, epochs=2, callbacks=[FallsToZero(2 * 469)], seed=3, verbose=0)
    drawing, said = DrawADigit(network), {}
    for name, preset in (
        ("high", "a 4, drawn too high"),
        ("corner", "a small 0 in the corner"),
        ("triangle", "a triangle"),
    ):
        drawing.state = drawing.presets[preset]
        digit, probability = re.match(r"The network says (\d) \((\S+)\)", drawing.sentence).groups()
        said[name] = float(probability if name == "triangle" else digit)
    assert report_on(MNIST_QUESTIONS, lambda: said | {"breaks": 3}).passed, said


def test_the_mean_of_the_epoch_so_far_breaks_off_as_often_as_declared():
    (x_train, y_train), _ = results.digits()
    dashboard, network = TrainingDashboard(), results.numpy_mlp(seed=3)
    network.compile(Adam(0.001), loss="sparse_categorical_crossentropy")
    network.fit(x_train[:4000], y_train[:4000], 100, EPOCHS, callbacks=[dashboard], seed=3, verbose=0)
    place, mean = dashboard._quantities[0].curves["epoch_means"].smoothed()
    changes = np.abs(np.diff(np.log(mean)))
    breaks = [step for step in range(20, len(changes)) if changes[step] > 5 * changes[step - 10 : step].max()]
    np.testing.assert_allclose(place[breaks], np.arange(1, EPOCHS))
    assert MNIST_QUESTIONS.reference()["breaks"] == len(breaks)


def test_mnist_stays_what_the_chapter_says_of_it():
    (images, labels), (_, test_labels) = mnist(say=None)
    assert images.shape == (60_000, 28, 28) and np.bincount(labels).argmax() == 1
    assert np.mean(test_labels == 1) == 0.1135
