"""How people get the loss of a classifier wrong, a softmax too many being one way among many."""

import numpy as np

from course_lib.checking.exercise import Misconception, flags


def loss_written_out(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    examples = np.arange(len(labels))
    loss = -log_p[examples, labels].mean()
    gradient = np.exp(log_p)
    gradient[examples, labels] -= 1
    return loss, gradient / len(labels)


# The row from which numbers are read off that an answer holds.
THOUSANDS = "the loss of logits in the thousands"


def _softmax(z, maximum=None):
    powers = np.exp(z - (z.max(axis=1, keepdims=True) if maximum is None else maximum))
    return powers / powers.sum(axis=1, keepdims=True)


def faulty_loss(logits, labels, **made):
    n, classes = logits.shape
    y = np.eye(classes)[labels]
    if "labels_as_numbers" in made:
        y = labels.astype(float)[:, None] * np.ones(classes)
    if "smoothed" in made:
        y = 0.9 * y + 0.1 / classes
    p = _softmax(logits, 0 if "overflowing" in made else logits.max() if "one_maximum" in made else None)
    if "two_softmaxes" in made:
        p = _softmax(p)
    log_p = np.log(p)
    if not {"overflowing", "one_maximum", "log_of_zero", "two_softmaxes"} & made.keys():
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    told = np.where(y > 0, y * log_p, 0)
    if "one_maximum_in_log" in made:
        shifted = logits - logits.max()
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        p, told = np.exp(log_p), np.where(y > 0, y * log_p, 0)
    if "of_the_prediction" in made:
        told = log_p.max(axis=1)
    loss = (1 if "loss_negative" in made else -1) * np.sum(told) / (1 if "summed" in made else n)
    if "one_by_one" in made:
        loss = -told.sum(axis=1)
    gradient = (y - p) if "uphill" in made else p if "only_p" in made else logits - y if "no_softmax" in made else p - y
    if "every_row" in made:
        gradient = p.copy()
        gradient[:, labels] -= 1
    loss = loss / (classes if "loss_by_size" in made else 1)
    divisor = 1 if "gradient_summed" in made else n**2 if "divided_twice" in made else n
    return loss, gradient / (divisor * (classes if "gradient_by_size" in made else 1))


def loss_with_added(logits, labels, constant=1e-7):
    """A number is added to p before the logarithm, so the loss has a limit, however wrong the network is.

    Take the logarithm before p underflows: log p = z − max z − log Σ exp(z − max z) needs no help.
    """
    return -np.mean(np.log(_of_labels(_softmax(logits), labels) + constant)), loss_written_out(logits, labels)[1]


def loss_with_clipped_p(logits, labels, constant=1e-7):
    """Clipping p puts a limit to the loss, however wrong the network is.

    Take the logarithm before p underflows: log p = z − max z − log Σ exp(z − max z) needs no clipping.
    """
    p = np.clip(_softmax(logits), constant, 1 - constant)
    return -np.mean(np.log(_of_labels(p, labels))), (p - np.eye(logits.shape[1])[labels]) / len(labels)


def loss_with_clipped_p_for_itself(logits, labels, constant=1e-4):
    """Clipping p puts a limit to the loss, however wrong the network is, and its gradient does not know of it.

    Take the logarithm before p underflows: log p = z − max z − log Σ exp(z − max z) needs no clipping.
    """
    return loss_with_clipped_p(logits, labels, constant)[0], loss_written_out(logits, labels)[1]


def loss_with_clipped_logits(logits, labels, constant=100.0):
    """The logits are clipped, so beyond the limit a wrong answer costs no more.

    Subtract each row's maximum instead: exp cannot overflow then, and nothing is lost.
    """
    return loss_written_out(np.clip(logits, -constant, constant), labels)


def loss_of_logits_for_p(logits, labels, constant=1e-7):
    """In the loss the logarithm is taken of clipped logits, as if they were probabilities.

    The logarithm belongs to softmax(z): log p = z − max z − log Σ exp(z − max z).
    """
    return -np.mean(np.log(_of_labels(np.clip(logits, constant, 1), labels))), loss_written_out(logits, labels)[1]


def loss_in_another_base(logits, labels, constant=2.0):
    """The logarithm has another base than e.

    Take the natural one, `np.log`, which is also what the gradient belongs to.
    """
    loss, gradient = loss_written_out(logits, labels)
    return loss / np.log(constant), gradient


def limit_of_p(loss):
    # Both examples are certain and wrong: each costs all that the limit lets through.
    return float(np.exp(-loss))


def loss_of_each_class(logits, labels):
    """The loss also counts −log(1 − p) of the other classes, as binary cross-entropy does.

    A softmax has one true class for each example: −log p of that one.
    """
    p, y = np.clip(_softmax(logits), 1e-7, 1 - 1e-7), np.eye(logits.shape[1])[labels]
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y), loss_written_out(logits, labels)[1]


