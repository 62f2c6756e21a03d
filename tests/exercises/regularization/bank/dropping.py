"""`dropout` as people write it."""

import numpy as np

from tests.exercises.banks import Bank

BANK = Bank()
right, wrong = BANK.right, BANK.wrong


@right("dropout")
def by_stateless_tensorflow(inputs, rate, training, seed):
    import tensorflow as tf

    return tf.nn.experimental.stateless_dropout(inputs, rate, seed=(seed, 0)) if training else inputs


@right("dropout")
def by_keras_random(inputs, rate, training, seed):
    import keras

    if not training:
        return inputs
    return keras.random.dropout(keras.ops.convert_to_tensor(inputs, "float32"), rate, seed=seed)


@right("dropout")
def one_number_at_a_time(inputs, rate, training, seed):
    if not training:
        return inputs
    import random

    draws = random.Random(int(seed))
    flat = [0.0 if draws.random() < rate else x / (1 - rate) for x in inputs.ravel().tolist()]
    return np.array(flat).reshape(inputs.shape)


@right("dropout")
def by_choice(inputs, rate, training, seed):
    p = rate if training else 0.0
    factors = np.random.default_rng(seed).choice([0, 1 / (1 - p)], size=inputs.shape, p=[p, 1 - p])
    return inputs * factors


@right("dropout")
def by_generator_expression(inputs, rate, training, seed):
    keep = np.random.RandomState(seed % 2**31).uniform(size=inputs.size) >= rate * training
    values = (x * k for x, k in zip(inputs.flat, keep, strict=True))
    return np.fromiter(values, float).reshape(inputs.shape) / (1 - rate * training)


@wrong("dropout", "normal|randn|rate")
def randn_mask(inputs, rate, training, seed):
    if not training:
        return inputs
    np.random.seed(seed)
    mask = np.random.randn(*inputs.shape) > rate
    return inputs * mask / (1 - rate)


@wrong("dropout", "normal|randn|rate")
def randn_mask_kept_below(inputs, rate, training, seed):
    if not training:
        return inputs
    np.random.seed(seed)
    mask = np.random.randn(*inputs.shape) < 1 - rate
    return inputs * mask / (1 - rate)


@wrong("dropout", "shape|axes|dimension")
def two_axes_only(inputs, rate, training, seed):
    if not training:
        return inputs
    np.random.seed(seed)
    mask = np.random.rand(inputs.shape[0], inputs.shape[1]) > rate
    return inputs * mask / (1 - rate)


@wrong("dropout", "column|unit|independent|all rows|same mask|every row")
def one_mask_for_all_rows(inputs, rate, training, seed):
    if not training:
        return inputs
    mask = np.random.default_rng(seed).random(inputs.shape[-1]) > rate
    return inputs * mask / (1 - rate)


@wrong("dropout", "row|independent|example")
def whole_examples(inputs, rate, training, seed):
    if not training:
        return inputs
    mask = np.random.default_rng(seed).random((len(inputs),) + (1,) * (inputs.ndim - 1)) > rate
    return inputs * mask / (1 - rate)


@wrong("dropout", "swap|kept|dropped|keep")
def keep_for_rate(inputs, rate, training, seed):
    if not training:
        return inputs
    np.random.seed(seed)
    mask = np.random.rand(*inputs.shape) < rate
    return inputs * mask / rate if rate else inputs * 0


@wrong("dropout", "wrong way round|swap|kept|dropped|keep")
def mask_the_wrong_way_round(inputs, rate, training, seed):
    if not training:
        return inputs
    np.random.seed(seed)
    mask = np.random.rand(*inputs.shape) < rate
    return inputs * mask / (1 - rate)


@wrong("dropout", "divided|1 − rate|scal")
def divided_by_rate(inputs, rate, training, seed):
    if not training or rate == 0:
        return inputs
    np.random.seed(seed)
    mask = np.random.rand(*inputs.shape) >= rate
    return inputs * mask / rate


@wrong("dropout", "multipl|divi|1 − rate")
def multiplied_by_keep(inputs, rate, training, seed):
    if not training:
        return inputs
    np.random.seed(seed)
    mask = np.random.rand(*inputs.shape) >= rate
    return inputs * mask * (1 - rate)


@wrong("dropout", "use|test|not training|inverted")
def scaled_in_use(inputs, rate, training, seed):
    if not training:
        return inputs * (1 - rate)
    np.random.seed(seed)
    return inputs * (np.random.rand(*inputs.shape) >= rate)


@wrong("dropout", "use|test|not training")
def scaled_in_both(inputs, rate, training, seed):
    if not training:
        return inputs * (1 - rate)
    rng = np.random.default_rng(seed)
    return inputs * rng.binomial(1, 1 - rate, inputs.shape) / (1 - rate)


@wrong("dropout", "training")
def only_in_use(inputs, rate, training, seed):
    if training:
        return inputs
    rng = np.random.default_rng(seed)
    return inputs * rng.binomial(1, 1 - rate, inputs.shape) / (1 - rate)


