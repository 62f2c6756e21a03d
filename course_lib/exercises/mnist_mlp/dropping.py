"""The exercise on dropout: what is silenced while training, and what makes up for it."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, Statistic, flags


def dropout(inputs, rate, training, seed):
    """While training, silence each number with probability `rate`, and scale up the others to make up for it.

    Args:
        inputs: float array of any shape.
        rate: float in [0, 1), the probability with which a number is *dropped*.
        training: bool; False returns the inputs as they are.
        seed: int, which decides what is dropped.
    Returns:
        array shaped like `inputs`, each element 0 or inputs / (1 − rate).
    """
    if not training:
        return inputs
    survives = np.random.default_rng(seed).random(inputs.shape) >= rate
    return np.where(survives, inputs / (1 - rate), 0)


def probe_dropout(dropout, rng):
    inputs, ones = rng.normal(size=(100, 200)), np.ones((100, 200))
    seeds = [int(seed) for seed in rng.integers(1, 10**6, size=4)]

    def survivors_times(rate, seed):
        outputs = np.asarray(dropout(inputs, rate, True, seed))
        factors = outputs[outputs != 0] / inputs[outputs != 0]
        return [factors.min(), factors.max()] if factors.size else [0.0, 0.0]

    def factor_row(label, rate, seed):
        return Row(label, lambda: survivors_times(rate, seed), relative_tolerance=1e-5)

    def in_blocks():
        dropped = np.asarray(dropout(ones, 0.5, True, seeds[2])) == 0
        return [int(np.sum(dropped.all(axis) | ~dropped.any(axis))) for axis in (1, 0)]

    def same(seed, other):
        first, second = (np.asarray(dropout(inputs, 0.5, True, chosen)) for chosen in (seed, other))
        return "yes" if np.array_equal(first, second) else "no"

    def unchanged_in_use():
        outputs = np.asarray(dropout(inputs, 0.2, False, seeds[0]))
        if outputs.shape != inputs.shape:
            return f"no, their shape is {outputs.shape}"
        if np.allclose(outputs, inputs, rtol=1e-5, atol=1e-6):  # float32 will do
            return "yes"
        return "no, some are dropped" if np.any(outputs == 0) else "no, they are scaled"

    def share_dropped(rate, seed):
        return np.mean(np.asarray(dropout(ones, rate, True, seed)) == 0)

    yield Row("not training: do the inputs come back as they are?", unchanged_in_use, 2)
    yield Statistic(
        "the share that is dropped at rate 0.2",
        lambda: share_dropped(0.2, seeds[0]),
        essential=True,
        expected=0.2,
        standard_deviation=np.sqrt(0.2 * 0.8 / ones.size),
    )
    yield factor_row("what the survivors are multiplied by at rate 0.2 (least, most)", 0.2, seeds[0])
    yield Statistic(
        "the mean of the outputs where all inputs are 1, at rate 0.2",
        lambda: np.mean(dropout(ones, 0.2, True, seeds[1])),
        expected=1.0,
        standard_deviation=np.sqrt(0.2 / 0.8 / ones.size),
    )
    yield Statistic(
        "the share that is dropped at rate 0.5",
        lambda: share_dropped(0.5, seeds[1]),
        expected=0.5,
        standard_deviation=np.sqrt(0.5 * 0.5 / ones.size),
    )
    yield factor_row("what the survivors are multiplied by at rate 0.5 (least, most)", 0.5, seeds[1])
    yield Row("rate 0 in training", lambda: dropout(inputs, 0.0, True, seeds[1]), relative_tolerance=1e-5)
    yield "how many rows, and how many columns, share one fate", in_blocks
    yield "the same seed twice: are the outputs the same?", lambda: same(seeds[2], seeds[2])
    yield "two seeds: are the outputs the same?", lambda: same(seeds[2], seeds[3])
    yield "the shape for an array with three axes", lambda: np.shape(dropout(np.ones((2, 3, 4)), 0.2, True, seeds[3]))


def faulty_dropout(
    inputs,
    rate,
    training,
    seed,
    not_inverted=False,
    at_test=False,
    swapped=False,
    whole_units=False,
    whole_examples=False,
    unseeded=False,
    one_seed=False,
):
    if not training and not at_test:
        return inputs
    rng = np.random.default_rng(None if unseeded else 0 if one_seed else seed)
    keep = rate if swapped else 1 - rate
    shape = inputs.shape[1:] if whole_units else (len(inputs), *[1] * (inputs.ndim - 1)) if whole_examples else None
    survives = rng.random(inputs.shape if shape is None else shape) < keep
    return inputs * survives if not_inverted or keep == 0 else inputs * survives / keep


def dropout_as_in_the_paper(inputs, rate, training, seed):
    if not training:
        return inputs * (1 - rate)
    return inputs * (np.random.default_rng(seed).random(inputs.shape) >= rate)


def dropout_scaled_by_rate(inputs, rate, training, seed):
    if not training or rate == 0:
        return inputs
    return inputs * (np.random.default_rng(seed).random(inputs.shape) >= rate) / rate


def dropout_scaled_down(inputs, rate, training, seed):
    if not training:
        return inputs
    return inputs * (np.random.default_rng(seed).random(inputs.shape) >= rate) * (1 - rate)


def dropout_with_the_scale_of_the_dropped(inputs, rate, training, seed):
    if not training:
        return inputs
    return inputs * (np.random.default_rng(seed).random(inputs.shape) < rate) / (1 - rate)


def dropout_by_binomial(inputs, rate, training, seed):
    if training:
        mask = np.random.RandomState(seed).binomial(1, 1 - rate, size=inputs.shape)
        return mask * inputs / (1 - rate)
    return inputs


def dropout_by_global_seed(inputs, rate, training, seed):
    if not training:
        return inputs
    np.random.seed(seed)
    outputs = inputs / (1.0 - rate)
    outputs[np.random.rand(*inputs.shape) < rate] = 0.0
    return outputs


def dropout_of_an_exact_share(inputs, rate, training, seed):
    if not training:
        return inputs
    mask = np.ones(inputs.size)
    mask[: round(rate * inputs.size)] = 0
    np.random.default_rng(seed).shuffle(mask)
    return inputs * mask.reshape(inputs.shape) / (1 - rate)


def dropout_number_by_number(inputs, rate, training, seed):
    import random

    if not training:
        return inputs
    draw = random.Random(seed).random
    return np.array([x / (1 - rate) if draw() > rate else 0.0 for x in inputs.ravel()]).reshape(inputs.shape)


DROPOUT = Exercise(
    name="dropout",
    reference=dropout,
    probe=probe_dropout,
    misconceptions=[
        *flags(
            faulty_dropout,
            not_inverted="Survivors keep their size, so the next layer gets less while training than when the network "
            "is used. Divide what survives by 1 − rate.",
            at_test="Numbers are dropped although `training` is False: predictions would be random. Return the inputs.",
            swapped="`rate` is the share that is *dropped*, and you keep it. A number survives with probability 1 − "
            "rate, and is divided by 1 − rate.",
            whole_units="The same units are dropped for every example of the batch. Draw a mask in the shape of "
            "`inputs`, not of one row.",
            whole_examples="Whole examples are dropped. Draw a mask in the shape of `inputs`, a fate for each number.",
            unseeded="The same seed gives another mask each time. Draw from `np.random.default_rng(seed)`.",
            one_seed="The mask is the same whatever the seed, so the same units are dropped at every step. Draw from "
            "`np.random.default_rng(seed)`.",
        ),
        Misconception(
            dropout_as_in_the_paper,
            "This is dropout as in the paper: nothing is scaled while training, and everything by 1 − rate afterwards. "
            "Asked for is the inverted form: divide survivors by 1 − rate while training, and change nothing later.",
        ),
        Misconception(
            dropout_scaled_by_rate,
            "Survivors are divided by `rate`. A share of 1 − rate survives, so 1 / (1 − rate) makes up for the rest.",
        ),
        Misconception(
            dropout_scaled_down,
            "Survivors are multiplied by 1 − rate, which makes the outputs smaller still. *Divide* by 1 − rate.",
        ),
        Misconception(
            dropout_with_the_scale_of_the_dropped,
            "The mask is the wrong way round: `random < rate` is true for those to drop. Keep where `random >= rate`.",
        ),
    ],
    equivalents=[
        dropout_by_binomial,
        dropout_by_global_seed,
        dropout_of_an_exact_share,
        dropout_number_by_number,
        lambda inputs, rate, training, seed: (
            inputs
            * np.random.default_rng(seed).choice([0, 1 / (1 - rate)], size=inputs.shape, p=[rate, 1 - rate])
            ** (1 if training else 0)
        ),
    ],
    hints=[
        "`np.random.default_rng(seed).random(shape)` draws numbers between 0 and 1. What share of them is below 0.2?",
        "If 80 % of the inputs survive, by which factor must they grow for the sum to stay what it was?",
        "`survives = np.random.default_rng(seed).random(inputs.shape) >= rate`; then `inputs * survives / (1 - rate)`, "
        "and all of it only `if training`.",
    ],
)
