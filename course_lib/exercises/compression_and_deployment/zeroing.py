"""The exercise in which the weights of the smallest magnitude are set to 0, and exactly as many as were asked for."""

import math

import numpy as np

from course_lib import pruning
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.returned import one_array, tables

EQUALS = "40 % of 10 equal weights: what is left, sorted"
WHO = "which of 12 weights go, at 0.5"
SMALLEST, OTHERS = "those of the smallest magnitude", "as many as asked for, whatever their magnitude"
SORTED, NOT_AS_MANY = "as many as asked for, in another order", "more or fewer than 6, or others are changed"


def probe_prune_by_magnitude(prune_by_magnitude, rng):
    weights, hundred, kernel = rng.normal(size=(4, 5)), rng.normal(size=(10, 10)), rng.normal(size=(3, 3, 2, 5))
    vector = rng.normal(size=12)
    # Equal magnitudes, all positive: which of them go makes no difference to what is left.
    equal = rng.permutation([0.5] * 5 + [2.0, 0.1, -3.0])

    def of(weights, sparsity):
        pruned = prune_by_magnitude(weights, sparsity)
        return None if pruned is None else one_array(pruned)

    def sorted_of(weights, sparsity):
        pruned = of(weights, sparsity)
        return None if pruned is None else np.sort(pruned, axis=None)

    yield Row("20 weights, half of them", lambda: of(weights, 0.5), weight=2.0, essential=True)
    yield "90 weights of a convolution, 80 % of them", lambda: of(kernel, 0.8)
    yield Row("100 weights, 29 % of them", lambda: of(hundred, 0.29), weight=2.0)
    yield "12 weights, 60 % of them", lambda: of(vector, 0.6)
    yield Row(
        "half of 8 weights, of which 5 are equal: what is left, sorted",
        lambda: sorted_of(equal, 0.5),
        weight=2.0,
    )
    yield EQUALS, lambda: sorted_of(np.full(10, 0.3), 0.4)
    yield "20 weights, none of them", lambda: of(weights, 0.0)
    yield "100 weights, all of them", lambda: of(hundred, 1.0)
    yield WHO, lambda: who_goes(of(vector, 0.5), vector)


def who_goes(pruned, vector):
    """Return in words which weights are gone; None for None."""
    if pruned is None:
        return None
    if pruned.shape != vector.shape or pruned.dtype.kind not in "fiu":
        return NOT_AS_MANY
    gone = pruned == 0
    if gone.sum() != 6 or not np.array_equal(pruned[~gone], vector[~gone]):
        return NOT_AS_MANY
    if np.abs(vector[gone]).max() < np.abs(vector[~gone]).min():
        return SMALLEST
    for by in (vector, -vector, -np.abs(vector)):
        if by[gone].max() < by[~gone].min():
            return SORTED
    return OTHERS


