"""The bug to be spotted: a small number added before the logarithm, which hides log(0) and stops the learning."""

import numpy as np

from course_lib import activations, losses
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves
from course_lib.exercises.losses.returned import gradient_of, loss_of


def stable_binary_crossentropy(y_true, logits):
    """Return the mean of log(1 + e^z) − y z, and its gradient, (σ(z) − y) / size.

    Args:
        y_true: array of 0 and 1.
        logits: array z of the same shape.
    Returns:
        (loss, gradient): a number, and an array shaped like `logits`.
    """
    return (
        losses.binary_crossentropy(y_true, logits, from_logits=True),
        losses.binary_crossentropy_gradient(y_true, logits, from_logits=True),
    )


def binary_crossentropy_written_out(y_true, logits):
    # log(1 + e^z) is what `logaddexp` gives for log(e^0 + e^z), without an overflow.
    return np.mean(np.logaddexp(0, logits) - y_true * logits), (activations.sigmoid(logits) - y_true) / logits.size


def loss_with_a_small_number(y_true, logits):
    epsilon = 1e-7  # so that there is never a log(0)
    p = activations.sigmoid(logits)
    loss = -np.mean(y_true * np.log(p + epsilon) + (1 - y_true) * np.log(1 - p + epsilon))

    along_p = -y_true / (p + epsilon) + (1 - y_true) / (1 - p + epsilon)
    gradient = along_p * p * (1 - p) / logits.size  # the chain rule: σ′(z) = p (1 − p)
    return loss, gradient


def probe_stable_binary_crossentropy(stable_binary_crossentropy, rng):
    z, y = rng.normal(scale=2.0, size=6), rng.permutation([0.0, 1, 0, 1, 1, 0])
    table, bits = rng.normal(scale=2.0, size=(4, 3)), np.array([[0.0, 1, 1], [1, 0, 0], [0, 0, 1], [1, 1, 0]])
    right, ones = np.array([20.0, -20.0, 25.0]), np.array([1.0, 0.0, 1.0])
    # Certain and wrong, but with a p that is above the smallest float on either side.
    wrong, far = np.array([-30.0, 30.0, -40.0]), np.array([1e4, -1e4, 1e4])

    def part(y, z, which):
        return lambda: (loss_of, gradient_of)[which](stable_binary_crossentropy(y, z))

    yield Row("the loss of six logits", part(y, z, 0), essential=True)
    yield "the gradient of six logits", part(y, z, 1)
    yield "the loss of a table", part(bits, table, 0)
    yield "the gradient of a table", part(bits, table, 1)
    yield "the loss, certain and right", part(ones, right, 0)
    yield "the loss of logits of ±30 and −40, certain and wrong", part(ones, wrong, 0)
    yield Row("the gradient of logits of ±30 and −40, certain and wrong", part(ones, wrong, 1), essential=True)
    yield FAR, part(np.ones(1), np.array([-1e4]), 0)
    yield "the loss of a logit of 10,000 for class 0", part(np.zeros(1), np.array([1e4]), 0)
    yield "the gradient of logits of ±10,000", part(np.array([1.0, 1.0, 0.0]), far, 1)


FAR = "the loss of a logit of −10,000 for class 1"


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
    return loss, slope / (1 if "gradient_summed" in made else len(logits) if "by_rows" in made else logits.size)


