"""The exercise on a network of two layers: seven intermediates, of which the first wrong one is named."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row
from course_lib.checking.isolation import Failure
from course_lib.checking.observe import once
from course_lib.exercises.backpropagation.two_layer_mistakes import MISCONCEPTIONS
from course_lib.exercises.backpropagation.way_back import STEPS, followed, label_of, two_layer_gradients
from course_lib.exercises.returned import by_name, numbers, tables

# The probe's parameter has the name of the reference.
_right = two_layer_gradients


def probe_two_layer_gradients(two_layer_gradients, rng):
    def drawn(n, features, units, classes):
        shapes = (features, units), (units,), (units, classes), (classes,)
        labels = rng.permutation(np.arange(n) % classes)
        return rng.normal(size=(n, features)), labels, *(rng.normal(scale=0.7, size=shape) for shape in shapes)

    cases = {"": drawn(5, 2, 4, 3), " (three of everything)": drawn(3, 3, 3, 3)}
    for case, arguments in cases.items():
        given = once(lambda arguments=arguments: by_name(two_layer_gradients(*arguments), STEPS))
        right = _right(*arguments)
        for step in STEPS:
            yield Row(
                label_of(step) + case,
                lambda step=step, given=given, right=right, arguments=arguments: followed(
                    step, given(), right, arguments
                ),
            )


def remark(failing):
    """Say which intermediate is the first wrong one, and that what is marked right follows rightly from it."""
    first = failing[0][0].partition(",")[0]
    if first not in STEPS or any(value is None or isinstance(value, Failure) for _, value, _ in failing):
        return ""
    later = STEPS[STEPS.index(first) + 1 :]
    others = {label.partition(",")[0] for label, _, _ in failing}
    told = f"The first wrong intermediate is `{first}`."
    if first == "db1":
        return told
    if others.isdisjoint(later):
        return f"{told} All that comes after it is right, given yours."
    return f"{told} Mend it first; what is marked right below it follows rightly from yours."


def two_layers_written_out(x, labels, w1, b1, w2, b2):
    hidden = np.tanh(np.dot(x, w1) + b1)
    z = np.dot(hidden, w2) + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    dz = e / e.sum(axis=1, keepdims=True)
    dz[np.arange(len(x)), labels] -= 1
    dz /= len(x)
    back = np.einsum("nc,uc->nu", dz, w2)
    below = back / np.cosh(np.dot(x, w1) + b1) ** 2
    ones = np.ones(len(x))
    first = {"dW1": np.dot(x.T, below), "db1": ones @ below}
    return first | {"dz2": dz, "dW2": np.dot(hidden.T, dz), "db2": ones @ dz, "da1": back, "dz1": below}


def two_layers_example_by_example(x, labels, w1, b1, w2, b2):
    total = {"dW2": 0.0, "db2": 0.0, "dW1": 0.0, "db1": 0.0}
    rows = {"dz2": [], "da1": [], "dz1": []}
    for example, label in zip(x, labels, strict=True):
        a = np.tanh(example @ w1 + b1)
        z = a @ w2 + b2
        dz = np.exp(z) / np.exp(z).sum()
        dz[label] -= 1
        dz = dz / len(x)
        da = w2 @ dz
        below = da * (1 - a) * (1 + a)
        total["dW2"] = total["dW2"] + np.outer(a, dz)
        total["db2"] = total["db2"] + dz
        total["dW1"] = total["dW1"] + np.outer(example, below)
        total["db1"] = total["db1"] + below
        for name, row in (("dz2", dz), ("da1", da), ("dz1", below)):
            rows[name].append(row)
    return total | {name: np.array(values) for name, values in rows.items()}


def scene_two_layer_gradients(two_layer_gradients):
    """All seven, in the order of the way back: a mistake is seen to be handed on."""
    x, labels = np.array([[1.0, 0.5], [-0.8, 0.4], [0.5, -1.0]]), np.array([1, 1, 0])
    w1, b1 = np.array([[0.5, -1.0, 0.8], [0.6, 0.4, -0.9]]), np.array([0.3, -0.2, 0.5])
    w2, b2 = np.array([[1.5, -0.5], [-1.0, 0.8], [0.7, 1.2]]), np.array([0.4, -0.6])
    given = by_name(two_layer_gradients(x, labels, w1, b1, w2, b2), STEPS)
    return tables({step: np.round(numbers(given[step]), 3) for step in STEPS})


TWO_LAYER_GRADIENTS = Exercise(
    name="two_layer_gradients",
    kind="derive",
    minutes=20,
    level=3,
    reference=two_layer_gradients,
    probe=probe_two_layer_gradients,
    scene=scene_two_layer_gradients,
    misconceptions=MISCONCEPTIONS,
    equivalents=[two_layers_written_out, two_layers_example_by_example],
    remark=remark,
    hints=[
        "Write the way there in four lines first: z₁, a₁, z₂, p. The way back goes through them from the last one on.",
        "`dz2` is the line that you have derived; `dW2`, `db2` and `da1` are the dense layer that you have derived.",
        "Between `da1` and `dz1` lies only tanh, element by element. Which slope, and with which brackets?",
        "Below `dz1` is a dense layer once more, whose inputs are `x`.",
    ],
)
