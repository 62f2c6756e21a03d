"""How people get batch normalization wrong: which statistics, which axis, what is remembered, and where ε goes."""

import numpy as np


def faulty_batch_normalization(
    inputs, gamma, beta, moving_mean, moving_variance, training, momentum=0.99, epsilon=1e-3, **made
):
    if "turned" in made:
        training = not training
    is_batch = training or "batch_in_use" in made or "batch_normalized_in_use" in made
    mean, variance = batch_statistics(inputs, moving_mean, made)
    new_mean, new_variance = moving(moving_mean, moving_variance, mean, variance, len(inputs), momentum, epsilon, made)
    if not (training or "batch_in_use" in made or "updates_in_use" in made):
        new_mean, new_variance = moving_mean, moving_variance
    if not is_batch or "moving_used" in made:
        mean, variance = moving_mean, moving_variance
    if is_batch and "new_moving_used" in made:
        mean, variance = new_mean, new_variance
    if is_batch and "unbiased_outputs" in made and len(inputs) > 1:
        variance = variance * len(inputs) / (len(inputs) - 1)
    with np.errstate(all="ignore"):
        outputs = normalized(inputs, mean, variance, gamma, beta, epsilon, is_batch, made)
    if "swapped_statistics" in made:
        new_mean, new_variance = new_variance, new_mean
    if "forgets_in_use" in made and not training:
        new_mean = new_variance = None
    return outputs, new_mean, new_variance


def batch_statistics(inputs, moving_mean, made):
    axis, keeps = (1, True) if "by_examples" in made else (None, False) if "whole" in made else (0, "kept_axis" in made)
    mean = inputs.mean(axis=axis, keepdims=keeps)
    distance = inputs - (moving_mean if "around_moving_mean" in made else 0 if "mean_square" in made else mean)
    if "absolute" in made:
        return mean, np.mean(np.abs(distance), axis=axis, keepdims=keeps) ** 2
    if "summed" in made:
        return mean, np.sum(distance**2, axis=axis, keepdims=keeps)
    variance = np.mean(distance**2, axis=axis, keepdims=keeps)
    if "unbiased" in made:
        with np.errstate(all="ignore"):
            variance = np.float64(1) * variance * len(inputs) / np.float64(len(inputs) - 1)
    return mean, np.sqrt(variance) if "deviation_for_variance" in made else variance


def moving(moving_mean, moving_variance, mean, variance, n, momentum, epsilon, made):
    if "eps_remembered" in made:
        variance = variance + epsilon
    if "deviation_remembered" in made:
        variance = np.sqrt(variance)
    if "unbiased_remembered" in made:
        variance = variance * n / max(n - 1, 1)
    old, new = momentum, 1 - momentum
    if "momentum_swapped" in made:
        old, new = new, old
    of_variance = (new, old) if "variance_momentum_swapped" in made else (old, new)
    if "batch_added_whole" in made:
        of_variance = old, new = old, 1.0
    if "nothing_fades" in made:
        of_variance = old, new = 1.0, new
    if "replaced" in made:
        of_variance = old, new = 0.0, 1.0
    if "never_updated" in made:
        of_variance = old, new = 1.0, 0.0
    if "mean_not_updated" in made:
        old, new = 1.0, 0.0
    if "variance_not_updated" in made:
        of_variance = 1.0, 0.0
    return (
        old * moving_mean + new * mean,
        of_variance[0] * moving_variance + of_variance[1] * variance,
    )


def normalized(inputs, mean, variance, gamma, beta, epsilon, is_batch, made):
    mode = "_in_training" if is_batch else "_in_use"

    def has(name):
        return name in made or name + mode in made

    deviation = np.sqrt(variance + epsilon)
    if has("no_eps"):
        deviation = np.sqrt(variance)
    if has("eps_outside"):
        deviation = np.sqrt(variance) + epsilon
    if has("eps_squared"):
        deviation = np.sqrt(variance + epsilon**2)
    if has("eps_as_floor"):
        deviation = np.maximum(np.sqrt(variance), epsilon)
    if has("not_rooted"):
        deviation = variance + epsilon
    x = (inputs - mean) / deviation
    if has("brackets"):
        x = inputs - mean / deviation
    if has("not_centered"):
        x = inputs / deviation
    if has("not_divided"):
        x = inputs - mean
    if has("multiplied"):
        x = (inputs - mean) * deviation
    if has("mean_added"):
        x = (inputs + mean) / deviation
    if has("min_max"):
        x = (inputs - inputs.min(axis=0)) / (np.ptp(inputs, axis=0) + epsilon)
    if has("bare"):
        return x
    if has("no_beta"):
        return gamma * x
    if has("no_gamma"):
        return x + beta
    if has("swapped"):
        return beta * x + gamma
    if has("beta_inside"):
        return gamma * (x + beta)
    return gamma * x - beta if has("minus_beta") else gamma * x + beta


