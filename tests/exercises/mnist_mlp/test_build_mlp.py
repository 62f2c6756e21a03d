"""Chapter 08's `build_mlp` against models of Keras itself, right ones and wrong ones."""

import functools

import pytest

from course_lib.exercises import mnist_mlp as ours
from course_lib.exercises.mnist_mlp.building import BUILD_MLP
from tests.exercises.reports import report_on


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
    "mlp_of_other_rates": lambda keras: table(
        keras, drop=keras.layers.Dropout(0.8), drop_again=keras.layers.Dropout(0.8)
    ),
    "one_dropout": lambda keras: table(keras, drop_again=None),
    "no_penalty": lambda keras: table(keras, second=keras.layers.Dense(512)),
    "mlp_of_other_strength": lambda keras: table(keras, second=keras.layers.Dense(512, kernel_regularizer="l2")),
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


def test_what_the_table_does_not_name_has_keras_s_defaults_however_they_are_written(keras):
    k = keras.layers
    seeded = keras.initializers.GlorotUniform(seed=1)
    layers = table(
        keras,
        first=k.Dense(512, "relu", kernel_initializer="glorot_uniform", bias_initializer=keras.initializers.Zeros()),
        output=k.Dense(10, "softmax", kernel_initializer=seeded),
        normalize=k.BatchNormalization(momentum=0.99, epsilon=1e-3),
    )
    assert report_on(BUILD_MLP, lambda: sequential(keras, *layers)).passed


def test_another_initializer_is_told_that_the_defaults_hold(keras):
    """The task says so: where the table is silent, Keras's defaults hold. All that is computed is right."""
    layers = table(keras, first=keras.layers.Dense(512, "relu", kernel_initializer="he_normal"))
    report = report_on(BUILD_MLP, lambda: sequential(keras, *layers))
    assert [row.passed for row in report.rows] == [False, True, True, True, True]
    assert (report.diagnosis.certainty, report.diagnosis.name) == ("sure", "mlp_with_initializers")
    assert "defaults hold" in report.diagnosis.cure


def test_a_build_that_raises_is_run_once(keras):
    runs = []

    def build():
        runs.append("run")
        raise RuntimeError("no such layer")

    report = report_on(BUILD_MLP, build)
    assert report.points == 0 and "no such layer" in report.message and len(runs) == 1
