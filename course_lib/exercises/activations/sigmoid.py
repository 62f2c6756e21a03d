"""Exercises on the sigmoid: its value, its slope, and the slope of a whole stack of them."""

import math

import numpy as np

from course_lib import activations
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.activations.messages import ONE_NUMBER_ONLY

# --- sigmoid


def probe_sigmoid(sigmoid, rng):
    number, row, batch = rng.uniform(0.5, 2.0), rng.normal(scale=2.0, size=6), rng.normal(scale=3.0, size=(4, 3))
    far = rng.uniform(25.0, 35.0)
    yield Row("a row of numbers", lambda: sigmoid(row), essential=True)
    yield "a single number", lambda: sigmoid(np.array(number))
    yield "a batch", lambda: sigmoid(batch)
    yield "far out on both sides", lambda: sigmoid(np.array([-far, far]))
    yield "x = −1000 and x = 1000", lambda: sigmoid(np.array([-1000.0, 0.0, 1000.0]))


def faulty_sigmoid(x, sign=False, minus=False, ratio=False):
    x = -x if sign else x
    one = -1 if minus else 1
    return np.exp(x) / (np.exp(x) + one) if ratio else 1 / (1 + one * np.exp(-x))


def sigmoid_one_number_at_a_time(x):
    if x >= 0:
        return 1 / (1 + np.exp(-x))
    return np.exp(x) / (1 + np.exp(x))


def sigmoid_with_math_exp(x):
    return 1 / (1 + math.exp(-x))


def sigmoid_without_brackets(x):
    return 1 / 1 + np.exp(-x)


def sigmoid_taken_for_tanh(x):
    return np.tanh(x)


def sigmoid_taken_for_softmax(x):
    return activations.softmax(np.atleast_1d(x)).reshape(np.shape(x))


def sigmoid_made_of_lines(x):
    return np.clip(x / 6 + 0.5, 0, 1)


def sigmoid_clipped(x):
    return 1 / (1 + np.exp(-np.clip(x, -10, 10)))


def sigmoid_thresholded(x):
    return np.where(activations.sigmoid(x) >= 0.5, 1.0, 0.0)


