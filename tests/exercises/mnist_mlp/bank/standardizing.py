"""`standardize` as people write it."""

import numpy as np

from tests.exercises.mnist_mlp.bank import right, wrong


@right("standardize")
def by_sklearn(train, test):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train)
    return scaler.transform(train), scaler.transform(test)


@right("standardize")
def by_pandas(train, test):
    import pandas as pd

    train, test = pd.DataFrame(train), pd.DataFrame(test)
    mean, deviation = train.mean(), train.std(ddof=0).replace(0, 1)
    return (train - mean) / deviation, (test - mean) / deviation


@right("standardize")
def by_tensorflow(train, test):
    import tensorflow as tf

    mean, variance = tf.nn.moments(tf.constant(train), axes=[0])
    deviation = tf.where(variance > 0, tf.sqrt(variance), tf.ones_like(variance))
    return (train - mean) / deviation, (test - mean) / deviation


@right("standardize")
def by_generator(train, test):
    m, s = train.mean(axis=0, keepdims=True), train.std(axis=0, keepdims=True)
    s = np.where(s == 0, 1, s)
    return tuple((x - m) / s for x in (train, test))


@right("standardize")
def by_divide_where(train, test):
    m, s = np.mean(train, 0), np.std(train, 0)

    def scale(x):
        x = x - m
        return np.divide(x, s, out=x, where=s != 0)

    return [scale(train), scale(test)]


@right("standardize")
def one_feature_at_a_time(train, test):
    train, test = train.copy(), test.copy()
    for j in range(train.shape[1]):
        m = sum(train[:, j]) / len(train)
        s = (sum((x - m) ** 2 for x in train[:, j]) / len(train)) ** 0.5
        train[:, j] -= m
        test[:, j] -= m
        if s > 0:
            train[:, j] /= s
            test[:, j] /= s
    return train, test


@wrong("standardize", "bracket|before the division|divide.* mean")
def precedence(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    s[s == 0] = 1
    return train - m / s, test - m / s


@wrong("standardize", "variance")
def divided_by_variance(train, test):
    m, v = train.mean(axis=0), train.var(axis=0)
    v[v == 0] = 1
    return (train - m) / v, (test - m) / v


@wrong("standardize", "row|axis")
def along_axis_1(train, test):
    def scale(x):
        return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)

    return scale(train), scale(test)


@wrong("standardize", "deviation 0|NaN")
def by_pandas_as_it_is(train, test):
    import pandas as pd

    train, test = pd.DataFrame(train), pd.DataFrame(test)
    return ((train - train.mean()) / train.std()).fillna(0).values, ((test - train.mean()) / train.std()).values


@right("standardize")
def by_statistics_stdev(train, test):
    import statistics

    m = [statistics.mean(column) for column in train.T.tolist()]
    s = [statistics.stdev(column) or 1.0 for column in train.T.tolist()]
    return (train - m) / s, (test - m) / s