def with_an_own_epsilon(inputs, gamma, beta, mean, variance, training, momentum=0.99, epsilon=1e-3, constant=1e-5):
    """Your ε is always the same number, whatever `epsilon` says.

    Use the argument.
    """
    return faulty_batch_normalization(inputs, gamma, beta, mean, variance, training, momentum, constant)


def with_an_own_default_epsilon(
    inputs, gamma, beta, mean, variance, training, momentum=0.99, epsilon=None, constant=1e-5
):
    """Where no ε is given, yours is not 0.001.

    Take the defaults from the task's first line, which are Keras's: other libraries have others.
    """
    epsilon = constant if epsilon is None else epsilon
    return faulty_batch_normalization(inputs, gamma, beta, mean, variance, training, momentum, epsilon)


def with_an_own_momentum(inputs, gamma, beta, mean, variance, training, momentum=0.99, epsilon=1e-3, constant=0.9):
    """Your momentum is always the same number, whatever `momentum` says.

    Use the argument: momentum · moving + (1 − momentum) · batch.
    """
    return faulty_batch_normalization(inputs, gamma, beta, mean, variance, training, constant, epsilon)


def with_an_own_default_momentum(
    inputs, gamma, beta, mean, variance, training, momentum=None, epsilon=1e-3, constant=0.9
):
    """Where no momentum is given, yours is not 0.99.

    Take the defaults from the task's first line, which are Keras's: other libraries have others.
    """
    momentum = constant if momentum is None else momentum
    return faulty_batch_normalization(inputs, gamma, beta, mean, variance, training, momentum, epsilon)


def with_the_momentum_of_pytorch(inputs, gamma, beta, mean, variance, training, momentum=0.1, epsilon=1e-3):
    """Your momentum is PyTorch's: the share of the batch, 0.1 where none is given.

    Keras's is the share of the old number: momentum · moving + (1 − momentum) · batch, 0.99 where none is given.
    """
    return faulty_batch_normalization(inputs, gamma, beta, mean, variance, training, 1 - momentum, epsilon)


def over_rows_without_their_axis(
    inputs, gamma, beta, moving_mean, moving_variance, training, momentum=0.99, epsilon=1e-3
):
    """Your mean and variance go over the features of each example: there is one for each example, not for each feature.

    Axis 0 of (n, features) runs over the batch: that is the one to disappear.
    """
    if not training:
        return faulty_batch_normalization(inputs, gamma, beta, moving_mean, moving_variance, False, momentum, epsilon)
    mean, variance = inputs.mean(axis=1), inputs.var(axis=1)
    outputs = gamma * ((inputs - mean) / np.sqrt(variance + epsilon)) + beta
    new_mean = momentum * moving_mean + (1 - momentum) * mean
    return outputs, new_mean, momentum * moving_variance + (1 - momentum) * variance


def of_one_thing(*arguments, **settings):
    """One thing comes back, where three are asked for.

    Return the outputs, the moving mean and the moving variance, whether training or not.
    """
    return faulty_batch_normalization(*arguments, **settings)[0]


def of_one_thing_in_use(inputs, gamma, beta, mean, variance, training, momentum=0.99, epsilon=1e-3):
    """In use the outputs come back alone.

    Return the moving statistics there, too, as they were given.
    """
    made = faulty_batch_normalization(inputs, gamma, beta, mean, variance, training, momentum, epsilon)
    return made if training else made[0]


def of_two_things(*arguments, **settings):
    """Two things come back, where three are asked for.

    Return the outputs, the moving mean and the moving variance side by side, not as a pair in a pair.
    """
    outputs, *statistics = faulty_batch_normalization(*arguments, **settings)
    return outputs, tuple(statistics)