def loss_after_subtraction(logits, labels):
    """The gradient is right, but the logarithm is taken of p − 1: the 1 was subtracted already.

    Take the logarithm before p is changed in place, or subtract from a copy.
    """
    p, examples = _softmax(logits), np.arange(len(labels))
    p[examples, labels] -= 1
    return -np.mean(np.log(p[examples, labels])), p / len(labels)


def loss_squared(logits, labels):
    """This is the squared error of the probabilities, and 2 (p − y) / n.

    Asked for is the mean of −log p of the true classes.
    """
    difference = _softmax(logits) - np.eye(logits.shape[1])[labels]
    return np.sum(difference**2) / len(labels), 2 * difference / len(labels)


def gradient_by_diagonal(logits, labels):
    """The gradient has a factor p (1 − p) too many, the slope of a sigmoid or the diagonal of softmax's Jacobian.

    In p − y, the gradient with respect to the logits, the softmax is already differentiated.
    """
    loss, gradient = loss_written_out(logits, labels)
    p = _softmax(logits)
    return loss, gradient * p * (1 - p)


def loss_right_gradient_of_two(logits, labels):
    """The loss is repaired, but its gradient still has the second softmax.

    It is (softmax(z) − one-hot) / n.
    """
    return loss_written_out(logits, labels)[0], faulty_loss(logits, labels, two_softmaxes=True)[1]


def gradient_through_a_softmax_too_many(logits, labels):
    """The loss is repaired, but its gradient still goes back through the softmax that is gone.

    (softmax(z) − one-hot) / n is the gradient with respect to the logits already: return that.
    """
    loss, gradient = loss_written_out(logits, labels)
    p = _softmax(logits)
    return loss, p * (gradient - np.sum(gradient * p, axis=1, keepdims=True))


def loss_of_zero_gradient_through_a_softmax_too_many(logits, labels):
    """The gradient still goes back through the softmax that is gone, and where p underflows to 0 the loss is infinite.

    (softmax(z) − one-hot) / n is the gradient with respect to the logits already; for the loss take the logarithm
    before p underflows: log p = z − max z − log Σ exp(z − max z).
    """
    return faulty_loss(logits, labels, log_of_zero=True)[0], gradient_through_a_softmax_too_many(logits, labels)[1]


def loss_of_two_gradient_right(logits, labels):
    """The gradient is repaired, but the loss itself still has the second softmax.

    It is the mean of −log softmax(z) at the labels.
    """
    return faulty_loss(logits, labels, two_softmaxes=True)[0], loss_written_out(logits, labels)[1]


def loss_without_softmax(logits, labels):
    """Now there is no softmax at all, and the logarithm meets logits.

    Exactly one softmax is needed.
    """
    y = np.eye(logits.shape[1])[labels]
    return -np.mean(np.log(_of_labels(logits, labels))), (logits - y) / len(labels)


def gradient_of_probabilities(logits, labels):
    """This is the gradient with respect to the *probabilities*.

    With respect to the logits it is (softmax(z) − one-hot) / n.
    """
    y = np.eye(logits.shape[1])[labels]
    return loss_written_out(logits, labels)[0], -y / np.maximum(_softmax(logits), 1e-300) / len(labels)


def gradient_of_probabilities_themselves(logits, labels):
    """The gradient with respect to the *probabilities*, −1/p, becomes infinite where p underflows to 0.

    With respect to the logits it is (softmax(z) − one-hot) / n.
    """
    loss, examples, gradient = loss_written_out(logits, labels)[0], np.arange(len(labels)), np.zeros(logits.shape)
    gradient[examples, labels] = -1 / _of_labels(_softmax(logits), labels)
    return loss, gradient / len(labels)


def loss_of_ten_classes(logits, labels):
    """It works with ten classes only.

    The logits know how many there are: `logits.shape[1]`.
    """
    loss, _ = loss_written_out(logits, labels)
    return loss, (_softmax(logits) - np.eye(10)[labels]) / len(labels)


def loss_of_zero_times_infinity(logits, labels):
    """Where a probability underflows to 0, its logarithm is −∞, and 0 · (−∞) is NaN.

    Take the logarithm before p underflows: log p = z − max z − log Σ exp(z − max z).
    """
    p, y = _softmax(logits), np.eye(logits.shape[1])[labels]
    return -np.sum(y * np.log(p)) / len(y), (p - y) / len(y)