@wrong("dropout", "seed")
def unseeded(inputs, rate, training, seed):
    if not training:
        return inputs
    return inputs * np.random.binomial(1, 1 - rate, inputs.shape) / (1 - rate)


@right("dropout")
def exactly_a_share(inputs, rate, training, seed):
    if not training:
        return inputs
    rng = np.random.default_rng(seed)
    outputs = inputs.copy().ravel()
    outputs[rng.choice(outputs.size, int(rate * outputs.size), replace=False)] = 0
    return outputs.reshape(inputs.shape) / (1 - rate)


@wrong("dropout", "tuple|mask|pair|one array")
def with_its_mask(inputs, rate, training, seed):
    mask = np.ones(inputs.shape)
    if training:
        mask = np.random.default_rng(seed).binomial(1, 1 - rate, inputs.shape) / (1 - rate)
    return inputs * mask, mask


@wrong("dropout", "mask")
def the_mask_itself(inputs, rate, training, seed):
    if not training:
        return inputs
    return np.random.default_rng(seed).binomial(1, 1 - rate, inputs.shape) / (1 - rate)


@wrong("dropout", "one draw|single|independent|all")
def one_draw_for_all(inputs, rate, training, seed):
    if not training:
        return inputs
    keep = np.random.default_rng(seed).random() >= rate
    return inputs * keep / (1 - rate)


@wrong("dropout", "noise|normal|zero|0")
def gaussian_dropout(inputs, rate, training, seed):
    if not training:
        return inputs
    rng = np.random.default_rng(seed)
    return inputs * rng.normal(1, np.sqrt(rate / (1 - rate)), inputs.shape)


@wrong("dropout", "noise|added|zero|0")
def gaussian_noise(inputs, rate, training, seed):
    if not training:
        return inputs
    rng = np.random.default_rng(seed)
    return inputs + rng.normal(0, rate, inputs.shape)


@wrong("dropout", "half|rate")
def half_of_them(inputs, rate, training, seed):
    if not training:
        return inputs
    rng = np.random.default_rng(seed)
    return inputs * rng.integers(0, 2, inputs.shape) / (1 - rate)


@wrong("dropout", "half|rate|0.5")
def rate_is_one_half(inputs, rate, training, seed):
    if not training:
        return inputs
    rng = np.random.default_rng(seed)
    return inputs * (rng.random(inputs.shape) > 0.5) / 0.5


@wrong("dropout", "twice|scal|divi")
def scaled_twice(inputs, rate, training, seed):
    if not training:
        return inputs
    mask = np.random.default_rng(seed).binomial(1, 1 - rate, inputs.shape) / (1 - rate)
    return inputs * mask / (1 - rate)


@wrong("dropout", "drop|mask|0")
def only_scaled(inputs, rate, training, seed):
    return inputs / (1 - rate) if training else inputs


@wrong("dropout", "nothing|drop|unchanged|as they")
def mask_forgotten(inputs, rate, training, seed):
    if training:
        mask = np.random.default_rng(seed).random(inputs.shape) > rate
        inputs * mask / (1 - rate)
    return inputs


@wrong("dropout", "place|same|first|seed|random")
def the_first_ones(inputs, rate, training, seed):
    if not training:
        return inputs
    outputs = inputs.copy().ravel()
    outputs[: int(rate * outputs.size)] = 0
    return outputs.reshape(inputs.shape) / (1 - rate)


@wrong("dropout", "smallest|size|random")
def the_smallest_ones(inputs, rate, training, seed):
    if not training:
        return inputs
    limit = np.quantile(np.abs(inputs), rate)
    return np.where(np.abs(inputs) >= limit, inputs / (1 - rate), 0)


@wrong("dropout", "whole|integer|int")
def rounded_to_integers(inputs, rate, training, seed):
    if not training:
        return inputs
    outputs = np.zeros(inputs.shape, dtype=int)
    keep = np.random.default_rng(seed).random(inputs.shape) >= rate
    outputs[keep] = inputs[keep] / (1 - rate)
    return outputs


@wrong("dropout", "use|test|not training")
def divided_in_use_too(inputs, rate, training, seed):
    if training:
        inputs = inputs * np.random.default_rng(seed).binomial(1, 1 - rate, inputs.shape)
    return inputs / (1 - rate)


@wrong("dropout", "happened to survive")
def scaled_to_keep_the_sum(inputs, rate, training, seed):
    if not training:
        return inputs
    mask = np.random.default_rng(seed).binomial(1, 1 - rate, inputs.shape)
    return inputs * mask / max(mask.mean(), 1e-12)


@wrong("dropout", "root|√|scal|divi")
def scaled_by_the_root(inputs, rate, training, seed):
    if not training:
        return inputs
    return inputs * np.random.default_rng(seed).binomial(1, 1 - rate, inputs.shape) / np.sqrt(1 - rate)
