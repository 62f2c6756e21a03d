"""What is looked at in settings that were drawn at random: numbers that no right draw changes, and words."""

import numpy as np

from course_lib.checking.exercise import ONE_IN_A_MILLION
from course_lib.exercises.returned import OtherParts

FEW = "few are different"
ALL_THE_SAME = "all are the same"
AS_ASKED = "as many settings as asked for, dicts with the names of the space"


def form_of(result, space, trials):
    """Return in words what came back; None for None."""
    if result is None:
        return None
    if isinstance(result, dict):
        is_setting = result.keys() == space.keys() and not any(np.ndim(value) for value in result.values())
        if is_setting:
            return "a single setting, in no list"
        return "a dict of columns" if result.keys() == space.keys() else "a dict of something else than columns"
    if not isinstance(result, list | tuple | np.ndarray):
        return "something else than a list"
    if len(result) and not all(isinstance(setting, dict) for setting in result):
        return "a list of something else than dicts"
    if any(setting.keys() != space.keys() for setting in result):
        return "dicts with other names than those of the space"
    if len(result) != trials:
        off = {-1: "one setting fewer than asked for", 1: "one setting more than asked for"}
        one = "a single setting" if len(result) == 1 else f"{len(result)} settings in place of {trials}"
        return off.get(len(result) - trials, one)
    return AS_ASKED


def columns_of(result, space):
    """Return {name: array of its values}, Nones for None. Raises OtherParts where no list of such dicts came back."""
    if result is None:
        return dict.fromkeys(space)
    is_list = isinstance(result, list | tuple | np.ndarray) and len(result) > 0
    if not is_list or not all(isinstance(setting, dict) and setting.keys() == space.keys() for setting in result):
        raise OtherParts("asked for is a list of dicts, with the names of the space; something else came back")
    return {name: np.array([setting[name] for setting in result]) for name in space}


def places(values, low, high, in_logarithms=False):
    """Return where the values lie: 0 for `low`, 1 for `high`. What has no logarithm is not a number."""
    values = np.asarray(values, dtype=float)
    with np.errstate(all="ignore"):
        return np.log(values / low) / np.log(high / low) if in_logarithms else (values - low) / (high - low)


def mean_place(values, low, high, in_logarithms=False):
    """Return the mean place: 0.5, where an even draw of so many may give it by chance.

    Where some have no logarithm, the mean of the values themselves.
    """
    if np.all(values == values[0]):
        return ALL_THE_SAME
    mean = float(np.mean(places(values, low, high, in_logarithms)))
    if not np.isfinite(mean):
        return float(np.mean(values))
    return 0.5 if abs(mean - 0.5) <= ONE_IN_A_MILLION * np.sqrt(1 / 12 / len(values)) else mean


def reach_of(values, low, high, in_logarithms=False):
    """Return in words how far the values reach, and how they crowd; the outermost two, if logarithms lie outside."""
    place = places(values, low, high, in_logarithms)
    if not np.all(np.isfinite(place)):
        return "some have no logarithm"
    if place.min() < -1e-9 or place.max() > 1 + 1e-9:
        # Where an end is kept, the outermost draw comes within a hundredth of it.
        outermost = [float(place.min()), float(place.max())]
        ends = [float(round(each)) if abs(each - round(each)) < 0.01 else each for each in outermost]
        if in_logarithms:
            return ends
        sides = [side for side, is_out in (("low", place.min() < -1e-9), ("high", place.max() > 1 + 1e-9)) if is_out]
        return f"some lie beyond the {' and the '.join(sides)} end"
    if np.ptp(place) < 1e-9:
        return ALL_THE_SAME
    if mean_place(values, low, high, in_logarithms) != 0.5:
        return "more of them towards one end"
    # Of an even draw of 1,000, none lies in an outer fiftieth but for one run in 10⁸.
    if place.min() > 0.02 or place.max() < 0.98:
        return "not to both ends"
    # The mean distance from the middle is 1/4, with a deviation of 1/√48 for one draw.
    crowding = np.mean(np.abs(place - 0.5)) - 0.25
    if abs(crowding) <= ONE_IN_A_MILLION / np.sqrt(48 * len(place)):
        return "evenly, from end to end"
    return "more of them in the middle" if crowding < 0 else "more of them at the ends"


def how_they_differ(values):
    """Return in words whether the values are all different, or few, or lie at even steps, in logarithms."""
    with np.errstate(all="ignore"):
        different = np.unique(np.log(np.abs(values)))
    if len(different) == 1:
        return ALL_THE_SAME
    if len(different) < 0.9 * len(values):
        return FEW
    steps = np.diff(different)
    # Of 1,000 even draws, the largest gap is some 7 times the mean one.
    return "they lie at even steps" if steps.max() < 1.5 * steps.mean() else "all are different"


def how_often(values, possible):
    """Return in words how often each possible value comes, and whether others do."""
    if np.all(values == values[0]):
        return ALL_THE_SAME
    shares = np.array([np.mean(values == value) for value in possible])
    if shares.sum() < 1 - 1e-9:
        is_whole = values.dtype.kind in "iu" or (values.dtype.kind == "f" and np.all(values == np.round(values)))
        return "others come" if is_whole else "fractions come, or texts"
    if missing := [str(value) for value, share in zip(possible, shares, strict=True) if share == 0]:
        return f"never {', '.join(missing)}"
    even = 1 / len(possible)
    if np.all(np.abs(shares - even) <= ONE_IN_A_MILLION * np.sqrt(even * (1 - even) / len(values))):
        return "all equally often"
    inner = shares[1:-1].mean()
    return "both ends half as often" if np.all(np.abs(shares[[0, -1]] / inner - 0.5) < 0.25) else "not equally often"


def alike_or_not(settings, of_fewer):
    """Return in words whether the settings differ; if not, whether another number of trials gives another one."""
    if settings is None:
        return None
    if any(setting != settings[0] for setting in settings):
        return "they differ"
    same = list(of_fewer)[:1] == list(settings)[:1]
    return ALL_THE_SAME if same else f"{ALL_THE_SAME}, another one if fewer are asked for"


def together(columns):
    """Return in words whether columns of numbers are related: their largest rank correlation, against chance."""
    ranks = [np.argsort(np.argsort(column, kind="stable")) for column in columns]
    if any(np.ptp(column) == 0 for column in columns):
        return ALL_THE_SAME
    largest = max(abs(np.corrcoef(ranks[i], ranks[j])[0, 1]) for i in range(len(ranks)) for j in range(i))
    return "no" if largest <= ONE_IN_A_MILLION / np.sqrt(len(columns[0])) else "yes"
