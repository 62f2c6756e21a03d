"""Learning rate schedules: which rate a step is taken with.

A schedule is a function of the step, and nothing else: step 0 is the first one, and an epoch is as many steps as it
has batches. The formulas stand in functions, whose `step` may be a number or an array. The classes by Keras's names
keep the settings, so that what is left is a function of the step, which an optimizer takes in place of a learning rate:

    optimizer = SGD(learning_rate=CosineDecay(0.1, decay_steps=500))
"""

from dataclasses import dataclass

import numpy as np


def piecewise_constant(step, boundaries, values):
    """Return `values[0]` up to and including step `boundaries[0]`, then `values[1]` up to `boundaries[1]`, and so on.

    Args:
        step: integer ≥ 0, or an array of them.
        boundaries: the last step of each value but the last one, ascending.
        values: one more than there are boundaries.
    Returns:
        float, or an array shaped like `step`.
    """
    # How many boundaries lie below the step: a boundary itself still belongs to the value before it.
    return _plain(np.asarray(values, dtype=float)[np.searchsorted(boundaries, step, side="left")])


def exponential_decay(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    """Return initial_learning_rate · decay_rate^(step / decay_steps): every `decay_steps` steps a factor `decay_rate`.

    Args:
        step: integer ≥ 0, or an array of them.
        initial_learning_rate: float, the rate of step 0.
        decay_steps: number > 0.
        decay_rate: float > 0.
        staircase: whether to round the quotient down, so that the rate falls at multiples of `decay_steps` only.
    Returns:
        float, or an array shaped like `step`.
    """
    return _plain(initial_learning_rate * decay_rate ** _periods(step, decay_steps, staircase))


def inverse_time_decay(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    """Return initial_learning_rate / (1 + decay_rate · step / decay_steps), which falls ever more slowly.

    Arguments and result are those of `exponential_decay`; here a larger `decay_rate` falls faster.

    Reference: Robbins and Monro (1951), "A stochastic approximation method": rates whose sum is infinite, and the sum
    of whose squares is not, as here with steps large against decay_steps / decay_rate.
    """
    return _plain(initial_learning_rate / (1 + decay_rate * _periods(step, decay_steps, staircase)))


def polynomial_decay(step, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False):
    """Return the rate that falls to `end_learning_rate` at `decay_steps`: with `power` 1 on a straight line.

        (initial_learning_rate − end_learning_rate) · (1 − step / decay_steps)^power + end_learning_rate

    Args:
        step: integer ≥ 0, or an array of them.
        initial_learning_rate, end_learning_rate: floats, the rates of step 0 and of step `decay_steps`.
        decay_steps: number > 0.
        power: float > 0.
        cycle: False: the rate stays where it has arrived. True: it rises again, and falls to the next multiple of
            `decay_steps`, along the line from step 0 to there.
    Returns:
        float, or an array shaped like `step`.
    """
    step = np.asarray(step, dtype=float)
    if cycle:
        decay_steps = decay_steps * np.maximum(np.ceil(step / decay_steps), 1)
    left = 1 - np.minimum(step / decay_steps, 1)
    return _plain((initial_learning_rate - end_learning_rate) * left**power + end_learning_rate)


def cosine_decay(step, initial_learning_rate, decay_steps, alpha=0.0):
    """Return the rate that falls along half a wave of the cosine, and stays where it has arrived.

        initial_learning_rate · ((1 − alpha) · ½ (1 + cos(π · step / decay_steps)) + alpha)

    Args:
        step: integer ≥ 0, or an array of them.
        initial_learning_rate: float, the rate of step 0.
        decay_steps: number > 0, the step at which the rate has arrived.
        alpha: float in [0, 1], the part of the first rate at which it arrives.
    Returns:
        float, or an array shaped like `step`.

    Reference: Loshchilov and Hutter (2017), "SGDR: stochastic gradient descent with warm restarts", equation 5.
    """
    done = np.minimum(np.asarray(step) / decay_steps, 1)
    return _plain(initial_learning_rate * ((1 - alpha) * _half_wave(done) + alpha))


def cosine_decay_restarts(step, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0):
    """Return the rate of a cosine decay that starts anew at each end, every time `t_mul` times as long.

    Args:
        step: integer ≥ 0, or an array of them.
        initial_learning_rate: float, the rate of step 0.
        first_decay_steps: number > 0, the length of the first decay.
        t_mul: float ≥ 1, by which each decay is longer than the one before.
        m_mul: float, by which the part of the rate above `alpha` starts lower than before.
        alpha: float in [0, 1], the part of the first rate at which each decay would arrive.
    Returns:
        float, or an array shaped like `step`.

    Reference: Loshchilov and Hutter (2017), as for `cosine_decay`, §3.
    """
    done = np.asarray(step) / first_decay_steps
    if t_mul == 1:
        restarts = np.floor(done)
        done = done - restarts
    else:
        # The decays before the i-th one take (t_mulⁱ − 1) / (t_mul − 1) times as long as the first. A logarithm that
        # should be whole may lie a rounding below.
        restarts = np.floor(np.log(1 + done * (t_mul - 1)) / np.log(t_mul) + 1e-9)
        done = (done - (t_mul**restarts - 1) / (t_mul - 1)) / t_mul**restarts
    return _plain(initial_learning_rate * ((1 - alpha) * m_mul**restarts * _half_wave(done) + alpha))


def warm_up(step, warmup_steps, schedule, initial_learning_rate=0.0):
    """Return the rate that rises on a straight line to the first rate of `schedule`, which begins only then.

    Args:
        step: integer ≥ 0.
        warmup_steps: integer ≥ 0, the step at which `schedule` begins.
        schedule: function of the step.
        initial_learning_rate: float, the rate of step 0.
    Returns:
        float.

    Reference: Goyal and others (2017), "Accurate, large minibatch SGD: training ImageNet in 1 hour", §2.2.
    """
    if step >= warmup_steps:
        return schedule(step - warmup_steps)
    return initial_learning_rate + (schedule(0) - initial_learning_rate) * step / warmup_steps


def one_cycle(step, total_steps, max_learning_rate, min_momentum=0.85, max_momentum=0.95):
    """Return the rate and the momentum of one cycle: up and down on straight lines, the momentum against the rate.

    In the first 30 % of the steps the rate rises from max_learning_rate / 25 to `max_learning_rate`, and the momentum
    falls from `max_momentum` to `min_momentum`. In the rest the rate falls to 0, and the momentum rises back.

    Args:
        step: integer ≥ 0, or an array of them; beyond `total_steps` both stay where they have arrived.
        total_steps: integer > 0.
        max_learning_rate: float.
        min_momentum, max_momentum: floats in [0, 1).
    Returns:
        rate, momentum: floats, or arrays shaped like `step`.

    Reference: Smith (2018), "A disciplined approach to neural network hyper-parameters: part 1", §4, with the parts of
    the cycle and its first rate as they have become usual.
    """
    turns = (0, 0.3 * total_steps, total_steps)
    rate = np.interp(step, turns, (max_learning_rate / 25, max_learning_rate, 0))
    momentum = np.interp(step, turns, (max_momentum, min_momentum, max_momentum))
    return _plain(rate), _plain(momentum)


def range_test(train, lowest, highest, steps, stop=4.0):
    """Train at rates that grow by one factor from step to step, and return what the loss says to each.

    Args:
        train: function of a rate: does one step of training at it, and returns the loss of before that step.
        lowest, highest: floats > 0, the rates of the first and of the last step.
        steps: integer ≥ 2.
        stop: float > 1; the test ends before `highest` where the loss is `stop` times its lowest so far, or not finite.
    Returns:
        rates, losses: arrays of one length, up to `steps`.

    Reference: Smith (2017), "Cyclical learning rates for training neural networks", §3.3, with rates that grow by a
    factor in place of a summand.
    """
    rates, losses = lowest * (highest / lowest) ** (np.arange(steps) / (steps - 1)), []
    for rate in rates:
        losses.append(train(rate))
        if not losses[-1] <= stop * min(losses):
            break
    return rates[: len(losses)], np.array(losses)


def mean_losses(rates, curvatures, start, noise):
    """Return what of the loss is left on a bowl, averaged over all noise, when descent takes steps at these rates.

    A weight w of curvature λ goes to w − rate · (λ w + noise). So its mean is multiplied by 1 − rate · λ, its variance
    by the square of that, and (rate · noise)² is added to the variance. The loss ½ λ w² is ½ λ (mean² + variance).

    Args:
        rates: floats (steps,).
        curvatures, start: floats (weights,).
        noise: float ≥ 0, the standard deviation of what is added to each entry of each gradient.
    Returns:
        way, noise: arrays (steps + 1,), whose sum is the mean loss: of the way that is not gone yet, and of the noise.
    """
    curvatures, mean, variance = np.asarray(curvatures, float), np.asarray(start, float), np.zeros(len(start))
    ways, noises = [curvatures @ mean**2 / 2], [0.0]
    with np.errstate(over="ignore", invalid="ignore"):
        for rate in rates:
            kept = 1 - rate * curvatures
            mean, variance = kept * mean, kept**2 * variance + (rate * noise) ** 2
            ways.append(curvatures @ mean**2 / 2)
            noises.append(curvatures @ variance / 2)
    return np.array(ways), np.array(noises)


# --- the classes by Keras's names


class Schedule:
    """What the classes share: called with a step, they call `formula` with it and their settings."""

    def __call__(self, step):
        return type(self).formula(step, **vars(self))


class _WithDecaySteps(Schedule):
    def __post_init__(self):
        length = vars(self).get("decay_steps", vars(self).get("first_decay_steps"))
        if not length > 0:
            raise ValueError(f"decay_steps must be > 0, not {length}")


@dataclass
class PiecewiseConstantDecay(Schedule):
    """`piecewise_constant`. Raises ValueError where there is not one value more than there are boundaries."""

    boundaries: list
    values: list
    formula = staticmethod(piecewise_constant)

    def __post_init__(self):
        if len(self.values) != len(self.boundaries) + 1:
            raise ValueError(f"{len(self.boundaries)} boundaries need one value more, not {len(self.values)}")


@dataclass
class _DecayByPeriods(_WithDecaySteps):
    initial_learning_rate: float
    decay_steps: float
    decay_rate: float
    staircase: bool = False


class ExponentialDecay(_DecayByPeriods):
    """`exponential_decay`. Raises ValueError where `decay_steps` is not positive."""

    formula = staticmethod(exponential_decay)


class InverseTimeDecay(_DecayByPeriods):
    """`inverse_time_decay`. Raises ValueError where `decay_steps` is not positive."""

    formula = staticmethod(inverse_time_decay)


@dataclass
class PolynomialDecay(_WithDecaySteps):
    """`polynomial_decay`. Raises ValueError where `decay_steps` is not positive."""

    initial_learning_rate: float
    decay_steps: float
    end_learning_rate: float = 0.0001
    power: float = 1.0
    cycle: bool = False
    formula = staticmethod(polynomial_decay)


@dataclass
class CosineDecay(_WithDecaySteps):
    """`cosine_decay`; with a `warmup_target`, from there, after `warm_up` to it in `warmup_steps`.

    `alpha` is then a part of `warmup_target`. Raises ValueError where `decay_steps` is not positive.
    """

    initial_learning_rate: float
    decay_steps: float
    alpha: float = 0.0
    warmup_target: float | None = None
    warmup_steps: int = 0

    def __call__(self, step):
        if self.warmup_target is None:
            return cosine_decay(step, self.initial_learning_rate, self.decay_steps, self.alpha)
        decay = CosineDecay(self.warmup_target, self.decay_steps, self.alpha)
        return warm_up(step, self.warmup_steps, decay, self.initial_learning_rate)


@dataclass
class CosineDecayRestarts(_WithDecaySteps):
    """`cosine_decay_restarts`. Raises ValueError where `first_decay_steps` is not positive."""

    initial_learning_rate: float
    first_decay_steps: float
    t_mul: float = 2.0
    m_mul: float = 1.0
    alpha: float = 0.0
    formula = staticmethod(cosine_decay_restarts)


@dataclass
class WarmUp(Schedule):
    """`warm_up`, before any schedule."""

    warmup_steps: int
    schedule: object
    initial_learning_rate: float = 0.0
    formula = staticmethod(warm_up)


def _periods(step, decay_steps, staircase):
    periods = np.asarray(step) / decay_steps
    return np.floor(periods) if staircase else periods


def _half_wave(done):
    """From 1 at `done` = 0 to 0 at 1, flat at both ends."""
    return (1 + np.cos(np.pi * done)) / 2


def _plain(values):
    """A number as a float, an array as it is."""
    return float(values) if np.ndim(values) == 0 else values
