"""How people get the way back through batch normalization wrong: a path forgotten, γ misplaced, sums and counts."""

import numpy as np


def faulty_gradient(output_gradient, inputs, gamma, epsilon=1e-3, **made):
    u, n = output_gradient, len(inputs)
    axis, keeps = (1, True) if "by_examples" in made else (None, False) if "whole" in made else (0, False)
    mean, variance = inputs.mean(axis=axis, keepdims=keeps), inputs.var(axis=axis, keepdims=keeps)
    with np.errstate(all="ignore"):
        if "unbiased" in made:
            variance = variance * np.float64(n) / np.float64(n - 1)
        centered, v = inputs - mean, variance + epsilon
        if "no_eps" in made:
            v = variance
        deviation = np.sqrt(variance) + epsilon if "eps_outside" in made else np.sqrt(v)
        if {"not_rooted", "long_not_rooted"} & made.keys():
            deviation = v
        x_hat = centered / deviation
        d = u if "no_gamma" in made else u / gamma if "divided_by_gamma" in made else u * gamma
        d = d * gamma if "gamma_twice" in made else d
        to_inputs = gradient_of_inputs(u, d, inputs, centered, x_hat, variance, v, deviation, made)
        to_gamma, to_beta = gradient_of_weights(u, inputs, centered, x_hat, gamma, made)
        if "outputs_returned" in made:
            to_inputs = gamma * x_hat
    if "uphill" in made:
        to_inputs, to_gamma, to_beta = -to_inputs, -to_gamma, -to_beta
    if "weights_swapped" in made:
        to_gamma, to_beta = to_beta, to_gamma
    return (to_gamma, to_beta, to_inputs) if "inputs_last" in made else (to_inputs, to_gamma, to_beta)


def gradient_of_inputs(u, d, inputs, centered, x_hat, variance, v, deviation, made):
    n = len(inputs)
    average = np.mean
    if "paths_by_examples" in made:
        average = lambda array, axis: np.mean(array, axis=1, keepdims=True)  # noqa: E731
    if "paths_over_all" in made:
        average = lambda array, axis: np.mean(array)  # noqa: E731
    if "no_sums" in made:
        average = lambda array, axis: array / n  # noqa: E731
    inner = u if "means_without_gamma" in made else d
    direct = u if "direct_without_gamma" in made else d
    by_mean, by_variance = average(inner, axis=0), x_hat * average(inner * x_hat, axis=0)
    if "long_not_rooted" in made:
        # The variance's own path is right; what should be divided by the root is divided by the variance.
        by_variance = centered * average(inner * centered, axis=0) / np.sqrt(v)
    if "inputs_in_path" in made:
        by_variance = inputs * average(inner * inputs, axis=0)
    factor = 2.0 if "no_half" in made else 0.5 if "no_two" in made else 1.0
    factor = factor * v if "power_half" in made else factor * np.sqrt(v) if "power_one" in made else factor
    factor = factor * (v / variance) ** 1.5 if "no_eps_in_path" in made else factor
    factor = factor * n if {"variance_path_summed", "paths_summed"} & made.keys() else factor
    factor = factor * n / np.float64(n - 1) if "path_by_n_less_one" in made else factor
    by_variance = by_variance * (-factor if {"variance_sign", "both_signs"} & made.keys() else factor)
    if {"mean_sign", "both_signs"} & made.keys():
        by_mean = -by_mean
    if {"mean_path_summed", "paths_summed"} & made.keys():
        by_mean = by_mean * n
    if {"constants", "no_mean_path"} & made.keys():
        by_mean = 0.0
    if {"constants", "no_variance_path"} & made.keys():
        by_variance = 0.0
    if "no_direct_path" in made:
        direct = 0.0
    to_inputs = (direct - by_mean - by_variance) / deviation
    if "never_divided" in made:
        to_inputs = to_inputs * deviation
    if "divided_by_variance" in made:
        to_inputs = to_inputs / deviation
    return to_inputs / n if "by_n_again" in made else to_inputs * n if "n_times" in made else to_inputs


def gradient_of_weights(u, inputs, centered, x_hat, gamma, made):
    factor = inputs if "gamma_by_inputs" in made else centered if "gamma_by_centered" in made else x_hat
    reduced = u * factor
    of_gamma = of_beta = np.sum
    if {"means", "gamma_mean"} & made.keys():
        of_gamma = np.mean
    if {"means", "beta_mean"} & made.keys():
        of_beta = np.mean
    axis, keeps = 1 if "weights_by_examples" in made else None if "weights_over_all" in made else 0, "kept_axis" in made
    to_gamma, to_beta = of_gamma(reduced, axis=axis, keepdims=keeps), of_beta(u, axis=axis, keepdims=keeps)
    if "one_by_one" in made:
        to_gamma = reduced
    if {"one_by_one", "beta_one_by_one"} & made.keys():
        to_beta = u
    if "gamma_on_gamma" in made:
        to_gamma = to_gamma * gamma
    if "gamma_on_beta" in made:
        to_beta = to_beta * gamma
    return to_gamma, to_beta