def loss_alone(logits, labels):
    """One thing comes back where two are asked for.

    Return both, the loss first: `return loss, gradient`.
    """
    return loss_written_out(logits, labels)[0]


def loss_and_more(logits, labels):
    """More than two things come back.

    Return the loss and the gradient alone.
    """
    return *loss_written_out(logits, labels), labels


def gradient_first(logits, labels):
    """The two come back in the other order.

    Return the loss first: `return loss, gradient`.
    """
    return loss_written_out(logits, labels)[::-1]


def _of_labels(array, labels):
    return array[np.arange(len(labels)), labels]


MISCONCEPTIONS = [
    *flags(
        faulty_loss,
        two_softmaxes=(
            "The second softmax is still there: it takes probabilities for logits, so that even the right answer "
            "costs log(1 + (k − 1)/e) with k classes.",
            "Apply softmax once.",
        ),
        labels_as_numbers=(
            "The labels are used as numbers: an example of class 7 weighs seven times, one of class 0 nothing.",
            "Turn them into one-hot rows, or pick `p[np.arange(n), labels]`.",
        ),
        smoothed=(
            "The true class gets less than 1 and the others more than 0, as in label smoothing.",
            "The one-hot rows are exactly 1 and 0.",
        ),
        overflowing=("exp overflows where logits are large.", "Subtract each row's maximum first."),
        one_maximum=(
            "One maximum is subtracted from all rows, so where a row's logits are far below it, exp gives only zeros.",
            "Subtract from each row its own maximum.",
        ),
        one_maximum_in_log=(
            "One maximum is subtracted from all rows, so where a row's logits are far below it, exp gives only "
            "zeros, and log 0 is −∞.",
            "Subtract from each row its own maximum.",
        ),
        log_of_zero=(
            "Where the network is certain and wrong, softmax underflows to 0 and the loss is infinite.",
            "Take the logarithm before it does: log p = z − max z − log Σ exp(z − max z).",
        ),
        of_the_prediction=(
            "The loss is −log p of the most likely class, whatever the label.",
            "Take p of the true class: `p[np.arange(n), labels]`.",
        ),
        summed=("The loss is the sum over the examples.", "Asked for is their mean."),
        one_by_one=("There is a loss for each example.", "Asked for is their mean, one number."),
        loss_by_size=(
            "The loss is divided by the number of classes, too, as a mean over all numbers of the array does.",
            "Only the examples count: divide the sum by n.",
        ),
        gradient_by_size=(
            "The gradient is divided by the number of classes, too.",
            "Only the examples count: divide by n, `len(labels)`.",
        ),
        gradient_summed=("The gradient is that of the summed loss.", "The loss is a mean: divide by n."),
        divided_twice=("The gradient is divided by n twice.", "The loss is a mean: divide once."),
        uphill=("The gradient has the opposite sign.", "It is what was predicted minus what is true."),
        loss_negative=("The loss has the opposite sign.", "−log p is positive, since p is below 1."),
        only_p=(
            "The gradient is the probabilities alone, so no logit is pushed up.",
            "Subtract the one-hot labels from them.",
        ),
        no_softmax=(
            "The gradient has the logits where the probabilities belong.",
            "It is (softmax(z) − one-hot) / n.",
        ),
        every_row=(
            "In the gradient 1 is subtracted in the columns of all labels, in every row.",
            "Pair each row with its own label: `gradient[np.arange(n), labels] -= 1`.",
        ),
    ),
    loss_of_each_class,
    loss_after_subtraction,
    loss_squared,
    gradient_by_diagonal,
    loss_right_gradient_of_two,
    gradient_through_a_softmax_too_many,
    loss_of_zero_gradient_through_a_softmax_too_many,
    loss_of_two_gradient_right,
    loss_without_softmax,
    gradient_of_probabilities,
    gradient_of_probabilities_themselves,
    loss_of_ten_classes,
    loss_of_zero_times_infinity,
    loss_alone,
    loss_and_more,
    gradient_first,
    Misconception.of(loss_with_clipped_p, constant=(THOUSANDS, limit_of_p)),
    Misconception.of(loss_with_added, constant=(THOUSANDS, limit_of_p)),
    Misconception.of(loss_with_clipped_p_for_itself, constant=(THOUSANDS, limit_of_p)),
    Misconception.of(loss_of_logits_for_p, constant=(THOUSANDS, limit_of_p)),
    Misconception.of(loss_with_clipped_logits, constant=(THOUSANDS, lambda loss: float(loss / 1.5))),
    Misconception.of(loss_in_another_base, constant=(THOUSANDS, lambda loss: float(np.exp(1500 / loss)))),
]
