"""The exercise on broadcasting's way back: what was stretched is summed."""

import numpy as np

from course_lib.autograd import unbroadcast
from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.returned import one_array, tables

# The shape of the gradient, and that of the operand before it was stretched.
SHAPES = {
    "a bias (3,), added to a batch (5, 3)": ((5, 3), (3,)),
    "a column (4, 1), stretched to (4, 3)": ((4, 3), (4, 1)),
    "one number, shape (), stretched to (2, 3)": ((2, 3), ()),
    "a row (1, 3), which stays a row, stretched to (4, 3)": ((4, 3), (1, 3)),
    "shape (3, 3), which was not stretched": ((3, 3), (3, 3)),
    "a bias (3,), stretched to (3, 3)": ((3, 3), (3,)),
    "a column (3, 1), stretched to (3, 3)": ((3, 3), (3, 1)),
    "shape (1, 1), stretched to (2, 4)": ((2, 4), (1, 1)),
    "shape (4, 1), stretched to (2, 3, 4, 5)": ((2, 3, 4, 5), (4, 1)),
    "shape (2, 1, 4), stretched to (2, 3, 4)": ((2, 3, 4), (2, 1, 4)),
    "shape (1, 4), which was a row already": ((1, 4), (1, 4)),
}


def probe_unbroadcast(unbroadcast, rng):
    for place, (name, (stretched, shape)) in enumerate(SHAPES.items()):
        gradient = rng.normal(size=stretched)
        yield Row(
            name, lambda gradient=gradient, shape=shape: one_array(unbroadcast(gradient, shape)), essential=place == 0
        )


def faulty_unbroadcast(gradient, shape, **made):
    gradient, front = np.asarray(gradient), np.ndim(gradient) - len(shape)
    in_front = tuple(range(front))
    if "aligned_left" in made:
        in_front = tuple(range(len(shape), gradient.ndim))
    padded = [1] * front + list(shape)
    if "aligned_left" in made:
        padded = list(shape) + [1] * front
    ones = tuple(axis for axis, size in enumerate(padded) if size == 1 != gradient.shape[axis] and axis not in in_front)
    if "front_alone" in made:
        ones = ()
    if "ones_alone" in made:
        in_front = ()
        ones = tuple(axis for axis in ones if axis >= front)
    over = {"averaged": np.mean, "largest": np.max}
    add = next((way for flag, way in over.items() if flag in made), np.sum)
    reduce_front = np.mean if "averaged_in_front" in made else add
    reduce_ones = np.mean if "averaged_ones" in made else add
    if "first_part" in made or "first_in_front" in made:
        reduce_front = _first
    if "first_part" in made:
        reduce_ones = _first
    if "first_one_alone" in made:
        ones = ones[:1]
    if ones:
        gradient = reduce_ones(gradient, axis=ones, keepdims=True)
    if in_front:
        gradient = reduce_front(gradient, axis=in_front, keepdims=True)
    if "over_its_size" in made:
        gradient = gradient / np.prod(shape)
    if "kept_front" in made:
        return gradient
    kept = [size for axis, size in enumerate(gradient.shape) if axis not in in_front]
    if "ones_lost" in made:
        kept = [size for axis, size in enumerate(gradient.shape) if axis not in in_front and axis not in ones]
    return gradient.reshape(kept)


def _first(array, axis, keepdims):
    return np.take(array, [0], axis=axis) if isinstance(axis, int) else _first_of_each(array, axis)


def _first_of_each(array, axes):
    for axis in axes:
        array = np.take(array, [0], axis=axis)
    return array


def unbroadcast_by_reshape(gradient, shape):
    """The gradient is reshaped, and nothing is summed; where the numbers do not fit, that is an error.

    Each number of the array was used in several places: it gets the sum of what comes back from them.
    """
    return np.reshape(gradient, shape)


def unbroadcast_not_at_all(gradient, shape):
    """The gradient comes back as it was, in the stretched shape.

    Sum it, until it has the shape of the array.
    """
    return np.asarray(gradient)


def unbroadcast_again(gradient, shape):
    """Your code stretches: it broadcasts the gradient to the array's shape, which is an error where that is smaller.

    The way back goes from the larger shape to the smaller one, by sums.
    """
    return np.broadcast_to(gradient, shape)


