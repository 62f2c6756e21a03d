"""The exercise on the trained MLP taken apart: ten arrays of weights, and what `predict` does with them."""

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.returned import one_array

# --- mlp_predict


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


ONE_UNIT = "one unit in each hidden layer, with a variance of 0.0001"
FAR_APART = "logits in the thousands, far apart"
SMALL_VARIANCE, SMALL_INPUT = 1e-4, 0.02


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
    far_apart = [*weights[:8], 2000 * weights[8], weights[9]]
    together = [*weights[:9], weights[9] + 2000]
    one, zero = np.ones(1), np.zeros(1)
    one_unit = [
        one[:, None],
        zero,
        one[:, None],
        zero,
        one,
        zero,
        zero,
        SMALL_VARIANCE * one,
        np.eye(1, 2),
        np.zeros(2),
    ]

    def row(label, images, weights, essential=False, near=1e-5):  # room for those who compute in float32, as Keras does
        return Row(label, lambda: one_array(mlp_predict(images, weights)), 1, essential, relative_tolerance=near)

    yield row("five images, 9-8-7-4 units", images, weights, essential=True)
    yield row("a single image", images[:1], weights)
    yield row("three images, 20-15-16-10 units", others, wider)
    yield row("a moving variance of 0", images, constant)
    yield row(ONE_UNIT, np.array([[SMALL_INPUT]]), one_unit)
    yield row(FAR_APART, images, far_apart, near=1e-3)
    yield row("logits around 2,000, close together", images, together, near=1e-3)


def faulty_mlp_predict(images, weights, **made):
    kernel_1, bias_1, kernel_2, bias_2, gamma, beta, mean, variance, kernel_3, bias_3 = weights
    if "gamma_beta_swapped" in made:
        gamma, beta = beta, gamma
    if "mean_variance_swapped" in made:
        mean, variance = variance, mean
    if "no_bias" in made:
        bias_1, bias_2, bias_3 = 0, 0, 0
    gamma = 1 if "no_gamma_beta" in made else gamma
    beta = 0 if "no_gamma_beta" in made or "no_beta" in made else gamma * beta if "beta_in_brackets" in made else beta
    keep = 0.8 if "scaled_for_dropout" in made else 1
    relu = activations.sigmoid if "sigmoids" in made else activations.relu
    if "max_of_python" in made:
        relu = lambda x: max(0, x)  # noqa: E731
    if "max_along_an_axis" in made:
        relu = lambda x: np.max(0, x)  # noqa: E731
    hidden = images / 255 @ kernel_1 + bias_1 if "divided_again" in made else images @ kernel_1 + bias_1
    hidden = keep * (hidden if "no_first_relu" in made else relu(hidden))
    hidden = hidden @ kernel_2 + bias_2
    if "relu_first" in made or "two_relus" in made:
        hidden = relu(hidden)
    if "of_the_batch" in made:
        mean, variance = hidden.mean(axis=0), hidden.var(axis=0)
    if "no_normalization" not in made:
        inside = variance + (0 if "no_epsilon" in made else 0.001)
        spread = inside if "variance_for_deviation" in made else np.sqrt(inside)
        normalized = hidden - mean / spread if "precedence" in made else (hidden - mean) / spread
        hidden = gamma * normalized + beta
    hidden = keep * (hidden if "no_second_relu" in made or "relu_first" in made else relu(hidden))
    outputs = hidden @ kernel_3 + (0 if "no_last_bias" in made else bias_3)
    if "logits" in made or "independent" in made:
        return outputs if "logits" in made else activations.sigmoid(outputs)
    if "not_exponential" in made:
        return outputs / outputs.sum(axis=-1, keepdims=True)
    if "over_the_batch" in made:
        return activations.softmax(outputs, axis=0)
    axis = 0 if "sum_over_the_batch" in made else None if "over_everything" in made else -1
    shift = 0 if "overflowing" in made or "nan_as_zero" in made else np.max(outputs, axis=-1, keepdims=True)
    shift = outputs.max() if "one_maximum" in made or "over_everything" in made else shift
    powers = np.exp(outputs - (outputs.mean(axis=-1, keepdims=True) if "mean_for_maximum" in made else shift))
    p = powers / powers.sum(axis=axis, keepdims=True)
    return np.nan_to_num(p) if "nan_as_zero" in made else np.log(p) if "logarithms" in made else p


def _normalized_otherwise(images, weights, deviation):
    """Compute the network with `deviation` as the divisor in the batch normalization."""
    changed = list(weights)
    changed[7] = deviation**2 - 0.001
    return faulty_mlp_predict(images, changed)


