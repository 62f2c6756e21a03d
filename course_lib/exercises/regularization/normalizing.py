"""The exercise on batch normalization, in training and in use."""

from functools import partial

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.observe import once
from course_lib.checking.scene import Curves
from course_lib.exercises.regularization import normalizing_mistakes as mistakes
from course_lib.exercises.returned import parts


def batch_normalization(inputs, gamma, beta, moving_mean, moving_variance, training, momentum=0.99, epsilon=1e-3):
    """Return γ (x − μ) / √(σ² + ε) + β for each feature, and the moving statistics.

    While training, μ and σ² are the batch's own (divided by n), and the moving statistics become

        momentum · moving + (1 − momentum) · batch

    In use the moving statistics stand in for μ and σ², and come back as they are.

    Args:
        inputs: array (n, features).
        gamma, beta, moving_mean, moving_variance: arrays (features,).
        training: bool.
    Returns:
        (outputs, moving_mean, moving_variance): arrays (n, features), (features,) and (features,).
    """
    mean, variance = moving_mean, moving_variance
    if training:
        mean, variance = inputs.mean(axis=0), inputs.var(axis=0)
        moving_mean = momentum * moving_mean + (1 - momentum) * mean
        moving_variance = momentum * moving_variance + (1 - momentum) * variance
    outputs = gamma * (inputs - mean) / np.sqrt(variance + epsilon) + beta
    return outputs, moving_mean, moving_variance


NAMES = "the outputs", "the moving mean", "the moving variance"
# Rows of known numbers, from which a momentum can be read off: the moving mean 1 meets a batch whose mean is 3.
KNOWN_MOMENTUM = "known numbers, momentum 0.5: the moving mean"
KNOWN_DEFAULT = "known numbers, no setting: the moving mean"


def read_momentum(mean):
    return float((mean[0] - 3) / (1 - 3))


def drawn_batch(rng, n, features):
    """Return n examples, each of whose features has a mean and a deviation of its own."""
    return rng.normal(rng.uniform(1.0, 3.0, features), rng.uniform(0.3, 2.0, features), (n, features))


def probe_batch_normalization(batch_normalization, rng):
    drawn = partial(drawn_batch, rng)

    def settings(features):
        signs = np.where(np.arange(features) % 2, -1.0, 1.0)
        gamma, beta = rng.uniform(0.5, 2.0, features) * signs, rng.uniform(0.3, 1.0, features) * signs[::-1]
        return gamma, beta, rng.uniform(-1.0, 1.0, features), rng.uniform(0.5, 3.0, features)

    given, square = settings(3), settings(4)
    nearly_constant = drawn(5, 3)
    nearly_constant[:, 1], nearly_constant[:, 2] = 0.75, 2 + 0.02 * nearly_constant[:, 2]
    batches = [drawn(4, 3) for _ in range(4)]
    known = np.array([[2.0], [4.0]]), np.ones(1), np.zeros(1), np.ones(1), np.ones(1)
    others = {"momentum": rng.uniform(0.6, 0.8), "epsilon": rng.uniform(0.1, 0.3)}
    cases = {
        "six examples, training": (drawn(6, 3), *given, True, {}),
        "in use": (drawn(6, 3), *given, False, {}),
        "training, other momentum and ε": (drawn(6, 3), *given, True, others),
        "in use, other momentum and ε": (drawn(5, 3), *given, False, others),
        "four examples of four features, training": (drawn(4, 4), *square, True, {}),
        "a constant feature and one that is nearly constant, training": (nearly_constant, *given, True, {}),
        "a batch of one example, training": (drawn(1, 3), *given, True, {}),
    }
    for place, (label, (*arrays, training, options)) in enumerate(cases.items()):
        answer = once(
            lambda arrays=arrays, training=training, options=options: parts(
                batch_normalization(*arrays, training, **options), NAMES
            )
        )
        for number, name in enumerate(NAMES):
            yield Row(
                f"{label}: {name}",
                lambda answer=answer, number=number: answer()[number],
                essential=place == number == 0,
            )

    def after_training():
        moving = given[2:]
        for batch in batches[:3]:
            _, *moving = parts(batch_normalization(batch, *given[:2], *moving, True, momentum=0.6), NAMES)
        return parts(batch_normalization(batches[3], *given[:2], *moving, False), NAMES)

    last = once(after_training)
    yield Row("three batches in training, a fourth in use: the outputs", lambda: last()[0], weight=2)
    yield KNOWN_MOMENTUM, lambda: parts(batch_normalization(*known, True, momentum=0.5), NAMES)[1]
    yield KNOWN_DEFAULT, lambda: parts(batch_normalization(*known, True), NAMES)[1]


