"""What may hold between the numbers of a wrong answer and the right ones: each relation that does is a remark.

A relation is a function of all wrong pairs; it returns cause and cure where it holds for every one of them, and holds
by more than chance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_lib.checking.compare import agree


class Pair(NamedTuple):
    """The numbers of a wrong row: the answer's and the right ones."""

    label: str
    mine: np.ndarray
    truth: np.ndarray


Told = tuple[str, str] | None


def another_shape(pairs: list[Pair]) -> Told:
    """Right numbers in another shape, or what becomes right by one step more; else the two shapes."""
    odd = [pair for pair in pairs if pair.mine.shape != pair.truth.shape]
    if not odd:
        return None
    label, mine, truth = odd[0]
    is_everywhere = len(odd) == len(pairs)

    def all_odd(holds: Callable[[np.ndarray, np.ndarray], bool]) -> bool:
        return is_everywhere and all(holds(pair.mine, pair.truth) for pair in odd)

    if all_odd(lambda m, t: m.ndim > 1 and m.T.shape == t.shape and agree(m.T, t)):
        return "The result is transposed: rows and columns are swapped.", ""
    if all_odd(lambda m, t: m.size == t.size and agree(m.ravel(), t.ravel())):
        return (
            f"The numbers are right, but have shape {mine.shape} on “{label}”, where {truth.shape} is asked.",
            "`keepdims`, `reshape` or `[:, None]` makes or drops an axis of length 1.",
        )
    if all_odd(lambda m, t: m.ndim == 2 and t.ndim == 1 and m.shape == 2 * t.shape and agree(np.diag(m), t)):
        return (
            f"The result on “{label}” is a table of shape {mine.shape}, whose diagonal holds the right numbers: "
            "a column has met a row, and NumPy has combined each with each.",
            "Give both the same shape before they meet.",
        )
    for name, reduce in (("sum", np.sum), ("mean", np.mean), ("largest", np.max)):
        if all_odd(lambda m, t, reduce=reduce: _is_reduced(reduce, m, t)):
            return f"Asked for is the {name} of your numbers: the right value comes out so.", "Reduce them to it."
        if all_odd(lambda m, t, reduce=reduce: t.size > 1 and _is_reduced(reduce, t, m)):
            return f"Your result is the {name} of the right numbers; asked for are these, one by one.", ""
    shapes = [f"{tuple(shape)}" if shape else "() (a single number)" for shape in (mine.shape, truth.shape)]
    return f"On “{label}” the result has shape {shapes[0]}; it should have shape {shapes[1]}.", ""


def _is_reduced(reduce: Callable, many: np.ndarray, few: np.ndarray) -> bool:
    axes = [None, *range(many.ndim)] if many.size > few.size else []
    results = [reduce(many, axis=axis) for axis in axes]
    return bool(np.any(few)) and any(np.shape(result) == few.shape and agree(result, few) for result in results)


def special_numbers(pairs: list[Pair]) -> Told:
    """NaN or infinity where a number is asked, and the reverse."""
    for label, mine, truth in pairs:
        bad = ~np.isfinite(mine) & np.isfinite(truth)
        if np.any(bad):
            name = "NaN" if np.any(np.isnan(mine[bad])) else "infinity"
            share = f" in {np.sum(bad)} of {mine.size} places" if mine.size > 1 and np.sum(bad) < mine.size else ""
            cause, cure = (
                f"On “{label}” your code gives {name}{share}",
                "Look for 0/0, log(0), or an exp that overflows.",
            )
            if any(not agree(m[both], t[both]) for _, m, t in pairs if np.any(both := np.isfinite(m) & np.isfinite(t))):
                return f"{cause}; the other numbers are not right, either.", f"First the others; then: {cure}"
            return f"{cause}.", cure
    hidden = [(m[~np.isfinite(t)], t[~np.isfinite(t)]) for _, m, t in pairs]
    if all(t.size and np.all(np.isfinite(m)) for m, t in hidden):
        rest = all(agree(m[np.isfinite(t)], t[np.isfinite(t)]) for _, m, t in pairs if np.any(np.isfinite(t)))
        name = "NaN" if np.any(np.isnan(hidden[0][1])) else "infinity"
        if rest:
            return (
                f"Where {name} is right your code gives {hidden[0][0][0]:.4g}; all other numbers agree.",
                "`np.nan_to_num` and functions such as `np.nanmean` or `np.nanmax` hide NaN; leave them out here.",
            )
    return None


