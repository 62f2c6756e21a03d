"""The exercise on the way there through any number of layers, with all that the way back will need."""

from itertools import pairwise

import numpy as np

from course_lib.checking.exercise import Exercise, Row, Statistic, flags
from course_lib.checking.observe import once
from course_lib.exercises.regularization.dropping import dropout
from course_lib.exercises.returned import in_one_row, numbers, parts, tables
from course_lib.exercises.your_network import solved

NAMES = ("the logits", "the inputs of the layers")


def network_outputs(x, weights, rate=0.0, seed=0):
    """Send examples through dense layers, with ReLU and dropout after each but the last.

    Args:
        x: array (n, features).
        weights: [kernel, bias, kernel, bias, …].
        rate: float in [0, 1), the share of the hidden units' outputs that is dropped; 0 to predict.
        seed: int, which decides what is dropped.
    Returns:
        (logits, inputs): the last layer's sums (n, units); and for each layer the array that it was given, the first
        of which is x, the others as they are after ReLU and dropout.
    """
    kernels, biases = weights[::2], weights[1::2]
    inputs = [x]
    for layer, (kernel, bias) in enumerate(zip(kernels[:-1], biases[:-1], strict=True)):
        hidden = np.maximum(inputs[-1] @ kernel + bias, 0)
        inputs.append(dropout(hidden, rate, rate > 0, [seed, layer]))
    return inputs[-1] @ kernels[-1] + biases[-1], inputs


def drawn_weights(rng, *sizes):
    """Return weights for these sizes, with biases that are not 0."""
    weights = []
    for fan_in, fan_out in pairwise(sizes):
        weights += [rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out)), rng.normal(0, 0.3, fan_out)]
    return weights


def probe_network_outputs(network_outputs, rng):
    x, weights = rng.normal(size=(6, 5)), drawn_weights(rng, 5, 7, 4, 3)
    short, single = drawn_weights(rng, 5, 8, 2), drawn_weights(rng, 5, 3)
    # Wide, so that shares can be told; the two hidden layers have one shape, so that their masks can be compared.
    wide_x, wide = rng.normal(size=(60, 20)), drawn_weights(rng, 20, 300, 300, 4)
    seeds = [int(seed) for seed in rng.integers(1, 10**6, size=2)]
    rate = 0.25

    def both(x, weights, *more):
        return once(lambda: parts(network_outputs(x, weights, *more), NAMES))

    plain, in_training = both(x, weights), both(wide_x, wide, rate, seeds[0])

    def hidden(layer):
        """What layer `layer` was given with dropout, and what it would have been given without."""
        inputs = in_training()[1]
        before = np.maximum(inputs[layer - 1] @ wide[2 * layer - 2] + wide[2 * layer - 1], 0)
        return np.asarray(inputs[layer]), before

    def share(layer):
        given, before = hidden(layer)
        return float(np.mean(given[before > 0] == 0))

    def factor(layer):
        given, before = hidden(layer)
        kept = (given != 0) & (before > 0)
        factors = given[kept] / before[kept]
        return float(factors[0]) if np.ptp(factors) < 1e-6 * np.abs(factors[0]) else "not one number"

    def masks():
        (first, before_first), (second, before_second) = hidden(1), hidden(2)
        active = (before_first > 0) & (before_second > 0)
        return "yes" if np.array_equal(first[active] == 0, second[active] == 0) else "no"

    def first_is_x():
        return "yes" if np.array_equal(in_training()[1][0], wide_x) else "no"

    def logits_follow():
        logits, inputs = in_training()
        return "yes" if np.allclose(logits, inputs[-1] @ wide[-2] + wide[-1]) else "no"

    def same(one, other):
        first, second = (network_outputs(wide_x, wide, 0.5, seed)[0] for seed in (one, other))
        return "yes" if np.array_equal(first, second) else "no"

    # On drawn shares: the number of active units is itself drawn, about half of all.
    deviation = np.sqrt(rate * (1 - rate) / (0.4 * 60 * 300))
    yield Row("the logits of two hidden layers, nothing dropped", lambda: plain()[0], essential=True)
    yield "how many arrays of inputs come back", lambda: len(plain()[1])
    yield "the inputs of all layers, in a row", lambda: in_one_row(list(plain()[1]), [x, x @ weights[0], x[:, :4]])
    yield "the logits of one hidden layer", lambda: parts(network_outputs(x, short), NAMES)[0]
    yield "the logits of a network without hidden layers", lambda: parts(network_outputs(x, single), NAMES)[0]
    for layer in (1, 2):
        yield Statistic(
            f"the share of hidden layer {layer} that is dropped at rate 0.25",
            lambda layer=layer: share(layer),
            expected=rate,
            standard_deviation=deviation,
        )
        yield (
            f"what the survivors of hidden layer {layer} are multiplied by",
            lambda layer=layer: factor(layer),
        )
    yield "with dropout, are the first layer's inputs still x?", first_is_x
    yield "with dropout, are the logits made of the inputs that come back?", logits_follow
    yield "is the same dropped in both hidden layers?", masks
    yield "the same seed twice: are the logits the same?", lambda: same(seeds[0], seeds[0])
    yield "two seeds: are the logits the same?", lambda: same(*seeds)


