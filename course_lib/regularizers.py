"""Penalties on the size of the weights, which are added to the loss."""

import numpy as np


class L2:
    """Weight decay: the penalty l2 · Σ w², with gradient 2 · l2 · w. There is no ½ in it, as in Keras.

    Args:
        l2: float ≥ 0, the price of a squared unit of weight.
    Raises:
        ValueError: `l2` is negative or not finite.

    Reference: Krogh and Hertz (1991), "A simple weight decay can improve generalization", §1.
    """

    def __init__(self, l2=0.01):
        if not 0 <= l2 < np.inf:
            raise ValueError(f"l2 must be a finite number ≥ 0, not {l2}")
        self.l2 = float(l2)

    def __call__(self, weights):
        """Return the penalty, a number, for an array of weights of any shape."""
        # Σ w² as a dot product needs no array of squares.
        return self.l2 * np.vdot(weights, weights)

    def gradient(self, weights):
        """Return ∂penalty/∂weights, shaped like `weights`."""
        return 2 * self.l2 * np.asarray(weights)
