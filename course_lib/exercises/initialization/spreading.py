"""The exercises on how far signals and gradients spread over many layers."""

import math
from itertools import pairwise

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags

# --- spread_factors


def spread_factors(shapes, deviations):
    """Return by what the spread of a signal is multiplied on its way through linear layers, and that of a gradient.

    Forward, a sum has fan_in terms: each layer multiplies the deviation by √fan_in · σ. Back, it has fan_out terms.

    Args:
        shapes: (fan_in, fan_out) of each dense kernel, from the first layer to the last.
        deviations: the standard deviation σ of each kernel's weights, whose mean is 0.
    Returns:
        two numbers: of the signal from the inputs to the outputs, of the gradient from the outputs to the inputs.
    """
    forward = back = 1.0
    for (fan_in, fan_out), deviation in zip(shapes, deviations, strict=True):
        forward = forward * math.sqrt(fan_in) * deviation
        back = back * math.sqrt(fan_out) * deviation
    return forward, back


def probe_spread_factors(spread_factors, rng):
    def network(depth):
        widths = [int(width) for width in rng.choice([50, 64, 100, 128, 200, 256, 300], size=depth + 1)]
        widths[-1] = widths[0] + 20  # so that the two ways differ
        shapes = list(pairwise(widths))
        return shapes, [float(x / math.sqrt(i)) for x, (i, _) in zip(rng.uniform(0.7, 1.3, depth), shapes, strict=True)]

    one, three, fifty = network(1), network(3), network(50)
    yield Row("one layer", lambda: spread_factors(*one), essential=True)
    yield Row("three layers", lambda: spread_factors(*three), weight=2)
    yield "fifty layers", lambda: spread_factors(*fifty)


def faulty_spread(shapes, deviations, **made):
    shapes, deviations = np.array(shapes, float), np.array(deviations, float)
    depth = len(shapes)
    if "last" in made:
        shapes, deviations = shapes[-1:], deviations[-1:]
    if "first" in made:
        shapes, deviations = shapes[:1], deviations[:1]
    sigma = np.sqrt(deviations) if "rooted" in made else deviations
    if "average" in made:
        shapes = np.repeat(shapes.mean(axis=1, keepdims=True), 2, axis=1)
    fans = shapes if "without_root" in made else np.sqrt(shapes)
    if "relu" in made:
        fans = fans / math.sqrt(2)
    sigma = deviations**2 if "squared" in made else sigma
    factors = sigma[:, None] / fans if "divided" in made else fans * sigma[:, None]
    if "fans_alone" in made:
        factors = fans
    if "each_layer" in made:
        return factors[:, 0], factors[:, 1]
    if "not_the_last" in made:
        factors = factors[:-1]
    if "no_deviation_forward" in made:
        factors[:, 0] = fans[:, 0]
    if "no_deviation_back" in made:
        factors[:, 1] = fans[:, 1]
    both = factors.sum(axis=0) if "summed" in made else factors.mean(axis=0) if "mean" in made else factors.prod(axis=0)
    both = factors.sum(axis=0) + 1 if "added_to_one" in made else both * 0 if "from_zero" in made else both
    both = both ** (1 / depth) if "per_layer" in made else both
    both = both**2 if "variance" in made else both
    forward, back = both[::-1] if "swapped" in made else both
    forward = back if "same_as_back" in made else forward
    back = forward if "same" in made else 1 / forward if "inverse" in made else back
    back = 1 / back if "undone" in made else back
    if "forward_alone" in made:
        return forward
    return forward, back


def by_logarithms(shapes, deviations):
    logs = [[0.5 * math.log(n) + math.log(s) for n in shape] for shape, s in zip(shapes, deviations, strict=True)]
    return [math.exp(sum(column)) for column in zip(*logs, strict=True)]


def by_variances(shapes, deviations):
    forward = np.prod([fan_in * s**2 for (fan_in, _), s in zip(shapes, deviations, strict=True)])
    back = np.prod([fan_out * s**2 for (_, fan_out), s in zip(shapes, deviations, strict=True)])
    return forward**0.5, back**0.5


