"""Every loss with its weights, reductions and smoothing, against Keras's classes, its tape and central differences."""

import inspect
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_lib import losses, weighting
from course_lib.activations import sigmoid, softmax
from course_lib.layers import Dense
from course_lib.network import Sequential
from course_lib.optimizers import SGD

RNG = np.random.default_rng(1)
NUMBERS, TARGETS = RNG.normal(scale=2, size=(5, 3)), RNG.normal(scale=2, size=(5, 3))
SHARES, LOGITS = softmax(RNG.normal(size=(5, 4))), RNG.normal(scale=2, size=(5, 4))
ONE_HOT = np.eye(4)[[2, 0, 3, 1, 1]]
BITS, SCORES = np.array([[0.0, 1], [1, 1], [0, 0], [1, 0], [0, 1]]), RNG.normal(scale=2, size=(5, 2))
WEIGHTS = np.array([1.0, 0.0, 2.5, 0.5, 3.0])
# What is compared: our name, Keras's class, y_true, y_pred, and settings of both.
CASES = {
    "squared": ("mean_squared_error", "MeanSquaredError", TARGETS, NUMBERS, {}),
    "absolute": ("mean_absolute_error", "MeanAbsoluteError", TARGETS, NUMBERS, {}),
    "Huber": ("huber", "Huber", TARGETS, NUMBERS, {}),
    "Huber, δ = 0.3": ("huber", "Huber", TARGETS, NUMBERS, {"delta": 0.3}),
    "hinge": ("hinge", "Hinge", 2 * BITS - 1, SCORES, {}),
    "hinge of 0 and 1": ("hinge", "Hinge", BITS, SCORES, {}),
    "KL": ("kl_divergence", "KLDivergence", softmax(TARGETS), softmax(NUMBERS), {}),
    "binary": ("binary_crossentropy", "BinaryCrossentropy", BITS, sigmoid(SCORES), {}),
    "binary, logits": ("binary_crossentropy", "BinaryCrossentropy", BITS, SCORES, {"from_logits": True}),
    "binary, smoothed": ("binary_crossentropy", "BinaryCrossentropy", BITS, SCORES,
                         {"from_logits": True, "label_smoothing": 0.2}),
    "categorical": ("categorical_crossentropy", "CategoricalCrossentropy", ONE_HOT, SHARES, {}),
    "categorical, logits": ("categorical_crossentropy", "CategoricalCrossentropy", ONE_HOT, LOGITS,
                            {"from_logits": True}),
    "categorical, smoothed": ("categorical_crossentropy", "CategoricalCrossentropy", ONE_HOT, LOGITS,
                              {"from_logits": True, "label_smoothing": 0.1}),
    "sparse, logits": ("sparse_categorical_crossentropy", "SparseCategoricalCrossentropy",
                       ONE_HOT.argmax(axis=1), LOGITS, {"from_logits": True}),
}  # fmt: skip
each_case = pytest.mark.parametrize(("name", "theirs", "y_true", "y_pred", "settings"), CASES.values(), ids=CASES)
# `make check` takes the default.
each_reduction = pytest.mark.parametrize(
    "reduction",
    [
        pytest.param(reduction, marks=() if reduction == "sum_over_batch_size" else pytest.mark.slow)
        for reduction in weighting.REDUCTIONS
    ],
)


def ours(name):
    return getattr(losses, name), getattr(losses, f"{name}_gradient")


def central_differences(loss, y_pred, step=1e-5):
    """The slope of `loss` along each entry, by five points: exact to the fourth power of `step`."""
    slopes = np.empty_like(y_pred)
    for index in np.ndindex(y_pred.shape):
        nudge = np.zeros_like(y_pred)
        nudge[index] = step
        ends = [loss(y_pred + far * nudge) for far in (1, -1, 2, -2)]
        slopes[index] = (8 * (ends[0] - ends[1]) - (ends[2] - ends[3])) / (12 * step)
    return slopes


def settings_of(name):
    return {"weighted": WEIGHTS, "unweighted": None}[name]


@each_reduction
@pytest.mark.parametrize("weights", ["weighted", "unweighted"])
@each_case
def test_it_is_the_loss_and_gradient_of_keras(name, theirs, y_true, y_pred, settings, weights, reduction):
    loss, gradient = ours(name)
    sample_weight = settings_of(weights)
    for dtype, tolerance in ((np.float64, 1e-6), (np.float32, 1e-5)):
        predicted = tf.constant(y_pred.astype(dtype))
        keras_loss = getattr(keras.losses, theirs)(reduction=reduction, dtype=dtype.__name__, **settings)
        with tf.GradientTape() as tape:
            tape.watch(predicted)
            values = keras_loss(y_true, predicted, sample_weight=sample_weight)
            total = tf.reduce_sum(values)
        slopes = tape.gradient(total, predicted).numpy()
        if name == "categorical_crossentropy" and not settings:
            # Keras divides a row by its sum first, which takes the mean of the slopes, weighted by p, from each.
            raw = gradient(y_true, y_pred.astype(dtype), sample_weight=sample_weight, reduction=reduction)
            mine = raw - (raw * y_pred).sum(axis=-1, keepdims=True)
        else:
            mine = gradient(y_true, y_pred.astype(dtype), **settings, sample_weight=sample_weight, reduction=reduction)
        given = loss(y_true, y_pred.astype(dtype), **settings, sample_weight=sample_weight, reduction=reduction)
        np.testing.assert_allclose(given, values.numpy(), rtol=tolerance)
        np.testing.assert_allclose(mine, slopes, atol=tolerance * np.abs(slopes).max())
        assert np.asarray(given).dtype == dtype
        assert gradient(y_true, y_pred.astype(dtype)).dtype == dtype


