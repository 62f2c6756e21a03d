"""The exercise on the worst mistakes of a network: wrong, and most certain of it."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.returned import one_array

# --- worst_mistakes


def worst_mistakes(probabilities, labels, count=9):
    """Find the examples on which a classifier was wrong and most certain of it.

    Args:
        probabilities: array (n, classes).
        labels: integer array (n,).
        count: int, how many to find.
    Returns:
        integer array (count,), the indices of misclassified examples, those with the largest probability for the
        wrong class first; fewer where there are fewer mistakes.
    """
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    certainty = probabilities[wrong].max(axis=1)
    return wrong[np.argsort(-certainty)][:count]


def probe_worst_mistakes(worst_mistakes, rng):
    def judged(n, classes, share):
        scores = rng.normal(scale=2.0, size=(n, classes))
        probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        best = probabilities.argmax(axis=1)
        wrong = np.arange(n) < round(share * n)
        labels = (best + np.where(rng.permutation(wrong), rng.integers(1, classes, size=n), 0)) % classes
        return probabilities, labels

    (p, labels), (few_p, few_labels), (other_p, other_labels) = (
        judged(60, 10, 0.5),
        judged(30, 4, 0.1),
        judged(40, 3, 1),
    )

    def few():
        return one_array(worst_mistakes(few_p, few_labels))

    yield Row("the 9 worst of 30 mistakes in 60", lambda: one_array(worst_mistakes(p, labels)), essential=True)
    yield "the 4 worst of them", lambda: one_array(worst_mistakes(p, labels, 4))
    yield "9 asked for, but only 3 mistakes in 30: how many come back", lambda: few().size
    # What stands behind the first three depends on how ties are sorted.
    yield "the first three of them", lambda: few()[:3]
    yield "the 5 worst of 40 mistakes in 40", lambda: one_array(worst_mistakes(other_p, other_labels, count=5))


def faulty_worst_mistakes(probabilities, labels, count=9, **made):
    is_wrong = probabilities.argmax(axis=1) != labels
    chosen = ~is_wrong if "right_ones" in made else is_wrong | ("with_right_ones" in made)
    wrong = np.flatnonzero(chosen)
    p = np.sort(probabilities[wrong], axis=1)
    certainty = p[:, -1]
    if "by_loss" in made:
        certainty = 1 - probabilities[wrong, labels[wrong]]
    if "by_margin" in made:
        certainty = p[:, -1] - p[:, -2]
    if "by_distance" in made:
        certainty = np.sum((probabilities - np.eye(probabilities.shape[1])[labels])[wrong] ** 2, axis=1)
    order = np.argsort(certainty if "least_certain" in made else -certainty)
    order = order[: len(order) if "all_of_them" in made else 9 if "always_nine" in made else count]
    order = order[::-1] if "upside_down" in made else order
    return order if "places" in made else wrong[order]


def mistakes_along_the_wrong_axis(probabilities, labels, count=9):
    """`argmax(axis=0)` looks for the best *example* of each class.

    Each example is a row: `argmax(axis=1)`.
    """
    return np.flatnonzero(probabilities.argmax(axis=0) != labels)[:count]


def mistakes_as_they_come(probabilities, labels, count=9):
    """These are mistakes, but simply the first ones.

    Sort them by certainty.
    """
    return np.flatnonzero(probabilities.argmax(axis=1) != labels)[:count]


def mistakes_as_certainties(probabilities, labels, count=9):
    """These are the probabilities.

    Asked for are the indices of these examples.
    """
    wrong = probabilities.argmax(axis=1) != labels
    return np.sort(probabilities[wrong].max(axis=1))[::-1][:count]


def mistakes_as_digits(probabilities, labels, count=9):
    """These are the predicted classes of the mistakes.

    Asked for are the indices of these examples, their places in `labels`.
    """
    return probabilities.argmax(axis=1)[worst_mistakes(probabilities, labels, count)]


def mistakes_with_certainties(probabilities, labels, count=9):
    """A tuple comes back, say of the indices and their probabilities.

    Return the one array of indices.
    """
    return worst_mistakes(probabilities, labels, count), mistakes_as_certainties(probabilities, labels, count)


def mistakes_among_the_most_certain(probabilities, labels, count=9):
    """First the most certain examples are taken, then the right ones among them left out, so some are missing.

    The other way round: first the mistakes, then the most certain of these.
    """
    order = np.argsort(-probabilities.max(axis=1))[:count]
    return order[probabilities.argmax(axis=1)[order] != labels[order]]


def mistakes_filled_up(probabilities, labels, count=9):
    """Where there are fewer mistakes than asked for, right ones fill up the list.

    Return the mistakes alone, however few they are.
    """
    is_wrong = probabilities.argmax(axis=1) != labels
    return np.argsort(-np.where(is_wrong, probabilities.max(axis=1), -1))[:count]


def worst_mistakes_by_sorting_pairs(probabilities, labels, count=9):
    mistakes = []
    for index, (row, label) in enumerate(zip(probabilities, labels, strict=True)):
        if np.argmax(row) != label:
            mistakes.append((float(max(row)), index))
    return [index for _, index in sorted(mistakes, reverse=True)[:count]]


def worst_mistakes_by_masking(probabilities, labels, count=9):
    predicted = np.argmax(probabilities, axis=1)
    certainty = np.where(predicted != labels, probabilities.max(axis=1), -1)
    return np.argsort(certainty)[::-1][: min(count, np.sum(predicted != labels))]


WORST_MISTAKES = Exercise(
    name="worst_mistakes",
    kind="derive",
    minutes=10,
    level=2,
    reference=worst_mistakes,
    probe=probe_worst_mistakes,
    misconceptions=[
        *flags(
            faulty_worst_mistakes,
            with_right_ones=(
                "Examples that were classified rightly are among yours.",
                "Keep those where `probabilities.argmax(axis=1) != labels`, however many they are.",
            ),
            right_ones=("These were all classified rightly.", "Keep those where prediction and label differ: `!=`."),
            least_certain=(
                "The mistakes of which the network was *least* certain come first.",
                "Sort the other way, the largest probability first.",
            ),
            places=(
                "These are places within the list of mistakes, not indices into `labels`.",
                "Look them up in it, `wrong[order]`, to get indices into the data.",
            ),
            by_loss=(
                "They are sorted by how small the true class's probability is.",
                "Sort by the probability of the predicted class, the largest first; the two orders differ.",
            ),
            by_margin=(
                "They are sorted by how far the largest probability is ahead of the second.",
                "Sort by the largest probability itself.",
            ),
            by_distance=(
                "They are sorted by the distance between all probabilities and the one-hot label.",
                "Sort by the probability of the predicted class alone.",
            ),
            upside_down=(
                "The right examples, but in reverse order.",
                "The most certain mistake comes first.",
            ),
            all_of_them=("All mistakes come back, whatever `count` says.", "Keep the first `count` of them."),
            always_nine=("Nine are returned, whatever `count` says.", "Use the argument."),
        ),
        mistakes_along_the_wrong_axis,
        mistakes_as_they_come,
        mistakes_as_certainties,
        mistakes_as_digits,
        mistakes_with_certainties,
        mistakes_among_the_most_certain,
        mistakes_filled_up,
    ],
    equivalents=[
        worst_mistakes_by_sorting_pairs,
        worst_mistakes_by_masking,
        lambda probabilities, labels, count=9: np.array(
            [i for i in np.argsort(-probabilities.max(axis=1)) if probabilities[i].argmax() != labels[i]][:count]
        ),
    ],
    hints=[
        "First the mistakes: `np.flatnonzero` gives the indices at which a condition holds. Which condition?",
        "`np.argsort(-certainty)` gives places, the largest certainty first. Places in which list?",
        "If you sort the mistakes alone, its places must be looked up among them. What does `wrong[order]` give?",
    ],
)
