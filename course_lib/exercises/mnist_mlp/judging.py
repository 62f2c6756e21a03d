"""Exercises on judging a network: which classes it confuses, and its worst mistakes."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.mnist_mlp.returned import matrix, one_array

# --- confusion_matrix


def confusion_matrix(y_true, y_pred, num_classes=10):
    """Count how often each class was taken for each: row i, column j counts examples of class i predicted as j.

    Args:
        y_true: integer array (n,), the labels.
        y_pred: integer array (n,), the predicted classes.
        num_classes: int.
    Returns:
        integer array (num_classes, num_classes), whose sum is n.
    """
    counts = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(counts, (y_true, y_pred), 1)
    return counts


def probe_confusion_matrix(confusion_matrix, rng):
    y_true = rng.integers(0, 10, size=200)
    y_pred = np.where(rng.random(200) < 0.6, y_true, rng.integers(0, 10, size=200))
    few_true, few_pred = np.array([0, 0, 0, 2, 1, 2]), np.array([0, 0, 2, 2, 2, 2])
    yield Row("200 predictions of 10 classes", lambda: confusion_matrix(y_true, y_pred), essential=True)
    yield "six predictions, 3 classes", lambda: confusion_matrix(few_true, few_pred, 3)
    yield "the same with 5 classes", lambda: confusion_matrix(few_true, few_pred, num_classes=5)
    yield "a single prediction, 1 for a 7", lambda: confusion_matrix(np.array([7]), np.array([1]))
    yield "labels as uint8, 200 predictions all right", lambda: confusion_matrix(y_true.astype(np.uint8), y_true)


def faulty_confusion_matrix(y_true, y_pred, num_classes=10, **made):
    size = int(max(y_true.max(), y_pred.max())) + 1 if "from_largest" in made else num_classes
    counts = np.zeros((size, size))
    if "once" in made:
        counts[y_true, y_pred] += 1
    elif "only_the_first" in made:
        counts[y_true[0], y_pred[0]] = 1
    else:
        np.add.at(counts, (y_true, y_pred), 1)
    if "errors_only" in made:
        np.fill_diagonal(counts, 0)
    if "right_only" in made:
        counts = np.diag(np.diag(counts))
    if "both_ways" in made:
        counts = counts + counts.T - np.diag(np.diag(counts))
    if "shared_row" in made:
        counts = np.tile(counts.sum(axis=0), (size, 1))
    if "shares" in made or "shares_of_predicted" in made:
        counts = counts / np.maximum(counts.sum(axis=1 if "shares" in made else 0, keepdims=True), 1)
    if "shares_of_all" in made or "percent_of_all" in made:
        counts = counts / len(y_true) * (100 if "percent_of_all" in made else 1)
    return counts.T if "transposed" in made else counts


def confusion_right_or_wrong(y_true, y_pred, num_classes=10):
    """This only counts right and wrong.

    Asked for is a count for each pair of true and predicted class.
    """
    right = int(np.sum(y_true == y_pred))
    return np.array([[right, 0], [0, len(y_true) - right]])


def confusion_of_ten_classes(y_true, y_pred, num_classes=10):
    """There are always ten rows and columns.

    Use the argument `num_classes`.
    """
    return faulty_confusion_matrix(y_true, y_pred)


def confusion_of_classes_that_occur(y_true, y_pred, num_classes=10):
    """There are rows and columns only for the classes that occur in these labels.

    Make `num_classes` of each, always; scikit-learn's takes `labels=range(num_classes)`.
    """
    classes = np.union1d(y_true, y_pred)
    return faulty_confusion_matrix(np.searchsorted(classes, y_true), np.searchsorted(classes, y_pred), len(classes))


def confusion_in_bins(y_true, y_pred, num_classes=10):
    """The bins run from the smallest to the largest label that occurs, so with few labels they are no classes.

    Give `histogram2d` the whole range of classes: `range=[[0, num_classes], [0, num_classes]]`.
    """
    return np.histogram2d(y_true, y_pred, bins=num_classes)[0]


def confusion_alone(y_true, y_pred, num_classes=10):
    """One number comes back, say the share that is right.

    Asked for is a count for each pair of true and predicted class.
    """
    return np.mean(y_true == y_pred)


def confusion_of_each_class(y_true, y_pred, num_classes=10):
    """There is one number for each class, the share of its examples that is right (its recall).

    Asked for is a count for each pair of true and predicted class.
    """
    counts = faulty_confusion_matrix(y_true, y_pred, num_classes)
    return np.diag(counts) / np.maximum(counts.sum(axis=1), 1)


def confusion_in_a_loop(y_true, y_pred, num_classes=10):
    counts = [[0] * num_classes for _ in range(num_classes)]
    for true, predicted in zip(y_true, y_pred, strict=True):
        counts[true][predicted] += 1
    return counts


def confusion_by_bincount(y_true, y_pred, num_classes=10):
    places = num_classes * y_true.astype(int) + y_pred
    return np.bincount(places, minlength=num_classes**2).reshape(num_classes, num_classes)


def confusion_by_one_hot(y_true, y_pred, num_classes=10):
    one_hot = np.eye(num_classes)
    return one_hot[y_true].T @ one_hot[y_pred]


def confusion_by_scikit_learn(y_true, y_pred, num_classes=10):
    from sklearn import metrics

    return metrics.confusion_matrix(y_true, y_pred, labels=range(num_classes))


def scene_confusion_matrix(confusion_matrix):
    """The matrix of 60 predictions of 5 classes, in which 4 is often taken for 2, and never the other way round."""
    y_true = np.repeat(np.arange(5), 12)
    y_pred = np.where((y_true == 4) & (np.arange(60) % 2 == 0), 2, y_true)
    y_pred = np.where(np.arange(60) % 11 == 1, (y_true + 1) % 5, y_pred)
    return matrix(confusion_matrix, y_true, y_pred, 5, shape=(5, 5), xlabel="predicted class", ylabel="true class")


CONFUSION_MATRIX = Exercise(
    name="confusion_matrix",
    kind="formula",
    minutes=10,
    level=1,
    reference=confusion_matrix,
    probe=probe_confusion_matrix,
    misconceptions=[
        *flags(
            faulty_confusion_matrix,
            transposed=(
                "It is transposed: rows are predicted classes here, and columns true ones.",
                "The row is the true class, the column the predicted one.",
            ),
            once=(
                "A pair that occurs more than once counts once: `counts[y_true, y_pred] += 1` reads all, then "
                "writes all.",
                "Use `np.add.at(counts, (y_true, y_pred), 1)`, or a loop that adds 1.",
            ),
            only_the_first=(
                "Only the first example is counted.",
                "Go through all before you return: a `return` inside the loop ends it at once.",
            ),
            shared_row=(
                "All rows are the same, as if they were one list: `[[0] * n] * n` holds one row n times.",
                "Make each row anew, or start from `np.zeros((num_classes, num_classes))`.",
            ),
            shares=("Each row is divided by its sum, so these are shares.", "Asked for are the counts."),
            shares_of_predicted=(
                "Each column is divided by its sum, so these are shares.",
                "Asked for are the counts.",
            ),
            shares_of_all=("These are shares of all examples.", "Asked for are the counts: do not divide by n."),
            percent_of_all=("These are percent of all examples.", "Asked for are the counts: do not divide by n."),
            errors_only=(
                "The diagonal is empty: what was predicted rightly is not counted.",
                "It counts too, and stands on the diagonal.",
            ),
            right_only=(
                "There is nothing beside the diagonal: only what was predicted rightly is counted.",
                "A mistake counts too, in the column of the class that was predicted.",
            ),
            both_ways=(
                "Each mistake is counted both ways, so the matrix is symmetric.",
                "Add 1 in one place: row of the true class, column of the predicted one.",
            ),
            from_largest=("The size comes from the largest class that happens to occur.", "Use `num_classes`."),
        ),
        confusion_right_or_wrong,
        confusion_of_ten_classes,
        confusion_of_classes_that_occur,
        confusion_in_bins,
        confusion_alone,
        confusion_of_each_class,
    ],
    equivalents=[
        confusion_in_a_loop,
        confusion_by_bincount,
        confusion_by_one_hot,
        confusion_by_scikit_learn,
        lambda y_true, y_pred, num_classes=10: np.array(
            [[np.sum((y_true == i) & (y_pred == j)) for j in range(num_classes)] for i in range(num_classes)]
        ),
        lambda y_true, y_pred, num_classes=10: np.histogram2d(
            y_true, y_pred, bins=num_classes, range=[[0, num_classes], [0, num_classes]]
        )[0],
    ],
    hints=[
        "Start from `np.zeros((num_classes, num_classes), dtype=int)`. Which element does an example add 1 to?",
        "A loop over `zip(y_true, y_pred)` is fine. Without one: what does `np.add.at` do where an index comes twice?",
    ],
    scene=scene_confusion_matrix,
)

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
                "These are places within the list of mistakes.",
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