def stable_with_added(y_true, logits, constant=1e-7):
    """A small number is still added to the probability before the logarithm, so the loss has a limit.

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


def stable_by_keras_form(y_true, logits):
    decay = np.exp(-np.abs(logits))
    values = np.maximum(logits, 0) - logits * y_true + np.log1p(decay)
    return np.mean(values), (np.where(logits > 0, 1, decay) / (1 + decay) - y_true) / np.size(logits)


def stable_by_cases(y_true, logits):
    values = np.where(y_true == 1, np.logaddexp(0, -logits), np.logaddexp(0, logits))
    return [values.mean(), (0.5 + 0.5 * np.tanh(logits / 2) - y_true) / values.size]


def scene_stable(answer):
    z, labels = np.linspace(-800.0, 800.0, 161), np.array([[0.0, 1.0, 0.0]])  # as far as exp overflows
    given = [answer(labels, np.full((1, 3), each)) for each in z]
    loss, slope = (np.array([float(np.ravel(pair[part])[0]) for pair in given]) for part in (0, 1))
    return Curves(z, {"loss of classes 0, 1 and 0": loss, "slope along the first": slope}, xlabel="logit of all three")


STABLE_BINARY_CROSSENTROPY = Exercise(
    name="stable_binary_crossentropy",
    kind="repair",
    minutes=12,
    level=2,
    reference=stable_binary_crossentropy,
    solution=binary_crossentropy_written_out,
    buggy=loss_with_a_small_number,
    probe=probe_stable_binary_crossentropy,
    scene=scene_stable,
    misconceptions=[
        *flags(
            faulty_stable,
            log_of_p=(
                "The probability is still computed first: where it rounds to 0 or 1, its logarithm is that of 0.",
                "Write −log σ(z) with z alone, on paper: log(1 + e^{−z}).",
            ),
            growing=(
                "e^z overflows for large logits, so the loss becomes infinite, or NaN.",
                "`np.logaddexp(0, z)` is log(1 + e^z) without the overflow; so is max(z, 0) + log(1 + e^{−|z|}).",
            ),
            decaying=(
                "e^{−z} overflows for very negative logits, so the loss becomes infinite, or NaN.",
                "`np.logaddexp(0, −z)` is log(1 + e^{−z}) without the overflow.",
            ),
            no_abs=(
                "The exponential is that of −z, not of −|z|, so it overflows for very negative logits.",
                "max(z, 0) − y z + log(1 + e^{−|z|}): the size of z, `np.abs`.",
            ),
            all_class_1=(
                "Your loss takes every example for one of class 1: `y_true` is not in it.",
                "log(1 + e^{−z}) is the loss for class 1; for class 0 it is log(1 + e^z).",
            ),
            all_class_0=(
                "Your loss takes every example for one of class 0: the term with `y_true` is missing.",
                "For class 1 the loss is log(1 + e^{−z}), which is log(1 + e^z) − z.",
            ),
            plus=(
                "There is a plus for a minus before y z: examples of class 1 cost more, the larger their z is.",
                "log(1 + e^{−z}) = log(1 + e^z) − z.",
            ),
            rest_alone=(
                "Your loss is log(1 + e^{−|z|}) alone, which is small for every certain answer, right or wrong.",
                "Add what was split off: max(z, 0) − y z.",
            ),
            class_1_alone=(
                "Examples of class 0 cost nothing: the second term of the loss is missing.",
                "For class 0 the loss is −log(1 − σ(z)).",
            ),
            classes_swapped=(
                "The two classes are swapped in the loss: it is small where the answer is wrong.",
                "For y = 1 a large z is right, and costs little.",
            ),
            negative=("The sign of the loss is turned around.", "Both logarithms are negative: a minus in front."),
            uphill=(
                "The sign of your gradient is turned around: it leads uphill.",
                "Where σ(z) is larger than y, the loss grows with z.",
            ),
            through_the_sigmoid_again=(
                "Your gradient has σ′(z) = p (1 − p) once too often: p − y is along the logit already.",
                "In the chain rule, p (1 − p) cancels. Differentiate log(1 + e^z) − y z along z.",
            ),
            along_p=(
                "Your gradient is that along the probability p, not along the logit.",
                "Multiply by σ′(z) = p (1 − p) on paper, where it cancels: what is left of the fraction?",
            ),
            gradient_of_class_1=(
                "Your gradient is 0 for the examples of class 0.",
                "Their loss, −log(1 − σ(z)), has a slope too.",
            ),
            bracket=(
                "Brackets are missing: only the labels are divided by their number.",
                "Put the difference in brackets, then divide.",
            ),
            no_sigmoid=(
                "Your gradient subtracts the labels from the logits themselves.",
                "What is predicted is the probability σ(z).",
            ),
            softmax=(
                "Your gradient takes a softmax over all examples, so that they compete for a sum of 1.",
                "Each logit has a sigmoid of its own.",
            ),
            loss_summed=("You take the sum of the losses.", "Asked for is their mean."),
            one_by_one=("The losses come back one by one.", "Return their mean, one number."),
            gradient_summed=(
                "You do not divide the gradient by the number of logits, as if the loss were a sum.",
                "The loss is a mean: each logit has a share of 1/n in it.",
            ),
            gradient_averaged=(
                "Your gradient is one number, the mean of the slopes.",
                "Each logit has a slope of its own: return an array shaped like `logits`.",
            ),
            by_rows=(
                "Your gradient is divided by the number of rows, `len(logits)`.",
                "The mean goes over all numbers of the table.",
            ),
        ),
        Misconception.of(stable_with_clipped, constant=(FAR, limit_of_p)),
        Misconception.of(stable_with_added, constant=(FAR, limit_of_p)),
        Misconception.of(stable_with_a_smaller_number, constant=(FAR, limit_of_p)),
        Misconception.of(stable_loss_with_clipped_logits, constant=(FAR, limit_of_z)),
        Misconception.of(stable_with_clipped_logits, constant=(FAR, limit_of_z)),
        stable_hidden,
        stable_with_growing_sigmoid,
        stable_swapped,
        stable_alone,
        stable_gradient_alone,
        stable_with_more,
        stable_by_the_chain_rule,
    ],
    equivalents=[binary_crossentropy_written_out, stable_by_keras_form, stable_by_cases],
    hints=[
        "At z = −40 and y = 1, what is p, and what does adding 1e-7 make of it? What if z falls on?",
        "−log σ(z) = log(1 + e^{−z}). Nothing can become 0 in there, so no ε is needed.",
        "`np.logaddexp(0, x)` is log(e^0 + e^x), and never overflows. Which x for class 1, and which for class 0?",
        "Work out the chain rule on paper: −y / p + (1 − y) / (1 − p), times p (1 − p). The fractions cancel.",
    ],
)
