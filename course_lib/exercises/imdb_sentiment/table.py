"""The gradient of the table of word vectors, behind a global max pooling: which words learn."""

import numpy as np

from course_lib import embedding
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Matrix


def table_gradient(table, ids, upstream):
    """The gradient of the table, where the output is the maximum over each text of `table[ids]`.

    Args:
        table: array (words, units), the vectors.
        ids: integer array (n, length), the word numbers of n texts.
        upstream: array (n, units), the gradient along the maxima.
    Returns:
        array shaped like `table`.
    """
    back = embedding.global_max_pooling_gradient(table[ids], upstream)
    return embedding.embedding_gradient(ids, back, len(table))


def probe_table_gradient(table_gradient, rng):
    table = rng.normal(size=(7, 3))
    upstream, single = rng.normal(size=(3, 3)), rng.normal(size=(1, 3))
    different = rng.permutation(np.arange(1, 7)).reshape(2, 3)
    # Word 1 wins wherever it occurs, word 0 wherever 1 does not.
    strong = table.copy()
    strong[0], strong[1] = table.max() + 0.1, table.max() + 0.2 + rng.random(3)
    shared = np.array([[1, 2, 3, 4], [5, 1, 2, 6], [6, 5, 1, 3]])
    repeated = np.array([[1, 2, 1, 1], [3, 1, 1, 4], [2, 3, 5, 6]])
    ten = np.array([[2, 5, 5, 3, 6, 2, 4, 3, 2, 6]])
    padded = np.array([[0, 0, 0, 3], [0, 0, 4, 5], [0, 2, 6, 3]])
    yield Row("a word that is the largest in three texts", lambda: table_gradient(strong, shared, upstream),
              weight=2, essential=True)  # fmt: skip
    yield Row("two texts of different words", lambda: table_gradient(table, different, upstream[:2]))
    yield Row(
        "a word that occurs several times in a text", lambda: table_gradient(strong, repeated, upstream), weight=2
    )
    yield Row(
        "padding, which is word 0 and looked up like the others", lambda: table_gradient(strong, padded, upstream)
    )
    yield Row("one text of one word", lambda: table_gradient(table, np.array([[4]]), single))
    yield Row("ten words of seven, so that some are twice", lambda: table_gradient(table, ten, upstream[:1]))


def faulty_table(table, ids, upstream, **made):
    vectors = table[ids]
    n, length, units = vectors.shape
    looked_at = -vectors if "smallest" in made else vectors
    mask = (looked_at == looked_at.max(axis=1, keepdims=True)).astype(float)
    if "one_place" in made:
        strength = vectors.sum(axis=2)
        mask = (strength == strength.max(axis=1, keepdims=True))[:, :, None] * np.ones(vectors.shape)
    if "every_word" in made or "as_a_mean" in made:
        mask = np.ones(vectors.shape)
    if not {"repeated_paid", "every_word"} & made.keys():
        mask = mask / mask.sum(axis=1, keepdims=True)
    back = (np.ones(upstream.shape) if "ones" in made else upstream)[:, None, :]
    if "times_maximum" in made:
        back = back * vectors.max(axis=1, keepdims=True)
    back = mask * back
    if "all_units" in made:
        back = back.sum(axis=2, keepdims=True) * np.ones(back.shape)
    gradient = np.zeros(table.shape)
    if "whole_table" in made:
        for row in upstream:
            gradient[table.argmax(axis=0), np.arange(units)] += row
    elif "by_place" in made:
        gradient[:length] += back.sum(axis=0)[: len(gradient)]
    elif "overwritten" in made:
        for text, part in zip(ids, back, strict=True):
            summed = np.zeros(table.shape)
            np.add.at(summed, text, part)
            gradient = np.where(summed != 0, summed, gradient)
    elif "kept_once" in made:
        gradient[ids] += back
    else:
        np.add.at(gradient, ids, back)
    if "padding_left_out" in made:
        gradient[0] = 0
    if "over_texts" in made:
        gradient = gradient / n
    if "averaged" in made:
        gradient = gradient / np.maximum(np.bincount(ids.ravel(), minlength=len(table)), 1)[:, None]
    if "first_text" in made:
        gradient = np.zeros(table.shape)
        np.add.at(gradient, ids[0], back[0])
    if "minus" in made:
        gradient = -gradient
    if "used_alone" in made:
        gradient = gradient[np.unique(ids)]
    if "not_yet_summed" in made:
        return back
    return gradient.T if "on_its_side" in made else gradient


def table_after_a_step(table, ids, upstream, constant=0.01):
    """What comes out is the table after a step of descent, not its gradient.

    Return the gradient; the step is the optimizer's.
    """
    return table - constant * table_gradient(table, ids, upstream)


