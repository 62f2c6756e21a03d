"""The exercise on the trained MLP taken apart: ten arrays of weights, and what `predict` does with them."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags


def mlp_predict(images, weights):
    """Do by hand what `model.predict` does with the chapter's network.

    Args:
        images: array (n, features).
        weights: the ten arrays of `model.get_weights()`: kernel and bias of the first dense layer and of the second;
            gamma, beta, moving mean and moving variance; kernel and bias of the output layer.
    Returns:
        array (n, classes), the probabilities.
    """
    kernel_1, bias_1, kernel_2, bias_2, gamma, beta, mean, variance, kernel_3, bias_3 = weights
    hidden = activations.relu(images @ kernel_1 + bias_1)
    normalized = (hidden @ kernel_2 + bias_2 - mean) / np.sqrt(variance + 0.001)
    hidden = activations.relu(gamma * normalized + beta)
    return activations.softmax(hidden @ kernel_3 + bias_3)


def probe_mlp_predict(mlp_predict, rng):
    def drawn(features, first, second, classes):
        return [
            rng.normal(size=(features, first)) / np.sqrt(features),
            rng.normal(size=first) / 2,
            rng.normal(size=(first, second)),
            rng.normal(size=second),
            rng.uniform(0.5, 1.5, size=second) * rng.choice([-1, 1], size=second),
            rng.normal(size=second),
            rng.normal(size=second),
            rng.uniform(0.005, 2.0, size=second),
            rng.normal(size=(second, classes)),
            rng.normal(size=classes),
        ]

    weights, wider = drawn(9, 8, 7, 4), drawn(20, 15, 16, 10)
    images, others = rng.uniform(size=(5, 9)), rng.uniform(size=(3, 20))
    constant = [*weights[:7], weights[7] * np.array([0.0] + [1.0] * 6), *weights[8:]]
    certain = [*weights[:8], 2000 * weights[8], weights[9]]
    near = 1e-5  # room for those who compute in float32, as Keras does
    yield Row("five images, 9-8-7-4 units", lambda: mlp_predict(images, weights), 1, True, relative_tolerance=near)
    yield Row("a single image", lambda: mlp_predict(images[:1], weights), relative_tolerance=near)
    yield Row("three images, 20-15-16-10 units", lambda: mlp_predict(others, wider), relative_tolerance=near)
    yield Row("a moving variance of 0", lambda: mlp_predict(images, constant), relative_tolerance=near)
    yield Row("logits in the thousands", lambda: mlp_predict(images, certain), relative_tolerance=1e-3)


def faulty_mlp_predict(
    images,
    weights,
    no_first_relu=False,
    no_second_relu=False,
    relu_first=False,
    no_bias=False,
    no_normalization=False,
    of_the_batch=False,
    no_epsilon=False,
    variance_for_deviation=False,
    gamma_beta_swapped=False,
    mean_variance_swapped=False,
    scaled_for_dropout=False,
    over_the_batch=False,
    overflowing=False,
    logits=False,
):
    kernel_1, bias_1, kernel_2, bias_2, gamma, beta, mean, variance, kernel_3, bias_3 = weights
    if gamma_beta_swapped:
        gamma, beta = beta, gamma
    if mean_variance_swapped:
        mean, variance = variance, mean
    if no_bias:
        bias_1, bias_2, bias_3 = 0, 0, 0
    keep = 0.8 if scaled_for_dropout else 1
    relu = activations.relu
    hidden = keep * (images @ kernel_1 + bias_1 if no_first_relu else relu(images @ kernel_1 + bias_1))
    logits_2 = hidden @ kernel_2 + bias_2
    if relu_first:
        logits_2 = relu(logits_2)
    if of_the_batch:
        mean, variance = logits_2.mean(axis=0), logits_2.var(axis=0)
    variance = variance if no_epsilon else variance + 0.001
    spread = variance if variance_for_deviation else np.sqrt(variance)
    normalized = logits_2 if no_normalization else gamma * (logits_2 - mean) / spread + beta
    hidden = keep * (normalized if no_second_relu or relu_first else relu(normalized))
    outputs = hidden @ kernel_3 + bias_3
    if logits:
        return outputs
    shift = 0 if overflowing else np.max(outputs, axis=-1, keepdims=True)
    powers = np.exp(outputs - shift)
    return powers / powers.sum(axis=0 if over_the_batch else -1, keepdims=True)


def mlp_predict_digits(images, weights):
    return mlp_predict(images, weights).argmax(axis=1)


def mlp_predict_step_by_step(images, weights):
    def softmax(z):
        e = np.exp(z - z.max())
        return e / e.sum()

    w = [np.asarray(weight) for weight in weights]
    outputs = []
    for image in images:
        h = np.dot(image, w[0]) + w[1]
        h[h < 0] = 0
        h = np.dot(h, w[2]) + w[3]
        h = w[4] * (h - w[6]) / (w[7] + 1e-3) ** 0.5 + w[5]
        h = h * (h > 0)
        outputs.append(softmax(np.dot(h, w[8]) + w[9]))
    return np.array(outputs)


def mlp_predict_with_folded_normalization(images, weights):
    kernel_1, bias_1, kernel_2, bias_2, gamma, beta, mean, variance, kernel_3, bias_3 = weights
    scale = gamma / np.sqrt(variance + 0.001)
    hidden = np.clip(np.matmul(images, kernel_1) + bias_1, 0, None)
    hidden = np.maximum(0, np.matmul(hidden, kernel_2 * scale) + (bias_2 - mean) * scale + beta)
    logits = np.matmul(hidden, kernel_3) + bias_3
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))


MLP_PREDICT = Exercise(
    name="mlp_predict",
    reference=mlp_predict,
    probe=probe_mlp_predict,
    misconceptions=[
        *flags(
            faulty_mlp_predict,
            no_first_relu="The first hidden layer has no ReLU.",
            no_second_relu="There is no ReLU after the batch normalization.",
            relu_first="The second ReLU stands before the batch normalization; in this network it comes after it.",
            no_bias="The biases are missing: each dense layer computes inputs @ kernel + bias.",
            no_normalization="The batch normalization is missing: gamma (z − mean) / √(variance + 0.001) + beta.",
            of_the_batch="You normalize with the mean and variance of these very images. A prediction would then "
            "depend on its neighbors. Use the moving mean and variance, which are among the weights.",
            no_epsilon="The ε is missing: √(variance + 0.001). Without it a unit that never changed divides by 0.",
            variance_for_deviation="You divide by the variance. Divide by its root, √(variance + 0.001).",
            gamma_beta_swapped="gamma and beta are swapped. Keras keeps gamma, the factor, first: gamma · x̂ + beta.",
            mean_variance_swapped="The moving mean and variance are swapped: Keras keeps the mean first.",
            scaled_for_dropout="The hidden layers are multiplied by 0.8. Keras's dropout is inverted: survivors were "
            "scaled up in training, so in use there is nothing left to do.",
            over_the_batch="The softmax adds up over the images. Each image's ten probabilities make 1: sum along the "
            "last axis.",
            overflowing="exp overflows where logits are large, and inf / inf is NaN. Subtract each row's largest logit "
            "first, or use `activations.softmax`.",
            logits="You return the logits. A softmax along the last axis makes probabilities of them.",
        ),
        Misconception(
            mlp_predict_digits, "You return the digits. Asked for are the probabilities, a row of them for each image."
        ),
    ],
    equivalents=[
        mlp_predict_step_by_step,
        mlp_predict_with_folded_normalization,
        lambda images, weights: faulty_mlp_predict(images.astype("float32"), weights),
    ],
    hints=[
        "Unpack the ten arrays into ten names first, in the order of the text.",
        "What does a Dropout layer do in `model.predict`?",
        "The batch normalization is one line: `gamma * (z - mean) / np.sqrt(variance + 0.001) + beta`.",
        "hidden = ReLU(images @ kernel_1 + bias_1); z = hidden @ kernel_2 + bias_2; normalize z, then ReLU; the "
        "softmax of hidden @ kernel_3 + bias_3 is the result.",
    ],
)
