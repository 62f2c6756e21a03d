"""Foreign answers that classify digits, count them in a confusion matrix and find the worst mistakes."""

import functools

import numpy as np

from course_lib import activations
from course_lib.data import mnist
from course_lib.exercises.mnist_mlp.classifying import CLASSIFY_DIGITS, know_digits
from course_lib.exercises.mnist_mlp.confusing import CONFUSION_MATRIX
from course_lib.exercises.mnist_mlp.finding import WORST_MISTAKES

# --- right answers, each written in its own way


def classify_by_lists(images):
    return [int(know_digits(image[None])[0]) for image in images]


def classify_now_and_then_wrong(images):
    digits = know_digits(images)
    return np.where(images[:, 14, 14] % 100 == 99, (digits + 5) % 10, digits).astype("int64")


def confusion_with_a_counter(y_true, y_pred, num_classes=10):
    from collections import Counter

    pairs = Counter(zip(y_true.tolist(), y_pred.tolist(), strict=True))
    return np.array([[pairs[i, j] for j in range(num_classes)] for i in range(num_classes)])


def confusion_by_keras(y_true, y_pred, num_classes=10):
    import tensorflow as tf

    return tf.math.confusion_matrix(y_true, y_pred, num_classes)


def worst_with_lexsort(probabilities, labels, count=9):
    best = np.argmax(probabilities, 1)
    top = probabilities[np.arange(len(best)), best]
    order = np.lexsort((-top, best == labels))
    return order[: min(count, int((best != labels).sum()))]


def worst_by_repeated_search(probabilities, labels, count=9):
    certainty = probabilities.max(axis=1)
    certainty[probabilities.argmax(axis=1) == labels] = -np.inf
    found = []
    while len(found) < count and np.isfinite(certainty.max()):
        found.append(int(certainty.argmax()))
        certainty[found[-1]] = -np.inf
    return found


# --- wrong answers, and which mistake must be named


def classify_giving_probabilities(images):
    return activations.softmax(8.0 * np.eye(10)[know_digits(images)])


@functools.cache
def labels_in_the_file():
    return mnist(say=None)[1][1]


def classify_giving_the_answers_in_the_file(images):
    return labels_in_the_file()[: len(images)]


def classify_all_as_seven(images):
    return np.repeat(7, len(images))


def classify_as_a_mediocre_network(images):
    digits = know_digits(images)
    return np.where(images[:, 3:25, 3:25].sum(axis=(1, 2), dtype=int) % 40 == 1, (digits + 3) % 10, digits)


def confusion_with_columns_first(y_true, y_pred, num_classes=10):
    counts = np.zeros((num_classes, num_classes), int)
    for true, predicted in zip(y_true, y_pred, strict=True):
        counts[predicted][true] += 1
    return counts


def confusion_by_fancy_index(y_true, y_pred, num_classes=10):
    counts = np.zeros((num_classes, num_classes), int)
    counts[y_true, y_pred] += 1
    return counts


def worst_by_place(probabilities, labels, count=9):
    wrong = probabilities[probabilities.argmax(1) != labels]
    return np.argsort(wrong.max(axis=1))[::-1][:count]


def worst_by_smallest_truth(probabilities, labels, count=9):
    wrong = np.where(probabilities.argmax(1) != labels)[0]
    return wrong[np.argsort(probabilities[wrong, labels[wrong]])][:count]


def classify_into_a_column(images):
    return know_digits(images)[:, None]


def worst_by_certainty_alone(probabilities, labels, count=9):
    return np.argsort(probabilities.max(axis=1))[-count:]


RIGHT = [
    (CLASSIFY_DIGITS, classify_now_and_then_wrong),
    (CONFUSION_MATRIX, confusion_with_a_counter),
    (CONFUSION_MATRIX, confusion_by_keras),
    (WORST_MISTAKES, worst_with_lexsort),
    (WORST_MISTAKES, worst_by_repeated_search),
]
WRONG = [
    (CLASSIFY_DIGITS, classify_into_a_column, "digits_in_a_column"),
    (WORST_MISTAKES, worst_by_certainty_alone, "with_right_ones + upside_down"),
    (CLASSIFY_DIGITS, classify_giving_probabilities, "digits_as_probabilities"),
    (CLASSIFY_DIGITS, classify_giving_the_answers_in_the_file, "digits_by_heart_in_file_order"),
    (CLASSIFY_DIGITS, classify_all_as_seven, "digits_always_the_same"),
    (CLASSIFY_DIGITS, classify_as_a_mediocre_network, "digits_for_a_weak_network"),
    (CONFUSION_MATRIX, confusion_with_columns_first, "transposed"),
    (CONFUSION_MATRIX, confusion_by_fancy_index, "once"),
    (WORST_MISTAKES, worst_by_place, "places"),
    (WORST_MISTAKES, worst_by_smallest_truth, "by_loss"),
]
