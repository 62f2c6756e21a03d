"""Mistakes that hold a number are known whatever it is; answers to the questions are read in any form."""

from functools import partial

import numpy as np
import pytest

from course_lib.below_report import picture_of
from course_lib.exercises import find, of_chapter
from tests.exercises.reports import assert_passes, assert_refused, report_on

FAMILIES = {
    "normal_nll": {"nll_with_a_limit": (1e-300, 1e-100, 1e-12, 1e-7, 1e-4)},
    "mean_squared_error_gradient": {"gradient_by_one_sided_nudges": (1e-5, 1e-4, 1e-3, 0.1)},
    "huber": {
        "huber_of_a_delta_of_its_own": (0.5, 1.0, 1.35, 2.0),
        "huber_of_another_default": (0.5, 1.35, 2.0),
    },
    "categorical_crossentropy": {
        "crossentropy_with_added": (1e-9, 1e-8, 1e-7, 1e-6, 1e-5),
        "crossentropy_with_another_limit": (1e-15, 1e-12, 1e-10, 1e-8, 1e-5, 1e-4),
        "crossentropy_in_another_base": (2.0, 10.0),
    },
    "crossentropy_from_logits": {
        "from_logits_with_a_limit": (1e-300, 1e-15, 1e-12, 1e-7, 1e-5),
        "from_logits_with_a_limit_in_both": (1e-9, 1e-7, 1e-5),
        "from_logits_with_added": (1e-3, 1e-2),
        "from_logits_clipped": (20.0, 100.0, 500.0),
    },
    "stable_binary_crossentropy": {
        "stable_with_clipped": (1e-15, 1e-12, 1e-7, 1e-5),
        "stable_with_added": (1e-7, 1e-6, 1e-5),
        "stable_with_a_smaller_number": (1e-12, 1e-10, 1e-5),
        "stable_with_clipped_logits": (5.0, 15.0),
        "stable_loss_with_clipped_logits": (30.0, 100.0, 700.0),
        "stable_by_the_chain_rule_with_added": (1e-15, 1e-12, 1e-7),
    },
    "poisson_loss": {"poisson_with_added": (1e-7, 1e-5, 1e-3)},
}
# With some constants these are one function: a logit clipped at −30 is a probability clipped at 9e-14.
THE_SAME = {
    "stable_loss_with_clipped_logits": "stable_with_clipped",
    "stable_with_clipped_logits": "stable_loss_with_clipped_logits",
    "stable_with_a_smaller_number": "stable_with_added",
    "from_logits_with_added": "from_logits_with_a_limit",
    "from_logits_with_a_limit_in_both": "from_logits_with_a_limit",
}
CASES = [
    (exercise, name, constant)
    for exercise, families in FAMILIES.items()
    for name, constants in families.items()
    for constant in constants
]


@pytest.mark.parametrize(("exercise", "name", "constant"), CASES)
def test_a_mistake_is_known_whatever_its_constant(exercise, name, constant):
    (mistake,) = [each for each in find(exercise).misconceptions if each.name == name]
    for seed in range(3):
        report = report_on(find(exercise), partial(mistake.answer, constant=constant), seed)
        assert not report.passed and report.diagnosis.certainty == "sure", str(report)
        assert report.diagnosis.name in {name, THE_SAME.get(name)}, str(report)


@pytest.mark.parametrize("exercise", FAMILIES)
def test_every_family_is_tried(exercise):
    families = {each.name for each in find(exercise).misconceptions if each.constant or each.between}
    assert families == FAMILIES[exercise].keys()


RIGHT = {
    "loss_questions": [
        {"squares": -0.14, "delta": 4.9, "stuck": 203},
        {"squares": "−0.136", "delta": "4.9", "stuck": 202.8},
        {"Squares": np.float64(-0.14), "DELTA": 4.9, "stuck": "0.998 / 0.00492"},
    ],
    "quiz_losses": [
        {"waiting": "B", "stuck": "c)", "labels": " b", "rare": "(c)", "smoothing": "0.91"},
        {"waiting": "b", "stuck": "C", "labels": "b", "rare": "c", "smoothing": "B "},
    ],
}
WRONG = {
    "loss_questions": [
        ({"squares": 0.08, "delta": 4.9, "stuck": 203}, "when the explorer opens"),
        ({"squares": 0.14, "delta": 4.9, "stuck": 203}, "sign is lost"),
        ({"squares": 0.47, "delta": 4.9, "stuck": 203}, "by absolute errors"),
        ({"squares": -0.14, "delta": 4.8, "stuck": 203}, "still rises faster"),
        ({"squares": -0.14, "delta": 5.0, "stuck": 203}, "smaller δ is enough"),
        ({"squares": -0.14, "delta": 6, "stuck": 203}, "largest δ"),
        ({"squares": -0.14, "delta": 4.9, "stuck": 6.03}, "values divided"),
        ({"squares": -0.14, "delta": 4.9, "stuck": 0.0049}, "upside down"),
        ({"squares": -0.14, "delta": 4.9, "stuck": -203}, "point the same way"),
    ],
    "quiz_losses": [
        ({"waiting": "a", "stuck": "c", "labels": "b", "rare": "c", "smoothing": "b"}, "hundred million"),
        ({"waiting": "b", "stuck": "a", "labels": "b", "rare": "c", "smoothing": "b"}, "sigmoid's in it"),
        ({"waiting": "b", "stuck": "c", "labels": "c", "rare": "c", "smoothing": "b"}, "taken for probabilities"),
        ({"waiting": "b", "stuck": "c", "labels": "b", "rare": "d", "smoothing": "b"}, "half of all patients"),
        ({"waiting": "b", "stuck": "c", "labels": "b", "rare": "c", "smoothing": "a"}, "all ten classes"),
    ],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_a_right_answer_passes_in_any_form(name, answer):
    assert_passes(find(name), lambda: answer)


@pytest.mark.parametrize(
    ("name", "answer", "told"), [(name, answer, told) for name, entries in WRONG.items() for answer, told in entries]
)
def test_a_wrong_answer_is_explained(name, answer, told):
    assert_refused(find(name), lambda: answer, told)


@pytest.mark.parametrize(
    "name",
    [exercise.name for exercise in of_chapter("03_losses") if exercise.name not in (*RIGHT, "breaking_predictions")],
)
def test_a_lazy_answer_earns_nothing(name):
    """Zeros, an argument itself, or nothing at all: an easy row must not pay for it."""
    is_pair = name.endswith(("from_logits", "poisson_loss", "stable_binary_crossentropy"))

    def zeros(first, *others, **keywords):
        zero = 0.0 if name in ("normal_nll", "huber", "categorical_crossentropy") else np.zeros(np.shape(first))
        return (0.0, zero) if is_pair else zero

    def same(first, *others, **keywords):
        return (first, first) if is_pair else first

    for lazy in (zeros, same, lambda *arguments, **keywords: None):
        assert report_on(find(name), lazy).points == 0.0


DRAWN = [exercise for exercise in of_chapter("03_losses") if exercise.scene]
# What is returned beside a right pair has no place in a picture, nor what overflows at counts that it does not reach.
NOT_TO_BE_SEEN = {"poisson_with_more", "stable_with_more", "poisson_of_the_probability"}


@pytest.mark.parametrize("exercise", DRAWN, ids=lambda exercise: exercise.name)
def test_no_mistake_looks_right_in_its_picture(exercise):
    for mistake in exercise.misconceptions:
        told = picture_of(exercise, mistake.answer)
        assert not told or "farthest apart" in told or "not finite" in told or mistake.name in NOT_TO_BE_SEEN, (
            mistake.name
        )
