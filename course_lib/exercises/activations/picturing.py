"""What is drawn of an answer of chapter 01: functions over x from −6 to 6."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.checking.scene import Curves

X = np.linspace(-6.0, 6.0, 121)


def curves(*labels: str, of: Callable[[Any, np.ndarray], Any] = lambda answer, x: answer(x)) -> Callable[[Any], Curves]:
    """Return a scene with one curve for each of `labels`, which are what `of(answer, x)` gives: one array, or several.

    The scene raises ValueError where an answer does not give one number for each x.
    """

    def scene(answer):
        given = of(answer, X.copy())
        given = [given] if len(labels) == 1 else list(given)
        arrays = [np.asarray(array, dtype=float) for array in given]
        if [array.shape for array in arrays] != [X.shape] * len(labels):
            raise ValueError(f"{len(labels)} arrays of shape {X.shape} are needed for the picture")
        return Curves(X, dict(zip(labels, arrays, strict=True)))

    return scene
