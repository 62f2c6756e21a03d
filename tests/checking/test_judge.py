"""Which answers pass, what the others earn, and what is said of them."""

import gc
import weakref
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.observe import BrokenExerciseError, truth_of


def right(logits, axis=-1):
    powers = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def no_shift(logits, axis=-1):
    return np.exp(logits) / np.exp(logits).sum(axis=axis, keepdims=True)


def both_mistakes(logits, axis=-1):
    return np.exp(logits) / np.exp(logits).sum()


def raises_on_axis_0(logits, axis=-1):
    if axis == 0:
        raise KeyError("axis")
    return no_shift(logits, axis)


def test_a_right_answer_earns_all(exercises, report_on):
    for seed in range(20):
        report = report_on(exercises.softmax, right, seed, points=3)
        assert report.passed and report.points == 3.0 and report.diagnosis is None


def test_one_mistake_is_named_surely(exercises, report_on):
    report = report_on(exercises.softmax, no_shift)
    assert (report.diagnosis.certainty, report.diagnosis.name) == ("sure", "no_shift")
    assert "Subtract the largest logit." in report.message


def test_two_mistakes_are_named_together(exercises, report_on):
    report = report_on(exercises.softmax, both_mistakes)
    assert report.diagnosis.certainty == "sure"
    assert report.diagnosis.name == "no_shift + whole_array"
    assert "Subtract the largest logit." in report.message and "Sum along `axis` only." in report.message


def test_a_mistake_beside_an_unknown_one_is_named_as_likely(exercises, report_on):
    def whole_array_and_no_axis_0(logits, axis=-1):
        powers = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
        return np.zeros_like(logits) + 7 if axis == 0 else powers / powers.sum()

    def probe(softmax, rng):
        yield from exercises.softmax.probe(softmax, rng)
        batch = rng.normal(size=(2, 6))
        yield "a wide batch", lambda: softmax(batch)

    report = report_on(replace(exercises.softmax, probe=probe), whole_array_and_no_axis_0)
    assert (report.diagnosis.certainty, report.diagnosis.name) == ("likely", "whole_array")
    assert str(report.diagnosis).startswith("Probably: ")


def test_what_fits_half_of_the_failing_rows_is_no_diagnosis(exercises, report_on):
    def whole_array_and_no_axis_0(logits, axis=-1):
        powers = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
        return np.zeros_like(logits) + 7 if axis == 0 else powers / powers.sum()

    assert report_on(exercises.softmax, whole_array_and_no_axis_0).diagnosis.certainty == "general"


def test_nan_is_no_evidence(exercises, report_on):
    """Only the overflowing row fails as the misconception's does, and it holds no two finite numbers."""
    report = report_on(exercises.softmax, raises_on_axis_0)
    assert report.diagnosis.certainty == "general"


def test_a_misconception_that_is_nearly_right_is_no_evidence(report_on):
    """Rounding is not taken for a mistake that differs from the truth by as little."""

    def probe(root, rng):
        yield "roots", lambda: root(np.array([1.0, 2.0, 3.0]))
        yield "tiny ones", lambda: root(np.array([1e-12, 2e-12]))

    def with_epsilon(x):
        return np.sqrt(x + 1e-7)

    exercise = Exercise("root", np.sqrt, probe, [Misconception(with_epsilon, "No ε here.")])
    assert report_on(exercise, with_epsilon).diagnosis.name == "with_epsilon"
    rounded = report_on(exercise, lambda x: np.sqrt(x) * (1 + 3e-6))
    assert not rounded.passed and rounded.diagnosis.certainty == "general" and "3 times" not in rounded.message


@pytest.mark.parametrize(("spoiled", "certainty"), [(1, "likely"), (2, "general")])
def test_a_misconception_that_spoils_more_than_it_explains_is_not_named(report_on, spoiled, certainty):
    """The one row that fails is explained, but with that mistake rows would fail that are right."""

    def probe(absolute, rng):
        yield "negative numbers", lambda: absolute(np.array([-1.0, -2.0]))
        yield "positive numbers", lambda: absolute(np.array([1.0, 2.0]))
        for place in range(spoiled):
            yield f"mixed numbers {place}", lambda: absolute(np.array([3.0, -4.0]))

    def unchanged(x):
        return x * 1.0

    exercise = Exercise("absolute", np.abs, probe, [Misconception(unchanged, "The sign stays.")])
    report = report_on(exercise, lambda x: x * 1.0 if np.all(x < 0) else np.abs(x))
    assert (report.diagnosis.certainty, "The sign stays." in report.message) == (certainty, spoiled == 1)


