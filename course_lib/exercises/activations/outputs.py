"""The exercise on a network's output: softmax."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags


def probe_softmax(softmax, rng):
    logits, batch, square = rng.normal(size=5), rng.normal(size=(4, 3)), rng.normal(size=(3, 3))
    cube, shift = rng.normal(size=(2, 3, 4)), rng.integers(1, 8) / 8
    large = 1000.0 * rng.permutation([1.0, 0.999, -1.0])
    yield Row("one row of logits", lambda: softmax(logits), essential=True)
    yield "a batch", lambda: softmax(batch)
    yield "a square batch", lambda: softmax(square)
    yield "a batch, along axis 0", lambda: softmax(batch, axis=0)
    yield "three axes, along the middle one", lambda: softmax(cube, axis=1)
    yield "very large logits", lambda: softmax(large)
    yield "all logits very negative", lambda: softmax(np.array([-1000.0, -1001.0 + shift, -1002.0]))
    yield "a row of large and a row of small logits", lambda: softmax(np.array([[1000.0, 1001.0], [0.0, 1.0 + shift]]))


def faulty_softmax(
    logits, axis=-1, no_shift=False, whole=False, one_shift=False, columns=False, last=False, dropped_axis=False
):
    along = 0 if columns else -1 if last else axis
    shift = 0 if no_shift else np.max(logits) if one_shift else np.max(logits, axis=along, keepdims=True)
    powers = np.exp(logits - shift)
    total = powers.sum() if whole else powers.sum(axis=along, keepdims=not dropped_axis)
    return powers / total


def softmax_without_exp(logits, axis=-1):
    return logits / np.sum(logits, axis=axis, keepdims=True)


def softmax_as_sigmoid(logits, axis=-1):
    return activations.sigmoid(logits)


def softmax_as_argmax(logits, axis=-1):
    return (logits == np.max(logits, axis=axis, keepdims=True)).astype(float)


def softmax_log(logits, axis=-1):
    return np.log(activations.softmax(logits, axis))


def softmax_falling(logits, axis=-1):
    return activations.softmax(-logits, axis)


def softmax_unnormalized(logits, axis=-1):
    return np.exp(logits - np.max(logits, axis=axis, keepdims=True))


def softmax_divided_by_the_largest(logits, axis=-1):
    powers = np.exp(logits / np.max(logits, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def softmax_with_max_of_python(logits, axis=-1):
    powers = np.exp(logits - max(logits))
    return powers / sum(powers)


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
    reference=activations.softmax,
    probe=probe_softmax,
    misconceptions=[
        *flags(
            faulty_softmax,
            no_shift="np.exp overflows at large logits, and inf / inf is NaN. Subtract each row's maximum first: it "
            "cancels out of the quotient.",
            whole="You divide by the sum over the whole array, so a whole batch shares one probability of 1. "
            "Sum along `axis` only, with keepdims=True.",
            one_shift="You subtract one maximum from all rows. Where a row is much smaller than that, its exponentials "
            "are all 0, and 0/0 is NaN. Subtract each row's own: np.max(…, axis=axis, keepdims=True).",
            columns="You always work along axis 0, for a batch down the columns. Use `axis`, which is −1 by default.",
            last="`axis` is ignored: you always work along the last one. Pass it on to np.max and np.sum.",
            dropped_axis="The sum loses its axis, and broadcasting then fails, or divides by another row's sum where "
            "the batch is square. Give np.sum keepdims=True.",
        ),
        Misconception(
            softmax_with_max_of_python,
            "Python's `max` and `sum` go along the first axis only, and `max` cannot compare rows. Use `np.max` and "
            "`np.sum` with `axis=axis, keepdims=True`.",
        ),
        Misconception(
            softmax_without_exp, "The exponential is missing: negative logits would become negative probabilities."
        ),
        Misconception(
            softmax_as_sigmoid,
            "This is a sigmoid for each logit on its own; they do not sum to 1. Divide by the sum of the exponentials.",
        ),
        Misconception(
            softmax_as_argmax, "This is the hard maximum: all or nothing. Softmax gives every logit its share, exp(z)."
        ),
        Misconception(softmax_log, "You return the logarithm of the probabilities. Return the probabilities."),
        Misconception(softmax_falling, "The smallest logit gets the largest share: the exponent has a minus too many."),
        Misconception(
            softmax_unnormalized, "Your values do not sum to 1: divide by the sum of the exponentials along `axis`."
        ),
        Misconception(
            softmax_divided_by_the_largest,
            "You divide the logits by their maximum, which changes the result. *Subtract* it: that cancels out.",
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
        "With c = np.max(logits, axis=axis, keepdims=True) the largest exponent is 0, and nothing overflows.",
        "`powers = np.exp(logits - np.max(logits, axis=axis, keepdims=True))`, then divide by "
        "`np.sum(powers, axis=axis, keepdims=True)`.",
    ],
)
