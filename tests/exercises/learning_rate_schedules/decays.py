"""Answers to the exercises on falling rates as people write them, collected before their probes were written."""

import bisect
import math

import numpy as np

# --- piecewise_constant, right


def piecewise_by_a_loop(step, boundaries, values):
    for boundary, value in zip(boundaries, values, strict=False):
        if step <= boundary:
            return value
    return values[-1]


def piecewise_by_bisection(step, boundaries, values):
    return values[bisect.bisect_left(boundaries, step)]


def piecewise_by_counting(step, boundaries, values):
    return values[sum(step > boundary for boundary in boundaries)]


def piecewise_by_masks(step, boundaries, values):
    edges = [-math.inf, *boundaries, math.inf]
    return sum((low < step <= high) * v for low, high, v in zip(edges[:-1], edges[1:], values, strict=True))


def piecewise_backwards(step, boundaries, values):
    rate = values[-1]
    for i in reversed(range(len(boundaries))):
        if step <= boundaries[i]:
            rate = values[i]
    return rate


def piecewise_by_while(step, boundaries, values):
    i = 0
    while i < len(boundaries) and step > boundaries[i]:
        i += 1
    return np.float32(values[i])


PIECEWISE_RIGHT = [
    piecewise_by_a_loop,
    piecewise_by_bisection,
    piecewise_by_counting,
    piecewise_by_masks,
    piecewise_backwards,
    piecewise_by_while,
    lambda step, boundaries, values: values[int(np.searchsorted(np.array(boundaries), step))],
    lambda step, boundaries, values: np.select([step <= b for b in boundaries], values[:-1], default=values[-1]),
]

# --- piecewise_constant, wrong


def piecewise_one_step_early(step, boundaries, values):
    for boundary, value in zip(boundaries, values, strict=False):
        if step < boundary:
            return value
    return values[-1]


def piecewise_without_an_end(step, boundaries, values):
    for i, boundary in enumerate(boundaries):
        if step <= boundary:
            return values[i]


def piecewise_for_two_boundaries(step, boundaries, values):
    if step <= boundaries[0]:
        return values[0]
    if step <= boundaries[1]:
        return values[1]
    return values[2]


def piecewise_of_the_last_match(step, boundaries, values):
    rate = values[-1]
    for i in range(len(boundaries)):
        if step <= boundaries[i]:
            rate = values[i]
    return rate


def piecewise_that_waits_for_equality(step, boundaries, values):
    rate = values[0]
    for i in range(len(boundaries)):
        if step == boundaries[i]:
            rate = values[i + 1]
    return rate


def piecewise_cumulative(step, boundaries, values):
    rate = values[0]
    for boundary, value in zip(boundaries, values[1:], strict=True):
        if step > boundary:
            rate *= value
    return rate


PIECEWISE_WRONG = [
    (piecewise_one_step_early, "boundary itself|one step"),
    (lambda step, b, v: v[bisect.bisect_right(b, step)], "boundary itself|one step"),
    (lambda step, b, v: v[int(np.digitize(step, b))], "boundary itself|one step"),
    (piecewise_without_an_end, "after the last|last boundary|`return`|None"),
    (piecewise_for_two_boundaries, "two boundaries|IndexError|number of boundaries"),
    (piecewise_of_the_last_match, "last boundary that|first boundary"),
    (piecewise_that_waits_for_equality, "only|exactly|equal"),
    (piecewise_cumulative, "multipl|factor"),
    (lambda step, b, v: v[min(len(v) - 1, sum(step > x for x in b) + 1)], "next value|one value|early"),
    (lambda step, b, v: v[max(0, sum(step > x for x in b) - 1)], "before|late"),
    (lambda step, b, v: float(np.interp(step, b, v[1:])), "line|between|interpol"),
    (lambda step, b, v: v[0], "first value|whatever"),
    (lambda step, b, v: v[-1] if step > b[-1] else v[0], "first value|between|middle|two values"),
    (lambda step, b, v: v[sum(step > x + 1 for x in b)], "one step|late"),
    (lambda step, b, v: v[::-1][sum(step > x for x in b)], "reverse|backwards|order"),
    (lambda step, b, v: v[0] * 0.1 ** sum(step > x for x in b), "tenth|values"),
    (lambda step, b, v: sum(step > x for x in b), "index|place|which"),
    (lambda step, b, v: v[b.index(min(b, key=lambda x: abs(x - step)))], "nearest"),
]

