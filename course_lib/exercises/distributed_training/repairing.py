"""The bug to be spotted: sums that are divided by the global batch, and then averaged over the replicas."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.scene import Curves
from course_lib.exercises.distributed_training.replicating import cut


def repaired_gradient(weights, shards, gradients_of):
    """Return the gradient of the mean loss over the examples of all replicas.

    Args:
        weights: array.
        shards: list of (inputs, targets), one for each replica.
        gradients_of: `gradients_of(weights, inputs, targets)` gives a row for each example, the gradient of its loss.
    Returns:
        array shaped like `weights`.
    """
    global_batch = sum(len(inputs) for inputs, targets in shards)
    parts = []
    for inputs, targets in shards:
        gradients = gradients_of(weights, inputs, targets)
        parts.append(gradients.sum(axis=0) / global_batch)
    return np.sum(parts, axis=0)


def gradient_with_a_bug(weights, shards, gradients_of):
    global_batch = sum(len(inputs) for inputs, targets in shards)
    parts = []
    for inputs, targets in shards:
        gradients = gradients_of(weights, inputs, targets)
        parts.append(gradients.sum(axis=0) / global_batch)
    return np.mean(parts, axis=0)


def gradients_of_squares(weights, inputs, targets):
    """Return a row for each example: the gradient of half its squared error."""
    return (inputs @ weights - targets)[:, None] * inputs


def probe_repaired_gradient(repaired_gradient, rng):
    weights, inputs, targets = rng.normal(size=3), rng.normal(size=(12, 3)), rng.normal(size=12)

    def of(counts):
        rows = sum(counts)
        return repaired_gradient(weights, cut(inputs[:rows], targets[:rows], counts), gradients_of_squares)

    yield Row("two replicas, 6 and 6 examples", lambda: of((6, 6)), essential=True)
    yield Row("three replicas, 4, 4 and 2 examples", lambda: of((4, 4, 2)), essential=True)
    yield "four replicas, 1, 2, 3 and 5 examples", lambda: of((1, 2, 3, 5))
    yield "three replicas, 5, 4 and no examples", lambda: of((5, 4, 0))
    # Of one replica the code with the bug is right: it earns little.
    yield Row("one replica alone", lambda: of((7,)), weight=0.5)


def faulty_gradient(weights, shards, gradients_of, **made):
    rows = [gradients_of(weights, *shard) for shard in shards]
    counts = np.array([len(each) for each in rows])
    sums = np.array([each.sum(axis=0) for each in rows])
    # As NumPy does: the mean of nothing is nan.
    means = sums / counts[:, None]
    ranks, examples = len(shards), counts.sum()
    gradient = {
        "by_replicas": sums.sum(axis=0) / ranks,
        "mean_of_means": means.sum(axis=0) / ranks,
        "sum_of_means": means.sum(axis=0),
        "undivided": sums.sum(axis=0),
        "own_and_global": means.sum(axis=0) / examples,
        "global_twice": sums.sum(axis=0) / examples**2,
        "times_replicas": sums.sum(axis=0) / examples * ranks,
        "still_by_replicas_twice": sums.sum(axis=0) / examples / ranks**2,
        "by_largest_share": sums.sum(axis=0) / counts.max(),
        "over_weights": sums.sum(axis=1) / examples,
        "one_number": sums.sum() / examples,
        "list_of_parts": list(sums / examples),
        "last_part": sums[-1] / examples,
        "first_part": sums[0] / examples,
        "minus": -sums.sum(axis=0) / examples,
    }
    return next((value for flag, value in gradient.items() if flag in made), sums.sum(axis=0) / examples)


def divided_at_the_end(weights, shards, gradients_of):
    rows = np.concatenate([gradients_of(weights, *shard) for shard in shards])
    return rows.mean(axis=0)


def times_replicas_and_then_a_mean(weights, shards, gradients_of):
    global_batch = sum(len(inputs) for inputs, targets in shards)
    parts = [len(shards) * gradients_of(weights, *shard).sum(axis=0) / global_batch for shard in shards]
    return np.mean(parts, axis=0)


def scene_repaired_gradient(repaired_gradient):
    """The mean gradient of 24 examples on one to eight replicas, the first of which has half of them."""
    replicas = np.arange(1, 9)
    inputs, targets, weights = np.ones((24, 1)), -np.repeat([0.0, 2.0], 12), np.zeros(1)
    found = []
    for count in replicas:
        counts = [24] if count == 1 else [12, *(len(part) for part in np.array_split(np.arange(12), count - 1))]
        found.append(np.asarray(repaired_gradient(weights, cut(inputs, targets, counts), gradients_of_squares), float))
    return Curves(replicas, {"the gradient; the examples' mean is 1": np.ravel(found)}, "replicas", "gradient")


ONCE = "Each sum is divided by the global batch already: what is left is to add the replicas' parts up."

REPAIRED_GRADIENT = Exercise(
    name="repaired_gradient",
    kind="repair",
    minutes=8,
    level=1,
    reference=repaired_gradient,
    probe=probe_repaired_gradient,
    buggy=gradient_with_a_bug,
    scene=scene_repaired_gradient,
    misconceptions=flags(
        faulty_gradient,
        (),
        by_replicas=(
            "The sums are no longer divided by the number of examples, but by that of replicas.",
            "Of the two divisions the other one is right: by the global batch.",
        ),
        mean_of_means=(
            "Each replica divides by its own batch, and the replicas are averaged: a mean of means, in "
            "which those with "
            "few examples count too much.",
            "Divide by the global batch, as the code did, and look at what becomes of the parts.",
        ),
        sum_of_means=(
            "Each replica divides by its own batch, as if that were the global one, and the parts are summed.",
            "Divide by the global batch, as the code did.",
        ),
        undivided=("Nothing is divided any longer: that is the gradient of a sum.", "One division is right: which?"),
        own_and_global=("Each replica divides by its own batch, and by the global one besides.", ONCE),
        global_twice=("The parts are divided by the global batch twice.", ONCE),
        times_replicas=("The gradient is as many times too large as there are replicas.", ONCE),
        still_by_replicas_twice=("The parts are divided by the number of replicas even more often than before.", ONCE),
        by_largest_share=("The sums are divided by one replica's batch, not by the global one.", ONCE),
        over_weights=(
            "The parts are summed over the weights, and not over the replicas: a number for each replica came back.",
            "Sum over the replicas: `axis=0`.",
        ),
        one_number=(
            "One number came back: all weights' gradients are summed.",
            "Sum over the replicas alone: `axis=0`.",
        ),
        list_of_parts=("Each replica's part came back, not what they make together.", ONCE),
        last_part=("Only the last replica's part came back.", ONCE),
        first_part=("Only the first replica's part came back.", ONCE),
        minus=("The sign is turned around.", "The bug is nowhere there: it concerns what is divided by what."),
    ),
    equivalents=[divided_at_the_end, times_replicas_and_then_a_mean],
    hints=[
        "Take two replicas with one example each, whose gradients are 1 and 1. What should come out, and what does?",
        "Count the divisions that an example's gradient goes through, also those inside of `np.mean`.",
    ],
)