@wrong("standardize", "constant|ε")
def epsilon_in_the_denominator(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    return (train - m) / (s + 1e-8), (test - m) / (s + 1e-8)


@wrong("standardize", "constant|ε")
def epsilon_of_another_size(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    return (train - m) / (s + 1e-4), (test - m) / (s + 1e-4)


@wrong("standardize", "constant|ε")
def epsilon_under_the_root(train, test):
    m, v = train.mean(axis=0), train.var(axis=0)
    return (train - m) / np.sqrt(v + 0.001), (test - m) / np.sqrt(v + 0.001)


@wrong("standardize", "constant|ε")
def deviation_at_least_tiny(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    s[s == 0] = 1e-8
    return (train - m) / s, (test - m) / s


@wrong("standardize", "smallest|largest|minimum|min")
def min_max(train, test):
    low, high = train.min(axis=0), train.max(axis=0)
    span = np.where(high > low, high - low, 1)
    return (train - low) / span, (test - low) / span


@wrong("standardize", "smallest|largest|minimum|min")
def mean_normalization(train, test):
    m = train.mean(axis=0)
    span = np.ptp(train, axis=0)
    span[span == 0] = 1
    return (train - m) / span, (test - m) / span


@wrong("standardize", "nan_to_num|center|constant")
def nan_to_num(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    with np.errstate(all="ignore"):
        return np.nan_to_num((train - m) / s), np.nan_to_num((test - m) / s)


@wrong("standardize", "center|constant")
def zeros_where_constant(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    out = [np.zeros_like(train), np.zeros_like(test)]
    for x, o in zip((train, test), out, strict=True):
        o[:, s > 0] = (x[:, s > 0] - m[s > 0]) / s[s > 0]
    return out


@wrong("standardize", "center")
def constant_left_alone(train, test):
    train, test = train.copy(), test.copy()
    m, s = train.mean(axis=0), train.std(axis=0)
    for j in range(train.shape[1]):
        if s[j] != 0:
            train[:, j] = (train[:, j] - m[j]) / s[j]
            test[:, j] = (test[:, j] - m[j]) / s[j]
    return train, test


@wrong("standardize", "constant|column|feature")
def constant_column_dropped(train, test):
    keep = train.std(axis=0) > 0
    train, test = train[:, keep], test[:, keep]
    return (train - train.mean(0)) / train.std(0), (test - train.mean(0)) / train.std(0)


@wrong("standardize", "pair|two|both")
def one_array_where_two_are_asked(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    s[s == 0] = 1
    return np.concatenate([(train - m) / s, (test - m) / s])


@wrong("standardize", "order|swap|first")
def test_first(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    s[s == 0] = 1
    return (test - m) / s, (train - m) / s


@wrong("standardize", "pair|two|more")
def with_mean_and_deviation(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    s[s == 0] = 1
    return (train - m) / s, (test - m) / s, m, s


@wrong("standardize", "round|digits")
def rounded(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    s[s == 0] = 1
    return np.round((train - m) / s, 4), np.round((test - m) / s, 4)


@wrong("standardize", "unchanged|as (they|it)|nothing|came in")
def loop_variable_rebound(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    s[s == 0] = 1
    for x in (train, test):
        x = (x - m) / s
    return train, test


@wrong("standardize", "test")
def fitted_on_the_test_set(train, test):
    m, s = test.mean(axis=0), test.std(axis=0)
    s[s == 0] = 1
    return (train - m) / s, (test - m) / s


@wrong("standardize", "as it was")
def train_overwritten_first(train, test):
    def guard(s):
        return np.where(s > 0, s, 1)

    train = (train - train.mean(axis=0)) / guard(train.std(axis=0))
    test = (test - train.mean(axis=0)) / guard(train.std(axis=0))
    return train, test


@wrong("standardize", "no mean is subtracted|already")
def centered_then_measured(train, test):
    train = train - train.mean(axis=0)
    test = test - train.mean(axis=0)
    s = train.std(axis=0)
    s[s == 0] = 1
    return train / s, test / s


@wrong("standardize", "length|norm|vector")
def divided_by_length(train, test):
    return tuple(x / np.linalg.norm(x, axis=1, keepdims=True) for x in (train, test))


@wrong("standardize", "mean|center")
def only_divided(train, test):
    s = train.std(axis=0)
    s[s == 0] = 1
    return train / s, test / s


@wrong("standardize", "divid|deviation")
def only_centered(train, test):
    return train - train.mean(axis=0), test - train.mean(axis=0)


@wrong("standardize", "own|test")
def by_scipy_zscore(train, test):
    from scipy.stats import zscore

    with np.errstate(all="ignore"):
        return np.nan_to_num(zscore(train)), np.nan_to_num(zscore(test))


@wrong("standardize", "own|test")
def deviation_of_its_own(train, test):
    m = train.mean(axis=0)

    def guard(s):
        return np.where(s > 0, s, 1)

    return (train - m) / guard(train.std(axis=0)), (test - m) / guard(test.std(axis=0))


@wrong("standardize", "own|test")
def mean_of_its_own(train, test):
    s = train.std(axis=0)
    s[s == 0] = 1
    return (train - train.mean(axis=0)) / s, (test - test.mean(axis=0)) / s


@wrong("standardize", "constant")
def by_keras_normalization(train, test):
    import keras

    layer = keras.layers.Normalization()
    layer.adapt(train)
    return layer(train), layer(test)


@wrong("standardize", "0.1307|MNIST")
def with_numbers_of_mnist(train, test):
    return (train - 0.1307) / 0.3081, (test - 0.1307) / 0.3081


@wrong("standardize", "median|quartile|mean")
def with_median(train, test):
    m, s = np.median(train, axis=0), train.std(axis=0)
    s[s == 0] = 1
    return (train - m) / s, (test - m) / s


@wrong("standardize", "test")
def test_returned_as_it_was(train, test):
    m, s = train.mean(axis=0), train.std(axis=0)
    s[s == 0] = 1
    return (train - m) / s, test


@wrong("standardize", "constant|0/0|NaN|nan")
def plus_epsilon_in_the_mean(train, test):
    m, s = train.mean(axis=0) + 1e-7, train.std(axis=0)
    with np.errstate(all="ignore"):
        return (train - m) / s, (test - m) / s