def faulty_outputs(x, weights, rate=0.0, seed=0, **made):
    kernels, biases = weights[::2], weights[1::2]

    def drop(values, layer):
        if rate == 0 or "no_dropout" in made:
            return values
        number = None if "unseeded" in made else [0, layer] if "fixed_seed" in made else [seed, layer]
        if "one_mask" in made:
            number = [seed, 0]
        is_turned = "keeps_rate" in made or "keeps_and_scales" in made
        survives = np.random.default_rng(number).random(values.shape) >= (1 - rate if is_turned else rate)
        scale = 1 if "not_scaled" in made else rate if "keeps_and_scales" in made else 1 - rate
        return np.where(survives, values / scale, 0)

    first = drop(x, 99) if "pixels_dropped" in made else x
    inputs, sums, current = [first], [x], first
    for layer, (kernel, bias) in enumerate(zip(kernels[:-1], biases[:-1], strict=True)):
        z = current @ kernel + (0 if "no_bias" in made else bias)
        sums.append(z)
        hidden = z if "no_relu" in made else np.tanh(z) if "tanh" in made else np.maximum(z, 0)
        if "sigmoid" in made:
            hidden = 1 / (1 + np.exp(-z))
        if "leaky" in made:
            hidden = np.where(z > 0, z, 0.2 * z)
        is_last = layer == len(kernels) - 2
        dropped = hidden if "last_not_dropped" in made and is_last else drop(hidden, layer)
        inputs.append(hidden if "before_dropout" in made else dropped)
        current = dropped
    logits = current @ kernels[-1] + biases[-1]
    if "relu_at_the_end" in made:
        logits = np.maximum(logits, 0)
    if "softmax_at_the_end" in made:
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        logits = powers / powers.sum(axis=1, keepdims=True)
    if "logits_dropped" in made:
        logits = drop(logits, 98)
    if "sums_kept" in made:
        inputs = sums
    if "x_missing" in made:
        inputs = inputs[1:]
    if "like_the_hidden" in made:
        logits = drop(np.maximum(logits, 0), 98)
    if "logits_among_inputs" in made or "like_the_hidden" in made:
        inputs = [*inputs, logits]
    if "swapped" in made:
        return inputs, logits
    if "logits_alone" in made:
        return logits
    return logits, inputs


def outputs_written_out(x, weights, rate=0.0, seed=0):
    rng = np.random.default_rng(seed)
    inputs, a = [], x
    *hidden, (kernel, bias) = [(weights[i], weights[i + 1]) for i in range(0, len(weights), 2)]
    for w, b in hidden:
        inputs.append(a)
        a = a.dot(w) + b
        a = a * (a > 0)
        if rate:
            a *= (rng.random(a.shape) < 1 - rate) / (1 - rate)
    inputs.append(a)
    return np.add(a.dot(kernel), bias), tuple(inputs)


def outputs_dropped_before_relu(x, weights, rate=0.0, seed=0):
    """A mask of zeros and factors above 0 may come before or after ReLU: the values are the same."""
    inputs = [x]
    for layer in range(0, len(weights) - 2, 2):
        z = np.einsum("ni,iu->nu", inputs[-1], weights[layer]) + weights[layer + 1]
        inputs.append(np.clip(dropout(z, rate, rate > 0, [layer, seed]), 0, None))
    return inputs[-1] @ weights[-2] + weights[-1], inputs


def scene_network_outputs(network_outputs):
    """Three examples on their way there; then many examples, all of whose numbers are 1 until some are dropped."""
    x = np.array([[1.0, 2.0], [-1.0, 0.5], [2.0, -1.0]])
    weights = [
        np.array([[1.0, -1.0, 2.0], [0.5, 1.0, -1.0]]),
        np.array([0.5, -1.0, 1.0]),
        np.array([[1.0, -0.5], [2.0, 1.0], [-1.0, 0.5]]),
        np.array([0.5, -1.0]),
        np.array([[1.0, -2.0], [0.5, 1.0]]),
        np.array([-1.5, 0.5]),
    ]
    names = ("x", "given to layer 2", "given to layer 3")
    logits, inputs = parts(network_outputs(x.copy(), weights), NAMES)
    drawn = dict(zip(names, parts(inputs, names), strict=True)) | {"logits": logits}
    of_ones, one = [np.zeros((100, 100)), np.ones(100)], np.ones((100, 100))
    logits, inputs = parts(network_outputs(one.copy(), of_ones * 3, 0.25, 3), NAMES)
    each = [numbers(given) for given in (*parts(inputs, names), logits)]
    # In steps of 0.05, so that it does not show what is chance.
    shares = [round(20 * float(np.mean(given == 0))) / 20 for given in each]
    return tables(
        drawn
        | {
            "share of 0 among many 1s at rate 0.25": np.array(shares),
            "largest of many 1s at rate 0.25": np.array([np.max(given) for given in each]),
        }
    )