def faulty_prune(weights, sparsity, **made):
    weights = np.asarray(weights, float)
    size, magnitudes = weights.size, np.abs(weights)
    if "share_of_largest" in made:
        return np.where(magnitudes < sparsity * magnitudes.max(), 0, weights)
    if "sparsity_as_threshold" in made:
        return np.where(magnitudes < sparsity, 0, weights)
    if "deviations" in made:
        return np.where(magnitudes < sparsity * weights.std(), 0, weights)
    by = weights if "without_abs" in made else magnitudes
    by = -by if "largest" in made else by
    wanted = (1 - sparsity if "rest" in made else sparsity) * (len(weights) if "by_len" in made else size)
    wanted = wanted / 100 if "percent" in made else wanted
    count = int(wanted) if "cut_down" in made else math.ceil(wanted) if "cut_up" in made else round(wanted)
    count = min(count + 1, size) if "one_more" in made else count
    if "by_rows" in made:
        count = round(sparsity * weights.shape[-1])
        mask = np.ones(weights.shape, bool)
        np.put_along_axis(mask, np.argsort(by, axis=-1, kind="stable")[..., :count], False, axis=-1)
    elif "by_quantile" in made:
        mask = by > np.quantile(by, sparsity)
    elif "percentile_of_share" in made:
        mask = by >= np.percentile(by, sparsity)
    elif "all_equals_go" in made:
        mask = by > np.sort(by, axis=None)[count - 1] if count else np.ones(weights.shape, bool)
    elif "no_equals_go" in made:
        mask = by >= np.sort(by, axis=None)[min(count, size - 1)]
    else:
        mask = np.ones(size, bool)
        mask[np.argsort(by, axis=None, kind="stable")[:count]] = False
        mask = mask.reshape(weights.shape)
    if "nothing" in made:
        mask = np.ones(weights.shape, bool)
    pruned = np.where(mask, magnitudes if "magnitudes_left" in made else weights, 0)
    if "rescaled" in made:
        pruned = pruned / (1 - sparsity + 1e-12)
    if "mask_alone" in made:
        return mask
    if "turned_around" in made:
        return np.where(mask, 0, weights)
    return pruned.ravel() if "flat" in made else pruned


def prune_in_a_row(weights, sparsity):
    """A tuple came back: the pruned weights and something besides.

    Return the weights alone; where they are 0 tells what was pruned.
    """
    pruned = faulty_prune(weights, sparsity)
    return pruned, pruned != 0


def prune_to_a_part(weights, sparsity, constant=0.1):
    """The weights that should go become smaller, and not 0.

    Set them to 0: a zero need not be stored, a small number must.
    """
    return np.where(pruning.magnitude_mask(weights, sparsity), weights, constant * weights)


def prune_at_random(weights, sparsity):
    rng = np.random.default_rng(3)
    pruned = np.array(weights, float)
    places = rng.permutation(pruned.size)[: round(sparsity * pruned.size)]
    pruned.reshape(-1)[places] = 0
    return pruned


def by_what_stays(weights, sparsity):
    weights = np.asarray(weights)
    left = np.zeros_like(weights)
    stay = np.argsort(-np.abs(weights), axis=None)[: weights.size - round(sparsity * weights.size)]
    left.flat[stay] = weights.flat[stay]
    return left


def in_python(weights, sparsity):
    left = weights.copy()
    places = sorted(np.ndindex(*weights.shape), key=lambda place: abs(weights[place]))
    for place in places[: int(sparsity * weights.size + 0.5)]:
        left[place] = 0
    return left


def scene_prune_by_magnitude(prune_by_magnitude):
    """Eight weights of both signs, ten of which a part of 2.9 goes, and eight of which five are equal."""
    mixed = np.array([[0.9, -0.8, 1.1, -0.2], [-1.5, 0.3, 0.1, -0.4]])
    ten = np.array([[0.1, -0.3, 0.2, 0.5, -0.4, 0.8, -0.7, 0.6, 1.1, -0.9]])
    equal = np.array([[0.5, 0.5, 0.5, 0.5], [0.5, 2.0, 0.1, -3.0]])
    left = one_array(prune_by_magnitude(equal, 0.5))
    return tables(
        {
            "8 weights, 54 % of them": one_array(prune_by_magnitude(mixed, 0.54)),
            "10 weights, 29 % of them": one_array(prune_by_magnitude(ten, 0.29)),
            "8 weights, half of them: what is left, sorted": np.sort(left, axis=None)[None],
        }
    )


COUNT = "`np.argsort(…, axis=None)` gives places in the flat array: set the first round(sparsity · size) of them to 0."
MAGNITUDE = "What counts is the magnitude: `np.abs(weights)`."

