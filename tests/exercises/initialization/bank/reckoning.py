"""`fans`, `spread_factors`, `living_gain` and `stuck_twins` as people answer them."""

import math

import numpy as np

from tests.exercises.initialization.bank import right, wrong

# --- fans


@right("fans")
def with_a_loop(shape):
    places = 1
    for size in shape[:-2]:
        places *= size
    return places * shape[-2], places * shape[-1]


@right("fans")
def by_products(shape):
    return np.prod(shape[:-1]), np.prod(shape) // shape[-2]


@right("fans")
def as_a_list_of_floats(shape):
    shape = np.array(shape, float)
    return [shape[:-1].prod(), shape[:-2].prod() * shape[-1]]


@right("fans")
def by_cases(shape):
    if len(shape) == 2:
        return shape
    if len(shape) == 3:
        w, i, o = shape
        return w * i, w * o
    h, w, i, o = shape
    return h * w * i, h * w * o


@wrong("fans", "swap")
def swapped(shape):
    return math.prod(shape[:-2]) * shape[-1], math.prod(shape[:-1])


@wrong("fans", "first two|window|convolution|axes")
def first_two_axes(shape):
    return shape[0], shape[1]


@wrong("fans", "window|places|fan_in")
def channels_only(shape):
    return shape[-2], shape[-1]


@wrong("fans", "fan_out|window|places")
def window_for_fan_in_only(shape):
    return math.prod(shape[:-1]), shape[-1]


@wrong("fans", "fan_in|window|places")
def window_for_fan_out_only(shape):
    return shape[-2], math.prod(shape[:-2]) * shape[-1]


@wrong("fans", "first axis|first and last|window|height|middle")
def first_and_last(shape):
    return shape[0], shape[-1]


@wrong("fans", "PyTorch|order|first|channels|framework")
def as_in_pytorch(shape):
    out, inputs, *window = shape
    return inputs * math.prod(window), out * math.prod(window)


@wrong("fans", "height|square|width|window")
def square_window(shape):
    return (shape[0] ** 2 * shape[-2], shape[0] ** 2 * shape[-1]) if len(shape) > 2 else shape


@wrong("fans", "sum|add|multipl")
def added_window(shape):
    places = sum(shape[:-2]) or 1
    return places * shape[-2], places * shape[-1]


@wrong("fans", "all|twice|every weight|number of weights|product")
def everything_but(shape):
    return math.prod(shape), math.prod(shape)


@wrong("fans", "bias|1 too|one more")
def with_the_bias(shape):
    return math.prod(shape[:-1]) + 1, math.prod(shape[:-2]) * shape[-1]


@wrong("fans", "fan_out|one|two numbers|alone")
def fan_in_alone(shape):
    return math.prod(shape[:-1])


# --- spread_factors


@right("spread_factors")
def logarithms(shapes, deviations):
    forward = sum(0.5 * math.log(n) + math.log(s) for (n, _), s in zip(shapes, deviations, strict=True))
    back = sum(0.5 * math.log(n) + math.log(s) for (_, n), s in zip(shapes, deviations, strict=True))
    return math.exp(forward), math.exp(back)


@right("spread_factors")
def arrays(shapes, deviations):
    shapes, deviations = np.array(shapes), np.array(deviations)
    return tuple(np.prod(np.sqrt(shapes) * deviations[:, None], axis=0))


@right("spread_factors")
def by_variances(shapes, deviations):
    v, g = 1.0, 1.0
    for (fan_in, fan_out), s in zip(shapes, deviations, strict=False):
        v *= fan_in * s**2
        g *= fan_out * s**2
    return [v**0.5, g**0.5]


@wrong("spread_factors", "variance|root")
def variances(shapes, deviations):
    v, g = 1.0, 1.0
    for (fan_in, fan_out), s in zip(shapes, deviations, strict=True):
        v *= fan_in * s**2
        g *= fan_out * s**2
    return v, g


@wrong("spread_factors", "root")
def no_root_of_the_fan(shapes, deviations):
    return (
        math.prod(n * s for (n, _), s in zip(shapes, deviations, strict=True)),
        math.prod(n * s for (_, n), s in zip(shapes, deviations, strict=True)),
    )


@wrong("spread_factors", "does not undo")
def the_way_back_divides(shapes, deviations):
    forward, back = arrays(shapes, deviations)
    return forward, 1 / back


@wrong("spread_factors", "swap|fan_in")
def the_wrong_way_round(shapes, deviations):
    return arrays(shapes, deviations)[::-1]


@wrong("spread_factors", "fan_out|both|back")
def fan_in_both_ways(shapes, deviations):
    return arrays(shapes, deviations)[0], arrays(shapes, deviations)[0]


@wrong("spread_factors", "variance|root of the deviation|σ|square")
def deviations_taken_for_variances(shapes, deviations):
    return arrays(shapes, np.sqrt(deviations))


@wrong("spread_factors", "sum|multipl|product")
def summed(shapes, deviations):
    shapes, deviations = np.array(shapes), np.array(deviations)
    return tuple(np.sum(np.sqrt(shapes) * deviations[:, None], axis=0))


@wrong("spread_factors", "last|one layer|all|first")
def last_layer_only(shapes, deviations):
    return arrays(shapes[-1:], deviations[-1:])


@wrong("spread_factors", "divi|inverse|1 over|upside|reciprocal|1 divided")
def back_as_the_inverse(shapes, deviations):
    forward = arrays(shapes, deviations)[0]
    return forward, 1 / forward


