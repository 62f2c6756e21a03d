"""The exercise on cross-entropy of logits, and its gradient."""

import numpy as np

from course_lib import losses
from course_lib.checking.exercise import Exercise, Row
from course_lib.exercises.losses.crossentropy import shares
from course_lib.exercises.losses.fromlogits_mistakes import FAR, MISCONCEPTIONS
from course_lib.exercises.losses.fromlogits_returned import crossentropy_written_out
from course_lib.exercises.losses.returned import gradient_of, loss_of


def crossentropy_from_logits(y_true, logits):
    """Return the mean of −Σ y log softmax(z) and its gradient, (softmax(z) − y) / n.

    Args:
        y_true: array (n, classes), rows of shares that sum to 1, one-hot or not.
        logits: array (n, classes).
    Returns:
        (loss, gradient): a number, and an array shaped like `logits`.
    """
    return (
        losses.categorical_crossentropy(y_true, logits, from_logits=True),
        losses.categorical_crossentropy_gradient(y_true, logits, from_logits=True),
    )


def probe_crossentropy_from_logits(crossentropy_from_logits, rng):
    logits, y = rng.normal(scale=2.0, size=(6, 5)), np.eye(5)[rng.permutation([0, 1, 2, 3, 4, 2])]
    square, y_square = rng.normal(size=(3, 3)), np.eye(3)[[1, 1, 2]]
    soft = shares(rng, 4, 3)
    others = rng.normal(size=(4, 3))
    # Rows so far apart that one maximum does not serve both; their p are above the smallest float.
    uneven = np.array([[1200.0, 900.0, 900.0], [-900.0, -1400.0, -900.0]])
    large = np.array([[1e4, 0.0, -1e4], [0.0, 1e4, 0.0]])

    def part(y, z, which):
        return lambda: (loss_of, gradient_of)[which](crossentropy_from_logits(y, z))

    yield Row("the loss of six examples, five classes", part(y, logits, 0), essential=True)
    yield "the gradient of six examples, five classes", part(y, logits, 1)
    yield "the loss of three examples, three classes", part(y_square, square, 0)
    yield "the gradient of three examples, three classes", part(y_square, square, 1)
    yield "the loss where the labels are shares", part(soft, others, 0)
    yield "the gradient where the labels are shares", part(soft, others, 1)
    yield "the loss of logits in the hundreds, above 0 and below", part(np.eye(3)[[1, 1]], uneven, 0)
    yield FAR, part(np.eye(3)[[2, 2]], large, 0)
    yield "the gradient of logits of ±10,000", part(np.eye(3)[[2, 2]], large, 1)


def crossentropy_by_logaddexp(y_true, logits):
    log_p = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    return [np.mean(-(y_true * log_p).sum(axis=-1)), (np.exp(log_p) - y_true) / len(y_true)]


def crossentropy_row_by_row(y_true, logits):
    loss, gradient = 0.0, np.zeros(logits.shape)
    for row, (z, y) in enumerate(zip(logits, y_true, strict=True)):
        powers = np.exp(z - max(z))
        loss += np.log(sum(powers)) + max(z) - np.dot(y, z)
        gradient[row] = powers / sum(powers) - y
    return loss / len(logits), gradient / len(logits)


CROSSENTROPY_FROM_LOGITS = Exercise(
    name="crossentropy_from_logits",
    kind="derive",
    minutes=18,
    level=3,
    reference=crossentropy_from_logits,
    solution=crossentropy_written_out,
    probe=probe_crossentropy_from_logits,
    misconceptions=MISCONCEPTIONS,
    equivalents=[crossentropy_written_out, crossentropy_by_logaddexp, crossentropy_row_by_row],
    hints=[
        "Write log p with p = exp(z) / Σ exp(z). The logarithm of a quotient is a difference. What is log exp(z)?",
        "So −log p = log Σ exp(z) − z. Subtract the row's maximum from z before the exponential, as softmax does.",
        "Differentiate log Σ exp(z) along one logit: which well-known fraction comes out? What comes of −z?",
        "The labels of a row sum to 1, so Σ y · log Σ exp(z) is log Σ exp(z). Its slopes are the shares.",
    ],
)
