"""The exercise whose answer is a test: is this a batch normalization?"""

from dataclasses import replace
from functools import partial

import numpy as np

from course_lib.checking.examiner import examiner
from course_lib.exercises.regularization import normalizing_mistakes as mistakes
from course_lib.exercises.regularization.normalizing import (
    BATCH_NORMALIZATION,
    batch_normalization,
    batch_normalization_by_features,
    batch_normalization_in_one_pass,
)

X = np.array([[0.0, 2.0], [4.0, 10.0], [2.0, 0.0]])
GAMMA, BETA = np.array([2.0, 3.0]), np.array([1.0, -1.0])
MEAN, VARIANCE = np.array([1.0, 2.0]), np.array([4.0, 9.0])  # the moving ones
BATCH_MEAN, BATCH_VARIANCE = np.array([2.0, 4.0]), np.array([8.0, 56.0]) / 3


def gives(batch_norm, training, outputs, mean, variance, gamma=GAMMA, beta=BETA, **settings):
    """Return whether all three results on X are those."""
    results = batch_norm(X, gamma, beta, MEAN, VARIANCE, training, **settings)
    return all(np.allclose(result, right) for result, right in zip(results, (outputs, mean, variance), strict=True))


def right_in_training(momentum=0.99, epsilon=1e-3, gamma=GAMMA, beta=BETA):
    return (
        gamma * (X - BATCH_MEAN) / np.sqrt(BATCH_VARIANCE + epsilon) + beta,
        momentum * MEAN + (1 - momentum) * BATCH_MEAN,
        momentum * VARIANCE + (1 - momentum) * BATCH_VARIANCE,
    )


def right_in_use(epsilon=1e-3, gamma=GAMMA, beta=BETA):
    return gamma * (X - MEAN) / np.sqrt(VARIANCE + epsilon) + beta, MEAN, VARIANCE


def is_batch_normalization(batch_norm):
    """Return whether it is right in training and in use, with the defaults and with another momentum and ε."""
    others = {"momentum": 0.5, "epsilon": 0.25}
    return bool(
        gives(batch_norm, True, *right_in_training())
        and gives(batch_norm, False, *right_in_use())
        and gives(batch_norm, True, *right_in_training(**others), **others)
        and gives(batch_norm, False, *right_in_use(0.25), **others)
    )


def is_one_by_assertions(batch_norm):
    for momentum, epsilon in ((0.99, 1e-3), (0.8, 0.1)):
        settings = {} if momentum == 0.99 else {"momentum": momentum, "epsilon": epsilon}
        outputs, mean, variance = batch_norm(X, GAMMA, BETA, MEAN, VARIANCE, True, **settings)
        np.testing.assert_allclose(outputs, right_in_training(momentum, epsilon)[0], rtol=1e-6)
        np.testing.assert_allclose(mean, momentum * MEAN + (1 - momentum) * X.mean(axis=0))
        np.testing.assert_allclose(variance, momentum * VARIANCE + (1 - momentum) * X.var(axis=0))
        in_use = batch_norm(X[:1], GAMMA, BETA, MEAN, VARIANCE, False, **settings)
        np.testing.assert_allclose(in_use[0], right_in_use(epsilon)[0][:1], rtol=1e-6)
        assert np.array_equal(in_use[1], MEAN) and np.array_equal(in_use[2], VARIANCE)
    return True


def is_one_by_differences(batch_norm):
    """Return whether it differs from our own nowhere, on a drawn batch."""
    rng = np.random.default_rng(1)
    batch, moving = rng.normal(2.0, 3.0, size=(5, 2)), (rng.normal(size=2), rng.uniform(1.0, 2.0, size=2))
    differences = []
    for training in (True, False):
        for settings in ({}, {"momentum": 0.3, "epsilon": 0.4}):
            mine = batch_normalization(batch, GAMMA, BETA, *moving, training, **settings)
            theirs = batch_norm(batch, GAMMA, BETA, *moving, training, **settings)
            differences += [np.max(np.abs(a - b)) for a, b in zip(mine, theirs, strict=True)]
    return bool(max(differences) < 1e-9)


def looks_at_training_outputs(batch_norm):
    """You look at the outputs of training alone: what is remembered, and what happens in use, slips through.

    Compare the moving mean and variance too, and call it once more with `training` False.
    """
    others = {"momentum": 0.5, "epsilon": 0.25}
    return all(
        bool(np.allclose(batch_norm(X, GAMMA, BETA, MEAN, VARIANCE, True, **s)[0], right_in_training(**s)[0]))
        for s in ({}, others)
    )


def looks_at_training(batch_norm):
    """You look at training alone: what happens in use slips through.

    Call it once more with `training` False, where the moving statistics count, and come back as they are.
    """
    others = {"momentum": 0.5, "epsilon": 0.25}
    return gives(batch_norm, True, *right_in_training()) and gives(
        batch_norm, True, *right_in_training(**others), **others
    )


def looks_at_use(batch_norm):
    """You look at use alone: what happens in training slips through.

    Call it once more with `training` True, where the batch's own mean and variance count.
    """
    return gives(batch_norm, False, *right_in_use()) and gives(batch_norm, False, *right_in_use(0.25), epsilon=0.25)


def looks_at_outputs(batch_norm):
    """You look at the outputs alone: what is remembered slips through.

    Compare the moving mean and the moving variance with what you have worked out.
    """
    others = {"momentum": 0.5, "epsilon": 0.25}
    in_use = [batch_norm(X, GAMMA, BETA, MEAN, VARIANCE, False, **s)[0] for s in ({}, others)]
    right = [right_in_use(epsilon)[0] for epsilon in (1e-3, 0.25)]
    return looks_at_training_outputs(batch_norm) and bool(np.allclose(in_use, right))


