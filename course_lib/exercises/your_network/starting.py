"""The exercise on the weights to start from: one kernel and one bias for each layer."""

from itertools import pairwise

import numpy as np

from course_lib import initializers
from course_lib.checking.exercise import Exercise, Misconception, Row, Statistic, flags
from course_lib.checking.scene import Curves
from course_lib.exercises.returned import TooMany, numbers
from course_lib.exercises.your_network import solved


def starting_weights(sizes, seed):
    """Return the weights that a network of dense ReLU layers starts from.

    Args:
        sizes: the numbers of inputs, of units in each hidden layer, and of outputs, such as (784, 256, 10).
        seed: int; each layer draws with a seed of its own.
    Returns:
        [kernel, bias, kernel, bias, …] of float32: kernels by `he_normal`, shaped (inputs, units); biases 0.
    """
    weights = []
    for layer in range(len(sizes) - 1):
        weights.append(initializers.he_normal((sizes[layer], sizes[layer + 1]), 1000 * seed + layer))
        weights.append(np.zeros(sizes[layer + 1], dtype="float32"))
    return weights


SPREAD = "layer {}'s kernel: how often its deviation is twice that of He, √(2/{})"


def not_in_pairs(arrays):
    """Return `arrays` as they are. Raises TooMany where they stand in pairs, or in lists of their own."""
    if isinstance(arrays, list | tuple) and any(isinstance(each, list | tuple) for each in arrays):
        raise TooMany("asked for is one list of arrays; yours holds pairs or lists of them")
    return arrays


def shapes_of(weights):
    return [list(np.shape(each)) for each in not_in_pairs(weights)]


def probe_starting_weights(starting_weights, rng):
    seeds = [int(seed) for seed in rng.integers(1, 10**6, size=3)]
    sizes = (200, 300, 100, 10)

    def kernel(layer):
        return np.asarray(starting_weights(sizes, seeds[0])[2 * layer], dtype=float)

    def beside_he(layer):
        deviation = np.sqrt(np.mean(kernel(layer) ** 2))
        return float(np.log2(deviation / np.sqrt(2 / sizes[layer]))) if deviation else "it is 0"

    def spread(layer):
        count = sizes[layer] * sizes[layer + 1]
        return Statistic(
            SPREAD.format(layer + 1, sizes[layer]),
            lambda: beside_he(layer),
            # The deviation of n normal numbers spreads by 1/√(2n) of itself.
            standard_deviation=1 / np.sqrt(2 * count) / np.log(2),
        )

    def same(one, other):
        return "yes" if all(np.array_equal(a, b) for a, b in zip(one, other, strict=True)) else "no"

    def biases():
        return max(float(np.max(np.abs(each))) for each in starting_weights(sizes, seeds[0])[1::2])

    def types():
        is_single = [np.asarray(each).dtype == np.float32 for each in starting_weights(sizes, seeds[0])]
        return "yes" if all(is_single) else "no"

    yield Row(
        "the shapes for the sizes (6, 5, 4, 3)",
        lambda: shapes_of(starting_weights((6, 5, 4, 3), seeds[0])),
        essential=True,
    )
    yield "the shapes for the sizes (6, 3)", lambda: shapes_of(starting_weights((6, 3), seeds[0]))
    yield spread(0)
    yield spread(1)
    yield spread(2)
    yield "the largest bias", biases
    yield (
        "two layers of one shape: are their kernels the same?",
        lambda: same(*[[each] for each in starting_weights((30, 30, 30), seeds[0])[::2]]),
    )
    yield (
        "the same seed twice: are the weights the same?",
        lambda: same(starting_weights((6, 5, 4), seeds[1]), starting_weights((6, 5, 4), seeds[1])),
    )
    yield (
        "two seeds: are the weights the same?",
        lambda: same(starting_weights((6, 5, 4), seeds[1]), starting_weights((6, 5, 4), seeds[2])),
    )
    yield "are all numbers float32?", types


