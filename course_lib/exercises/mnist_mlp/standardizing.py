"""The exercise on standardizing: a scale that is made on the training part, and on it alone."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.returned import parts

# --- standardize


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


CONSTANT_TEST = "a feature that is constant in `train`: the test part, where it is not"


def probe_standardize(standardize, rng):
    train = rng.normal(loc=[5.0, -100.0, 2.0], scale=[2.0, 30.0, 0.5], size=(9, 3))
    test = rng.normal(loc=[8.0, -130.0, 2.5], scale=[1.0, 10.0, 1.0], size=(6, 3))
    other, single = rng.normal(3.0, 2.0, size=(7, 2)), rng.normal(3.0, 2.0, size=(1, 2))
    dark = rng.integers(0, 255, size=(8, 4)).astype(float)
    dark_test = rng.integers(10, 255, size=(5, 4)).astype(float)
    dark[:, 1], dark_test[:2, 1] = 3.0, [13.0, 3.0]

    def part(train, test, which):
        return lambda: parts(standardize(train, test), ["train", "test"])[which]

    near = 1e-5  # room for those who compute in float32
    yield Row("the training part", part(train, test, 0), 1, essential=True, relative_tolerance=near)
    yield Row("the test part", part(train, test, 1), 2, relative_tolerance=near)
    yield Row("a single example to test on", part(other, single, 1), relative_tolerance=near)
    yield Row("a constant feature: the training part", part(dark, dark_test, 0), relative_tolerance=near)
    yield Row(CONSTANT_TEST, part(dark, dark_test, 1), relative_tolerance=near)


def faulty_standardize(train, test, **made):
    axis = None if "all_features" in made else 1 if "by_example" in made else 0

    def measured(data):
        mean, deviation = data.mean(axis=axis, keepdims=True), data.std(axis=axis, keepdims=True)
        low, high = data.min(axis=axis, keepdims=True), data.max(axis=axis, keepdims=True)
        deviation = deviation**2 if "variance" in made else high - low if "by_range" in made else deviation
        if "median" in made:
            mean = np.median(data, axis=axis, keepdims=True)
        if "by_quartiles" in made:
            deviation = np.subtract(*np.percentile(data, [75, 25], axis=axis, keepdims=True))
        return mean, deviation if "no_guard" in made else np.where(deviation == 0, 1, deviation)

    def scaled(part, mean, deviation):
        mean = mean / deviation if "precedence" in made else 0 if "not_centered" in made else mean
        return (part - mean) / (1 if "precedence" in made or "not_divided" in made else deviation)

    fitted = np.concatenate([train, test]) if "all_data" in made else test if "of_test" in made else train
    mean, deviation = measured(fitted)
    own = measured(test)
    if "by_example" in made:
        mean, deviation = measured(train)
    test_mean = own[0] if {"own_statistics", "own_mean", "by_example"} & made.keys() else mean
    test_deviation = own[1] if {"own_statistics", "own_deviation", "by_example"} & made.keys() else deviation
    if "test_not_centered" in made:
        test_mean = 0 * mean
    if "unchanged" in made:
        return train, test
    parts = scaled(train, mean, deviation), test if "raw_test" in made else scaled(test, test_mean, test_deviation)
    return parts[::-1] if "test_first" in made else parts


def standardize_to_range(train, test):
    """This maps each feature to [0, 1] by its smallest and largest value.

    Asked for are mean 0 and deviation 1: subtract the mean and divide by the standard deviation.
    """
    low, width = train.min(axis=0), np.ptp(train, axis=0)
    width = np.where(width == 0, 1, width)
    return (train - low) / width, (test - low) / width


def standardize_to_length(train, test):
    """Each example is divided by its length (its norm), so examples of different size become alike.

    Scale each feature, a column, not each example: less the column's mean, divided by its standard deviation.
    """
    return tuple(part / np.linalg.norm(part, axis=1, keepdims=True) for part in (train, test))


def standardize_with_epsilon(train, test, constant=1e-8):
    """A feature that is constant in `train` is divided by a small number, so its test values explode.

    A deviation of 0 asks for another divisor: 1, which only centers. Elsewhere no ε is needed.
    """
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    return (train - mean) / (deviation + constant), (test - mean) / (deviation + constant)


def standardize_with_limit(train, test, constant=0.1):
    """A feature that is constant in `train` is divided by another number than 1.

    Let a deviation of 0 be replaced by 1, so that such a feature is only centered.
    """
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation = np.where(deviation == 0, constant, deviation)
    return (train - mean) / deviation, (test - mean) / deviation


def standardize_with_epsilon_in_root(train, test, constant=1e-3):
    """An ε stands under the root, as in batch normalization; it changes the scale of every feature.

    Divide by the deviation itself, and by 1 where it is 0.
    """
    mean, deviation = train.mean(axis=0), np.sqrt(train.var(axis=0) + constant)
    return (train - mean) / deviation, (test - mean) / deviation


def standardize_with_fixed_numbers(train, test, constant=(0.1307, 0.3081)):
    """The mean and deviation are fixed numbers, such as 0.1307 and 0.3081, those of MNIST's pixels from 0 to 1.

    They fit no other data: measure them on `train`, for each feature, with `axis=0`.
    """
    mean, deviation = constant
    return (train - mean) / deviation, (test - mean) / deviation


def fixed_numbers_of(test):
    deviation = (13.0 - 3.0) / (test[0, 1] - test[1, 1])
    return 3.0 - test[1, 1] * deviation, deviation


def divisor_of_constant(test):
    return float((13.0 - 3.0) / test[0, 1])


def standardize_with_zeros(train, test):
    """A feature that is constant in `train` has become 0 everywhere, also in `test`, where it is not constant.

    Only the division is left out for such a feature: subtract its mean as everywhere.
    """
    parts = faulty_standardize(train, test)
    return tuple(np.where(train.std(axis=0) > 0, part, 0) for part in parts)


def standardize_with_nan_to_num(train, test):
    """Dividing by a deviation of 0 gives infinities in `test`, and `nan_to_num` makes huge numbers of them.

    Mend the divisor, not the result: replace a deviation of 0 by 1.
    """
    return tuple(np.nan_to_num(part) for part in faulty_standardize(train, test, no_guard=True))


def standardize_but_for_constants(train, test):
    """A feature that is constant in `train` is left as it is.

    It is not divided, but it is centered: subtract its mean.
    """
    parts = faulty_standardize(train, test)
    return tuple(np.where(train.std(axis=0) > 0, new, old) for new, old in zip(parts, (train, test), strict=True))


def standardize_without_constants(train, test):
    """A feature that is constant in `train` is missing in the result.

    Keep every column: one that is constant in `train` is only centered.
    """
    return tuple(part[:, train.std(axis=0) > 0] for part in faulty_standardize(train, test))


def standardize_train_alone(train, test):
    """One array comes back where two are asked for.

    End with `return` and both scaled arrays, with a comma between them.
    """
    return faulty_standardize(train, test)[0]


def standardize_with_statistics(train, test):
    """More than two things come back.

    Return the two scaled arrays alone.
    """
    return *faulty_standardize(train, test), train.mean(axis=0)


def standardize_like_pandas(train, test, guard=True):
    mean, deviation = train.mean(axis=0), train.std(axis=0, ddof=1)
    deviation = np.where(deviation == 0, 1, deviation) if guard else deviation
    return (train - mean) / deviation, (test - mean) / deviation


def standardize_by_pandas_alone(train, test):
    """A feature that never changes has the deviation 0: 0/0 is NaN, and other numbers over 0 are infinite.

    Divide such a feature by 1, so that it is only centered.
    """
    return standardize_like_pandas(train, test, guard=False)


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


STANDARDIZE = Exercise(
    name="standardize",
    kind="derive",
    minutes=10,
    level=2,
    reference=standardize,
    probe=probe_standardize,
    misconceptions=[
        *flags(
            faulty_standardize,
            own_statistics=(
                "The test part is scaled with its own mean and deviation: the network sees it through another ruler "
                "than it was trained with, and a single example becomes 0.",
                "Apply the mean and deviation of `train` to both parts.",
            ),
            own_mean=(
                "The test part is centered with its own mean, so a shift between the two parts is wiped out.",
                "Both numbers belong to the ruler, and it is made on `train`.",
            ),
            own_deviation=(
                "The test part is centered with the training mean, but divided by its own deviation.",
                "Both numbers belong to the ruler, and it is made on `train`.",
            ),
            all_data=(
                "Mean and deviation come from training and test part together: the test set has leaked into training.",
                "Measure them on `train` alone.",
            ),
            of_test=(
                "Mean and deviation come from the test part, and the training part is scaled with them.",
                "Measure them on `train`, which is all that is known while training.",
            ),
            all_features=(
                "There is one mean and one deviation for the whole array, though features have units of their own.",
                "Use `axis=0`, which gives one number for each column.",
            ),
            by_example=(
                "Each example, a row, is scaled by itself.",
                "A feature is a column: use `axis=0`.",
            ),
            variance=(
                "The divisor is the variance.",
                "Divide by its root, the standard deviation: `std`, not `var`.",
            ),
            by_range=(
                "The divisor is the span from the smallest value to the largest.",
                "Divide by the standard deviation.",
            ),
            median=(
                "The features are centered on their median, not on their mean.",
                "Subtract the mean: `train.mean(axis=0)`.",
            ),
            by_quartiles=(
                "The divisor is the distance between two quartiles, not the standard deviation.",
                "Divide by the standard deviation: `train.std(axis=0)`.",
            ),
            not_centered=("The mean is not subtracted, so no feature is centered on 0.", "Subtract it, then divide."),
            not_divided=(
                "The features are centered, but keep their spread.",
                "Divide what is centered by the standard deviation.",
            ),
            precedence=(
                "Only the mean is divided by the deviation: `x - mean / deviation` divides before it subtracts.",
                "Put the subtraction into brackets.",
            ),
            no_guard=(
                "A feature that never changes has the deviation 0: 0/0 is NaN, and other numbers over 0 are infinite.",
                "Divide such a feature by 1, so that it is only centered.",
            ),
            raw_test=(
                "The test part comes back as it was. The network would meet it on another scale than in training.",
                "Scale it too, with the mean and deviation that `train` had before it was scaled itself.",
            ),
            test_not_centered=(
                "The test part is divided by the deviation, but no mean is subtracted from it.",
                "Subtract the training mean, as measured before `train` was centered itself.",
            ),
            unchanged=(
                "Both parts come back as they were.",
                "Return what you compute: a loop variable that gets a new value changes nothing in the arrays.",
            ),
            test_first=("The two parts come back in the other order.", "Return the training part first."),
        ),
        standardize_to_range,
        standardize_to_length,
        standardize_with_zeros,
        standardize_with_nan_to_num,
        standardize_but_for_constants,
        standardize_without_constants,
        standardize_train_alone,
        standardize_with_statistics,
        standardize_by_pandas_alone,
        Misconception.of(standardize_with_fixed_numbers, constant=(CONSTANT_TEST, fixed_numbers_of)),
        Misconception.of(standardize_with_epsilon, constant=(CONSTANT_TEST, divisor_of_constant)),
        Misconception.of(standardize_with_limit, constant=(CONSTANT_TEST, divisor_of_constant)),
        Misconception.of(
            standardize_with_epsilon_in_root, constant=(CONSTANT_TEST, lambda test: divisor_of_constant(test) ** 2)
        ),
    ],
    equivalents=[
        standardize_by_scikit_learn,
        standardize_feature_by_feature,
        lambda train, test: tuple(
            np.divide(part - train.mean(0), train.std(0), out=part - train.mean(0), where=train.std(0) > 0)
            for part in (train, test)
        ),
    ],
    accepts=[standardize_like_pandas],
    hints=[
        "Which of the two arrays may you look at when you choose the scale, and which one only gets it applied?",
        "`train.mean(axis=0)` is one number for each feature. You need it twice: for `train` and for `test`.",
        "What must a feature with the deviation 0 be divided by, to be only centered? `np.where` puts it in its place.",
    ],
)
