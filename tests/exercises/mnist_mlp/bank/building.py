"""`build_mlp` as people write it. Each imports Keras itself, as a cell of a notebook would not need to."""

from tests.exercises.mnist_mlp.bank import right, wrong


def model(
    first="relu",
    second=None,
    last="softmax",
    *,
    units=(512, 512, 10),
    rate=0.2,
    regularizer=None,
    normalization=None,
    options=None,
    extra=(),
):
    """Build the network of the table, but for what is given; `extra`: layers to put after the first of a class."""
    import keras
    from keras import layers

    stack = [
        layers.Dense(units[0], activation=first),
        layers.Dropout(rate),
        layers.Dense(
            units[1],
            activation=second,
            kernel_regularizer=keras.regularizers.L2(0.001) if regularizer is None else regularizer,
            **(options or {}),
        ),
        layers.BatchNormalization(**(normalization or {})),
        layers.Activation("relu"),
        layers.Dropout(rate),
        layers.Dense(units[2], activation=last),
    ]
    return keras.Sequential([keras.Input((784,)), *extra, *stack])


@right("build_mlp")
def with_functions_of_tensorflow():
    import tensorflow as tf

    return model(tf.nn.relu, None, tf.nn.softmax)


@right("build_mlp")
def with_functions_of_keras():
    import keras

    return model(keras.ops.relu, keras.activations.linear, keras.activations.softmax)


@right("build_mlp")
def with_lambdas():
    import keras

    return model(lambda x: keras.ops.maximum(x, 0), lambda x: x, lambda x: keras.ops.softmax(x, axis=-1))


@right("build_mlp")
def functional_with_ops():
    import keras
    from keras import layers, ops

    inputs = keras.Input((784,))
    x = ops.relu(layers.Dense(512)(inputs))
    x = layers.Dropout(0.2)(x)
    x = layers.Dense(512, kernel_regularizer=keras.regularizers.l2(1e-3))(x)
    x = layers.BatchNormalization()(x)
    x = layers.Dropout(0.2)(keras.ops.relu(x))
    return keras.Model(inputs, ops.softmax(layers.Dense(10)(x)))


@right("build_mlp")
def functional_with_arithmetic():
    import keras
    from keras import layers

    inputs = keras.Input((784,))
    x = keras.ops.maximum(layers.Dense(512)(inputs), 0.0)
    x = layers.Dropout(0.2)(x)
    x = layers.Dense(512, kernel_regularizer=keras.regularizers.L1L2(l2=0.001))(x)
    x = keras.activations.relu(layers.BatchNormalization()(x))
    return keras.Model(inputs, layers.Dense(10, "softmax")(layers.Dropout(0.2)(x)))


@right("build_mlp")
def with_layers_that_do_nothing():
    import keras
    from keras import layers

    return keras.Sequential(
        [
            layers.Input(shape=[784]),
            layers.Flatten(),
            layers.Dropout(0),
            layers.Dense(512, "linear"),
            layers.ReLU(),
            layers.Dropout(0.2, seed=1),
            layers.Dense(512, kernel_regularizer=keras.regularizers.L2(0.001)),
            layers.Activation("linear"),
            layers.BatchNormalization(),
            layers.Identity(),
            layers.ReLU(),
            layers.Dropout(0.2),
            layers.Dense(10),
            layers.Softmax(),
        ]
    )


@right("build_mlp")
def compiled_and_renamed():
    built = model()
    built.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return built


@right("build_mlp")
def of_parts():
    import keras
    from keras import layers

    hidden = keras.Sequential(
        [
            layers.Dense(512, kernel_regularizer=keras.regularizers.L2(0.001)),
            layers.BatchNormalization(),
            layers.Activation("relu"),
        ]
    )
    return keras.Sequential(
        [keras.Input((784,)), layers.Dense(512, "relu"), layers.Dropout(0.2), hidden, layers.Dropout(0.2),
         layers.Dense(10, "softmax")]
    )  # fmt: skip


@wrong("build_mlp", "softmax")
def without_softmax():
    return model(last=None)


@wrong("build_mlp", "softmax|sigmoid")
def with_sigmoid():
    return model(last="sigmoid")


@wrong("build_mlp", "activation|ReLU|relu")
def second_with_relu():
    return model(second="relu")


