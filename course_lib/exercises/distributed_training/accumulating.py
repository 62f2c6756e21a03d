"""The exercise in which a large batch is gone through in pieces that fit into memory, and one gradient comes out."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.distributed_training.replicating import mean_gradient


def accumulated_gradient(weights, inputs, targets, size, gradient_of):
    """Return the gradient of the mean loss over a batch, looking at `size` examples at a time.

    Args:
        weights: array.
        inputs, targets: the batch, n examples each.
        size: int ≥ 1, how many examples fit into memory; n need not be a multiple of it.
        gradient_of: `gradient_of(weights, inputs, targets)` is the gradient of the mean loss over these examples.
    Returns:
        array shaped like `weights`.
    """
    total = np.zeros(np.shape(weights))
    for start in range(0, len(inputs), size):
        micro_batch = inputs[start : start + size], targets[start : start + size]
        total += len(micro_batch[0]) * gradient_of(weights, *micro_batch)
    return total / len(inputs)


def probe_accumulated_gradient(accumulated_gradient, rng):
    weights, inputs, targets = rng.normal(size=3), rng.normal(size=(12, 3)), rng.normal(size=12)
    seven = np.eye(7)

    def of(rows, size):
        return accumulated_gradient(weights, inputs[:rows], targets[:rows], size, mean_gradient)

    def shares(weights, inputs, targets):
        """Of a batch of seven: example i's gradient is 7 at place i, and 0 elsewhere."""
        return 7 * np.mean(inputs, axis=0)

    def most_at_once():
        seen = []

        def noting(weights, inputs, targets):
            seen.append(len(inputs))
            return mean_gradient(weights, inputs, targets)

        accumulated_gradient(weights, inputs[:10], targets[:10], 3, noting)
        return max(0, max(seen, default=0) - 3)

    yield Row("8 examples, 4 at a time", lambda: of(8, 4), essential=True)
    yield Row("10 examples, 4 at a time", lambda: of(10, 4), weight=2.0, essential=True)
    yield (
        "7 examples, 3 at a time: how much each counts, 1 if all do alike",
        lambda: accumulated_gradient(np.zeros(7), seven, np.zeros(7), 3, shares),
    )
    yield "12 examples, one at a time", lambda: of(12, 1)
    yield "11 examples, 5 at a time", lambda: of(11, 5)
    yield "5 examples, of which 8 would fit", lambda: of(5, 8)
    yield Row("10 examples, 3 at a time: by how many more than 3 come together", most_at_once, weight=2.0)


