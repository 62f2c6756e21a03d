"""The exercise on cross-entropy of probabilities; its mistakes are also what a test of one has to catch."""

import numpy as np

from course_lib import losses
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves


def categorical_crossentropy(y_true, y_pred):
    """The mean over the examples of −log p, with p the probability of the true class, clipped as Keras does."""
    y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
    return np.mean(-np.sum(y_true * np.log(y_pred), axis=1))


def crossentropy_clipped_below(y_true, y_pred):
    """Cross-entropy that clips at 1e-7 alone, so that certain and right costs exactly 0."""
    return -np.sum(y_true * np.log(np.maximum(y_pred, 1e-7))) / len(y_true)


def crossentropy_by_loop(y_true, y_pred):
    """Cross-entropy, example by example."""
    total = 0.0
    for row, label in zip(y_pred, np.argmax(y_true, axis=1), strict=True):
        total -= np.log(min(max(row[label], 1e-7), 1 - 1e-7))
    return total / len(y_true)


def shares(rng, n, classes):
    powers = np.exp(rng.normal(size=(n, classes)))
    return powers / powers.sum(axis=1, keepdims=True)


def to_six_digits(result):
    if isinstance(result, tuple):
        return tuple(map(to_six_digits, result))
    return np.round(result, 6) if isinstance(result, float | np.ndarray | np.generic) else result


def probe_categorical_crossentropy(categorical_crossentropy, rng):
    three, square, one = shares(rng, 3, 4), shares(rng, 3, 3), shares(rng, 1, 2)
    y_three, y_square = np.eye(4)[rng.permutation(4)[:3]], np.eye(3)[[1, 1, 0]]
    zero, certain = np.array([[0.0, 1.0], [0.3, 0.7]]), np.array([[0.0, 1.0, 0.0]])
    tiny = np.array([[1e-6, 1 - 1e-6], [1 - 2e-5, 2e-5]])
    yield Row("three examples, four classes", lambda: categorical_crossentropy(y_three, three), essential=True)
    yield "three examples, three classes", lambda: categorical_crossentropy(y_square, square)
    yield "one example, two classes", lambda: categorical_crossentropy(np.array([[0.0, 1.0]]), one)
    yield ZERO, lambda: categorical_crossentropy(np.eye(2), zero)
    # 1e-7, 2e-7 and 0 are all right here: it depends on whether 1 is clipped, and rows are divided by their sum again.
    yield "certain and right, to six digits", lambda: to_six_digits(categorical_crossentropy(certain, certain))
    yield (
        "the true classes have the probabilities 0.000001 and 0.00002",
        lambda: categorical_crossentropy(np.eye(2), tiny),
    )


ZERO = "the true class has the probability 0"


def limit_of_p(loss):
    # Twice the loss is −log c − log 0.7.
    return float(np.exp(-2 * loss) / 0.7)


def added_to_p(loss):
    # Twice the loss is −log c − log(0.7 + c), so c (0.7 + c) is known.
    product = np.exp(-2 * loss)
    return float(2 * product / (0.7 + np.sqrt(0.49 + 4 * product)))


def faulty_crossentropy(y_true, y_pred, **made):
    p = np.clip(y_pred, 1e-7, 1 - 1e-7)
    if "softmaxed" in made:
        powers = np.exp(y_pred - y_pred.max(axis=1, keepdims=True))
        p = powers / powers.sum(axis=1, keepdims=True)
    if "swapped" in made:
        y_true, p = y_pred, np.clip(y_true, 1e-7, 1 - 1e-7)
    if "of_the_prediction" in made:
        y_true = (p == p.max(axis=1, keepdims=True)).astype(float)
    told = y_true * (p if "no_log" in made else np.log(p))
    if "all_classes" in made:
        told = np.log(p)
    if "of_the_rest" in made:
        told = y_true * np.log(1 - p)
    if "entropy" in made:
        told = p * np.log(p)
    if "each_class" in made:
        told = told + (1 - y_true) * np.log(1 - p)
    if "others_alone" in made:
        told = (1 - y_true) * np.log(1 - p)
    told = told if "negative" in made else -told
    axis = 0 if "columns" in made else 1
    values = np.sum(told, axis=axis)
    if "one_by_one" in made:
        return values
    total = values[0] if "first_over_n" in made else np.sum(values)
    if "first_alone" in made:
        return values[0]
    if "divided_twice" in made:
        return total / len(values) ** 2
    if "summed" in made:
        return total
    return total / (p.size if "by_size" in made else len(values))