def faulty_starting(sizes, seed, **made):
    weights = []
    for layer in range(len(sizes) - 1 - ("no_output_layer" in made)):
        shape = fan_in, fan_out = sizes[layer], sizes[layer + 1]
        drawn = np.random.default_rng(None if "unseeded" in made else [seed, 0 if "one_seed" in made else layer])
        if "fixed_seed" in made:
            drawn = np.random.default_rng(layer)
        deviation = np.sqrt(2 / fan_in)
        for name, other in (
            ("glorot", np.sqrt(2 / (fan_in + fan_out))),
            ("lecun", np.sqrt(1 / fan_in)),
            ("by_outputs", np.sqrt(2 / fan_out)),
            ("variance_for_deviation", 2 / fan_in),
            ("standard", 1.0),
        ):
            if name in made:
                deviation = other
        kernel = drawn.normal(0, deviation, shape)
        bias = np.zeros(fan_out)
        if "zeros" in made:
            kernel = np.zeros(shape)
        if "uniform" in made:
            kernel = drawn.uniform(0, 1, shape)
        if "drawn_biases" in made:
            bias = drawn.normal(0, 0.1, fan_out)
        if "bias_rows" in made:
            bias = bias.reshape(1, -1)
        if "transposed" in made:
            kernel = kernel.T
        if "float64" not in made:
            kernel, bias = kernel.astype("float32"), bias.astype("float32")
        weights += [(kernel, bias)] if "pairs" in made else [kernel, bias]
    if "kernels_first" in made:
        weights = weights[::2] + weights[1::2]
    if "no_biases" in made:
        weights = weights[::2]
    return weights


def starting_at_one_deviation(sizes, seed, constant=0.05):
    """All kernels have the same deviation, whatever the number of inputs of their layer.

    He's deviation is √(2/inputs), of each layer's own inputs: `yours.he_normal` sees it from the shape.
    """
    rng = np.random.default_rng(seed)
    weights = []
    for shape in pairwise(sizes):
        weights += [np.float32(rng.normal(0, constant, shape)), np.zeros(shape[1], dtype="float32")]
    return weights


def starting_with_a_bias(sizes, seed, constant=1.0):
    """All biases start at the same number, which is not 0.

    They start at 0: `np.zeros(units)`. What a unit is to add, the training finds.
    """
    weights = starting_weights(sizes, seed)
    weights[1::2] = [bias + np.float32(constant) for bias in weights[1::2]]
    return weights


def starting_in_a_dict(sizes, seed):
    """A dict came back.

    Return one list: kernel, bias, kernel, bias, and so on.
    """
    return dict(enumerate(starting_weights(sizes, seed)))


def starting_with_one_generator(sizes, seed):
    rng, weights = np.random.default_rng(seed), []
    for fan_in, fan_out in pairwise(sizes):
        weights.append((rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in)).astype(np.float32))
        weights.append(np.zeros(fan_out, np.float32))
    return weights


def starting_by_uniform(sizes, seed):
    """He's variance from a uniform distribution, which has the same spread."""
    weights = []
    for layer in range(1, len(sizes)):
        rng, limit = np.random.default_rng(seed + 17 * layer), np.sqrt(6 / sizes[layer - 1])
        weights.extend(
            [rng.uniform(-limit, limit, sizes[layer - 1 : layer + 1]).astype("f"), np.zeros(sizes[layer], "f")]
        )
    return tuple(weights)


def scene_starting_weights(starting_weights):
    """How much of the signal is left after each layer, and where the biases start.

    Half of the mean square of a kernel's sums comes through ReLU: inputs · mean square of the weights / 2, for inputs
    of mean square 1. What may be chance, at these many weights, is drawn as none.
    """
    sizes = (400, 300, 500, 400, 300)
    weights = [numbers(each) for each in not_in_pairs(starting_weights(sizes, 3))]
    asked = [shape for pair in pairwise(sizes) for shape in (pair, pair[1:])]
    if [each.shape for each in weights] != asked:
        raise ValueError("arrays of other shapes have no place in the picture")
    kept = np.cumprod([np.mean(kernel**2) * len(kernel) / 2 for kernel in weights[::2]])
    curves = {
        "signal left after the layer": np.where(np.abs(kept - 1) < 0.05, 1.0, kept),
        "largest bias of the layer": np.array([np.max(np.abs(bias)) for bias in weights[1::2]]),
    }
    return Curves(np.arange(1, len(sizes)), curves, xlabel="layer")


