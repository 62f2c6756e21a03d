"""Exercises on judging a trained network: its digits on the test images, which it confuses, and its worst mistakes."""

from functools import cache

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.data import mnist

# --- classify_digits


@cache
def _test_set():
    """The 10,000 test images and labels of MNIST."""
    _, (images, labels) = mnist(say=None)
    return images, labels.astype(int)


@cache
def _labels_by_image():
    images, labels = _test_set()
    return dict(zip(_keys(images), labels.tolist(), strict=True))


def _keys(images):
    flat = np.ascontiguousarray(images, dtype=np.uint8).reshape(len(images), -1)
    return flat.view(f"V{flat.shape[1]}").ravel().tolist()


def know_digits(images):
    """Stand in for a trained network: every test image is known by heart."""
    known = _labels_by_image()
    return np.array([known[key] for key in _keys(images)])


def probe_classify_digits(classify_digits, rng):
    images, labels = _test_set()
    order = rng.permutation(len(images))
    few = images[order[:7]]

    @cache
    def answers():
        return np.asarray(classify_digits(images[order]))

    def at_least(wanted):
        right = answers() == labels[order] if answers().shape == order.shape else 0.0
        return "yes" if np.mean(right) >= wanted else "no"

    def kind():
        if answers().shape != order.shape:
            return "not one for each image"
        if np.any(answers() % 1):
            return "fractions"
        smallest, largest = answers().min(), answers().max()
        return (
            "always the same"
            if smallest == largest
            else f"whole numbers, {min(smallest, 0):.0f} to {max(largest, 9):.0f}"
        )

    def same_alone():
        together = np.asarray(classify_digits(few)).ravel()
        alone = [np.asarray(classify_digits(few[place : place + 1])).ravel() for place in range(3)]
        return "yes" if np.array_equal(np.concatenate(alone), together[:3]) else "no"

    yield Row("the shape of the answer for 7 images", lambda: np.shape(classify_digits(few)), essential=True)
    yield "what the answers for all test images are", kind
    yield "does an image alone get the digit that it gets among others?", same_alone
    yield "are 0.80 of the test images right, in an order of our own?", lambda: at_least(0.80)
    yield "are 0.95 of them right?", lambda: at_least(0.95)
    yield Row("are 0.980 of them right?", lambda: at_least(0.98), weight=3)


def know_digits_but_for(share):
    def know_most_digits(images):
        digits = know_digits(images)
        # Which ones are wrong depends on the image alone: the ink in it, as good as random.
        unlucky = images.reshape(len(images), -1).sum(axis=1, dtype=int) % 1000 < 1000 * share
        return np.where(unlucky, (digits + 1) % 10, digits)

    return know_most_digits


def digits_for_a_weak_network(images):
    return know_digits_but_for(0.035)(images)


def digits_for_images_out_of_scale(images):
    return know_digits_but_for(0.12)(images)


def digits_always_the_same(images):
    return np.full(len(images), 3)


def digits_by_heart_in_file_order(images):
    return _test_set()[1][: len(images)]


def digits_as_probabilities(images):
    return np.eye(10)[know_digits(images)] * 0.9 + 0.01


def digits_along_the_wrong_axis(images):
    return digits_as_probabilities(images).argmax(axis=0)


def digits_argmax_of_everything(images):
    return digits_as_probabilities(images).argmax()


def digits_from_one(images):
    return know_digits(images) + 1


def digits_as_probabilities_only(images):
    return digits_as_probabilities(images).max(axis=1)


CLASSIFY_DIGITS = Exercise(
    name="classify_digits",
    reference=know_digits,
    probe=probe_classify_digits,
    misconceptions=[
        Misconception(
            digits_as_probabilities,
            "You return ten probabilities for each image. The digit is the place of the largest: `argmax(axis=1)`.",
        ),
        Misconception(
            digits_along_the_wrong_axis,
            "`argmax(axis=0)` looks for the best *image* for each digit. Each image is a row: `argmax(axis=1)`.",
        ),
        Misconception(
            digits_argmax_of_everything,
            "`argmax` without an axis gives one number for the whole array. Use `argmax(axis=1)`.",
        ),
        Misconception(
            digits_as_probabilities_only,
            "You return the largest probability itself. Asked for is its place, the digit: `argmax`, not `max`.",
        ),
        Misconception(digits_from_one, "Your digits run from 1 to 10. argmax counts from 0, and so do the digits."),
        Misconception(
            digits_always_the_same,
            "Every image gets the same digit. Is the network trained, and are the images scaled as in training?",
        ),
        Misconception(
            digits_by_heart_in_file_order,
            "Your answer does not depend on the images: these come in another order than in the file.",
        ),
        Misconception(
            digits_for_images_out_of_scale,
            "More than 0.80 of the digits are right, but less than 0.95. Are they scaled as in training?",
        ),
        Misconception(
            digits_for_a_weak_network,
            "Close: more than 0.95 are right, but not 0.980. Are the images divided by 255 before they go to the "
            "network? If so, it has to be trained better: 4 epochs, and a learning rate that falls to 0.",
        ),
    ],
    equivalents=[
        know_digits_but_for(0.016),
        lambda images: know_digits(images).astype(float),
        lambda images: know_digits(images).tolist(),
        lambda images: np.concatenate([know_digits(images[i : i + 128]) for i in range(0, len(images), 128)]),
    ],
    hints=[
        "`model.predict(…, verbose=0)` gives ten probabilities for each row. Which rows does this model want?",
        "The images come as MNIST has them: uint8, 28 by 28. Prepare them as you prepared the training images.",
        "`probabilities.argmax(axis=1)` is, for each row, the place of its largest number.",
    ],
    time_limit=30.0,
    solution="def classify_digits(images):\n"
    "    rows = images.reshape(len(images), -1).astype('float32') / 255\n"
    "    return model.predict(rows, batch_size=1000, verbose=0).argmax(axis=1)\n",
)

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
    probabilities, labels, count=9, with_right_ones=False, least_certain=False, places=False, by_loss=False
):
    wrong = np.arange(len(labels)) if with_right_ones else np.flatnonzero(probabilities.argmax(axis=1) != labels)
    of_truth = probabilities[wrong, labels[wrong]]
    certainty = 1 - of_truth if by_loss else probabilities[wrong].max(axis=1)
    order = np.argsort(certainty if least_certain else -certainty)[:count]
    return order if places else wrong[order]


def mistakes_as_they_come(probabilities, labels, count=9):
    return np.flatnonzero(probabilities.argmax(axis=1) != labels)[:count]


def mistakes_as_certainties(probabilities, labels, count=9):
    wrong = probabilities.argmax(axis=1) != labels
    return np.sort(probabilities[wrong].max(axis=1))[::-1][:count]


def mistakes_upside_down(probabilities, labels, count=9):
    return faulty_worst_mistakes(probabilities, labels, count)[::-1]


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
        ),
        Misconception(mistakes_as_they_come, "These are mistakes, but simply the first ones. Sort them by certainty."),
        Misconception(
            mistakes_as_certainties, "These are the probabilities. Asked for are the indices of these examples."
        ),
        Misconception(
            mistakes_upside_down, "The right examples in reverse order: the most certain mistake comes first."
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