def of_four_things(*arguments, **settings):
    """More than three things come back.

    Return the outputs, the moving mean and the moving variance alone.
    """
    return *faulty_batch_normalization(*arguments, **settings), 0


def of_a_dict(*arguments, **settings):
    """A dict came back.

    Return three things, separated by commas: the outputs, the moving mean and the moving variance.
    """
    return dict(zip("omv", faulty_batch_normalization(*arguments, **settings), strict=True))


OTHERS = [
    with_the_momentum_of_pytorch,
    over_rows_without_their_axis,
    of_one_thing,
    of_one_thing_in_use,
    of_two_things,
    of_four_things,
    of_a_dict,
]

EPS = "Add ε to the variance, before the root: √(σ² + ε), in training and in use."
AXIS = "Axis 0 of (n, features) runs over the batch: compute one mean and one variance for each feature."
FADE = "momentum · moving + (1 − momentum) · batch."
ROOT = "Divide by √(σ² + ε), which is a deviation."
SAME_IN_USE = "In use the same happens as in training, with the moving statistics in place of the batch's."

TOLD = {
    "no_eps": ("ε is missing: a feature that is the same in all examples is divided by 0.", EPS),
    "no_eps_in_training": ("While training, ε is missing: a constant feature is divided by 0.", EPS),
    "no_eps_in_use": ("In use ε is missing.", EPS),
    "eps_outside": ("You add ε to the deviation, outside the root.", EPS),
    "eps_outside_in_training": ("While training, you add ε to the deviation, outside the root.", EPS),
    "eps_squared": ("You add the square of ε to the variance.", EPS),
    "eps_as_floor": ("You use ε as the smallest deviation, not as something that is added.", EPS),
    "eps_remembered": (
        "ε gets into the moving variance.",
        "Add it where the outputs are computed, and remember the variance without it.",
    ),
    "not_rooted": ("You divide by the variance, not by its root, the deviation.", ROOT),
    "not_rooted_in_training": ("While training, you divide by the variance, not by its root, the deviation.", ROOT),
    "not_rooted_in_use": ("In use you divide by the variance, not by its root, the deviation.", ROOT),
    "unbiased": (
        "You divide the squared distances by n − 1, which for one example is 0.",
        "Divide by n: `np.var` without `ddof`.",
    ),
    "unbiased_remembered": (
        "The variance that you remember is divided by n − 1, as in PyTorch; that of the outputs is not.",
        "Remember the same variance that the outputs are computed with, divided by n.",
    ),
    "unbiased_outputs": (
        "The variance of your outputs is divided by n − 1; that which you remember is not.",
        "Divide by n: `np.var` without `ddof`.",
    ),
    "deviation_remembered": (
        "You remember the standard deviation in place of the variance.",
        "Let the moving variance take in the batch's variance.",
    ),
    "deviation_for_variance": (
        "What you call the variance is the standard deviation, whose root is taken once more.",
        "`np.var` gives the variance, `np.std` its root.",
    ),
    "mean_square": (
        "Your variance is the mean of the squares of the inputs: their mean is not subtracted first.",
        "The variance is the mean of the squared distances *from the mean*.",
    ),
    "absolute": (
        "Your spread is the mean absolute distance from the mean.",
        "The variance is the mean of the *squared* distances.",
    ),
    "summed": ("Your variance is a sum of squares that is not divided by n.", "Take the mean of the squares."),
    "around_moving_mean": (
        "Your variance is measured from the moving mean.",
        "Measure from the batch's own mean: `inputs.var(axis=0)`.",
    ),
    "by_examples": (
        "Mean and variance go over the features of each example, row by row: that is layer normalization.",
        AXIS,
    ),
    "whole": ("One mean and one variance are taken over the whole array, all features together.", AXIS),
    "kept_axis": (
        "After training, your moving statistics have the shape (1, features): an axis of length 1 is left over.",
        "Leave out `keepdims`: NumPy subtracts (features,) from every row by itself.",
    ),
    "momentum_swapped": (
        "The two shares are swapped: your moving statistics forget nearly everything at each batch.",
        FADE,
    ),
    "variance_momentum_swapped": ("For the moving variance, not for the mean, the two shares are swapped.", FADE),
    "batch_added_whole": ("The batch is added whole, so that the moving statistics grow far too large.", FADE),
    "nothing_fades": ("The old statistics stay whole, and the batch is added: they grow from batch to batch.", FADE),
    "replaced": ("What comes back as moving statistics are this batch's own: nothing of the old ones is left.", FADE),
    "never_updated": (
        "The moving statistics come back as they were: training leaves no trace in them.",
        "Compute the new ones, and return those.",
    ),
    "mean_not_updated": ("The moving mean comes back as it was, also in training.", "Return the new one."),
    "variance_not_updated": ("The moving variance comes back as it was, also in training.", "Return the new one."),
    "swapped_statistics": ("The moving mean and the moving variance are swapped.", "The mean comes first."),
    "moving_used": (
        "While training, you normalize by the moving statistics.",
        "There the batch's own mean and variance count.",
    ),
    "new_moving_used": (
        "While training, you normalize by the renewed moving statistics.",
        "There the batch's own mean and variance count; the moving ones are only remembered.",
    ),
    "batch_in_use": (
        "`training` plays no role: in use, too, the batch's own statistics are taken, and remembered.",
        "In use the moving statistics stand in for them, and nothing changes.",
    ),
    "batch_normalized_in_use": (
        "In use you normalize by the batch's own statistics, so that an example's output depends on its neighbors.",
        "Take the moving mean and the moving variance there.",
    ),
    "updates_in_use": (
        "The moving statistics change in use, too: a network would change with what it is asked.",
        "Where `training` is False, return them as they were given.",
    ),
    "turned": ("The two cases of `training` are swapped.", "The batch's own statistics belong to training."),
    "bare_in_use": ("In use γ and β are missing.", SAME_IN_USE),
    "no_beta_in_use": ("In use β is missing.", SAME_IN_USE),
    "no_gamma_in_use": ("In use γ is missing.", SAME_IN_USE),
    "brackets": (
        "Brackets are missing: you divide the mean alone, x − μ / σ.",
        "(x − μ) / √(σ² + ε), with the difference in brackets.",
    ),
    "brackets_in_training": (
        "While training, brackets are missing: you divide the mean alone, x − μ / σ.",
        "(x − μ) / √(σ² + ε), with the difference in brackets.",
    ),
    "brackets_in_use": (
        "In use brackets are missing: you divide the mean alone, x − μ / σ.",
        "(x − μ) / √(σ² + ε), with the difference in brackets.",
    ),
    "forgets_in_use": (
        "In use None comes back in place of the moving statistics.",
        "Return them there, too, as they were given.",
    ),
    "not_centered": ("The mean is not subtracted.", "First x − μ, then the division."),
    "not_centered_in_training": ("While training, the mean is not subtracted.", "First x − μ, then the division."),
    "not_centered_in_use": ("In use the mean is not subtracted.", SAME_IN_USE),
    "not_divided": ("Nothing is divided by the deviation.", ROOT),
    "not_divided_in_training": ("While training, nothing is divided by the deviation.", ROOT),
    "multiplied": ("You multiply by the deviation.", ROOT),
    "multiplied_in_training": ("While training, you multiply by the deviation.", ROOT),
    "mean_added_in_training": ("While training, the mean is added.", "Subtract it: x − μ."),
    "min_max_in_training": (
        "While training, you scale from the smallest to the largest value of the batch.",
        "Use its mean and its variance.",
    ),
    "bare": ("γ and β are missing: your outputs are the normalized inputs.", "Multiply by γ, then add β."),
    "no_beta": ("β is missing.", "Multiply by γ, then add β."),
    "no_gamma": ("γ is missing.", "Multiply by γ, then add β."),
    "swapped": ("γ and β are swapped: you multiply by β and add γ.", "Multiply by γ, then add β."),
    "beta_inside": ("β is multiplied by γ: it stands inside the brackets.", "Multiply by γ, then add β."),
    "minus_beta": ("β has the wrong sign: it is subtracted.", "Multiply by γ, then add β."),
}

# What people also get wrong two at a time.
IN_PAIRS = {
    "no_eps",
    "eps_outside",
    "not_rooted",
    "unbiased",
    "unbiased_remembered",
    "deviation_remembered",
    "kept_axis",
    "momentum_swapped",
    "never_updated",
    "batch_normalized_in_use",
    "updates_in_use",
    "bare",
    "no_beta",
    "no_gamma",
}
