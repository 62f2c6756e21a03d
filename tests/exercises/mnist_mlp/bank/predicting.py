"""`mlp_predict` as people write it."""

import numpy as np

from course_lib.activations import softmax
from tests.exercises.mnist_mlp.bank import right, wrong


def relu(x):
    return np.maximum(x, 0)


def forward(images, weights, epsilon=0.001, output=softmax, inner=relu, outer=relu):
    """Compute the network as asked, but for what is given."""
    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = weights
    z = inner(images @ w1 + b1) @ w2 + b2
    z = gamma * (z - mean) / np.sqrt(variance + epsilon) + beta
    return output(outer(z) @ w3 + b3)


def by_exp(logits):
    with np.errstate(all="ignore"):
        return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


@right("mlp_predict")
def in_float32(images, weights):
    return forward(np.float32(images), [np.float32(w) for w in weights], np.float32(1e-3))


@right("mlp_predict")
def by_keras_ops(images, weights):
    from keras import ops

    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = (ops.convert_to_tensor(w, "float32") for w in weights)
    x = ops.relu(ops.add(ops.matmul(ops.cast(images, "float32"), w1), b1))
    x = ops.batch_normalization(x @ w2 + b2, mean, variance, axis=-1, offset=beta, scale=gamma, epsilon=0.001)
    return ops.softmax(ops.relu(x) @ w3 + b3, axis=-1)


@right("mlp_predict")
def by_tensorflow(images, weights):
    import tensorflow as tf

    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = weights
    x = tf.nn.relu(tf.matmul(images, w1) + b1)
    x = tf.nn.batch_normalization(tf.matmul(x, w2) + b2, mean, variance, beta, gamma, 1e-3)
    return tf.nn.softmax(tf.matmul(tf.nn.relu(x), w3) + b3)


@right("mlp_predict")
def one_image_at_a_time(images, weights):
    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = weights
    scale = gamma / (variance + 1e-3) ** 0.5
    w2, b2 = w2 * scale, (b2 - mean) * scale + beta
    answers = []
    for image in images:
        z = w3.T.dot(relu(w2.T.dot(relu(w1.T.dot(image) + b1)) + b2)) + b3
        powers = np.exp(z - max(z))
        answers.append(powers / sum(powers))
    return answers


@right("mlp_predict")
def by_scipy(images, weights):
    from scipy.special import log_softmax

    return forward(images, weights, output=lambda z: np.exp(log_softmax(z, axis=1)))


@wrong("mlp_predict", "ε")
def epsilon_1e_5(images, weights):
    return forward(images, weights, 1e-5)


@wrong("mlp_predict", "ε")
def epsilon_1e_7(images, weights):
    return forward(images, weights, 1e-7)


@wrong("mlp_predict", "ε")
def epsilon_a_hundredth(images, weights):
    return forward(images, weights, 0.01)


@wrong("mlp_predict", "ε|root")
def epsilon_outside(images, weights):
    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = weights
    z = relu(images @ w1 + b1) @ w2 + b2
    return softmax(relu(gamma * (z - mean) / (np.sqrt(variance) + 0.001) + beta) @ w3 + b3)


@wrong("mlp_predict", "root|variance")
def divided_by_variance(images, weights):
    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = weights
    z = relu(images @ w1 + b1) @ w2 + b2
    return softmax(relu(gamma * (z - mean) / (variance + 0.001) + beta) @ w3 + b3)


@wrong("mlp_predict", "bracket|mean|divide")
def precedence(images, weights):
    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = weights
    z = relu(images @ w1 + b1) @ w2 + b2
    return softmax(relu(gamma * (z - mean / np.sqrt(variance + 0.001)) + beta) @ w3 + b3)


@wrong("mlp_predict", "γ|gamma|β|swap")
def gamma_and_beta_swapped(images, weights):
    w1, b1, w2, b2, beta, gamma, mean, variance, w3, b3 = weights
    return forward(images, [w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3])


