"""The bug to be spotted: a small number added before the logarithm, which hides log(0) and stops the learning."""

import numpy as np

from course_lib import activations, losses
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves
from course_lib.exercises.losses.repairing_mistakes import (
    FAR,
    FAR_SLOPES,
    added_in_the_slope,
    binary_crossentropy_written_out,
    faulty_stable,
    limit_of_p,
    limit_of_z,
    stable_alone,
    stable_by_the_chain_rule,
    stable_by_the_chain_rule_with_added,
    stable_gradient_alone,
    stable_hidden,
    stable_loss_with_clipped_logits,
    stable_swapped,
    stable_with_a_smaller_number,
    stable_with_added,
    stable_with_clipped,
    stable_with_clipped_logits,
    stable_with_growing_sigmoid,
    stable_with_more,
)
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
    yield Row(FAR_SLOPES, part(ones, wrong, 1), essential=True)
    yield FAR, part(np.ones(1), np.array([-1e4]), 0)
    yield "the loss of a logit of 10,000 for class 0", part(np.zeros(1), np.array([1e4]), 0)
    yield "the gradient of logits of ±10,000", part(np.array([1.0, 1.0, 0.0]), far, 1)


def stable_by_keras_form(y_true, logits):
    decay = np.exp(-np.abs(logits))
    values = np.maximum(logits, 0) - logits * y_true + np.log1p(decay)
    return np.mean(values), (np.where(logits > 0, 1, decay) / (1 + decay) - y_true) / np.size(logits)


def stable_by_cases(y_true, logits):
    values = np.where(y_true == 1, np.logaddexp(0, -logits), np.logaddexp(0, logits))
    return [values.mean(), (0.5 + 0.5 * np.tanh(logits / 2) - y_true) / values.size]


def scene_stable(answer):
    z, labels = np.linspace(-800.0, 800.0, 161), np.array([[0.0, 1.0, 0.0]] * 2)  # as far as exp overflows
    given = [answer(labels, np.full((2, 3), each)) for each in z]
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
            no_maximum=(
                "z itself stands where max(z, 0) belongs, so that very negative logits of class 0 gain.",
                "max(z, 0) − y z + log(1 + e^{−|z|}): `np.maximum(z, 0)`.",
            ),
            largest_of_all=(
                "`np.max(z, 0)` is the largest logit along axis 0, not the larger of each logit and 0.",
                "`np.maximum(z, 0)` decides for each number.",
            ),
            growing_size=(
                "The exponent is +|z|: the minus is missing, and e^|z| overflows.",
                "log(1 + e^{−|z|}), whose exponential is at most 1.",
            ),
            no_one=(
                "The 1 in the logarithm is missing: log(e^{−|z|}) is −|z|, or that of 0.",
                "log(1 + e^{−|z|}), as `np.log1p` takes it.",
            ),
            divided_twice=("Your gradient is divided by a number of examples twice.", "The mean divides once."),
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
        Misconception.of(stable_by_the_chain_rule_with_added, constant=(FAR_SLOPES, added_in_the_slope)),
    ],
    equivalents=[binary_crossentropy_written_out, stable_by_keras_form, stable_by_cases],
    hints=[
        "At z = −40 and y = 1, what is p, and what does adding 1e-7 make of it? What if z falls on?",
        "−log σ(z) = log(1 + e^{−z}). Nothing can become 0 in there, so no ε is needed.",
        "`np.logaddexp(0, x)` is log(e^0 + e^x), and never overflows. Which x for class 1, and which for class 0?",
        "Work out the chain rule on paper: −y / p + (1 − y) / (1 − p), times p (1 − p). The fractions cancel.",
    ],
)
