"""The 3-3-2-2 net in Keras as people build it; Keras itself is imported when an answer runs."""

from tests.exercises.banks import RIGHT, written

SEQUENTIAL = """
def sequential_net():
    import keras
    from keras import layers
    return keras.Sequential([
        keras.Input((3,)),
        layers.Dense(3, activation="tanh"),
        layers.Dense(2, activation="tanh"),
        layers.Dense(2, activation="softmax"),
    ])
"""
FUNCTIONAL = """
def functional_net():
    import keras
    from keras import layers
    inputs = keras.Input(shape=(3,))
    x = layers.Dense(3, activation="tanh")(inputs)
    y = layers.Dense(2, activation="tanh")(x)
    outputs = layers.Dense(2, activation="softmax")(y)
    return keras.Model(inputs=inputs, outputs=outputs)
"""
SUBCLASS = """
def subclass_net():
    import keras
    from keras import layers
    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.first = layers.Dense(3, activation="tanh")
            self.second = layers.Dense(2, activation="tanh")
            self.last = layers.Dense(2, activation="softmax")
        def call(self, inputs):
            x = self.first(inputs)
            y = self.second(x)
            return self.last(y)
    return Net()
"""
LAST = 'layers.Dense(2, activation="softmax")'


def sequential(told, *changes):
    return written("sequential_net", SEQUENTIAL, told, *changes)


def functional(told, *changes):
    return written("functional_net", FUNCTIONAL, told, *changes)


def subclass(told, *changes):
    return written("subclass_net", SUBCLASS, told, *changes)


CASES = [
    sequential(RIGHT),
    functional(RIGHT),
    subclass(RIGHT),
    sequential(RIGHT, ("        keras.Input((3,)),\n", "")),
    sequential(RIGHT, ('layers.Dense(3, activation="tanh")', 'layers.Dense(3), layers.Activation("tanh")')),
    functional(RIGHT, (LAST, 'layers.Dense(2, activation="softmax", name="probabilities")')),
    subclass(RIGHT, ("class Net", "class MLP"), ("Net()", "MLP()")),
    subclass(RIGHT, ("def call(self, inputs)", "def call(self, inputs, training=None)")),
    sequential("softmax|logit", (LAST, "layers.Dense(2)")),
    functional("softmax|logit", (LAST, "layers.Dense(2)")),
    subclass("softmax|logit", (LAST, "layers.Dense(2)")),
    sequential("sigmoid", (LAST, 'layers.Dense(2, activation="sigmoid")')),
    functional("sigmoid", (LAST, 'layers.Dense(2, activation="sigmoid")')),
    sequential("units|26|width", (LAST, 'layers.Dense(1, activation="softmax")')),
    sequential("units|26|width|hidden", ('Dense(3, activation="tanh")', 'Dense(4, activation="tanh")')),
    sequential("layer", ('        layers.Dense(2, activation="tanh"),\n', "")),
    functional("layer", ('layers.Dense(2, activation="softmax")(y)', 'layers.Dense(2, activation="softmax")(x)')),
    subclass("layer", ("return self.last(y)", "return self.last(x)")),
    subclass("layer|last|softmax", ("return self.last(y)", "return y")),
    sequential("tanh|activation|linear", ('Dense(2, activation="tanh")', "Dense(2)")),
    functional("tanh|activation|linear", ('Dense(3, activation="tanh")', "Dense(3)")),
    sequential(
        "relu",
        ('Dense(3, activation="tanh")', 'Dense(3, activation="relu")'),
        ('Dense(2, activation="tanh")', 'Dense(2, activation="relu")'),
    ),
    subclass("relu", ('"tanh"', '"relu"')),
    sequential("bias|26", (LAST, 'layers.Dense(2, activation="softmax", use_bias=False)')),
    sequential("Input|three|3 (numbers|features|inputs)|inputs", ("keras.Input((3,))", "keras.Input((2,))")),
    functional(
        "inputs and outputs",
        (
            "    return keras.Model(inputs=inputs, outputs=outputs)",
            "    return keras.Sequential([keras.Input((3,)), layers.Dense(3, activation='tanh'), "
            "layers.Dense(2, activation='tanh'), layers.Dense(2, activation='softmax')])",
        ),
    ),
    subclass(
        "class of your own",
        (
            "    return Net()",
            "    i = keras.Input((3,))\n    return keras.Model(i, layers.Dense(2, "
            "activation='softmax')(layers.Dense(2, activation='tanh')(layers.Dense(3, activation='tanh')(i))))",
        ),
    ),
    sequential(
        "from a list",
        (
            "    return keras.Sequential([",
            "    i = x = keras.Input((3,))\n    for layer in [layers.Dense(3, activation='tanh'), "
            "layers.Dense(2, activation='tanh'), layers.Dense(2, activation='softmax')]:\n        x "
            "= layer(x)\n    return keras.Model(i, x)\n    return keras.Sequential([",
        ),
    ),
    sequential("list|model", ("return keras.Sequential([", "return ([")),
    functional("model|tensor|pair|outputs", ("return keras.Model(inputs=inputs, outputs=outputs)", "return outputs")),
    subclass("class|instance|call|\\(\\)", ("return Net()", "return Net")),
    subclass("super|__init__", ("            super().__init__()\n", "")),
    sequential(
        "order|units|width|26",
        (
            'layers.Dense(3, activation="tanh"),\n        layers.Dense(2, activation="tanh"),',
            'layers.Dense(2, activation="tanh"),\n        layers.Dense(3, activation="tanh"),',
        ),
    ),
]