@wrong("build_mlp", "activation|ReLU|relu")
def first_without_relu():
    return model(first=None)


@wrong("build_mlp", "kept|0.8|dropp|rate")
def keep_for_rate():
    return model(rate=0.8)


@wrong("build_mlp", "rate|0.5")
def half_dropped():
    return model(rate=0.5)


@wrong("build_mlp", "0.01")
def l2_by_name():
    return model(regularizer="l2")


@wrong("build_mlp", "L1|l1")
def l1_for_l2():
    return model(regularizer="l1")


@wrong("build_mlp", "ε|epsilon|momentum")
def normalization_of_another_framework():
    return model(normalization={"epsilon": 1e-5, "momentum": 0.9})


@wrong("build_mlp", "ε|epsilon")
def epsilon_1e_5():
    return model(normalization={"epsilon": 1e-5})


@wrong("build_mlp", "momentum")
def momentum_of_another_framework():
    return model(normalization={"momentum": 0.9})


@wrong("build_mlp", "512|units|256")
def fewer_units():
    return model(units=(512, 256, 10))


@wrong("build_mlp", "bias")
def penalty_on_the_bias():
    import keras

    return model(regularizer=False or keras.regularizers.L2(0.001), options={"bias_regularizer": "l2"})


@wrong("build_mlp", "activit|output|kernel")
def penalty_on_the_activity():
    import keras

    return model(regularizer=keras.regularizers.L2(0), options={"activity_regularizer": keras.regularizers.L2(0.001)})


@wrong("build_mlp", "bias")
def without_bias():
    return model(options={"use_bias": False})


@wrong("build_mlp", "summary|None|return")
def summary_returned():
    return model().summary(print_fn=lambda line: None)


@wrong("build_mlp", "compile|None|return")
def compile_returned():
    return model().compile("adam", "categorical_crossentropy")


@wrong("build_mlp", "list|model|Sequential")
def list_of_layers():
    return list(model().layers)


@wrong("build_mlp", "tuple|history|pair|model")
def model_with_something():
    return model(), "adam"


@wrong("build_mlp", "leaky|ReLU|slope")
def leaky():
    return model(first="leaky_relu")


@wrong("build_mlp", "tanh|ReLU|relu")
def tanh():
    return model(first="tanh")


@wrong("build_mlp", "scal|Rescaling|255")
def scaled_inside():
    import keras

    return model(extra=[keras.layers.Rescaling(1 / 255)])


@wrong("build_mlp", "noise|Noise|more|layer")
def noise_first():
    import keras

    return model(extra=[keras.layers.GaussianNoise(0.1)])


@wrong("build_mlp", "ReLU|relu|6")
def relu6():
    import keras

    return model(first=keras.ops.relu6)


@wrong("build_mlp", "axis|softmax")
def softmax_along_axis_0():
    import keras

    return model(last=lambda x: keras.ops.softmax(x, axis=0))


@wrong("build_mlp", "initializ|he_normal|kernel")
def other_initializer():
    return model(options={"kernel_initializer": "zeros"})


@right("build_mlp")
def without_input():
    import keras
    from keras import layers

    return keras.Sequential(
        [layers.Dense(512, "relu"), layers.Dropout(0.2),
         layers.Dense(512, kernel_regularizer=keras.regularizers.L2(1e-3)),
         layers.BatchNormalization(), layers.Activation("relu"), layers.Dropout(0.2), layers.Dense(10, "softmax")]
    )  # fmt: skip


@wrong("build_mlp", "twice|two softmax|softmax")
def softmax_twice():
    import keras

    built = model()
    built.add(keras.layers.Softmax())
    return built


@wrong("build_mlp", "shortcut|connect|skip|straight")
def with_a_shortcut():
    import keras
    from keras import layers

    inputs = keras.Input((784,))
    first = layers.Dropout(0.2)(layers.Dense(512, "relu")(inputs))
    x = layers.Dense(512, kernel_regularizer=keras.regularizers.L2(0.001))(first)
    x = layers.Dropout(0.2)(layers.ReLU()(layers.BatchNormalization()(x + first)))
    return keras.Model(inputs, layers.Dense(10, "softmax")(x))