def batch_normalization_in_one_pass(
    inputs, gamma, beta, moving_mean, moving_variance, training, momentum=0.99, epsilon=1e-3
):
    n = len(inputs)
    if training:
        mean = np.einsum("nf->f", inputs) / n
        variance = np.einsum("nf,nf->f", inputs, inputs) / n - mean**2
        moving_mean = moving_mean + (1 - momentum) * (mean - moving_mean)
        moving_variance = moving_variance - (1 - momentum) * (moving_variance - variance)
    else:
        mean, variance = moving_mean, moving_variance
    scale = gamma / (variance + epsilon) ** 0.5
    return [inputs * scale + (beta - mean * scale), moving_mean, moving_variance]


def batch_normalization_by_features(
    inputs, gamma, beta, moving_mean, moving_variance, training, momentum=0.99, epsilon=1e-3
):
    outputs, means, variances = np.empty(inputs.shape), list(moving_mean), list(moving_variance)
    for f, column in enumerate(inputs.T):
        mean, variance = means[f], variances[f]
        if training:
            mean = sum(column) / len(column)
            variance = sum((x - mean) ** 2 for x in column) / len(column)
            means[f] = momentum * means[f] + (1 - momentum) * mean
            variances[f] = momentum * variances[f] + (1 - momentum) * variance
        outputs[:, f] = [gamma[f] * (x - mean) / np.sqrt(variance + epsilon) + beta[f] for x in column]
    return outputs, np.array(means), np.array(variances)


def scene_batch_normalization(batch_normalization):
    """The outputs of one example while another moves, in training and in use, and what is remembered."""
    moved = np.linspace(-3.0, 9.0, 61)
    fixed = np.array([1.5, 1.0]), np.array([-0.5, 0.0]), np.array([1.0, 0.0]), np.array([4.0, 1.0])
    curves = {"output of x = 2, training": [], "output of x = 2, in use": [], "moving mean": [], "moving variance": []}
    for x in moved:
        batch = np.array([[2.0, 1.0], [0.0, -7.0], [0.5, 3.0], [x, 0.0]])
        outputs, mean, variance = parts(batch_normalization(batch, *fixed, True, momentum=0.6, epsilon=0.5), NAMES)
        in_use = parts(batch_normalization(batch, *fixed, False, momentum=0.6, epsilon=0.5), NAMES)[0]
        values = outputs[0, 0], in_use[0, 0], np.ravel(mean)[0], np.ravel(variance)[0]
        for curve, value in zip(curves.values(), values, strict=True):
            curve.append(float(value))
    return Curves(moved, {name: np.array(curve) for name, curve in curves.items()}, xlabel="another example's x")


BATCH_NORMALIZATION = Exercise(
    name="batch_normalization",
    kind="derive",
    minutes=20,
    level=2,
    reference=batch_normalization,
    probe=probe_batch_normalization,
    scene=scene_batch_normalization,
    misconceptions=[
        *flags(mistakes.faulty_batch_normalization, mistakes.IN_PAIRS, **mistakes.TOLD),
        *mistakes.OTHERS,
        Misconception.of(mistakes.with_an_own_epsilon, between=(1e-12, 0.1)),
        Misconception.of(mistakes.with_an_own_default_epsilon, between=(1e-12, 0.1)),
        Misconception.of(mistakes.with_an_own_momentum, constant=(KNOWN_MOMENTUM, read_momentum)),
        Misconception.of(mistakes.with_an_own_default_momentum, constant=(KNOWN_DEFAULT, read_momentum)),
    ],
    equivalents=[batch_normalization_in_one_pass, batch_normalization_by_features],
    hints=[
        "Each feature has a mean and a variance of its own. Along which axis of (n, features) are they computed?",
        "A variance is the square of a deviation, and ε is added to the variance, before the root.",
        "Which mean and which variance are used if `training` is False? And what is remembered then?",
        "momentum is the share of the old number that stays, 0.99 unless another is given; the batch has the rest.",
    ],
)
