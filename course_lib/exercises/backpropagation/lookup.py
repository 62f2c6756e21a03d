"""The bug to be spotted: rows of a table that are looked up twice, and paid once."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.returned import one_array, tables


def lookup_gradient(ids, upstream, rows):
    """The gradient of a table along its entries, of which rows were looked up: `table[ids]`.

    Args:
        ids: integer array of any shape, which rows were looked up.
        upstream: array (*ids.shape, columns), the gradient along what was looked up.
        rows: int, how many rows the table has.
    Returns:
        array (rows, columns): each row gets the sum of what comes back from all its uses.
    """
    gradient = np.zeros((rows, upstream.shape[-1]))
    np.add.at(gradient, ids, upstream)
    return gradient


def lookup_gradient_with_a_bug(ids, upstream, rows):
    gradient = np.zeros((rows, upstream.shape[-1]))
    gradient[ids] += upstream
    return gradient


def probe_lookup_gradient(lookup_gradient, rng):
    cases = {
        "every row at most once": (np.array([2, 0, 3]), 5),
        "row 1 three times": (np.array([1, 4, 1, 0, 1]), 5),
        "row 0 alone, twice": (np.array([0, 0]), 3),
        "two sentences of three words": (np.array([[3, 1, 3], [1, 0, 1]]), 4),
        "the last row twice, others never": (np.array([5, 5]), 6),
    }
    for name, (ids, rows) in cases.items():
        upstream = rng.normal(size=(*ids.shape, 2))
        yield Row(
            name,
            lambda ids=ids, upstream=upstream, rows=rows: one_array(lookup_gradient(ids, upstream, rows)),
            essential=name == "row 1 three times",
        )


def faulty_lookup(ids, upstream, rows, **made):
    flat, parts = ids.ravel(), upstream.reshape(ids.size, -1)
    gradient = np.zeros((rows, parts.shape[1]))
    counts = np.bincount(flat, minlength=rows)[:, None]
    if "first_column_of_ids" in made and ids.ndim > 1:
        flat, parts = ids[:, 0], upstream[:, 0]
    for place, part in zip(flat, parts, strict=True):
        if "first_kept" in made and gradient[place].any():
            continue
        if "not_row_0" in made and place == 0:
            continue
        if "ones" in made:
            part = np.ones_like(part)
        if "every_row" in made:
            gradient += part
        elif "one_behind" in made:
            gradient[place - 1] += part
        else:
            gradient[place] += part
        if "first_alone" in made:
            break
    if "first_row_of_ids" in made and ids.ndim > 1:
        gradient = np.zeros_like(gradient)
        np.add.at(gradient, ids[0], upstream[0])
    if "columns_totalled" in made:
        gradient = np.repeat(gradient.sum(axis=1, keepdims=True), gradient.shape[1], axis=1)
    if "not_the_last_row" in made:
        gradient[-1] = 0
    if "largest_or_0" in made:
        gradient = np.zeros_like(gradient)
        np.maximum.at(gradient, flat, parts)
    if "largest" in made:
        gradient = np.zeros_like(gradient)
        for place in set(flat.tolist()):
            gradient[place] = parts[flat == place].max(axis=0)
    if "as_long_as_needed" in made:
        gradient = gradient[: flat.max() + 1]
    if "columns_summed" in made:
        gradient = gradient.sum(axis=1)
    if "averaged" in made:
        gradient = gradient / np.maximum(counts, 1)
    elif "counted_twice" in made:
        gradient = gradient * np.maximum(counts, 1)
    if "over_len" in made:
        gradient = gradient / len(ids)
    if "over_size" in made:
        gradient = gradient / ids.size
    if "minus" in made:
        gradient = -gradient
    if "used_rows_alone" in made:
        gradient = gradient[np.unique(flat)]
    if "transposed" in made:
        gradient = gradient.T
    return gradient


def lookup_of_rows_of_ids(ids, upstream, rows):
    """A row of several ids at once is given to NumPy, which pays a row that is in it twice only once.

    `ids` may have several axes: go through its single entries, or use `np.add.at` on all of it.
    """
    gradient = np.zeros((rows, upstream.shape[-1]))
    for place, some in enumerate(ids):
        gradient[some] += upstream[place]
    return gradient


def lookup_flat_on_one_side(ids, upstream, rows):
    """`ids` was made flat and `upstream` was not, so that they do not fit where `ids` has several axes.

    `np.add.at` takes both as they are.
    """
    gradient = np.zeros((rows, upstream.shape[-1]))
    np.add.at(gradient, ids.ravel(), upstream)
    return gradient


def lookup_of_everything(ids, upstream, rows):
    """Each row that was used gets the sum of everything that comes back, to whichever row.

    A row gets what comes back from its own uses.
    """
    gradient = np.zeros((rows, upstream.shape[-1]))
    gradient[ids] = upstream.sum(axis=0)
    return gradient


def lookup_in_whole_numbers(ids, upstream, rows):
    """The gradient holds whole numbers: the fractions of what comes back are cut off.

    Make the array of floats: `np.zeros((rows, columns))`.
    """
    gradient = np.zeros((rows, upstream.shape[-1]), dtype=int)
    np.add.at(gradient, ids, upstream)
    return gradient


def lookup_of_each_id_once(ids, upstream, rows):
    """`np.unique` drops what is there twice, so ids and `upstream` no longer fit.

    Each use has a part of its own: keep all of the ids.
    """
    gradient = np.zeros((rows, upstream.shape[-1]))
    np.add.at(gradient, np.unique(ids), upstream)
    return gradient


def lookup_by_one_hot(ids, upstream, rows):
    one_hot = np.eye(rows)[ids.ravel()]
    return one_hot.T @ upstream.reshape(ids.size, -1)


def lookup_by_a_loop(ids, upstream, rows):
    gradient = np.zeros((rows, upstream.shape[-1]))
    for place in np.ndindex(ids.shape):
        gradient[ids[place]] += upstream[place]
    return gradient


def lookup_by_bincount(ids, upstream, rows):
    columns = upstream.reshape(ids.size, -1).T
    return np.stack([np.bincount(ids.ravel(), weights=column, minlength=rows) for column in columns], axis=1)


def scene_lookup_gradient(lookup_gradient):
    """What comes back to six rows of a table, of which a batch of two sentences used some, and one sentence others."""
    batch = np.array([[1, 4, 1], [0, 1, 4]])
    to_batch = np.array([[[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]], [[2.0, 1.0], [5.0, 3.0], [-4.0, 2.5]]])
    to_sentence = np.array([[1.0, -2.0], [2.0, 1.5], [4.0, 3.0]])
    return tables(
        {
            "ids [[1, 4, 1], [0, 1, 4]]": one_array(lookup_gradient(batch, to_batch, 6)),
            "ids [5, 3, 5]": one_array(lookup_gradient(np.array([5, 3, 5]), to_sentence, 6)),
        }
    )


UNDIVIDED = "Each use adds its part, whole: a mean over examples, if there is one, is the loss's."

LOOKUP_GRADIENT = Exercise(
    name="lookup_gradient",
    kind="repair",
    minutes=8,
    level=2,
    reference=lookup_gradient,
    probe=probe_lookup_gradient,
    scene=scene_lookup_gradient,
    misconceptions=[
        *flags(
            faulty_lookup,
            averaged=("A row that is used several times gets the mean of what comes back.", UNDIVIDED),
            over_len=("The gradient is divided by `len(ids)`.", UNDIVIDED),
            over_size=("The gradient is divided by the number of ids.", UNDIVIDED),
            counted_twice=(
                "What comes back to a row is multiplied by how often it was used, once too often.",
                "Adding up the parts counts each use already.",
            ),
            first_kept=(
                "Of several uses of a row, only the first is kept.",
                "Add: each use moves the loss.",
            ),
            first_alone=(
                "Only the first id is looked at: `return` stands in the loop, or the loop ends too early.",
                "Go through all of them before you return.",
            ),
            first_column_of_ids=(
                "Of several ids in a row of `ids`, only the first is looked at.",
                "`ids` may have several axes: go through all of its entries.",
            ),
            not_row_0=(
                "Row 0 gets nothing, as if it stood for an empty place.",
                "Nothing is said of row 0 here: it is a row like the others.",
            ),
            ones=("Uses are counted, and `upstream` is not used.", "Add each use's own part of `upstream`."),
            every_row=(
                "What comes back is added to every row of the table.",
                "It belongs to the row that was looked up: `gradient[row]`.",
            ),
            one_behind=(
                "What comes back goes to the row before.",
                "Rows are counted from 0 in `ids`, as in the table.",
            ),
            largest=("A row that is used several times gets the largest of what comes back.", UNDIVIDED),
            largest_or_0=(
                "A row gets the largest of what comes back to it, or 0 where all of that is below.",
                UNDIVIDED,
            ),
            first_row_of_ids=(
                "Of an `ids` with several axes, only the first row is looked at.",
                "Go through all of its entries.",
            ),
            columns_totalled=(
                "The columns are summed, too: all entries of a row are one number.",
                "Each entry has a gradient of its own: sum over the uses alone, `axis=0`.",
            ),
            not_the_last_row=(
                "The last row gets nothing.",
                "`range(rows)` goes through all rows.",
            ),
            as_long_as_needed=(
                "The gradient ends with the last row that was used.",
                "It has the table's shape: `rows` rows.",
            ),
            columns_summed=(
                "The columns are summed: one number for each row.",
                "Each entry has a gradient of its own.",
            ),
            minus=(
                "The gradient is turned around: there is a minus too many.",
                "The minus belongs to the step of descent.",
            ),
            used_rows_alone=(
                "Only the rows that were used come back.",
                "The gradient has the table's shape, with zeros in the rows that were not used.",
            ),
            transposed=("The gradient is turned on its side.", "A row of the gradient belongs to a row of the table."),
        ),
        lookup_of_rows_of_ids,
        lookup_flat_on_one_side,
        lookup_of_each_id_once,
        lookup_of_everything,
        lookup_in_whole_numbers,
    ],
    equivalents=[lookup_by_one_hot, lookup_by_a_loop, lookup_by_bincount],
    hints=[
        "Let the code have `ids` of [1, 1] and an upstream gradient of ones. What should row 1 get, what does it get?",
        "`gradient[ids] += upstream` reads all rows first, adds, and then writes all rows. What becomes of a row that "
        "is written twice?",
        "NumPy has a function that adds one after the other: look at `np.add.at`.",
    ],
    buggy=lookup_gradient_with_a_bug,
)
