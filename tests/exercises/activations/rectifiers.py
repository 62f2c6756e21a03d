"""Foreign answers on ReLU, its dead units, leaky ReLU with its slope, and PReLU."""

import numpy as np

# --- right answers, each written in its own way


def relu_by_masking_a_copy(x):
    y = np.array(x)
    y[y < 0] = 0
    return y


def relu_with_list_comprehension(x):
    return np.array([v if v > 0 else 0 for v in np.asarray(x).ravel().tolist()]).reshape(np.shape(x))


def relu_with_fmax(x):
    return np.fmax(x, np.zeros_like(x))


def relu_in_float32(x):
    return np.maximum(np.float32(x), np.float32(0))


def dead_by_columns(pre_activations):
    count = 0
    for column in pre_activations.transpose():
        if (np.maximum(column, 0) == 0).all():
            count += 1
    return count / pre_activations.shape[1]


def dead_by_sum_of_outputs(pre_activations):
    outputs = np.where(pre_activations > 0, pre_activations, 0)
    return len(np.flatnonzero(outputs.sum(axis=0) == 0)) / outputs.shape[-1]


def dead_by_complement(z):
    return 1.0 - np.any(np.clip(z, 0, None), axis=0).mean()


def leaky_with_clip(x, negative_slope=0.2):
    return np.clip(x, 0, None) + negative_slope * np.clip(x, None, 0), np.where(x > 0, 1, negative_slope)


def leaky_by_masking_a_copy(x, negative_slope=0.2):
    y, slope = x.astype(float).copy(), np.ones(x.shape)
    y[y < 0] = y[y < 0] * negative_slope
    slope[x < 0] = negative_slope
    return y, slope


def leaky_with_halves(x, negative_slope=0.2):
    half, rest = 0.5 * (1 + negative_slope), 0.5 * (1 - negative_slope)
    return half * x + rest * np.abs(x), half + rest * np.sign(x)


def prelu_by_where_and_dot(x, alpha, upstream):
    mask = (x > 0).astype(float)
    dx = upstream * mask + upstream * alpha * (1 - mask)
    dalpha = ((1 - mask) * x * upstream).T @ np.ones(len(x))
    return dx, dalpha


def prelu_in_place(x, alpha, upstream):
    d_alpha = np.zeros(alpha.shape)
    d_x = np.empty(x.shape)
    for i, row in enumerate(x):
        d_x[i] = np.where(row >= 0, upstream[i], alpha * upstream[i])
        d_alpha += np.where(row >= 0, 0, row * upstream[i])
    return (d_x, d_alpha)


# --- wrong answers, and what the message must speak of


def relu_with_max_of_numpy(x):
    return np.max(x, axis=0)


def relu_of_python(x):
    return max(0, x)


def relu_filtered(x):
    return np.array([v for v in np.ravel(x) if v > 0])


def dead_by_samples(z):
    return (np.maximum(z, 0).sum(axis=1) == 0).mean()


def dead_by_zeros(z):
    return np.count_nonzero(np.maximum(z, 0) == 0) / z.size


def dead_counted(z):
    return int((z.max(0) <= 0).sum())


def leaky_of_the_paper(x, negative_slope=0.2):
    return np.maximum(0.01 * x, x), np.where(x > 0, 1, 0.01)


def leaky_with_minimum(x, negative_slope=0.2):
    return np.minimum(x, negative_slope * x), np.where(x > 0, 1, negative_slope)


def leaky_added(x, negative_slope=0.2):
    return np.where(x > 0, x, 0) + negative_slope * x, np.where(x > 0, 1, negative_slope)


def leaky_with_a_dying_slope(x, negative_slope=0.2):
    return np.where(x > 0, x, negative_slope * x), (x > 0).astype(float)


def prelu_without_the_sum(x, alpha, upstream):
    return np.where(x > 0, upstream, alpha * upstream), np.where(x > 0, 0, x) * upstream


def prelu_averaged(x, alpha, upstream):
    return np.where(x > 0, upstream, alpha * upstream), (np.where(x > 0, 0, x) * upstream).mean(axis=0)


def prelu_transposed_roles(x, alpha, upstream):
    return (np.minimum(x, 0) * upstream).sum(0), np.where(x > 0, 1, alpha) * upstream


def prelu_averaged_and_flat(x, alpha, upstream):
    return (x > 0) * upstream, (np.minimum(x, 0) * upstream).mean(0)


RIGHT = {
    "relu": [relu_by_masking_a_copy, relu_with_list_comprehension, relu_with_fmax, relu_in_float32],
    "dead_fraction": [dead_by_columns, dead_by_sum_of_outputs, dead_by_complement],
    "leaky_relu_and_slope": [leaky_with_clip, leaky_by_masking_a_copy, leaky_with_halves],
    "prelu_gradients": [prelu_by_where_and_dot, prelu_in_place],
}
WRONG = {
    "relu": [
        (relu_with_max_of_numpy, "is an axis"),
        (relu_of_python, "for one number"),
        (relu_filtered, "throws the negative"),
    ],
    "dead_fraction": [(dead_by_samples, "wrong axis"), (dead_by_zeros, "sparsity"), (dead_counted, "how many units")],
    "leaky_relu_and_slope": [
        (leaky_of_the_paper, "is ignored"),
        (leaky_with_minimum, "sides of your value are swapped"),
        (leaky_added, "on the positive side too"),
        (leaky_with_a_dying_slope, "plain ReLU"),
    ],
    "prelu_gradients": [
        (prelu_without_the_sum, "one row for each example"),
        (prelu_averaged, "average over the batch"),
        (prelu_transposed_roles, "swapped"),
        (prelu_averaged_and_flat, "Two mistakes"),
    ],
}
