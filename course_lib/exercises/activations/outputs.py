"""The exercise on a network's output: softmax."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags


def probe_softmax(softmax, rng):
    logits, batch, square = rng.normal(size=5), rng.normal(size=(4, 3)), rng.normal(size=(3, 3))
    cube, shift = rng.normal(size=(2, 3, 4)), rng.integers(1, 8) / 8
    large = 4000.0 * rng.permutation([1.0, 0.99975, -1.0])
    yield Row("one row of logits", lambda: softmax(logits), essential=True)
    yield "a batch", lambda: softmax(batch)
    yield "a square batch", lambda: softmax(square)
    yield "a batch, along axis 0", lambda: softmax(batch, axis=0)
    yield "three axes, along the middle one", lambda: softmax(cube, axis=1)
    yield "very large logits", lambda: softmax(large)
    yield "all logits very negative", lambda: softmax(np.array([-1000.0, -1001.0 + shift, -1002.0]))
    yield "a row of large and a row of small logits", lambda: softmax(np.array([[1000.0, 1001.0], [0.0, 1.0 + shift]]))


def faulty_softmax(
    logits,
    axis=-1,
    no_shift=False,
    dropped_shift=False,
    whole=False,
    one_shift=False,
    columns=False,
    last=False,
    dropped_axis=False,
):
    along = 0 if columns else -1 if last else axis
    shift = 0 if no_shift else np.max(logits) if one_shift else np.max(logits, axis=along, keepdims=not dropped_shift)
    powers = np.exp(logits - shift)
    total = powers.sum() if whole else powers.sum(axis=along, keepdims=not dropped_axis)
    return powers / total


def softmax_by(make):
    """Return the wrong softmax that `make` computes from z, its maximum along `axis`, and how to sum along `axis`."""

    def softmax(logits, axis=-1):
        shift = np.max(logits, axis=axis, keepdims=True)
        return make(logits, shift, lambda powers: powers.sum(axis=axis, keepdims=True))

    return softmax


def faulty_softmax_along_axis_1(logits, axis=-1, one=False, no_shift_either=False, lost_axis=False, rows=False):
    if one or no_shift_either or lost_axis or rows:
        axis = logits.ndim - 1 if rows and logits.ndim < 2 else 1
    return faulty_softmax(logits, axis, no_shift=no_shift_either, dropped_axis=lost_axis)


def exponential_shares(logits, axis):
    powers = np.exp(logits)
    return powers / powers.sum(axis=axis, keepdims=True)


def softmax_of_another_default(logits, axis=0):
    """Your default axis is 0, the first.

    It is −1, the last: change it in the first line of the function.
    """
    return activations.softmax(logits, axis)


def softmax_with_max_of_python(logits, axis=-1):
    """Python's `max` and `sum` go along the first axis only, and `max` cannot compare rows.

    Use `np.max` and `np.sum` with `axis=axis, keepdims=True`.
    """
    powers = np.exp(logits - max(logits))
    return powers / sum(powers)


def softmax_cut_off(logits, axis=-1, constant=50.0):
    """You cut large logits off before the exponential, so different logits get the same share.

    Subtract each row's maximum instead: it cancels out of the quotient.
    """
    return activations.softmax(np.clip(logits, -constant, constant), axis)


def softmax_with_epsilon(logits, axis=-1, constant=1e-3):
    """Your shares do not sum to 1: you add an ε to the divisor.

    After the maximum is subtracted, the sum is at least 1, and needs no ε.
    """
    powers = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return powers / (powers.sum(axis=axis, keepdims=True) + constant)


def softmax_by_logsumexp(logits, axis=-1):
    return np.exp(logits - np.logaddexp.reduce(logits, axis=axis, keepdims=True))


def softmax_by_moving_the_axis(logits, axis=-1):
    rows = np.moveaxis(logits, axis, -1)
    powers = np.exp(rows - rows.max(-1)[..., None])
    return np.moveaxis(powers / powers.sum(-1)[..., None], -1, axis)


def softmax_along_slices(logits, axis=-1):
    def one(row):
        powers = np.exp(row - max(row))
        return powers / sum(powers)

    return np.apply_along_axis(one, axis, logits)


SOFTMAX = Exercise(
    name="softmax",
    kind="derive",
    minutes=12,
    level=2,
    reference=activations.softmax,
    probe=probe_softmax,
    misconceptions=[
        *flags(
            faulty_softmax,
            no_shift=(
                "np.exp overflows at large logits, and inf / inf is NaN.",
                "Subtract each row's maximum first: it cancels out of the quotient.",
            ),
            whole=(
                "You divide by the sum over the whole array, so a whole batch shares one probability of 1.",
                "Sum along `axis` only, with keepdims=True.",
            ),
            one_shift=(
                "You subtract one maximum from all rows. Where a row is much smaller than that, its exponentials are "
                "all 0, and 0/0 is NaN.",
                "Subtract each row's own: np.max(…, axis=axis, keepdims=True).",
            ),
            columns=(
                "You always work along axis 0, for a batch down the columns.",
                "Use `axis`, which is −1 by default.",
            ),
            last=("`axis` is ignored: you always work along the last one.", "Pass it on to np.max and np.sum."),
            dropped_shift=(
                "The maximum loses its axis, and broadcasting then fails, or subtracts another row's maximum where the "
                "batch is square.",
                "Give np.max keepdims=True.",
            ),
            dropped_axis=(
                "The sum loses its axis, and broadcasting then fails, or divides by another row's sum where the batch "
                "is square.",
                "Give np.sum keepdims=True.",
            ),
        ),
        *flags(
            faulty_softmax_along_axis_1,
            one=(
                "You always work along axis 1, whatever `axis` says, and a single row has no such axis.",
                "Pass `axis` on to np.max and np.sum.",
            ),
            no_shift_either=(
                "You always work along axis 1, which a single row does not have; and np.exp overflows at large logits.",
                "Pass `axis` on to np.sum, and subtract each row's maximum first.",
            ),
            lost_axis=(
                "You always work along axis 1, which a single row does not have; and the sum loses its axis.",
                "Give np.max and np.sum `axis=axis, keepdims=True`.",
            ),
            rows=(
                "`axis` is ignored for a batch: you always work along axis 1 there.",
                "Pass it on to np.max and np.sum; then a single row needs no case of its own.",
            ),
        ),
        softmax_with_max_of_python,
        Misconception.of(softmax_cut_off, between=(0.1, 900.0)),
        Misconception.of(softmax_with_epsilon, between=(1e-6, 10.0)),
        softmax_of_another_default,
        Misconception(
            lambda logits, axis=-1: exponential_shares(logits - np.mean(logits, axis=axis, keepdims=True), axis),
            "You subtract another number than the maximum, such as the mean: a logit far above it still overflows.",
            "Subtract the maximum, so that the largest exponent is 0.",
            "softmax_shifted_too_little",
        ),
        Misconception(
            lambda logits, axis=-1: activations.softmax(logits, axis) * logits.shape[axis],
            "You divide by the mean of the exponentials, so your shares do not sum to 1.",
            "Divide by their sum.",
            "softmax_over_the_mean",
        ),
        Misconception(
            softmax_by(lambda z, top, total: 2 ** (z - top) / total(2 ** (z - top))),
            "Your powers have the base 2.",
            "Take `np.exp`, whose base is e.",
            "softmax_of_base_two",
        ),
        Misconception(
            softmax_by(lambda z, top, total: z / total(z)),
            "The exponential is missing: negative logits would become negative probabilities.",
            "Divide exp(z) by the sum of the exponentials.",
            "softmax_without_exp",
        ),
        Misconception(
            softmax_by(lambda z, top, total: activations.sigmoid(z)),
            "This is a sigmoid for each logit on its own; they do not sum to 1.",
            "Divide the exponentials by their sum.",
            "softmax_as_sigmoid",
        ),
        Misconception(
            softmax_by(lambda z, top, total: (z == top).astype(float)),
            "This is the hard maximum: all or nothing.",
            "Softmax gives every logit its share, in proportion to exp(z).",
            "softmax_as_argmax",
        ),
        Misconception(
            softmax_by(lambda z, top, total: z - top - np.log(total(np.exp(z - top)))),
            "You return the logarithm of the probabilities.",
            "Return the probabilities.",
            "softmax_log",
        ),
        Misconception(
            softmax_by(lambda z, top, total: np.exp(top - z) / total(np.exp(top - z))),
            "The smallest logit gets the largest share, and exp(1000) overflows: the difference in the exponent is "
            "turned around.",
            "Subtract the maximum from the logits, not the logits from the maximum.",
            "softmax_turned_around",
        ),
        Misconception(
            lambda logits, axis=-1: activations.softmax(-logits, axis),
            "The smallest logit gets the largest share.",
            "Drop the minus in the exponent.",
            "softmax_falling",
        ),
        Misconception(
            softmax_by(lambda z, top, total: np.exp(z - top)),
            "Your values do not sum to 1.",
            "Divide by the sum of the exponentials along `axis`.",
            "softmax_unnormalized",
        ),
        Misconception(
            softmax_by(lambda z, top, total: np.exp(z / top) / total(np.exp(z / top))),
            "You divide the logits by their maximum, which changes the result.",
            "Subtract it: that cancels out.",
            "softmax_divided_by_the_largest",
        ),
        Misconception(
            softmax_by(lambda z, top, total: np.exp(z - 1000) / total(np.exp(z - 1000))),
            "You subtract a fixed number from all logits, whatever they are. Exponentials of small logits then are all "
            "0, and 0/0 is NaN.",
            "Subtract a number that each row brings along: with which one is its largest exponent 0?",
            "softmax_shifted_by_a_fixed_number",
        ),
        Misconception(
            softmax_by(lambda z, top, total: np.exp(z - top) / total(np.exp(z))),
            "You subtract the maximum in the numerator only, so it does not cancel.",
            "Subtract it in both places: compute the exponentials once, and divide them by their own sum.",
            "softmax_shifted_above_only",
        ),
        Misconception(
            softmax_by(lambda z, top, total: np.exp(z) / total(np.exp(z - top))),
            "You subtract the maximum in the denominator only, so it does not cancel.",
            "Subtract it in both places: compute the exponentials once, and divide them by their own sum.",
            "softmax_shifted_below_only",
        ),
        Misconception(
            softmax_by(lambda z, top, total: np.nan_to_num(np.exp(z) / total(np.exp(z)))),
            "np.exp overflows at large logits, and `np.nan_to_num` makes inf / inf a 0 where a share is right.",
            "Subtract each row's maximum first: it cancels out of the quotient.",
            "softmax_with_nan_to_num",
        ),
        Misconception(
            softmax_by(lambda z, top, total: np.exp(z) - top / total(np.exp(z))),
            "A division goes before a subtraction: you divide the maximum alone.",
            "The maximum is subtracted inside exp's brackets, and the whole exponential is divided.",
            "softmax_without_brackets",
        ),
    ],
    equivalents=[
        softmax_by_logsumexp,
        softmax_by_moving_the_axis,
        softmax_along_slices,
        lambda logits, axis=-1: activations.softmax(logits - logits.min(axis, keepdims=True), axis),
        lambda logits, axis=-1: (lambda p: p / np.sum(p, axis, keepdims=True))(
            np.exp(logits - np.expand_dims(logits.max(axis), axis))
        ),
        lambda logits, axis=-1: activations.softmax(logits.astype(np.float32), axis),
    ],
    hints=[
        "Three steps: exponentials, their sum along `axis`, the quotient. `keepdims=True` keeps the sum's shape "
        "fit for the division.",
        "Which number may you subtract from all logits of a row without changing the result? Write the quotient with "
        "exp(z − c) and cancel exp(−c).",
        "With c the largest logit of each row, the largest exponent is 0, and nothing overflows. Each row needs its "
        "own c, in a shape that fits the subtraction.",
    ],
)
