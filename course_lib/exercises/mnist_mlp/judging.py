"""Exercises on judging a network: which classes it confuses, and its worst mistakes."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags

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


def faulty_confusion_matrix(
    y_true,
    y_pred,
    num_classes=10,
    transposed=False,
    once=False,
    shares=False,
    errors_only=False,
    from_largest=False,
):
    if from_largest:
        num_classes = int(max(y_true.max(), y_pred.max())) + 1
    counts = np.zeros((num_classes, num_classes))
    if once:
        counts[y_true, y_pred] += 1
    else:
        np.add.at(counts, (y_true, y_pred), 1)
    if errors_only:
        np.fill_diagonal(counts, 0)
    if shares:
        counts = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return counts.T if transposed else counts


def confusion_in_shares_of_all(y_true, y_pred, num_classes=10):
    return faulty_confusion_matrix(y_true, y_pred, num_classes) / len(y_true)


def confusion_right_or_wrong(y_true, y_pred, num_classes=10):
    right = int(np.sum(y_true == y_pred))
    return np.array([[right, 0], [0, len(y_true) - right]])


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


CONFUSION_MATRIX = Exercise(
    name="confusion_matrix",
    reference=confusion_matrix,
    probe=probe_confusion_matrix,
    misconceptions=[
        *flags(
            faulty_confusion_matrix,
            transposed="It is transposed: the row is the true class, the column the predicted one.",
            once="`counts[y_true, y_pred] += 1` adds 1 only once where a pair occurs more often: NumPy reads all, then "
            "writes all. Use `np.add.at(counts, (y_true, y_pred), 1)`, or a loop.",
            shares="Each row is divided by its sum. Asked for are the counts.",
            errors_only="The diagonal is empty. What was predicted rightly counts too: it stands on the diagonal.",
            from_largest="The size comes from the largest class that happens to occur: use `num_classes`.",
        ),
        Misconception(confusion_in_shares_of_all, "These are shares of all examples. Asked for are the counts."),
        Misconception(
            confusion_right_or_wrong,
            "This only counts right and wrong. Asked for is a count for each pair of true and predicted class.",
        ),
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
        "A loop over `zip(y_true, y_pred)` is fine. Without one: `np.add.at(counts, (rows, columns), 1)`.",
    ],
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
    sure_p, sure_labels = p.copy(), labels.copy()
    yield Row("the 9 worst of 30 mistakes in 60", lambda: worst_mistakes(p, labels), essential=True)
    yield "the 4 worst of them", lambda: worst_mistakes(sure_p, sure_labels, 4)
    yield "9 asked for, but only 3 mistakes in 30", lambda: worst_mistakes(few_p, few_labels)
    yield "the 5 worst of 40 mistakes in 40", lambda: worst_mistakes(other_p, other_labels, count=5)


def faulty_worst_mistakes(
    probabilities,
    labels,
    count=9,
    with_right_ones=False,
    least_certain=False,
    places=False,
    by_loss=False,
    upside_down=False,
):
    wrong = np.arange(len(labels)) if with_right_ones else np.flatnonzero(probabilities.argmax(axis=1) != labels)
    of_truth = probabilities[wrong, labels[wrong]]
    certainty = 1 - of_truth if by_loss else probabilities[wrong].max(axis=1)
    order = np.argsort(certainty if least_certain else -certainty)[:count]
    order = order[::-1] if upside_down else order
    return order if places else wrong[order]


def mistakes_as_they_come(probabilities, labels, count=9):
    return np.flatnonzero(probabilities.argmax(axis=1) != labels)[:count]


def mistakes_as_certainties(probabilities, labels, count=9):
    wrong = probabilities.argmax(axis=1) != labels
    return np.sort(probabilities[wrong].max(axis=1))[::-1][:count]


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
    reference=worst_mistakes,
    probe=probe_worst_mistakes,
    misconceptions=[
        *flags(
            faulty_worst_mistakes,
            with_right_ones="Examples that were classified rightly are among yours. Keep those where "
            "`probabilities.argmax(axis=1) != labels`, however many they are.",
            least_certain="You begin with the mistakes of which the network was *least* certain. Sort the other way.",
            places="These are places within the list of mistakes. Look them up in it, `wrong[order]`, to get indices "
            "into the data.",
            by_loss="You sort by how small the true class's probability is. Asked for is the largest probability "
            "of the wrong class first; the two orders differ.",
            upside_down="The right examples in reverse order: the most certain mistake comes first.",
        ),
        Misconception(mistakes_as_they_come, "These are mistakes, but simply the first ones. Sort them by certainty."),
        Misconception(
            mistakes_as_certainties, "These are the probabilities. Asked for are the indices of these examples."
        ),
    ],
    equivalents=[
        worst_mistakes_by_sorting_pairs,
        worst_mistakes_by_masking,
        lambda probabilities, labels, count=9: np.array(
            [i for i in np.argsort(-probabilities.max(axis=1)) if probabilities[i].argmax() != labels[i]][:count]
        ),
    ],
    hints=[
        "First the mistakes: `np.flatnonzero(probabilities.argmax(axis=1) != labels)` gives their indices.",
        "`np.argsort(-certainty)` gives places, the largest certainty first. Places in which list?",
        "`wrong[np.argsort(-probabilities[wrong].max(axis=1))][:count]`.",
    ],
)