SPREAD_FACTORS = Exercise(
    name="spread_factors",
    kind="derive",
    minutes=12,
    level=3,
    reference=spread_factors,
    probe=probe_spread_factors,
    misconceptions=[
        *flags(
            faulty_spread,
            variance=(
                "These are the factors of the variance; asked for are those of the deviation.",
                "A deviation is the root of a variance.",
            ),
            without_root=(
                "The fan itself, not its root, is multiplied by σ. n independent terms spread √n times as far as one, "
                "not n times: they cancel in part.",
                "Each layer multiplies the deviation by √fan · σ.",
            ),
            rooted=(
                "The root of σ is taken, as if `deviations` were variances.",
                "σ is a deviation already. Only the fan is under the root.",
            ),
            squared=(
                "The root of the fan is multiplied by σ², a variance.",
                "The deviation of a sum is √fan · σ. Take both as deviations, or both as variances.",
            ),
            swapped=(
                "The two are swapped: the signal's factor is made with fan_out, and the gradient's with fan_in.",
                "Forward, a unit adds up fan_in terms. Back, an input's gradient adds up one term for each unit.",
            ),
            same=(
                "The gradient's factor is the signal's. But on the way back the sums have another number of terms.",
                "Back, an input's gradient is a sum over all units that it went into: fan_out terms.",
            ),
            same_as_back=(
                "The signal's factor is made with fan_out, as the gradient's is.",
                "Forward, a unit adds up its inputs: fan_in terms.",
            ),
            inverse=(
                "The gradient's factor is 1 divided by the signal's. The way back does not undo the way forward: it "
                "multiplies by the same weights once more.",
                "Back, an input's gradient is a sum of fan_out terms, each with a weight as its factor.",
            ),
            undone=(
                "The gradient's factor is 1 divided by what it should be. The way back does not undo anything: it "
                "multiplies by the same weights once more.",
                "Back, an input's gradient is a sum of fan_out terms, each with a weight as its factor: multiply.",
            ),
            average=(
                "Both ways are computed with the mean of the two fans.",
                "Forward take fan_in, and back fan_out.",
            ),
            divided=(
                "σ is divided by the root of the fan.",
                "More terms spread farther: multiply.",
            ),
            fans_alone=(
                "The deviations of the weights are ignored.",
                "Each term has a weight as its factor: √fan · σ.",
            ),
            relu=(
                "A factor of √½ for each layer is in it, which is what ReLU takes. These layers have no activation "
                "function.",
                "Each layer multiplies by √fan · σ.",
            ),
            summed=(
                "The factors of the layers are added up.",
                "One layer multiplies what the layer before it has made: take the product.",
            ),
            mean=(
                "The mean of the layers' factors is taken.",
                "One layer multiplies what the layer before it has made: take the product.",
            ),
            added_to_one=(
                "The factors of the layers are added up, and to a 1 at that.",
                "One layer multiplies what the layer before it has made: take the product.",
            ),
            per_layer=(
                "A root of the product is taken, so that it is the factor of a single layer.",
                "Asked for is what all layers together make: the product itself.",
            ),
            from_zero=(
                "Both numbers are 0: a product that begins with 0 stays 0.",
                "Begin with 1, and multiply by each layer's factor.",
            ),
            not_the_last=(
                "The last layer is left out.",
                "The way leads to the last outputs: go through all layers.",
            ),
            no_deviation_forward=(
                "In the signal's factor the deviations of the weights are ignored.",
                "Each term has a weight as its factor, on both ways: √fan · σ.",
            ),
            no_deviation_back=(
                "In the gradient's factor the deviations of the weights are ignored.",
                "Each term has a weight as its factor, on both ways: √fan · σ.",
            ),
            last=(
                "Only the last layer counts.",
                "Start at 1, and multiply by each layer's factor. Is the loop's result overwritten?",
            ),
            first=(
                "Only the first layer counts.",
                "Start at 1, and multiply by each layer's factor: is `return` in the loop?",
            ),
            each_layer=(
                "A list comes back, with a factor for each layer.",
                "Return their products, two numbers.",
            ),
            forward_alone=(
                "Only one number comes back, the signal's factor.",
                "Return two numbers, separated by a comma: forward and back.",
            ),
        ),
    ],
    equivalents=[by_logarithms, by_variances],
    hints=[
        "For independent terms, variances add up: a sum of n terms has n times the variance of one. What does that "
        "make of the deviation?",
        "A term is weight · input, and its deviation is the product of theirs. Add up fan_in such terms: what is the "
        "deviation of the sum? And after the next layer?",
        "Back: the slope of the loss along one input is a sum over the units that it went into. How many terms has it?",
    ],
)


# --- living_gain

LAYERS = 50
ALIVE = "from −1 to 1"
SMALL = 0.25  # a gain below this is no gain: weights of layers with 32 units and more have such deviations
FIFTY = "the mean square after 50 layers, as a power of ten"


def living_gain():
    """Return √2: ReLU halves the mean square of sums that are spread evenly around 0, and the weights double it."""
    return math.sqrt(2)


def power_of_ten(gain):
    """Return log₁₀ of what 50 layers make of a mean square of 1, on average: (gain² / 2)⁵⁰; words for no number."""
    if isinstance(gain, list | tuple | np.ndarray) and np.size(gain) != 1:
        return "one number is asked for"
    try:
        gain = float(np.asarray(gain, dtype=float).reshape(()))
    except (TypeError, ValueError):
        return "a number is asked for"
    if not math.isfinite(gain):
        return "a finite number is asked for"
    if gain < 0:
        return "it is negative"
    if gain == 0:
        return "all is 0"
    return LAYERS * math.log10(gain**2 / 2)


