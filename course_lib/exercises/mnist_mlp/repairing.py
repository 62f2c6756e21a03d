"""The bug to be spotted: a softmax too many in front of a loss."""

import numpy as np

from course_lib import losses
from course_lib.checking.exercise import Exercise, Row
from course_lib.exercises.mnist_mlp.loss_mistakes import MISCONCEPTIONS, THOUSANDS, loss_written_out
from course_lib.exercises.returned import parts


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


def probe_repaired_loss(repaired_loss, rng):
    logits, labels = rng.normal(scale=2.0, size=(4, 3)), np.array([2, 0, 1, 0])
    others, other_labels = rng.normal(size=(6, 10)), rng.permutation(10)[:6]
    right, large = 6.0 * np.eye(3)[labels], np.array([[1000.0, 0.0, -1000.0], [0.0, 1000.0, 0.0]])
    # The rows of `uneven` are so far apart that one maximum does not serve both; their p are above the smallest float.
    uneven = np.array([[1200.0, 900.0, 900.0], [-900.0, -1400.0, -900.0]])

    def part(logits, labels, which):
        return lambda: parts(repaired_loss(logits, labels), ["loss", "gradient"])[which]

    def row(label, logits, labels, which, essential=False, near=1e-5):  # room for those who compute in float32
        return Row(label, part(logits, labels, which), 1, essential, relative_tolerance=near)

    yield row("the loss of six examples, ten classes", others, other_labels, 0, essential=True)
    yield row("the gradient of six examples, ten classes", others, other_labels, 1)
    yield row("the loss of four examples, three classes", logits, labels, 0)
    yield row("the gradient of four examples, three classes", logits, labels, 1)
    # Near 1, p has lost most of its digits in float32.
    yield row("the loss where all is right and almost certain", right, labels, 0, near=1e-3)
    yield row("the loss of logits in the hundreds, above 0 and below", uneven, np.array([1, 1]), 0)
    yield row(THOUSANDS, large, np.array([2, 2]), 0)
    yield row("the gradient of logits in the thousands", large, np.array([2, 2]), 1)


def loss_with_a_bug(logits, labels):
    def softmax(z):
        powers = np.exp(z - z.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    outputs = softmax(logits)  # what the network returns
    p = softmax(outputs)  # what the loss makes of it
    rows = np.arange(len(labels))
    loss = -np.mean(np.log(p[rows, labels]))

    by_outputs = p.copy()  # the gradient with respect to the outputs, and from there to the logits
    by_outputs[rows, labels] -= 1
    by_outputs /= len(labels)
    gradient = outputs * (by_outputs - np.sum(by_outputs * outputs, axis=1, keepdims=True))
    return loss, gradient


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
    kind="repair",
    minutes=15,
    level=2,
    reference=repaired_loss,
    probe=probe_repaired_loss,
    misconceptions=MISCONCEPTIONS,
    equivalents=[loss_written_out, loss_row_by_row, loss_by_logaddexp],
    hints=[
        "How many softmaxes does a number pass through on its way from `logits` to the logarithm?",
        "log softmax(z) = z − log Σ exp(z). Which number may you subtract from a row of z first, so nothing overflows?",
        "The gradient is what was predicted minus what is true, and the loss is a mean. What does that divide by?",
    ],
    solution=loss_written_out,
    buggy=loss_with_a_bug,
)
