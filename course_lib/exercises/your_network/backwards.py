"""The exercise on the way back through any number of layers, with ReLU and dropout between them."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.observe import once
from course_lib.exercises.backpropagation.dense import dense_gradients
from course_lib.exercises.returned import in_one_row, numbers, parts, tables
from course_lib.exercises.your_network import solved
from course_lib.exercises.your_network.forwards import drawn_weights, network_outputs
from course_lib.exercises.your_network.starting import not_in_pairs


def network_gradients(inputs, weights, upstream, rate=0.0):
    """Carry the gradient of the loss back from the logits to all weights of `network_outputs`.

    An input of a layer that is 0 was cut off by ReLU or dropped; every other is 1/(1 − rate) of what ReLU was given.

    Args:
        inputs: what each layer was given, as `network_outputs` returns it.
        weights: [kernel, bias, kernel, bias, …].
        upstream: array (n, units of the last layer), ∂L/∂logits, with the 1/n of a mean loss in it.
        rate: float in [0, 1), that of the dropout on the way there.
    Returns:
        list of the gradients, in the order and with the shapes of `weights`.
    """
    gradients = [None] * len(weights)
    for layer in range(len(inputs) - 1, -1, -1):
        of_kernel, of_bias, below = dense_gradients(inputs[layer], weights[2 * layer], upstream)
        gradients[2 * layer : 2 * layer + 2] = of_kernel, of_bias
        upstream = np.where(inputs[layer] > 0, below / (1 - rate), 0)
    return gradients


def probe_network_gradients(network_gradients, rng):
    def drawn(rate, n, *sizes):
        x, weights = rng.normal(size=(n, sizes[0])), drawn_weights(rng, *sizes)
        logits, inputs = network_outputs(x, weights, rate, int(rng.integers(1, 10**6)))
        return [inputs, weights, rng.normal(size=logits.shape) / n, rate]

    def given(problem):
        return once(lambda: not_in_pairs(network_gradients(*problem)))

    deep = drawn(0.0, 7, 5, 6, 4, 3)
    found = given(deep)
    names = [f"the gradient of layer {layer}'s {what}" for layer in (1, 2, 3) for what in ("kernel", "bias")]
    yield "how many gradients come back", lambda: len(found())
    for place in (4, 5, 2, 3, 0, 1):
        yield Row(names[place], lambda place=place: found()[place], essential=place == 4)
    square = drawn(0.0, 4, 4, 4, 4, 4)
    yield "four of everything, all gradients in a row", lambda: in_one_row(given(square)(), square[1])
    short, single = drawn(0.0, 6, 5, 8, 2), drawn(0.0, 6, 5, 3)
    yield "one hidden layer, all in a row", lambda: in_one_row(given(short)(), short[1])
    yield "no hidden layer, all in a row", lambda: in_one_row(given(single)(), single[1])
    with_dropout = drawn(0.4, 9, 5, 12, 10, 3)
    yield "with dropout at 0.4, all in a row", lambda: in_one_row(given(with_dropout)(), with_dropout[1])


def faulty_gradients(inputs, weights, upstream, rate=0.0, **made):
    kernels = weights[::2]
    count = len(inputs[0])
    pairs = []
    if "factor_first" in made:
        upstream = upstream / (1 - rate)
    for layer in reversed(range(len(inputs))):
        x, kernel = inputs[layer], kernels[layer]
        is_last = layer == len(inputs) - 1
        if "sliced_at_the_end" in made and is_last:
            upstream = upstream * (upstream > 0)
        of_kernel, of_bias = x.T @ upstream, upstream.sum(axis=0)
        if "mean_again" in made:
            of_kernel, of_bias = of_kernel / count, of_bias / count
        if "mean_bias" in made:
            of_bias = of_bias / count
        if "bias_rows" in made:
            of_bias = of_bias.reshape(1, -1)
        if "turned" in made:
            of_kernel, of_bias = -of_kernel, -of_bias
        pairs.insert(0, (of_kernel, of_bias))
        below = upstream @ kernel.T
        slope = x > 0
        for name, other in (
            ("no_slope", np.ones_like(x)),
            ("value_for_slope", x),
            ("tanh_slope", 1 - x**2),
            ("sigmoid_slope", x * (1 - x)),
            ("gradient_cut", below > 0),
            ("slope_below_zero", x <= 0),
        ):
            if name in made:
                slope = other
        scale = 1 / (1 - rate)
        if "no_factor" in made or "factor_first" in made or ("factor_last" in made and layer > 1):
            scale = 1
        if "factor_turned" in made:
            scale = 1 - rate
        if "by_rate" in made:
            scale = 1 / rate if rate else 1
        if "factor_at_zero" in made and rate:
            slope = np.ones_like(x)
        upstream = below * slope * scale
        if "stops_after_one" in made:
            upstream = upstream * 0
    gradients = [each for pair in pairs for each in pair]
    if "backwards" in made:
        gradients = [each for pair in pairs[::-1] for each in pair]
    if "wholly_backwards" in made:
        gradients = gradients[::-1]
    if "bias_first" in made:
        gradients = [each for kernel, bias in pairs for each in (bias, kernel)]
    if "kernels_first" in made:
        gradients = gradients[::2] + gradients[1::2]
    if "in_pairs" in made:
        return pairs
    if "with_inputs" in made:
        gradients = [*gradients, upstream]
    if "first_layer_unfilled" in made:
        gradients[:2] = [None, None]
    if "first_layer_missing" in made:
        gradients = gradients[2:]
    return gradients


def gradients_by_recursion(inputs, weights, upstream, rate=0.0):
    own = [np.einsum("ni,nu->iu", inputs[-1], upstream), np.einsum("nu->u", upstream)]
    if len(inputs) == 1:
        return own
    mask = np.sign(np.abs(inputs[-1])) / (1 - rate)
    return [*gradients_by_recursion(inputs[:-1], weights[:-2], mask * (upstream @ weights[-2].T), rate), *own]


def gradients_with_masks_first(inputs, weights, upstream, rate=0.0):
    masks = [(given != 0).astype(given.dtype) / (1 - rate) for given in inputs[1:]]
    signals = [upstream]
    for kernel, mask in zip(weights[-2:0:-2], masks[::-1], strict=True):
        signals.insert(0, mask * signals[0].dot(kernel.T))
    found = []
    for given, signal in zip(inputs, signals, strict=True):
        found.extend((given.T.dot(signal), np.ones(len(signal)).dot(signal)))
    return tuple(found)


def scene_network_gradients(network_gradients):
    """The gradients of three layers, of which two are followed by ReLU and by dropout at 0.6."""
    x = np.array([[1.0, 2.0], [-1.0, 0.5], [2.0, -1.0]])
    second = np.array([[2.5, 0.0, 5.0], [0.0, 1.5, 0.0], [7.5, 2.0, 0.0]])
    third = np.array([[5.0, 0.0], [2.0, 1.5], [0.0, 3.0]])
    weights = [
        np.array([[1.0, -1.0, 2.0], [0.5, 1.0, -1.0]]),
        np.array([0.5, -1.0, 1.0]),
        np.array([[1.0, -0.5], [2.0, 1.0], [-1.0, 0.5]]),
        np.array([0.5, -1.0]),
        np.array([[1.0, -2.0], [0.5, 1.0]]),
        np.array([-1.5, 0.5]),
    ]
    upstream = np.array([[0.2, -0.1], [-0.3, 0.4], [0.1, 0.25]])
    names = [f"{what} {layer}" for layer in (1, 2, 3) for what in ("kernel", "bias")]
    given = parts(network_gradients([x, second, third], weights, upstream, 0.6), names)
    return tables({name: np.round(numbers(each), 9) for name, each in zip(names, given, strict=True)})


ORDER = "One list, in the order of `weights`: kernel and bias of the first layer, then of the second, and so on."
SLOPE = "ReLU's slope is 1 where something came through, and 0 elsewhere: `inputs[layer] > 0`."

NETWORK_GRADIENTS = Exercise(
    name="network_gradients",
    kind="derive",
    minutes=25,
    level=3,
    reference=network_gradients,
    probe=probe_network_gradients,
    scene=scene_network_gradients,
    misconceptions=[
        *flags(
            faulty_gradients,
            no_slope=("What comes back is not stopped where ReLU gave 0, nor where something was dropped.", SLOPE),
            value_for_slope=("What comes back is multiplied by the layer's inputs, not by ReLU's slope.", SLOPE),
            tanh_slope=("The slope between the layers is tanh's, 1 − a².", SLOPE),
            sigmoid_slope=("The slope between the layers is the sigmoid's, a (1 − a).", SLOPE),
            gradient_cut=("Gradients below 0 are cut off, as if ReLU were used on the way back.", SLOPE),
            slope_below_zero=("What comes back is stopped where ReLU let something through.", SLOPE),
            no_factor=(
                "`rate` is not used: what survived dropout was multiplied by 1/(1 − rate), and so is its gradient.",
                "Multiply what comes back through a dropout by the same factor as on the way there.",
            ),
            factor_first=(
                "All that comes back is divided by 1 − rate once, at the beginning.",
                "Each dropout on the way has its own factor: between any two layers, and not after the last one.",
            ),
            factor_last=(
                "What comes back is divided by 1 − rate once, before the first layer alone.",
                "Each dropout on the way has its own factor: between any two layers.",
            ),
            factor_turned=(
                "What comes back is multiplied by 1 − rate, where it is to be divided.",
                "On the way there the survivors were divided by 1 − rate. The gradient takes the same factor.",
            ),
            by_rate=(
                "What comes back is divided by `rate`, the share that was dropped.",
                "On the way there the survivors were divided by 1 − rate. The gradient takes the same factor.",
            ),
            factor_at_zero=(
                "With dropout, gradients come back through places that were dropped or cut off by ReLU.",
                "An input that is 0 had no influence on the loss: no gradient comes back through it.",
            ),
            sliced_at_the_end=(
                "The gradient of the logits is cut off below 0: the last layer has no ReLU.",
                "Begin with `upstream` as it is; a slope comes in between two layers only.",
            ),
            stops_after_one=(
                "Nothing comes back further than to the last layer.",
                "The gradient along a layer's inputs is the `upstream` of the layer below.",
            ),
            mean_again=(
                "The gradients are divided by the number of examples, once too often.",
                "`upstream` holds the 1/n of the mean already.",
            ),
            mean_bias=(
                "The biases' gradients are means over the batch.",
                "`upstream` holds the 1/n of the mean already: sum over the examples.",
            ),
            bias_rows=(
                "The biases' gradients have the shape (1, units).",
                "A gradient has the shape of what it belongs to: sum without `keepdims`.",
            ),
            turned=("All gradients have the opposite sign.", "The minus belongs to the step downhill."),
            backwards=("The layers come in reverse order, the last one first.", ORDER),
            wholly_backwards=("The list is in reverse order, and the biases come before the kernels.", ORDER),
            bias_first=("In each layer the bias comes before the kernel.", ORDER),
            kernels_first=("All kernels come first, and all biases after them.", ORDER),
            in_pairs=("The list holds pairs (kernel, bias).", ORDER),
            with_inputs=(
                "There is one array more than weights: the gradient along x, which nobody needs.",
                "As many gradients as weights.",
            ),
            first_layer_unfilled=(
                "The first layer's gradients are None: the loop ends one layer too early.",
                "Go down to layer 0, as `reversed(range(len(inputs)))` does.",
            ),
            first_layer_missing=(
                "The first layer has no gradients: the loop ends one layer too early.",
                "Go down to layer 0; `reversed(range(len(inputs)))` does.",
            ),
        ),
    ],
    equivalents=[gradients_by_recursion, gradients_with_masks_first],
    hints=[
        "Go through the layers from the last to the first. `yours.dense_gradients` gives three things; which of them "
        "goes on to the layer below?",
        "Between two layers lie ReLU and dropout. An input that is 0 was cut off or dropped: what comes back there?",
        "Every other input is what ReLU let through, times 1/(1 − rate). If the sum before ReLU grows by 1, by how "
        "much does that input grow?",
    ],
    solution=solved.network_gradients,
)
