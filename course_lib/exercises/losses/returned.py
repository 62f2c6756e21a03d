"""What an answer returned that should be a loss and its gradient."""

import numpy as np


class NotThePair(Exception):
    """One thing, or three, came back where the pair (loss, gradient) was asked for."""


def loss_of(result):
    """Return the loss of the pair `result`, None for None. Raises NotThePair where it is no pair."""
    return _pair(result)[0]


def gradient_of(result):
    """Return the gradient of the pair `result`, None for None. Raises NotThePair where it is no pair."""
    return _pair(result)[1]


def _pair(result):
    if result is None:
        return None, None
    if not isinstance(result, tuple | list) or len(result) != 2:
        told = f"{len(result)} things" if isinstance(result, tuple | list) else _kind(result)
        raise NotThePair(f"asked for is the pair (loss, gradient); your function returned {told}")
    return result


def _kind(result):
    if isinstance(result, dict | str):
        return "a dict" if isinstance(result, dict) else "a text"
    return "an array" if np.ndim(result) else "one number"