NETWORK_OUTPUTS = Exercise(
    name="network_outputs",
    kind="derive",
    minutes=15,
    level=2,
    reference=network_outputs,
    probe=probe_network_outputs,
    scene=scene_network_outputs,
    misconceptions=[
        *flags(
            faulty_outputs,
            no_relu=(
                "The hidden layers have no activation: all layers together are one matrix.",
                "`yours.relu` belongs to every layer but the last.",
            ),
            tanh=("The hidden layers are bent by tanh.", "Asked for is ReLU: `yours.relu`."),
            sigmoid=("The hidden layers are bent by a sigmoid.", "Asked for is ReLU: `yours.relu`."),
            leaky=("The hidden layers let a share of what is below 0 through.", "Asked for is ReLU: `yours.relu`."),
            no_bias=("The hidden layers add no bias.", "Each layer is `inputs @ kernel + bias`."),
            relu_at_the_end=(
                "The last layer has a ReLU, too: no logit can be below 0.",
                "The loop over hidden layers ends before the last; its sums are returned as they are.",
            ),
            like_the_hidden=(
                "The last layer is treated like the hidden ones: its sums go through ReLU and dropout.",
                "The loop over hidden layers ends before the last; its sums are returned as they are.",
            ),
            softmax_at_the_end=(
                "What comes back are probabilities, not logits.",
                "The softmax is in the loss: return the last layer's sums as they are.",
            ),
            no_dropout=(
                "Nothing is dropped, whatever `rate` is.",
                "Give each hidden layer's outputs to `yours.dropout`, with `rate` and a seed.",
            ),
            last_not_dropped=(
                "The last hidden layer is not dropped from.",
                "Dropout comes after each hidden layer, the last one included.",
            ),
            not_scaled=(
                "What survives is not scaled up, so in training the layers get less than in use.",
                "Divide by 1 − rate, as `yours.dropout` does.",
            ),
            keeps_rate=(
                "`rate` is taken for the share that is kept.",
                "It is the share that is dropped.",
            ),
            keeps_and_scales=(
                "`rate` is taken for the share that is kept, and 1 − rate is dropped.",
                "It is the share that is dropped: `yours.dropout` takes it as it is.",
            ),
            pixels_dropped=(
                "Pixels are dropped as well: the first layer's inputs are no longer `x`.",
                "Dropout is for the hidden layers: keep `x` as it is.",
            ),
            logits_dropped=(
                "Logits are dropped as well.",
                "Dropout is for the hidden layers: the last layer's sums stay as they are.",
            ),
            one_mask=(
                "Two hidden layers of one shape drop the same places: they are given the same seed.",
                "Make a seed of its own for each layer, such as `seed` plus its number.",
            ),
            unseeded=("The same seed drops something else each time.", "Pass `seed` on to `yours.dropout`."),
            fixed_seed=("What is dropped does not depend on `seed`.", "Pass `seed` on to `yours.dropout`."),
            before_dropout=(
                "The inputs that come back are those before dropout: the way back could not know what was dropped.",
                "Put into the list what the next layer is really given.",
            ),
            sums_kept=(
                "The list holds the sums before ReLU, and not what the next layer is given.",
                "Put into the list what comes out of ReLU and dropout.",
            ),
            x_missing=("The inputs of the first layer, `x`, are missing in the list.", "Begin with `inputs = [x]`."),
            logits_among_inputs=(
                "The list holds the logits, too, which no layer is given.",
                "As many arrays as layers: the last one is what the last layer is given.",
            ),
            swapped=("The list comes first, and the logits after it.", "Return `logits, inputs`."),
            logits_alone=(
                "One thing came back where two are asked for.",
                "Return `logits, inputs`: the way back needs what each layer was given.",
            ),
        ),
    ],
    equivalents=[outputs_written_out, outputs_dropped_before_relu],
    hints=[
        "Begin with `inputs = [x]`. What the next layer is given is always the last in this list, `inputs[-1]`.",
        "Layer number k has its kernel at `weights[2 * k]` and its bias behind it. How many layers have a ReLU?",
        "With rate 0 nothing is dropped. Else each hidden layer needs a seed of its own for `yours.dropout`.",
    ],
    solution=solved.network_outputs,
)
