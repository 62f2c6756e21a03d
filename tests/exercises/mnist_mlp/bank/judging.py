"""`classify_digits`, `confusion_matrix` and `worst_mistakes` as people write them."""

import numpy as np

from course_lib.exercises.mnist_mlp.classifying import know_digits
from tests.exercises.mnist_mlp.bank import right, wrong


def probabilities_of(images):
    """Stand for `model.predict` of a good network."""
    return np.eye(10)[know_digits(images)] * 0.9 + 0.01


@right("classify_digits")
def as_tensor(images):
    import tensorflow as tf

    return tf.argmax(probabilities_of(images), axis=1)


@right("classify_digits")
def as_floats(images):
    return probabilities_of(images).argmax(axis=1).astype("float32")


@wrong("classify_digits", "axis|example|each")
def argmax_along_axis_0(images):
    return probabilities_of(images).argmax(axis=0)


@wrong("classify_digits", "axis|single|one number|shape")
def argmax_of_everything(images):
    return np.argmax(probabilities_of(images))


@wrong("classify_digits", "one too|1 to 10|from 1|\\+ 1|off by")
def one_too_large(images):
    return probabilities_of(images).argmax(axis=1) + 1


@wrong("classify_digits", "one-hot|probabilit|argmax|shape")
def rounded_probabilities(images):
    return np.round(probabilities_of(images))


@wrong("classify_digits", "tuple|pair|probabilit|one array")
def with_probabilities(images):
    p = probabilities_of(images)
    return p.argmax(axis=1), p.max(axis=1)


@wrong("classify_digits", "probabilit|largest|argmax")
def max_for_argmax(images):
    return probabilities_of(images).max(axis=1)


@wrong("classify_digits", "text")
def as_texts(images):
    return [str(digit) for digit in know_digits(images)]


@wrong("classify_digits", "one (digit|number)|whole batch")
def the_first_alone(images):
    return probabilities_of(images)[0].argmax()


@wrong("classify_digits", "guess")
def argmin(images):
    return probabilities_of(images).argmin(axis=1)


@wrong("classify_digits", "guess")
def by_argsort(images):
    return probabilities_of(images).argsort(axis=1)[:, -2]


@wrong("classify_digits", "scal|0\\.\\d+ of|right|255")
def trained_for_a_minute(images):
    digits = know_digits(images)
    return np.where(images.sum(axis=(1, 2), dtype=int) % 12 == 0, (digits + 1) % 10, digits)


@right("confusion_matrix")
def by_sklearn(y_true, y_pred, num_classes=10):
    from sklearn import metrics

    return metrics.confusion_matrix(y_true, y_pred, labels=range(num_classes))


@right("confusion_matrix")
def by_crosstab(y_true, y_pred, num_classes=10):
    import pandas as pd

    classes = range(num_classes)
    table = pd.crosstab(y_true, y_pred).reindex(index=classes, columns=classes, fill_value=0)
    return table


@right("confusion_matrix")
def by_histogram2d(y_true, y_pred, num_classes=10):
    edges = np.arange(num_classes + 1) - 0.5
    return np.histogram2d(y_true, y_pred, bins=[edges, edges])[0]


@right("confusion_matrix")
def by_product(y_true, y_pred, num_classes=10):
    eye = np.eye(num_classes)
    return eye[y_true].T @ eye[y_pred]


@right("confusion_matrix")
def by_masks(y_true, y_pred, num_classes=10):
    return [[sum((y_true == i) & (y_pred == j)) for j in range(num_classes)] for i in range(num_classes)]


@right("confusion_matrix")
def by_float32_bincount(y_true, y_pred, num_classes=10):
    flat = np.bincount(y_true * num_classes + y_pred, minlength=num_classes**2)
    return flat.reshape(num_classes, num_classes).astype("float32")


@wrong("confusion_matrix", "transposed|row|swap")
def transposed(y_true, y_pred, num_classes=10):
    from sklearn import metrics

    return metrics.confusion_matrix(y_pred, y_true, labels=range(num_classes))


@wrong("confusion_matrix", "share|divi|count|normal")
def normalized_by_rows(y_true, y_pred, num_classes=10):
    from sklearn import metrics

    return metrics.confusion_matrix(y_true, y_pred, labels=range(num_classes), normalize="true")


@wrong("confusion_matrix", "share|divi|count|normal")
def normalized_by_columns(y_true, y_pred, num_classes=10):
    counts = by_product(y_true, y_pred, num_classes)
    return counts / np.maximum(counts.sum(axis=0, keepdims=True), 1)


@wrong("confusion_matrix", "share|divi|count|normal")
def normalized_by_all(y_true, y_pred, num_classes=10):
    return by_product(y_true, y_pred, num_classes) / len(y_true)


