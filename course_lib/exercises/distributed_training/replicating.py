"""The exercise in which replicas with uneven shares of a batch take the step that one device would take."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.scene import Curves


def data_parallel_step(weights, shards, gradient_of, learning_rate):
    """Take one step of gradient descent on every replica, as one device would take it on all examples.

    g = Σ_r n_r g_r / Σ_r n_r,   w ← w − learning_rate · g

    Args:
        weights: array, the same on all replicas.
        shards: list of (inputs, targets), one for each replica, which has n_r ≥ 0 examples; not all are empty.
        gradient_of: `gradient_of(weights, inputs, targets)` is the gradient of the mean loss over these examples, g_r,
            and nan where there are none.
        learning_rate: float.
    Returns:
        list of arrays, the weights of each replica.
    """
    counts = [len(inputs) for inputs, targets in shards]
    total = sum(count * gradient_of(weights, *shard) for count, shard in zip(counts, shards, strict=True) if count)
    return [weights - learning_rate * total / sum(counts) for _ in shards]


def mean_gradient(weights, inputs, targets):
    """Return the gradient of half the mean squared error of a linear layer; nan for no examples."""
    if not len(inputs):
        return np.full(np.shape(weights), np.nan)
    return inputs.T @ (inputs @ weights - targets) / len(inputs)


def cut(inputs, targets, counts):
    """Return shards of so many examples each."""
    ends = np.cumsum(counts)[:-1]
    return list(zip(np.split(inputs, ends), np.split(targets, ends), strict=True))


def probe_data_parallel_step(data_parallel_step, rng):
    weights, inputs, targets = rng.normal(size=3), rng.normal(size=(10, 3)), rng.normal(size=10)
    eight = np.eye(8)

    def after(counts, rate=0.1):
        rows = sum(counts)
        shards = cut(inputs[:rows], targets[:rows], counts)
        return data_parallel_step(weights, shards, mean_gradient, rate)

    def shares(counts):
        """How much each of eight examples counts: example i's gradient is −8 at place i, and 0 elsewhere."""
        return data_parallel_step(np.zeros(8), cut(eight, np.full(8, -1.0), counts), shares_of, 1.0)

    def most_at_once():
        seen = []

        def noting(weights, inputs, targets):
            seen.append(len(inputs))
            return mean_gradient(weights, inputs, targets)

        data_parallel_step(weights, cut(inputs[:8], targets[:8], (3, 3, 2)), noting, 0.1)
        return max(seen, default=0)

    yield Row("two replicas, 4 and 4 examples", lambda: after((4, 4)), essential=True)
    yield Row("three replicas, 4, 4 and 2 examples", lambda: after((4, 4, 2)), weight=2.0, essential=True)
    yield Row(
        "two replicas, 7 and 1 examples: how much each counts, 1 if all do alike", lambda: shares((7, 1)), weight=2.0
    )
    yield "one replica alone", lambda: after((5,))
    yield "three replicas, 1, 2 and 6 examples, rate 0.5", lambda: after((1, 2, 6), 0.5)
    yield "four replicas, 3, 3, 2 and no examples", lambda: after((3, 3, 2, 0))
    yield "three replicas, no, 5 and 1 examples", lambda: after((0, 5, 1))
    yield "three replicas, 3, 3 and 2 examples: the most that are given to one call of gradient_of", most_at_once


def shares_of(weights, inputs, targets):
    return -8 * np.mean(inputs, axis=0) if len(inputs) else np.full(8, np.nan)


def faulty_step(weights, shards, gradient_of, learning_rate, **made):
    counts = [len(inputs) for inputs, targets in shards]
    used = [shard for shard in shards if len(shard[0]) or "empty_counted" in made]
    if "together" in made:
        used = [(np.concatenate([x for x, _ in shards]), np.concatenate([y for _, y in shards]))]
    if "last_alone" in made:
        used = used[-1:]
    if "first_alone" in made:
        used = used[:1]
    at, gradients = weights, []
    for shard in used:
        gradients.append(gradient_of(at, *shard))
        if "one_after_the_other" in made:
            at = at - learning_rate * len(shard[0]) * gradients[-1] / sum(counts)
    weighted = sum(len(shard[0]) * gradient for shard, gradient in zip(used, gradients, strict=True))
    among = sum(len(shard[0]) for shard in used)
    if "last_share" in made or "first_share" in made:
        among = sum(counts)
    gradient = weighted / among
    if "mean_of_means" in made:
        gradient = sum(gradients) / len(gradients)
    if "mean_over_all" in made:
        gradient = sum(gradients) / len(shards)
    if "sum_of_means" in made:
        gradient = sum(gradients)
    if "undivided" in made:
        gradient = weighted
    if "as_if_even" in made:
        gradient = weighted / np.float64(counts[0] * len(shards))
    if "count_overwritten" in made:
        gradient = weighted / len(used[-1][0])
    if "divided_twice" in made:
        gradient = weighted / among / len(shards)
    if "by_replicas" in made:
        gradient = weighted / len(shards)
    if "rate_times_replicas" in made:
        gradient = gradient * len(shards)
    if "last_share" in made:
        gradient = len(used[-1][0]) * gradients[-1] / among
    if "first_share" in made:
        gradient = len(used[0][0]) * gradients[0] / among
    step = gradient if "no_rate" in made else learning_rate * gradient
    new = weights + step if "uphill" in made else weights - step
    if "one_after_the_other" in made:
        new = at
    if "one_array" in made:
        return new
    if "gradient_returned" in made:
        return [gradient for _ in shards]
    if "no_exchange" in made:
        return [
            weights - learning_rate * gradient_of(weights, *shard) if len(shard[0]) else weights for shard in shards
        ]
    if "empty_stay" in made:
        return [new if count else weights for count in counts]
    return [new for _ in (used if "fewer_replicas" in made else shards)]


