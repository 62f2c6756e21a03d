"""Who may call the reference while an exercise is checked: the probe, and not the answer."""

import threading
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib import activations, exercises, optimizers
from course_lib.checking.exercise import Exercise
from course_lib.library.guard import OursError, guarded, observe

EVERY = [exercise for chapter in exercises.CHAPTERS for exercise in exercises.of_chapter(chapter)]


def double(x):
    return 2 * x


def probe_with_the_reference(answer, rng):
    x = rng.normal(size=3)
    yield "held against the reference", lambda: answer(x) - double(x)
    yield "called back", lambda: answer(x, double)


DOUBLE = Exercise("double", double, probe_with_the_reference, [])


def written(x, function=None):
    return x + x if function is None else function(x)


def test_a_probe_may_call_the_reference_and_hand_it_out():
    record = observe(DOUBLE, written, 0)
    assert [np.shape(row.value) for row in record.observations] == [(3,), (3,)]


def test_an_answer_may_not():
    for answer in (lambda x, f=None: double(x), partial(lambda x, f=None: double(x)), np.vectorize(double)):
        with pytest.raises(OursError):
            observe(DOUBLE, answer, 0)


def test_afterwards_all_is_as_before():
    adam = exercises.find("Adam")
    before = [function.__code__ for function in (double, optimizers.Adam.__init__, optimizers.Adam._update)]
    with pytest.raises(OursError):
        observe(DOUBLE, lambda x, f=None: double(x), 0)
    with pytest.raises(OursError):
        observe(adam, lambda **settings: optimizers.Adam(**settings), 0)
    assert before == [function.__code__ for function in (double, optimizers.Adam.__init__, optimizers.Adam._update)]
    assert double(2) == 4 and optimizers.Adam(0.1).step([np.ones(1)], [np.ones(1)])[0] < 1


def test_other_threads_go_on():
    """A network that trains in a thread of its own while an answer is checked."""
    turn, done, seen = threading.Event(), threading.Event(), SimpleNamespace(value=None)

    def train():
        turn.wait(10)
        seen.value = activations.softmax(np.zeros(2))
        done.set()

    thread = threading.Thread(target=train)
    thread.start()

    def softmax(logits, axis=-1):
        turn.set()
        done.wait(10)
        powers = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
        return powers / powers.sum(axis=axis, keepdims=True)

    observe(exercises.find("softmax"), softmax, 0)
    thread.join()
    assert seen.value.tolist() == [0.5, 0.5]


@pytest.mark.parametrize("exercise", EVERY, ids=lambda exercise: exercise.name)
def test_no_probe_needs_what_is_guarded(exercise):
    """The guard raises nothing in a probe itself: an answer that does nothing is not said to call the reference."""
    with guarded(exercise) as guard:
        pass
    assert not guard.was_needed
    observe(exercise, lambda *arguments, **keywords: None, 0)