@wrong("confusion_matrix", "share|divi|count|normal|percent")
def in_percent(y_true, y_pred, num_classes=10):
    return 100 * by_product(y_true, y_pred, num_classes) / len(y_true)


@wrong("confusion_matrix", "occur|labels|present")
def of_classes_that_occur(y_true, y_pred, num_classes=10):
    from sklearn import metrics

    return metrics.confusion_matrix(y_true, y_pred)


@wrong("confusion_matrix", "10|num_classes")
def of_ten(y_true, y_pred, num_classes=10):
    counts = np.zeros((10, 10))
    for t, p in zip(y_true, y_pred, strict=True):
        counts[t, p] += 1
    return counts


@wrong("confusion_matrix", "largest|num_classes|occur")
def sized_by_the_largest(y_true, y_pred, num_classes=10):
    n = max(y_true.max(), y_pred.max()) + 1
    return by_product(y_true, y_pred, n)


@wrong("confusion_matrix", "once|add|count|\\+=")
def assigned(y_true, y_pred, num_classes=10):
    counts = np.zeros((num_classes, num_classes))
    for t, p in zip(y_true, y_pred, strict=True):
        counts[t, p] = 1
    return counts


@wrong("confusion_matrix", "share|same|one list")
def rows_that_are_one_list(y_true, y_pred, num_classes=10):
    counts = [[0] * num_classes] * num_classes
    for t, p in zip(y_true, y_pred, strict=True):
        counts[t][p] += 1
    return counts


@wrong("confusion_matrix", "right|diagonal|mistake|correct")
def mistakes_only(y_true, y_pred, num_classes=10):
    counts = by_product(y_true, y_pred, num_classes)
    np.fill_diagonal(counts, 0)
    return counts


@wrong("confusion_matrix", "right|diagonal|mistake|correct|shape")
def right_ones_only(y_true, y_pred, num_classes=10):
    return np.diag(np.bincount(y_true[y_true == y_pred], minlength=num_classes))


@wrong("confusion_matrix", "both|symmetr|twice")
def symmetric(y_true, y_pred, num_classes=10):
    counts = np.zeros((num_classes, num_classes))
    for t, p in zip(y_true, y_pred, strict=True):
        counts[t, p] += 1
        if t != p:
            counts[p, t] += 1
    return counts


@wrong("confusion_matrix", "bin|edge|range|class")
def histogram_from_smallest_to_largest(y_true, y_pred, num_classes=10):
    return np.histogram2d(y_true, y_pred, bins=num_classes)[0]


@wrong("confusion_matrix", "loop|first|return")
def return_in_the_loop(y_true, y_pred, num_classes=10):
    counts = np.zeros((num_classes, num_classes))
    for t, p in zip(y_true, y_pred, strict=True):
        counts[t, p] += 1
        return counts


@wrong("confusion_matrix", "one number|shape|matrix")
def accuracy(y_true, y_pred, num_classes=10):
    return np.mean(y_true == y_pred)


@wrong("confusion_matrix", "shape|row|class")
def recall_of_each_class(y_true, y_pred, num_classes=10):
    return np.array([np.mean(y_pred[y_true == i] == i) if np.any(y_true == i) else 0 for i in range(num_classes)])


@wrong("confusion_matrix", "default|num_classes")
def without_a_default(y_true, y_pred, num_classes):
    return by_product(y_true, y_pred, num_classes)


@wrong("confusion_matrix", "default|10|num_classes")
def with_another_default(y_true, y_pred, num_classes=3):
    return by_product(y_true % num_classes, y_pred % num_classes, num_classes)


@wrong("confusion_matrix", "integer|index|float")
def indexed_by_floats(y_true, y_pred, num_classes=10):
    counts = np.zeros((num_classes, num_classes))
    for t, p in zip(y_true.astype(float), y_pred.astype(float), strict=True):
        counts[t, p] += 1
    return counts


@right("worst_mistakes")
def by_pandas(probabilities, labels, count=9):
    import pandas as pd

    table = pd.DataFrame({"p": probabilities.max(axis=1), "wrong": probabilities.argmax(axis=1) != labels})
    return table[table.wrong].nlargest(count, "p").index.to_numpy()


@right("worst_mistakes")
def by_heap(probabilities, labels, count=9):
    import heapq

    wrong_ones = [i for i, p in enumerate(probabilities) if p.argmax() != labels[i]]
    return heapq.nlargest(count, wrong_ones, key=lambda i: probabilities[i].max())


@right("worst_mistakes")
def by_sorted(probabilities, labels, count=9):
    found = sorted((-max(p), i) for i, p in enumerate(probabilities.tolist()) if p.index(max(p)) != labels[i])
    return np.array([i for _, i in found[:count]])


@right("worst_mistakes")
def by_top_k(probabilities, labels, count=9):
    import tensorflow as tf

    best = tf.reduce_max(probabilities, axis=1)
    is_wrong = tf.argmax(probabilities, axis=1) != labels
    k = min(count, int(tf.reduce_sum(tf.cast(is_wrong, tf.int32))))
    return tf.math.top_k(tf.where(is_wrong, best, -1.0), k).indices


