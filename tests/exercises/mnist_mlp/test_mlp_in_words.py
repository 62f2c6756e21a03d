"""Chapter 08's `build_mlp`: what is read of a Keras model, in words."""

from course_lib.exercises.mnist_mlp.mlp_in_words import layers_in_words


def test_layers_in_words_says_what_is_unusual(keras):
    k = keras.layers
    layers = [
        keras.Input((784,)),
        k.Dense(3, activation="tanh", use_bias=False, bias_regularizer=keras.regularizers.L1(0.5)),
        k.BatchNormalization(momentum=0.9),
        k.GaussianNoise(0.1),
        k.ReLU(max_value=6),
    ]
    assert layers_in_words(keras.Sequential(layers).to_json()) == [
        "dense 3, L1 0.5 on the bias, no bias",
        "batch normalization, momentum 0.9",
        "GaussianNoise",
    ]
