"""Wrong answers to chapter 06, thought of after its misconceptions were written: slips of brackets and loops."""

import math

import numpy as np


def piecewise_that_leaves_in_the_first_turn(step, boundaries, values):
    for i, boundary in enumerate(boundaries):
        if step <= boundary:
            return values[i]
        return values[i + 1]


def piecewise_that_asks_which_is_passed_first(step, boundaries, values):
    for i in range(len(boundaries)):
        if boundaries[i] <= step:
            return values[i + 1]
    return values[0]


def piecewise_between_neighbors_only(step, boundaries, values):
    for i in range(1, len(boundaries)):
        if boundaries[i - 1] < step <= boundaries[i]:
            return values[i]
    return values[-1]


def cycle(rate, momentum):
    """An answer to one_cycle, of two functions of the step, all steps, the lowest and the highest."""
    return lambda step, total, peak, low=0.85, high=0.95: (
        rate(step, total, peak),
        momentum(step, total, low, high),
    )


def right_rate(step, total, peak):
    return np.interp(step, [0, 0.3 * total, total], [peak / 25, peak, 0])


def right_momentum(step, total, low, high):
    return np.interp(step, [0, 0.3 * total, total], [high, low, high])


WRONG = {
    "piecewise_constant": [
        (piecewise_that_leaves_in_the_first_turn, "first boundary"),
        (piecewise_that_asks_which_is_passed_first, "first boundary"),
        (piecewise_between_neighbors_only, "last value"),
        (lambda s, b, v: v[int(np.searchsorted(np.cumsum(b), s))], "add them up"),
    ],
    "exponential_decay": [
        (lambda s, rate, n, d, stairs=False: rate * (d ** (s // n) if stairs else d**s / n), "bracket"),
        (lambda s, rate, n, d, stairs=False: rate * (d**s // n if stairs else d**s / n), "bracket"),
        (lambda s, rate, n, d, stairs=False: rate * d ** ((s + 1) // n if stairs else s / n), "one step early"),
        (lambda s, rate, n, d, stairs=False: 0.1 * d ** (s // n if stairs else s / n), "of your own"),
        (lambda s, rate, n, d, stairs=False: max(rate * d ** (s // n if stairs else s / n), 1e-3), "lowest"),
    ],
    "inverse_time_decay": [
        (lambda s, rate, n, d, stairs=False: rate / (1 + (s // n if stairs else s / n) / d), "divide the quotient"),
        (lambda s, rate, n, d, stairs=False: rate * (1 + d * (s // n if stairs else s / n)), "grows"),
    ],
    "cosine_decay": [
        (lambda s, r, n, a=0.0: r * ((1 - a) * 0.5 * (1 + math.cos(math.pi * min(s, n)) / n) + a), "afterwards"),
        (lambda s, r, n, a=0.0: r * ((1 - a) * 0.5 * (1 + math.cos(math.pi * s / n)) + a) if s <= n else r, "back"),
        (lambda s, r, n, a=0.0: a * r + (1 - a) * 0.5 * (1 + math.cos(math.pi * min(s / n, 1))), "not the wave"),
        (lambda s, r, n, a=0.0: a * r + (r - a) * 0.5 * (1 + math.cos(math.pi * min(s / n, 1))), "alpha itself"),
        (lambda s, r, n, a=0.0: r * (a + (1 - a) * abs(math.cos(math.pi * min(s / n, 1)))), "abs"),
        (lambda s, r, n, a=0.0: 0.1 * (a + (1 - a) * (1 + math.cos(math.pi * min(s / n, 1))) / 2), "of your own"),
        (lambda s, r, n, a=0.0: r * (a + (1 - a) * (1 + math.cos(math.pi * max(s / n, 1))) / 2), "max"),
        (lambda s, r, n, a=0.0: r * ((1 - a) + a * (1 + math.cos(math.pi * min(s / n, 1))) / 2), "swapped"),
    ],
    "epochs_to_boundaries": [
        (lambda epochs, n, b: [round(e * n / b) - 1 for e in epochs], "nearest"),
        (lambda epochs, n, b: [e * (math.ceil(n / b) - 1) for e in epochs], "each epoch"),
        (lambda epochs, n, b: [(e + 1) * math.ceil(n / b) - 1 for e in epochs], "from 0"),
        (lambda epochs, n, b: [math.ceil(e * n / b) for e in epochs], "each|every"),
    ],
    "warm_up": [
        (lambda s, w, f, i=0.0: f(s - w - 1) if s >= w else i + (f(0) - i) * s / w, "late"),
        (lambda s, w, f, i=0.0: f(s - w) if s >= w else i + (f(0) - i) * s / (w - 1), "early"),
        (lambda s, w, f, i=0.0: f(max(0, s - w)), "peak at once"),
    ],
    "one_cycle": [
        (cycle(right_rate, lambda s, n, low, high: high - (high - low) * right_rate(s, n, 1.0)), "from the rate"),
        (cycle(lambda s, n, p: right_rate(s, 100, p), lambda s, *m: right_momentum(s, 100, *m[1:])), "100 steps"),
        (
            cycle(
                lambda s, n, p: np.interp(s, [0, 0.3 * n, n], [p / 25, p, p / 25]),
                lambda s, n, low, high: right_momentum(s, n, high, low),
            ),
            "same direction",
        ),
    ],
    "my_schedule": [
        (lambda step: 0.035 / (1 + step), "way"),
        (lambda step: 0.035 if step < 150 else 0.0001, "noise"),
        (lambda step: 0.0, "rate for all steps"),
        (lambda step: math.nan, "finite"),
    ],
}
RIGHT: dict = {}