def test_points_follow_the_weights_and_the_essential_rows(exercises, report_on):
    def wrong_along_axis_0(logits, axis=-1):
        return right(logits, -1)

    assert report_on(exercises.softmax, wrong_along_axis_0, points=6).points == 5.0
    # The row of very large logits is essential: three right rows of weight 1 earn nothing without it.
    assert report_on(exercises.softmax, no_shift, points=6).points == 0.0


@pytest.mark.parametrize(
    ("answer", "remark"),
    [
        (lambda logits, axis=-1: None, "return"),
        (lambda logits, axis=-1: -right(logits, axis), "opposite sign"),
        (lambda logits, axis=-1: 3 * right(logits, axis), "3 times"),
        (lambda logits, axis=-1: 0.5 + right(logits, axis), "off by the same amount, 0.5"),
        (lambda logits, axis=-1: right(logits, axis)[..., None], "shape (5, 1)"),
        (lambda logits, axis=-1: right(logits, axis).T[:, None].T, "shape"),
        (lambda logits, axis=-1: right(logits, axis) * np.nan, "NaN"),
        (lambda logits, axis=-1: right(logits, axis) / 0, "infinity"),
        (lambda logits, axis=-1: "text", "text"),
        (lambda logits, axis=-1: object(), "object"),
        (lambda logits, axis=-1: np.float16(right(logits, axis)).astype(float), "float16"),
        (lambda logits, axis=-1: undefined_name, "NameError"),  # noqa: F821
        (lambda: 0, "TypeError"),
        (lambda logits, axis=-1: np.full(np.shape(logits), 0.25), "whatever it is asked"),
    ],
)  # fmt: skip
def test_other_mistakes_get_a_general_remark(exercises, report_on, answer, remark):
    report = report_on(exercises.softmax, answer)
    assert not report.passed and report.points < 1
    assert remark in report.message


def test_an_answer_that_gives_none_in_one_part_is_told_its_mistake(report_on):
    """All other parts are right; a missing `return` would give None in all of them."""

    def both(x):
        return x.sum(), 2 * x

    def without_gradient(x):
        return x.sum(), None

    def probe(both, rng):
        x = rng.normal(size=3)
        for place, part in enumerate(("value", "gradient")):
            yield f"the {part}", lambda place=place: None if both(x) is None else both(x)[place]

    exercise = Exercise("both", both, probe, [Misconception(without_gradient, "The gradient is left out.")])
    report = report_on(exercise, lambda x: (np.sum(x), None))
    assert report.diagnosis.certainty == "sure" and "The gradient is left out." in report.message
    assert "Your code gives None." in report_on(exercise, lambda x: None).message
    unknown = report_on(replace(exercise, misconceptions=[]), lambda x: (np.sum(x), None))
    assert "Your code gives None." not in unknown.message and "None" in str(unknown)


def test_unwritten_and_half_written(exercises, report_on):
    def unwritten(logits, axis=-1):
        raise NotImplementedError

    report = report_on(exercises.softmax, unwritten)
    assert report.points == 0 and "Not written yet" in report.message
    assert "expected" not in str(report)  # there is nothing to compare


def test_changing_an_argument_is_noted_and_harmless(exercises, report_on):
    def in_place(logits, axis=-1):
        logits -= np.max(logits, axis=axis, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=axis, keepdims=True)
        return logits

    report = report_on(exercises.softmax, in_place)
    assert report.passed and "in_place" in report.notes[0] and "changes its argument" in report.notes[0]


def test_float32_is_enough(exercises, report_on):
    assert report_on(exercises.softmax, lambda x, axis=-1: right(x.astype(np.float32), axis)).passed


def test_a_class_with_state(exercises, report_on):
    class Mine:
        """Written otherwise: positive velocity, weights updated in place, memory in a dict."""

        def __init__(self, learning_rate=0.1, momentum=0.9):
            self.learning_rate, self.beta, self.memory = learning_rate, momentum, {}

        def step(self, weights, gradients):
            for i, gradient in enumerate(gradients):
                self.memory[i] = self.beta * self.memory.get(i, 0.0) + self.learning_rate * gradient
                weights[i] -= self.memory[i]
            return weights

    assert report_on(exercises.momentum, Mine).passed
    for misconception in exercises.momentum.misconceptions:
        assert report_on(exercises.momentum, misconception.answer).diagnosis.name == misconception.name

    class Forgets(Mine):
        def step(self, weights, gradients):
            self.memory = {}
            return [
                2 * w - v for w, v in zip(weights, super().step([w.copy() for w in weights], gradients), strict=True)
            ]

    assert report_on(exercises.momentum, Forgets).diagnosis.name == "uphill + forgets"


