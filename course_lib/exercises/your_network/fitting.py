"""The exercise on the loop that trains a network: what it does with examples, batches, rates and weights."""

from functools import partial

import numpy as np

from course_lib import optimizers, schedules
from course_lib.checking.exercise import Exercise, Row
from course_lib.checking.observe import once
from course_lib.checking.scene import Curves
from course_lib.exercises.optimizers.adam import AdamEpsilonInside
from course_lib.exercises.returned import in_one_row, numbers, parts
from course_lib.exercises.your_network import solved
from course_lib.exercises.your_network.backwards import network_gradients
from course_lib.exercises.your_network.fitting_mistakes import (
    EACH_ONCE,
    MISSING,
    MISTAKES,
    OTHER_LABELS,
    fit_written_out,
    losses_of,
)
from course_lib.exercises.your_network.forwards import drawn_weights, network_outputs

NAMES = ("the weights", "the losses")
# Of weights and losses after steps with float32 on the way.
TOLERANCE = 1e-5
# So small a rate that no weight moves: the losses of the steps then say which examples each has seen.
STANDING_STILL = 1e-13


def fit_network(x, labels, weights, epochs, batch_size, learning_rate, rate, seed):
    """Train a network of dense layers with Adam, whose rate falls along a cosine from step to step.

    Args:
        x: array (n, features).
        labels: integer array (n,).
        weights: [kernel, bias, kernel, bias, …] to start from.
        epochs: int ≥ 1, passes over the examples, each in a new random order.
        batch_size: int ≥ 1; the last batch of an epoch holds what is left.
        learning_rate: float > 0, that of the first step; it would be 0 in the step after the last.
        rate: float in [0, 1), that of dropout, with another mask in every step.
        seed: int, which decides the orders and the masks.
    Returns:
        (weights, losses): the trained weights, and the loss of every step as a list of floats.
    """
    rng, optimizer, heard = np.random.default_rng(seed), optimizers.Adam(learning_rate), []
    batches = -(-len(x) // batch_size)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for number in range(batches):
            batch = order[number * batch_size : (number + 1) * batch_size]
            logits, inputs = network_outputs(x[batch], weights, rate, int(rng.integers(10**6)))
            truth = np.eye(logits.shape[1], dtype=logits.dtype)[labels[batch]]
            loss, upstream = losses_of(truth, logits)
            heard.append(loss)
            optimizer.learning_rate = float(schedules.cosine_decay(len(heard) - 1, learning_rate, epochs * batches))
            weights = optimizer.step(weights, network_gradients(inputs, weights, upstream, rate))
    return weights, heard


def probe_fit_network(fit_network, rng):
    x, labels, weights = rng.normal(size=(12, 5)), rng.permutation(np.arange(12) % 3), drawn_weights(rng, 5, 6, 3)
    # Twelve times the same example: which of them are in a batch makes no difference.
    alike, one_label = np.repeat(x[:1], 12, axis=0), np.repeat(labels[:1], 12)
    # Each example has one feature of its own and no hidden layer comes between: its loss tells it from all others.
    apart, classes = np.eye(10), rng.permutation(np.arange(10) % 3)
    telling = [rng.normal(size=(10, 3)), rng.normal(size=3)]
    sums = telling[0] + telling[1]
    with_any_label = np.log(np.exp(sums).sum(axis=1, keepdims=True)) - sums
    told = with_any_label[np.arange(10), classes]
    wide = drawn_weights(rng, 5, 40, 3)
    seeds = [int(seed) for seed in rng.integers(1, 10**6, size=2)]

    def fitted(*problem):
        return once(lambda: parts(fit_network(*problem), NAMES))

    def weights_of(given, like):
        return lambda: in_one_row(list(given()[0]), like)

    def order(seed):
        """The places of the examples in two epochs, as the losses tell; else words that say what these are."""
        heard = np.array(fitted(apart, classes, telling, 2, 1, STANDING_STILL, 0.0, seed)()[1], dtype=float)
        if heard.shape != (20,):
            return "there are not 20 losses"
        gaps = np.abs(heard[:, None] - told)
        if np.all(gaps.min(axis=1) < 1e-6):
            return gaps.argmin(axis=1)
        is_known = np.abs(heard[:, None] - with_any_label.ravel()).min(axis=1) < 1e-6
        return OTHER_LABELS if np.all(is_known) else "the losses are no example's"

    def each_once():
        places = order(seeds[0])
        if isinstance(places, str):
            return places
        counts = [len(set(places[epoch : epoch + 10].tolist())) for epoch in (0, 10)]
        if counts == [1, 1]:
            return "no, it is one example again and again"
        return "yes" if counts == [10, 10] else MISSING

    def alike_in(one, other):
        if isinstance(one, str) or isinstance(other, str):
            return one if isinstance(one, str) else other
        return "yes" if np.array_equal(one, other) else "no"

    def shuffled():
        return alike_in(order(seeds[0]), np.tile(np.arange(10), 2))

    def same_order():
        places = order(seeds[0])
        return places if isinstance(places, str) else alike_in(places[:10], places[10:])

    def uneven():
        """What the losses of batches of 4, 4 and 2 are: together they tell, whichever examples are in which."""
        heard = np.array(fitted(apart, classes, telling, 1, 4, STANDING_STILL, 0.0, seeds[0])()[1], dtype=float)
        if heard.shape != (3,):
            return "not three numbers"
        if np.isclose(heard @ [4, 4, 2], told.sum()):
            return "means over the batch"
        return "sums over the batch" if np.isclose(heard.sum(), told.sum()) else "neither means nor sums"

    def masks():
        heard = fitted(alike, one_label, wide, 3, 12, STANDING_STILL, 0.5, seeds[0])()[1]
        if len(np.unique(np.round(np.array(heard, dtype=float), 9))) == len(heard):
            return "no"
        without = fitted(alike, one_label, wide, 1, 12, STANDING_STILL, 0.0, seeds[0])()[1]
        return "yes, those of no dropout" if np.isclose(heard[0], without[0]) else "yes, the same is dropped"

    first = fitted(x, labels, weights, 1, 12, 0.05, 0.0, seeds[0])
    third = fitted(x, labels, weights, 3, 12, 0.05, 0.0, seeds[0])
    batches, with_a_rest = (fitted(alike, one_label, weights, 2, size, 0.05, 0.0, seeds[0]) for size in (4, 5))
    yield Row(
        "the weights after one step on all examples",
        weights_of(first, weights),
        essential=True,
        relative_tolerance=TOLERANCE,
    )
    yield Row("the losses of three such steps", lambda: list(third()[1]), relative_tolerance=TOLERANCE)
    yield Row("the weights after three such steps", weights_of(third, weights), relative_tolerance=TOLERANCE, weight=2)
    yield Row(
        "the weights after two epochs of three batches",
        weights_of(batches, weights),
        relative_tolerance=TOLERANCE,
        weight=2,
    )
    yield Row(
        "the weights after two epochs of batches of 5, 5 and 2",
        weights_of(with_a_rest, weights),
        relative_tolerance=TOLERANCE,
        weight=2,
    )
    yield (
        "how many steps two epochs of 10 examples take, in batches of 4",
        lambda: len(fitted(apart, classes, telling, 2, 4, STANDING_STILL, 0.0, seeds[0])()[1]),
    )
    yield EACH_ONCE, each_once
    yield "do the examples come in the order in which they are given?", shuffled
    yield "do two epochs have the same order?", same_order
    yield "the same seed twice: is the order the same?", lambda: alike_in(order(seeds[0]), order(seeds[0]))
    yield "two seeds: is the order the same?", lambda: alike_in(*map(order, seeds))
    yield "what the losses of batches of 4, 4 and 2 are", uneven
    yield "with dropout at 0.5, on one batch again and again: are the losses of the steps the same?", masks


def fit_with(rule):
    """Return `fit_network` with an Adam of a reader's own, whose ε may stand elsewhere: chapter 05 leaves that free."""

    def fit(x, labels, weights, epochs, batch_size, learning_rate, rate, seed):
        optimizer, heard, rng = rule(learning_rate), [], np.random.default_rng([seed, 1])
        batches = -(-len(x) // batch_size)
        for step in range(epochs * batches):
            start = step % batches * batch_size
            if not start:
                order = rng.permutation(len(x))
            batch = order[start : start + batch_size]
            logits, inputs = network_outputs(x[batch], weights, rate, step + 10**6 * seed)
            loss, upstream = losses_of(np.eye(logits.shape[1])[labels[batch]], logits)
            optimizer.learning_rate = schedules.cosine_decay(step, learning_rate, epochs * batches)
            weights = optimizer.step(weights, network_gradients(inputs, weights, upstream, rate))
            heard.append(loss)
        return weights, heard

    return fit


def scene_fit_network(fit_network):
    """The losses of four epochs of three steps, and which share of the loss each step takes off.

    On twelve times the same example, so that the order in which they come makes no difference. Where fewer losses come
    back than there are steps, the loss of the weights that come back follows them.
    """
    steps, weights = 12, drawn_weights(np.random.default_rng(6), 5, 6, 3)
    x, labels = np.repeat([[0.5, -1.0, 0.3, 1.2, -0.4]], 12, axis=0), np.repeat([1], 12)
    trained, heard = parts(fit_network(x, labels, weights, 4, 5, 0.05, 0.0, 1), NAMES)
    in_one_row(trained, weights)
    trained, heard = [numbers(each) for each in trained], numbers(heard)
    last, _ = losses_of(np.eye(3)[labels], network_outputs(x, trained)[0])
    if heard.ndim != 1 or len(heard) > steps:
        raise ValueError("no loss for each step")
    heard = np.concatenate([heard, np.full(1 + steps - len(heard), last)])
    taken = 100 * (1 - heard[1:] / np.maximum(heard[:-1], 1e-12))
    # As much as can be seen: where Adam's ε stands is free.
    curves = {"loss before the step": np.round(heard[:-1], 2), "percent that the step takes off": np.round(taken)}
    return Curves(np.arange(1, 1 + steps), curves, xlabel="step")


FIT_NETWORK = Exercise(
    name="fit_network",
    kind="derive",
    minutes=25,
    level=3,
    reference=fit_network,
    probe=probe_fit_network,
    scene=scene_fit_network,
    misconceptions=MISTAKES,
    equivalents=[fit_written_out, fit_with(optimizers.Adam)],
    accepts=[
        fit_with(partial(optimizers.Adam, epsilon_hat=True)),
        fit_with(partial(AdamEpsilonInside, beta_1=0.9, beta_2=0.999, epsilon=1e-7)),
        fit_with(partial(AdamEpsilonInside, beta_1=0.9, beta_2=0.999, epsilon=1e-7, hat=True)),
    ],
    hints=[
        "Two loops: over epochs, and over the batches that `yours.minibatches` cuts from a new order, "
        "`rng.permutation(len(x))`. What has to be made before both of them?",
        "A step is five lines: the way there, the loss with its gradient, the way back, the rate of this step, and "
        "`optimizer.step`, whose result are the weights of the next step.",
        "The schedule counts steps from 0 to the last step of the last epoch. How many are there in all? The list of "
        "losses knows how many are done.",
    ],
    solution=solved.fit_network,
)