@each_reduction
@each_case
def test_the_gradient_is_the_slope(name, theirs, y_true, y_pred, settings, reduction):
    loss, gradient = ours(name)
    more = settings | {"sample_weight": WEIGHTS, "reduction": reduction}
    slopes = central_differences(lambda pred: np.sum(loss(y_true, pred, **more)), y_pred)
    found = gradient(y_true, y_pred, **more)
    assert np.abs(found - slopes).max() <= 1e-7 * np.abs(slopes).max()


def test_the_numbers_of_the_course():
    assert losses.mean_absolute_error([[0], [0]], [[1], [1]]) == 1.0
    assert losses.mean_squared_error([[0], [1]], [[1], [1]]) == 0.5
    assert losses.huber([[0], [1]], [[0.6], [0.4]]) == pytest.approx(0.18)


@each_case
def test_ten_thousand_either_way_and_certainty_are_finite_and_warn_of_nothing(name, theirs, y_true, y_pred, settings):
    loss, gradient = ours(name)
    for dtype in (np.float32, np.float64):
        extremes = [np.sign(y_pred - np.median(y_pred)) * 1e4]
        if name.endswith(("crossentropy", "divergence")) and "from_logits" not in settings:
            extremes = [np.zeros_like(y_pred), np.ones_like(y_pred), (y_pred == y_pred.max(axis=-1, keepdims=True))]
        for extreme in extremes:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                value = loss(y_true, extreme.astype(dtype), **settings)
                slopes = gradient(y_true, extreme.astype(dtype), **settings)
            assert np.isfinite(value) and np.all(np.isfinite(slopes))
            theirs_too = getattr(keras.losses, theirs)(dtype=dtype.__name__, **settings)
            is_row = not name.startswith("categorical") or np.allclose(extreme.sum(axis=-1), 1) or settings
            if is_row:
                expected = theirs_too(y_true, tf.constant(extreme.astype(dtype))).numpy()
                np.testing.assert_allclose(value, expected, rtol=1e-5, atol=2e-7)


@each_case
def test_one_row_is_right_and_none_has_no_mean(name, theirs, y_true, y_pred, settings):
    loss, gradient = ours(name)
    one = getattr(keras.losses, theirs)(dtype="float64", **settings)(y_true[:1], y_pred[:1]).numpy()
    assert loss(y_true[:1], y_pred[:1], **settings) == pytest.approx(one, rel=1e-6)
    for of in (loss, gradient):
        with pytest.raises(ValueError, match="empty: there is no mean"):
            of(y_true[:0], y_pred[:0], **settings)
    assert loss(y_true[:0], y_pred[:0], **settings, reduction="sum") == 0
    assert gradient(y_true[:0], y_pred[:0], **settings, reduction="sum").shape == y_pred[:0].shape
    assert loss(y_true[:0], y_pred[:0], **settings, reduction=None).shape == (0,)


def test_n_numbers_are_n_examples_with_one_output():
    for name in ("mean_squared_error", "mean_absolute_error", "huber", "binary_crossentropy", "hinge"):
        loss, gradient = ours(name)
        y_true, y_pred = BITS[:, 0], sigmoid(SCORES[:, 0])
        for more in ({}, {"sample_weight": WEIGHTS}, {"reduction": "sum"}, {"reduction": None}):
            column = loss(y_true[:, None], y_pred[:, None], **more)
            np.testing.assert_array_equal(loss(y_true, y_pred, **more), column)
            np.testing.assert_array_equal(loss(y_true, y_pred[:, None], **more), column)
            slopes = gradient(y_true[:, None], y_pred[:, None], **more)
            np.testing.assert_array_equal(gradient(y_true, y_pred, **more), slopes[:, 0])


def test_at_their_kinks_the_slopes_are_those_of_the_flat_side_or_the_middle():
    assert np.array_equal(losses.mean_absolute_error_gradient([1.0, 2.0], [1.0, 5.0]), [0, 0.5])
    assert np.array_equal(losses.hinge_gradient([1.0], [1.0]), [0])
    assert np.array_equal(losses.huber_gradient([0.0, 0.0], [0.5, -0.5], delta=0.5), [0.25, -0.25])


