"""Exercises whose answer is a test: what it earns, what is said of it, and what tells it right from wrong: calls."""

import inspect

import numpy as np
import pytest

from course_lib.checking.examiner import RIGHT, WRONG, examiner
from course_lib.checking.exercise import Exercise, Misconception, flags
from course_lib.checking.judge import judge
from course_lib.checking.observe import observe, truth_of
from tests.checking.softmax_examiner import BATCH, LOOKS_RIGHT, SOFTMAX, looks_at_one_row, looks_right


def report_on(answer, exercise=LOOKS_RIGHT, seed=0, points=1.0):
    return judge(exercise, observe(exercise, answer, seed), seed, points)


def absolute(x):
    """np.abs by hand."""
    return x if x >= 0 else -x


def by_root(x):
    return (x * x) ** 0.5


def faulty(x, as_is=False, negated=False):
    return x if as_is else -x if negated else absolute(x)


def zero(x):
    """It is always 0.

    Look at the argument.
    """
    return 0.0


def raises(x):
    """It cannot take a negative number.

    Take it.
    """
    if x < 0:
        raise ValueError("negative")
    return x


ABSOLUTE = examiner(
    "looks_right",
    "absolute value",
    right=[absolute, by_root],
    wrong=[
        *flags(faulty, as_is=("The sign stays.", "Turn it."), negated=("The sign turns.", "Not always.")),
        zero,
        raises,
    ],
    reference=lambda absolute: absolute(-2.0) == 2.0 and absolute(3.0) == 3.0,
)


def test_our_own_test_tells_all_apart():
    for exercise in (LOOKS_RIGHT, ABSOLUTE):
        truth = truth_of(exercise, 0)
        assert truth.values == [row.label.startswith(RIGHT) for row in truth.rows]
        assert [row.essential for row in truth.rows] == truth.values
    assert len(truth_of(LOOKS_RIGHT, 0).rows) == 1 + len(SOFTMAX.equivalents) + len(SOFTMAX.misconceptions)


def test_points_go_by_the_wrong_ones_that_are_caught():
    report = report_on(looks_at_one_row, points=13)
    caught = [row for row in report.rows if row.passed and row.label.startswith(WRONG)]
    wrong = [row for row in report.rows if row.label.startswith(WRONG)]
    assert 0 < len(caught) < len(wrong) == len(SOFTMAX.misconceptions)
    assert report.points == pytest.approx(13 * len(caught) / len(wrong), abs=0.01)
    half = report_on(lambda absolute: absolute(3.0) == 3.0, ABSOLUTE, points=4)
    assert half.points == 2.0 and not half.passed


def test_those_that_slip_through_are_named_by_their_cause():
    report = report_on(lambda absolute: absolute(3.0) == 3.0, ABSOLUTE)
    assert report.message == "4 of 6 checks agree. Slipped through: The sign stays. It cannot take a negative number."
    many = report_on(lambda softmax: bool(np.all(softmax(BATCH[0]) >= 0)))
    assert "Slipped through: " in many.message and " more." in many.message and len(many.message) < 1500


def test_nothing_is_earned_where_a_right_one_is_refused_and_the_report_says_which():
    report = report_on(lambda absolute: type(absolute(-2.0)) is float and undefined_name, ABSOLUTE)  # noqa: F821
    assert report.points == 0 and "On a right absolute value (np.abs by hand) your test raised NameError" in str(report)
    report = report_on(lambda absolute: absolute(-2) == 2 and isinstance(absolute(-2), int), ABSOLUTE)
    assert report.points == 0 and report.message.endswith("Your test refuses a right absolute value (by root).")


def test_right_ones_are_known_by_their_docstring_their_name_or_a_label():
    labels = [row.label for row in ABSOLUTE.rows(looks_right, 0)]
    assert labels[:2] == ["right: np.abs by hand.", "right: by root"]
    exercise = examiner("test", "absolute value", {"by its definition": absolute}, [zero], reference=looks_right)
    assert next(exercise.rows(looks_right, 0)).label == "right: by its definition"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda softmax: None, "gives None"),
        (lambda softmax: print(looks_right(softmax)), "gives None"),
        (lambda softmax: softmax(BATCH[0]) > 0, "should return True or False, not an array of shape (3,)"),
        (lambda softmax: [looks_right(softmax)], "should return True or False, not this: [True]"),
        (lambda softmax: "yes", "should return True or False"),
        (lambda softmax: 1, "should return True or False"),
        (lambda softmax: softmax, "should return True or False"),
        (lambda: True, "raised TypeError"),
        (lambda softmax: 1 / 0, "raised ZeroDivisionError"),
        (lambda softmax: softmax(), "missing a required argument: 'logits'"),
    ],
)  # fmt: skip
def test_what_is_no_verdict_earns_nothing_and_is_told(answer, told):
    report = report_on(answer)
    assert report.points == 0 and told in report.message


