"""Pictures of chapter 12's answers show their mistakes; what is lazy earns nothing; what is devised is judged."""

import numpy as np
import pytest

from course_lib import quantization
from course_lib.exercises.compression_and_deployment import EXERCISES, quantize_with_a_bug
from course_lib.exercises.compression_and_deployment.breaking import (
    FAR,
    LOST,
    NEAR,
    SOME_LEFT,
    with_one_scale,
    with_own_scales,
)
from course_lib.exercises.compression_and_deployment.choosing import DROPS, FEW_LEVELS, SHARE, SIZES
from tests.exercises.pictures import SceneTests
from tests.exercises.reports import report_on

NAMED = {exercise.name: exercise for exercise in EXERCISES}
# What is no array or pair cannot be drawn, nor a range that is 0 alone; and the kind of a number is no number.
NOT_DRAWN = {
    "prune_by_magnitude": {"prune_in_a_row"},
    "scale_and_zero_point": {
        "no_special_case", "no_special_case_in_numpy", "zero_scale", "scale_alone", "scale_alone_but_for_zero",
    },
    "quantize": {"quantize_to_floats", "quantize_to_wide_integers"},
}  # fmt: skip


class TestScenes(SceneTests):
    exercises = EXERCISES
    not_drawn = NOT_DRAWN


LAZY = {
    "prune_by_magnitude": lambda weights, sparsity: weights,
    "prunes_right": lambda prune: True,
    "sparsity_per_layer": lambda sizes, levels, drops, share: [max(levels)] * len(sizes),
    "scale_and_zero_point": lambda low, high: (1.0, 0),
    "quantize": lambda x, scale, zero_point: x.astype(np.int8),
    "integer_product": lambda inputs, *others: np.zeros((len(inputs), 4), np.int32),
    "lost_column": lambda: np.ones((2, 2)),
    "folded_batch_normalization": lambda kernel, bias, *others: (kernel, bias),
    "distillation_loss": lambda student, *others: (0.0, np.zeros_like(student)),
    "checked_input": lambda body, side=28: (422, "no"),
}


@pytest.mark.parametrize("name", NAMED)
def test_a_lazy_answer_earns_little(name):
    assert report_on(NAMED[name], LAZY[name]).points <= (0.5 if name == "lost_column" else 0.0)


def test_nothing_is_copied_from_a_formula():
    assert {exercise.kind for exercise in EXERCISES} == {"derive", "write the check", "reach it", "repair", "break it"}


@pytest.mark.parametrize("seed", range(30))
def test_what_is_said_of_a_kernel_is_what_quantization_makes_of_it(seed):
    rng = np.random.default_rng(seed)
    kernel = rng.choice([-1, 1], size=(3, 2)) * rng.uniform(0.5 if seed % 2 else 0.01, 1, size=(3, 2))
    kernel *= np.array([1, 10.0 ** rng.uniform(0, 4)])
    scale = np.abs(kernel).max() / 127
    one = quantization.dequantize(quantization.quantize(kernel, scale, 0), scale, 0)
    scales = quantization.symmetric_scales(kernel)
    own = quantization.dequantize(quantization.quantize(kernel, scales, 0), scales, 0)
    assert with_one_scale(kernel) == (LOST if np.any(np.abs(one).max(axis=0) == 0) else SOME_LEFT)
    assert with_own_scales(kernel) == (NEAR if np.all(np.abs(own - kernel) <= 0.02 * np.abs(kernel)) else FAR)


def test_small_steps_lead_past_the_best_choice():
    assert NAMED["sparsity_per_layer"].reference(SIZES, FEW_LEVELS, DROPS, SHARE) == [0.0, 0.9]


def test_the_bug_is_right_far_from_the_ends_and_wraps_near_them():
    x = np.array([-0.5, 0.0, 0.5, 1.0])
    np.testing.assert_array_equal(quantize_with_a_bug(x, 0.01, 20), quantization.quantize(x, 0.01, 20))
    assert quantize_with_a_bug(np.array([1.2]), 0.01, 20)[0] < 0 < quantization.quantize(np.array([1.2]), 0.01, 20)[0]


def test_the_test_of_pruning_is_tried_on_as_many_as_the_task_says():
    rows = report_on(NAMED["prunes_right"], lambda prune: True).rows
    assert [sum(row.passed == passed for row in rows) for passed in (True, False)] == [3, 20]