def crossentropy_unclipped(y_true, y_pred):
    """What is 0 is not clipped: where the true class has the probability 0 this is infinite, and 0 · log(0) is NaN.

    Clip the probabilities to [1e-7, 1 − 1e-7] before the logarithm.
    """
    return -np.sum(y_true * np.log(y_pred)) / len(y_true)


def crossentropy_unclipped_by_index(y_true, y_pred):
    """What is 0 is not clipped: where the true class has the probability 0 the loss is infinite.

    Clip the probabilities to [1e-7, 1 − 1e-7] before the logarithm.
    """
    return np.mean(-np.log(np.sum(y_true * y_pred, axis=1)))


def crossentropy_of_every_pair(y_true, y_pred):
    """`y_pred[:, labels]` pairs every row with every label, so most of the probabilities are those of other examples.

    Pick one from each row: `y_pred[np.arange(len(labels)), labels]`, or multiply by `y_true`.
    """
    return np.mean(-np.log(np.clip(y_pred, 1e-7, 1 - 1e-7)[:, np.argmax(y_true, axis=1)]))


def crossentropy_of_the_mean(y_true, y_pred):
    """You take the mean of the probabilities first, and its logarithm after.

    Each example costs −log p: first the logarithms, then the mean.
    """
    return -np.log(np.mean(np.sum(y_true * np.clip(y_pred, 1e-7, 1 - 1e-7), axis=1)))


def perplexity(y_true, y_pred):
    """This is the perplexity, the exponential of the cross-entropy.

    Return the cross-entropy itself.
    """
    return np.exp(categorical_crossentropy(y_true, y_pred))


def crossentropy_hidden(y_true, y_pred):
    """`np.nan_to_num` hides what log(0) makes: NaN becomes 0, and infinity a number with 308 digits.

    Clip the probabilities to [1e-7, 1 − 1e-7] before the logarithm: then there is nothing to hide.
    """
    return np.mean(-np.sum(np.nan_to_num(y_true * np.log(y_pred)), axis=1))


def crossentropy_with_added(y_true, y_pred, constant=1e-7):
    """A number is added to every probability before the logarithm, so each loss is a little too small.

    Clip instead: `np.clip` changes those probabilities alone that are out of bounds.
    """
    return -np.sum(y_true * np.log(y_pred + constant)) / len(y_true)


def crossentropy_with_another_limit(y_true, y_pred, constant=1e-15):
    """The smallest number whose logarithm you take is not 1e-7, so certain and wrong costs another loss than 16.1.

    Clip the probabilities to [1e-7, 1 − 1e-7], and add nothing to them.
    """
    return -np.sum(y_true * np.log(np.clip(y_pred, constant, 1 - constant))) / len(y_true)


def crossentropy_in_another_base(y_true, y_pred, constant=2.0):
    """Your logarithm has another base than e.

    Take `np.log`, the natural one.
    """
    return categorical_crossentropy(y_true, y_pred) / np.log(constant)


def crossentropy_with_clipped_labels(y_true, y_pred):
    """The labels are clipped, and the probabilities are not: where the true class has 0, this is infinite.

    Clip the probabilities to [1e-7, 1 − 1e-7] before the logarithm, and leave the labels.
    """
    return np.mean(-np.sum(np.clip(y_true, 1e-7, 1 - 1e-7) * np.log(y_pred), axis=1))


def crossentropy_as_squares(y_true, y_pred):
    """This is a squared error of the probabilities.

    Cross-entropy is minus the logarithm of the true class's probability.
    """
    return np.mean(np.sum((y_true - y_pred) ** 2, axis=1))


def crossentropy_as_missing_share(y_true, y_pred):
    """This is 1 − p, the share that is missing: certain and wrong costs no more than 1.

    Cross-entropy is minus the logarithm of the true class's probability.
    """
    return np.mean(1 - np.sum(y_true * y_pred, axis=1))


def scene_crossentropy(answer):
    p, labels = np.linspace(0.0, 1.0, 101), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    tables = [np.array([[each, 0.7 * (1 - each), 0.3 * (1 - each)], [0.2, 0.5, 0.3]]) for each in p]
    values = np.array([float(answer(labels, table)) for table in tables])
    return Curves(p, {"loss of two examples": values}, xlabel="probability of the first one's class")