def test_unwritten_is_not_everything_caught():
    def unwritten(softmax):
        raise NotImplementedError

    report = report_on(unwritten)
    assert report.points == 0 and report.message.startswith("Not written yet")


def test_an_endless_test_is_stopped_once():
    def endless(absolute):
        while absolute(-2.0) != 2.0:
            pass
        return True

    quick = examiner("looks_right", "absolute value", [absolute], [zero], reference=looks_right, time_limit=0.3)
    report = observe(quick, endless, 0)
    assert [value.value.kind for value in report.observations] == ["time", "not run"]


def test_the_order_tells_nothing():
    """The right ones first, as in the report, would be known by counting."""
    orders = set()
    for seed in range(6):
        called = []

        def counts(absolute, called=called):
            called.append(absolute(3.0) == 3.0)
            return True

        observe(ABSOLUTE, counts, seed)
        assert sorted(called) == [False, False, True, True, True, True]
        orders.add(tuple(called))
    assert len(orders) > 2


def test_what_is_given_has_no_name_no_text_and_one_signature():
    seen = []

    def looks(softmax):
        seen.append(
            (
                softmax.__name__,
                softmax.__doc__,
                softmax.__qualname__,
                softmax.__module__,
                vars(softmax) == {},
                str(inspect.signature(softmax)),
                inspect.getsource(softmax),
                softmax.__defaults__,
            )
        )
        return True

    observe(LOOKS_RIGHT, looks, 0)
    assert len(seen) > 10 and len(set(seen)) == 1
    assert not [word for word in ("shift", "softmax", "faulty") if word in str(seen[0])]


def test_nobody_is_told_by_an_error_or_reached_by_a_flag():
    said = set()

    def looks(absolute):
        for call in (lambda: absolute(1, as_is=False), lambda: absolute(), lambda: absolute(1, 2, 3)):
            try:
                call()
            except TypeError as error:
                said.add(str(error))
        return True

    observe(ABSOLUTE, looks, 0)
    assert said == {"got an unexpected keyword argument 'as_is'", "missing a required argument: 'x'",
                    "too many positional arguments"}  # fmt: skip


def test_an_error_of_an_implementation_comes_without_its_frames():
    names = set()

    def looks(absolute):
        try:
            absolute(-2.0)
        except ValueError as error:
            trace = error.__traceback__
            while trace is not None:
                names.add(trace.tb_frame.f_code.co_name)
                trace = trace.tb_next
            assert error.__context__ is None and error.__cause__ is None
        return True

    observe(ABSOLUTE, looks, 0)
    assert names and "raises" not in names


def test_a_layer_is_tested_as_the_pair_of_its_functions():
    class Scale:
        """Twice its input."""

        factor = 2.0

        def forward(self, x):
            return self.factor * x

        def backward(self, upstream):
            return self.factor * upstream

    class Forgets(Scale):
        """The gradient passes unchanged.

        Multiply it too.
        """

        def backward(self, upstream):
            return upstream

    def pair(kind):
        layer = kind()
        return layer.forward, layer.backward

    def looks_right(forward, backward):
        slope = (forward(1.0 + 1e-6) - forward(1.0)) / 1e-6
        return bool(np.isclose(backward(1.0), slope))

    exercise = examiner("looks_right", "layer", [Scale], [Forgets], reference=looks_right, functions=pair)
    assert report_on(looks_right, exercise).passed
    assert [row.label for row in exercise.rows(looks_right, 0)][1] == "wrong: The gradient passes unchanged."
    assert report_on(lambda forward, backward: forward(1.0) == 2.0, exercise).points == 0


def test_wrong_ones_may_be_a_bank_misconceptions_or_functions_and_both_kinds_are_needed():
    bank = Exercise("absolute", absolute, lambda absolute, rng: iter(()), [zero], equivalents=[by_root])
    mixed = [bank, Misconception(lambda x: x, "The sign stays."), raises]
    exercise = examiner("test", "absolute value", bank, mixed, reference=lambda f: f(-2.0) == 2.0)
    assert [row.label for row in exercise.rows(print, 0)] == [
        "right: np.abs by hand.", "right: by root", "wrong: It is always 0.", "wrong: The sign stays.",
        "wrong: It cannot take a negative number.",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="right and wrong"):
        examiner("test", "absolute value", bank, [], reference=looks_right)