@wrong("mlp_predict", "variance|swap|NaN")
def mean_and_variance_swapped(images, weights):
    w1, b1, w2, b2, gamma, beta, variance, mean, w3, b3 = weights
    with np.errstate(all="ignore"):
        return forward(images, [w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3])


@wrong("mlp_predict", "γ|gamma|β")
def without_gamma_and_beta(images, weights):
    w1, b1, w2, b2, _, _, mean, variance, w3, b3 = weights
    return forward(images, [w1, b1, w2, b2, 1, 0, mean, variance, w3, b3])


@wrong("mlp_predict", "γ|gamma|β")
def without_beta(images, weights):
    w1, b1, w2, b2, gamma, _, mean, variance, w3, b3 = weights
    return forward(images, [w1, b1, w2, b2, gamma, 0, mean, variance, w3, b3])


@wrong("mlp_predict", "γ|gamma|bracket")
def gamma_times_everything(images, weights):
    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = weights
    z = relu(images @ w1 + b1) @ w2 + b2
    return softmax(relu(gamma * ((z - mean) / np.sqrt(variance + 0.001) + beta)) @ w3 + b3)


@wrong("mlp_predict", "normaliz")
def without_normalization(images, weights):
    w1, b1, w2, b2, *_, w3, b3 = weights
    return softmax(relu(relu(images @ w1 + b1) @ w2 + b2) @ w3 + b3)


@wrong("mlp_predict", "before|after|order")
def relu_before_normalization(images, weights):
    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = weights
    z = relu(relu(images @ w1 + b1) @ w2 + b2)
    return softmax((gamma * (z - mean) / np.sqrt(variance + 0.001) + beta) @ w3 + b3)


@wrong("mlp_predict", "ReLU|relu|twice|once")
def relu_twice(images, weights):
    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = weights
    z = relu(relu(images @ w1 + b1) @ w2 + b2)
    return softmax(relu(gamma * (z - mean) / np.sqrt(variance + 0.001) + beta) @ w3 + b3)


@wrong("mlp_predict", "ReLU|relu")
def without_the_first_relu(images, weights):
    return forward(images, weights, inner=lambda x: x)


@wrong("mlp_predict", "ReLU|relu")
def without_the_second_relu(images, weights):
    return forward(images, weights, outer=lambda x: x)


@wrong("mlp_predict", "ReLU|relu")
def without_any_relu(images, weights):
    return forward(images, weights, inner=lambda x: x, outer=lambda x: x)


@wrong("mlp_predict", "ReLU|relu|sigmoid")
def sigmoid_inside(images, weights):
    def sigmoid(x):
        return 0.5 * (1 + np.tanh(x / 2))

    return forward(images, weights, inner=sigmoid, outer=sigmoid)


@wrong("mlp_predict", "np.max\\b|maximum|axis")
def np_max_for_np_maximum(images, weights):
    return forward(images, weights, inner=lambda x: np.max(0, x), outer=lambda x: np.max(0, x))


@wrong("mlp_predict", "maximum|one number|max\\(|ambiguous")
def python_max(images, weights):
    return forward(images, weights, inner=lambda x: max(0, x), outer=lambda x: max(0, x))


@wrong("mlp_predict", "softmax|logits")
def logits_given(images, weights):
    return forward(images, weights, output=lambda z: z)


@wrong("mlp_predict", "class|argmax|probabilit|digit|shape")
def classes_given(images, weights):
    return forward(images, weights, output=lambda z: z.argmax(axis=1))


@wrong("mlp_predict", "axis|row|sum|whole|class")
def softmax_along_axis_0(images, weights):
    return forward(images, weights, output=lambda z: softmax(z, axis=0))


@wrong("mlp_predict", "row|sum|axis|whole")
def softmax_over_everything(images, weights):
    return forward(images, weights, output=lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum())


@wrong("mlp_predict", "overflow|largest|maximum|inf")
def naive_softmax(images, weights):
    return forward(images, weights, output=by_exp)


@wrong("mlp_predict", "largest|each row|of all|row")
def shifted_by_one_maximum_for_all(images, weights):
    return forward(images, weights, output=lambda z: by_exp(z - z.max()))