PRUNE_BY_MAGNITUDE = Exercise(
    name="prune_by_magnitude",
    kind="derive",
    minutes=12,
    level=2,
    reference=pruning.prune_by_magnitude,
    probe=probe_prune_by_magnitude,
    scene=scene_prune_by_magnitude,
    misconceptions=[
        *flags(
            faulty_prune,
            ("without_abs", "rest", "cut_down", "one_more", "all_equals_go"),
            without_abs=(
                "The most negative weights go, though they do a lot: weights are compared with their signs.",
                MAGNITUDE,
            ),
            largest=("The weights of the largest magnitude go.", "Those of the smallest do least: they have to go."),
            rest=(
                "The share that should go is taken for the one that should stay.",
                "A sparsity of 0.8 leaves 20 % of the weights.",
            ),
            cut_down=(
                "The number of zeros is rounded down: 0.29 · 100 is 28.999999999999996, which becomes 28.",
                "`round(…)` gives the nearest whole number; `int(…)` cuts the rest off.",
            ),
            cut_up=(
                "The number of zeros is rounded up: one too many goes where the product is no whole number.",
                "`round(…)` gives the nearest whole number.",
            ),
            one_more=("One weight too many goes.", COUNT),
            by_rows=(
                "Each row loses its share of weights, also a row whose weights are all large.",
                "Compare all weights of the array: a flat order of all of them.",
            ),
            by_quantile=(
                "The weights are compared with a quantile, which hits another number of them where some are equal, and "
                "often where none are.",
                COUNT,
            ),
            percentile_of_share=(
                "`np.percentile` takes per cent: with 0.5 hardly any weight lies below.",
                f"A percentile would be no exact border either. {COUNT}",
            ),
            all_equals_go=(
                "Where several magnitudes are equal to the border, all of them go: more zeros than asked for.",
                COUNT,
            ),
            no_equals_go=(
                "Where several magnitudes are equal to the border, none of them goes, so there are too few zeros; "
                "and one weight is left where all should go.",
                COUNT,
            ),
            share_of_largest=(
                "The border is a share of the largest magnitude. How many weights lie below it is left to chance.",
                COUNT,
            ),
            sparsity_as_threshold=(
                "The sparsity is taken for the border itself. How many weights lie below it is left to chance.",
                COUNT,
            ),
            deviations=(
                "The border is a number of standard deviations. How many weights lie below it is left to chance.",
                COUNT,
            ),
            percent=("The sparsity is divided by 100.", "It is a share already: 0.5 for half of the weights."),
            by_len=(
                "The share is one of the rows: `len(weights)` counts these, and not the weights.",
                "`weights.size` counts the weights.",
            ),
            nothing=(
                "The weights came back as they were: nothing is set to 0 in what is returned.",
                "Change a copy of the weights, and return that.",
            ),
            magnitudes_left=("What stays has lost its sign.", "Sort by magnitudes, but keep the weights themselves."),
            mask_alone=(
                "A mask came back, which tells what stays, and not the weights.",
                "Multiply the weights by the mask.",
            ),
            turned_around=("The weights that should go stay, and the others are 0.", "Turn the mask around."),
            flat=("The weights came back in one row.", "Give them the shape of `weights` again."),
            rescaled=(
                "What stays is made larger, as dropout does it. Pruned weights are left out for good.",
                "Leave what stays as it is.",
            ),
        ),
        prune_in_a_row,
        Misconception.of(prune_to_a_part, constant=(EQUALS, lambda value: float(value[0] / 0.3))),
        Misconception(
            prune_at_random,
            "As many weights go as asked for, but not those of the smallest magnitude: their order is another.",
            "Sort by magnitude: `np.argsort(np.abs(weights), axis=None)`.",
            proof=(WHO, OTHERS),
        ),
    ],
    equivalents=[by_what_stays, in_python],
    hints=[
        "How many weights have to go? Compute 0.29 · 100 in Python before you answer.",
        "With a threshold, what happens to five weights of 0.5 if three of them have to go?",
        "`np.argsort` sorts places. Of which array, and along which axis, so that all weights are in one order?",
    ],
)