def unbroadcast_total(gradient, shape):
    """Every entry is the sum of everything.

    Sum over the axes that were stretched alone: those in front, and those whose length was 1.
    """
    return np.broadcast_to(np.sum(gradient), shape)


def unbroadcast_over_axis_0(gradient, shape):
    """Your sum goes over axis 0, whichever axes were stretched.

    Compare both shapes from their ends: which axes are missing in front, and which have length 1?
    """
    return np.sum(gradient, axis=0)


def unbroadcast_over_axis_0_reshaped(gradient, shape):
    """Your sum goes over axis 0, whichever axes were stretched, and the rest is reshaped.

    Compare both shapes from their ends: which axes are missing in front, and which have length 1?
    """
    return np.sum(gradient, axis=0).reshape(shape)


def unbroadcast_over_axis_0_kept(gradient, shape):
    """Your sum goes over axis 0 and keeps it, whichever axes were stretched.

    Compare both shapes from their ends: which axes are missing in front, and which have length 1?
    """
    return np.sum(gradient, axis=0, keepdims=True)


def unbroadcast_over_axis_1(gradient, shape):
    """Your sum goes over axis 1, whichever axes were stretched.

    Compare both shapes from their ends: which axes are missing in front, and which have length 1?
    """
    return np.sum(gradient, axis=1)


def unbroadcast_over_axis_1_kept(gradient, shape):
    """Your sum goes over axis 1 and keeps it, whichever axes were stretched.

    Compare both shapes from their ends: which axes are missing in front, and which have length 1?
    """
    return np.sum(gradient, axis=1, keepdims=True)


def unbroadcast_to_one_number(gradient, shape):
    """One number came back, the sum of everything.

    Sum over the axes that were stretched alone: those in front, and those whose length was 1.
    """
    return np.sum(gradient)


def unbroadcast_to_the_mean(gradient, shape):
    """Every entry is the mean of everything.

    Sum over the axes that were stretched alone: those in front, and those whose length was 1.
    """
    return np.broadcast_to(np.mean(gradient), shape)


def unbroadcast_in_blocks(gradient, shape):
    """The numbers are cut into blocks of the array's size, which are added, as if all stretched axes were in front.

    An axis of length 1 is stretched in place: its copies lie side by side in memory, not in blocks.
    """
    return np.reshape(gradient, (-1, *shape)).sum(axis=0)


def unbroadcast_zeros(gradient, shape):
    """Zeros of the array's shape came back.

    Put into them the sums of what comes back.
    """
    return np.zeros(shape)


def unbroadcast_with_more(gradient, shape):
    """A tuple came back, of the gradient and something else.

    Return the one array.
    """
    return unbroadcast(gradient, shape), shape


def unbroadcast_over_the_others(gradient, shape):
    """Your sum goes over the axes that were not stretched, and keeps those that were.

    It is the stretched ones that are summed away: those in front, and those whose length was 1.
    """
    padded = (1,) * (np.ndim(gradient) - len(shape)) + tuple(shape)
    return np.sum(gradient, axis=tuple(axis for axis, size in enumerate(padded) if size != 1), keepdims=True)


def unbroadcast_once(gradient, shape):
    """Of several axes that were put in front, one is summed away.

    Go on while the gradient has more axes than the array.
    """
    gradient = np.asarray(gradient)
    if gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


def unbroadcast_padded_behind(gradient, shape):
    """Where axes are missing, the shape is filled up with ones behind, and the sum goes over the wrong axes.

    Broadcasting aligns shapes at their ends, and puts new axes in front: the ones belong before the shape.
    """
    padded = tuple(shape) + (1,) * (np.ndim(gradient) - len(shape))
    ones = tuple(axis for axis, size in enumerate(padded) if size == 1)
    return np.sum(gradient, axis=ones, keepdims=True).reshape(shape)


def unbroadcast_by_loops(gradient, shape):
    result = np.zeros(shape)
    padded = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    for place in np.ndindex(gradient.shape):
        source = tuple(0 if size == 1 else index for index, size in zip(place, padded, strict=True))
        result[source[len(padded) - len(shape) :]] += gradient[place]
    return result


