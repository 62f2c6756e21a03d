"""What chapter 02 asks of the network microscope, against the microscope itself."""

import re

import pytest

from course_lib.exercises import find
from course_lib.exercises.initialization.exploring import GROWTH, SATURATED, SCALE
from course_lib.widgets.network_microscope import SCALES, network_microscope
from tests.exercises.reports import assert_passes, assert_refused

NUMBER = r"(\d[\d.e+-]*\d|\d)"


def sentence(asked):
    return network_microscope(state=f"network-microscope?{asked}").sentence


def way(text, which):
    """Return what the deviation goes from and to, "outputs" or "gradients"."""
    pattern = {"outputs": rf"outputs' deviation goes from {NUMBER} to {NUMBER}", "gradients": ""}[which]
    pattern = pattern or rf"gradients' from {NUMBER} to {NUMBER}"
    return [float(number) for number in re.search(pattern, text).groups()]


def test_it_shows_how_many_outputs_are_saturated():
    (percent,) = re.search(r"(\d+) % saturated", sentence("initializer=standard_normal&layer=5")).groups()
    assert int(percent) == round(100 * SATURATED)


def test_it_shows_how_far_the_gradients_grow():
    begin, end = way(sentence("initializer=standard_normal"), "gradients")
    assert end / begin == pytest.approx(GROWTH, rel=0.02)


def test_one_scale_lasts_fifty_layers_and_its_neighbors_do_not():
    place = SCALES.index(SCALE)
    ratios = []
    for scale in SCALES[place - 1 : place + 2]:
        text = sentence(f"activation=linear&initializer=standard_normal&depth=50&scale={scale}&layer=50")
        first, last = way(text, "outputs")
        ratios.append(last / first)
    assert ratios[0] < 0.5 < ratios[1] < 2 < ratios[2]


def test_what_is_read_off_is_judged():
    questions = find("microscope_questions")
    assert_passes(questions, lambda: {"saturated": "67 %", "growth": 180, "scale": "0.175"})
    assert_passes(questions, lambda: {"saturated": 0.67, "growth": "0.53 / 0.0029", "scale": 0.175})
    for wrong, told in (
        ({"saturated": 67, "growth": 183, "scale": 0.175}, "saturated: That is in percent"),
        ({"saturated": 0.92, "growth": 183, "scale": 0.175}, "saturated: That is the deviation"),
        ({"saturated": 0.67, "growth": 1 / 183, "scale": 0.175}, "growth: That is the other way round"),
        ({"saturated": 0.67, "growth": 1.01, "scale": 0.175}, "growth: That is what becomes of the outputs"),
        (
            {"saturated": 0.67, "growth": 183, "scale": 0.18},
            "scale: There the outputs of layer 50 are nearly four times",
        ),
        ({"saturated": 0.67, "growth": 183, "scale": 0.25}, "scale: That lasts with ReLU"),
        ({"saturated": 0.67, "growth": 183, "scale": 1.0}, "scale: At this scale the signal explodes"),
    ):
        assert_refused(questions, lambda wrong=wrong: wrong, told, seeds=range(1))
