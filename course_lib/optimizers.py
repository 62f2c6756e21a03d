"""Optimizers: how a gradient becomes a step.

An optimizer remembers what it needs (velocities, moments, the number of steps), one set for each weight, told apart by
their position in the list: two weights never share state, and one optimizer belongs to one list of weights.
"""

import math

import numpy as np

from course_lib.activations import as_float


class Optimizer:
    """What all optimizers have in common. A subclass says what it keeps for a weight, and how it updates one.

    Args:
        learning_rate: float ≥ 0; may be assigned between steps.
    Raises:
        ValueError: `learning_rate` is negative or not finite.
    """

    # How many arrays, zeros at first, are kept for each weight between steps.
    arrays_per_weight = 0

    def __init__(self, learning_rate):
        self.learning_rate = _checked("learning_rate", learning_rate, 0 <= learning_rate < math.inf, "finite and ≥ 0")
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
            self._slots = [[np.zeros_like(weight) for _ in range(self.arrays_per_weight)] for weight in weights]
        if shapes != self._shapes:
            raise ValueError(f"this optimizer keeps state for weights {self._shapes}, not {shapes}: make a new one")

        # Once a step, not once a weight: every weight of a step must see the same t.
        self.iterations += 1
        for weight, gradient, slots in zip(weights, gradients, self._slots, strict=True):
            self._update(weight, np.asarray(gradient, weight.dtype), *slots)

    def _update(self, weight, gradient, *slots):
        """Update `weight` and its `slots` in place, at step t = `self.iterations` (1 at the first step)."""
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent, with momentum if you want it.

        velocity ← momentum · velocity − learning_rate · g
        w ← w + velocity                                   plain: without momentum, w − learning_rate · g
        w ← w + momentum · velocity − learning_rate · g    Nesterov: looking ahead along the velocity

    Args:
        learning_rate: float ≥ 0.
        momentum: float in [0, 1], how much of the velocity a step keeps.
        nesterov: whether to use the third line in place of the second.
    Raises:
        ValueError: an argument is out of its range.

    Reference: Polyak (1964); Sutskever, Martens, Dahl and Hinton (2013), "On the importance of initialization and
    momentum in deep learning", §2, in the variables of Keras.
    """

    arrays_per_weight = 1

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False):
        super().__init__(learning_rate)
        self.momentum = _checked("momentum", momentum, 0 <= momentum <= 1, "in [0, 1]")
        self.nesterov = nesterov

    def _update(self, weight, gradient, velocity):
        descent = -self.learning_rate * gradient
        velocity *= self.momentum
        velocity += descent
        weight += self.momentum * velocity + descent if self.nesterov else velocity


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
    Raises:
        ValueError: an argument is out of its range.

    Reference: Kingma and Ba (2015), "Adam: a method for stochastic optimization", Algorithm 1 and §2.
    """

    arrays_per_weight = 3  # m, v and scratch paper

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, epsilon_hat=False):
        super().__init__(learning_rate)
        self.beta_1 = _checked("beta_1", beta_1, 0 <= beta_1 < 1, "in [0, 1)")
        self.beta_2 = _checked("beta_2", beta_2, 0 <= beta_2 < 1, "in [0, 1)")
        self.epsilon = _checked("epsilon", epsilon, 0 < epsilon < math.inf, "finite and > 0")
        self.epsilon_hat = epsilon_hat

    def _update(self, weight, gradient, m, v, scratch):
        # Written over in place: `m / (np.sqrt(v) + epsilon_hat)` and its like make an array for each operation, and
        # asking the system for so much fresh memory takes six times as long as the arithmetic.
        t = self.iterations
        correction = math.sqrt(1 - self.beta_2**t)
        step_size = self.learning_rate * correction / (1 - self.beta_1**t)
        epsilon_hat = self.epsilon if self.epsilon_hat else self.epsilon * correction

        m *= self.beta_1
        m += np.multiply(gradient, 1 - self.beta_1, out=scratch)

        v *= self.beta_2
        np.square(gradient, out=scratch)
        v += np.multiply(scratch, 1 - self.beta_2, out=scratch)

        np.sqrt(v, out=scratch)
        scratch += epsilon_hat
        np.divide(m, scratch, out=scratch)
        weight -= np.multiply(scratch, step_size, out=scratch)


def _checked(name, value, is_valid, condition):
    if not is_valid:
        raise ValueError(f"{name} must be {condition}, not {value}")
    return float(value)
