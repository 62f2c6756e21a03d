"""What the network microscope reads off the layers of a network: means, deviations, shares and histograms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_lib.inspection import LayerInspection

# Histograms of sizes: bins of |value| on a logarithmic scale, from 10^-FARTHEST to 10^FARTHEST.
FARTHEST, BINS_PER_DECADE = 46, 6


class Values:
    """Numbers of one kind in one layer: their mean, deviation and histograms; what has overflowed is left out.

    Attributes:
        finite: float64 array (count,), the values that are finite.
        overflowed: the share of those that are not.
        mean, deviation: of the finite ones; NaN where there are none.
        zeros: the share of all that are exactly 0.
        sizes: the count of |value| in each bin of the logarithmic scale; zeros have no place on it.
    """

    def __init__(self, values: np.ndarray):
        flat = np.asarray(values, np.float64).ravel()
        self.finite = flat[np.isfinite(flat)]
        self.overflowed = 1 - len(self.finite) / len(flat)
        self.mean = float(self.finite.mean()) if len(self.finite) else np.nan
        self.deviation = float(self.finite.std()) if len(self.finite) else np.nan
        self.zeros = float(np.mean(flat == 0))
        self.sizes = sizes_of(self.finite)


def sizes_of(values: np.ndarray) -> np.ndarray:
    """Return how many |values| there are in each bin of the logarithmic scale."""
    exponents = np.log10(np.abs(values[values != 0]))
    bins = 2 * FARTHEST * BINS_PER_DECADE
    places = np.clip(((exponents + FARTHEST) * BINS_PER_DECADE).astype(int), 0, bins - 1)
    return np.bincount(places, minlength=bins)


class Reading:
    """All layers of a network after so many steps of training."""

    def __init__(self, loss: float, layers: Sequence[LayerInspection]):
        self.loss, self.layers = loss, layers
        self.outputs = [Values(layer.outputs) for layer in layers]
        self.gradients = [Values(layer.gradients) for layer in layers]
        self.saturated = np.array([layer.saturated or 0.0 for layer in layers])
        self.dead = np.array([layer.dead or 0.0 for layer in layers])
        self.ratios = np.array([ratio_of(layer) for layer in layers])

    def of(self, direction: str) -> list[Values]:
        return self.gradients if direction == "backward" else self.outputs


def ratio_of(layer: LayerInspection) -> float:
    """The layer's update ratio: NaN where it has no kernel, and infinite where its update has overflowed."""
    ratio = layer.update_ratio
    if ratio is None:
        return np.nan
    return np.inf if np.isnan(ratio) else ratio


def number(value: float) -> str:
    """`value` to two digits: what a network of float32 makes of it is no more certain everywhere."""
    if np.isnan(value):
        return "overflow"
    if np.isinf(value):
        return "infinite"
    return f"{float(f'{value + 0:.2g}'):g}"  # adding 0 makes a 0 of −0; 400 is not 4e+02


def percent(share: float) -> str:
    """`share` in percent; what is not quite none, or not quite all, does not look so."""
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{100 * share:.0f} %"