def mlp_predict_with_other_epsilon(images, weights, constant=1e-5):
    """The ε under the root of the batch normalization is another number than 0.001.

    Keras's default is 0.001, other libraries have 1e-5: √(variance + 0.001).
    """
    return _normalized_otherwise(images, weights, np.sqrt(weights[7] + constant))


def mlp_predict_with_epsilon_outside(images, weights, constant=0.001):
    """The ε is added to the deviation, after the root.

    It belongs under the root: √(variance + 0.001).
    """
    return _normalized_otherwise(images, weights, np.sqrt(weights[7]) + constant)


def epsilon_of(probabilities, is_outside=False):
    """Return the ε that the answer for a single unit amounts to: its logit is x / √(variance + ε)."""
    p = probabilities[0]
    deviation = SMALL_INPUT / np.log(p[0] / p[1])
    return deviation - SMALL_VARIANCE**0.5 if is_outside else deviation**2 - SMALL_VARIANCE


def mlp_predict_with_clipped_logits(images, weights, constant=500.0):
    """The logits are clipped before exp, so classes beyond the limit become equally likely.

    Subtract each row's largest logit instead: exp cannot overflow then, and nothing is lost.
    """
    logits = np.clip(faulty_mlp_predict(images, weights, logits=True), -constant, constant)
    return activations.softmax(logits)


def mlp_predict_with_clipped_probabilities(images, weights, constant=1e-7):
    """The probabilities are clipped away from 0 and 1, so they no longer add up to 1.

    Return them as the softmax gives them.
    """
    return np.clip(mlp_predict(images, weights), constant, 1 - constant)


def mlp_predict_with_epsilon_in_softmax(images, weights, constant=1e-3):
    """The softmax divides by a little more than the sum, so the probabilities do not add up to 1.

    The sum is never 0 once each row's largest logit is subtracted: divide by it alone.
    """
    logits = faulty_mlp_predict(images, weights, logits=True)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / (powers.sum(axis=1, keepdims=True) + constant)


def limit_of_logits(p):
    """Return the limit ±c at which the logits were clipped: far beyond it the largest and smallest p are e^2c apart.

    From e^745 on the smallest is 0, and every limit gives the same.
    """
    return np.log(p.max() / p.min()) / 2 if p.min() > 0 else 500.0


def mlp_predict_digits(images, weights):
    """The digits come back, not the probabilities.

    Return the row of probabilities for each image, without `argmax`.
    """
    return mlp_predict(images, weights).argmax(axis=1)


def mlp_predict_with_digits(images, weights):
    """A tuple comes back, say of the probabilities and the digits.

    Return the one array of probabilities.
    """
    return mlp_predict(images, weights), mlp_predict_digits(images, weights)


def mlp_predict_with_kernels_transposed(images, weights):
    """The kernels are transposed, as other libraries need it, which keep a row for each unit.

    Keras keeps a row for each input: `images @ kernel`, without `.T`.
    """
    return mlp_predict(images, [weight.T for weight in weights])


def mlp_predict_of_784_pixels(images, weights):
    """The images are cut into rows of 784 numbers, the size of MNIST's.

    Use them as they come, a row an image: the weights fit them.
    """
    return mlp_predict(images.reshape(-1, 784), weights)