def with_an_own_epsilon(output_gradient, inputs, gamma, epsilon=1e-3, constant=1e-5):
    """Your ε is always the same number, whatever `epsilon` says.

    Use the argument.
    """
    return faulty_gradient(output_gradient, inputs, gamma, constant)


def with_an_own_default_epsilon(output_gradient, inputs, gamma, epsilon=None, constant=1e-5):
    """Where no ε is given, yours is not 0.001.

    Take the default from the task's first line, which is Keras's: other libraries have others.
    """
    return faulty_gradient(output_gradient, inputs, gamma, constant if epsilon is None else epsilon)


def of_one_thing(*arguments, **settings):
    """One thing comes back, where three are asked for.

    Return the gradients of the inputs, of gamma and of beta.
    """
    return faulty_gradient(*arguments, **settings)[0]


def of_two_things(*arguments, **settings):
    """Two things come back, where three are asked for.

    Return the gradients of the inputs, of gamma and of beta.
    """
    return faulty_gradient(*arguments, **settings)[1:]


def of_more_things(*arguments, **settings):
    """More than three things come back.

    Return the gradients of the inputs, of gamma and of beta alone.
    """
    return *faulty_gradient(*arguments, **settings), 0


def of_a_dict(*arguments, **settings):
    """A dict came back.

    Return three things, separated by commas: the gradients of the inputs, of gamma and of beta.
    """
    return dict(zip("xgb", faulty_gradient(*arguments, **settings), strict=True))


OTHERS = [of_one_thing, of_two_things, of_more_things, of_a_dict]

PATHS = "An input moves μ and σ² for the whole batch: add the gradient that comes back through each of them."
LAST = "The derivative of γ x̂ + β along x̂ is γ: multiply by it once, before everything else."
ADD_UP = "γ and β stand in every example's output: add up over the batch, axis 0."
BY_N = "∂μ/∂x is 1/n, and ∂σ²/∂x is 2 (x − μ) / n: both are divided by n, once."
EPS = "Use √(σ² + ε) throughout, as on the way forth."

