"""How people get the repair of binary cross-entropy wrong."""

import numpy as np

from course_lib import activations

# The rows from which numbers are read off that an answer holds.
FAR_SLOPES = "the gradient of logits of ±30 and −40, certain and wrong"
FAR = "the loss of a logit of −10,000 for class 1"


def binary_crossentropy_written_out(y_true, logits):
    # log(1 + e^z) is what `logaddexp` gives for log(e^0 + e^z), without an overflow.
    return np.mean(np.logaddexp(0, logits) - y_true * logits), (activations.sigmoid(logits) - y_true) / logits.size


def limit_of_p(loss):
    return float(np.exp(-loss))


def limit_of_z(loss):
    return float(loss + np.log(-np.expm1(-loss)))  # log(e^loss − 1)


def faulty_stable(y_true, logits, **made):
    p = activations.sigmoid(logits)
    if "softmax" in made:
        powers = np.exp(logits - logits.max())
        p = powers / powers.sum()
    values = np.logaddexp(0, logits) - y_true * logits
    if "log_of_p" in made:
        values = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    if "growing" in made:
        values = np.log(1 + np.exp(logits)) - y_true * logits
    if "decaying" in made:
        values = np.log(1 + np.exp(-logits)) + (1 - y_true) * logits
    if "no_abs" in made:
        values = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-logits))
    if "all_class_1" in made:
        values = np.logaddexp(0, -logits)
    if "all_class_0" in made:
        values = np.logaddexp(0, logits)
    if "plus" in made:
        values = np.logaddexp(0, logits) + y_true * logits
    if "rest_alone" in made:
        values = np.log1p(np.exp(-np.abs(logits)))
    if "class_1_alone" in made:
        values = y_true * np.logaddexp(0, -logits)
    if "classes_swapped" in made:
        values = np.logaddexp(0, logits) - (1 - y_true) * logits
    if "no_maximum" in made:
        values = logits - y_true * logits + np.log1p(np.exp(-np.abs(logits)))
    if "largest_of_all" in made:
        values = np.max(logits, 0) - y_true * logits + np.log1p(np.exp(-np.abs(logits)))
    if "growing_size" in made:
        values = np.maximum(logits, 0) - y_true * logits + np.log1p(np.exp(np.abs(logits)))
    if "no_one" in made:
        values = np.maximum(logits, 0) - y_true * logits + np.log(np.exp(-np.abs(logits)))
    values = -values if "negative" in made else values
    slope = y_true - p if "uphill" in made else p - y_true
    if "through_the_sigmoid_again" in made:
        slope = slope * p * (1 - p)
    if "along_p" in made:
        slope = slope / np.clip(p * (1 - p), 1e-7, 1)
    if "gradient_of_class_1" in made:
        slope = -y_true * (1 - p)
    if "no_sigmoid" in made:
        slope = logits - y_true
    loss = values if "one_by_one" in made else np.sum(values) / (1 if "loss_summed" in made else values.size)
    if "bracket" in made:
        return loss, p - y_true / logits.size
    if "gradient_averaged" in made:
        return loss, np.mean(slope)
    if "divided_twice" in made:
        return loss, slope / logits.size / len(logits)
    return loss, slope / (1 if "gradient_summed" in made else len(logits) if "by_rows" in made else logits.size)


def stable_with_added(y_true, logits, constant=1e-7):
    """The loss has a limit: a small number is still added to the probability, or something is clipped far out.

    No logarithm of a probability is needed: −log σ(z) is log(1 + e^{−z}), which grows without limit.
    """
    p = activations.sigmoid(logits)
    loss = -np.mean(y_true * np.log(p + constant) + (1 - y_true) * np.log(1 - p + constant))
    return loss, (p - y_true) / logits.size


def stable_with_clipped(y_true, logits, constant=1e-7):
    """The probability, or the logit, is clipped, so the loss has a limit, however wrong the network is.

    No logarithm of a probability is needed: −log σ(z) is log(1 + e^{−z}), which grows without limit.
    """
    p = np.clip(activations.sigmoid(logits), constant, 1 - constant)
    loss = -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return loss, (activations.sigmoid(logits) - y_true) / logits.size


