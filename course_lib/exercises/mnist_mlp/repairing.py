"""The bug to be spotted: a softmax too many in front of a loss."""

import numpy as np

from course_lib import losses
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.mnist_mlp.pairs import pair


def repaired_loss(logits, labels):
    """The loss of a classifier and its gradient: the mean of −log softmax(z)_label, and (softmax(z) − one-hot) / n.

    Args:
        logits: array (n, classes), what the last layer gives before any softmax.
        labels: integer array (n,).
    Returns:
        (loss, gradient): a number, and an array shaped like `logits`.
    """
    return (
        losses.sparse_categorical_crossentropy(labels, logits, from_logits=True),
        losses.sparse_categorical_crossentropy_gradient(labels, logits, from_logits=True),
    )


def loss_written_out(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    examples = np.arange(len(labels))
    loss = -log_p[examples, labels].mean()
    gradient = np.exp(log_p)
    gradient[examples, labels] -= 1
    return loss, gradient / len(labels)


def probe_repaired_loss(repaired_loss, rng):
    logits, labels = rng.normal(scale=2.0, size=(4, 3)), np.array([2, 0, 1, 0])
    others, other_labels = rng.normal(size=(6, 10)), rng.permutation(10)[:6].astype(np.uint8)
    right, large = 12.0 * np.eye(3)[labels], np.array([[1000.0, 0.0, -1000.0], [0.0, 1000.0, 0.0]])

    def part(logits, labels, which):
        return lambda: pair(repaired_loss(logits, labels), "(loss, gradient)")[which]

    yield Row("the loss of six examples, ten classes", part(others, other_labels, 0), essential=True)
    yield "the gradient of six examples, ten classes", part(others, other_labels, 1)
    yield "the loss of four examples, three classes", part(logits, labels, 0)
    yield "the gradient of four examples, three classes", part(logits, labels, 1)
    yield "the loss where all is right and almost certain", part(right, labels, 0)
    yield "the loss of logits in the thousands", part(large, np.array([2, 1]), 0)
    yield "the gradient of logits in the thousands", part(large, np.array([2, 1]), 1)


def _softmax(z, shift=True):
    powers = np.exp(z - z.max(axis=1, keepdims=True) if shift else z)
    return powers / powers.sum(axis=1, keepdims=True)


def faulty_loss(
    logits,
    labels,
    two_softmaxes=False,
    labels_as_numbers=False,
    clipped=False,
    overflowing=False,
    log_of_zero=False,
    summed=False,
    gradient_summed=False,
    uphill=False,
    loss_negative=False,
):
    n, classes = logits.shape
    y = labels.astype(float)[:, None] * np.ones(classes) if labels_as_numbers else np.eye(classes)[labels]
    p = _softmax(logits, shift=not overflowing)
    if two_softmaxes:
        p = _softmax(p)
    if clipped:
        p = np.clip(p, 1e-7, 1 - 1e-7)
        log_p = np.log(p)
    elif overflowing or log_of_zero or two_softmaxes:
        log_p = np.log(p)
    else:
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = (1 if loss_negative else -1) * np.sum(np.where(y > 0, y * log_p, 0)) / (1 if summed else n)
    gradient = ((y - p) if uphill else (p - y)) / (1 if gradient_summed else n)
    return loss, gradient


def loss_differentiated_through_both(logits, labels):
    p = _softmax(logits)
    q = _softmax(p)
    y = np.eye(logits.shape[1])[labels]
    upstream = (q - y) / len(labels)
    return -np.mean(np.log(q[np.arange(len(labels)), labels])), p * (
        upstream - np.sum(upstream * p, axis=1, keepdims=True)
    )


def loss_right_gradient_of_two(logits, labels):
    return loss_written_out(logits, labels)[0], faulty_loss(logits, labels, two_softmaxes=True)[1]


def loss_of_two_gradient_right(logits, labels):
    return faulty_loss(logits, labels, two_softmaxes=True)[0], loss_written_out(logits, labels)[1]


def loss_without_softmax(logits, labels):
    y = np.eye(logits.shape[1])[labels]
    return -np.mean(np.log(logits[np.arange(len(labels)), labels])), (logits - y) / len(labels)


def gradient_of_probabilities(logits, labels):
    y = np.eye(logits.shape[1])[labels]
    return loss_written_out(logits, labels)[0], -y / np.maximum(_softmax(logits), 1e-300) / len(labels)


def loss_of_ten_classes(logits, labels):
    loss, _ = loss_written_out(logits, labels)
    return loss, (_softmax(logits) - np.eye(10)[labels]) / len(labels)


def loss_of_zero_times_infinity(logits, labels):
    p, y = _softmax(logits), np.eye(logits.shape[1])[labels]
    return -np.sum(y * np.log(p)) / len(y), (p - y) / len(y)


def loss_alone(logits, labels):
    return loss_written_out(logits, labels)[0]


def loss_row_by_row(logits, labels):
    total, gradient = 0.0, np.zeros(logits.shape)
    for row, (z, label) in enumerate(zip(logits, labels, strict=True)):
        log_sum = np.log(np.sum(np.exp(z - np.max(z)))) + np.max(z)
        total += log_sum - z[label]
        gradient[row] = np.exp(z - log_sum)
        gradient[row, label] -= 1
    return total / len(labels), gradient / len(labels)


def loss_by_logaddexp(logits, labels):
    log_p = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    y = labels[:, None] == np.arange(logits.shape[-1])
    return [-np.sum(y * log_p) / len(y), (np.exp(log_p) - y) / len(y)]


REPAIRED_LOSS = Exercise(
    name="repaired_loss",
    reference=repaired_loss,
    probe=probe_repaired_loss,
    misconceptions=[
        *flags(
            faulty_loss,
            two_softmaxes="The second softmax is still there: it takes probabilities for logits, so that even the "
            "right answer costs log(1 + (k − 1)/e) with k classes. Apply softmax once.",
            labels_as_numbers="The labels are used as numbers, so an example of class 7 weighs seven times and one of "
            "class 0 nothing. Turn them into one-hot rows, or pick `p[np.arange(n), labels]`.",
            clipped="Clipping makes the loss at most 16.1, however wrong the network is. Compute log p = z − max z − "
            "log Σ exp(z − max z), which needs none.",
            overflowing="exp overflows where logits are large: subtract each row's maximum first.",
            log_of_zero="Where the network is certain and wrong, softmax underflows to 0 and the loss is infinite. "
            "Take the logarithm before it does: log p = z − max z − log Σ exp(z − max z).",
            summed="The loss is the sum over the examples. Asked for is their mean.",
            gradient_summed="The gradient is that of the summed loss. The loss is a mean: divide by n.",
            uphill="The gradient has the opposite sign: it is what was predicted minus what is true.",
            loss_negative="The loss has the opposite sign: −log p is positive.",
        ),
        Misconception(
            loss_differentiated_through_both,
            "You differentiate rightly through both softmaxes, as a library would. But one softmax is too many: the "
            "loss takes the logits.",
        ),
        Misconception(
            loss_right_gradient_of_two,
            "The loss is repaired, but its gradient still has the second softmax: it is (softmax(z) − one-hot) / n.",
        ),
        Misconception(
            loss_of_two_gradient_right,
            "The gradient is repaired, but the loss itself still has the second softmax: −log softmax(z) at the label.",
        ),
        Misconception(
            loss_without_softmax,
            "Now there is no softmax at all, and the logarithm meets logits. Exactly one softmax is needed.",
        ),
        Misconception(
            gradient_of_probabilities,
            "This is the gradient with respect to the *probabilities*. With respect to the logits it is "
            "(softmax(z) − one-hot) / n.",
        ),
        Misconception(
            loss_of_ten_classes, "`np.eye(10)` fits ten classes only. The logits know how many: `logits.shape[1]`."
        ),
        Misconception(
            loss_of_zero_times_infinity,
            "Where a probability underflows to 0, its logarithm is −∞, and 0 · (−∞) is NaN. Take the logarithm before: "
            "log p = z − max z − log Σ exp(z − max z).",
        ),
        Misconception(loss_alone, "Return two things: `return loss, gradient`."),
    ],
    equivalents=[loss_written_out, loss_row_by_row, loss_by_logaddexp],
    hints=[
        "How many softmaxes does a number pass through on its way from `logits` to the logarithm?",
        "log softmax(z) = z − log Σ exp(z). Subtract each row's maximum from z first, and nothing overflows.",
        "With one-hot labels y the gradient is `(softmax(logits) - y) / len(labels)`.",
    ],
    solution=loss_written_out,
)
