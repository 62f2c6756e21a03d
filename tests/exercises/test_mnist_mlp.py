"""Chapter 08's exercises against answers written apart from their declarations, real Keras models among them."""

import functools
import re

import numpy as np
import pytest

from course_lib import activations, losses, notebook, results
from course_lib.checking.judge import judge
from course_lib.checking.observe import observe
from course_lib.data import mnist
from course_lib.exercises import mnist_mlp as ours
from course_lib.exercises.mnist_mlp.building import BUILD_MLP, layers_in_words
from course_lib.exercises.mnist_mlp.classifying import CLASSIFY_DIGITS, know_digits
from course_lib.exercises.mnist_mlp.dropping import DROPOUT
from course_lib.exercises.mnist_mlp.exploring import EPOCHS, MNIST_QUESTIONS
from course_lib.exercises.mnist_mlp.judging import CONFUSION_MATRIX, WORST_MISTAKES
from course_lib.exercises.mnist_mlp.predicting import MLP_PREDICT
from course_lib.exercises.mnist_mlp.preparing import ONE_HOT, SCALE_IMAGES
from course_lib.exercises.mnist_mlp.repairing import REPAIRED_LOSS
from course_lib.exercises.mnist_mlp.standardizing import STANDARDIZE
from course_lib.network import Callback
from course_lib.optimizers import Adam
from course_lib.widgets.draw_a_digit import DrawADigit
from course_lib.widgets.training_dashboard import TrainingDashboard


@pytest.fixture(scope="module", autouse=True)
def keras():
    """Keras, imported before any answer's time is taken."""
    import keras

    return keras


def report_on(exercise, answer, seed=0):
    return judge(exercise, observe(exercise, answer, seed), seed, points=1.0)


# --- right answers, each written in its own way


def standardize_as_a_class_would(train, test):
    class Scaler:
        def fit(self, x):
            self.loc, self.scale = np.nanmean(x, axis=0), np.sqrt(np.var(x, axis=0))
            self.scale[self.scale < 1e-12] = 1.0
            return self

        def transform(self, x):
            return (x - self.loc[None, :]) / self.scale[None, :]

    scaler = Scaler().fit(train)
    return scaler.transform(train), scaler.transform(test)


def standardize_by_nan_to_num(train, test):
    with np.errstate(all="ignore"):
        return [np.nan_to_num((part - train.mean(0)) / train.std(0)) for part in (train, test)]


def standardize_in_place(train, test):
    mean, deviation = train.mean(axis=0), np.maximum(train.std(axis=0), 1e-7)
    train -= mean
    train /= deviation
    test -= mean
    test /= deviation
    return train, test


def standardize_row_by_row(train, test):
    mean, deviation = np.mean(train, axis=0), np.std(train, axis=0)

    def one(row):
        return [(x - m) / d if d else x - m for x, m, d in zip(row, mean, deviation, strict=True)]

    return [one(row) for row in train], [one(row) for row in test]


def standardize_in_float32(train, test):
    train, test = train.astype("float32"), test.astype("float32")
    deviation = train.std(axis=0)
    return (train - train.mean(0)) / np.where(deviation > 0, deviation, 1), (test - train.mean(0)) / np.where(
        deviation > 0, deviation, 1
    )


def scale_by_keras(images):
    import keras

    flat = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(images.astype("float32")))
    return keras.ops.convert_to_numpy(flat)


def scale_into_a_prepared_array(images):
    rows = np.empty((images.shape[0], images[0].size), np.float32)
    for i, image in enumerate(images):
        rows[i] = image.flatten() / 255
    return rows


def scale_as_tensor(images):
    import tensorflow as tf

    return tf.reshape(tf.cast(images, tf.float32) / 255.0, [tf.shape(images)[0], -1])


def one_hot_by_keras(labels, num_classes=10):
    import keras

    return keras.utils.to_categorical(labels, num_classes)


def one_hot_by_scatter(labels, num_classes=10):
    flat = np.zeros(len(labels) * num_classes, dtype=bool)
    flat[np.arange(len(labels)) * num_classes + labels] = True
    return flat.reshape(-1, num_classes)


def one_hot_by_comprehension(labels, num_classes=10):
    return [[1 if k == label else 0 for k in range(num_classes)] for label in labels]


