"""What the tests of the network microscope have in common: a reader's network, and what its sentence says."""

import re

import numpy as np

from course_lib import regularizers
from course_lib.layers import Activation, BatchNormalization, Dense, Dropout
from course_lib.network import Sequential
from course_lib.optimizers import Adam


def readers_network(seed=0):
    """A network with every kind of layer, trained a little, and its data."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(100, 12))
    y = (x[:, :1] > 0).astype(float)
    layers = [
        Dense(20, kernel_regularizer=regularizers.L2(0.01)),
        BatchNormalization(),
        Activation("relu"),
        Dropout(0.3),
        Dense(8, activation="sigmoid"),
        Dense(1, activation="sigmoid"),
    ]
    model = Sequential(layers, seed=seed)
    model.compile(Adam(0.01), loss="binary_crossentropy")
    model.fit(x, y, epochs=2, seed=0, verbose=0)
    return model, x, y


def change(control):
    """Set a control to another value, far from the one it has."""
    if hasattr(control, "max"):
        control.value = control.max
        return
    values = [each[1] if isinstance(each, tuple) else each for each in control.options]
    control.value = values[0] if control.value == values[-1] else values[-1]


def told(microscope):
    """What the sentence says of all layers: names to the texts of numbers."""
    pattern = (
        r".*: loss (?P<loss>\S+)( \(.*?\))?\. From layer 1 to (?P<hidden>\d+) the outputs' deviation goes from "
        r"(?P<outputs_first>\S+) to (?P<outputs_last>\S+); back from layer \d+ to 1 the gradients' from "
        r"(?P<gradients_last>\S+) to (?P<gradients_first>\S+); update ratios are (?P<lowest>\S+?)"
        r"( to (?P<highest>\S+))?\. Layer .*"
    )
    match = re.fullmatch(pattern, microscope.sentence)
    assert match, microscope.sentence
    return match.groupdict()