def table_by_winners(table, ids, upstream):
    words = np.take_along_axis(ids, table[ids].argmax(axis=1), axis=1)
    gradient = np.zeros(table.shape)
    np.add.at(gradient, (words, np.arange(table.shape[1])), upstream)
    return gradient


def table_by_loops(table, ids, upstream):
    gradient = np.zeros(table.shape)
    for text, back in zip(ids, upstream, strict=True):
        for unit in range(table.shape[1]):
            winner = max(text, key=lambda word: table[word, unit])
            gradient[winner, unit] += back[unit]
    return gradient


def scene_table_gradient(answer):
    table = np.array([[0.3, -0.2, 0.1], [0.9, 0.1, -0.5], [-0.4, 0.8, 0.2], [0.2, 0.3, 0.7], [-0.1, -0.6, -0.3]])
    gradient = answer(table, np.array([[1, 2, 1, 2], [3, 1, 3, 0], [0, 0, 2, 0]]), np.array([[1.0, 2, -1]] * 3))
    return Matrix(np.asarray(gradient), xlabel="unit", ylabel="word")


TABLE_GRADIENT = Exercise(
    name="table_gradient",
    kind="derive",
    minutes=15,
    level=3,
    reference=table_gradient,
    probe=probe_table_gradient,
    scene=scene_table_gradient,
    misconceptions=[
        *flags(
            faulty_table,
            overwritten=(
                "A word that is the largest in several texts keeps the part of one text only: the others are "
                "overwritten.",
                "Each text adds its part: `+=`, text by text.",
            ),
            kept_once=(
                "Of a word that stands at several places, one part is kept: so do `gradient[ids] = …` and, "
                "since it reads all rows before it writes, `gradient[ids] += …`.",
                "`np.add.at(gradient, ids, back)` adds one after the other.",
            ),
            repeated_paid=(
                "A word that occurs twice in a text is paid twice: both of its places hold the maximum, and each gets "
                "the whole.",
                "The text's maximum is one number: its gradient is shared by the places, or goes to one of them.",
            ),
            every_word=(
                "Every word of a text gets the gradient, not only the one that is the largest.",
                "For each unit find the place of the maximum: its word alone learns.",
            ),
            as_a_mean=(
                "Every word of a text gets an equal part, as behind a mean.",
                "For each unit find the place of the maximum: its word alone learns.",
            ),
            padding_left_out=(
                "Word 0 gets nothing, as if padding did not take part.",
                "Here it is a word like the others: where it is the largest, it learns.",
            ),
            by_place=(
                "The gradient goes to the row with the number of the place, not to that of the word.",
                "Which word stands at the place? `ids` tells: `gradient[ids[text, place], unit]`.",
            ),
            one_place=(
                "In each text one place, that with the largest sum, gets the gradient of all units.",
                "Each unit has a maximum of its own.",
            ),
            whole_table=(
                "The maximum is looked for in the whole table, also among words that the text does not have.",
                "Look up the text's words first: `table[ids]`.",
            ),
            all_units=(
                "What comes back for one unit is added to all units of its word.",
                "Each unit of a word gets what came back for that unit.",
            ),
            smallest=("The word with the smallest number gets the gradient.", "The output is the largest one."),
            ones=("Uses are counted, and `upstream` is not used.", "Add `upstream`, not 1."),
            times_maximum=(
                "What comes back is multiplied by the value of the maximum.",
                "The slope of the maximum is 1: add `upstream` as it is.",
            ),
            over_texts=(
                "The gradient is divided by the number of texts.",
                "A mean over texts is the loss's, and stands in `upstream` already.",
            ),
            averaged=(
                "The gradient of a word is divided by how often it occurs.",
                "Each use adds its part, whole.",
            ),
            first_text=(
                "Only the first text counts: `return` stands in the loop, or the loop ends too early.",
                "Go through all texts before you return.",
            ),
            minus=("The gradient is turned around: there is a minus too many.", "A minus belongs to the step."),
            used_alone=(
                "Only the rows of words that occur come back.",
                "The gradient has the table's shape, with zeros for the words that do not occur.",
            ),
            not_yet_summed=(
                "What came out is the gradient at each place of the texts; the table's is asked for.",
                "Add each place's part to the row of its word, in an array shaped like `table`.",
            ),
            on_its_side=("The gradient is turned on its side.", "A row of it belongs to a row of the table."),
        ),
        Misconception.of(table_after_a_step, between=(1e-6, 2.0)),
    ],
    equivalents=[table_by_winners, table_by_loops],
    hints=[
        "Two steps back: from the maximum to a place of the text, then from the place to a word.",
        "`vectors = table[ids]` has the shape (n, length, units); your `global_max_pooling_gradient` does the first "
        "step.",
        "A word may stand at several places and in several texts: `np.add.at` adds all of its parts.",
    ],
)