@wrong("mlp_predict", "mean|largest|overflow|inf")
def shifted_by_the_mean(images, weights):
    return forward(images, weights, output=lambda z: by_exp(z - z.mean(axis=1, keepdims=True)))


@wrong("mlp_predict", "clip|overflow|logits")
def clipped_logits(images, weights):
    return forward(images, weights, output=lambda z: by_exp(np.clip(z, -500, 500)))


@wrong("mlp_predict", "clip|overflow|logits")
def clipped_logits_at_fifty(images, weights):
    return forward(images, weights, output=lambda z: by_exp(np.clip(z, -50, 50)))


@wrong("mlp_predict", "NaN|nan_to_num|overflow|inf")
def nan_to_num(images, weights):
    return forward(images, weights, output=lambda z: np.nan_to_num(by_exp(z)))


@wrong("mlp_predict", "sigmoid|softmax|sum")
def sigmoid_output(images, weights):
    return forward(images, weights, output=lambda z: 0.5 * (1 + np.tanh(z / 2)))


@wrong("mlp_predict", "log")
def log_probabilities(images, weights):
    from scipy.special import log_softmax

    return forward(images, weights, output=lambda z: log_softmax(z, axis=1))


@wrong("mlp_predict", "clip|0 and 1|exactly")
def clipped_probabilities(images, weights):
    return forward(images, weights, output=lambda z: np.clip(softmax(z), 1e-7, 1 - 1e-7))


@wrong("mlp_predict", "ε|sum|add")
def epsilon_in_the_softmax(images, weights):
    def output(z):
        powers = np.exp(z - z.max(axis=1, keepdims=True))
        return powers / (powers.sum(axis=1, keepdims=True) + 1e-4)

    return forward(images, weights, output=output)


@wrong("mlp_predict", "batch|moving")
def statistics_of_the_batch(images, weights):
    w1, b1, w2, b2, gamma, beta, _, _, w3, b3 = weights
    z = relu(images @ w1 + b1) @ w2 + b2
    return forward(images, [w1, b1, w2, b2, gamma, beta, z.mean(axis=0), z.var(axis=0), w3, b3])


@wrong("mlp_predict", "dropout|0.8|scal")
def scaled_for_dropout(images, weights):
    return forward(images, weights, inner=lambda x: 0.8 * relu(x), outer=lambda x: 0.8 * relu(x))


@wrong("mlp_predict", "255|already|scaled")
def divided_by_255_again(images, weights):
    return forward(images / 255, weights)


@wrong("mlp_predict", "bias")
def without_biases(images, weights):
    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = weights
    return forward(images, [w1, 0 * b1, w2, 0 * b2, gamma, beta, mean, variance, w3, 0 * b3])


@wrong("mlp_predict", "bias")
def without_the_last_bias(images, weights):
    return forward(images, [*weights[:9], 0])


@wrong("mlp_predict", "shape|matmul|transpos|\\.T|dimension")
def kernels_transposed(images, weights):
    w1, b1, w2, b2, gamma, beta, mean, variance, w3, b3 = weights
    return forward(images, [w1.T, b1, w2.T, b2, gamma, beta, mean, variance, w3.T, b3])


@wrong("mlp_predict", "tuple|pair|one array|classes")
def with_classes(images, weights):
    p = forward(images, weights)
    return p, p.argmax(axis=1)


@wrong("mlp_predict", "round|digits")
def rounded(images, weights):
    return np.round(forward(images, weights), 4)


@wrong("mlp_predict", "transposed|classes, n|shape|rows")
def classes_first(images, weights):
    return forward(images, weights).T


@wrong("mlp_predict", "784|size|ten|other sizes|512|shape")
def sizes_of_the_chapter(images, weights):
    return forward(images.reshape(-1, 784), weights)


@wrong("mlp_predict", "softmax|sum|exp")
def divided_by_the_sum(images, weights):
    return forward(images, weights, output=lambda z: z / z.sum(axis=1, keepdims=True))
