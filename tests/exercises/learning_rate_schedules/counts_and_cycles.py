"""Answers on epochs, warm-up, one cycle and a schedule of one's own, collected before their probes were written."""

import math

import numpy as np

# --- epochs_to_boundaries


def boundaries_by_batches(epochs, examples, batch_size):
    batches = len(range(0, examples, batch_size))
    return [epoch * batches - 1 for epoch in epochs]


def boundaries_by_counting(epochs, examples, batch_size):
    found, step = [], -1
    for epoch in range(1, max(epochs) + 1):
        for _ in range(0, examples, batch_size):
            step += 1
        if epoch in epochs:
            found.append(step)
    return found


BOUNDARIES_RIGHT = [
    boundaries_by_batches,
    boundaries_by_counting,
    lambda epochs, n, b: np.array(epochs) * int(np.ceil(n / b)) - 1,
    lambda epochs, n, b: tuple(e * -(-n // b) - 1 for e in epochs),
    lambda epochs, n, b: [math.ceil(n / b) * e - 1.0 for e in epochs],
    lambda epochs, n, b: [e * ((n + b - 1) // b) - 1 for e in epochs],
]

BOUNDARIES_WRONG = [
    (lambda epochs, n, b: list(epochs), "epochs"),
    (lambda epochs, n, b: [e - 1 for e in epochs], "epochs"),
    (lambda epochs, n, b: [e * math.ceil(n / b) for e in epochs], "one step|one more|first of the next|late"),
    (lambda epochs, n, b: [e * math.ceil(n / b) + 1 for e in epochs], "two|late"),
    (lambda epochs, n, b: [e * (n // b) - 1 for e in epochs], "last batch|smaller batch"),
    (lambda epochs, n, b: [e * (n // b) for e in epochs], "last batch|smaller batch"),
    (lambda epochs, n, b: [e * n / b - 1 for e in epochs], "whole|fraction|round"),
    (lambda epochs, n, b: [math.ceil(e * n / b) - 1 for e in epochs], "each epoch|every epoch|all epochs"),
    (lambda epochs, n, b: [int(e * n / b) - 1 for e in epochs], "each epoch|every epoch|all epochs|round"),
    (lambda epochs, n, b: [e * n - 1 for e in epochs], "examples"),
    (lambda epochs, n, b: [e * b - 1 for e in epochs], "batch_size|batch size"),
    (lambda epochs, n, b: [(n // b + 1) * e - 1 for e in epochs], "no smaller|divides|one batch too many|one too many"),
    (lambda epochs, n, b: [round(n / b) * e - 1 for e in epochs], "round"),
    (lambda epochs, n, b: [(e - 1) * math.ceil(n / b) for e in epochs], "begin|first step"),
    (lambda epochs, n, b: math.ceil(n / b) * epochs[0] - 1, "shape|list|first"),
    (lambda epochs, n, b: math.ceil(n / b), "shape|list|one epoch"),
    (lambda epochs, n, b: [math.ceil(n / b) for _ in epochs], "one epoch|length"),
    (lambda epochs, n, b: [math.ceil(n / b) * (k + 1) - 1 for k, _ in enumerate(epochs)], "place in the list"),
    (lambda epochs, n, b: [math.ceil(n / b) * sum(epochs[: k + 1]) - 1 for k in range(len(epochs))], "add the epochs"),
]

# --- warm_up


def warm_up_shifted(step, warmup_steps, schedule, initial_learning_rate=0.0):
    after = step - warmup_steps
    if after >= 0:
        return schedule(after)
    return float(np.interp(step, [0, warmup_steps], [initial_learning_rate, schedule(0)]))


def warm_up_by_shares(step, warmup_steps, schedule, initial_learning_rate=0.0):
    if not warmup_steps or step > warmup_steps:
        return schedule(step - warmup_steps)
    done = step / warmup_steps
    return (1 - done) * initial_learning_rate + done * schedule(0)


WARM_UP_RIGHT = [
    warm_up_shifted,
    warm_up_by_shares,
    lambda step, w, s, i=0.0: s(max(step - w, 0)) if step >= w else i + step * (s(0) - i) / w,
]


def warm(during=None, after=None):
    """An answer to warm_up that makes a mistake during the warm-up, after it, or in both."""
    during = during or (lambda step, w, s, i: i + (s(0) - i) * step / w)
    after = after or (lambda step, w, s, i: s(step - w))
    return lambda step, w, s, i=0.0: during(step, w, s, i) if step < w else after(step, w, s, i)


WARM_UP_WRONG = [
    (warm(during=lambda step, w, s, i: s(step) * step / w), "begin|running|runs"),
    (warm(during=lambda step, w, s, i: i + (s(step) - i) * step / w), "begin|running|runs"),
    (warm(during=lambda step, w, s, i: s(0) * step / w), "initial"),
    (warm(during=lambda step, w, s, i: i), "stays|rise"),
    (warm(during=lambda step, w, s, i: s(0)), "no warm-up|peak|at once"),
    (warm(during=lambda step, w, s, i: i + s(0) * step / w), "subtract|beyond|above|more than"),
    (warm(during=lambda step, w, s, i: i + (s(0) - i) * (step + 1) / w), "one step|early|step 0|ahead"),
    (warm(during=lambda step, w, s, i: i + (s(0) - i) * (w - step) / w), "falls|backwards|down"),
    (warm(during=lambda step, w, s, i: i + (s(w) - i) * step / w), "schedule\\(0\\)|first rate|peak"),
    (warm(after=lambda step, w, s, i: s(step - w + 1)), "one step|skip"),
    (warm(after=lambda step, w, s, i: s(step + w)), "sign|ahead|later|too far"),
    (warm(after=lambda step, w, s, i: s(0)), "stays|never|peak"),
    (lambda step, w, s, i=0.0: min(i + (s(0) - i) * step / max(w, 1), s(step)), "begin|running|runs|smaller"),
    (lambda step, w, s, i=0.0: s(step) * min(1, step / max(w, 1)), "begin|running|runs"),
    (lambda step, w, s, i=0.0: i + (s(0) - i) * step / w if step < w else s, "call|function"),
    (lambda step, w, s, i=0.0: s(step - w), "no warm-up|negative|warm"),
    (lambda step, w, s, i=0.0: i + (s(0) - i) * step / max(w, 1), "never|goes on|beyond|rises"),
]

# --- one_cycle


def cycle_by_branches(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    peak = 0.3 * total_steps
    if step <= peak:
        share = step / peak
    elif step <= total_steps:
        share = (total_steps - step) / (total_steps - peak)
    else:
        share = 0
    low = max_learning_rate / 25 if step <= peak else 0
    return low + (max_learning_rate - low) * share, max_momentum - (max_momentum - min_momentum) * share


def cycle_by_interpolation(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    x = [0, 0.3 * total_steps, total_steps]
    return [
        np.interp(step, x, [max_learning_rate / 25, max_learning_rate, 0.0]),
        np.interp(step, x, [max_momentum, min_momentum, max_momentum]),
    ]


def cycle_as_an_array(*arguments, **settings):
    return np.array(cycle_by_branches(*arguments, **settings))


CYCLE_RIGHT = [cycle_by_branches, cycle_by_interpolation, cycle_as_an_array]


def cycle(rates=(1 / 25, 1, 0), momenta="hlh", turns=(0, 0.3, 1), order=None, rate_of=None):
    """An answer to one_cycle with other corners."""

    def answer(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
        x = [turn * total_steps for turn in turns]
        heights = [{"h": max_momentum, "l": min_momentum}[letter] for letter in momenta]
        rate = max_learning_rate * np.interp(step, x, rates)
        pair = float(rate), float(np.interp(step, x, heights))
        return order(pair) if order else pair

    return answer


def cycle_of_constants(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    rate, _ = cycle()(step, total_steps, max_learning_rate)
    return rate, cycle()(step, total_steps, max_learning_rate, 0.85, 0.95)[1]


def cycle_that_repeats(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    return cycle()(step % total_steps, total_steps, max_learning_rate, min_momentum, max_momentum)


def cycle_that_goes_on(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    peak = 0.3 * total_steps
    if step < peak:
        return cycle()(step, total_steps, max_learning_rate, min_momentum, max_momentum)
    share = (total_steps - step) / (total_steps - peak)
    return max_learning_rate * share, max_momentum - (max_momentum - min_momentum) * share


def cycle_along_cosines(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    def between(start, end, done):
        return end + (start - end) * (1 + math.cos(math.pi * min(done, 1))) / 2

    peak = 0.3 * total_steps
    if step <= peak:
        done = step / peak
        return between(max_learning_rate / 25, max_learning_rate, done), between(max_momentum, min_momentum, done)
    done = (step - peak) / (total_steps - peak)
    return between(max_learning_rate, 0.0, done), between(min_momentum, max_momentum, done)


CYCLE_WRONG = [
    (cycle(momenta="lhl"), "same direction|against"),
    (cycle(rates=(0, 1, 0)), "25|begin|start"),
    (cycle(rates=(1 / 25, 1, 1 / 25)), "end|0"),
    (cycle(rates=(1 / 25, 1, 1e-4 / 25)), "end|0"),
    (cycle(rates=(1 / 10, 1, 0)), "25|begin|start"),
    (cycle(turns=(0, 0.5, 1)), "30|peak|highest"),
    (cycle(turns=(0, 0.25, 1)), "30|peak|highest"),
    (cycle(turns=(0, 0.7, 1)), "30|peak|highest"),
    (cycle(momenta="hhh"), "momentum stays|constant|momentum"),
    (cycle(momenta="hll"), "back|rises|momentum"),
    (cycle(order=lambda pair: pair[::-1]), "order|swapped|reverse"),
    (cycle(order=lambda pair: pair[0]), "two|momentum|shape"),
    (cycle_of_constants, "0.85|0.95|argument"),
    (cycle_that_repeats, "again|anew|once|repeat"),
    (cycle_that_goes_on, "negative|below 0|beyond|after"),
    (cycle_along_cosines, "straight|cosine"),
    (cycle(rates=(1, 1 / 25, 0)), "rises|upside|falls|begin|down"),
    (cycle(order=lambda pair: (pair[0], 1 - pair[1])), "1 −|1 minus|complement"),
]

# --- my_schedule

MY_RIGHT = [
    lambda step: 0.035 * (1 + math.cos(math.pi * step / 200)) / 2,
    lambda step: 0.035 * (1 - step / 200),
    lambda step: 0.05 * 0.02 ** (step / 200),
    lambda step: np.float32(0.03 if step < 90 else 0.009 if step < 130 else 0.005 if step < 160 else 0.0025),
    lambda step: min(0.03, 2.0 / (step + 1)) if step < 100 else 1.1 / (step + 1),
]

MY_WRONG = [
    (lambda step: 0.0128, "constant|same|end"),
    (lambda step: 0.035, "constant|same|end"),
    (lambda step: 0.05, "away|diverge|last"),
    (lambda step: 0.1 * 0.99**step, "away|diverge|large"),
    (lambda step: 0.035 * 0.9**step, "soon|early|arriv|short"),
    (lambda step: 0.01 * (1 - step / 200), "arriv|small|short"),
    (lambda step: 0.035 * (1 + math.cos(math.pi * step / 800)) / 2, "end|large"),
    (lambda step: 0.035 * (1 + math.cos(math.pi * step / 20)) / 2 if step < 20 else 0.0, "soon|early|arriv|short"),
    (lambda step: [0.035 * (1 - s / 200) for s in range(200)], "number|one rate"),
    (lambda step: -0.01, "negative|number|0"),
    (lambda step: None, "None|number|`return`"),
]

RIGHT = {
    "epochs_to_boundaries": BOUNDARIES_RIGHT,
    "warm_up": WARM_UP_RIGHT,
    "one_cycle": CYCLE_RIGHT,
    "my_schedule": MY_RIGHT,
}
WRONG = {
    "epochs_to_boundaries": BOUNDARIES_WRONG,
    "warm_up": WARM_UP_WRONG,
    "one_cycle": CYCLE_WRONG,
    "my_schedule": MY_WRONG,
}