def state_after(gain):
    """Return ALIVE where the mean square after 50 layers is between a tenth and ten times of what it was."""
    power = power_of_ten(gain)
    return ALIVE if isinstance(power, float) and abs(power) <= 1 else power


def probe_living_gain(living_gain, rng):
    yield FIFTY, lambda: None if (gain := living_gain()) is None else state_after(gain)


def gain_of(power):
    """Return the gain that makes this power of ten."""
    return float(math.sqrt(2 * 10 ** (power / LAYERS)))


def too_small(power):
    if power >= -1 or gain_of(power) < SMALL:
        raise ValueError("not a little too small")
    return gain_of(power)


def as_a_deviation(power):
    if gain_of(power) >= SMALL:
        raise ValueError("not so small")
    return gain_of(power)


def too_large(power):
    if power <= 1:
        raise ValueError("not too large")
    return gain_of(power)


def gives(value):
    return lambda: value


def gain_too_small(constant=1.3):
    """The signal dies: after 50 layers its mean square is less than a tenth of what it was.

    Take a larger gain, and try it with `after_fifty_layers`.
    """
    return constant


def gain_like_a_deviation(constant=0.0884):
    """So small a gain leaves nothing after a few layers. The deviation of the weights is about as small, but the gain
    is the factor before 1 / √units.

    Return the gain, a number not far from 1.
    """
    return constant


def gain_too_large(constant=1.5):
    """The signal explodes: after 50 layers its mean square is more than ten times what it was.

    Take a smaller gain, and try it with `after_fifty_layers`.
    """
    return constant


UP = "Take a larger gain. By what does ReLU multiply the mean square of the sums, in each layer?"
DOWN = "Take a smaller gain. By what does ReLU multiply the mean square of the sums, in each layer?"

LIVING_GAIN = Exercise(
    name="living_gain",
    kind="reach it",
    minutes=8,
    level=2,
    reference=living_gain,
    probe=probe_living_gain,
    misconceptions=[
        Misconception(
            gives(1.0),
            "1 is right where nothing bends the sums. ReLU sets half of them to 0, so the mean square is halved fifty "
            "times, and the signal dies.",
            UP,
            "gain_of_one",
        ),
        Misconception(
            gives(2.0),
            "2 doubles the *deviation* of the sums, so their variance is multiplied by 4 in each layer, and only half "
            "of it is lost: the signal explodes.",
            "2 is the factor of the variance. The gain multiplies the deviation.",
            "gain_of_two",
        ),
        Misconception(
            gives(math.sqrt(0.5)),
            "√½ is what ReLU makes of the root of the mean square. The weights would take as much again, and the "
            "signal dies.",
            "The weights must make up for it: take 1 divided by that.",
            "gain_wrong_way",
        ),
        Misconception(
            gives(5 / 3),
            "5/3 is a gain that is used for tanh, which takes more than ReLU. Here the signal explodes.",
            DOWN,
            "gain_for_tanh",
        ),
        Misconception(
            gives(math.sqrt(3)),
            "√3 turns a deviation into the limit of uniform draws. These draws are normal, and the signal explodes.",
            DOWN,
            "gain_for_uniform_draws",
        ),
        Misconception(
            gives(-1.414),
            "The gain is negative. The weights lie on both sides of 0, so the sign changes nothing; a deviation is "
            "positive.",
            "Return a positive number.",
            "gain_negative",
        ),
        Misconception(gives(0.0), "With a gain of 0 all weights are 0, and so is every signal.", UP, "gain_of_zero"),
        Misconception(
            gives("√2"),
            "A text comes back where a number is asked for.",
            "Return a number, such as 1.5.",
            "gain_as_text",
        ),
        Misconception(
            gives([1.4, 1.4]),
            "Several numbers come back; one is asked for.",
            "Return the one gain that all layers share.",
            "gain_as_list",
        ),
        Misconception(
            gives(math.inf), "The gain is not a finite number.", "Return a number, such as 1.5.", "gain_infinite"
        ),
        Misconception.of(gain_like_a_deviation, constant=(FIFTY, as_a_deviation)),
        Misconception.of(gain_too_small, constant=(FIFTY, too_small)),
        Misconception.of(gain_too_large, constant=(FIFTY, too_large)),
    ],
    equivalents=[gives(1.4), gives(1.42), gives(np.float32(2**0.5)), gives(np.array([1.41]))],
    hints=[
        "Try gains with `after_fifty_layers` and close in: where it dies, take more; where it explodes, less.",
        "A factor of 2 after 50 layers is a factor of 1.014 in each. So a little less or more makes much of a "
        "difference.",
        "Half of the sums are negative, and ReLU sets them to 0. By what must the variance of the weights grow?",
    ],
)