def test_the_best_constant_is_the_mean_of_squares_and_the_median_of_absolute_errors():
    y = np.array([1.0, 2, 3, 4, 90])
    constants = np.linspace(0, 100, 10001)
    for name, best in (("mean_squared_error", 20.0), ("mean_absolute_error", 3.0)):
        values = [ours(name)[0](y, np.full(5, constant)) for constant in constants]
        assert constants[np.argmin(values)] == pytest.approx(best)


def test_kl_is_cross_entropy_minus_entropy_and_zero_for_the_same():
    y, p = softmax(TARGETS), softmax(NUMBERS)
    entropy = -np.mean(np.sum(y * np.log(y), axis=1))
    assert losses.kl_divergence(y, p) == pytest.approx(losses.categorical_crossentropy(y, p) - entropy)
    assert losses.kl_divergence(y, y) == pytest.approx(0, abs=1e-15)


def test_class_weights_are_sample_weights_of_the_classes():
    class_weight = {0: 5.0, 2: 0.5}
    expected = [0.5, 5.0, 1.0, 1.0, 1.0]
    for y in (ONE_HOT.argmax(axis=1), ONE_HOT.argmax(axis=1)[:, None], ONE_HOT):
        np.testing.assert_array_equal(weighting.class_weight_to_sample_weights(y, class_weight), expected)
    bits = BITS[:, :1]
    np.testing.assert_array_equal(weighting.class_weight_to_sample_weights(bits, {1: 3}), [1, 3, 1, 3, 1])


def test_a_step_of_keras_with_class_weights_is_a_step_on_our_gradient():
    class_weight = {0: 2.0, 1: 0.5, 3: 4.0}
    model = keras.Sequential([keras.layers.Dense(4, kernel_initializer="identity")])
    model.build((None, 4))
    model.compile(keras.optimizers.SGD(1.0), loss=keras.losses.CategoricalCrossentropy(from_logits=True))
    model.fit(LOGITS, ONE_HOT, batch_size=5, class_weight=class_weight, verbose=0)
    weights = weighting.class_weight_to_sample_weights(ONE_HOT, class_weight)
    gradient = losses.categorical_crossentropy_gradient(ONE_HOT, LOGITS, True, sample_weight=weights)
    np.testing.assert_allclose(model.get_weights()[1], -gradient.sum(axis=0), atol=1e-6)


@pytest.mark.parametrize("name", ["mean_squared_error", "mae", "huber"])
def test_a_network_without_activation_learns_numbers_as_keras_does(name):
    x, y = NUMBERS.astype(np.float32), TARGETS[:, :1].astype(np.float32)
    model = Sequential([Dense(4, activation="tanh"), Dense(1)], seed=0)
    model.build((None, 3))
    theirs = keras.Sequential([keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(1)])
    theirs.build((None, 3))
    theirs.set_weights(model.get_weights())
    model.compile(SGD(0.1), loss=name)
    theirs.compile(keras.optimizers.SGD(0.1), loss=name)
    for _ in range(3):
        loss = model.train_on_batch(x, y)["loss"]
        assert loss == pytest.approx(float(theirs.train_on_batch(x, y)), rel=1e-5)
    for mine, other in zip(model.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-5)


def test_a_network_for_numbers_needs_an_end_without_activation():
    model = Sequential([Dense(1, activation="sigmoid")])
    with pytest.raises(ValueError, match=r"mean_squared_error needs numbers without limits: .* activation 'linear'"):
        model.compile(SGD(0.1), loss="mean_squared_error")


def test_every_loss_has_a_gradient_with_its_arguments():
    names = [name for name, found in vars(losses).items() if inspect.isfunction(found) and name.endswith("_gradient")]
    public = [name for name in names if not name.startswith("_")]
    assert len(public) == 8
    for name in public:
        loss = getattr(losses, name.removesuffix("_gradient"))
        assert inspect.signature(loss) == inspect.signature(getattr(losses, name))
    for name in ("mse", "mae", "mean_squared_error", "huber", "hinge"):
        loss, gradient, activation = losses.get(name)
        assert activation == "linear" and inspect.signature(loss) == inspect.signature(gradient)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: losses.mean_squared_error(NUMBERS, NUMBERS[:, :2]), "differ in shape"),
        (lambda: losses.huber(NUMBERS, NUMBERS, delta=0.0), "delta must be positive"),
        (lambda: losses.huber_gradient(NUMBERS, NUMBERS, delta=-1.0), "delta must be positive"),
        (lambda: losses.hinge(BITS, SCORES, sample_weight=[1, 2]), r"one weight for each example, \(5,\), not \(2,\)"),
        (
            lambda: losses.hinge(BITS, SCORES, reduction="average"),
            "unknown reduction 'average'; choose one of sum_over",
        ),
        (
            lambda: losses.hinge(BITS, SCORES, sample_weight=np.zeros(5), reduction="mean_with_sample_weight"),
            "weights sum to 0",
        ),
        (lambda: losses.binary_crossentropy(BITS, SCORES, True, label_smoothing=1.5), r"in \[0, 1\], not 1.5"),
    ],
)
def test_refusals_say_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call()