@wrong("spread_factors", "divi")
def divided_by_the_fan(shapes, deviations):
    shapes, deviations = np.array(shapes), np.array(deviations)
    return tuple(np.prod(deviations[:, None] / np.sqrt(shapes), axis=0))


@wrong("spread_factors", "each layer|list|product|one number|all layers")
def one_factor_a_layer(shapes, deviations):
    shapes, deviations = np.array(shapes), np.array(deviations)
    return np.sqrt(shapes[:, 0]) * deviations, np.sqrt(shapes[:, 1]) * deviations


@wrong("spread_factors", "fan_in|one|two|back")
def forward_alone(shapes, deviations):
    return arrays(shapes, deviations)[0]


@wrong("spread_factors", "ReLU|half|½|2")
def with_the_half_of_relu(shapes, deviations):
    shapes, deviations = np.array(shapes), np.array(deviations)
    return tuple(np.prod(np.sqrt(shapes / 2) * deviations[:, None], axis=0))


@wrong("spread_factors", "mean|average|Glorot|both fans")
def averaged_fans(shapes, deviations):
    shapes, deviations = np.array(shapes), np.array(deviations)
    factor = np.prod(np.sqrt(shapes.mean(axis=1)) * deviations)
    return factor, factor


# --- living_gain


@right("living_gain")
def root_two():
    return math.sqrt(2)


@right("living_gain")
def found_by_trial():
    return 1.42


@right("living_gain")
def a_numpy_number():
    return np.sqrt(np.float32(2))


@wrong("living_gain", "die|small|nothing bends|without")
def as_without_bend():
    return 1.0


@wrong("living_gain", "explode|large|variance|root")
def two():
    return 2.0


@wrong("living_gain", "die|small")
def a_little_less():
    return 1.3


@wrong("living_gain", "explode|large")
def a_little_more():
    return 1.5


@wrong("living_gain", "explode|large|tanh")
def for_tanh():
    return 5 / 3


@wrong("living_gain", "explode|large|uniform")
def root_three():
    return 3**0.5


@wrong("living_gain", "deviation|units|√")
def the_deviation_itself():
    return math.sqrt(2 / 256)


@wrong("living_gain", "die|small|wrong way|half")
def root_of_a_half():
    return math.sqrt(0.5)


@wrong("living_gain", "die|small")
def a_hundredth():
    return 0.01


@wrong("living_gain", "sign|negative|positive|minus")
def negative():
    return -1.3


@wrong("living_gain", "number|list|text")
def text():
    return "√2"


# --- stuck_twins


@right("stuck_twins")
def two_equal_columns():
    return np.array([[0.5, 0.5, -1.0], [0.3, 0.3, 0.8]]), np.array([[1.0], [1.0], [-0.5]])


@right("stuck_twins")
def lists():
    return [[1, 1, 2], [1, 1, -2]], [[0.1], [0.1], [0.1]]


@right("stuck_twins")
def third_differs_outside_only():
    return np.ones((2, 3)), np.array([[1.0], [1.0], [-1.0]])


@wrong("stuck_twins", "part|second kernel|outgoing|answer")
def equal_inside_only():
    return np.array([[0.5, 0.5, -1.0], [0.3, 0.3, 0.8]]), np.array([[1.0], [-1.0], [0.5]])


@wrong("stuck_twins", "third|all three|triplet")
def all_alike():
    return np.full((2, 3), 0.5), np.full((3, 1), 0.5)


@wrong("stuck_twins", "0")
def zeros():
    return np.zeros((2, 3)), np.zeros((3, 1))


@wrong("stuck_twins", "first kernel|incoming|equal|part|begin")
def equal_outside_only():
    return np.array([[0.5, 0.6, -1.0], [0.3, 0.2, 0.8]]), np.array([[1.0], [1.0], [1.0]])


@wrong("stuck_twins", "mirror|opposite|sign")
def mirrored():
    return np.array([[0.5, -0.5, -1.0], [0.3, -0.3, 0.8]]), np.array([[1.0], [-1.0], [0.5]])


@wrong("stuck_twins", "row|shape|column")
def transposed():
    return np.array([[0.5, 0.3], [0.5, 0.3], [-1.0, 0.8]]), np.array([[1.0, 1.0, -0.5]])


@wrong("stuck_twins", "0")
def with_a_zero():
    return np.array([[0.5, 0.5, 0.0], [0.3, 0.3, 0.8]]), np.array([[1.0], [1.0], [-0.5]])


@wrong("stuck_twins", "first|last|units 0|other pair|which")
def the_other_pair():
    return np.array([[0.5, -1.0, -1.0], [0.3, 0.8, 0.8]]), np.array([[1.0], [-0.5], [-0.5]])


@wrong("stuck_twins", "two kernels|both|second")
def one_kernel():
    return np.array([[0.5, 0.5, -1.0], [0.3, 0.3, 0.8]])


@wrong("stuck_twins", "row|column")
def equal_rows():
    return np.array([[0.5, 0.3, -1.0], [0.5, 0.3, -1.0]]), np.array([[1.0], [1.0], [-0.5]])


@wrong("stuck_twins", "part|almost|exactly|begin|equal")
def almost_equal():
    return np.array([[0.5, 0.51, -1.0], [0.3, 0.3, 0.8]]), np.array([[1.0], [1.0], [-0.5]])