def dropout_by_keras(inputs, rate, training, seed):
    import keras

    return keras.layers.Dropout(rate, seed=seed)(inputs.astype("float32"), training=training)


def dropout_by_uniform(inputs, rate, training, seed):
    if training is False:
        return inputs
    generator = np.random.Generator(np.random.MT19937(seed))
    mask = (generator.uniform(0, 1, inputs.shape) > rate).astype(inputs.dtype)
    mask /= 1 - rate
    return mask * inputs


def dropout_by_masked_copy(inputs, rate, training, seed):
    outputs = inputs.copy()
    if training and rate > 0:
        np.random.seed(seed % 2**32)
        outputs[np.random.binomial(1, rate, inputs.shape) == 1] = 0
        outputs *= 1.0 / (1.0 - rate)
    return outputs


def classify_by_lists(images):
    return [int(know_digits(image[None])[0]) for image in images]


def classify_now_and_then_wrong(images):
    digits = know_digits(images)
    return np.where(images[:, 14, 14] % 100 == 99, (digits + 5) % 10, digits).astype("int64")


def confusion_with_a_counter(y_true, y_pred, num_classes=10):
    from collections import Counter

    pairs = Counter(zip(y_true.tolist(), y_pred.tolist(), strict=True))
    return np.array([[pairs[i, j] for j in range(num_classes)] for i in range(num_classes)])


def confusion_by_keras(y_true, y_pred, num_classes=10):
    import tensorflow as tf

    return tf.math.confusion_matrix(y_true, y_pred, num_classes)


def worst_with_lexsort(probabilities, labels, count=9):
    best = np.argmax(probabilities, 1)
    top = probabilities[np.arange(len(best)), best]
    order = np.lexsort((-top, best == labels))
    return order[: min(count, int((best != labels).sum()))]


def worst_by_repeated_search(probabilities, labels, count=9):
    certainty = probabilities.max(axis=1)
    certainty[probabilities.argmax(axis=1) == labels] = -np.inf
    found = []
    while len(found) < count and np.isfinite(certainty.max()):
        found.append(int(certainty.argmax()))
        certainty[found[-1]] = -np.inf
    return found


def predict_by_keras(images, weights):
    import keras

    first, second, out = weights[1].size, weights[3].size, weights[9].size
    model = keras.Sequential(
        [
            keras.Input((weights[0].shape[0],)),
            keras.layers.Dense(first, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(second),
            keras.layers.BatchNormalization(),
            keras.layers.Activation("relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(out, activation="softmax"),
        ]
    )
    model.set_weights(weights)
    return model(images, training=False)


def predict_with_where(images, weights):
    w1, b1, w2, b2, g, b, m, v, w3, b3 = weights
    a = np.einsum("ni,ij->nj", images, w1) + b1
    a = np.where(a > 0, a, 0)
    z = a @ w2 + b2
    x = (z - m) * (v + 1e-3) ** -0.5
    a = np.where(g * x + b > 0, g * x + b, 0)
    z = a @ w3 + b3
    z -= z.max(axis=1)[:, None]
    return np.exp(z) / np.exp(z).sum(axis=1)[:, None]


def loss_by_scipy(logits, labels):
    from scipy.special import log_softmax, softmax

    n = len(labels)
    y = np.zeros_like(logits)
    y[range(n), labels] = 1
    return -np.sum(log_softmax(logits, axis=1) * y) / n, (softmax(logits, axis=1) - y) / n


def loss_by_keras(logits, labels):
    import keras
    import tensorflow as tf

    z = tf.Variable(logits)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, z, from_logits=True))
    return loss, tape.gradient(loss, z)


def loss_by_course_lib(logits, labels):
    y = ours.one_hot(labels, logits.shape[1])
    return (
        losses.categorical_crossentropy(y, logits, from_logits=True),
        losses.categorical_crossentropy_gradient(y, logits, from_logits=True),
    )


def read_as_texts():
    return {"high": "9", "corner": " 2", "triangle": "0.99", "breaks": 3.0}


