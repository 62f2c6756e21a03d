"""The exercise on standardizing: a scale that is made on the training part, and on it alone."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.mnist_mlp.pairs import pair


def standardize(train, test):
    """Give every feature the mean 0 and the standard deviation 1, as measured on the training part alone.

    Args:
        train: array (n, features).
        test: array (m, features), or any other data that the network is to meet later.
    Returns:
        (train, test), both less the training mean and divided by the training standard deviation of each feature;
        a feature that is constant in `train` is only centered.
    """
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation = np.where(deviation == 0, 1, deviation)
    return (train - mean) / deviation, (test - mean) / deviation


def probe_standardize(standardize, rng):
    train = rng.normal(loc=[5.0, -100.0, 2.0], scale=[2.0, 30.0, 0.5], size=(9, 3))
    test = rng.normal(loc=[8.0, -130.0, 2.5], scale=[1.0, 10.0, 1.0], size=(6, 3))
    other, single = rng.normal(3.0, 2.0, size=(7, 2)), rng.normal(3.0, 2.0, size=(1, 2))
    dark = rng.integers(0, 255, size=(8, 4)).astype(float)
    dark_test = rng.integers(0, 255, size=(5, 4)).astype(float)
    dark[:, 1] = dark_test[:, 1] = 3.0

    def part(train, test, which):
        return lambda: pair(standardize(train, test), "(train, test)")[which]

    near = 1e-5  # room for those who add a small ε to the deviation
    yield Row("the training part", part(train, test, 0), 1, essential=True, relative_tolerance=near)
    yield Row("the test part", part(train, test, 1), 2, relative_tolerance=near)
    yield Row("a single example to test on", part(other, single, 1), relative_tolerance=near)
    yield Row("a constant feature, training part", part(dark, dark_test, 0), relative_tolerance=near)
    yield Row("a constant feature, test part", part(dark, dark_test, 1), relative_tolerance=near)


def faulty_standardize(
    train,
    test,
    own_statistics=False,
    all_data=False,
    all_features=False,
    by_example=False,
    variance=False,
    not_centered=False,
    no_guard=False,
    raw_test=False,
):
    axis = None if all_features else 1 if by_example else 0
    fitted = np.concatenate([train, test]) if all_data else train

    def scaled(data, fitted):
        mean = np.mean(fitted, axis=axis, keepdims=True)
        spread = np.var(fitted, axis=axis, keepdims=True) if variance else np.std(fitted, axis=axis, keepdims=True)
        spread = spread if no_guard else np.where(spread == 0, 1, spread)
        return (data if not_centered else data - mean) / spread

    if by_example:
        return scaled(train, train), test if raw_test else scaled(test, test)
    return scaled(train, fitted), test if raw_test else scaled(test, test if own_statistics else fitted)


def standardize_by_range(train, test):
    low, width = train.min(axis=0), np.ptp(train, axis=0)
    width = np.where(width == 0, 1, width)
    return (train - low) / width, (test - low) / width


def standardize_half_from_test(train, test):
    mean, deviation, test_deviation = train.mean(axis=0), train.std(axis=0), test.std(axis=0)
    test_deviation = np.where(test_deviation == 0, 1, test_deviation)
    return (train - mean) / np.where(deviation == 0, 1, deviation), (test - mean) / test_deviation


def standardize_train_alone(train, test):
    return faulty_standardize(train, test)[0]


def standardize_like_pandas(train, test):
    mean, deviation = train.mean(axis=0), train.std(axis=0, ddof=1)
    deviation = np.where(deviation == 0, 1, deviation)
    return (train - mean) / deviation, (test - mean) / deviation


def standardize_by_scikit_learn(train, test):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train)
    return scaler.transform(train), scaler.transform(test)


def standardize_feature_by_feature(train, test):
    train, test = train.copy(), test.copy()
    for feature in range(train.shape[1]):
        mean, deviation = train[:, feature].mean(), train[:, feature].std()
        for part in (train, test):
            part[:, feature] -= mean
            if deviation > 0:
                part[:, feature] /= deviation
    return train, test


def standardize_with_small_epsilon(train, test):
    mean, deviation = np.mean(train, 0), np.sqrt(np.mean((train - np.mean(train, 0)) ** 2, 0))
    return [(train - mean) / (deviation + 1e-8), (test - mean) / (deviation + 1e-8)]


STANDARDIZE = Exercise(
    name="standardize",
    reference=standardize,
    probe=probe_standardize,
    misconceptions=[
        *flags(
            faulty_standardize,
            own_statistics="The test part is scaled with its own mean and deviation. Then the network sees it through "
            "another ruler than it was trained with, and a single example becomes 0. Use the training statistics.",
            all_data="Mean and deviation come from training and test part together: the test set has leaked into the "
            "training data. Measure them on `train` alone.",
            all_features="You take one mean and one deviation over the whole array. Features have units of their own: "
            "use `axis=0`, one number for each column.",
            by_example="You scale each example by itself, with `axis=1`. A feature is a column: use `axis=0`.",
            variance="You divide by the variance. Divide by its root, the standard deviation: `std`, not `var`.",
            not_centered="The mean is not subtracted, so no feature is centered on 0.",
            no_guard="A feature that never changes has the deviation 0, and 0/0 is NaN. Divide such a feature by 1.",
            raw_test="The test part comes back as it was. The network must meet it on the scale it was trained on.",
        ),
        Misconception(
            standardize_by_range,
            "This maps each feature to [0, 1] by its minimum and maximum. Asked for are mean 0 and deviation 1.",
        ),
        Misconception(
            standardize_half_from_test,
            "The test part is centered with the training mean, but divided by its own deviation. Both numbers belong "
            "to the ruler, and it is made on `train`.",
        ),
        Misconception(standardize_train_alone, "Return two arrays: `return scaled_train, scaled_test`."),
    ],
    equivalents=[
        standardize_by_scikit_learn,
        standardize_feature_by_feature,
        standardize_with_small_epsilon,
        lambda train, test: tuple(
            np.divide(part - train.mean(0), train.std(0), out=np.zeros_like(part), where=train.std(0) > 0)
            for part in (train, test)
        ),
    ],
    accepts=[standardize_like_pandas],
    hints=[
        "Which of the two arrays may you look at when you choose the scale, and which one only gets it applied?",
        "`train.mean(axis=0)` is one number for each feature. You need it twice: for `train` and for `test`.",
        "`np.where(deviation == 0, 1, deviation)` keeps a constant feature from dividing 0 by 0.",
    ],
)
