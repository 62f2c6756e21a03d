"""What is read off a picture, as the race's questions are: near enough is right, and a wrong reading is explained."""

import numpy as np
import pytest

from course_lib.checking.exercise import readings
from course_lib.checking.judge import judge
from course_lib.checking.observe import observe

HEIGHT = {"answer": -5.0, "tolerance": 0.1, "wrong": {-10: "Halve it."}, "too small": "Up.", "too large": "Down."}
COLOR = {"answer": "blue", "wrong": {"red": "Look again."}}


def read(**given):
    exercise = readings("readings", {"height": HEIGHT, "color": COLOR})
    return judge(exercise, observe(exercise, lambda: given, 0), 0)


@pytest.mark.parametrize("height", [-5, -5.5, -4.5, np.float32(-5.2), "-5", np.array(-5.1)])
@pytest.mark.parametrize("color", ["blue", " Blue "])
def test_readings_near_enough_pass(height, color):
    assert read(height=height, color=color).passed


@pytest.mark.parametrize(
    ("height", "told"),
    [
        (-9.5, "height: Halve it."),
        (-20, "height: Up."),
        (-5.6, "height: Up."),
        (-4.4, "height: Down."),
        (1e9, "height: Down."),
        (float("inf"), "height: Down."),
        (float("nan"), "nan"),
        ("high", "high, which is not a number"),
        (None, "no answer"),
        ([1, 2], "not a number"),
    ],
)
def test_wrong_readings_are_explained_and_the_right_one_is_kept(height, told):
    report = read(height=height, color="blue")
    assert report.points == 0.5 and told in report.message, report
    assert "5.0" not in str(report)


def test_all_wrong_readings_are_explained_at_once():
    report = read(height=-10, color="red")
    assert "Halve it." in report.message and "Look again." in report.message


def test_readings_that_are_no_dict_are_told_so():
    exercise = readings("readings", {"color": COLOR})
    assert "return a dict" in str(judge(exercise, observe(exercise, lambda: "blue", 0), 0))