RIGHT = [
    (MNIST_QUESTIONS, read_as_texts),
    (STANDARDIZE, standardize_as_a_class_would),
    (STANDARDIZE, standardize_by_nan_to_num),
    (STANDARDIZE, standardize_in_place),
    (STANDARDIZE, standardize_row_by_row),
    (STANDARDIZE, standardize_in_float32),
    (SCALE_IMAGES, scale_by_keras),
    (SCALE_IMAGES, scale_into_a_prepared_array),
    (SCALE_IMAGES, scale_as_tensor),
    (ONE_HOT, one_hot_by_keras),
    (ONE_HOT, one_hot_by_scatter),
    (ONE_HOT, one_hot_by_comprehension),
    (DROPOUT, dropout_by_keras),
    (DROPOUT, dropout_by_uniform),
    (DROPOUT, dropout_by_masked_copy),
    (CLASSIFY_DIGITS, classify_now_and_then_wrong),
    (CONFUSION_MATRIX, confusion_with_a_counter),
    (CONFUSION_MATRIX, confusion_by_keras),
    (WORST_MISTAKES, worst_with_lexsort),
    (WORST_MISTAKES, worst_by_repeated_search),
    (MLP_PREDICT, predict_by_keras),
    (MLP_PREDICT, predict_with_where),
    (REPAIRED_LOSS, loss_by_scipy),
    (REPAIRED_LOSS, loss_by_keras),
    (REPAIRED_LOSS, loss_by_course_lib),
]


@pytest.mark.parametrize(("exercise", "answer"), RIGHT, ids=lambda value: getattr(value, "__name__", ""))
def test_right_answers_pass(exercise, answer):
    for seed in range(3):
        report = report_on(exercise, answer, seed)
        assert report.passed, f"seed {seed}:\n{report}"


# --- wrong answers, and which mistake must be named


def standardize_fit_transform_twice(train, test):
    from sklearn.preprocessing import StandardScaler

    return StandardScaler().fit_transform(train), StandardScaler().fit_transform(test)


def standardize_before_the_split(train, test):
    both = np.vstack([train, test])
    mean, deviation = both.mean(0), both.std(0)
    deviation[deviation == 0] = 1
    return (train - mean) / deviation, (test - mean) / deviation


def standardize_plainly(train, test):
    return (train - train.mean(0)) / train.std(0), (test - train.mean(0)) / train.std(0)


def standardize_with_global_numbers(train, test):
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


def scale_to_float64(images):
    return images.reshape(images.shape[0], -1) / 255.0


def scale_but_keep_28(images):
    return images.reshape(-1, 28 * 28).astype(np.float32) / 255.0


def scale_by_the_largest(images):
    return (images / images.max()).reshape(len(images), -1).astype(np.float32)


def one_hot_by_unique(labels, num_classes=10):
    values, places = np.unique(labels, return_inverse=True)
    return np.eye(len(values))[places]


def one_hot_sized_by_the_labels(labels, num_classes=10):
    encoded = np.zeros((labels.size, labels.max() + 1))
    encoded[np.arange(labels.size), labels] = 1
    return encoded


def dropout_classic_tutorial(inputs, rate, training, seed):
    np.random.seed(seed)
    return inputs * (np.random.rand(*inputs.shape) > rate)


def dropout_with_keep_probability(inputs, keep, training, seed):
    if not training:
        return inputs
    rng = np.random.default_rng(seed)
    return inputs * (rng.random(inputs.shape) < keep) / max(keep, 1e-9)


def dropout_never_scaled(inputs, rate, training, seed):
    if training:
        inputs[np.random.default_rng(seed).random(inputs.shape) < rate] = 0
    return inputs


def dropout_always_seeded_42(inputs, rate, training, seed):
    if not training:
        return inputs
    np.random.seed(42)
    return inputs * np.random.binomial(1, 1 - rate, inputs.shape) / (1 - rate)


def classify_giving_probabilities(images):
    return activations.softmax(8.0 * np.eye(10)[know_digits(images)])


@functools.cache
def labels_in_the_file():
    return mnist(say=None)[1][1]


def classify_giving_the_answers_in_the_file(images):
    return labels_in_the_file()[: len(images)]


def classify_all_as_seven(images):
    return np.repeat(7, len(images))


def classify_as_a_mediocre_network(images):
    digits = know_digits(images)
    return np.where(images[:, 3:25, 3:25].sum(axis=(1, 2), dtype=int) % 40 == 1, (digits + 3) % 10, digits)


