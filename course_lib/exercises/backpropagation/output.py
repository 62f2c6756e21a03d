"""The exercise on softmax and cross-entropy together, whose gradient is one line."""

import numpy as np

from course_lib.activations import sigmoid, softmax
from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.returned import numbers, one_array, tables


def output_gradient(logits, labels):
    """The gradient of the mean cross-entropy along the logits: (softmax(z) − one-hot) / n, predicted minus true.

    Args:
        logits: array (n, classes).
        labels: integer array (n,).
    Returns:
        array shaped like `logits`.
    """
    return (softmax(logits) - np.eye(logits.shape[1])[labels]) / len(labels)


def probe_output_gradient(output_gradient, rng):
    batch, square, one = rng.normal(size=(5, 4)), rng.normal(size=(3, 3)), rng.normal(size=(1, 3))
    far = np.array([[1000.0, 0.0, -1000.0], [-2000.0, -1999.0, -2001.0]])
    cases = {
        "five examples, four classes": (batch, np.array([3, 0, 1, 3, 2])),
        "three examples, three classes": (square, np.array([1, 1, 2])),
        "one example": (one, np.array([2])),
        "logits in the thousands": (far, np.array([1, 1])),
    }
    for place, (name, (logits, labels)) in enumerate(cases.items()):
        yield Row(
            name,
            lambda logits=logits, labels=labels: one_array(output_gradient(logits, labels)),
            essential=place == 0,
        )


def faulty_output_gradient(logits, labels, **made):
    n, rows = len(labels), np.arange(len(labels))
    if "not_shifted" in made:
        powers = np.exp(logits)
        p = powers / powers.sum(axis=1, keepdims=True)
    elif "down_the_columns" in made:
        p = softmax(logits, axis=0)
    elif "one_sum" in made:
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        p = powers / powers.sum()
    elif "columns_added_up" in made:
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        p = powers / powers.sum(axis=0, keepdims=True)
    elif "one_maximum" in made:
        powers = np.exp(logits - logits.max())
        p = powers / powers.sum(axis=1, keepdims=True)
    elif "logits_themselves" in made:
        p = logits
    elif "sigmoids" in made:
        p = sigmoid(logits)
    else:
        p = softmax(logits)
    if "clipped" in made:
        p = np.clip(p, 1e-7, 1 - 1e-7)
    if "whole_p" in made:
        p = np.trunc(p)
    if "by_the_prediction" in made:
        labels = logits.argmax(axis=1)
    gradient = np.array(p)
    if "whole_columns" in made:
        gradient[:, labels] -= 1
    elif "set_to_minus_1" in made:
        gradient[rows, labels] = -1
    elif "turned_at_the_true_class" in made:
        gradient[rows, labels] = 1 - gradient[rows, labels]
    elif "one_added" in made:
        gradient[rows, labels] += 1
    elif "nothing_subtracted" not in made:
        gradient[rows, labels] -= 1
    one_hot = np.eye(logits.shape[1])[labels]
    if "true_class_alone" in made:
        gradient = gradient * one_hot
    if "by_probabilities" in made:
        gradient = -one_hot / p
    if "softmax_twice" in made:
        gradient = gradient * p * (1 - p)
    if "own_slopes" in made:
        gradient = p * (1 - p)
    if "labels_subtracted" in made:
        gradient = p - labels[:, None]
    if "off_by_one" in made:
        gradient = p - np.eye(logits.shape[1])[labels - 1]
    if "squared" in made:
        gradient = (p - one_hot) ** 2
    if "times_p" in made:
        gradient = p * (p - one_hot)
    with np.errstate(all="ignore"):
        if "each_class_alone" in made:
            gradient = (p - one_hot) / (p * (1 - p))
        if "losses" in made:
            gradient = -one_hot * np.log(p)
        if "log_p" in made:
            gradient = np.log(p) - one_hot
    if "doubled" in made:
        gradient = 2 * gradient
    if "turned" in made:
        gradient = -gradient
    over = {"not_divided": 1, "divided_twice": n * n, "by_entries": gradient.size, "by_classes": logits.shape[1]}
    if "bracket" in made:
        return p - one_hot / n
    if "mean_over_examples" in made:
        return gradient.mean(axis=0)
    if "summed_over_classes" in made:
        return gradient.sum(axis=1) / n
    return gradient / next((number for flag, number in over.items() if flag in made), n)


