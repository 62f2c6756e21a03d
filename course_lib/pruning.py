"""Pruning: weights that do little are set to 0 and stay there, and zeros need not be stored.

*Sparsity* is the share of weights that are 0. Which ones do little is judged by magnitude: |w|.

References: Han, Pool, Tran and Dally (2015), "Learning both weights and connections for efficient neural networks"
(magnitude, sensitivity, a sparsity for each layer); Zhu and Gupta (2017), "To prune, or not to prune: exploring the
efficacy of pruning for model compression" (sparsity that grows during training).
"""

import itertools

import numpy as np


def magnitude_mask(weights, sparsity):
    """Return which of the `weights` stay: False at the round(sparsity · size) smallest magnitudes, True elsewhere.

    The number of zeros is exact. Of equal magnitudes on the border, the first in the array go; a threshold would let
    all of them go, or none.

    Args:
        weights: array of any shape.
        sparsity: float from 0 to 1.
    Returns:
        bool array shaped like `weights`.
    Raises:
        ValueError: `sparsity` is not between 0 and 1.
    """
    weights = np.asarray(weights)
    order = np.argsort(np.abs(weights), axis=None, kind="stable")
    mask = np.ones(weights.size, bool)
    mask[order[: _count(sparsity, weights.size)]] = False
    return mask.reshape(weights.shape)


def prune_by_magnitude(weights, sparsity):
    """Return the `weights` with exactly round(sparsity · size) of them set to 0: those of the smallest magnitude.

    Args:
        weights: array of any shape.
        sparsity: float from 0 to 1.
    Returns:
        array shaped like `weights`; what stays is unchanged.
    Raises:
        ValueError: `sparsity` is not between 0 and 1.
    """
    return np.where(magnitude_mask(weights, sparsity), weights, np.zeros_like(weights))


def prune_globally(kernels, sparsity):
    """Return the `kernels` with round(sparsity · all weights) zeros, the smallest of all layers together.

    Layers whose weights are small lose more of them than the others; no layer has a sparsity of its own.

    Args:
        kernels: list of arrays.
        sparsity: float from 0 to 1.
    """
    together = prune_by_magnitude(np.concatenate([np.ravel(kernel) for kernel in kernels]), sparsity)
    cuts = np.cumsum([np.size(kernel) for kernel in kernels])[:-1]
    return [
        part.reshape(np.shape(kernel)).astype(np.asarray(kernel).dtype)
        for part, kernel in zip(np.split(together, cuts), kernels, strict=True)
    ]


def sparsity_of(kernels):
    """Return the share of zeros among all weights of a list of arrays."""
    return 1 - sum(np.count_nonzero(kernel) for kernel in kernels) / sum(np.size(kernel) for kernel in kernels)


def sensitivity(kernels, levels, evaluate):
    """Return what pruning each layer alone gives: how sensitive it is.

    Args:
        kernels: list of arrays, one for each layer.
        levels: the sparsities that are tried.
        evaluate: `evaluate(kernels)` is the accuracy of the network with these kernels, or any other score.
    Returns:
        array (layers, levels) of scores; in each, one layer is pruned and the others are whole.
    """
    scores = np.empty((len(kernels), len(levels)))
    for layer, kernel in enumerate(kernels):
        for place, level in enumerate(levels):
            changed = list(kernels)
            changed[layer] = prune_by_magnitude(kernel, level)
            scores[layer, place] = evaluate(changed)
    return scores


def sparsity_per_layer(sizes, levels, drops, share):
    """Return a sparsity for each layer, so that few enough weights stay and as little as possible is lost.

    What is lost is taken for the sum of what each layer loses when it is pruned alone, as a sensitivity scan tells.
    That is an estimate: the layers' losses need not add up, so the pruned network has to be evaluated.

    Args:
        sizes: list of ints, how many weights each layer has.
        levels: list of sparsities that may be chosen.
        drops: array (layers, levels), the points lost where one layer alone is pruned to a level.
        share: float, at most this part of all weights may stay.
    Returns:
        list of floats from `levels`, one for each layer. All choices are tried: levels^layers of them.
    Raises:
        ValueError: even with the highest level in each layer too many weights stay.
    """
    allowed = share * sum(sizes) * (1 + 1e-9)  # a share that is met exactly is met, whatever the rounding
    best = None
    for places in itertools.product(range(len(levels)), repeat=len(sizes)):
        kept = sum(size * (1 - levels[place]) for size, place in zip(sizes, places, strict=True))
        lost = sum(drops[layer][place] for layer, place in enumerate(places))
        if kept <= allowed and (best is None or lost < best[0]):
            best = lost, [levels[place] for place in places]
    if best is None:
        raise ValueError(f"with a sparsity of {max(levels)} in each layer more than {share} of the weights stay")
    return best[1]


def growing_sparsity(step, final, steps, begin=0, initial=0.0):
    """Return the sparsity at a training step: it grows quickly at first, and slowly when little is left to prune.

        s(t) = final + (initial − final) · (1 − (t − begin) / steps)³

    `initial` before the step `begin`, and `final` from the step begin + steps on.

    Args:
        step: int, or an array of them.
        final, initial: floats from 0 to 1.
        steps: int ≥ 1, over how many steps it grows.
        begin: int, the first of them.
    """
    done = np.clip((np.asarray(step) - begin) / steps, 0.0, 1.0)
    return final + (initial - final) * (1 - done) ** 3


def stored_bytes(weights, bytes_each=4):
    """Return how many bytes `weights` take where zeros are left out: a bit for each weight, and those that stay.

    The bits say which weights stay. Where that is more than all numbers as they are, these count.

    Args:
        weights: array.
        bytes_each: int, 4 for float32 and 1 for int8.
    """
    size = np.size(weights)
    return min(size * bytes_each, -(-size // 8) + np.count_nonzero(weights) * bytes_each)


def _count(sparsity, size):
    if not 0 <= sparsity <= 1:
        raise ValueError(f"a sparsity is a number from 0 to 1, not {sparsity}")
    return round(sparsity * size)
