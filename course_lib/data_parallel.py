"""Data parallelism: each rank has the same weights and its own share of a batch, and all take the same step.

The gradient of a mean over n examples is (Σ_r n_r g_r) / Σ_r n_r, where rank r has n_r of them and g_r is the gradient
of the mean over those. Only where all n_r are equal is that the mean of the g_r.
"""

import numpy as np

from course_lib.collectives import broadcast, ring_all_reduce


def same_weights(rank, size, weights):
    """Return rank 0's weights on every rank, a list of arrays: what each rank begins with, however it was seeded."""
    return [*(yield from broadcast(rank, size, list(weights)))]


def mean_gradients(rank, size, gradients, count):
    """Return the gradients of the mean over all ranks' examples, on every rank.

    All arrays travel in one all-reduce, with the number of examples behind them: a message costs its latency, however
    short it is.

    Args:
        gradients: list of arrays, of the mean loss over this rank's examples; not looked at where it has none.
        count: how many examples this rank has, 0 or more, but not 0 on all ranks.
    Returns:
        list of arrays of the same shapes.
    """
    own = np.concatenate([np.ravel(each) for each in gradients])
    # What is the mean of nothing, is nan, and 0 · nan is nan too.
    weighted = count * own if count else np.zeros_like(own)
    *total, examples = yield from ring_all_reduce(rank, size, np.append(weighted, count))
    mean = np.array(total) / examples
    ends = np.cumsum([np.size(each) for each in gradients])[:-1]
    return [part.reshape(np.shape(each)) for part, each in zip(np.split(mean, ends), gradients, strict=True)]
