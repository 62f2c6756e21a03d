"""`repaired_loss` as people write it."""

import numpy as np

from course_lib.activations import softmax
from tests.exercises.mnist_mlp.bank import right, wrong


def log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def loss_of(logits, labels):
    return -log_softmax(logits)[np.arange(len(labels)), labels].mean()


def gradient_of(logits, labels):
    gradient = softmax(logits)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)


@right("repaired_loss")
def by_keras_loss(logits, labels):
    import keras
    import tensorflow as tf

    z = tf.Variable(logits, dtype=tf.float32)
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, z)
    return loss, tape.gradient(loss, z)


@right("repaired_loss")
def by_keras_loss_as_it_is(logits, labels):
    import keras
    import tensorflow as tf

    z = tf.Variable(logits)
    with tf.GradientTape() as tape:
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, z)
    return float(loss), tape.gradient(loss, z).numpy()


@right("repaired_loss")
def by_keras_categorical(logits, labels):
    import keras
    import tensorflow as tf

    z = tf.Variable(logits, dtype=tf.float32)
    y = keras.utils.to_categorical(labels, logits.shape[1])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.categorical_crossentropy(y, z, from_logits=True))
    return loss, tape.gradient(loss, z)


@right("repaired_loss")
def by_tensorflow(logits, labels):
    import tensorflow as tf

    z = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(z)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=z))
    return loss.numpy(), tape.gradient(loss, z).numpy()


@right("repaired_loss")
def by_logsumexp(logits, labels):
    from scipy.special import logsumexp

    total = logsumexp(logits, axis=1)
    loss = np.mean(total - np.take_along_axis(logits, labels[:, None], axis=1)[:, 0])
    return loss, (np.exp(logits - total[:, None]) - np.eye(logits.shape[1])[labels]) / len(labels)


@right("repaired_loss")
def by_logaddexp(logits, labels):
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    loss, gradient = 0.0, np.exp(log_p)
    for i, label in enumerate(labels):
        loss -= log_p[i, label] / len(labels)
        gradient[i, label] -= 1
    return [loss, gradient / len(labels)]


@right("repaired_loss")
def in_float32(logits, labels):
    logits = logits.astype("float32")
    return loss_of(logits, labels), gradient_of(logits, labels)


@wrong("repaired_loss", "softmax")
def softmax_twice(logits, labels):
    p = softmax(logits)
    return loss_of(p, labels), gradient_of(p, labels)


@wrong("repaired_loss", "gradient")
def right_loss_old_gradient(logits, labels):
    return loss_of(logits, labels), gradient_of(softmax(logits), labels)


@wrong("repaired_loss", "goes back through")
def second_softmax_taken_out_of_the_first_half(logits, labels):
    p, rows = softmax(logits), np.arange(len(labels))
    by_outputs = p.copy()
    by_outputs[rows, labels] -= 1
    by_outputs /= len(labels)
    with np.errstate(all="ignore"):
        loss = -np.mean(np.log(p[rows, labels]))
    return loss, p * (by_outputs - np.sum(by_outputs * p, axis=1, keepdims=True))


@wrong("repaired_loss", "log|added|clip|flat")
def log_plus_1e_9(logits, labels):
    p = softmax(logits)
    return -np.log(p[np.arange(len(labels)), labels] + 1e-9).mean(), gradient_of(logits, labels)


@wrong("repaired_loss", "log|added|clip|flat")
def log_plus_1e_15(logits, labels):
    p = softmax(logits)
    return -np.log(p[np.arange(len(labels)), labels] + 1e-15).mean(), gradient_of(logits, labels)


@wrong("repaired_loss", "log|added|clip|flat")
def log_plus_1e_4(logits, labels):
    p = softmax(logits)
    return -np.log(p[np.arange(len(labels)), labels] + 1e-4).mean(), gradient_of(logits, labels)