def empty_in_a_mean_of_means(weights, shards, gradient_of, learning_rate):
    """A replica without examples spoils all: its gradient is nan. And of uneven shares all count alike.

    Weight each replica's gradient with its number of examples, and leave out those that have none: 0 · nan is nan.
    """
    mean = sum(gradient_of(weights, *shard) for shard in shards) / len(shards)
    return [weights - learning_rate * mean for _ in shards]


def by_average(weights, shards, gradient_of, learning_rate):
    used = [shard for shard in shards if len(shard[0])]
    gradients = [gradient_of(weights, *shard) for shard in used]
    mean = np.average(gradients, axis=0, weights=[len(inputs) for inputs, _ in used])
    return [weights - learning_rate * mean for _ in shards]


def by_moved_weights(weights, shards, gradient_of, learning_rate):
    moved, count = np.zeros_like(weights), sum(len(inputs) for inputs, _ in shards)
    for inputs, targets in shards:
        if len(inputs):
            moved += len(inputs) / count * (weights - learning_rate * gradient_of(weights, inputs, targets))
    return [moved.copy() for _ in shards]


def scene_data_parallel_step(data_parallel_step):
    """Twenty steps towards a mean of 0.8, on shares of 9 and 1 examples: the weight of replica 0 after each."""
    inputs, targets = np.ones((10, 1)), np.array([1.0] * 8 + [0.0] * 2)
    weights = [np.zeros(1)]
    for _ in range(20):
        weights.append(
            np.asarray(data_parallel_step(weights[-1], cut(inputs, targets, (9, 1)), mean_gradient, 0.3)[0], float)
        )
    return Curves(np.arange(21), {"the weight; the mean of all targets is 0.8": np.ravel(weights)}, "step", "weight")


COUNT = "The mean over all examples is Σ n_r g_r / Σ n_r, with n_r the number of examples of each replica."
LEFT_OUT = "Leave out the replicas that have none: 0 · nan is nan."

DATA_PARALLEL_STEP = Exercise(
    name="data_parallel_step",
    kind="derive",
    minutes=15,
    level=2,
    reference=data_parallel_step,
    probe=probe_data_parallel_step,
    scene=scene_data_parallel_step,
    misconceptions=[
        *flags(
            faulty_step,
            (
                "mean_of_means",
                "sum_of_means",
                "undivided",
                "divided_twice",
                "by_replicas",
                "empty_counted",
                "uphill",
                "no_rate",
                "one_array",
                "fewer_replicas",
            ),
            mean_of_means=(
                "All replicas count the same, though they have unevenly many examples: a mean of means.",
                COUNT,
            ),
            mean_over_all=(
                "All replicas count the same, though they have unevenly many examples; those without any count as 0.",
                COUNT,
            ),
            sum_of_means=(
                "The replicas' mean gradients are summed: with p of them the step is p times too long.",
                COUNT,
            ),
            undivided=("The sum over all examples is not divided by their number.", COUNT),
            divided_twice=(
                "The sum is divided by the number of examples, and then once more by that of replicas.",
                COUNT,
            ),
            by_replicas=("The sum over all examples is divided by the number of replicas, not of examples.", COUNT),
            as_if_even=(
                "The sum is divided by the first replica's number of examples times the replicas, as if "
                "all had as many.",
                COUNT,
            ),
            count_overwritten=(
                "The sum is divided by the last replica's number of examples: the count is overwritten, not added up.",
                COUNT,
            ),
            empty_stay=(
                "Replicas without examples keep their weights, and from now on differ from the others.",
                "They take the same step as all others.",
            ),
            rate_times_replicas=(
                "The step is as many times too long as there are replicas.",
                "One device would take the step with this rate; so do p replicas of the same batch.",
            ),
            empty_counted=("A replica without examples spoils all: its gradient is nan.", LEFT_OUT),
            together=(
                "All examples are put together on one device: the right step, but each replica has its own share only.",
                "Call `gradient_of` for each share apart, and combine the gradients.",
            ),
            one_after_the_other=(
                "The replicas' gradients are taken one after the other, at weights that have moved already.",
                "Take all of them at the same weights; then move once.",
            ),
            first_alone=("Only the first replica's gradient is used.", COUNT),
            last_alone=("Only the last replica's gradient is used: each one overwrites the one before.", COUNT),
            first_share=(
                "Only the first replica's gradient is in the sum: the loop ends too early.",
                "Let the loop over the shards end before you divide and return.",
            ),
            last_share=(
                "Only the last replica's gradient is in the sum: each one overwrites the one before.",
                "Add them up, beginning with 0.",
            ),
            no_exchange=(
                "Each replica steps by its own gradient, and from now on they differ: nothing is exchanged.",
                f"All take the same step. {COUNT}",
            ),
            uphill=("The weights go uphill: the step is added.", "Subtract it: w − learning_rate · g."),
            no_rate=("The learning rate is not used.", "The step is learning_rate · g."),
            one_array=("One array came back.", "Return a list of the weights of each replica, all equal."),
            fewer_replicas=(
                "Replicas without examples get no weights.",
                "They take the same step as all others: return weights for every shard.",
            ),
            gradient_returned=(
                "The gradient came back, not the weights after the step.",
                "Return w − learning_rate · g.",
            ),
        ),
        empty_in_a_mean_of_means,
    ],
    equivalents=[by_average, by_moved_weights],
    hints=[
        "One device would compute the mean over all examples. Two replicas have 7 and 1 of them: how much should each "
        "one's mean count?",
        "n_r g_r is the sum over a replica's examples. Add these, and divide by what?",
        "A replica may have no examples at all, and the mean over nothing is nan. What is 0 · nan?",
    ],
)