def confusion_with_columns_first(y_true, y_pred, num_classes=10):
    counts = np.zeros((num_classes, num_classes), int)
    for true, predicted in zip(y_true, y_pred, strict=True):
        counts[predicted][true] += 1
    return counts


def confusion_by_fancy_index(y_true, y_pred, num_classes=10):
    counts = np.zeros((num_classes, num_classes), int)
    counts[y_true, y_pred] += 1
    return counts


def worst_by_place(probabilities, labels, count=9):
    wrong = probabilities[probabilities.argmax(1) != labels]
    return np.argsort(wrong.max(axis=1))[::-1][:count]


def worst_by_smallest_truth(probabilities, labels, count=9):
    wrong = np.where(probabilities.argmax(1) != labels)[0]
    return wrong[np.argsort(probabilities[wrong, labels[wrong]])][:count]


def predict_with_batch_statistics(images, weights):
    w1, b1, w2, b2, g, b, _, _, w3, b3 = weights
    z = np.maximum(images @ w1 + b1, 0) @ w2 + b2
    z = (z - z.mean(0)) / np.sqrt(z.var(0) + 0.001)
    return activations.softmax(np.maximum(g * z + b, 0) @ w3 + b3)


def predict_without_epsilon(images, weights):
    w1, b1, w2, b2, g, b, m, v, w3, b3 = weights
    z = np.maximum(images @ w1 + b1, 0) @ w2 + b2
    return activations.softmax(np.maximum(g * (z - m) / np.sqrt(v) + b, 0) @ w3 + b3)


def predict_with_a_naive_softmax(images, weights):
    w1, b1, w2, b2, g, b, m, v, w3, b3 = weights
    z = np.maximum(images @ w1 + b1, 0) @ w2 + b2
    z = np.maximum(g * (z - m) / np.sqrt(v + 0.001) + b, 0) @ w3 + b3
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def loss_as_in_the_notebook(logits, labels):
    outputs = activations.softmax(logits)
    p = activations.softmax(outputs)
    rows = np.arange(len(labels))
    upstream = (p - np.eye(logits.shape[1])[labels]) / len(labels)
    return -np.mean(np.log(p[rows, labels])), activations.softmax_gradient(logits, upstream)


def loss_with_clipped_probabilities(logits, labels):
    p = np.clip(activations.softmax(logits), 1e-7, 1 - 1e-7)
    rows = np.arange(len(labels))
    loss = -np.log(p[rows, labels]).mean()
    p[rows, labels] -= 1
    return loss, p / len(labels)


def loss_with_undivided_gradient(logits, labels):
    p = activations.softmax(logits)
    rows = np.arange(len(labels))
    log_p = logits - logits.max(1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(1, keepdims=True))
    p[rows, labels] -= 1
    return -log_p[rows, labels].mean(), p


def standardize_and_forget_the_test(train, test):
    return (train - train.mean(0)) / np.where(train.std(0) > 0, train.std(0), 1)


def scale_like_a_picture(images):
    return images / 255


def one_hot_for_one_label(labels, num_classes=10):
    row = np.zeros(num_classes)
    row[labels] = 1
    return row


def dropout_by_np_random(inputs, rate, training, seed):
    return inputs * (np.random.rand(*inputs.shape) > rate) if training else inputs


def classify_into_a_column(images):
    return know_digits(images)[:, None]


def worst_by_certainty_alone(probabilities, labels, count=9):
    return np.argsort(probabilities.max(axis=1))[-count:]


def loss_by_log_of_softmax(logits, labels):
    p = activations.softmax(logits)
    rows = np.arange(len(labels))
    return -np.mean(np.log(p[rows, labels])), (p - np.eye(logits.shape[1])[labels]) / len(labels)


