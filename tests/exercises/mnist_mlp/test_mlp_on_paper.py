"""The MLP on paper, on which mistakes are tried, computes what Keras's does."""

import numpy as np
import pytest

from course_lib.exercises.mnist_mlp.mlp_in_words import layers_in_words
from course_lib.exercises.mnist_mlp.mlp_on_paper import mlp_on_paper


def network(keras, activation="relu", join=None, where=""):
    """Return the network of the table in Keras, with a shortcut that `join` makes before the layer `where`."""
    k = keras.layers
    inputs = keras.Input((784,))
    first = k.Dropout(0.2)(k.Dense(512, activation)(inputs))
    x = k.Dense(512, kernel_regularizer=keras.regularizers.L2(0.001))(first)
    for name, layer in (("normalization", k.BatchNormalization()), ("relu", k.ReLU()), ("dropout", k.Dropout(0.2))):
        x = layer(join(x, first) if name == where else x)
    return keras.Model(inputs, k.Dense(10, "softmax")(x))


def plus(x, first):
    return x + first


@pytest.mark.parametrize(
    ("flag", "changed"),
    [
        ("limited", {"activation": "relu6"}),
        ("leaky", {"activation": "leaky_relu"}),
        ("tanh", {"activation": "tanh"}),
        ("shortcut", {"join": plus, "where": "normalization"}),
        ("shortcut_to_relu", {"join": plus, "where": "relu"}),
        ("shortcut_behind", {"join": plus, "where": "dropout"}),
    ],
)
def test_it_computes_what_keras_does_with_the_same_weights(keras, flag, changed):
    rng = np.random.default_rng(1)
    model, paper = network(keras, **changed), mlp_on_paper(**{flag: True})
    images = rng.uniform(0, 20, size=(3, 784)).astype("float32")
    trained = [rng.normal(scale=0.1, size=weight.shape).astype("float32") for weight in model.trainable_variables]
    trained[-2] /= 100  # so that no probability is as good as 1
    moving = [rng.uniform(0.5, 1.5, size=512).astype("float32") for _ in range(2)]
    model.set_weights([*trained[:6], *moving, *trained[6:]])
    expected = model.predict(images, verbose=0)
    assert np.ptp(expected, axis=0).max() > 1e-4
    np.testing.assert_allclose(paper.stateless_call(trained, moving, images, False)[0], expected, rtol=1e-3, atol=1e-6)
    assert layers_in_words(paper.to_json()) == layers_in_words(model.to_json())