def looks_at_the_defaults(batch_norm):
    """You try no other momentum and ε than the defaults, so a function that ignores its arguments slips through.

    Call it with another momentum and another ε too, large enough to be seen.
    """
    return gives(batch_norm, True, *right_in_training()) and gives(batch_norm, False, *right_in_use())


def looks_at_gamma_1_and_beta_0(batch_norm):
    """You try γ = 1 and β = 0 alone, so that it does not matter what becomes of them.

    Give each feature a γ and a β of its own.
    """
    others, plain = {"momentum": 0.5, "epsilon": 0.25}, {"gamma": np.ones(2), "beta": np.zeros(2)}
    return (
        gives(batch_norm, True, *right_in_training(**plain), **plain)
        and gives(batch_norm, False, *right_in_use(**plain), **plain)
        and gives(batch_norm, True, *right_in_training(**others, **plain), **others, **plain)
        and gives(batch_norm, False, *right_in_use(0.25, **plain), **others, **plain)
    )


def looks_at_mean_and_deviation(batch_norm):
    """You ask whether the outputs have about the mean 0 and the deviation 1, as those of many wrong ones have too.

    Work out the numbers of a small batch, and compare them one by one.
    """
    outputs, *_ = batch_norm(X, np.ones(2), np.zeros(2), MEAN, VARIANCE, True)
    return bool(np.allclose(outputs.mean(axis=0), 0) and np.allclose(outputs.std(axis=0), 1, atol=0.01))


def wants_a_deviation_of_1(batch_norm):
    """You demand the deviation 1, and ε makes that of a right one a little smaller.

    Put ε into your own numbers: divide by √(σ² + ε).
    """
    outputs, *_ = batch_norm(X, np.ones(2), np.zeros(2), MEAN, VARIANCE, True)
    return bool(np.allclose(outputs.std(axis=0), 1))


def wants_the_unbiased_variance(batch_norm):
    """Your own numbers are those of a variance that is divided by n − 1, so you refuse the right ones.

    Batch normalization divides by n.
    """
    outputs, *_ = batch_norm(X, GAMMA, BETA, MEAN, VARIANCE, True)
    return bool(np.allclose(outputs, GAMMA * (X - BATCH_MEAN) / np.sqrt(X.var(axis=0, ddof=1) + 1e-3) + BETA))


def compares_with_equals(batch_norm):
    """You compare floating-point numbers by ==, and right ones that calculate in another order differ in the end.

    Use np.allclose, with a tolerance.
    """
    outputs, *_ = batch_norm(X, GAMMA, BETA, MEAN, VARIANCE, True)
    return bool(np.all(outputs == right_in_training()[0])) and is_batch_normalization(batch_norm)


def looks_at_shapes(batch_norm):
    """You look at shapes alone, and the wrong ones have the right shapes.

    Compare numbers.
    """
    results = batch_norm(X, GAMMA, BETA, MEAN, VARIANCE, True)
    return [np.shape(result) for result in results] == [(3, 2), (2,), (2,)]


def looks_at_one_example(batch_norm):
    """You try a batch of one example, whose variance is 0: most mistakes give the same there.

    Try a batch of three or more, with more examples than features.
    """
    batch = X[1:2]
    outputs, mean, _ = batch_norm(batch, GAMMA, BETA, MEAN, VARIANCE, True)
    return bool(np.allclose(outputs, BETA) and np.allclose(mean, 0.99 * MEAN + 0.01 * batch[0]))


BY_NAME = {mistake.name: mistake for mistake in BATCH_NORMALIZATION.misconceptions}
EXAMINED = [
    *(
        BY_NAME[name]
        for name in ("no_eps", "eps_outside", "not_rooted", "unbiased", "unbiased_remembered", "whole", "by_examples",
                     "deviation_remembered", "momentum_swapped", "never_updated", "moving_used",
                     "batch_normalized_in_use", "updates_in_use", "bare_in_use", "no_beta", "beta_inside")
    ),
    # With the right numbers where none are asked for: to be seen with others only.
    replace(BY_NAME["with_an_own_epsilon"], answer=partial(mistakes.with_an_own_epsilon, constant=1e-3)),
    replace(BY_NAME["with_an_own_momentum"], answer=partial(mistakes.with_an_own_momentum, constant=0.99)),
]  # fmt: skip

IS_BATCH_NORMALIZATION = examiner(
    "is_batch_normalization",
    "batch normalization",
    right={
        "in two passes over the batch": batch_normalization,
        "in one pass over the batch": batch_normalization_in_one_pass,
        "feature by feature": batch_normalization_by_features,
    },
    wrong=EXAMINED,
    reference=is_batch_normalization,
    misconceptions=[
        looks_at_training_outputs,
        looks_at_training,
        looks_at_use,
        looks_at_outputs,
        looks_at_the_defaults,
        looks_at_gamma_1_and_beta_0,
        looks_at_mean_and_deviation,
        wants_a_deviation_of_1,
        wants_the_unbiased_variance,
        compares_with_equals,
        looks_at_shapes,
        looks_at_one_example,
    ],
    equivalents=[is_one_by_assertions, is_one_by_differences],
    hints=[
        "Three results come back, in two cases of `training`: which of the six have you compared with your own?",
        "Take three examples of two features, with γ, β and moving statistics that all differ, and work out what is "
        "right with `np.mean` and `np.var`. Compare with np.allclose.",
        "What would your test miss if a function had its own momentum, or its own ε?",
    ],
    minutes=15,
    level=3,
)
