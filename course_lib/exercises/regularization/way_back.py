"""The exercise on the way back through batch normalization, where every example has pulled at mean and variance."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.observe import once
from course_lib.checking.scene import Matrix
from course_lib.exercises.regularization import way_back_mistakes as mistakes
from course_lib.exercises.regularization.normalizing import drawn_batch
from course_lib.exercises.returned import parts


def batch_normalization_gradient(output_gradient, inputs, gamma, epsilon=1e-3):
    """Return the gradients of batch normalization while training, y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε).

        ∂L/∂γ = Σ u x̂        ∂L/∂β = Σ u        ∂L/∂x = (d − mean(d) − x̂ · mean(d x̂)) / √(σ² + ε),  d = u γ

    Args:
        output_gradient: u = ∂L/∂y, array (n, features).
        inputs: x, array (n, features).
        gamma: array (features,).
    Returns:
        (∂L/∂inputs, ∂L/∂gamma, ∂L/∂beta): arrays (n, features), (features,) and (features,).
    """
    deviation = np.sqrt(inputs.var(axis=0) + epsilon)
    normalized = (inputs - inputs.mean(axis=0)) / deviation
    d = output_gradient * gamma
    # What goes back directly, less what goes through the mean and through the variance.
    inputs_gradient = (d - d.mean(axis=0) - normalized * np.mean(d * normalized, axis=0)) / deviation
    return inputs_gradient, np.sum(output_gradient * normalized, axis=0), np.sum(output_gradient, axis=0)


NAMES = "the gradient of the inputs", "that of gamma", "that of beta"
SHORT = "∂inputs", "∂gamma", "∂beta"


def probe_way_back(batch_normalization_gradient, rng):
    def drawn(n, features):
        inputs = drawn_batch(rng, n, features)
        signs = np.where(np.arange(features) % 2, -1.0, 1.0)
        # The output gradients have a mean, and go with the inputs, so that every path matters.
        upstream = rng.normal(0.7, 0.6, (n, features)) + 0.5 * inputs
        return upstream, inputs, rng.uniform(1.3, 2.5, features) * signs

    near = drawn(5, 3)
    near[1][:, 1], near[1][:, 2] = 0.75, 2 + 0.02 * near[1][:, 2]
    cases = {
        "six examples of three features": (*drawn(6, 3), {}),
        "six examples, ε between 0.1 and 0.3": (*drawn(6, 3), {"epsilon": rng.uniform(0.1, 0.3)}),
        "four examples of four features": (*drawn(4, 4), {}),
        "a constant feature and one that is nearly constant": (*near, {}),
        "a batch of one example": (*drawn(1, 3), {}),
    }
    for place, (label, (*arrays, options)) in enumerate(cases.items()):
        answer = once(
            lambda arrays=arrays, options=options: parts(batch_normalization_gradient(*arrays, **options), NAMES)
        )
        for number, name in enumerate(SHORT):
            yield Row(
                f"{label}: {name}",
                lambda answer=answer, number=number: answer()[number],
                weight=1 if number else 3,
                essential=place == number == 0,
            )


def gradient_step_by_step(output_gradient, inputs, gamma, epsilon=1e-3):
    n = len(inputs)
    centered = inputs - inputs.mean(axis=0)
    variance = np.mean(centered**2, axis=0) + epsilon
    d = output_gradient * gamma
    to_variance = np.sum(d * centered, axis=0) * -0.5 * variance**-1.5
    to_mean = -np.sum(d / np.sqrt(variance), axis=0) - to_variance * 2 * np.mean(centered, axis=0)
    to_inputs = d / np.sqrt(variance) + to_variance * 2 * centered / n + to_mean / n
    return [to_inputs, np.sum(output_gradient * centered, axis=0) / np.sqrt(variance), output_gradient.sum(axis=0)]


def gradient_by_jacobian(output_gradient, inputs, gamma, epsilon=1e-3):
    """The gradient by a Jacobian for each feature: ∂x̂ᵢ/∂xⱼ = (1[i = j] − 1/n − x̂ᵢ x̂ⱼ / n) / √(σ² + ε)."""
    n, features = inputs.shape
    to_inputs, to_gamma = np.empty((n, features)), []
    for f in range(features):
        x, u = inputs[:, f], output_gradient[:, f]
        deviation = (x.var() + epsilon) ** 0.5
        x_hat = (x - x.mean()) / deviation
        to_inputs[:, f] = (np.eye(n) - 1 / n - np.outer(x_hat, x_hat) / n) @ u * gamma[f] / deviation
        to_gamma.append(u @ x_hat)
    return to_inputs, np.array(to_gamma), np.array([sum(column) for column in output_gradient.T])


def scene_way_back(batch_normalization_gradient):
    """∂inputs for five examples of two features above, ∂gamma and ∂beta below."""
    inputs = np.array([[1.0, 4.0], [2.0, 0.5], [3.0, 1.0], [7.0, 2.0], [4.5, 5.0]])
    upstream = np.array([[1.0, 0.4], [-0.5, 1.2], [0.8, 0.6], [2.0, -0.3], [0.1, 0.9]])
    to_inputs, *others = parts(batch_normalization_gradient(upstream, inputs, np.array([1.5, -2.0]), 0.5), NAMES)
    others = [np.broadcast_to(np.asarray(each, dtype=float), (2,)) for each in others]
    table = np.vstack([np.asarray(to_inputs, dtype=float), *others])
    return Matrix(table, xlabel="feature", ylabel="five examples, then ∂gamma, ∂beta")


BATCH_NORMALIZATION_GRADIENT = Exercise(
    name="batch_normalization_gradient",
    kind="derive",
    minutes=25,
    level=3,
    reference=batch_normalization_gradient,
    probe=probe_way_back,
    scene=scene_way_back,
    misconceptions=[
        *flags(mistakes.faulty_gradient, mistakes.IN_PAIRS, **mistakes.TOLD),
        *mistakes.OTHERS,
        Misconception.of(mistakes.with_an_own_epsilon, between=(1e-12, 0.09)),
        Misconception.of(mistakes.with_an_own_default_epsilon, between=(1e-12, 0.09)),
    ],
    equivalents=[gradient_step_by_step, gradient_by_jacobian],
    hints=[
        "γ and β stand in every row of the outputs: what does each row add to their gradients?",
        "An input x changes its own x̂ directly, and the x̂ of all examples through μ and through σ². Those are three "
        "paths; their gradients add up.",
        "Go back in small steps: to x̂, from there to σ² and to μ (sums over the batch), and from both to each x. "
        "∂μ/∂x = 1/n, and ∂σ²/∂x = 2 (x − μ) / n.",
        "Check yourself: the gradient of the inputs of a feature sums to 0 over the batch, since moving all examples "
        "alike changes nothing.",
    ],
)
