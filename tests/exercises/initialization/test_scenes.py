"""Pictures of chapter 02's answers show the mistake, and nothing that is none."""

import re
from functools import partial

import numpy as np

from course_lib.below_report import picture_of
from course_lib.exercises import find
from course_lib.exercises.initialization.turning import faulty_orthogonal


def test_a_kernel_whose_draws_are_not_cut_looks_right():
    exercise = find("he_normal")
    cut, whole = (exercise.scene(answer).values for answer in (exercise.reference, exercise.solution))
    assert 0.97 < np.std(cut) / np.std(whole) < 1.03
    # Of sums that spread as a bell does, 1 in 370 lies beyond three deviations; of cut weights none does.
    for sums in (cut, whole):
        assert 0.001 < np.mean(np.abs(sums) > 3 * sums.std()) < 0.006


def test_a_gain_that_is_left_out_is_seen():
    picture = picture_of(find("orthogonal"), partial(faulty_orthogonal, without_gain=True), seconds=60)
    assert re.search("12 of 72 numbers differ.*yours 1, right 4", picture)