def sigmoid_in_two_branches(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def sigmoid_by_masks(x):
    result, positive = np.empty_like(x), x >= 0
    result[positive] = 1 / (1 + np.exp(-x[positive]))
    grown = np.exp(x[~positive])
    result[~positive] = grown / (1 + grown)
    return result


SIGMOID = Exercise(
    name="sigmoid",
    reference=activations.sigmoid,
    probe=probe_sigmoid,
    misconceptions=[
        *flags(
            faulty_sigmoid,
            sign="Your curve falls where it should rise, it is σ(−x): the exponent in 1 / (1 + exp(−x)) is −x.",
            minus="The denominator is 1 + exp(−x), not 1 − exp(−x): a sigmoid stays between 0 and 1.",
            ratio="exp(x) / (1 + exp(x)) is inf / inf = NaN where x is large. Divide above and below by exp(x): "
            "1 / (1 + exp(−x)).",
        ),
        Misconception(
            sigmoid_one_number_at_a_time,
            ONE_NUMBER_ONLY,
        ),
        Misconception(sigmoid_with_math_exp, "`math.exp` takes one number. `np.exp` takes an array of any shape."),
        Misconception(
            sigmoid_without_brackets, "`1 / 1 + np.exp(-x)` divides 1 by 1 first. Put the denominator in brackets."
        ),
        Misconception(sigmoid_taken_for_tanh, "This is tanh, from −1 to 1. The sigmoid runs from 0 to 1."),
        Misconception(
            sigmoid_taken_for_softmax,
            "You divide by a sum over all inputs, as softmax does. The sigmoid treats each number on its own.",
        ),
        Misconception(
            sigmoid_made_of_lines,
            "This is the *hard* sigmoid, made of three straight lines. Asked for is 1 / (1 + exp(−x)).",
        ),
        Misconception(
            sigmoid_clipped,
            "Clipping x at ±10 keeps exp finite, but it changes the tails: σ(−30) is 1e-13, not 5e-5. "
            "1 / (1 + exp(−x)) needs no clipping.",
        ),
        Misconception(
            sigmoid_thresholded,
            "You return the decision (0 or 1), not the probability. Return σ(x) itself; a threshold comes later.",
        ),
    ],
    equivalents=[
        sigmoid_in_two_branches,
        sigmoid_by_masks,
        lambda x: 0.5 * (1 + np.tanh(x / 2)),
        lambda x: np.exp(-np.logaddexp(0, -x)),
        lambda x: 1 / (1 + np.exp(-np.clip(x, -500, 500))),
        lambda x: np.vectorize(lambda v: 1 / (1 + math.exp(-v)) if v > 0 else math.exp(v) / (1 + math.exp(v)))(x),
        lambda x: np.array([1 / (1 + np.exp(-v)) for v in np.ravel(x)]).reshape(np.shape(x)),
        lambda x: np.reciprocal(1 + np.e**-x),
        lambda x: 1 / (1 + np.exp(-x.astype(np.float32))),
    ],
    hints=[
        "Write the formula as it stands, with `np.exp`, which works on a whole array at once.",
        "Which exponent stays harmless where x = 1000: exp(x) or exp(−x)? And where x = −1000, is 1 / inf a problem?",
        "`1 / (1 + np.exp(-x))` has the right values everywhere; to avoid even the warning, use exp(−|x|) and "
        "`np.where(x >= 0, 1, decay) / (1 + decay)`.",
    ],
)

# --- sigmoid_derivative


def probe_sigmoid_derivative(sigmoid_derivative, rng):
    number, row, batch = rng.uniform(0.5, 2.0), rng.normal(scale=2.0, size=6), rng.normal(scale=3.0, size=(4, 3))
    yield Row("a row of numbers", lambda: sigmoid_derivative(row), essential=True)
    yield "a single number", lambda: sigmoid_derivative(np.array(number))
    yield "a batch", lambda: sigmoid_derivative(batch)
    yield "x = 0, where it is steepest", lambda: sigmoid_derivative(np.zeros(2))
    yield "x = −1000 and x = 1000", lambda: sigmoid_derivative(np.array([-1000.0, 0.0, 1000.0]))


def sigmoid_derivative_of_the_output(x):
    return x * (1 - x)


def sigmoid_derivative_applied_twice(x):
    a = activations.sigmoid(activations.sigmoid(x))
    return a * (1 - a)


def sigmoid_derivative_squared(x):
    return activations.sigmoid(x) ** 2


def sigmoid_derivative_half(x):
    return 1 - activations.sigmoid(x)


def sigmoid_derivative_with_plus(x):
    a = activations.sigmoid(x)
    return a * (1 + a)


def sigmoid_derivative_like_tanh(x):
    return 1 - activations.sigmoid(x) ** 2


def sigmoid_derivative_negative(x):
    a = activations.sigmoid(x)
    return a * (a - 1)


def sigmoid_derivative_value(x):
    return activations.sigmoid(x)


def sigmoid_derivative_quotient(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


def sigmoid_derivative_quotient_right(x):
    return np.exp(x) / (1 + np.exp(x)) ** 2


OVERFLOWING_QUOTIENT = (
    "The quotient rule's exp / (1 + exp)² is inf / inf = NaN at ±1000. Write σ′ with σ itself, which never overflows."
)

SIGMOID_DERIVATIVE = Exercise(
    name="sigmoid_derivative",
    reference=activations.sigmoid_derivative,
    probe=probe_sigmoid_derivative,
    misconceptions=[
        Misconception(
            sigmoid_derivative_of_the_output,
            "x (1 − x) is right only where x is already the *output* of a sigmoid. Here x is the input: "
            "compute a = σ(x) first, then a (1 − a).",
        ),
        Misconception(
            sigmoid_derivative_applied_twice,
            "You apply the sigmoid twice. With a = σ(x) once, σ′(x) is a (1 − a), not σ′(a).",
        ),
        Misconception(sigmoid_derivative_squared, "This is σ(x)². The second factor is 1 − σ(x)."),
        Misconception(sigmoid_derivative_half, "A factor is missing: 1 − σ(x) is multiplied by σ(x)."),
        Misconception(sigmoid_derivative_with_plus, "The second factor is 1 − σ(x), with a minus."),
        Misconception(
            sigmoid_derivative_like_tanh, "1 − a² is the derivative of tanh. For the sigmoid it is a (1 − a)."
        ),
        Misconception(
            sigmoid_derivative_negative,
            "The sign is wrong: the sigmoid rises everywhere, so its slope is positive. Use a (1 − a).",
        ),
        Misconception(sigmoid_derivative_value, "This is σ(x), the value. Asked for is the slope, σ(x) (1 − σ(x))."),
        Misconception(sigmoid_derivative_quotient, OVERFLOWING_QUOTIENT),
        Misconception(sigmoid_derivative_quotient_right, OVERFLOWING_QUOTIENT),
    ],
    equivalents=[
        lambda x: activations.sigmoid(x) - activations.sigmoid(x) ** 2,
        lambda x: activations.sigmoid(x) * activations.sigmoid(-x),
        lambda x: 0.25 * (1 - np.tanh(x / 2) ** 2),
        lambda x: (activations.sigmoid(x + 1e-5) - activations.sigmoid(x - 1e-5)) / 2e-5,
        lambda x: 0.25 / np.cosh(x / 2) ** 2,
        lambda x: 1 / (1 + np.exp(-x)) * (1 - 1 / (1 + np.exp(-x))),
    ],
    hints=[
        "Name the output first: a = σ(x). The whole derivative can be written with a alone.",
        "By the quotient rule σ′(x) = exp(−x) / (1 + exp(−x))². One factor of it is a. What is the other?",
        "`a = activations.sigmoid(x)`, then `a * (1 - a)`.",
    ],
)

# --- stack_derivative


def stack_derivative(function, derivative, x, depth):
    """Return the derivative of f(f(… f(x))), `depth` times f: f′(x₀) f′(x₁) … with x₀ = x and x_{k+1} = f(x_k)."""
    product = np.ones_like(x)
    for _ in range(depth):
        product = product * derivative(x)
        x = function(x)
    return product


def probe_stack_derivative(stack_derivative, rng):
    row, batch, number = rng.normal(size=5), rng.normal(size=(3, 2)), rng.uniform(0.5, 1.5)
    a, b = rng.uniform(0.3, 0.6), rng.uniform(0.5, 0.9)
    yield Row(
        "three sigmoids on top of each other",
        lambda: stack_derivative(activations.sigmoid, activations.sigmoid_derivative, row, 3),
        essential=True,
    )
    yield "a single sigmoid", lambda: stack_derivative(activations.sigmoid, activations.sigmoid_derivative, row, 1)
    yield "ten times tanh, a batch", lambda: stack_derivative(np.tanh, activations.tanh_derivative, batch, 10)
    yield (
        "another function, a single number",
        lambda: stack_derivative(lambda x: a * x**2 - b, lambda x: 2 * a * x, np.array(number), 4),
    )


def faulty_stack(function, derivative, x, depth, same=False, late=False, summed=False, short=False):
    start = x
    total = np.zeros_like(x) if summed else np.ones_like(x)
    for _ in range(depth - 1 if short else depth):
        at = start if same else x
        x = function(x)
        factor = derivative(function(at) if late else at)
        total = total + factor if summed else total * factor
    return total


def stack_value(function, derivative, x, depth):
    for _ in range(depth):
        x = function(x)
    return x


def stack_last_slope(function, derivative, x, depth):
    for _ in range(depth - 1):
        x = function(x)
    return derivative(x)


def stack_of_derivatives(function, derivative, x, depth):
    for _ in range(depth):
        x = derivative(x)
    return x


def stack_recursively(function, derivative, x, depth):
    if depth == 1:
        return derivative(x)
    return derivative(x) * stack_recursively(function, derivative, function(x), depth - 1)


def stack_with_a_tape(function, derivative, x, depth):
    inputs = [np.asarray(x)]
    for _ in range(depth - 1):
        inputs.append(function(inputs[-1]))
    gradient = 1.0
    for value in reversed(inputs):
        gradient *= derivative(value)
    return gradient


def stack_numerically(function, derivative, x, depth):
    return (stack_value(function, None, x + 1e-5, depth) - stack_value(function, None, x - 1e-5, depth)) / 2e-5


STACK_DERIVATIVE = Exercise(
    name="stack_derivative",
    reference=stack_derivative,
    probe=probe_stack_derivative,
    misconceptions=[
        *flags(
            faulty_stack,
            same="You take every slope at the first x, which gives f′(x) to the power of depth. Each layer has its own "
            "input: move x on with `x = function(x)`.",
            late="Your slopes are taken one layer too late: a layer's slope is f′ at its *input*. Multiply by "
            "derivative(x) before you replace x by function(x).",
            summed="You add the slopes. The chain rule multiplies them, starting from 1.",
            short="One layer is missing: `depth` layers give `depth` factors, the first of them f′(x) itself.",
        ),
        Misconception(
            stack_value, "You return the stack's value. Asked for is its derivative: multiply the slopes too."
        ),
        Misconception(
            stack_last_slope,
            "You return the slope of the last layer only. The chain rule multiplies the slopes of all layers.",
        ),
        Misconception(
            stack_of_derivatives,
            "You feed the derivative with derivatives. It is the *values* that go up: x = function(x); the slopes are "
            "only multiplied.",
        ),
    ],
    equivalents=[stack_recursively, stack_with_a_tape, stack_numerically],
    hints=[
        "For two layers: the derivative of f(f(x)) is f′(f(x)) · f′(x). At which two points is f′ taken?",
        "Loop `depth` times. In each turn you need the slope at the current x, and then the next x.",
        "Start with `product = 1.0`; in the loop `product = product * derivative(x)`, then `x = function(x)`.",
    ],
)