def mlp_predict_transposed(images, weights):
    """The probabilities of an image stand in a column; the result is transposed.

    Each image has a row.
    """
    return mlp_predict(images, weights).T


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
    kind="formula",
    minutes=15,
    level=2,
    reference=mlp_predict,
    probe=probe_mlp_predict,
    misconceptions=[
        *flags(
            faulty_mlp_predict,
            no_first_relu=("The first hidden layer has no ReLU.", "Apply it to images @ kernel + bias."),
            max_of_python=(
                "Your ReLU is `max(0, x)`, which asks a whole array for one yes or no: it is for one number.",
                "`np.maximum(0, x)` compares number by number; or use `yours.relu`.",
            ),
            max_along_an_axis=(
                "`np.max` reduces one array: it takes its second argument for an axis, not for a number.",
                "`np.maximum(0, x)` compares number by number; or use `yours.relu`.",
            ),
            no_second_relu=("There is no ReLU after the batch normalization.", "Apply it to what that gives."),
            relu_first=(
                "The second ReLU stands before the batch normalization.",
                "In this network it comes after it: dense, normalize, ReLU.",
            ),
            two_relus=(
                "The second layer has two ReLUs, before the batch normalization and after it.",
                "Only the one after it is in the table.",
            ),
            sigmoids=("The hidden layers have sigmoids.", "The table has ReLUs: what is negative becomes 0."),
            no_bias=("The biases are missing.", "Each dense layer computes inputs @ kernel + bias."),
            no_last_bias=("The bias of the output layer is missing.", "Add the last of the ten arrays to the logits."),
            divided_again=(
                "The images are divided by 255 once more.",
                "They come as the network takes them, from 0 to 1: use them as they are.",
            ),
            no_normalization=(
                "The batch normalization is missing.",
                "It stands between the second dense layer and its ReLU: gamma (z − mean) / √(variance + 0.001) + beta.",
            ),
            of_the_batch=(
                "The normalization uses the mean and variance of these very images, so a prediction depends on its "
                "neighbors.",
                "Use the moving mean and variance, which are among the weights.",
            ),
            no_epsilon=(
                "The ε is missing, so a unit that never changed divides by 0.",
                "Add it under the root: √(variance + 0.001).",
            ),
            variance_for_deviation=("The divisor is the variance.", "Divide by its root, √(variance + 0.001)."),
            precedence=(
                "Only the mean is divided by the deviation: `z - mean / deviation` divides before it subtracts.",
                "Put the subtraction into brackets.",
            ),
            gamma_beta_swapped=(
                "gamma and beta are swapped.",
                "Keras keeps gamma, the factor, first: gamma · x̂ + beta.",
            ),
            no_gamma_beta=("gamma and beta are not used.", "After the normalization: gamma · x̂ + beta."),
            no_beta=("beta is not used.", "After the normalization: gamma · x̂ + beta."),
            beta_in_brackets=(
                "gamma multiplies beta, too.",
                "Only what is normalized is multiplied: gamma · x̂ + beta.",
            ),
            mean_variance_swapped=("The moving mean and variance are swapped.", "Keras keeps the mean first."),
            scaled_for_dropout=(
                "The hidden layers are multiplied by 0.8, as if dropout had something left to do in use.",
                "Keras's dropout is inverted: survivors were scaled up in training. Leave the layers as they are.",
            ),
            over_the_batch=(
                "The softmax runs over the images, along axis 0.",
                "Each image's probabilities make 1: let it run along the last axis.",
            ),
            sum_over_the_batch=(
                "The powers are added up over the images, along axis 0, though the shift is made along the classes.",
                "Each image's probabilities make 1: sum along the last axis, with `keepdims=True`.",
            ),
            over_everything=(
                "All images share one sum of 1.",
                "Each image's probabilities make 1: sum along the last axis, with `keepdims=True`.",
            ),
            overflowing=(
                "exp overflows where logits are large, and inf / inf is NaN.",
                "Subtract each row's largest logit first.",
            ),
            one_maximum=(
                "One maximum is subtracted from all rows, so where a row's logits are far below it, exp gives only "
                "zeros, and 0 / 0 is NaN.",
                "Subtract from each row its own largest logit.",
            ),
            mean_for_maximum=(
                "Each row's mean is subtracted, which leaves large logits large: exp overflows.",
                "Subtract each row's largest logit.",
            ),
            nan_as_zero=(
                "Where exp overflows, NaN has been turned into 0, so the most likely class gets probability 0.",
                "Mend the cause: subtract each row's largest logit before exp.",
            ),
            logits=("These are the logits.", "A softmax along the last axis makes probabilities of them."),
            independent=(
                "The output layer has sigmoids, each on its own, so the probabilities do not add up to 1.",
                "Apply a softmax along the last axis.",
            ),
            not_exponential=(
                "The logits themselves are divided by their sum, so some results are negative.",
                "Apply exp first: that is what softmax does.",
            ),
            logarithms=("These are the logarithms of the probabilities.", "Return the probabilities themselves."),
        ),
        mlp_predict_digits,
        mlp_predict_with_digits,
        mlp_predict_with_kernels_transposed,
        mlp_predict_of_784_pixels,
        mlp_predict_transposed,
        Misconception.of(mlp_predict_with_other_epsilon, constant=(ONE_UNIT, epsilon_of)),
        Misconception.of(mlp_predict_with_epsilon_outside, constant=(ONE_UNIT, lambda p: epsilon_of(p, True))),
        Misconception.of(mlp_predict_with_clipped_logits, constant=(FAR_APART, limit_of_logits)),
        Misconception.of(mlp_predict_with_clipped_probabilities, constant=(FAR_APART, lambda p: float(p.min()))),
        Misconception.of(mlp_predict_with_epsilon_in_softmax, constant=(FAR_APART, lambda p: float(1 / p.max() - 1))),
    ],
    equivalents=[
        mlp_predict_step_by_step,
        mlp_predict_with_folded_normalization,
        lambda images, weights: faulty_mlp_predict(images.astype("float32"), weights),
    ],
    hints=[
        "Unpack the ten arrays into ten names first, in the order of the text.",
        "What does a Dropout layer do in `model.predict`?",
        "Go down the table, a line for each row of it. Which statistics does batch normalization use in `predict`?",
        "The last line is a softmax. What may you subtract from a row of logits without changing its probabilities?",
    ],
)