def test_random_answers_are_judged_by_statistics(exercises, report_on):
    def other_generator(x, rate, seed):
        generator = np.random.RandomState(seed + 1)
        return np.where(generator.binomial(1, 1 - rate, size=x.shape) == 1, x / (1 - rate), 0.0)

    for seed in range(20):
        assert report_on(exercises.dropout, other_generator, seed).passed
        for misconception in exercises.dropout.misconceptions:
            report = report_on(exercises.dropout, misconception.answer, seed)
            assert not report.passed and report.diagnosis.name == misconception.name


def test_an_accepted_convention_must_be_kept_throughout(report_on):
    def probe(mean_squared_error, rng):
        x, y = rng.normal(size=(2, 5))
        yield "two vectors", lambda: mean_squared_error(x, y)
        yield "swapped", lambda: mean_squared_error(y[:3], x[:3])

    def halved(x, y):
        return np.mean((x - y) ** 2) / 2

    def half_of_the_time(x, y):
        return np.mean((x - y) ** 2) / (2 if len(x) == 5 else 1)

    exercise = Exercise("mse", lambda x, y: np.mean((x - y) ** 2), probe, [], accepts=[halved])
    assert report_on(exercise, halved).passed
    assert not report_on(exercise, half_of_the_time).passed


def test_functions_that_a_probe_passes_in_are_called_back_with_plain_values(report_on):
    seen = []

    def probe(derivative, rng):
        def square(x):
            seen.append(type(x))
            return x**2

        yield "of a square", lambda: derivative(square, 3.0)

    exercise = Exercise("derivative", lambda f, x: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5, probe, [])

    class Sly(float):
        pass

    assert report_on(exercise, lambda f, x: (f(Sly(x + 1e-5)) - f(Sly(x - 1e-5))) / 2e-5).passed
    assert set(seen) == {float}


def test_a_broken_exercise_is_never_a_pass():
    def probe(f, rng):
        yield "a row", lambda: f(1.0)

    def twice(f, rng):
        yield "a row", lambda: f(1.0)
        yield Row("a row", lambda: f(2.0))

    for broken, message in [
        (Exercise("raises", lambda x: 1 / 0, probe, []), "ZeroDivisionError"),
        (Exercise("twice", lambda x: x, twice, []), "label of its own"),
        (Exercise("empty", lambda x: x, lambda f, rng: iter(()), []), "needs rows"),
    ]:
        with pytest.raises(BrokenExerciseError, match=message):
            truth_of(broken, 0)


def test_what_mistakes_gave_is_let_go_when_the_answer_is_told(report_on):
    """Hundreds are tried, each with all arrays that it returned: together they were a gigabyte."""
    returned = []

    def draws(seed, factor=1.0):
        return factor * np.random.default_rng(seed).normal(size=1000)

    def faulty(seed, **made):
        returned.append(draws(seed, (2.0 if "twice" in made else 1.0) * (3.0 if "thrice" in made else 1.0)))
        return returned[-1]

    def probe(draw, rng):
        yield "the deviation of 1,000 draws", lambda: float(np.std(draw(1)))
        yield "that of others", lambda: float(np.std(draw(2)))

    mistakes = flags(faulty, twice=("Twice as far.", "Half of it."), thrice=("Three times as far.", "A third of it."))
    exercise = Exercise("draws", draws, probe, mistakes, kind="formula", minutes=1, level=1)
    for factor, told in ((2.0, "Twice"), (6.0, "Two mistakes"), (7.0, "")):
        report = report_on(exercise, partial(draws, factor=factor))
        assert not report.passed and told in str(report.diagnosis)
    alive = [weakref.ref(array) for array in returned]
    returned.clear()
    gc.collect()
    assert len(alive) > 3 and not any(array() is not None for array in alive)


def test_an_answer_that_gives_an_empty_list_back_is_told_what_it_gives_back(report_on):
    def with_a_zero(numbers):
        return [*numbers, 0.0]

    def probe(with_a_zero, rng):
        yield "three numbers", lambda: with_a_zero([1.0, 2.0, 4.0])
        yield "none", lambda: with_a_zero([])

    exercise = Exercise("with_a_zero", with_a_zero, probe, [Misconception(lambda numbers: [0.0], "Too few.")])
    report = report_on(exercise, lambda numbers: numbers)
    assert not report.passed and "numbers" in report.message
