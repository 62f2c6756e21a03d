"""The exercise whose answer is a test: is what a function prunes what it should prune?"""

import numpy as np

from course_lib.checking.examiner import examiner
from course_lib.checking.exercise import flags
from course_lib.exercises.compression_and_deployment.zeroing import by_what_stays, faulty_prune
from course_lib.pruning import prune_by_magnitude


def the_last_of_equals(weights, sparsity):
    """Of equal magnitudes, those at the end of the array go."""
    turned = prune_by_magnitude(np.ravel(weights)[::-1], sparsity)
    return turned[::-1].reshape(np.shape(weights))


def faulty_pruning(weights, sparsity, **made):
    weights = np.asarray(weights, float)
    if "forty" in made:
        sparsity = 0.8 * sparsity
    if "sixty" in made:
        sparsity = min(1.2 * sparsity, 1.0)
    if "always_half" in made:
        sparsity = 0.5
    count = round(sparsity * weights.size)
    right = prune_by_magnitude(weights, sparsity)
    if "first_go" in made:
        right = weights.copy()
        right.reshape(-1)[:count] = 0
    if "everything" in made:
        return np.zeros_like(weights)
    if "nearly_zero" in made:
        return np.where(right == 0, 1e-3 * weights, weights)
    if "other_signs" in made:
        return -right
    if "shrunk" in made:
        border = np.abs(weights[right == 0]).max(initial=0.0)
        return np.sign(right) * np.maximum(np.abs(right) - border, 0)
    if "rounded" in made:
        return np.round(right, 1)
    return right


NAMED = dict(
    without_abs="Weights are compared with their signs: the most negative ones go.",
    largest="Those of the largest magnitude go.",
    rest="The share that should go stays.",
    by_rows="Each row loses its share by itself.",
    all_equals_go="Of equal magnitudes on the border all go.",
    no_equals_go="Of equal magnitudes on the border none goes.",
    nothing="It prunes nothing.",
    magnitudes_left="What stays loses its sign.",
    flat="A matrix comes back in one row.",
    rescaled="What stays is divided by the share that stays.",
    mask_alone="A mask comes back.",
)
OWN = dict(
    forty="It prunes 40 % where 50 % are asked for.",
    sixty="It prunes 60 % where 50 % are asked for.",
    always_half="It prunes half of the weights, whatever is asked for.",
    first_go="Those that come first in the array go.",
    everything="It prunes everything.",
    nearly_zero="What goes becomes a thousandth of itself, and not 0.",
    other_signs="What stays gets the other sign.",
    shrunk="What stays is moved towards 0 by the border.",
    rounded="What stays is rounded to one digit.",
)
CURE = "Set the smallest magnitudes to 0, and nothing else."
WRONG = [
    *flags(faulty_prune, **{flag: (cause, CURE) for flag, cause in NAMED.items()}),
    *flags(faulty_pruning, **{flag: (cause, CURE) for flag, cause in OWN.items()}),
]

DRAWN = np.random.default_rng(0).normal(size=(8, 10))
EQUAL = np.array([[0.5, -0.5, 0.5, 0.5], [2.0, 0.1, -3.0, 0.5]])


def _is_right(weights, pruned, sparsity, asked=("shape", "count", "unchanged", "smallest")):
    """Whether `pruned` is right in what is `asked`; where the shape is not asked, numbers are compared in a row."""
    pruned, weights = np.asarray(pruned), np.asarray(weights)
    if "shape" in asked and pruned.shape != weights.shape:
        return False
    pruned, weights = pruned.ravel(), weights.ravel()
    gone = pruned == 0
    if "count" in asked and gone.sum() != round(sparsity * weights.size):
        return False
    if "unchanged" in asked and not np.array_equal(pruned[~gone], weights[~gone]):
        return False
    return not (
        "smallest" in asked
        and 0 < gone.sum() < gone.size
        and np.abs(weights[gone]).max() > np.abs(weights[~gone]).min()
    )


def _tried(prune, weights=(DRAWN, EQUAL), sparsities=(0.0, 0.25, 0.5, 0.8), **asked):
    return all(_is_right(each, prune(each.copy(), share), share, **asked) for each in weights for share in sparsities)


def prunes_right(prune):
    """Return whether the zeros are as many as asked for, of the smallest magnitude, and all else is as it was."""
    return all(
        _is_right(weights, prune(weights.copy(), sparsity), sparsity)
        for weights in (DRAWN, EQUAL)
        for sparsity in (0.0, 0.25, 0.5, 0.8)
    )


