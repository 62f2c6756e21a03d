"""What an answer is given, what comes back, and what is noted of it."""

import itertools

import numpy as np
import pytest

from course_lib.checking.exercise import Exercise
from course_lib.checking.handles import Visit, begun, meet
from course_lib.checking.observe import observe


class InPlace:
    """Momentum as many write it: the memory of a weight is found by the `id` of its array."""

    def __init__(self, learning_rate=0.1, momentum=0.9):
        self.learning_rate, self.momentum, self.memory = learning_rate, momentum, {}

    def step(self, weights, gradients):
        for w, g in zip(weights, gradients, strict=True):
            v = self.momentum * self.memory.get(id(w), 0.0) - self.learning_rate * g
            self.memory[id(w)] = v
            w += v
        return weights


def test_state_keyed_by_id_works_as_in_a_loop_of_ones_own(exercises, report_on):
    assert report_on(exercises.momentum, InPlace).passed


def test_state_keyed_by_id_of_new_arrays_earns_the_same_each_time(exercises, report_on):
    class NewArrays(InPlace):
        def step(self, weights, gradients):
            copies = [w.copy() for w in weights]
            for w, c, g in zip(weights, copies, gradients, strict=True):
                self.memory[id(w)] = self.momentum * self.memory.get(id(w), 0.0) - self.learning_rate * g
                c += self.memory[id(w)]
            return copies

    reports = [report_on(exercises.momentum, NewArrays, points=7) for _ in range(10)]
    assert {report.points for report in reports} == {reports[0].points} and reports[0].points < 7


def test_what_changed_meanwhile_is_given_as_it_was(report_on):
    """The probe's copy is what the answer returned, also where the answer went on writing into its own array."""

    def probe(answer, rng):
        start = rng.normal(size=3)

        def twice():
            machine = answer()
            first = machine.next(start)
            machine.next(start + 1)
            return machine.next(first)

        yield "the first result, after the second", twice

    class Right:
        def next(self, x):
            return x + 1

    class Buffered:
        buffer = None

        def next(self, x):
            self.buffer = np.zeros(3) if self.buffer is None else self.buffer
            self.buffer[:] = x + 1
            return self.buffer

    assert report_on(Exercise("machine", Right, probe, []), Buffered).passed


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda items: (item for item in items),
        iter,
        lambda items: map(np.asarray, items),
        itertools.chain,
        lambda items: dict(enumerate(items)).values(),
    ],
    ids=["generator", "iterator of a list", "map", "chain", "values"],
)
def test_items_that_come_one_by_one_are_taken_and_noted(report_on, wrapped):
    def probe(split, rng):
        yield "pieces", lambda: split(np.arange(5.0))

    def split(x):
        return [x[:2], x[2:4], x[4:]]

    def mine(x):
        pieces = split(x)
        return wrapped(pieces) if wrapped is not itertools.chain else wrapped(pieces, [])

    report = report_on(Exercise("split", split, probe, []), mine)
    assert report.passed and "list(…)" in report.notes[0]


def test_a_step_written_as_a_generator_passes(exercises, report_on):
    class Generating(exercises.momentum.reference):
        def step(self, weights, gradients):
            yield from super().step(weights, gradients)

    report = report_on(exercises.momentum, Generating)
    assert report.passed and "`step` gives a generator" in report.notes[0]


def test_what_is_not_plain_is_called_what_it_is(exercises, report_on):
    report = report_on(exercises.softmax, lambda logits, axis=-1: np.exp)
    assert "gives a function `exp`" in report.message and "Handle" not in str(report)

    class Odd:
        pass

    report = report_on(exercises.momentum, type("Mine", (), {"__init__": lambda self, **k: None, "step": Odd}))
    assert "Handle" not in str(report) and "0x" not in str(report)


def test_calls_and_output_are_kept_only_where_they_may_be_shown(exercises, report_on):
    def mine(logits, axis=-1):
        print("shape", np.shape(logits))
        return logits

    record = observe(exercises.softmax, mine, 0, tells_inputs=True)
    assert record.observations[2].call.startswith("mine(array([[") and record.observations[2].call.endswith(", axis=0)")
    assert record.output.startswith("shape (5,)\nshape (4, 3)\n")
    hidden = observe(exercises.softmax, mine, 0)
    assert hidden.output == "" and all(observation.call == "" for observation in hidden.observations)
    steps = observe(exercises.momentum, InPlace, 0, tells_inputs=True).observations
    assert steps[1].call.split("\n")[0] == "InPlace()" and steps[1].call.split("\n")[1].startswith(".step([array([")
    assert steps[1].call.endswith("… 3 more calls")


def test_draws_without_a_seed_are_the_same_each_time_and_leave_the_learners_generator_alone(exercises):
    def mine(x, rate, seed):
        return x * (np.random.random(x.shape) >= rate)

    np.random.seed(5)
    expected = np.random.random(2)[1]
    np.random.seed(5)
    np.random.random()
    first, second = (observe(exercises.dropout, mine, 0).observations for _ in range(2))
    assert [str(o.value) for o in first] == [str(o.value) for o in second]
    assert np.random.random() == expected


def asks_and_adds(value):
    total = value
    total = total + (yield "one more", value)
    total += yield "and another", total
    return total


@pytest.mark.parametrize("answer", [asks_and_adds, meet(asks_and_adds, Visit())], ids=["a function", "a handle"])
def test_a_generator_that_is_begun_waits_for_what_is_sent(answer):
    value = np.array([1.0, 2.0])
    steps = begun(answer, value)
    assert str(next(steps)) == str(("one more", value))
    assert str(steps.send(10)) == str(("and another", value + 10))
    with pytest.raises(StopIteration) as end:
        steps.send(np.array([5.0, 5.0]))
    assert end.value.value.tolist() == [16.0, 17.0] and value.tolist() == [1.0, 2.0]


def test_begun_gives_what_is_no_generator_as_a_call_does():
    assert begun(meet(lambda value: value + 1, Visit()), 2) == 3