ORDER = "One list: kernel and bias of the first layer, then of the second, and so on. `weights += [kernel, bias]`."

STARTING_WEIGHTS = Exercise(
    name="starting_weights",
    kind="derive",
    minutes=8,
    level=1,
    reference=starting_weights,
    probe=probe_starting_weights,
    scene=scene_starting_weights,
    misconceptions=[
        *flags(
            faulty_starting,
            one_seed=(
                "Two layers of one shape start from the same kernel: each is drawn with the same seed.",
                "Give each layer a seed of its own, such as `seed` plus the number of the layer.",
            ),
            unseeded=("The same seed gives other weights each time.", "Pass `seed` on to what draws."),
            fixed_seed=("The weights do not depend on `seed`.", "Pass `seed` on to what draws."),
            zeros=(
                "All kernels are 0, so all units of a layer compute the same, and go on doing so.",
                "Draw the kernels with `yours.he_normal`; only the biases start at 0.",
            ),
            standard=(
                "The kernels have the deviation 1, whatever the number of inputs.",
                "He's deviation is √(2/inputs): `yours.he_normal` draws so.",
            ),
            glorot=(
                "The kernels have Glorot's deviation, √(2/(inputs + units)), which is for tanh.",
                "For ReLU layers take `yours.he_normal`.",
            ),
            lecun=(
                "The kernels' variance is 1/inputs, half of what a ReLU needs, which lets half of it through.",
                "For ReLU layers take `yours.he_normal`, with 2/inputs.",
            ),
            by_outputs=(
                "The deviation is taken from the units of the layer and not from its inputs.",
                "The shape of a kernel is (inputs, units), and the sum runs over the inputs.",
            ),
            variance_for_deviation=(
                "2/inputs is used as the deviation. It is the variance.",
                "The deviation is its root; `yours.he_normal` draws so.",
            ),
            uniform=(
                "The kernels are drawn between 0 and 1: their mean is not 0, and they are far too large.",
                "Draw them with `yours.he_normal`.",
            ),
            drawn_biases=("The biases are drawn at random.", "They start at 0: `np.zeros(units)`."),
            bias_rows=("The biases have the shape (1, units).", "Asked for is (units,)."),
            transposed=(
                "The kernels have the shape (units, inputs).",
                "A row of inputs meets the kernel in `x @ kernel`: its shape is (inputs, units).",
            ),
            float64=(
                "The numbers are float64, all or some of them.",
                "With float32 the training takes half the time: `np.zeros(units, dtype='float32')`.",
            ),
            pairs=("The list holds pairs (kernel, bias).", ORDER),
            kernels_first=("All kernels come first, and all biases after them.", ORDER),
            no_biases=("The biases are missing.", ORDER),
            no_output_layer=(
                "The last layer, whose units are the outputs, has no weights.",
                "Each pair of neighboring sizes is a layer: `zip(sizes[:-1], sizes[1:])` gives them all.",
            ),
        ),
        Misconception.of(
            starting_at_one_deviation,
            constant=(SPREAD.format(1, 200), lambda doublings: np.sqrt(2 / 200) * 2**doublings),
        ),
        Misconception.of(starting_with_a_bias, constant=("the largest bias", lambda largest: largest)),
        starting_in_a_dict,
    ],
    equivalents=[starting_with_one_generator, starting_by_uniform],
    hints=[
        "Each pair of neighboring sizes is the shape of a kernel. How do you get all these pairs?",
        "Two layers may have the same shape. What does `yours.he_normal` give for the same shape and the same seed?",
        "`weights += [kernel, bias]` adds two arrays to the end of the list.",
    ],
    solution=solved.starting_weights,
)
