"""The exercise on clipping: one length and one factor for all gradients of a network."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.observe import once
from course_lib.checking.scene import Curves
from course_lib.exercises.returned import in_one_row, numbers, parts
from course_lib.gradients import clip_by_global_norm


def probe_clip_by_global_norm(clip_by_global_norm, rng):
    def drawn(*scales):
        shapes = ((2, 3), (3,), (2, 2, 2))
        return [rng.normal(scale=scale, size=shape) for scale, shape in zip(scales, shapes, strict=False)]

    far, near = drawn(4.0, 0.5, 2.0), drawn(0.1, 0.02, 0.05)
    cases = {
        "three gradients, longer than the limit": (far, 1.5),
        "one long gradient and one short one": (drawn(8.0, 0.01), 1.0),
        "three gradients, together shorter than the limit": (near, 2.0),
        "two gradients, far shorter than the limit": (drawn(0.2, 0.1), 30.0),
        "each shorter than the limit, together longer": ([np.array([3.0, 0.0]), np.array([0.0, 4.0])], 4.5),
        "a single gradient": (drawn(3.0), 0.25),
        "small gradients and a small limit": (drawn(0.004, 0.001, 0.002), 0.003),
        "zeros": ([np.zeros(2), np.zeros((1, 3))], 1.0),
    }
    for place, (name, (several, limit)) in enumerate(cases.items()):
        given = once(
            lambda several=several, limit=limit: parts(clip_by_global_norm(several, limit), ("the list", "the length"))
        )
        yield Row(
            f"{name}: clipped",
            lambda given=given, several=several: in_one_row(given()[0], several),
            essential=place == 0,
        )
        yield f"{name}: their length before", lambda given=given: given()[1]


def faulty_clip(t_list, clip_norm, **made):
    norms = [float(np.sqrt(np.sum(t * t))) for t in t_list]
    pairs = list(zip(t_list, norms, strict=True))
    norm = float(np.sqrt(sum(each**2 for each in norms)))
    entries = np.concatenate([np.ravel(t) for t in t_list])
    others = {
        "root_missing": norm**2,
        "lengths_added": sum(norms),
        "largest_length": max(norms),
        "sizes_under_the_root": float(np.sqrt(np.abs(entries).sum())),
        "spectral": float(np.sqrt(sum((np.linalg.norm(t, 2) if t.ndim == 2 else each) ** 2 for t, each in pairs))),
        "sizes_added": float(np.abs(entries).sum()),
        "largest_entry": float(np.abs(entries).max()),
        "mean_square": float(np.sqrt(np.mean(entries**2))),
        "mean_of_mean_squares": float(np.sqrt(np.mean([np.mean(t**2) for t in t_list]))),
        "first_alone": norms[0],
        "mean_length": float(np.sqrt(np.mean(np.square(norms)))),
        "sums_squared": float(np.sqrt(sum(np.sum(t) ** 2 for t in t_list))),
        "sum_of_mean_squares": float(np.sqrt(sum(np.mean(t * t) for t in t_list))),
    }
    norm = next((other for flag, other in others.items() if flag in made), norm)
    is_long = norm > clip_norm
    is_long = is_long or "always" in made
    if "turned" in made:
        is_long = norm < clip_norm and norm > 0
    if "never" in made:
        is_long = False
    with np.errstate(all="ignore"):
        factor = clip_norm / np.float64(norm) if is_long else 1.0
    if "to_length_1" in made and is_long:
        factor = 1 / norm
    if "upside_down" in made and is_long:
        factor = norm / clip_norm
    if "factor_squared" in made:
        factor = factor**2
    if "whole_factor" in made:
        factor = np.floor(factor)
    if "not_below_1" in made:
        factor = clip_norm / max(norm, 1.0)
    if "root_of_the_factor" in made and is_long:
        factor = np.sqrt(clip_norm / norm)
    if "short_ones_lost" in made and not is_long:
        factor = 0.0
    with np.errstate(all="ignore"):
        clipped = [t * factor for t in t_list]
    if "each_alone" in made:
        clipped = [t * min(1.0, clip_norm / each) if each else t for t, each in zip(t_list, norms, strict=True)]
    if "long_arrays_alone" in made:
        clipped = [t * factor if each > clip_norm else t for t, each in pairs]
    if "limit_subtracted" in made:
        clipped = [t - clip_norm for t in t_list]
    if "values_cut" in made:
        clipped = [np.clip(t, -clip_norm, clip_norm) for t in t_list]
    if "cut_above" in made:
        clipped = [np.minimum(t, clip_norm) for t in t_list]
    if "large_entries_alone" in made:
        clipped = [np.where(np.abs(t) > clip_norm, t * clip_norm / max(norm, clip_norm), t) for t in t_list]
    if "excess_subtracted" in made and is_long:
        clipped = [t - (norm - clip_norm) for t in t_list]
    if "square_returned" in made:
        norm = norm**2
    if "factor_returned" in made:
        norm = factor
    if "length_after" in made:
        norm = float(np.sqrt(sum(np.sum(t * t) for t in clipped)))
    if "one_long_array" in made:
        clipped = np.concatenate([np.ravel(t) for t in clipped])
    if "one_long_array_if_long" in made and is_long:
        clipped = np.concatenate([np.ravel(t) for t in clipped])
    if "list_alone" in made:
        return clipped
    return (norm, clipped) if "length_first" in made else (clipped, norm)


def clip_in_a_dict(t_list, clip_norm):
    """A dict came back.

    Return a pair: the list, and the length before clipping.
    """
    clipped, norm = faulty_clip(t_list, clip_norm)
    return {"clipped": clipped, "norm": norm}


def clip_of_the_long_ones(t_list, clip_norm):
    """Where nothing has to be shortened an empty list comes back: the condition stands inside the list.

    Decide about the factor first; each gradient is in the list, shortened or not.
    """
    clipped, norm = faulty_clip(t_list, clip_norm)
    return [t for t in clipped if norm > clip_norm], norm


def clip_that_divides_by_zero(t_list, clip_norm):
    """Where all gradients are 0 so is their length, and clip_norm / 0 times 0 is NaN.

    Divide by the larger one of the length and `clip_norm`.
    """
    norm = np.sqrt(sum(np.sum(t * t) for t in t_list))
    with np.errstate(all="ignore"):
        factor = np.minimum(1.0, clip_norm / np.float64(norm)) if norm else np.nan
    return [t * factor for t in t_list], norm


def clip_with_a_small_number(t_list, clip_norm):
    """A small number is added to the length before dividing, as in PyTorch, which shrinks a little too much.

    TensorFlow adds nothing: where the length is above `clip_norm`, it cannot be 0.
    """
    norm = np.sqrt(sum(np.sum(t * t) for t in t_list))
    factor = min(1.0, clip_norm / (norm + 1e-6))
    return [t * factor for t in t_list], norm


def clip_by_the_longest_row(t_list, clip_norm):
    """The squares are summed along the last axis alone, so that there is a length for each row, of which one is taken.

    It is the root of the sum of all squares, over all entries of all gradients: `np.sum` without `axis`.
    """
    norm = np.max(np.sqrt(sum(np.sum(t * t, axis=-1) for t in t_list)))
    return [t * (clip_norm / norm if norm > clip_norm else 1) for t in t_list], norm


def clip_each_and_measure_after(t_list, clip_norm):
    """Each gradient is shrunk to a length of its own, so the direction of the step turns, and the length is that after.

    Take one length of all gradients together, and shrink all by one factor; return the length that they had before.
    """
    clipped, _ = faulty_clip(t_list, clip_norm, each_alone=True)
    return clipped, np.sqrt(sum(np.sum(t * t) for t in clipped))


def clip_by_one_vector(t_list, clip_norm):
    norm = np.linalg.norm(np.concatenate([np.ravel(t) for t in t_list]))
    return [t * (clip_norm / max(norm, clip_norm)) for t in t_list], norm


def clip_with_an_if(t_list, clip_norm):
    square = 0.0
    for t in t_list:
        for entry in np.ravel(t):
            square += entry**2
    if square <= clip_norm**2:
        return tuple(t_list), square**0.5
    return tuple(clip_norm * t / square**0.5 for t in t_list), square**0.5


def scene_clip_by_global_norm(clip_by_global_norm):
    """What becomes of two gradients that point the same way and grow longer, and of their length."""
    first, second = np.array([-0.6, 0.2]), np.array([[0.5, 0.3], [-0.1, 0.5]])  # together of length 1
    lengths = np.linspace(0.5, 20.0, 40)
    curves = {"first gradient's first number": [], "second gradient's first number": [], "the length returned": []}
    for length in lengths:
        several = [length * first, length * second]
        clipped, norm = parts(clip_by_global_norm(several, 4.0), ("the list", "the length"))
        row = numbers(in_one_row(clipped, several))
        for curve, value in zip(curves.values(), (row[0], row[2], float(numbers(norm))), strict=True):
            curve.append(value)
    across = "length of both, to be clipped to 4"
    return Curves(lengths, {name: np.array(curve) for name, curve in curves.items()}, xlabel=across)


SQUARES = "It is the root of the sum of all squares, over all entries of all gradients."

CLIP_BY_GLOBAL_NORM = Exercise(
    name="clip_by_global_norm",
    kind="derive",
    minutes=10,
    level=2,
    reference=clip_by_global_norm,
    probe=probe_clip_by_global_norm,
    scene=scene_clip_by_global_norm,
    misconceptions=[
        *flags(
            faulty_clip,
            each_alone=(
                "Each gradient is shrunk to a length of its own, so that the step turns: the long ones lose more than "
                "the short ones.",
                "Take one length of all together, and shrink all by one factor.",
            ),
            values_cut=(
                "Each entry is cut off at the limit, so that the step turns.",
                "Multiply all entries of all gradients by one factor.",
            ),
            always=(
                "Gradients that are short enough are stretched up to the limit: you scale always.",
                "Clipping only shrinks: leave alone what is no longer than `clip_norm`.",
            ),
            turned=(
                "The comparison is turned around: short gradients are stretched, long ones are left.",
                "Shrink where the length is *above* `clip_norm`.",
            ),
            never=(
                "The gradients come back as they were: perhaps a loop gave its variable a new value, and the list kept "
                "the old ones.",
                "Make a new list of the products, and return that.",
            ),
            root_missing=("The root is missing: your length is the sum of the squares.", SQUARES),
            lengths_added=("Your length is the sum of the gradients' lengths.", SQUARES),
            largest_length=("Your length is that of the longest gradient.", SQUARES),
            sizes_under_the_root=("Your length is the root of the sum of the entries' absolute values.", SQUARES),
            spectral=(
                "`np.linalg.norm(t, 2)` of a matrix is how far it stretches a vector, not the root of its squares.",
                SQUARES,
            ),
            factor_squared=("The factor is squared: (clip_norm / norm)².", "The factor is clip_norm / norm itself."),
            whole_factor=(
                "The factor is a whole number, 0 or 1: its fraction is cut off.",
                "Divide with `/`, not with `//`.",
            ),
            long_arrays_alone=(
                "Only the gradients that are longer than the limit themselves are shrunk, so that the step turns.",
                "Take one length of all together, and shrink all by one factor.",
            ),
            limit_subtracted=(
                "`clip_norm` is subtracted from every entry.",
                "A length is changed by a factor: multiply by clip_norm / norm.",
            ),
            factor_returned=(
                "The second thing that you return is the factor.",
                "Return the length before clipping.",
            ),
            sizes_added=("Your length is the sum of the entries' absolute values.", SQUARES),
            largest_entry=("Your length is the largest entry.", SQUARES),
            mean_square=("Your length is made of the mean of the squares.", SQUARES),
            mean_of_mean_squares=("Your length is made of means of squares.", SQUARES),
            first_alone=("Your length is that of the first gradient alone.", SQUARES),
            mean_length=("Your length is the root of the *mean* of the gradients' squared lengths.", SQUARES),
            sums_squared=("Your length squares the sum of each gradient, not its entries.", SQUARES),
            sum_of_mean_squares=("Your length is the root of a sum of mean squares.", SQUARES),
            not_below_1=(
                "The length is compared with 1, and not with `clip_norm`.",
                "Shrink where the length is above `clip_norm`: divide by the larger one of the two.",
            ),
            root_of_the_factor=("The factor is a root: √(clip_norm / norm).", "The factor is clip_norm / norm itself."),
            short_ones_lost=(
                "Gradients that are short enough come back as zeros.",
                "Leave alone what is no longer than `clip_norm`.",
            ),
            cut_above=(
                "Each entry is cut off above the limit, and not below.",
                "Multiply all entries of all gradients by one factor.",
            ),
            large_entries_alone=(
                "Only entries above the limit are shrunk, so that the step turns.",
                "Multiply all entries of all gradients by one factor.",
            ),
            excess_subtracted=(
                "What the length is above the limit is subtracted from every entry.",
                "A length is changed by a factor: multiply by clip_norm / norm.",
            ),
            square_returned=(
                "The length that you return is squared.",
                "Return the root of the sum of the squares.",
            ),
            to_length_1=(
                "Gradients that are too long are shrunk to the length 1, whatever `clip_norm` is.",
                "Multiply by `clip_norm` too.",
            ),
            upside_down=(
                "The factor is upside down: norm / clip_norm makes long gradients longer.",
                "The factor is clip_norm / norm.",
            ),
            length_after=(
                "The length that you return is that after clipping.",
                "Return the length before: it is what tells you whether training is about to explode.",
            ),
            one_long_array=(
                "One long array came back in place of the list.",
                "Keep the list: each gradient has the shape of its weights.",
            ),
            one_long_array_if_long=(
                "Where something is clipped, one long array comes back in place of the list.",
                "Keep the list: each gradient has the shape of its weights.",
            ),
            list_alone=(
                "The list came back alone.",
                "Return a pair: the list, and the length before clipping.",
            ),
            length_first=("The length came first.", "Return the list first, and then the length."),
        ),
        clip_that_divides_by_zero,
        clip_in_a_dict,
        clip_of_the_long_ones,
        clip_with_a_small_number,
        clip_by_the_longest_row,
        clip_each_and_measure_after,
    ],
    equivalents=[clip_by_one_vector, clip_with_an_if],
    hints=[
        "Think of all numbers of all gradients as one long array. How long is it?",
        "Which factor makes a vector of length `norm` one of length `clip_norm`, and when is it needed?",
        "`np.sum(t**2)` is the part that one gradient adds to the square of the length.",
    ],
)
