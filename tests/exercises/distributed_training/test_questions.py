"""Chapter 11's quiz: a wrong answer is told what it mistook."""

import pytest

from course_lib.exercises import find
from tests.exercises.reports import assert_passes, assert_refused

LETTERS = {"uneven": "b", "ring": "c", "seeds": "a", "batch_size": "c", "policy": "a"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"uneven": "a"}, "as much as the 30"),
        ({"uneven": "d"}, "two networks"),
        ({"ring": "a"}, "one chunk"),
        ({"ring": "d"}, "whole arrays"),
        ({"seeds": "c"}, "not the weights"),
        ({"batch_size": "a"}, "would be 256"),
        ({"policy": "b"}, "three GPUs stand still"),
    ],
)
def test_a_wrong_letter_is_explained(changed, told):
    assert_refused(find("quiz_distributed_training"), lambda: LETTERS | changed, told)


def test_the_right_letters_pass():
    assert_passes(find("quiz_distributed_training"), lambda: LETTERS)