def stable_with_a_smaller_number(y_true, logits, constant=1e-12):
    """A small number still stands in the logarithm and in the gradient: farther out the loss has a limit and no slope.

    No logarithm of a probability is needed: −log σ(z) is log(1 + e^{−z}), which grows without limit.
    """
    p = activations.sigmoid(logits)
    loss = -np.mean(y_true * np.log(p + constant) + (1 - y_true) * np.log(1 - p + constant))
    along_p = -y_true / (p + constant) + (1 - y_true) / (1 - p + constant)
    return loss, along_p * p * (1 - p) / logits.size


def stable_with_clipped_logits(y_true, logits, constant=5.0):
    """The probability, or the logit, is clipped, so beyond the limit a wrong answer costs no more.

    No logarithm of a probability is needed. `np.logaddexp`, or a form with e^{−|z|}, cannot overflow: clip nothing.
    """
    z = np.clip(logits, -constant, constant)
    return np.mean(np.logaddexp(0, z) - y_true * z), (activations.sigmoid(z) - y_true) / logits.size


def stable_loss_with_clipped_logits(y_true, logits, constant=100.0):
    """In the loss the probability or the logit is clipped, so beyond the limit a wrong answer costs no more.

    No logarithm of a probability is needed. `np.logaddexp`, or a form with e^{−|z|}, cannot overflow: clip nothing.
    """
    z = np.clip(logits, -constant, constant)
    return np.mean(np.logaddexp(0, z) - y_true * z), (activations.sigmoid(logits) - y_true) / logits.size


def stable_hidden(y_true, logits):
    """`np.nan_to_num` hides what log(0) makes: an infinite loss becomes 0, or a number with 308 digits.

    Write −log σ(z) with z alone, on paper: log(1 + e^{−z}). Then there is nothing to hide.
    """
    p = activations.sigmoid(logits)
    loss = -np.mean(np.nan_to_num(y_true * np.log(p) + (1 - y_true) * np.log(1 - p)))
    return loss, (p - y_true) / logits.size


def stable_with_growing_sigmoid(y_true, logits):
    """In your gradient the sigmoid is e^z / (1 + e^z), which is inf / inf = NaN for large logits.

    Use 1 / (1 + e^{−z}) with care, or `activations.sigmoid`.
    """
    powers = np.exp(logits)
    return binary_crossentropy_written_out(y_true, logits)[0], (powers / (1 + powers) - y_true) / logits.size


def stable_swapped(y_true, logits):
    """The two results are swapped: their order is wrong.

    Return the loss first, then the gradient.
    """
    return binary_crossentropy_written_out(y_true, logits)[::-1]


def stable_by_the_chain_rule(y_true, logits):
    """The chain rule is still computed as a product of two factors: far out that is 0/0, or 0 times infinity.

    Multiply on paper: p (1 − p) cancels against the fractions.
    """
    p = activations.sigmoid(logits)
    slope = (-y_true / p + (1 - y_true) / (1 - p)) * p * (1 - p)
    return binary_crossentropy_written_out(y_true, logits)[0], slope / logits.size


def stable_by_the_chain_rule_with_added(y_true, logits, constant=1e-7):
    """The chain rule is still computed as a product, with a small number in its fractions: far out there is no slope.

    Multiply on paper: p (1 − p) cancels against the fractions, and nothing small is needed.
    """
    p = activations.sigmoid(logits)
    slope = (-y_true / (p + constant) + (1 - y_true) / (1 - p + constant)) * p * (1 - p)
    return binary_crossentropy_written_out(y_true, logits)[0], slope / logits.size


def added_in_the_slope(slopes):
    # The first of three has z = −30 and class 1: its slope is −p (1 − p) / (p + c) / 3.
    p = 1 / (1 + np.exp(30.0))
    return float(-p * (1 - p) / (3 * slopes[0]) - p)


def stable_with_more(y_true, logits):
    """Three things come back where a pair is asked for.

    Return the loss and the gradient, and nothing else.
    """
    return *binary_crossentropy_written_out(y_true, logits), activations.sigmoid(logits)


def stable_gradient_alone(y_true, logits):
    """A pair is asked for, and you return the gradient alone.

    Return the loss, a comma, and the gradient.
    """
    return binary_crossentropy_written_out(y_true, logits)[1]


def stable_alone(y_true, logits):
    """A pair is asked for, and you return the loss alone.

    Return the loss, a comma, and the gradient.
    """
    return binary_crossentropy_written_out(y_true, logits)[0]