def unbroadcast_axis_by_axis(gradient, shape):
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient


def unbroadcast_by_counting(gradient, shape):
    """Number the operand's entries, stretch the numbers, and add up what has the same number."""
    size = int(np.prod(shape))
    numbers = np.broadcast_to(np.arange(size).reshape(shape), gradient.shape)
    return np.bincount(numbers.ravel(), weights=gradient.ravel(), minlength=size).reshape(shape)


def scene_unbroadcast(unbroadcast):
    """What becomes of one gradient for four arrays, each of which was stretched to its shape."""
    gradient = np.array([[1.0, 2.0, 3.0], [4.0, -1.0, 2.0], [0.0, 3.0, 5.0], [-2.0, 1.0, 6.0]])
    shapes = (3,), (4, 1), (), (1, 1)
    given = {f"for {shape}": one_array(unbroadcast(gradient.copy(), shape)) for shape in shapes}
    return tables({"the gradient": gradient} | given)


AXES = "Sum both: the axes that were put in front, and those whose length was 1 and is no longer."
SUMS = "Each use adds its part to the result, so the parts of the gradient add up, undivided."

UNBROADCAST = Exercise(
    name="unbroadcast",
    kind="derive",
    minutes=12,
    level=2,
    reference=unbroadcast,
    probe=probe_unbroadcast,
    scene=scene_unbroadcast,
    misconceptions=[
        *flags(
            faulty_unbroadcast,
            averaged=("You take the mean over what was stretched.", SUMS),
            averaged_in_front=("You take the mean over the axes in front, and the sum over the others.", SUMS),
            averaged_ones=("You take the mean over the axes of length 1, and the sum over those in front.", SUMS),
            largest=("You take the largest entry over what was stretched.", SUMS),
            first_part=("You keep the first part of what was stretched, and drop the others.", SUMS),
            first_in_front=("Of the axes in front, you keep the first part, and drop the others.", SUMS),
            front_alone=("The axes that were put in front are summed, those of length 1 are left stretched.", AXES),
            ones_alone=("The axes of length 1 are summed, those that were put in front are left.", AXES),
            first_one_alone=(
                "Of several axes of length 1 that were stretched, only the first is summed.",
                "Go on after the first: is there a `break` or a `return` in the loop?",
            ),
            over_its_size=("The sums are divided by the size of the array.", SUMS),
            ones_lost=(
                "Axes of length 1 are lost: a column (4, 1) comes back as (4,).",
                "`keepdims=True` keeps a summed axis at length 1.",
            ),
            kept_front=(
                "The axes that were put in front stay, with length 1.",
                "The array does not have them: sum them without `keepdims`, or reshape at the end.",
            ),
            aligned_left=(
                "Where axes are missing, you sum the last ones, as if shapes were aligned at their beginnings.",
                "Broadcasting aligns shapes at their ends, and puts new axes in front.",
            ),
        ),
        unbroadcast_by_reshape,
        unbroadcast_not_at_all,
        unbroadcast_again,
        unbroadcast_total,
        unbroadcast_over_axis_0,
        unbroadcast_over_axis_0_reshaped,
        unbroadcast_over_axis_0_kept,
        unbroadcast_over_the_others,
        unbroadcast_once,
        unbroadcast_over_axis_1,
        unbroadcast_over_axis_1_kept,
        unbroadcast_to_one_number,
        unbroadcast_to_the_mean,
        unbroadcast_in_blocks,
        unbroadcast_zeros,
        unbroadcast_with_more,
        unbroadcast_padded_behind,
    ],
    equivalents=[unbroadcast_by_loops, unbroadcast_axis_by_axis, unbroadcast_by_counting],
    hints=[
        "A bias of three numbers is added to five rows. If its first number moves, how many entries of the sum move?",
        "Two kinds of axes were stretched: those that the array does not have, and those in which its length is 1.",
        "`gradient.ndim - len(shape)` axes are in front. For the others, compare `shape[axis]` with 1. `keepdims=True` "
        "keeps a summed axis at length 1.",
    ],
)
