"""The exercise on the confusion matrix: which classes a network takes for which."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.returned import matrix

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
