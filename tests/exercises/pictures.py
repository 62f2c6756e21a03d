"""What is seen in the pictures of a chapter's wrong answers."""

from __future__ import annotations

import numpy as np
import pytest

from course_lib.below_report import picture_of
from course_lib.checking.exercise import Exercise
from course_lib.checking.scene import Curves, Tables

SECONDS = 60.0  # so that a busy machine makes no difference
ODD = {
    "raises": lambda *given, **more: 1 / 0,
    "None": lambda *given, **more: None,
    "a text": lambda *given, **more: "0.5",
    "an empty tuple": lambda *given, **more: (),
    "an empty dict": lambda *given, **more: {},
    "three Nones": lambda *given, **more: (None, None, None),
    "two lists": lambda *given, **more: ([1.0, None], [[1.0], [2.0, 3.0]]),
    "an array of four axes": lambda *given, **more: np.zeros((2, 2, 2, 2)),
}


def is_plain(exercise: Exercise, answer) -> bool:
    """Whether the picture shows at a glance that the answer is wrong: another line, another shape, or other digits."""
    with np.errstate(all="ignore"):
        mine, right = exercise.scene(answer), exercise.scene(exercise.reference)
    if isinstance(right, Tables):
        pairs = [(mine.tables[name], table) for name, table in right.tables.items()]
        return any(
            one.shape != other.shape
            or any(f"{a:.3g}" != f"{b:.3g}" for a, b in zip(one.ravel(), other.ravel(), strict=True))
            for one, other in pairs
        )
    assert isinstance(right, Curves)
    return any(_are_apart(mine.curves[name], curve) for name, curve in right.curves.items())


def _are_apart(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two curves lie apart by a thirtieth of the picture's height, or one of them is not finite in places."""
    if not np.all(np.isfinite(one)):
        return True
    return bool(np.max(np.abs(one - other)) > np.ptp([one, other]) / 30)


class SceneTests:
    """What is asked of the scenes of a chapter. A subclass is the tests of one.

    Attributes:
        exercises: those of the chapter.
        not_drawn: {exercise: the mistakes of which there is no picture}, of each exercise with a scene.
    """

    exercises: list[Exercise]
    not_drawn: dict[str, set[str]]

    def pytest_generate_tests(self, metafunc):
        if "drawn" in metafunc.fixturenames:
            metafunc.parametrize("drawn", [each for each in self.exercises if each.scene], ids=lambda each: each.name)

    def test_these_have_a_scene(self):
        assert {each.name for each in self.exercises if each.scene} == self.not_drawn.keys()

    @pytest.mark.slow
    def test_every_mistake_is_seen_or_has_no_picture(self, drawn):
        mistakes = {each.name: each.answer for each in drawn.misconceptions}
        if drawn.buggy:
            mistakes["the code with the bug"] = drawn.buggy
        pictures = {name: picture_of(drawn, answer, SECONDS) for name, answer in mistakes.items()}
        assert {name for name, picture in pictures.items() if not picture} == self.not_drawn[drawn.name]
        unclear = [name for name, picture in pictures.items() if picture and not is_plain(drawn, mistakes[name])]
        assert not unclear

    def test_a_right_answer_has_no_picture(self, drawn):
        for right in (drawn.reference, *drawn.equivalents, *drawn.accepts):
            assert not picture_of(drawn, right, SECONDS)

    @pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
    def test_what_has_no_place_in_a_picture_has_none(self, drawn, answer):
        assert picture_of(drawn, answer, SECONDS) == ""

    def test_an_answer_has_the_same_picture_each_time(self, drawn):
        seen = [name for name in (each.name for each in drawn.misconceptions) if name not in self.not_drawn[drawn.name]]
        answer = next(each.answer for each in drawn.misconceptions if each.name == seen[0])
        assert picture_of(drawn, answer, SECONDS) == picture_of(drawn, answer, SECONDS)