def by_assertions(prune):
    for weights in (DRAWN, EQUAL):
        for count in range(weights.size + 1):
            pruned = prune(weights.copy(), count / weights.size)
            assert pruned.shape == weights.shape
            assert np.sum(pruned == 0) == count
            assert set(pruned[pruned != 0]) <= set(weights.ravel())
            expected = np.sort(np.abs(weights), axis=None)
            expected[:count] = 0
            np.testing.assert_allclose(np.sort(np.abs(pruned), axis=None), expected)
            assert np.all((pruned == 0) | (pruned == weights))
    return True


def between_40_and_60(prune):
    """A share of zeros between 40 and 60 % is good enough for you: wrong numbers of zeros, and more, slip through.

    Compare the number of zeros with the one that is asked for, and look at which they are.
    """
    return bool(0.4 <= np.mean(np.asarray(prune(DRAWN.copy(), 0.5)) == 0) <= 0.6)


def of_the_count_alone(prune):
    """You count zeros alone: which weights go, and what becomes of the others, slips through.

    Compare what stays with the weights as they were, and what went with what stays.
    """
    return _tried(prune, asked=("count",))


def of_half_alone(prune):
    """You ask for half of the weights alone: what is wrong with any other share slips through.

    Try several sparsities, 0 among them.
    """
    return _tried(prune, sparsities=(0.5,))


def without_equals(prune):
    """All your weights have different magnitudes: what is done with equal ones slips through.

    Try an array in which several weights are equal, at a sparsity that takes some of them.
    """
    return _tried(prune, weights=(DRAWN,))


def without_what_stays(prune):
    """You do not compare what stays with what it was: weights that were changed slip through.

    Where the result is not 0 it should be the weight itself.
    """
    return _tried(prune, asked=("shape", "count", "smallest"))


def without_which_go(prune):
    """You do not look at which weights went: others than the smallest slip through.

    The largest magnitude that went should be no larger than the smallest that stays.
    """
    return _tried(prune, asked=("shape", "count", "unchanged"))


def without_the_shape(prune):
    """You do not compare the shape: a matrix that comes back in one row slips through.

    Compare `np.shape` of both.
    """
    return _tried(prune, asked=("count", "unchanged", "smallest"))


def of_positive_weights(prune):
    """All your weights are positive: what goes wrong with negative ones slips through.

    Let some of them be negative, and some of these large.
    """
    return _tried(prune, weights=(np.abs(DRAWN), np.abs(EQUAL)))


def in_one_row(prune):
    """Your weights have one axis alone: what goes wrong with a matrix slips through.

    Try a matrix, too.
    """
    return _tried(prune, weights=(DRAWN.ravel(), EQUAL.ravel()))


def wants_all_equals_to_go(prune):
    """You demand that all weights of the border's magnitude go: then there are more zeros than asked for.

    The number of zeros is exact; of equal magnitudes any may go.
    """
    for weights in (DRAWN, EQUAL):
        pruned = np.asarray(prune(weights.copy(), 0.5))
        border = np.sort(np.abs(weights), axis=None)[weights.size // 2 - 1]
        if not np.array_equal(pruned, np.where(np.abs(weights) > border, weights, 0)):
            return False
    return True


def wants_the_first_of_equals(prune):
    """You demand which of several equal magnitudes go, and any of them may.

    Compare how many went, and their magnitudes, and not their places.
    """
    return all(
        np.array_equal(prune(each.copy(), share), prune_by_magnitude(each, share))
        for each in (DRAWN, EQUAL)
        for share in (0.0, 0.25, 0.5, 0.8)
    )


def wants_no_abs(prune):
    """You compare weights with their signs: a right pruning leaves large negative weights, and you refuse it.

    Compare magnitudes: `np.abs`.
    """
    pruned = np.asarray(prune(DRAWN.copy(), 0.5))
    return np.shape(pruned) == DRAWN.shape and bool(DRAWN[pruned == 0].max() < DRAWN[pruned != 0].min())


PRUNES_RIGHT = examiner(
    "prunes_right",
    "pruning",
    right={
        "the first of equals go": prune_by_magnitude,
        "the last of equals go": the_last_of_equals,
        "what stays is copied": by_what_stays,
    },
    wrong=WRONG,
    reference=prunes_right,
    misconceptions=[
        between_40_and_60,
        of_the_count_alone,
        of_half_alone,
        without_equals,
        without_what_stays,
        without_which_go,
        without_the_shape,
        of_positive_weights,
        in_one_row,
        wants_all_equals_to_go,
        wants_the_first_of_equals,
        wants_no_abs,
    ],
    equivalents=[by_assertions],
    hints=[
        "Three things are to be seen of a result: how many zeros there are, which weights went, and what the others "
        "are now.",
        "The largest magnitude that went is no larger than the smallest that stays. Where there are equal ones, how "
        "many zeros are right?",
        "Try a drawn matrix and one with equal magnitudes of both signs, at the sparsities 0, 0.25, 0.5 and 0.8.",
    ],
    minutes=15,
    level=2,
)
