"""The exercise on dropout: what is silenced while training, and what makes up for it."""

from functools import cache

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, Statistic, flags
from course_lib.checking.scene import Matrix
from course_lib.exercises.returned import one_array


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


FACTOR = "what the survivors are multiplied by at rate 0.2"


def factor_of(outputs, inputs, rate):
    """Return the one number by which the inputs that did not become 0 were multiplied, or words where there is none.

    Near 1 / (1 − rate) it is words, too: a factor that is estimated from the draw differs from one draw to the next.
    """
    factors = outputs[outputs != 0] / inputs[outputs != 0]
    if factors.size == 0:
        return "nothing survives"
    if not np.ptp(factors) <= 1e-5 * np.abs(factors).max():
        return "not the same for all"
    is_near = 1e-5 < abs(factors[0] * (1 - rate) - 1) < 0.03
    return "almost 1 / (1 − rate), but not quite" if is_near else float(factors[0])


def change_of(outputs, inputs):
    """Return in words whether `outputs` are `inputs`, and how they differ."""
    if outputs.shape != inputs.shape:
        return f"no, their shape is {outputs.shape}"
    if np.allclose(outputs, inputs, rtol=1e-5, atol=1e-6):  # float32 will do
        return "yes"
    if np.any(outputs == 0):
        return "no, some are dropped"
    factor = factor_of(outputs, inputs, 0)
    return f"no, they are multiplied by {factor:.3g}" if isinstance(factor, float) else "no, they are other numbers"


def fate_of(outputs):
    """Return in words which numbers of the two-dimensional `outputs` are dropped together."""
    dropped = outputs == 0
    if not dropped.any():
        return "none is dropped"
    in_rows, in_columns = (bool(np.all(dropped.all(axis) | ~dropped.any(axis))) for axis in (1, 0))
    return {
        (True, True): "all numbers together",
        (True, False): "whole rows together",
        (False, True): "whole columns together",
    }.get((in_rows, in_columns), "each number on its own")


def probe_dropout(dropout, rng):
    inputs, ones = rng.normal(size=(100, 200)), np.ones((100, 200))
    seeds = [int(seed) for seed in rng.integers(1, 10**6, size=4)]

    def outputs(inputs, rate, seed, training=True):
        return one_array(dropout(inputs, rate, training, seed))

    @cache
    def fate():
        # With several seeds: numbers that are dropped all together are so with some of them only.
        fates = {fate_of(outputs(ones[:20, :30], 0.5, seeds[2] + step)) for step in range(10)}
        return fates.pop() if len(fates) == 1 else "all numbers together"

    def drawn(value):
        # What is dropped together makes no statistic: one draw of few numbers decides it. The row's own call comes
        # first, since that is the one that a report shows.
        told = value()
        return told if fate() in ("each number on its own", "none is dropped") else fate()

    def share(label, rate, seed, essential=False):
        return Statistic(
            label,
            lambda: drawn(lambda: np.mean(outputs(inputs, rate, seed) == 0)),
            essential=essential,
            expected=rate,
            standard_deviation=np.sqrt(rate * (1 - rate) / inputs.size),
        )

    def factor(label, rate, seed):
        value = lambda: drawn(lambda: factor_of(outputs(inputs, rate, seed), inputs, rate))  # noqa: E731
        return Row(label, value, relative_tolerance=1e-5)

    def same(seed, other):
        first, second = (outputs(inputs, 0.5, chosen) for chosen in (seed, other))
        return "yes" if np.array_equal(first, second) else "no"

    yield Row(
        "not training: do the inputs come back as they are?",
        lambda: change_of(outputs(inputs, 0.2, seeds[0], False), inputs),
        weight=2,
    )
    yield share("the share that is dropped at rate 0.2", 0.2, seeds[0], essential=True)
    yield factor(FACTOR, 0.2, seeds[0])
    yield Statistic(
        "the mean of the outputs where all inputs are 1, at rate 0.2",
        lambda: drawn(lambda: np.mean(outputs(ones, 0.2, seeds[1]))),
        expected=1.0,
        standard_deviation=np.sqrt(0.2 / 0.8 / ones.size),
    )
    yield share("the share that is dropped at rate 0.5", 0.5, seeds[1])
    yield factor("what the survivors are multiplied by at rate 0.5", 0.5, seeds[1])
    yield "rate 0 in training: do the inputs come back?", lambda: change_of(outputs(inputs, 0.0, seeds[1]), inputs)
    yield "what is dropped together", fate
    yield "the same seed twice: are the outputs the same?", lambda: same(seeds[2], seeds[2])
    yield "two seeds: are the outputs the same?", lambda: same(seeds[2], seeds[3])
    yield "the shape for an array with three axes", lambda: list(outputs(np.ones((2, 3, 4)), 0.2, seeds[3]).shape)