@wrong("repaired_loss", "clip|flat")
def clipped_at_1e_12(logits, labels):
    p = np.clip(softmax(logits), 1e-12, 1.0)
    return -np.log(p[np.arange(len(labels)), labels]).mean(), gradient_of(logits, labels)


@wrong("repaired_loss", "clip|flat")
def clipped_at_1e_15_both_sides(logits, labels):
    p = np.clip(softmax(logits), 1e-15, 1 - 1e-15)
    y = np.eye(logits.shape[1])[labels]
    return -np.sum(y * np.log(p)) / len(y), (p - y) / len(y)


@wrong("repaired_loss", "clip|flat")
def at_least_the_smallest_float(logits, labels):
    p = np.maximum(softmax(logits), np.finfo(float).tiny)
    return -np.log(p[np.arange(len(labels)), labels]).mean(), gradient_of(logits, labels)


@wrong("repaired_loss", "clip|flat")
def clipped_at_a_thousandth(logits, labels):
    p = np.clip(softmax(logits), 0.001, 0.999)
    return -np.log(p[np.arange(len(labels)), labels]).mean(), gradient_of(logits, labels)


@wrong("repaired_loss", "log\\(0\\)|0|log")
def log_of_softmax(logits, labels):
    with np.errstate(all="ignore"):
        loss = -np.log(softmax(logits)[np.arange(len(labels)), labels]).mean()
    return loss, gradient_of(logits, labels)


@wrong("repaired_loss", "overflow|largest|inf")
def naive_exp(logits, labels):
    with np.errstate(all="ignore"):
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        y = np.eye(logits.shape[1])[labels]
        return -np.log(p[y == 1]).mean(), (p - y) / len(y)


@wrong("repaired_loss", "overflow|inf|log")
def nan_to_num(logits, labels):
    with np.errstate(all="ignore"):
        log_p = np.nan_to_num(np.log(softmax(logits)))
    return -log_p[np.arange(len(labels)), labels].mean(), gradient_of(logits, labels)


@wrong("repaired_loss", "row|largest")
def one_maximum_for_all(logits, labels):
    with np.errstate(all="ignore"):
        shifted = logits - logits.max()
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        y = np.eye(logits.shape[1])[labels]
        return -log_p[y == 1].mean(), (np.exp(log_p) - y) / len(y)


@wrong("repaired_loss", "mean|sum|n\\b|number of examples")
def loss_summed(logits, labels):
    return loss_of(logits, labels) * len(labels), gradient_of(logits, labels)


@wrong("repaired_loss", "mean|sum|n\\b|number of examples")
def both_summed(logits, labels):
    return loss_of(logits, labels) * len(labels), gradient_of(logits, labels) * len(labels)


@wrong("repaired_loss", "class|elements|n\\b|mean")
def mean_over_all_numbers(logits, labels):
    y = np.eye(logits.shape[1])[labels]
    return -np.mean(y * log_softmax(logits)), gradient_of(logits, labels)


@wrong("repaired_loss", "class|elements|n\\b|size")
def both_divided_by_size(logits, labels):
    y = np.eye(logits.shape[1])[labels]
    return -np.mean(y * log_softmax(logits)), (softmax(logits) - y) / y.size


@wrong("repaired_loss", "twice|divi")
def gradient_divided_twice(logits, labels):
    return loss_of(logits, labels), gradient_of(logits, labels) / len(labels)


@wrong("repaired_loss", "each|mean|example|shape")
def loss_of_each_example(logits, labels):
    return -log_softmax(logits)[np.arange(len(labels)), labels], gradient_of(logits, labels)


@wrong("repaired_loss", "column|:, |every row|all rows")
def one_subtracted_in_every_row(logits, labels):
    gradient = softmax(logits)
    gradient[:, labels] -= 1
    return loss_of(logits, labels), gradient / len(labels)


@wrong("repaired_loss", "sign|minus|y − p|opposite")
def gradient_with_the_other_sign(logits, labels):
    return loss_of(logits, labels), -gradient_of(logits, labels)


