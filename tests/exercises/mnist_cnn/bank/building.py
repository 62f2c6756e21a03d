"""Small networks for images in Keras, as people build them."""

from tests.exercises.banks import RIGHT, written

BUILT = """
def small_cnn():
    import keras
    from keras import layers
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ])
    return model
"""


def built(told, *changes, name=""):
    return written("small_cnn", BUILT, told, *changes, name=name)


POOL = "        layers.MaxPooling2D(),\n"
FIRST = '        layers.Conv2D(16, 3, activation="relu"),\n'
SECOND = '        layers.Conv2D(32, 3, activation="relu"),\n'
LAST = '        layers.Dense(10, activation="softmax"),\n'
FLAT = "        layers.Flatten(),\n"
CASES = [
    built(RIGHT, name="two convolutions, two poolings"),
    built(
        RIGHT,
        (POOL, ""),
        ("Conv2D(16, 3,", "Conv2D(16, 3, strides=2,"),
        ("Conv2D(32, 3,", "Conv2D(32, 3, strides=2,"),
        name="strides for poolings",
    ),
    built(RIGHT, (FLAT, "        layers.GlobalAveragePooling2D(),\n"), name="global average pooling"),
    built(
        RIGHT,
        (
            FIRST,
            "        layers.Conv2D(16, 3, use_bias=False),\n        layers.BatchNormalization(),\n        "
            "layers.ReLU(),\n",
        ),
        name="batch normalization",
    ),
    built(
        RIGHT,
        (FLAT, FLAT + "        layers.Dropout(0.5),\n"),
        (LAST, "        layers.Dense(10),\n        layers.Softmax(),\n"),
        name="dropout, and softmax as a layer",
    ),
    built(
        RIGHT,
        ("    return model", "    model.compile('adam', 'sparse_categorical_crossentropy')\n    return model"),
        name="compiled",
    ),
    built("20,000|parameters|pool", (POOL, ""), name="no pooling"),
    built(
        "20,000|parameters",
        (FLAT, FLAT + '        layers.Dense(128, activation="relu"),\n'),
        name="a dense layer of 128",
    ),
    built("20,000|parameters", ("Conv2D(32, 3,", "Conv2D(64, 5,"), name="larger filters"),
    built("convolution", (FIRST + POOL + SECOND + POOL, ""), name="no convolution"),
    built(
        "second|two convolutions|one convolution",
        (SECOND + POOL, ""),
        (POOL, "        layers.MaxPooling2D(4),\n"),
        name="one convolution",
    ),
    built("32|filters", ("Conv2D(32", "Conv2D(16"), name="too few filters in the second"),
    built("16|filters", ("Conv2D(16", "Conv2D(8"), name="too few filters in the first"),
    built(
        RIGHT,
        ("keras.Input((28, 28, 1))", "keras.Input((28, 28))"),
        (FIRST, "        layers.Reshape((28, 28, 1)),\n" + FIRST),
        name="takes images without a channel",
    ),
    built(
        "784|channel|28, 28, 1|images",
        ("keras.Input((28, 28, 1))", "keras.Input((784,))"),
        (FIRST, "        layers.Reshape((28, 28, 1)),\n" + FIRST),
        name="takes rows",
    ),
    built("softmax|sum to 1|probabilit", (LAST, "        layers.Dense(10),\n"), name="no softmax"),
    built(
        "softmax|sum to 1|probabilit|sigmoid", ('10, activation="softmax"', '10, activation="sigmoid"'), name="sigmoids"
    ),
    built("Flatten|place|shape|one row|10", (FLAT, ""), name="no flatten"),
    built(
        "single output", ("Dense(10", "Dense(1"), ('activation="softmax"', 'activation="sigmoid"'), name="one output"
    ),
    built("10|class|shape", ("Dense(10", "Dense(9"), name="nine classes"),
    built(
        "activation|bend|linear|straight",
        ('Conv2D(16, 3, activation="relu")', "Conv2D(16, 3)"),
        name="no activation after the first",
    ),
    built("activation|bend|linear|straight", (', activation="relu")', ")"), name="no activation"),
    built("return|None", ("    return model\n", ""), name="no return"),
    built("model|list", ("    return model", "    return model.layers"), name="its layers"),
    built(
        "model|compil|None|return",
        ("    return model", "    return model.compile('adam', 'mse')"),
        name="what compile returns",
    ),
    built(
        "model|tuple|pair",
        ("    return model", "    return model, model.count_params()"),
        name="the model and its size",
    ),
    built("twice|two softmaxes|even|sum|softmax", (LAST, LAST + "        layers.Softmax(),\n"), name="softmax twice"),
]