# --- exponential_decay, right


def exponential_by_logarithm(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    p = step // decay_steps if staircase else step / decay_steps
    return initial_learning_rate * math.exp(p * math.log(decay_rate))


def exponential_by_a_loop(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    if staircase:
        for _ in range(step // decay_steps):
            initial_learning_rate *= decay_rate
        return initial_learning_rate
    for _ in range(step):
        initial_learning_rate *= decay_rate ** (1 / decay_steps)
    return initial_learning_rate


def exponential_with_floor(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    exponent = np.true_divide(step, decay_steps)
    if staircase is True:
        exponent = np.floor(exponent)
    return np.multiply(initial_learning_rate, np.power(decay_rate, exponent))


def exponential_with_keras(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    import keras

    schedule = keras.optimizers.schedules.ExponentialDecay(initial_learning_rate, decay_steps, decay_rate, staircase)
    return float(schedule(step))


EXPONENTIAL_RIGHT = [
    exponential_by_logarithm,
    exponential_by_a_loop,
    exponential_with_floor,
    exponential_with_keras,
    lambda step, lr, n, rate, staircase=False: lr * rate ** (int(step / n) if staircase else step / n),
]


def of(made):
    """An answer to either decay, from the quotient that it makes: q, and the quotient as it should be: p."""
    return lambda step, lr, n, rate, staircase=False: made(lr, rate, step // n if staircase else step / n)


EXPONENTIAL_WRONG = [
    (lambda step, lr, n, rate, staircase=False: lr * rate ** (step / n), "staircase"),
    (lambda step, lr, n, rate, staircase=False: lr * rate ** (step // n), "every|always|staircase"),
    (lambda step, lr, n, rate, staircase=False: lr * rate ** (step / n if staircase else step // n),
     "swapped|other way"),
    (lambda step, lr, n, rate, staircase=False: lr * rate ** (math.ceil(step / n) if staircase else step / n),
     "up|early"),
    (lambda step, lr, n, rate, staircase=False: lr * rate ** (round(step / n) if staircase else step / n),
     "round|nearest"),
    (lambda step, lr, n, rate, staircase=False: lr * rate**step, "decay_steps|every step"),
    (lambda step, lr, n, rate, staircase=False: lr * rate ** (step * n), "multipl"),
    (of(lambda lr, rate, p: lr * math.exp(-rate * p)), "e to|exp"),
    (of(lambda lr, rate, p: lr * rate * p), "product|power|multipl"),
    (of(lambda lr, rate, p: (lr * rate) ** p), "bracket|power|parenthes"),
    (of(lambda lr, rate, p: lr * (1 - rate) ** p), "1 −|1 -|share"),
    (of(lambda lr, rate, p: lr / (1 + rate * p)), "inverse|1 / "),
    (of(lambda lr, rate, p: lr * (1 - rate * p)), "line|straight"),
    (of(lambda lr, rate, p: lr * rate ** (p + 1)), "step 0|one decay|ahead"),
    (of(lambda lr, rate, p: lr * rate ** -p), "grows|sign|rises"),
    (of(lambda lr, rate, p: rate**p), "initial"),
    (of(lambda lr, rate, p: lr * rate ** int(p) * (1 - (p - int(p)) * (1 - rate))), "straight line"),
    (of(lambda lr, rate, p: round(lr * rate**p, 4)), "round"),
    (lambda step, lr, n, rate, staircase=False: max(lr * rate ** (step // n if staircase else step / n), lr / 100),
     "below|floor|lowest|least"),
]  # fmt: skip

# --- inverse_time_decay

INVERSE_RIGHT = [
    of(lambda lr, rate, p: lr / (1 + rate * p)),
    of(lambda lr, rate, p: lr * (1.0 + p * rate) ** -1),
    lambda step, lr, n, rate, staircase=False: (
        lr / (1 + rate * np.floor(step / n)) if staircase else lr * n / (n + rate * step)
    ),
]

INVERSE_WRONG = [
    (of(lambda lr, rate, p: lr / 1 + rate * p), "bracket|parenthes|division"),
    (of(lambda lr, rate, p: lr / (1 + rate) * p), "bracket|parenthes|multipl"),
    (of(lambda lr, rate, p: lr / (1 + rate) ** p), "power"),
    (of(lambda lr, rate, p: lr / (1 + p)), "decay_rate"),
    (of(lambda lr, rate, p: lr / (rate * p) if p else lr), "1"),
    (of(lambda lr, rate, p: lr / math.sqrt(1 + rate * p)), "root"),
    (of(lambda lr, rate, p: 1 / (1 + rate * p)), "initial"),
    (of(lambda lr, rate, p: lr * rate**p), "exponential|power"),
    (of(lambda lr, rate, p: lr - rate * p), "subtract"),
    (lambda step, lr, n, rate, staircase=False: lr / (1 + rate * step / n), "staircase"),
    (lambda step, lr, n, rate, staircase=False: lr / (1 + rate * (step // n)), "every|always|staircase"),
    (lambda step, lr, n, rate, staircase=False: lr / (1 + rate * step), "decay_steps|every step"),
    (lambda step, lr, n, rate, staircase=False: lr / (1 + (rate * step // n if staircase else rate * step / n)),
     "after|product|first"),
]  # fmt: skip

# --- cosine_decay, right


def cosine_by_branches(step, initial_learning_rate, decay_steps, alpha=0.0):
    if step >= decay_steps:
        return initial_learning_rate * alpha
    floor = alpha * initial_learning_rate
    return floor + (initial_learning_rate - floor) * (1 + math.cos(math.pi * step / decay_steps)) / 2


def cosine_by_its_square(step, initial_learning_rate, decay_steps, alpha=0.0):
    share = math.cos(math.pi / 2 * min(step, decay_steps) / decay_steps) ** 2
    return initial_learning_rate * (alpha + (1 - alpha) * share)


def cosine_in_degrees_that_are_turned(step, initial_learning_rate, decay_steps, alpha=0.0):
    done = min(step / decay_steps, 1.0)
    wave = 0.5 + 0.5 * np.cos(np.radians(180 * done))
    return (wave * (1 - alpha) + alpha) * initial_learning_rate


def cosine_by_a_sine(step, initial_learning_rate, decay_steps, alpha=0.0):
    done = np.clip(step / decay_steps, 0, 1)
    wave = 0.5 * (1 - np.sin(np.pi * (done - 0.5)))
    return np.float64(initial_learning_rate) * ((1 - alpha) * wave + alpha)


def cosine_with_keras(step, initial_learning_rate, decay_steps, alpha=0.0):
    from keras.optimizers.schedules import CosineDecay

    return CosineDecay(initial_learning_rate, decay_steps, alpha)(step)


COSINE_RIGHT = [
    cosine_by_branches,
    cosine_by_its_square,
    cosine_in_degrees_that_are_turned,
    cosine_by_a_sine,
    cosine_with_keras,
]


def wave(made):
    """An answer to cosine_decay, from what `made` makes of the part that is done, at most 1."""
    return lambda step, lr, n, alpha=0.0: made(lr, min(step / n, 1), alpha)


def half(done):
    return (1 + math.cos(math.pi * done)) / 2


COSINE_WRONG = [
    (wave(lambda lr, d, a: lr * ((1 - a) * 0.5 * math.cos(math.pi * d) + a)), "1 \\+|below 0|negative|half"),
    (wave(lambda lr, d, a: lr * ((1 - a) * (1 + math.cos(math.pi * d)) + a)), "½|twice|half"),
    (wave(lambda lr, d, a: lr * ((1 - a) * 0.5 * (1 + math.cos(180 * d)) + a)), "degree|180"),
    (wave(lambda lr, d, a: lr * ((1 - a) * 0.5 * (1 + math.cos(2 * math.pi * d)) + a)), "whole wave|2π|back"),
    (wave(lambda lr, d, a: lr * ((1 - a) * math.cos(math.pi / 2 * d) + a)), "quarter"),
    (wave(lambda lr, d, a: lr * ((1 - a) * 0.5 * (1 + math.cos(d)) + a)), "π"),
    (wave(lambda lr, d, a: lr * ((1 - a) * 0.5 + 0.5 * math.cos(math.pi * d) + a)), "bracket|parenthes|alpha"),
    (lambda step, lr, n, alpha=0.0: lr * ((1 - alpha) * half(step / n) + alpha), "rises again|after|beyond"),
    (lambda step, lr, n, alpha=0.0: lr * ((1 - alpha) * half(step / n) + alpha) if step <= n else alpha,
     "alpha itself"),
    (lambda step, lr, n, alpha=0.0: lr * ((1 - alpha) * half(step % n / n) + alpha), "anew|restart|again|start"),
    (lambda step, lr, n, alpha=0.0: lr * half(step / n) if step < n else 0.0, "alpha"),
    (wave(lambda lr, d, a: lr * half(d)), "alpha"),
    (wave(lambda lr, d, a: lr * (half(d) + a)), "alpha"),
    (wave(lambda lr, d, a: max(lr * half(d), a * lr)), "cut|max|flat"),
    (wave(lambda lr, d, a: max(lr * half(d), a)), "alpha|rate"),
    (wave(lambda lr, d, a: a + (lr - a) * half(d)), "alpha.*rate|part"),
    (wave(lambda lr, d, a: lr * ((1 - a) * 0.5 * (1 - math.cos(math.pi * d)) + a)), "rises|sign|upside"),
    (wave(lambda lr, d, a: lr * ((1 - a) * 0.5 * (1 + math.sin(math.pi * d)) + a)), "sine"),
    (wave(lambda lr, d, a: lr * ((1 - a) * (1 - d) + a)), "straight|line"),
    (wave(lambda lr, d, a: (1 - a) * half(d) + a), "initial"),
    (lambda step, lr, n, alpha=0.0: lr * ((1 - alpha) * half(min((step + 1) / n, 1)) + alpha), "one step|ahead|step 0"),
    (lambda step, lr, n, alpha=0.0: lr * ((1 - alpha) * half(min(step / (n - 1), 1)) + alpha), "one step|early|− 1"),
    (lambda step, lr, n, alpha=0.0: lr * ((1 - alpha) * half(min(step // n, 1)) + alpha), "whole|//|integer|fraction"),
    (wave(lambda lr, d, a: round(lr * ((1 - a) * half(d) + a), 4)), "round"),
    (wave(lambda lr, d, a: lr * ((1 - a) * 0.5 * (1 + math.cos(3.14 * d)) + a)), "3.14|π"),
]  # fmt: skip

RIGHT = {
    "piecewise_constant": PIECEWISE_RIGHT,
    "exponential_decay": EXPONENTIAL_RIGHT,
    "inverse_time_decay": INVERSE_RIGHT,
    "cosine_decay": COSINE_RIGHT,
}
WRONG = {
    "piecewise_constant": PIECEWISE_WRONG,
    "exponential_decay": EXPONENTIAL_WRONG,
    "inverse_time_decay": INVERSE_WRONG,
    "cosine_decay": COSINE_WRONG,
}