def loss_for_digits_only(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    y = np.eye(10)[labels]
    return -np.sum(y * log_p) / len(y), (np.exp(log_p) - y) / len(y)


def read_with_everything_centered():
    return {"high": 4, "corner": 0, "triangle": 0.5, "breaks": 3}


def read_epochs_for_breaks():
    return {"high": 9, "corner": 2, "triangle": 1.0, "breaks": 4}


def read_the_digit_of_the_triangle():
    return {"high": 9, "corner": 2, "triangle": 7, "breaks": 3}


WRONG = [
    (MNIST_QUESTIONS, read_epochs_for_breaks, "breaks_4"),
    (MNIST_QUESTIONS, read_the_digit_of_the_triangle, "triangle_7"),
    (STANDARDIZE, standardize_and_forget_the_test, "standardize_train_alone"),
    (SCALE_IMAGES, scale_like_a_picture, "not_flat + double"),
    (ONE_HOT, one_hot_for_one_label, "one_hot_in_one_row"),
    (DROPOUT, dropout_by_np_random, "not_inverted + unseeded"),
    (CLASSIFY_DIGITS, classify_into_a_column, "digits_in_a_column"),
    (WORST_MISTAKES, worst_by_certainty_alone, "with_right_ones + upside_down"),
    (REPAIRED_LOSS, loss_by_log_of_softmax, "log_of_zero"),
    (REPAIRED_LOSS, loss_for_digits_only, "loss_of_ten_classes"),
    (STANDARDIZE, standardize_fit_transform_twice, "own_statistics"),
    (STANDARDIZE, standardize_before_the_split, "all_data"),
    (STANDARDIZE, standardize_plainly, "no_guard"),
    (STANDARDIZE, standardize_with_global_numbers, "all_features"),
    (SCALE_IMAGES, scale_to_float64, "double"),
    (SCALE_IMAGES, scale_but_keep_28, "scale_images_of_784_pixels"),
    (SCALE_IMAGES, scale_by_the_largest, "by_largest"),
    (ONE_HOT, one_hot_by_unique, "one_hot_of_classes_that_occur"),
    (ONE_HOT, one_hot_sized_by_the_labels, "from_largest"),
    (DROPOUT, dropout_classic_tutorial, "not_inverted + at_test"),
    (DROPOUT, dropout_with_keep_probability, "swapped"),
    (DROPOUT, dropout_never_scaled, "not_inverted"),
    (DROPOUT, dropout_always_seeded_42, "one_seed"),
    (CLASSIFY_DIGITS, classify_giving_probabilities, "digits_as_probabilities"),
    (CLASSIFY_DIGITS, classify_giving_the_answers_in_the_file, "digits_by_heart_in_file_order"),
    (CLASSIFY_DIGITS, classify_all_as_seven, "digits_always_the_same"),
    (CLASSIFY_DIGITS, classify_as_a_mediocre_network, "digits_for_a_weak_network"),
    (CONFUSION_MATRIX, confusion_with_columns_first, "transposed"),
    (CONFUSION_MATRIX, confusion_by_fancy_index, "once"),
    (WORST_MISTAKES, worst_by_place, "places"),
    (WORST_MISTAKES, worst_by_smallest_truth, "by_loss"),
    (MLP_PREDICT, predict_with_batch_statistics, "of_the_batch"),
    (MLP_PREDICT, predict_without_epsilon, "no_epsilon"),
    (MLP_PREDICT, predict_with_a_naive_softmax, "overflowing"),
    (REPAIRED_LOSS, loss_as_in_the_notebook, "loss_differentiated_through_both"),
    (REPAIRED_LOSS, loss_with_clipped_probabilities, "clipped"),
    (REPAIRED_LOSS, loss_with_undivided_gradient, "gradient_summed"),
]


@pytest.mark.parametrize(("exercise", "answer", "mistake"), WRONG, ids=lambda value: getattr(value, "__name__", ""))
def test_wrong_answers_are_refused_and_named(exercise, answer, mistake):
    for seed in range(3):
        report = report_on(exercise, answer, seed)
        assert not report.passed and report.points < 1
        assert (report.diagnosis.certainty, report.diagnosis.name) == ("sure", mistake), f"seed {seed}:\n{report}"


# --- build_mlp, with Keras itself


def sequential(keras, *layers):
    return keras.Sequential([keras.Input((784,)), *layers])


def table(keras, **changed):
    """Return the layers of the table, some of them `changed` by name; None leaves one out."""
    k = keras.layers
    made = {
        "first": k.Dense(512, activation="relu"),
        "drop": k.Dropout(0.2),
        "second": k.Dense(512, kernel_regularizer=keras.regularizers.L2(0.001)),
        "normalize": k.BatchNormalization(),
        "relu": k.Activation("relu"),
        "drop_again": k.Dropout(0.2),
        "output": k.Dense(10, activation="softmax"),
    }
    return [layer for layer in (made | changed).values() if layer is not None]


def mlp_without_input_layer(keras):
    return keras.Sequential(table(keras))


def mlp_compiled(keras):
    model = sequential(keras, *table(keras))
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def mlp_functional(keras):
    k = keras.layers
    inputs = keras.Input((784,))
    hidden = k.ReLU()(k.Dropout(0.2)(k.Dense(512)(inputs)))
    hidden = k.Dense(512, kernel_regularizer=keras.regularizers.L1L2(l2=1e-3))(hidden)
    hidden = k.Dropout(0.2)(keras.activations.relu(k.BatchNormalization()(hidden)))
    return keras.Model(inputs, k.Softmax()(k.Dense(10)(hidden)))


def mlp_of_objects(keras):
    k = keras.layers
    second = k.Dense(512, activation="linear", kernel_regularizer=keras.regularizers.l2(0.001))
    return sequential(
        keras,
        k.Flatten(),
        *table(
            keras,
            first=k.Dense(512, activation=keras.activations.relu),
            second=second,
            relu=k.Activation(keras.ops.relu),
            output=k.Dense(10, activation=k.Softmax()),
        ),
    )


def mlp_of_blocks(keras):
    k = keras.layers
    layers = table(keras)
    return sequential(keras, keras.Sequential(layers[:2]), keras.Sequential(layers[2:6]), k.Dense(10, "softmax"))


@pytest.mark.parametrize(
    "build",
    [
        mlp_without_input_layer,
        mlp_compiled,
        mlp_functional,
        mlp_of_objects,
        mlp_of_blocks,
        lambda keras: ours.build_mlp(),
    ],
)
def test_mlps_that_are_right(keras, build):
    report = report_on(BUILD_MLP, functools.partial(build, keras))
    assert report.passed, report


WRONG_MLPS = {
    "no_dropout": lambda keras: table(keras, drop=None, drop_again=None),
    "keep_rate": lambda keras: table(keras, drop=keras.layers.Dropout(0.8), drop_again=keras.layers.Dropout(0.8)),
    "one_dropout": lambda keras: table(keras, drop_again=None),
    "no_penalty": lambda keras: table(keras, second=keras.layers.Dense(512)),
    "stronger_penalty": lambda keras: table(keras, second=keras.layers.Dense(512, kernel_regularizer="l2")),
    "no_normalization": lambda keras: table(keras, normalize=None),
    "relu_first": lambda keras: table(
        keras,
        second=keras.layers.Dense(512, activation="relu", kernel_regularizer=keras.regularizers.L2(0.001)),
        relu=None,
    ),
    "no_second_relu": lambda keras: table(keras, relu=None),
    "no_first_relu": lambda keras: table(keras, first=keras.layers.Dense(512)),
    "logits": lambda keras: table(keras, output=keras.layers.Dense(10)),
    "sigmoids": lambda keras: table(keras, output=keras.layers.Dense(10, activation="sigmoid")),
    "one_output": lambda keras: table(keras, output=keras.layers.Dense(1, activation="softmax")),
}


@pytest.mark.parametrize("mistake", WRONG_MLPS)
def test_mlps_that_are_wrong(keras, mistake):
    """A wrong Keras model looks to the probe exactly like the wrong answer on paper."""
    report = report_on(BUILD_MLP, lambda: sequential(keras, *WRONG_MLPS[mistake](keras)))
    assert not report.passed
    assert (report.diagnosis.certainty, report.diagnosis.name) == ("sure", mistake), report


def test_an_mlp_of_square_images_is_told_what_to_take(keras):
    square = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), *table(keras)])
    report = report_on(BUILD_MLP, lambda: square)
    assert (report.diagnosis.certainty, report.diagnosis.name) == ("sure", "mlp_of_square_images"), report


