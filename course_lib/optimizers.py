"""Optimizers: how a gradient becomes a step.

An optimizer remembers what it needs (velocities, running means, the number of steps), one set for each weight, told
apart by their position in the list: two weights never share state, and one optimizer belongs to one list of weights.
Each element of a weight is updated by itself, from its own gradient and its own memory.

In the formulas g is the gradient, ← an update in place, and squares, roots and quotients are taken element by element.
A running mean, mean ← ρ · mean + (1 − ρ) · x, is written `mean += (1 - rho) * (x - mean)`, which is the same.
"""

import math

import numpy as np

from course_lib import parallel
from course_lib.activations import as_float

# A large weight is updated in pieces of up to so many elements, which the team of `parallel` shares out. The formulas
# below make arrays of a piece's size on the way; the system may have to be asked anew for larger ones each time, which
# can take ten times as long as the arithmetic. Between small pieces threads would wait for each other.
PIECE = 2**17


class Optimizer:
    """What all optimizers have in common. A subclass says what it keeps for a weight, and how it updates one.

    Weight decay, where it is not 0, comes before the update, and stays out of the gradient and of all running means:

        w ← w − learning_rate · weight_decay · w

    Args:
        learning_rate: float ≥ 0, which may be assigned between steps; or a schedule, a function of the step, which is
            asked for the rate before each step, beginning with step 0. `learning_rate` is then that of the last step.
        weight_decay: float ≥ 0, the share of a weight that is taken off in each step, in units of `learning_rate`.
    Raises:
        ValueError: an argument, or what the schedule gives, is negative or not finite.

    Reference for weight decay: Loshchilov and Hutter (2019), "Decoupled weight decay regularization", §2, with
    `learning_rate` for the paper's schedule η, as in Keras.
    """

    # The initial value of each array that is kept for a weight between steps.
    initial_slots = ()

    def __init__(self, learning_rate, weight_decay=0.0):
        self._schedule = learning_rate if callable(learning_rate) else None
        self.learning_rate = _checked_rate(self._schedule(0) if self._schedule else learning_rate)
        self.weight_decay = _checked("weight_decay", weight_decay, 0 <= weight_decay < math.inf, "finite and ≥ 0")
        self.iterations = 0
        self._slots = None

    def step(self, weights, gradients):
        """Return the weights after one step; the arguments stay as they are.

        Args:
            weights: list of float arrays, the same list, with the same shapes, at every step.
            gradients: list of arrays ∂L/∂weight, matched with `weights` by position.
        Returns:
            list of new arrays, shaped and typed like `weights`.
        Raises:
            ValueError: the lists or their shapes do not match, or are not those of the step before.
        """
        weights = [as_float(weight).copy() for weight in weights]
        self.step_in_place(weights, gradients)
        return weights

    def step_in_place(self, weights, gradients):
        """Do the same step on the arrays of `weights` themselves: no copies, for training at speed."""
        shapes = [np.shape(weight) for weight in weights]
        if [np.shape(gradient) for gradient in gradients] != shapes:
            raise ValueError(f"weights {shapes} and gradients {[np.shape(g) for g in gradients]} do not match")
        if self._slots is None:
            self._shapes = shapes
            self._slots = [[np.full_like(weight, value) for value in self.initial_slots] for weight in weights]
        if shapes != self._shapes:
            raise ValueError(f"this optimizer keeps state for weights {self._shapes}, not {shapes}: make a new one")

        if self._schedule:
            self.learning_rate = _checked_rate(self._schedule(self.iterations))
        # Once a step, not once a weight: every weight of a step must see the same t.
        self.iterations += 1
        pieces = []
        for weight, gradient, slots in zip(weights, gradients, self._slots, strict=True):
            if self.weight_decay:
                weight *= 1 - self.learning_rate * self.weight_decay
            arrays = (weight, np.asarray(gradient, weight.dtype), *slots)
            if weight.size <= PIECE:
                self._update(*arrays)
            else:
                rows = parallel.cut(len(weight), pieces=-(-weight.size // PIECE))
                pieces += [[array[some] for array in arrays] for some in rows]
        parallel.share(lambda arrays: self._update(*arrays), pieces)

    def _update(self, weight, gradient, *slots):
        """Update `weight` and its `slots` in place, element by element, at step t = `self.iterations` (first: 1)."""
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent, with momentum if you want it.

        velocity ← momentum · velocity − learning_rate · g
        w ← w + velocity                                   plain: without momentum, w − learning_rate · g
        w ← w + momentum · velocity − learning_rate · g    Nesterov: looking ahead along the velocity

    The velocity keeps a sum, not a mean: under a constant gradient it grows to 1 / (1 − momentum) times a plain step.

    Args:
        learning_rate: float ≥ 0.
        momentum: float in [0, 1], how much of the velocity a step keeps.
        nesterov: whether to use the third line in place of the second.
        weight_decay: float ≥ 0, see `Optimizer`.
    Raises:
        ValueError: an argument is out of its range.

    Reference: Polyak (1964), "Some methods of speeding up the convergence of iteration methods"; Sutskever, Martens,
    Dahl and Hinton (2013), "On the importance of initialization and momentum in deep learning", §2, in the variables
    of Keras.
    """

    initial_slots = (0,)

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, weight_decay=0.0):
        super().__init__(learning_rate, weight_decay)
        self.momentum = _checked("momentum", momentum, 0 <= momentum <= 1, "in [0, 1]")
        self.nesterov = nesterov

    def _update(self, weight, gradient, velocity):
        descent = -self.learning_rate * gradient
        velocity *= self.momentum
        velocity += descent
        weight += self.momentum * velocity + descent if self.nesterov else velocity


class Adagrad(Optimizer):
    """A rate for each weight that falls with the sum of its squared gradients: rare features keep a large one.

        accumulator ← accumulator + g²                     starts at `initial_accumulator_value`
        w ← w − learning_rate · g / √(accumulator + ε)

    The sum only grows, so the steps only shrink, under a constant gradient as 1/√t.

    Args:
        learning_rate: float ≥ 0.
        initial_accumulator_value: float ≥ 0; above 0 it keeps the first steps of tiny gradients small.
        epsilon: float > 0, keeps the division finite where the sum is 0.
        weight_decay: float ≥ 0, see `Optimizer`.
    Raises:
        ValueError: an argument is out of its range.

    Reference: Duchi, Hazan and Singer (2011), "Adaptive subgradient methods for online learning and stochastic
    optimization", §1.1, with diagonal matrices, and the initial value and ε of Keras.
    """

    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7, weight_decay=0.0):
        super().__init__(learning_rate, weight_decay)
        value = initial_accumulator_value
        self.initial_slots = (_checked("initial_accumulator_value", value, 0 <= value < math.inf, "finite and ≥ 0"),)
        self.epsilon = _checked_epsilon(epsilon)

    def _update(self, weight, gradient, accumulator):
        accumulator += gradient**2
        weight -= self.learning_rate * gradient / np.sqrt(accumulator + self.epsilon)


class RMSprop(Optimizer):
    """Adagrad that forgets: a running mean of the squared gradients in place of their sum.

        mean_square ← ρ mean_square + (1 − ρ) g²                               starts at 0
        mean ← ρ mean + (1 − ρ) g                                              starts at 0, stays 0 unless centered
        velocity ← momentum · velocity + learning_rate · g / √(mean_square − mean² + ε)
        w ← w − velocity

    Args:
        learning_rate: float ≥ 0.
        rho: float in [0, 1), the memory for the square of the gradient.
        momentum: float in [0, 1], how much of the velocity a step keeps.
        epsilon: float > 0, keeps the division finite where the gradient is 0.
        centered: whether to divide by the gradient's standard deviation, instead of the root of its mean square.
        weight_decay: float ≥ 0, see `Optimizer`.
    Raises:
        ValueError: an argument is out of its range.

    Reference: Tieleman and Hinton (2012), "Neural networks for machine learning", lecture 6e, slide 29; centered and
    with momentum: Graves (2013), "Generating sequences with recurrent neural networks", equations 38 to 41.
    """

    initial_slots = (0, 0, 0)

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, weight_decay=0.0):
        super().__init__(learning_rate, weight_decay)
        self.rho = _checked_memory("rho", rho)
        self.momentum = _checked("momentum", momentum, 0 <= momentum <= 1, "in [0, 1]")
        self.epsilon = _checked_epsilon(epsilon)
        self.centered = centered

    def _update(self, weight, gradient, mean_square, mean, velocity):
        mean_square += (1 - self.rho) * (gradient**2 - mean_square)
        square = mean_square
        if self.centered:
            mean += (1 - self.rho) * (gradient - mean)
            # A variance, which is never negative; but rounding may make the difference so.
            square = np.maximum(mean_square - mean**2, 0)
        velocity *= self.momentum
        velocity += self.learning_rate * gradient / np.sqrt(square + self.epsilon)
        weight -= velocity


class Adadelta(Optimizer):
    """Steps in the units of the weight: as large as the last ones, where the gradient is as large as the last ones.

        mean_square_gradient ← ρ mean_square_gradient + (1 − ρ) g²             both start at 0
        Δ = −√(mean_square_change + ε) / √(mean_square_gradient + ε) · g
        mean_square_change ← ρ mean_square_change + (1 − ρ) Δ²
        w ← w + learning_rate · Δ

    Two means, of two quantities. The first steps have no earlier ones to be as large as: they are about √ε in size.

    Args:
        learning_rate: float ≥ 0. The paper has none, which is 1; Keras's default is 0.001.
        rho: float in [0, 1), the memory of both means.
        epsilon: float > 0, lets the first step be taken, and keeps the division finite where the gradient is 0.
        weight_decay: float ≥ 0, see `Optimizer`.
    Raises:
        ValueError: an argument is out of its range.

    Reference: Zeiler (2012), "ADADELTA: an adaptive learning rate method", Algorithm 1.
    """

    initial_slots = (0, 0)

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7, weight_decay=0.0):
        super().__init__(learning_rate, weight_decay)
        self.rho = _checked_memory("rho", rho)
        self.epsilon = _checked_epsilon(epsilon)

    def _update(self, weight, gradient, mean_square_gradient, mean_square_change):
        mean_square_gradient += (1 - self.rho) * (gradient**2 - mean_square_gradient)
        change = -np.sqrt(mean_square_change + self.epsilon) / np.sqrt(mean_square_gradient + self.epsilon) * gradient
        mean_square_change += (1 - self.rho) * (change**2 - mean_square_change)
        weight += self.learning_rate * change


class Adam(Optimizer):
    """Steps of a size of their own for each weight, from running means of its gradient and of its square.

        m ← β₁ m + (1 − β₁) g               v ← β₂ v + (1 − β₂) g²
        m̂ = m / (1 − β₁ᵗ)                   v̂ = v / (1 − β₂ᵗ)             both start at 0, and lean towards it early on
        w ← w − learning_rate · m̂ / (√v̂ + ε)

    That is Algorithm 1 of the paper. Keras computes the variant that the paper's §2 ends with, which saves a division:

        w ← w − learning_rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε̂)

    With ε̂ = ε √(1 − β₂ᵗ) the two are equal. Keras puts its constant `epsilon` there instead, which shortens the early
    steps of weights whose gradient is not far above `epsilon` in size.

    Args:
        learning_rate: float ≥ 0, about the largest change of a weight in one step.
        beta_1: float in [0, 1), the memory for the gradient.
        beta_2: float in [0, 1), the memory for its square.
        epsilon: float > 0, keeps the division finite where the gradient is 0.
        epsilon_hat: False for Algorithm 1; True to take `epsilon` for ε̂, as Keras does.
        weight_decay: float ≥ 0, see `Optimizer`.
    Raises:
        ValueError: an argument is out of its range.

    Reference: Kingma and Ba (2015), "Adam: a method for stochastic optimization", Algorithm 1 and §2.
    """

    initial_slots = (0, 0)

    def __init__(
        self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, epsilon_hat=False, weight_decay=0.0
    ):
        super().__init__(learning_rate, weight_decay)
        self.beta_1 = _checked_memory("beta_1", beta_1)
        self.beta_2 = _checked_memory("beta_2", beta_2)
        self.epsilon = _checked_epsilon(epsilon)
        self.epsilon_hat = epsilon_hat

    def _update(self, weight, gradient, m, v):
        t = self.iterations
        correction = math.sqrt(1 - self.beta_2**t)
        step_size = self.learning_rate * correction / (1 - self.beta_1**t)
        epsilon_hat = self.epsilon if self.epsilon_hat else self.epsilon * correction

        # In one array instead of one for each operation, as large weights wait for memory more than for arithmetic:
        # m += (1 - beta_1) * (gradient - m)
        # v += (1 - beta_2) * (gradient**2 - v)
        # weight -= step_size * m / (np.sqrt(v) + epsilon_hat)
        change = np.subtract(gradient, m, out=np.empty_like(m))
        change *= 1 - self.beta_1
        m += change
        np.square(gradient, out=change)
        change -= v
        change *= 1 - self.beta_2
        v += change
        np.sqrt(v, out=change)
        change += epsilon_hat
        np.divide(step_size * m, change, out=change)
        weight -= change


class AdamW(Adam):
    """Adam with weight decay that is decoupled from the gradient.

        w ← w − learning_rate · weight_decay · w
        w ← w − learning_rate · m̂ / (√v̂ + ε)              with the m̂ and v̂ of the gradient alone, see `Adam`

    An L2 penalty adds `weight_decay` · w to the gradient instead. Adam then divides it by √v̂ like the rest, and weights
    with large gradients are hardly decayed at all.

    Args:
        learning_rate, beta_1, beta_2, epsilon, epsilon_hat: as for `Adam`.
        weight_decay: float ≥ 0.
    Raises:
        ValueError: an argument is out of its range.

    Reference: Loshchilov and Hutter (2019), "Decoupled weight decay regularization", Algorithm 2, with `learning_rate`
    for the paper's schedule η in the decay, as in Keras.
    """

    def __init__(
        self, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7, epsilon_hat=False
    ):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, epsilon_hat, weight_decay)


def _checked(name, value, is_valid, condition):
    if not is_valid:
        raise ValueError(f"{name} must be {condition}, not {value}")
    return float(value)


def _checked_rate(value):
    return _checked("learning_rate", value, 0 <= value < math.inf, "finite and ≥ 0")


def _checked_memory(name, value):
    return _checked(name, value, 0 <= value < 1, "in [0, 1)")


def _checked_epsilon(value):
    return _checked("epsilon", value, 0 < value < math.inf, "finite and > 0")