def one_value(pairs: list[Pair]) -> Told:
    mine = _joined(pairs, 0)
    if mine.size > 2 and np.ptp(mine) == 0 and np.ptp(_joined(pairs, 1)) > 0:
        if mine[0] == 0:
            return "All your wrong numbers are 0.", "Is what is computed also stored in the array that is returned?"
        return (
            f"On all wrong rows your code gives {mine[0]:.4g}, whatever it is asked.",
            "Does the result depend on the arguments?",
        )
    return None


def cut_to_integers(pairs: list[Pair]) -> Told:
    if all(pair.mine.dtype.kind == "b" and pair.truth.dtype.kind != "b" for pair in pairs):
        return "Your results are True and False, where numbers are asked.", ""
    mine, truth = _joined(pairs, 0), _joined(pairs, 1)
    if not _tells(mine) or not np.all(mine == np.round(mine)) or np.all(truth == np.round(truth)):
        return None
    for made, what in (
        (np.trunc, "their fractions are cut off"),
        (np.round, "they are rounded"),
        (np.floor, "they are rounded down"),
    ):
        if np.array_equal(mine, made(truth)):
            return (
                f"Your numbers are whole: {what}.",
                "An integer array takes no fractions (make it float), `//` and `astype(int)` drop them, and "
                "`np.vectorize` takes its type from the first result unless `otypes=[float]` says so.",
            )
    return None


def rounded(pairs: list[Pair]) -> Told:
    mine, truth = _joined(pairs, 0), _joined(pairs, 1)
    if not _tells(mine):
        return None
    for digits in range(1, 9):
        if np.array_equal(mine, np.round(truth, digits)):
            return f"Your numbers are rounded to {digits} {'digit' if digits == 1 else 'digits'} behind the point.", (
                "Return them as they are; rounding is for printing."
            )
    half = truth.astype(np.float16).astype(float)
    # Half precision also where it was used on the way: every number has few binary digits, and is near.
    if np.array_equal(mine.astype(np.float16).astype(float), mine) and np.allclose(mine, half, rtol=4e-3, atol=1e-7):
        return "Your numbers have the precision of float16, three decimal digits.", "Compute in float64."
    return None


def signs(pairs: list[Pair]) -> Told:
    mine, truth = _joined(pairs, 0), _joined(pairs, 1)
    if all(agree(-m, t) for _, m, t in _as_floats(pairs)):
        return "Everything that is wrong has the opposite sign.", "Look for a minus too many or too few."
    if _tells(mine) and np.any(truth < 0) and all(agree(m, np.abs(t)) for _, m, t in pairs):
        return "All your wrong numbers are positive: signs are lost on the way.", "Look for an `abs` or a square."
    return None


def constant_factor(pairs: list[Pair]) -> Told:
    factors = [_factor(pair) for pair in pairs]
    if any(factor is None for factor in factors) or sum(pair.mine.size for pair in pairs) < 2:
        return None
    if np.allclose(factors, factors[0], rtol=1e-6):
        factor = factors[0]
        inverse = f"1/{1 / factor:.4g} of" if 0 < factor < 1 and abs(1 / factor - round(1 / factor)) < 1e-6 else ""
        return (
            f"Everything that is wrong is {inverse or f'{factor:.4g} times'} what it should be.",
            "Look for a constant factor: a mean for a sum, a count, a ½.",
        )
    # One number on a row is always a multiple: two rows with several numbers each are not by chance.
    if sum(pair.mine.size > 1 for pair in pairs) > 1 and all(pair.mine.size > 1 for pair in pairs):
        other = next(place for place, factor in enumerate(factors) if not np.isclose(factor, factors[0], rtol=1e-6))
        return (
            "On each wrong row all numbers are off by one factor, which differs from row to row: "
            f"{factors[0]:.4g} on “{pairs[0].label}”, {factors[other]:.4g} on “{pairs[other].label}”.",
            "Which count or total belongs to a row? A mean for a sum, or the reverse, makes such factors.",
        )
    return None


def _factor(pair: Pair) -> float | None:
    mine, truth = pair.mine.ravel().astype(float), pair.truth.ravel().astype(float)
    if not mine.size or not np.all(np.isfinite(mine) & np.isfinite(truth)) or not np.any(truth):
        return None
    largest = np.argmax(np.abs(truth))
    factor = float(mine[largest] / truth[largest])
    return factor if factor and agree(mine, factor * truth) else None


