"""Pictures of chapter 11's answers show their mistakes; what is lazy earns nothing, and what is devised is judged."""

import numpy as np
import pytest

from course_lib.checking.scene import Curves
from course_lib.collectives import broadcast, ring_all_reduce
from course_lib.data_parallel import mean_gradients
from course_lib.exercises.distributed_training import EXERCISES, gradient_with_a_bug
from course_lib.exercises.distributed_training.breaking import EQUAL, FAR, LEAST, NEITHER, what_they_are
from course_lib.exercises.distributed_training.playing import ENDS
from course_lib.exercises.distributed_training.replicating import cut, mean_gradient
from course_lib.library import guard
from course_lib.ranks import Deadlock, marked, run, send_receive
from course_lib.widgets import scenes
from tests.exercises.reports import report_on

NAMED = {exercise.name: exercise for exercise in EXERCISES}
DRAWN = [exercise for exercise in EXERCISES if exercise.scene]
# They are right on the picture's inputs: eight ranks, or four whose chunks have one number each, and no replica without
# examples; one weight alone; a scaling by 8 for 8 replicas.
NOT_SHOWN = {
    "broadcast": {"for_powers_of_two", "one_doubling_short"},
    "ring_all_reduce": {"equal_chunks", "rest_dropped", "cut_by_reshape", "strided"},
    "data_parallel_step": {"empty_counted", "together", "fewer_replicas", "empty_stay"},
    "repaired_gradient": {"one_number"},
    "scaled_rate": {"replicas_alone", "rounded", "rate_that_divides_by_zero"},
}


def numbers_of(scene):
    return list(scene.curves.values()) if isinstance(scene, Curves) else [scene.values]


def looks_right(exercise, answer):
    """Whether the picture of `answer` holds the right numbers; None where there is none."""
    try:
        mine = numbers_of(exercise.scene(answer))
    except (Deadlock, ValueError, TypeError, ZeroDivisionError, AttributeError):
        return None
    right = numbers_of(exercise.scene(exercise.reference))
    return all(one.shape == other.shape and np.allclose(one, other) for one, other in zip(mine, right, strict=True))


@pytest.mark.parametrize("exercise", DRAWN, ids=lambda exercise: exercise.name)
def test_no_mistake_looks_right_in_its_picture(exercise):
    hidden = {mistake.name for mistake in exercise.misconceptions if looks_right(exercise, mistake.answer)}
    assert hidden == NOT_SHOWN[exercise.name]


@pytest.mark.parametrize("exercise", DRAWN, ids=lambda exercise: exercise.name)
def test_every_right_answer_looks_right_in_its_picture(exercise):
    # A tree of another shape has other ranks after each step, and as many.
    answers = (exercise.reference,) if exercise.name == "broadcast" else (*exercise.equivalents, *exercise.accepts)
    assert all(looks_right(exercise, right) for right in answers)


@pytest.mark.parametrize("exercise", DRAWN, ids=lambda exercise: exercise.name)
def test_a_picture_is_drawn(exercise):
    shown = next(m for m in exercise.misconceptions if looks_right(exercise, m.answer) is False)
    assert "<img" in scenes.draw(exercise.scene(shown.answer), exercise.scene(exercise.reference))


def lazy_program(returned):
    def program(rank, size, *own):
        yield from ()
        return returned(*own)

    return program


@pytest.mark.parametrize("name", ["broadcast", "ring_all_reduce", "sharded_adam_step"])
def test_a_rank_that_talks_to_nobody_earns_nothing(name):
    for returned in (
        lambda *own: None,
        lambda *own: own[0],
        lambda *own: 4 * own[0],
        lambda *own: (*own[:1], *own[2:4]),
    ):
        assert report_on(NAMED[name], lazy_program(returned)).points == 0.0


def test_a_lazy_step_earns_nothing():
    lazy = {
        "data_parallel_step": lambda weights, shards, *others: [weights for _ in shards],
        "accumulated_gradient": lambda weights, *others: np.zeros(np.shape(weights)),
        "repaired_gradient": lambda weights, *others: weights,
        "scaled_rate": lambda step, base_rate, *others: base_rate * 2,
        "mixed_precision_step": lambda weights, backward, scale, *others: (weights, scale),
    }
    for name, answer in lazy.items():
        assert report_on(NAMED[name], answer).points == 0.0, name


def test_a_forgotten_reduction_or_one_twice_is_seen_in_the_marks():
    def twice(rank, size, value):
        return (yield from ring_all_reduce(rank, size, (yield from ring_all_reduce(rank, size, value))))

    def all_but_two(rank, size, value):
        total = value
        if rank < 2:
            total = total + (yield send_receive(1 - rank, value, 1 - rank))
        return total

    for answer in (twice, all_but_two):
        report = report_on(NAMED["ring_all_reduce"], answer)
        assert not report.rows[0].passed and report.points == 0.0
    assert run(twice, marked(3)).results[0].tolist() == [333.0]


def test_a_deadlock_is_told_with_who_waits_for_whom():
    def program(rank, size, value):
        received = yield send_receive((rank + 1) % size, value, (rank + 1) % size)
        return value + received

    report = report_on(NAMED["ring_all_reduce"], program)
    assert "wait for each other" in report.message
    ends = next(row for row in report.rows if row.label == ENDS)
    assert not ends.passed and "wait" in ends.actual


def test_the_bug_is_right_for_one_replica_alone_and_too_small_for_two():
    report = report_on(NAMED["repaired_gradient"], gradient_with_a_bug)
    assert report.points == 0.0
    assert [row.label for row in report.rows if row.passed] == ["one replica alone"]


@pytest.mark.parametrize("seed", range(40))
def test_what_is_said_of_shards_is_what_their_means_are(seed):
    rng = np.random.default_rng(seed)
    first, second = int(rng.integers(1, 4)), int(rng.integers(5, 8))
    shards = [rng.uniform(size=first) ** 8, rng.uniform(size=second) ** 0.1] if seed % 2 else [[0.5], [0.25, 0.75]]
    means, mean = np.mean([np.mean(shard) for shard in shards]), np.mean(np.concatenate(shards))
    expected = EQUAL if abs(means - mean) < 1e-9 else FAR if abs(means - mean) > LEAST else NEITHER
    assert what_they_are(shards) == expected


def test_a_program_that_runs_the_courses_own_is_refused():
    def mine(rank, size, value):
        return (yield from broadcast(rank, size, value))

    with pytest.raises(guard.OursError):
        guard.observe(NAMED["broadcast"], mine, 0)
    # What is made of other programs of the course is no wrapper.
    for right in NAMED["sharded_adam_step"].equivalents:
        guard.observe(NAMED["sharded_adam_step"], right, 0)


def test_the_plain_step_is_that_of_ranks_that_exchange_their_gradients():
    rng = np.random.default_rng(0)
    weights, counts = rng.normal(size=3), (4, 0, 1, 3)
    shards = cut(rng.normal(size=(8, 3)), rng.normal(size=8), counts)
    gradients = [[mean_gradient(weights, *shard)] for shard in shards]
    means = run(mean_gradients, gradients, list(counts)).results
    plain = NAMED["data_parallel_step"].reference(weights, shards, mean_gradient, 0.5)
    for (mean,), after in zip(means, plain, strict=True):
        np.testing.assert_allclose(weights - 0.5 * mean, after)