TOLD = {
    "constants": (
        "μ and σ² are taken for constants: each example goes back alone, as if it had not moved them.",
        PATHS,
    ),
    "no_variance_path": (
        "The path through the variance is missing: μ is allowed to move, σ² is taken for a constant.",
        PATHS,
    ),
    "no_mean_path": (
        "The path through the mean is missing: σ² is allowed to move, μ is taken for a constant.",
        PATHS,
    ),
    "no_direct_path": (
        "The direct path is missing: an input changes its own output, too, not only mean and variance.",
        "Add u γ / √(σ² + ε) to what comes through μ and σ².",
    ),
    "no_gamma": ("γ is missing in the gradient of the inputs.", LAST),
    "gamma_twice": ("γ is multiplied into the gradient of the inputs twice.", LAST),
    "means_without_gamma": (
        "γ is missing in what comes through mean and variance; the direct path has it.",
        LAST,
    ),
    "direct_without_gamma": (
        "γ is missing in the direct path; what comes through mean and variance has it.",
        LAST,
    ),
    "divided_by_gamma": ("You divide by γ on the way back.", LAST),
    "gamma_on_gamma": (
        "The gradient of γ is multiplied by γ.",
        "The output is γ x̂ + β: its derivative along γ is x̂, without γ.",
    ),
    "gamma_on_beta": (
        "The gradient of β is multiplied by γ.",
        "The output is γ x̂ + β: its derivative along β is 1.",
    ),
    "gamma_by_inputs": (
        "The gradient of γ is a sum over u times the inputs, not the normalized ones.",
        "The output is γ x̂ + β: its derivative along γ is x̂.",
    ),
    "gamma_by_centered": (
        "The gradient of γ is a sum over u (x − μ): the division by the deviation is missing.",
        "The output is γ x̂ + β: its derivative along γ is x̂.",
    ),
    "means": (
        "The gradients of γ and β are means over the batch.",
        "Add up: whether the loss is a mean is its own business, and stands in u already.",
    ),
    "beta_mean": ("The gradient of β is a mean over the batch.", ADD_UP),
    "gamma_mean": ("The gradient of γ is a mean over the batch.", ADD_UP),
    "one_by_one": ("The gradients of γ and β come one by one, a row for each example.", ADD_UP),
    "beta_one_by_one": ("The gradient of β comes one by one, a row for each example.", ADD_UP),
    "kept_axis": (
        "The gradients of γ and β have the shape (1, features): an axis of length 1 is left over.",
        "Give them the shape of γ: leave out `keepdims`.",
    ),
    "weights_over_all": (
        "The gradients of γ and β are one number each, summed over all features.",
        "Every feature has its own: sum over axis 0 alone.",
    ),
    "weights_by_examples": (
        "The gradients of γ and β are summed over the features: one number for each example.",
        "Every feature has its own: sum over axis 0, the batch.",
    ),
    "weights_swapped": ("The gradients of γ and β are swapped.", "That of γ comes first."),
    "inputs_last": (
        "The three come in another order: the gradient of the inputs should be the first.",
        "Return that of the inputs, of gamma, of beta.",
    ),
    "no_half": (
        "What comes through the variance is twice what it should be: a ½ is missing.",
        "The derivative of (σ² + ε)^(−½) is −½ (σ² + ε)^(−3/2).",
    ),
    "no_two": (
        "What comes through the variance is half of what it should be: a 2 is missing.",
        "The derivative of (x − μ)² along x is 2 (x − μ).",
    ),
    "variance_sign": (
        "What comes through the variance has the wrong sign.",
        "A larger variance makes outputs smaller: the derivative of (σ² + ε)^(−½) has a minus.",
    ),
    "mean_sign": (
        "What comes through the mean has the wrong sign.",
        "A larger mean makes outputs smaller: the derivative of x − μ along μ is −1.",
    ),
    "both_signs": (
        "What comes through mean and variance is added, with a plus for a minus.",
        "A larger mean and a larger variance make outputs smaller.",
    ),
    "power_half": (
        "What comes through the variance is σ² + ε times what it should be: x − μ stands where x̂ should, or the power "
        "is −½ where it should be −3/2.",
        "With x̂ it is x̂ · mean(d x̂); in small steps, the derivative of (σ² + ε)^(−½) is −½ (σ² + ε)^(−3/2).",
    ),
    "power_one": (
        "What comes through the variance has the wrong power: you divide by σ² + ε, where its power is 3/2.",
        "The derivative of (σ² + ε)^(−½) is −½ (σ² + ε)^(−3/2).",
    ),
    "paths_summed": ("What comes through mean and variance is not divided by n.", BY_N),
    "mean_path_summed": ("What comes through the mean is not divided by n.", BY_N),
    "variance_path_summed": ("What comes through the variance is not divided by n.", BY_N),
    "by_n_again": ("The gradient of the inputs is divided by n once too often.", BY_N),
    "n_times": ("The gradient of the inputs is n times what it should be.", BY_N),
    "unbiased": (
        "Your variance is divided by n − 1.",
        "On the way forth it was divided by n: `np.var` without `ddof`.",
    ),
    "path_by_n_less_one": ("What comes through the variance is divided by n − 1.", BY_N),
    "no_sums": (
        "What goes back to μ and σ² is not added up over the batch: each example is treated alone.",
        "μ and σ² are one number a feature: add up what all examples send back to them.",
    ),
    "not_rooted": ("You divide by the variance, not by its root, and your x̂ has that too.", EPS),
    "long_not_rooted": (
        "You divide by the variance where its root is asked for; what comes through the variance is right.",
        EPS,
    ),
    "divided_by_variance": (
        "The gradient of the inputs is divided by σ² + ε, not by its root.",
        "Divide once by √(σ² + ε).",
    ),
    "never_divided": (
        "The gradient of the inputs is not divided by the deviation.",
        "x̂ = (x − μ) / √(σ² + ε): the factor 1 / √(σ² + ε) stands before all three paths.",
    ),
    "inputs_in_path": (
        "What comes through the variance holds the inputs themselves, not the normalized ones.",
        "Use x̂ there: its mean is 0.",
    ),
    "no_eps": ("ε is missing: a constant feature is divided by 0.", EPS),
    "no_eps_in_path": ("What comes through the variance lacks ε: a constant feature is divided by 0 there.", EPS),
    "eps_outside": ("You add ε to the deviation, outside the root.", EPS),
    "by_examples": (
        "Mean and variance go over the features of each example, axis 1, not over the batch.",
        "Batch normalization has one mean and one variance for each feature: axis 0.",
    ),
    "whole": (
        "One mean and one variance are taken over the whole array.",
        "Batch normalization has one mean and one variance for each feature: axis 0.",
    ),
    "paths_by_examples": (
        "What comes through mean and variance is averaged over the features of each example, axis 1.",
        "μ and σ² belong to a feature: average over the batch, axis 0.",
    ),
    "paths_over_all": (
        "What comes through mean and variance is averaged over the whole array.",
        "μ and σ² belong to a feature: average over the batch, axis 0.",
    ),
    "uphill": (
        "All three have the opposite sign.",
        "Return the gradients; the optimizer's minus comes later.",
    ),
    "outputs_returned": (
        "In place of the gradient of the inputs come outputs of the way forth, γ x̂.",
        "Return how the loss changes with each input.",
    ),
}

# What people also get wrong two at a time.
IN_PAIRS = {
    "constants",
    "no_variance_path",
    "no_mean_path",
    "no_gamma",
    "gamma_by_inputs",
    "means",
    "beta_mean",
    "one_by_one",
    "kept_axis",
    "weights_swapped",
    "no_half",
    "no_eps",
    "eps_outside",
    "unbiased",
}