def output_loss(logits, labels):
    """The loss came back.

    Return its gradient along the logits, an array shaped like `logits`.
    """
    with np.errstate(all="ignore"):
        return -np.mean(np.log(softmax(logits)[np.arange(len(labels)), labels]))


def output_gradient_with_the_loss(logits, labels):
    """A pair came back, of the loss and the gradient.

    Return the gradient alone.
    """
    return -np.mean(np.log(softmax(logits)[np.arange(len(labels)), labels])), output_gradient(logits, labels)


def output_gradient_through_the_jacobian(logits, labels):
    """By the long way: −1/p at the true class, times all slopes of softmax."""
    result = np.zeros(logits.shape)
    for row, (z, label) in enumerate(zip(logits, labels, strict=True)):
        # log p = z_label − log Σ exp(z), so no 1/p is needed, which would be infinite.
        q = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        result[row] = q - (np.arange(len(z)) == label)
    return result / len(labels)


def output_gradient_by_subtraction(logits, labels):
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    gradient = np.exp(log_p)
    np.subtract.at(gradient, (np.arange(len(labels)), labels), 1)
    return gradient / logits.shape[0]


def scene_output_gradient(output_gradient):
    """Two rows of usual logits and two of large ones; of the numbers, what can be seen."""
    logits = np.array([[1.0, 3.0, 0.0], [2.0, 0.0, 1.0], [-2000.0, -1999.0, -2001.0], [1000.0, 0.0, -1000.0]])
    given = numbers(one_array(output_gradient(logits, np.array([0, 2, 2, 1]))))
    return tables({"the gradient, a row for each example": np.round(given, 4)})


MEAN = "The loss is a mean over the n examples, so divide by n, once."