@wrong("repaired_loss", "sign|minus|negative|opposite")
def loss_without_minus(logits, labels):
    return -loss_of(logits, labels), gradient_of(logits, labels)


@wrong("repaired_loss", "probabilit|respect|−1/p|-1/p|logits")
def gradient_by_probabilities(logits, labels):
    p, y = softmax(logits), np.eye(logits.shape[1])[labels]
    with np.errstate(all="ignore"):
        return loss_of(logits, labels), np.where(y == 1, -1 / p, 0) / len(y)


@wrong("repaired_loss", "pair|two|gradient")
def loss_alone(logits, labels):
    return loss_of(logits, labels)


@wrong("repaired_loss", "pair|two|loss")
def gradient_alone(logits, labels):
    return gradient_of(logits, labels)


@wrong("repaired_loss", "swap|order|first")
def gradient_first(logits, labels):
    return gradient_of(logits, labels), loss_of(logits, labels)


@wrong("repaired_loss", "base|log2|natural")
def base_two(logits, labels):
    return loss_of(logits, labels) / np.log(2), gradient_of(logits, labels)


@wrong("repaired_loss", "base|log10|natural")
def base_ten(logits, labels):
    return loss_of(logits, labels) / np.log(10), gradient_of(logits, labels)


@wrong("repaired_loss", "binary|other classes|1 − p|each class")
def binary_per_class(logits, labels):
    p, y = np.clip(softmax(logits), 1e-7, 1 - 1e-7), np.eye(logits.shape[1])[labels]
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y), gradient_of(logits, labels)


@wrong("repaired_loss", "subtracted|changed|after|before|in place|same array|already")
def loss_of_the_changed_array(logits, labels):
    p, rows = softmax(logits), np.arange(len(labels))
    gradient = p
    gradient[rows, labels] -= 1
    with np.errstate(all="ignore"):
        return -np.log(p[rows, labels]).mean(), gradient / len(labels)


@wrong("repaired_loss", "predicted|label|largest")
def loss_of_the_prediction(logits, labels):
    return -log_softmax(logits).max(axis=1).mean(), gradient_of(logits, labels)


@wrong("repaired_loss", "gradient|probabilit")
def probabilities_for_gradient(logits, labels):
    return loss_of(logits, labels), softmax(logits)


@wrong("repaired_loss", "logits|softmax")
def loss_of_logits_as_probabilities(logits, labels):
    with np.errstate(all="ignore"):
        p = np.clip(logits, 1e-7, 1)
    return -np.log(p[np.arange(len(labels)), labels]).mean(), gradient_of(logits, labels)


@wrong("repaired_loss", "squar")
def mean_squared_error(logits, labels):
    p, y = softmax(logits), np.eye(logits.shape[1])[labels]
    return ((p - y) ** 2).sum(axis=1).mean(), 2 * (p - y) / len(y)


@wrong("repaired_loss", "p − y|one-hot|1|subtract|logits")
def gradient_of_the_logits(logits, labels):
    return loss_of(logits, labels), (logits - np.eye(logits.shape[1])[labels]) / len(labels)


@wrong("repaired_loss", "round|digits")
def rounded(logits, labels):
    return round(loss_of(logits, labels), 4), gradient_of(logits, labels).round(4)


@wrong("repaired_loss", "smooth")
def label_smoothing(logits, labels):
    k = logits.shape[1]
    y = 0.9 * np.eye(k)[labels] + 0.1 / k
    return -np.sum(y * log_softmax(logits)) / len(y), (softmax(logits) - y) / len(y)


@wrong("repaired_loss", "diagonal|Jacobian|p \\(1|p\\(1")
def diagonal_of_the_jacobian(logits, labels):
    p, y = softmax(logits), np.eye(logits.shape[1])[labels]
    return loss_of(logits, labels), (p - y) * p * (1 - p) / len(y)


@wrong("repaired_loss", "clip|flat|logits")
def clipped_logits(logits, labels):
    z = np.clip(logits, -100, 100)
    return loss_of(z, labels), gradient_of(z, labels)
