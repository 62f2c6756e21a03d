"""Penalties on the size of the weights, which are added to the loss.

A regularizer is called with the weights for its penalty, a number, and its `gradient(weights)` is added to ∂L/∂weights.
Conventions are Keras's: sums over all weights, no mean, and no ½ in the square.
"""

import numpy as np


class L1L2:
    """Both penalties: l1 · Σ |w| + l2 · Σ w², with the gradient l1 · sign(w) + 2 · l2 · w.

    |w| has no slope at 0; 0 is taken there, the middle of −l1 and l1, as TensorFlow does.

    Args:
        l1: float ≥ 0, the price of a unit of weight.
        l2: float ≥ 0, the price of a squared unit of weight.
    Raises:
        ValueError: one of them is negative or not finite.

    Reference: Zou and Hastie (2005), "Regularization and variable selection via the elastic net", §2.
    """

    def __init__(self, l1=0.0, l2=0.0):
        for name, price in (("l1", l1), ("l2", l2)):
            if not 0 <= price < np.inf:
                raise ValueError(f"{name} must be a finite number ≥ 0, not {price}")
        self.l1 = float(l1)
        self.l2 = float(l2)

    def __call__(self, weights):
        """Return the penalty, a number, for an array of weights of any shape."""
        # Σ w² as a dot product needs no array of squares.
        penalty = self.l2 * np.vdot(weights, weights)
        return penalty + self.l1 * np.sum(np.abs(weights)) if self.l1 else penalty

    def gradient(self, weights):
        """Return ∂penalty/∂weights, shaped like `weights`."""
        gradient = 2 * self.l2 * np.asarray(weights)
        return gradient + self.l1 * np.sign(weights) if self.l1 else gradient


class L1(L1L2):
    """The penalty l1 · Σ |w|. Its pull is as strong on a small weight as on a large one, until the weight is at 0.

    Gradient descent then steps back and forth over 0, by learning rate · l1 each time: near 0, and seldom exactly 0.

    Reference: Tibshirani (1996), "Regression shrinkage and selection via the lasso", §2.
    """

    def __init__(self, l1=0.01):
        super().__init__(l1=l1)


class L2(L1L2):
    """Weight decay: the penalty l2 · Σ w². Its pull 2 · l2 · w is strong on large weights, and fades as they shrink.

    Reference: Krogh and Hertz (1991), "A simple weight decay can improve generalization", §1.
    """

    def __init__(self, l2=0.01):
        super().__init__(l2=l2)