def faulty_accumulation(weights, inputs, targets, size, gradient_of, **made):
    count = len(inputs)
    starts = list(range(0, count, size))
    if "rest_left_out" in made or "rest_left_out_of_the_mean" in made:
        starts = list(range(0, count - size + 1, size))
    if "overlapping" in made:
        starts = list(range(0, max(count - size, 0) + 1))
    total = np.zeros(np.shape(weights))
    seen = used = 0
    cuts = [slice(start, start + size) for start in starts]
    if "pieces" in made:
        ends = np.cumsum([len(part) for part in np.array_split(inputs, size)])
        cuts = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    for each in cuts:
        x, y = inputs[each], targets[each]
        if "first_again" in made:
            x, y = inputs[:size], targets[:size]
        if "one_of_each" in made:
            x, y = x[:1], y[:1]
        if "first_targets" in made:
            y = targets[: len(x)]
        if "whole_batch" in made:
            x, y = inputs, targets
        gradient = gradient_of(weights, x, y)
        seen, used = seen + len(x), used + 1
        factor = len(x)
        if any(flag in made for flag in ("mean_of_means", "sum_of_means", "divided_twice", "by_whole_micro_batches")):
            factor = 1
        if "last_as_if_full" in made:
            factor = size
        total = factor * gradient if "overwritten" in made else total + factor * gradient
        if "whole_batch" in made:
            return gradient
        if "first_alone" in made:
            break
    divisor = count
    if "mean_of_means" in made:
        divisor = used
    if "sum_of_means" in made or "undivided" in made:
        divisor = 1
    if "by_whole_micro_batches" in made:
        divisor = np.float64(count // size)
    if "by_size" in made:
        divisor = size
    if "by_micro_batches" in made:
        divisor = used
    if "by_all_numbers" in made:
        divisor = np.size(inputs)
    if "rest_left_out_of_the_mean" in made or "overlapping" in made:
        divisor = seen
    return total / divisor


def one_at_a_time(weights, inputs, targets, size, gradient_of):
    return np.mean([gradient_of(weights, inputs[i : i + 1], targets[i : i + 1]) for i in range(len(inputs))], axis=0)


def running_mean(weights, inputs, targets, size, gradient_of):
    mean, seen = np.zeros(np.shape(weights)), 0
    for start in range(0, len(inputs), size):
        x, y = inputs[start : start + size], targets[start : start + size]
        seen += len(x)
        mean += len(x) / seen * (gradient_of(weights, x, y) - mean)
    return mean


def by_average(weights, inputs, targets, size, gradient_of):
    cuts = range(size, len(inputs), size)
    parts = list(zip(np.split(inputs, cuts), np.split(targets, cuts), strict=True))
    return np.average([gradient_of(weights, *part) for part in parts], axis=0, weights=[len(x) for x, _ in parts])


def rest_left_out_of_a_mean_of_means(weights, inputs, targets, size, gradient_of):
    """The examples that are left over at the end, too few for a whole micro-batch, are never looked at.

    The last micro-batch may be smaller: `range(0, len(inputs), size)` begins it, too.
    """
    count = len(inputs) // size
    starts = [k * size for k in range(count)]
    return sum(gradient_of(weights, inputs[s : s + size], targets[s : s + size]) for s in starts) / count


COUNT = (
    "A micro-batch of k examples has k times its mean gradient as its sum: add those up, and divide by all examples."
)

ACCUMULATED_GRADIENT = Exercise(
    name="accumulated_gradient",
    kind="derive",
    minutes=10,
    level=2,
    reference=accumulated_gradient,
    probe=probe_accumulated_gradient,
    misconceptions=[
        *flags(
            faulty_accumulation,
            ("mean_of_means", "sum_of_means", "undivided", "overwritten", "first_targets", "rest_left_out", "pieces"),
            mean_of_means=("All micro-batches count the same, also the last, smaller one: a mean of means.", COUNT),
            by_whole_micro_batches=(
                "The mean gradients of all micro-batches are summed, and divided by the number of whole ones alone.",
                COUNT,
            ),
            pieces=(
                "The batch is cut into `size` pieces, and not into pieces of `size` examples.",
                "`range(0, len(inputs), size)` gives where they begin.",
            ),
            sum_of_means=("The micro-batches' mean gradients are summed, and divided by nothing.", COUNT),
            divided_twice=(
                "The mean gradients are summed and then divided by the number of examples: divided twice.",
                COUNT,
            ),
            undivided=("The sum over all examples is not divided by their number.", COUNT),
            by_size=("The sum over all examples is divided by the size of a micro-batch.", COUNT),
            by_micro_batches=("The sum over all examples is divided by the number of micro-batches.", COUNT),
            by_all_numbers=(
                "The sum is divided by how many numbers there are in the inputs, not by how many examples.",
                "`len(inputs)` counts the examples.",
            ),
            last_as_if_full=(
                "The last micro-batch counts as if it had `size` examples, though it may have fewer.",
                "Weight each with the number of examples that it has: `len(…)` of the slice.",
            ),
            rest_left_out=(
                "The examples that are left over at the end, too few for a whole micro-batch, are never looked at, but "
                "divided by.",
                "The last micro-batch may be smaller: `range(0, len(inputs), size)` begins it, too.",
            ),
            rest_left_out_of_the_mean=(
                "The examples that are left over at the end are never looked at; the mean is that of the others.",
                "The last micro-batch may be smaller: `range(0, len(inputs), size)` begins it, too.",
            ),
            overlapping=(
                "The micro-batches overlap: each begins one example after the one before, so some count "
                "more than once.",
                "Each begins `size` examples after the one before: `range(0, len(inputs), size)`.",
            ),
            overwritten=("Each micro-batch overwrites the one before: the last alone counts.", "Add them up: `+=`."),
            first_alone=("Only the first micro-batch is looked at.", "Let the loop end before you return."),
            first_again=(
                "Every micro-batch is the first one: the slice does not move.",
                "`inputs[start : start + size]`, with the loop's `start`.",
            ),
            one_of_each=(
                "One example of each micro-batch is looked at.",
                "`inputs[start : start + size]` holds all of them.",
            ),
            first_targets=(
                "The targets do not belong to the inputs: their slice does not move.",
                "Cut both in the same way.",
            ),
            whole_batch=(
                "The gradient is right, but the whole batch is given to `gradient_of` at once: it does not fit.",
                "Give it at most `size` examples at a time.",
            ),
        ),
        rest_left_out_of_a_mean_of_means,
    ],
    equivalents=[one_at_a_time, running_mean, by_average],
    hints=[
        "Ten examples, four at a time: which micro-batches are there, and how many examples has each?",
        "The sum of a micro-batch's gradients is the number of its examples times what `gradient_of` gives.",
    ],
)
