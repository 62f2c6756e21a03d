"""Foreign answers that compute what a network does: predictions, the loss and its gradient."""

import numpy as np

from course_lib import activations, losses
from course_lib.exercises import mnist_mlp as ours
from course_lib.exercises.mnist_mlp.predicting import MLP_PREDICT
from course_lib.exercises.mnist_mlp.repairing import REPAIRED_LOSS

# --- right answers, each written in its own way


def predict_by_keras(images, weights):
    import keras

    first, second, out = weights[1].size, weights[3].size, weights[9].size
    model = keras.Sequential(
        [
            keras.Input((weights[0].shape[0],)),
            keras.layers.Dense(first, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(second),
            keras.layers.BatchNormalization(),
            keras.layers.Activation("relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(out, activation="softmax"),
        ]
    )
    model.set_weights(weights)
    return model(images, training=False)


def predict_with_where(images, weights):
    w1, b1, w2, b2, g, b, m, v, w3, b3 = weights
    a = np.einsum("ni,ij->nj", images, w1) + b1
    a = np.where(a > 0, a, 0)
    z = a @ w2 + b2
    x = (z - m) * (v + 1e-3) ** -0.5
    a = np.where(g * x + b > 0, g * x + b, 0)
    z = a @ w3 + b3
    z -= z.max(axis=1)[:, None]
    return np.exp(z) / np.exp(z).sum(axis=1)[:, None]


def loss_by_scipy(logits, labels):
    from scipy.special import log_softmax, softmax

    n = len(labels)
    y = np.zeros_like(logits)
    y[range(n), labels] = 1
    return -np.sum(log_softmax(logits, axis=1) * y) / n, (softmax(logits, axis=1) - y) / n


def loss_by_keras(logits, labels):
    import keras
    import tensorflow as tf

    z = tf.Variable(logits)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, z, from_logits=True))
    return loss, tape.gradient(loss, z)


def loss_by_course_lib(logits, labels):
    y = ours.one_hot(labels, logits.shape[1])
    return (
        losses.categorical_crossentropy(y, logits, from_logits=True),
        losses.categorical_crossentropy_gradient(y, logits, from_logits=True),
    )


# --- wrong answers, and which mistake must be named


def predict_with_batch_statistics(images, weights):
    w1, b1, w2, b2, g, b, _, _, w3, b3 = weights
    z = np.maximum(images @ w1 + b1, 0) @ w2 + b2
    z = (z - z.mean(0)) / np.sqrt(z.var(0) + 0.001)
    return activations.softmax(np.maximum(g * z + b, 0) @ w3 + b3)


def predict_without_epsilon(images, weights):
    w1, b1, w2, b2, g, b, m, v, w3, b3 = weights
    z = np.maximum(images @ w1 + b1, 0) @ w2 + b2
    return activations.softmax(np.maximum(g * (z - m) / np.sqrt(v) + b, 0) @ w3 + b3)


def predict_with_a_naive_softmax(images, weights):
    w1, b1, w2, b2, g, b, m, v, w3, b3 = weights
    z = np.maximum(images @ w1 + b1, 0) @ w2 + b2
    z = np.maximum(g * (z - m) / np.sqrt(v + 0.001) + b, 0) @ w3 + b3
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def loss_as_in_the_notebook(logits, labels):
    outputs = activations.softmax(logits)
    p = activations.softmax(outputs)
    rows = np.arange(len(labels))
    upstream = (p - np.eye(logits.shape[1])[labels]) / len(labels)
    return -np.mean(np.log(p[rows, labels])), activations.softmax_gradient(logits, upstream)


def loss_with_clipped_probabilities(logits, labels):
    p = np.clip(activations.softmax(logits), 1e-7, 1 - 1e-7)
    rows = np.arange(len(labels))
    loss = -np.log(p[rows, labels]).mean()
    p[rows, labels] -= 1
    return loss, p / len(labels)


def loss_with_undivided_gradient(logits, labels):
    p = activations.softmax(logits)
    rows = np.arange(len(labels))
    log_p = logits - logits.max(1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(1, keepdims=True))
    p[rows, labels] -= 1
    return -log_p[rows, labels].mean(), p


def loss_by_log_of_softmax(logits, labels):
    p = activations.softmax(logits)
    rows = np.arange(len(labels))
    return -np.mean(np.log(p[rows, labels])), (p - np.eye(logits.shape[1])[labels]) / len(labels)


def loss_for_digits_only(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    y = np.eye(10)[labels]
    return -np.sum(y * log_p) / len(y), (np.exp(log_p) - y) / len(y)


RIGHT = [
    (MLP_PREDICT, predict_by_keras),
    (MLP_PREDICT, predict_with_where),
    (REPAIRED_LOSS, loss_by_scipy),
    (REPAIRED_LOSS, loss_by_keras),
    (REPAIRED_LOSS, loss_by_course_lib),
]
WRONG = [
    (REPAIRED_LOSS, loss_by_log_of_softmax, "log_of_zero"),
    (REPAIRED_LOSS, loss_for_digits_only, "loss_of_ten_classes"),
    (MLP_PREDICT, predict_with_batch_statistics, "of_the_batch"),
    (MLP_PREDICT, predict_without_epsilon, "no_epsilon"),
    (MLP_PREDICT, predict_with_a_naive_softmax, "overflowing"),
    (REPAIRED_LOSS, loss_as_in_the_notebook, "buggy"),
    (REPAIRED_LOSS, loss_with_clipped_probabilities, "loss_with_clipped_p"),
    (REPAIRED_LOSS, loss_with_undivided_gradient, "gradient_summed"),
]