def faulty_dropout(inputs, rate, training, seed, **made):
    if "only_in_use" in made:
        training = not training
    scale = 1 - rate
    if not training and "at_test" not in made:
        in_use = 1 - rate if "scaled_in_use" in made else 1 / (1 - rate) if "divided_in_use" in made else 1
        return inputs * in_use
    if "nothing_dropped" in made:
        return inputs
    rng = np.random.default_rng(None if "unseeded" in made else 0 if "one_seed" in made else seed)
    shape = inputs.shape
    if "whole_units" in made or "two_axes" in made:
        shape = inputs.shape[1:] if "whole_units" in made else inputs.shape[:2]
    if "whole_examples" in made:
        shape = (len(inputs), *[1] * (inputs.ndim - 1))
    survives = (rng.normal(size=shape) if "normal_draws" in made else rng.random(shape)) >= rate
    if "normal_draws_below" in made:
        survives = rng.normal(size=shape) < 1 - rate
    if "reversed_mask" in made or "swapped" in made:
        survives, scale = ~survives, rate if "swapped" in made else scale
    if "half" in made:
        survives = rng.random(shape) >= 0.5
    if "by_rate" in made:
        scale = rate
    scale = 1 if "not_inverted" in made else scale**2 if "scaled_twice" in made else scale
    scale = 1 / scale if "scaled_down" in made else np.sqrt(1 - rate) if "by_root" in made else scale
    scale = np.mean(survives) if "by_share_kept" in made else scale
    if "only_scaled" in made:
        survives = True
    outputs = inputs * survives / (scale or 1)
    return np.trunc(outputs) if "whole_numbers" in made else outputs


def dropout_as_in_the_paper(inputs, rate, training, seed):
    """This is dropout as in the paper: nothing is scaled while training, and everything by 1 − rate afterwards.

    Asked for is the inverted form: divide survivors by 1 − rate while training, and change nothing later.
    """
    return faulty_dropout(inputs, rate, training, seed, not_inverted=True, scaled_in_use=True)


def dropout_at_fixed_rate(inputs, rate, training, seed, constant=0.25):
    """The rate is always the same, whatever `rate` says.

    Use the argument, in the mask and in the divisor.
    """
    return dropout(inputs, constant, training, seed)


def dropout_by_one_draw(inputs, rate, training, seed):
    """One draw decides for all numbers together.

    Draw a mask in the shape of `inputs`, a fate for each number.
    """
    survives = np.random.default_rng(seed).random() >= rate
    return inputs * survives / (1 - rate) if training else inputs


def dropout_by_noise(inputs, rate, training, seed):
    """No number becomes 0: noise is laid over them.

    Draw for each number whether it is dropped, and multiply by a mask of zeros and ones.
    """
    noise = np.random.default_rng(seed).normal(1, np.sqrt(rate / (1 - rate)), inputs.shape)
    return inputs * noise if training else inputs


def dropout_of_the_smallest(inputs, rate, training, seed):
    """The smallest numbers are dropped, so that the inputs decide and not chance: another seed changes nothing.

    Draw for each number whether it is dropped: `np.random.default_rng(seed).random(inputs.shape) < rate`.
    """
    limit = np.quantile(np.abs(inputs), rate)
    return np.where(np.abs(inputs) >= limit, inputs / (1 - rate), 0) if training else inputs


def dropout_of_ones(inputs, rate, training, seed):
    """In training the mask itself comes back, not the inputs.

    Multiply the inputs by it.
    """
    return dropout(np.ones(inputs.shape), rate, True, seed) if training else inputs


def dropout_with_its_mask(inputs, rate, training, seed):
    """A tuple comes back, say of the outputs and the mask.

    Return the one array of outputs.
    """
    return dropout(inputs, rate, training, seed), seed


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


def scene_dropout(dropout):
    """What dropout at rate 0.25 makes of 8 rows of 12 ones: zeros here and there, and 1.33 for the others."""
    mask = np.asarray(dropout(np.ones((8, 12)), 0.25, True, 7), dtype=float)
    return Matrix(mask, xlabel="unit", ylabel="example") if mask.shape == (8, 12) else None


