"""`dropout`, whose answers are random, against the bank of answers that people write."""

import numpy as np
import pytest

from course_lib import notebook
from course_lib.exercises import find
from course_lib.exercises.regularization.dropping import DROPOUT, dropout
from tests.exercises.banks import assert_told
from tests.exercises.regularization.bank.dropping import BANK
from tests.exercises.reports import assert_passes, assert_refused


@pytest.fixture(scope="module", autouse=True)
def keras():
    """Keras, imported before any answer's time is taken."""
    import keras

    return keras


def name(value):
    return getattr(value, "__name__", None)


def test_our_own_answer_earns_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))
    report = notebook.check("dropout", dropout)
    assert report.points == 0 and "own" in report.message


@pytest.mark.slow
@pytest.mark.parametrize(("exercise", "answer"), BANK.right_ones, ids=name)
def test_a_right_answer_passes(exercise, answer):
    assert_passes(find(exercise), answer)


@pytest.mark.slow
@pytest.mark.parametrize(("exercise", "answer", "told"), BANK.wrong_ones, ids=name)
def test_a_wrong_answer_is_refused_and_told_something_true(exercise, answer, told):
    assert_told(exercise, answer, told)


@pytest.mark.slow
def test_nearly_all_are_told_by_a_misconception():
    general = BANK.told_in_general()
    assert len(BANK.wrong_ones) >= 25 and len(general) <= 0.05 * len(BANK.wrong_ones), general


# Answers written apart from the bank, and which mistake must be named for sure.


def dropout_by_keras(inputs, rate, training, seed):
    import keras

    return keras.layers.Dropout(rate, seed=seed)(inputs.astype("float32"), training=training)


def dropout_by_uniform(inputs, rate, training, seed):
    if training is False:
        return inputs
    generator = np.random.Generator(np.random.MT19937(seed))
    mask = (generator.uniform(0, 1, inputs.shape) > rate).astype(inputs.dtype)
    mask /= 1 - rate
    return mask * inputs


def dropout_by_masked_copy(inputs, rate, training, seed):
    outputs = inputs.copy()
    if training and rate > 0:
        np.random.seed(seed % 2**32)
        outputs[np.random.binomial(1, rate, inputs.shape) == 1] = 0
        outputs *= 1.0 / (1.0 - rate)
    return outputs


def dropout_by_np_random(inputs, rate, training, seed):
    return inputs * (np.random.rand(*inputs.shape) > rate) if training else inputs


def dropout_classic_tutorial(inputs, rate, training, seed):
    np.random.seed(seed)
    return inputs * (np.random.rand(*inputs.shape) > rate)


def dropout_with_keep_probability(inputs, keep, training, seed):
    if not training:
        return inputs
    rng = np.random.default_rng(seed)
    return inputs * (rng.random(inputs.shape) < keep) / max(keep, 1e-9)


def dropout_never_scaled(inputs, rate, training, seed):
    if training:
        inputs[np.random.default_rng(seed).random(inputs.shape) < rate] = 0
    return inputs


def dropout_always_seeded_42(inputs, rate, training, seed):
    if not training:
        return inputs
    np.random.seed(42)
    return inputs * np.random.binomial(1, 1 - rate, inputs.shape) / (1 - rate)


RIGHT = [dropout_by_keras, dropout_by_uniform, dropout_by_masked_copy]
WRONG = [
    (dropout_by_np_random, "not_inverted + unseeded"),
    (dropout_classic_tutorial, "not_inverted + at_test"),
    (dropout_with_keep_probability, "swapped"),
    (dropout_never_scaled, "not_inverted"),
    (dropout_always_seeded_42, "one_seed"),
]


@pytest.mark.slow
@pytest.mark.parametrize("answer", RIGHT)
def test_another_right_answer_passes(answer):
    assert_passes(DROPOUT, answer)


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "mistake"), WRONG)
def test_another_wrong_answer_is_named(answer, mistake):
    assert_refused(DROPOUT, answer, mistake=mistake)