MISTAKES = [
    *flags(
        faulty_crossentropy,
        negative=("The minus is missing: your loss is negative.", "log p is negative; put a minus in front."),
        summed=("You take the sum over the examples.", "Asked for is their mean: divide by the number of rows."),
        by_size=(
            "You divide by the size of the table, so also by the number of classes.",
            "A row has one true class: divide by the number of examples alone.",
        ),
        columns=(
            "The mean is taken over the classes: you add up down the columns, or divide by their number.",
            "Each row is an example: add along axis 1, then take the mean.",
        ),
        one_by_one=("The losses come back one by one.", "Return the mean over the examples, one number."),
        no_log=("The logarithm is missing.", "The loss of an example is −log p."),
        swapped=(
            "y_true and y_pred have swapped roles: you take the logarithm of the labels.",
            "The logarithm belongs to the prediction.",
        ),
        of_the_prediction=(
            "You look at the class with the largest probability, whether it is the true one or not.",
            "y_true says which class is the true one: its probability counts.",
        ),
        all_classes=(
            "You add −log p of all classes, true or not: `y_true` is not in your result.",
            "Multiply by `y_true`, which picks out the true class.",
        ),
        of_the_rest=(
            "You take the logarithm of 1 − p of the true class: what is certain and right costs most.",
            "The loss is −log p.",
        ),
        entropy=(
            "This is the entropy of the predictions, −Σ p log p: `y_true` is not in it.",
            "Multiply log p by `y_true`.",
        ),
        each_class=(
            "The other classes' log(1 − p) is counted too, as binary cross-entropy does for each.",
            "One class is true: −log p of that one is all.",
        ),
        others_alone=(
            "You count log(1 − p) of the classes that are not true.",
            "−log p of the true class is asked for.",
        ),
        softmaxed=(
            "A softmax is taken of what are probabilities already.",
            "`y_pred` holds probabilities: clip them, and take the logarithm.",
        ),
    ),
    Misconception.of(crossentropy_unclipped),
    Misconception.of(crossentropy_unclipped_by_index),
    Misconception.of(crossentropy_hidden),
    Misconception.of(crossentropy_of_every_pair),
    Misconception.of(crossentropy_of_the_mean),
    Misconception.of(perplexity),
    Misconception.of(crossentropy_with_another_limit, constant=(ZERO, limit_of_p)),
    Misconception.of(crossentropy_with_added, constant=(ZERO, added_to_p)),
    Misconception.of(crossentropy_in_another_base, between=(1.1, 50.0)),
    Misconception.of(crossentropy_as_squares),
    Misconception.of(crossentropy_as_missing_share),
]

# What no test of a cross-entropy is asked to catch.
OTHER_MISTAKES = [
    *flags(
        faulty_crossentropy,
        first_alone=(
            "Only the first example is looked at.",
            "Take the mean over all rows: `y_true[0]` is one of them, and a `return` inside a loop ends it.",
        ),
        first_over_n=(
            "Only the first example is looked at, and its loss is divided by the number of all.",
            "A `return` inside a loop ends it at its first pass: put it behind the loop.",
        ),
        divided_twice=(
            "The loss is divided by the number of examples twice.",
            "The mean divides once.",
        ),
    ),
    Misconception.of(crossentropy_with_clipped_labels),
]

CATEGORICAL_CROSSENTROPY = Exercise(
    name="categorical_crossentropy",
    kind="formula",
    minutes=8,
    level=1,
    reference=losses.categorical_crossentropy,
    solution=categorical_crossentropy,
    probe=probe_categorical_crossentropy,
    scene=scene_crossentropy,
    misconceptions=[*MISTAKES, *OTHER_MISTAKES],
    equivalents=[
        crossentropy_by_loop,
        crossentropy_clipped_below,
        lambda y_true, y_pred: np.mean(-np.log(np.sum(y_true * np.clip(y_pred, 1e-7, 1 - 1e-7), axis=-1))),
    ],
    hints=[
        "In each row of y_true · log(y_pred) one number is not 0. Which sum picks it out?",
        "`np.clip(array, low, high)` comes before the logarithm: 0 · log(0) is NaN, also where the 0 is a wrong class.",
    ],
)