OUTPUT_GRADIENT = Exercise(
    name="output_gradient",
    kind="derive",
    minutes=8,
    level=2,
    reference=output_gradient,
    probe=probe_output_gradient,
    scene=scene_output_gradient,
    misconceptions=[
        *flags(
            faulty_output_gradient,
            not_divided=("The gradient is not divided by the number of examples.", MEAN),
            divided_twice=("The gradient is divided by n twice.", MEAN),
            by_entries=("The gradient is divided by the number of its entries, the classes included.", MEAN),
            by_classes=("The gradient is divided by the number of classes.", MEAN),
            whole_columns=(
                "`[:, labels]` takes the columns of all labels, in every row: 1 is subtracted from other examples' "
                "classes too.",
                "Pair each row with its own label: `[np.arange(n), labels]`.",
            ),
            set_to_minus_1=(
                "At the true class your gradient is −1 itself: it was set, and not subtracted.",
                "It is p − 1 there: `-= 1`.",
            ),
            turned_at_the_true_class=(
                "At the true class your gradient is 1 − p: the sign is turned around there.",
                "It is p − 1: where p is small, a larger logit makes the loss smaller.",
            ),
            by_the_prediction=(
                "1 is subtracted at the largest logit, the class that is predicted.",
                "`labels` says which class is the true one.",
            ),
            whole_p=(
                "Your p are whole numbers: their fractions are cut off, so that 0 is left of them.",
                "An integer array takes no fractions: keep p as floats.",
            ),
            clipped=(
                "The probabilities are clipped, which the gradient of the logits does not need.",
                "p − y is finite for every p: leave the clip out.",
            ),
            bracket=(
                "Brackets are missing: only y is divided by n.",
                "Put p − y in brackets, then divide.",
            ),
            columns_added_up=(
                "The exponentials are added up down the columns, over the examples.",
                "Each row is an example, with a sum of its own: axis 1.",
            ),
            one_maximum=(
                "One maximum is subtracted from all rows: in a row that is far below it, everything rounds to 0, and "
                "0/0 is NaN.",
                "Subtract each row's own maximum, such as `yours.softmax` does.",
            ),
            one_added=("At the true class 1 is added.", "Where p is 1 all is right, and the gradient is 0: p − 1."),
            nothing_subtracted=(
                "Your gradient is the probabilities themselves, undisturbed by which class is true.",
                "Subtract what should have been predicted: 1 at the true class.",
            ),
            true_class_alone=(
                "Your gradient is 0 except at the true class, as from the diagonal of softmax's Jacobian alone.",
                "The other logits move the loss too: they stand in softmax's sum.",
            ),
            by_probabilities=(
                "That is the gradient along the probabilities, −1/p at the true class.",
                "Go on through softmax, to the logits.",
            ),
            softmax_twice=(
                "p − y, predicted minus true, is multiplied by p (1 − p), as if the softmax came once more.",
                "p − y is the gradient along the logits already.",
            ),
            own_slopes=(
                "p (1 − p) is the slope of each probability along its own logit; the loss is not in it.",
                "Differentiate −log p_y, not the probabilities.",
            ),
            labels_subtracted=(
                "The number of the class is subtracted from every share of its row.",
                "Subtract 1, at the place of the true class alone.",
            ),
            off_by_one=(
                "1 is subtracted one place before the true class.",
                "Classes are counted from 0, as places are.",
            ),
            squared=(
                "p − y, predicted minus true, is squared.",
                "The gradient is p − y itself; the square would be a loss.",
            ),
            times_p=(
                "p − y, predicted minus true, is multiplied by p once more.",
                "p − y is the gradient along the logits already: p has been through softmax's slopes.",
            ),
            each_class_alone=(
                "That is the gradient along the shares of a cross-entropy for each class alone, yes or no.",
                "One class of several is true: only −log p_y counts, and the gradient goes on to the logits.",
            ),
            losses=("These are the losses −y log p themselves.", "Return how they change with each logit."),
            log_p=(
                "The logarithm of p is taken, minus y.",
                "The logarithm belongs to the loss. Its gradient is p − y.",
            ),
            mean_over_examples=(
                "The gradients of the examples are averaged into one row.",
                "Each logit of each example has a gradient of its own: divide by n, and do not sum.",
            ),
            summed_over_classes=(
                "The gradient is summed over the classes, which always gives 0.",
                "Each logit has a gradient of its own: return an array shaped like `logits`.",
            ),
            doubled=(
                "Your gradient is twice as large as it should be, as a squared error's would be.",
                "Cross-entropy has a logarithm and no square: no factor 2.",
            ),
            turned=(
                "The sign is turned around: true minus predicted.",
                "If a wrong class's logit grows, the loss grows, so its gradient is positive: predicted minus true.",
            ),
            not_shifted=(
                "np.exp overflows at large logits, and inf / inf is NaN.",
                "Use a softmax that subtracts each row's maximum first, such as `yours.softmax`.",
            ),
            down_the_columns=(
                "Your softmax goes down the columns, over the examples of the batch.",
                "Each row is an example, with a sum of 1.",
            ),
            one_sum=(
                "Your softmax divides by one sum over the whole batch.",
                "Each row is an example, with a sum of its own: `keepdims=True`.",
            ),
            logits_themselves=(
                "Your p are the logits: there is no softmax.",
                "Make probabilities of them first.",
            ),
            sigmoids=(
                "Your p are sigmoids of the logits.",
                "One of several classes is true: softmax, whose shares sum to 1.",
            ),
        ),
        output_gradient_with_the_loss,
        output_loss,
    ],
    equivalents=[output_gradient_through_the_jacobian, output_gradient_by_subtraction],
    hints=[
        "For one example the loss is −log p_y = −z_y + log Σ e^{z_j}. What is the slope of the second part along z_k?",
        "The second part gives e^{z_k} / Σ e^{z_j}, which is p_k. The first gives −1 where k is the true class.",
        "As arrays: `np.eye(classes)[labels]` has a 1 at each row's label. And the loss is a mean.",
    ],
)