def test_a_subclassed_mlp_is_told_what_to_write(keras):
    class MLP(keras.Model):
        def __init__(self):
            super().__init__()
            self.body = sequential(keras, *table(keras))

        def call(self, inputs, training=False):
            return self.body(inputs, training=training)

    report = report_on(BUILD_MLP, MLP)
    assert not report.passed and "functional" in str(report), report
    assert "Not written yet" not in report.message


def test_nothing_returned_and_nothing_written():
    assert "return" in report_on(BUILD_MLP, lambda: None).message

    def unwritten():
        raise NotImplementedError

    assert report_on(BUILD_MLP, unwritten).message.startswith("Not written yet")


def test_layers_in_words_says_what_is_unusual(keras):
    k = keras.layers
    model = sequential(
        keras,
        k.Dense(3, activation="tanh", use_bias=False, bias_regularizer=keras.regularizers.L1(0.5)),
        k.BatchNormalization(momentum=0.9),
        k.GaussianNoise(0.1),
        k.ReLU(max_value=6),
    )
    assert layers_in_words(model.to_json()) == [
        "dense 3, L1 0.5 on the bias, no bias",
        "tanh",
        "batch normalization, momentum 0.9",
        "GaussianNoise",
        "relu (with changed arguments)",
    ]


# --- the rest


