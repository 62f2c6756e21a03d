"""Answers to chapter 06 that were written from its text alone, later: what had not been named, or falsely."""

import math

import numpy as np


def piecewise(at_the_end, compare):
    """An answer that goes through boundaries and values, and gives `at_the_end(values)` behind them."""

    def answer(step, boundaries, values):
        for boundary, value in zip(boundaries, values, strict=False):
            if compare(step, boundary):
                return value
        return at_the_end(values)

    return answer


def up_to(step, boundary):
    return step <= boundary


def by_default(step, initial_learning_rate, decay_steps, decay_rate, staircase=True):
    p = step // decay_steps if staircase else step / decay_steps
    return initial_learning_rate * decay_rate**p


def inverse_by_default(step, initial_learning_rate, decay_steps, decay_rate, staircase=True):
    p = step // decay_steps if staircase else step / decay_steps
    return initial_learning_rate / (1 + decay_rate * p)


def cosine(alpha_way, default=0.0):
    """An answer to cosine_decay that makes the rate of (the initial rate, the wave, alpha)."""

    def answer(step, initial_learning_rate, decay_steps, alpha=default):
        wave = (1 + math.cos(math.pi * min(step / decay_steps, 1))) / 2
        return alpha_way(initial_learning_rate, wave, alpha)

    return answer


def cosine_none_beyond(step, rate, n, alpha=0.0):
    if step <= n:
        return rate * (alpha + (1 - alpha) * (1 + math.cos(math.pi * step / n)) / 2)


def cycle(change=lambda pair, step, total, low: pair, low=0.85, high=0.95):
    """An answer to one_cycle whose right pair is changed by `change`."""

    def answer(step, total_steps, max_learning_rate, min_momentum=low, max_momentum=high):
        corners = [0, 0.3 * total_steps, total_steps]
        rate = np.interp(step, corners, [max_learning_rate / 25, max_learning_rate, 0])
        momentum = np.interp(step, corners, [max_momentum, min_momentum, max_momentum])
        return change((rate, momentum), step, total_steps, min_momentum)

    return answer


def right_warm_up(step, warmup_steps, schedule, initial_learning_rate=0.0):
    if step < warmup_steps:
        return initial_learning_rate + (schedule(0) - initial_learning_rate) * step / warmup_steps
    return schedule(step - warmup_steps)


def warm_up_from_a_thousandth(step, warmup_steps, schedule, initial_learning_rate=0.001):
    return right_warm_up(step, warmup_steps, schedule, initial_learning_rate)


def schedule_without_a_step():
    return 0.01


WRONG = {
    "piecewise_constant": [
        (piecewise(lambda values: values[-2], up_to), "last value but one"),
        (piecewise(lambda values: values[-1], lambda step, b: step >= b), "turned around"),
        (piecewise(lambda values: values[-1], lambda step, b: step == b), "only in the one step"),
        (lambda s, b, v: v[sum(s > each for each in b) - 1], "one place too far"),
        (lambda s, b, v: int(v[sum(s > each for each in b)]), "whole numbers"),
        (lambda s, b, v: [v[sum(s > each for each in b)]], "one number; your function returned a list"),
    ],
    "epochs_to_boundaries": [
        (lambda epochs, n, b: [(e - 1) * math.ceil(n / b) - 1 for e in epochs], "epochs before"),
        (lambda epochs, n, b: epochs * math.ceil(n / b), "again and again"),
        (lambda epochs, n, b: [e * math.ceil(n / b) - 1 for e in range(len(epochs))], "place in the list"),
        (lambda epochs, n, b: [0] + [e * math.ceil(n / b) - 1 for e in epochs], "one number too many"),
    ],
    "exponential_decay": [
        (by_default, "default of `staircase`"),
        (lambda s, rate, n, d, stairs=False: rate * (d ** (s // n) if stairs else d ** (n / max(s, 1))), "upside down"),
        (lambda s, rate, n, d, stairs=False: rate * d ** (s // n if stairs else (s + 1) / n), "one step ahead"),
        (lambda s, rate, n, d, stairs=False: rate * d ** (s // n if stairs else min(s, n) / n), "stops falling"),
        (lambda s, rate, n, d, stairs=False: rate * d ** (s % n if stairs else s / n), "left over"),
        (lambda s, rate, n, d, stairs=False: rate * d * math.exp(-(s // n if stairs else s / n)), "factor in front"),
        (lambda s, rate, n, d, stairs=False: (rate * d ** (s // n if stairs else s / n), s), "returned a tuple"),
    ],
    "inverse_time_decay": [
        (inverse_by_default, "default of `staircase`"),
        (lambda s, rate, n, d, stairs=False: rate / (1 - d * (s // n if stairs else s / n)), "a minus"),
        (lambda s, rate, n, d, stairs=False: rate / (1 + d + (s // n if stairs else s / n)), "added to the quotient"),
        (lambda s, rate, n, d, stairs=False: rate / (d * (s // n if stairs else s / n)), "divided by 0"),
    ],
    "cosine_decay": [
        (cosine(lambda rate, wave, alpha: rate * ((1 - alpha) * wave / 2 + alpha)), "halved twice"),
        (cosine(lambda rate, wave, alpha: rate * wave + alpha), "alpha itself on top"),
        (cosine(lambda rate, wave, alpha: rate * ((1 - alpha) * wave + alpha), 0.1), "another than the task's"),
        (cosine_none_beyond, "gives None"),
    ],
    "one_cycle": [
        (cycle(lambda pair, step, total, low: (pair[0], low) if step > total else pair), "momentum is the lowest"),
        (cycle(lambda pair, step, total, low: None if step > total else pair), "gives None"),
        (cycle(low=0.95, high=0.85), "places changed"),
        (cycle(high=0.9), "another than the task's"),
        (cycle(low=0.8), "another than the task's"),
    ],
    "warm_up": [
        (warm_up_from_a_thousandth, "another than the task's"),
        (lambda s, w, f, i=0.0: f(s - w) if s >= w else i + f(0) - i * s / w, "only the initial rate"),
        (lambda s, w, f, i=0.0: f(w - s) if s >= w else i + (f(0) - i) * s / w, "turned around"),
        (lambda s, w, f, i=0.0: i + f(s - w) if s >= w else i + (f(0) - i) * s / w, "add the initial rate"),
    ],
    "my_schedule": [
        (schedule_without_a_step, "called with other arguments"),
        (lambda step: 0.03 / step, "divided by 0"),
    ],
}
RIGHT: dict = {}
