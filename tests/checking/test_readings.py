"""What is read off a picture, as the race's questions are: near enough is right, and a wrong reading is explained."""

import numpy as np
import pytest

from course_lib.checking.judge import judge
from course_lib.checking.observe import observe
from course_lib.checking.questions import Reading, readings

HEIGHT = Reading(
    "height",
    -5.0,
    tolerance=0.1,
    wrong={-10: ("Twice as far.", "Halve it.")},
    too_small=("Too low.", "Up."),
    too_large=("Too high.", "Down."),
)
COLOR = Reading("color", "light blue", wrong={"red": ("That is another one.", "Look again.")})


def read(**given):
    exercise = readings("readings", HEIGHT, COLOR)
    return judge(exercise, observe(exercise, lambda: given, 0), 0)


@pytest.mark.parametrize("height", [-5, -5.5, -4.5, np.float32(-5.2), "-5", "−5,2", np.array(-5.1), [-5]])
@pytest.mark.parametrize("color", ["light blue", " Light  Blue ", "Light-blue"])
def test_readings_near_enough_pass(height, color):
    assert read(height=height, color=color).passed


@pytest.mark.parametrize(
    ("height", "told"),
    [
        (-9.5, "height: Twice as far. Halve it."),
        (-20, "height: Too low. Up."),
        (-5.6, "height: Too low. Up."),
        (-4.4, "height: Too high. Down."),
        (1e9, "height: Too high. Down."),
        (float("inf"), "height: Too high. Down."),
        (float("nan"), "nan"),
        ("high", "high, which is not a number"),
        (None, "no answer"),
        ([1, 2], "not a number"),
    ],
)
def test_wrong_readings_are_explained_and_the_right_one_is_kept(height, told):
    report = read(height=height, color="light blue")
    assert report.points == 0.5 and told in report.message, report
    assert "5.0" not in str(report)


@pytest.mark.parametrize("color", ["green", "blue", 3])
def test_a_word_that_is_not_declared_is_not_right(color):
    assert read(height=-5, color=color).message.endswith(f"color: “{color}” is not right.")


def test_all_wrong_readings_are_explained_at_once():
    report = read(height=-10, color="red")
    lines = ["height: Twice as far.", "color: That is another one.", "height: Halve it.", "color: Look again."]
    assert report.message.splitlines() == lines
    first = "✗ readings: 0 of 1 points."
    assert str(report).splitlines()[:5] == [first, *(f"  {line}" for line in lines)]
    html = report._repr_mimebundle_()["text/html"]
    assert [html.count(f"<li>{line}</li>") for line in lines] == [1, 1, 1, 1] and html.count("<ul") == 2


@pytest.mark.parametrize(
    ("height", "yours"),
    [(-9.5, "-9.5"), ("−9,5", "'−9,5'"), (-20, "-20"), (np.float32(-9.5), "-9.5"), ([-9.5], "-9.5")],
)
def test_a_wrong_reading_is_shown_as_it_was_written(height, yours):
    report = read(height=height, color=" Red")
    assert [row.actual for row in report.rows] == [yours, "'Red'"]
    assert report.diagnosis.name in ("height_-10 + color_red", "height_too small + color_red")


def test_readings_that_are_no_dict_are_told_so():
    exercise = readings("readings", COLOR)
    assert "Asked for is a dict" in str(judge(exercise, observe(exercise, lambda: "light blue", 0), 0))
