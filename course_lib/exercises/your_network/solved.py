"""The four pieces of this chapter as a learner writes them, on `yours`: what serves until theirs has passed.

A network that lacks one of them still runs on all that its owner has written in the chapters before.
"""

from itertools import pairwise

import numpy as np

from course_lib import yours


def starting_weights(sizes, seed):
    weights = []
    for layer, shape in enumerate(pairwise(sizes)):
        weights += [yours.he_normal(shape, seed + layer), np.zeros(shape[1], dtype="float32")]
    return weights


def network_outputs(x, weights, rate=0.0, seed=0):
    inputs = [x]
    for layer in range(len(weights) // 2 - 1):
        kernel, bias = weights[2 * layer : 2 * layer + 2]
        hidden = yours.relu(inputs[-1] @ kernel + bias)
        if rate > 0:
            hidden = yours.dropout(hidden, rate, True, seed + layer)
        inputs.append(hidden)
    return inputs[-1] @ weights[-2] + weights[-1], inputs


def network_gradients(inputs, weights, upstream, rate=0.0):
    gradients = []
    for layer in reversed(range(len(inputs))):
        of_kernel, of_bias, of_inputs = yours.dense_gradients(inputs[layer], weights[2 * layer], upstream)
        gradients = [of_kernel, of_bias, *gradients]
        upstream = of_inputs * (inputs[layer] > 0) / (1 - rate)
    return gradients


def fit_network(x, labels, weights, epochs, batch_size, learning_rate, rate, seed):
    rng, optimizer, losses = np.random.default_rng(seed), yours.Adam(learning_rate), []
    steps = epochs * int(np.ceil(len(x) / batch_size))
    for _ in range(epochs):
        for batch in yours.minibatches(rng.permutation(len(x)), batch_size):
            logits, inputs = yours.network_outputs(x[batch], weights, rate, int(rng.integers(2**31)))
            truth = yours.one_hot(labels[batch], logits.shape[1])
            loss, upstream = yours.crossentropy_from_logits(truth, logits)
            gradients = yours.network_gradients(inputs, weights, upstream.astype(x.dtype), rate)
            optimizer.learning_rate = float(yours.cosine_decay(len(losses), learning_rate, steps))
            weights = optimizer.step(weights, gradients)
            losses.append(float(loss))
    return weights, losses