def constant_offset(pairs: list[Pair]) -> Told:
    mine, truth = _joined(pairs, 0), _joined(pairs, 1)
    offset = mine[0] - truth[0]
    # Where the numbers are much larger than the offset, any small differences would look like one.
    if (
        mine.size > 1
        and abs(offset) > 1e-4 * np.max(np.abs(truth))
        and all(agree(m - offset, t) for _, m, t in _as_floats(pairs))
    ):
        return f"Everything that is wrong is off by the same amount, {offset:.4g}.", "Is a constant added or missing?"
    return None


def functions_of_the_right(pairs: list[Pair]) -> Told:
    mine = _joined(pairs, 0)
    if not _tells(mine) or mine.size < 3:
        return None
    for name, made, cure in (
        ("the squares of the right ones", np.square, "Is a root missing? A variance is a deviation's square."),
        ("the roots of the right ones", np.sqrt, "Is a root too many, or a square missing?"),
        ("1 divided by the right ones", np.reciprocal, "Are numerator and denominator swapped?"),
        ("1 minus the right ones", lambda t: 1 - t, "Is the complement asked?"),
        ("the logarithms of the right ones", np.log, "Is an exp missing, or a log too many?"),
        ("the exponentials of the right ones", np.exp, "Is a log missing, or an exp too many?"),
    ):
        if all(agree(m, made(t.astype(float))) for _, m, t in pairs):
            return f"Your wrong numbers are {name}.", cure
    return None


def another_order(pairs: list[Pair]) -> Told:
    if not all(_tells(pair.mine) and pair.mine.size > 2 for pair in pairs):
        return None
    if all(m.ndim == 2 and m.shape == m.T.shape and agree(m.T, t) for _, m, t in pairs):
        return "The result is transposed: rows and columns are swapped.", ""
    if all(m.ndim and agree(m[::-1], t) for _, m, t in pairs):
        return "The right numbers come in reverse order.", ""
    if all(agree(np.sort(m, axis=None), np.sort(t, axis=None)) for _, m, t in pairs):
        return "The right numbers are there, in another order.", ""
    return None


def nearly(pairs: list[Pair]) -> Told:
    mine, truth = _joined(pairs, 0), _joined(pairs, 1)
    largest = np.max(np.abs(truth))
    error = np.abs(mine - truth) / np.maximum(np.abs(truth), 1e-6 * largest)
    if np.max(error) >= 1e-2:
        return None
    if np.max(np.abs(mine - truth)) < 1e-5 * largest:
        return f"Nearly: off by at most {np.max(error):.0e} of a value, as numbers or settings in float32 are.", (
            "Compute in float64, NumPy's own; `astype('float32')`, tensors and Keras's settings have seven digits."
        )
    order = np.argsort(-np.abs(truth))
    shares = error[order][np.abs(truth[order]) > 1e-6 * largest]
    if shares.size > 3 and shares[-1] > 3 * shares[0] and np.all(np.diff(shares) >= -1e-9):
        return (
            f"Nearly: the smaller a number is, the more of it is off, by up to {np.max(error):.0e} of it.",
            "A small constant does that, such as an ε of another value or at another place.",
        )
    return f"Nearly: off by at most {np.max(error):.0e} of a value.", ""


def _joined(pairs: list[Pair], side: int) -> np.ndarray:
    return np.concatenate([(pair.mine, pair.truth)[side].ravel().astype(float) for pair in pairs])


def _as_floats(pairs: list[Pair]) -> list[Pair]:
    return [Pair(label, mine.astype(float), truth.astype(float)) for label, mine, truth in pairs]


def _tells(numbers: np.ndarray) -> bool:
    """Return whether there are two distinct numbers besides 0: fewer agree with something by chance."""
    return np.unique(numbers[numbers != 0]).size > 1


def _of_finite(relation: Callable[[list[Pair]], Told]) -> Callable[[list[Pair]], Told]:
    """Return `relation` for pairs of one shape, on the numbers that are finite; infinities must be the same."""

    def told(pairs: list[Pair]) -> Told:
        finite = []
        for label, mine, truth in pairs:
            keep = np.isfinite(mine) & np.isfinite(truth)
            if not (np.isfinite(mine) == np.isfinite(truth)).all() or not mine.size:
                return None
            finite.append(Pair(label, mine, truth) if keep.all() else Pair(label, mine[keep], truth[keep]))
        joined = _joined(finite, 1)
        return relation(finite) if joined.size and np.any(joined) else None

    return told


RELATIONS: list[Callable[[list[Pair]], Told]] = [
    another_shape,
    special_numbers,
    *map(
        _of_finite,
        (
            cut_to_integers,
            one_value,
            rounded,
            signs,
            constant_factor,
            constant_offset,
            functions_of_the_right,
            another_order,
            nearly,
        ),
    ),
]
