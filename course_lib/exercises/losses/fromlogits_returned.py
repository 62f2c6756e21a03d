"""Wrong cross-entropies of logits that are no flags of one implementation: limits, clips, and what is returned."""

import numpy as np

from course_lib.activations import sigmoid, softmax


def crossentropy_written_out(y_true, logits):
    n = len(logits)
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return -np.sum(y_true * log_p) / n, (np.exp(log_p) - y_true) / n


def limit_of_p(loss):
    # Both examples are certain and wrong: each costs all that the limit lets through.
    return float(np.exp(-loss))


def from_logits_with_a_limit(y_true, logits, constant=1e-7):
    """The probability is clipped, or a number is added to it, so the loss has a limit, however wrong the network is.

    Take the logarithm before anything can underflow: log p = z − max z − log Σ exp(z − max z) needs no help.
    """
    p = softmax(logits)
    return -np.sum(y_true * np.log(np.clip(p, constant, 1))) / len(p), (p - y_true) / len(p)


def from_logits_with_a_limit_in_both(y_true, logits, constant=1e-7):
    """The probability is clipped, in the loss and in the gradient, so the loss has a limit.

    Take the logarithm before anything can underflow: log p = z − max z − log Σ exp(z − max z) needs no help.
    """
    p = np.clip(softmax(logits), constant, 1)
    return -np.sum(y_true * np.log(p)) / len(p), (p - y_true) / len(p)


def from_logits_with_added(y_true, logits, constant=1e-3):
    """A number is added to p before the logarithm, so the loss has a limit, however wrong the network is.

    Take the logarithm before anything can underflow: log p = z − max z − log Σ exp(z − max z) needs no help.
    """
    p = softmax(logits)
    return -np.sum(y_true * np.log(p + constant)) / len(p), (p - y_true) / len(p)


def from_logits_overflowing_and_clipped(y_true, logits):
    """exp overflows at large logits, and clipping comes too late: NaN stays NaN.

    Subtract each row's maximum first, and take the logarithm on paper: then nothing has to be clipped.
    """
    powers = np.exp(logits)
    p = np.clip(powers / powers.sum(axis=1, keepdims=True), 1e-7, 1 - 1e-7)
    return -np.sum(y_true * np.log(p)) / len(p), (p - y_true) / len(p)


def from_logits_as_probabilities(y_true, logits):
    """The logits are clipped and used as if they were probabilities: no softmax is in your code.

    log p = z − log Σ exp(z), where z are the logits.
    """
    p = np.clip(logits, 1e-7, 1 - 1e-7)
    return -np.sum(y_true * np.log(p)) / len(p), (p - y_true) / len(p)


def from_logits_by_sigmoids(y_true, logits):
    """Each logit goes through a sigmoid of its own, so the probabilities of a row do not sum to 1.

    One of several classes is true: softmax makes the shares of a row.
    """
    p = sigmoid(logits)
    return np.sum(y_true * np.logaddexp(0, -logits)) / len(p), (p - y_true) / len(p)


def from_logits_clipped(y_true, logits, constant=100.0):
    """The logits are clipped, so beyond the limit a wrong answer costs no more.

    Subtract each row's maximum instead: exp cannot overflow then, and nothing is lost.
    """
    return crossentropy_written_out(y_true, np.clip(logits, -constant, constant))


def from_logits_with_more(y_true, logits):
    """Three things come back where a pair is asked for.

    Return the loss and the gradient, and nothing else.
    """
    return *crossentropy_written_out(y_true, logits), softmax(logits)


def from_logits_without_maximum_in_the_mean(y_true, logits):
    """The row's sum loses its axis: without `keepdims=True` it is subtracted from the wrong numbers, or from none.

    Give every sum and maximum along axis 1 `keepdims=True`.
    """
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1))
    return -np.sum(y_true * log_p) / len(logits), (np.exp(log_p) - y_true) / len(logits)


def from_logits_hidden(y_true, logits):
    """exp overflows at large logits, and `np.nan_to_num` hides the NaN that comes of it.

    Subtract each row's maximum first: then there is nothing to hide.
    """
    powers = np.exp(logits)
    log_p = logits - np.log(powers.sum(axis=1, keepdims=True))
    loss = -np.sum(y_true * log_p) / len(logits)
    return np.nan_to_num(loss), np.nan_to_num((np.exp(log_p) - y_true) / len(logits))


def from_logits_swapped(y_true, logits):
    """The two results are swapped: their order is wrong.

    Return the loss first, then the gradient.
    """
    return crossentropy_written_out(y_true, logits)[::-1]


def from_logits_of_the_true_class(y_true, logits):
    """Your gradient is y (p − 1): 0 for the classes that are not true, so nothing pushes their logits down.

    Every logit stands in the sum, so every one has a slope.
    """
    p = softmax(logits)
    return crossentropy_written_out(y_true, logits)[0], y_true * (p - 1) / len(p)


def from_logits_gradient_alone(y_true, logits):
    """A pair is asked for, and you return the gradient alone.

    Return the loss, a comma, and the gradient.
    """
    return crossentropy_written_out(y_true, logits)[1]


def from_logits_as_a_dict(y_true, logits):
    """A pair is asked for, and you return a dict.

    Return the loss, a comma, and the gradient.
    """
    loss, gradient = crossentropy_written_out(y_true, logits)
    return {"loss": loss, "gradient": gradient}


def from_logits_alone(y_true, logits):
    """A pair is asked for, and you return the loss alone.

    Return the loss, a comma, and the gradient.
    """
    return crossentropy_written_out(y_true, logits)[0]