@wrong("worst_mistakes", "least|smallest|order|largest first")
def least_certain_first(probabilities, labels, count=9):
    wrong_ones = np.flatnonzero(probabilities.argmax(1) != labels)
    return wrong_ones[np.argsort(probabilities.max(1)[wrong_ones])][:count]


@wrong("worst_mistakes", "order|first|revers")
def last_ones_not_reversed(probabilities, labels, count=9):
    wrong_ones = np.flatnonzero(probabilities.argmax(1) != labels)
    return wrong_ones[np.argsort(probabilities.max(1)[wrong_ones])][-count:]


@wrong("worst_mistakes", "ahead|second|difference|margin")
def by_margin(probabilities, labels, count=9):
    wrong_ones = np.flatnonzero(probabilities.argmax(1) != labels)
    ordered = np.sort(probabilities, axis=1)
    margin = (ordered[:, -1] - ordered[:, -2])[wrong_ones]
    return wrong_ones[np.argsort(-margin)][:count]


@wrong("worst_mistakes", "true class|truth|loss")
def by_probability_of_the_truth(probabilities, labels, count=9):
    p = probabilities[np.arange(len(labels)), labels]
    wrong_ones = probabilities.argmax(1) != labels
    p[~wrong_ones] = np.inf
    return np.argsort(p)[: min(count, wrong_ones.sum())]


@wrong("worst_mistakes", "probabilit|indices|index")
def probabilities_for_indices(probabilities, labels, count=9):
    wrong_ones = probabilities.argmax(1) != labels
    return np.sort(probabilities.max(1)[wrong_ones])[::-1][:count]


@wrong("worst_mistakes", "count|all")
def all_of_them(probabilities, labels, count=9):
    wrong_ones = np.flatnonzero(probabilities.argmax(1) != labels)
    return wrong_ones[np.argsort(-probabilities.max(1)[wrong_ones])]


@wrong("worst_mistakes", "count|9|nine")
def always_nine(probabilities, labels, count=9):
    wrong_ones = np.flatnonzero(probabilities.argmax(1) != labels)
    return wrong_ones[np.argsort(-probabilities.max(1)[wrong_ones])][:9]


@wrong("worst_mistakes", "before|after|then|first|right")
def cut_before_filtered(probabilities, labels, count=9):
    order = np.argsort(-probabilities.max(1))[:count]
    return order[probabilities.argmax(1)[order] != labels[order]]


@wrong("worst_mistakes", "sort|order|first")
def not_sorted(probabilities, labels, count=9):
    return np.flatnonzero(probabilities.argmax(1) != labels)[:count]


@wrong("worst_mistakes", "right|correct")
def among_the_right_ones(probabilities, labels, count=9):
    right_ones = np.flatnonzero(probabilities.argmax(1) == labels)
    return right_ones[np.argsort(-probabilities.max(1)[right_ones])][:count]


@wrong("worst_mistakes", "tuple|pair|indices|one array")
def with_their_probabilities(probabilities, labels, count=9):
    found = by_sorted(probabilities, labels, count)
    return found, probabilities.max(1)[found]


@wrong("worst_mistakes", "place|index|indices|among")
def places_among_the_wrong(probabilities, labels, count=9):
    wrong_ones = probabilities.argmax(1) != labels
    return np.argsort(-probabilities[wrong_ones].max(1))[:count]


@wrong("worst_mistakes", "class|label|digit|index")
def predicted_digits(probabilities, labels, count=9):
    return probabilities.argmax(1)[by_sorted(probabilities, labels, count)]


@wrong("worst_mistakes", "fewer|pad|fill|count")
def padded(probabilities, labels, count=9):
    p = np.where(probabilities.argmax(1) != labels, probabilities.max(1), 0)
    return np.argsort(-p, kind="stable")[:count]


@wrong("worst_mistakes", "axis|example")
def worst_by_argmax_along_axis_0(probabilities, labels, count=9):
    wrong_ones = np.flatnonzero(probabilities.argmax(0) != labels)
    return wrong_ones[np.argsort(-probabilities.max(1)[wrong_ones])][:count]


@wrong("worst_mistakes", "distance|numbers|entropy|predicted class")
def by_squared_error(probabilities, labels, count=9):
    wrong_ones = np.flatnonzero(probabilities.argmax(1) != labels)
    error = ((probabilities - np.eye(probabilities.shape[1])[labels]) ** 2).sum(axis=1)
    return wrong_ones[np.argsort(-error[wrong_ones])][:count]


@wrong("worst_mistakes", "place|where|tuple|shape")
def with_where(probabilities, labels, count=9):
    return np.where(probabilities.argmax(1) != labels)