DROPOUT = Exercise(
    name="dropout",
    kind="derive",
    minutes=10,
    level=2,
    reference=dropout,
    probe=probe_dropout,
    misconceptions=[
        *flags(
            faulty_dropout,
            not_inverted=(
                "Survivors keep their size, so the next layer gets less while training than when the network is used.",
                "Divide what survives by 1 − rate.",
            ),
            at_test=(
                "Numbers are dropped although `training` is False: predictions would be random.",
                "Return the inputs as they are.",
            ),
            scaled_in_use=(
                "In use everything is multiplied by 1 − rate, though survivors were already scaled up in training.",
                "Where `training` is False, return the inputs as they are.",
            ),
            divided_in_use=(
                "In use everything is divided by 1 − rate, though nothing is dropped that this could make up for.",
                "Where `training` is False, return the inputs as they are.",
            ),
            only_in_use=(
                "The two cases of `training` are swapped: numbers are dropped in use, and none while training.",
                "Drop only where `training` is True.",
            ),
            nothing_dropped=(
                "In training, too, the inputs come back as they are.",
                "Multiply by a mask, and return the product.",
            ),
            only_scaled=(
                "In training everything is divided by 1 − rate, and nothing is dropped.",
                "Multiply by a mask of zeros and ones, too.",
            ),
            swapped=(
                "`rate` is the share that is *dropped*, and here it is kept: rate and keep are swapped.",
                "A number survives with probability 1 − rate, and is divided by 1 − rate.",
            ),
            reversed_mask=(
                "The mask is the wrong way round: what should be dropped is kept, and the rest is dropped.",
                "`random < rate` is true for those to drop; keep where `random >= rate`.",
            ),
            half=(
                "Half of the numbers are dropped, whatever the rate.",
                "Draw such that each is dropped with probability `rate`: `random >= rate` survives.",
            ),
            normal_draws=(
                "The mask is drawn from a normal distribution (`randn`), of which far more than `rate` lies below "
                "`rate`.",
                "Draw uniformly between 0 and 1: `random`, or `rand`.",
            ),
            normal_draws_below=(
                "The mask is drawn from a normal distribution (`randn`), of which not 1 − rate lies below 1 − rate.",
                "Draw uniformly between 0 and 1: `random`, or `rand`.",
            ),
            by_rate=(
                "Survivors are divided by `rate`.",
                "A share of 1 − rate survives, so dividing by 1 − rate makes up for the rest.",
            ),
            scaled_down=(
                "Survivors are multiplied by 1 − rate, which makes the outputs smaller still.",
                "*Divide* by 1 − rate.",
            ),
            scaled_twice=("Survivors are divided by 1 − rate twice.", "Divide once: in the mask, or in the product."),
            by_root=("Survivors are divided by the root of 1 − rate.", "Divide by 1 − rate itself."),
            by_share_kept=(
                "Survivors are divided by the share that happened to survive in this draw, not by 1 − rate.",
                "Divide by 1 − rate, the share that survives on average.",
            ),
            whole_numbers=(
                "The outputs are whole numbers: what stands behind the point is cut off.",
                "An array of integers keeps no fractions: make it of floats, as `np.zeros_like(inputs)` does.",
            ),
            whole_units=(
                "The same units, whole columns, are dropped for every example of the batch.",
                "Draw a mask in the shape of `inputs`, not of one row.",
            ),
            whole_examples=(
                "Whole examples, rows of the batch, are dropped.",
                "Draw a mask in the shape of `inputs`, a fate for each number.",
            ),
            two_axes=(
                "It works with two axes, but not with three.",
                "Take the mask's shape from the inputs as it is: `inputs.shape`.",
            ),
            unseeded=(
                "The same seed gives another mask each time.",
                "Draw from `np.random.default_rng(seed)`.",
            ),
            one_seed=(
                "The mask is the same whatever the seed, so the same units are dropped at every step.",
                "Draw from `np.random.default_rng(seed)`.",
            ),
        ),
        dropout_as_in_the_paper,
        dropout_by_one_draw,
        dropout_by_noise,
        dropout_of_the_smallest,
        dropout_of_ones,
        dropout_with_its_mask,
        Misconception.of(dropout_at_fixed_rate, constant=(FACTOR, lambda factor: float(1 - 1 / factor))),
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
        "A comparison gives an array of True and False. What does a number become that is multiplied by it?",
    ],
    scene=scene_dropout,
)