def test_our_own_answers_earn_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("DESCENT_HOME", str(tmp_path))
    for name in ("build_mlp", "standardize", "mlp_predict", "dropout"):
        report = notebook.check(name, getattr(ours, name))
        assert report.points == 0 and "own" in report.message


def test_several_readings_that_are_wrong_are_each_told_why():
    report = report_on(MNIST_QUESTIONS, read_with_everything_centered)
    for told in (
        "high: that is what a person sees",
        "corner: that is what a person sees",
        "triangle: it is more certain",
    ):
        assert told in str(report)
    assert "breaks:" not in report.diagnosis.message


class FallsToZero(Callback):
    """The chapter's learning rate: along half a cosine."""

    def __init__(self, steps):
        self.step, self.steps = 0, steps

    def on_train_batch_end(self, batch, logs):
        self.step += 1
        self.model.optimizer.learning_rate = 0.0005 * (1 + np.cos(np.pi * self.step / self.steps))


@pytest.mark.slow
def test_a_network_of_the_chapter_answers_the_questions_as_declared():
    (x_train, y_train), _ = results.digits()
    network = results.numpy_mlp(seed=3)
    network.compile(Adam(0.001), loss="sparse_categorical_crossentropy")
    network.fit(x_train, y_train, batch_size=128, epochs=2, callbacks=[FallsToZero(2 * 469)], seed=3, verbose=0)
    drawing, said = DrawADigit(network), {}
    for name, preset in (
        ("high", "a 4, drawn too high"),
        ("corner", "a small 0 in the corner"),
        ("triangle", "a triangle"),
    ):
        drawing.state = drawing.presets[preset]
        digit, probability = re.match(r"The network says (\d) \((\S+)\)", drawing.sentence).groups()
        said[name] = float(probability if name == "triangle" else digit)
    assert report_on(MNIST_QUESTIONS, lambda: said | {"breaks": 3}).passed, said


def test_the_mean_of_the_epoch_so_far_breaks_off_as_often_as_declared():
    (x_train, y_train), _ = results.digits()
    dashboard, network = TrainingDashboard(), results.numpy_mlp(seed=3)
    network.compile(Adam(0.001), loss="sparse_categorical_crossentropy")
    network.fit(x_train[:4000], y_train[:4000], 100, EPOCHS, callbacks=[dashboard], seed=3, verbose=0)
    place, mean = dashboard._quantities[0].curves["epoch_means"].smoothed()
    changes = np.abs(np.diff(np.log(mean)))
    breaks = [step for step in range(20, len(changes)) if changes[step] > 5 * changes[step - 10 : step].max()]
    np.testing.assert_allclose(place[breaks], np.arange(1, EPOCHS))
    assert MNIST_QUESTIONS.reference()["breaks"] == len(breaks)


def test_mnist_stays_what_the_chapter_says_of_it():
    (images, labels), (_, test_labels) = mnist(say=None)
    assert images.shape == (60_000, 28, 28) and np.bincount(labels).argmax() == 1
    assert np.mean(test_labels == 1) == 0.1135


def test_every_answer_for_all_test_images_is_met_once_for_each_row_at_most(monkeypatch):
    """Classifying 10,000 images may take seconds: the probe asks for all of them once."""
    asked = []

    def answer(images):
        asked.append(len(images))
        return know_digits(images)

    assert report_on(CLASSIFY_DIGITS, answer).passed
    assert asked.count(10_000) == 1 and sum(asked) < 10_050
