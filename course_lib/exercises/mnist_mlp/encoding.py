"""The exercise on labels before they meet a network: each becomes a one-hot row."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags

# --- one_hot


def one_hot(labels, num_classes=10):
    """Turn each label into a row of zeros with a one in the label's place.

    Args:
        labels: integer array (n,), values 0 to num_classes − 1.
        num_classes: int, the number of columns.
    Returns:
        float array (n, num_classes).
    """
    return np.eye(num_classes)[labels]


SINGLE_LABEL = "a single label, 3"


def probe_one_hot(one_hot, rng):
    labels = np.concatenate([[0, 9], rng.integers(0, 10, size=5)]).astype(np.uint8)
    few = rng.permutation([2, 5, 5, 7])
    others = rng.permutation([0, 1, 2, 2, 0, 3])
    yield Row("seven labels, as MNIST has them (uint8)", lambda: one_hot(labels), essential=True)
    yield "labels among which 0, 1, 8 and 9 do not occur", lambda: one_hot(few)
    yield "4 classes", lambda: one_hot(others, 4)
    yield "12 classes, of which the last 8 do not occur", lambda: one_hot(others, num_classes=12)
    yield SINGLE_LABEL, lambda: one_hot(np.array([3]))


def faulty_one_hot(labels, num_classes=10, **made):
    columns = int(labels.max()) + 1 if "from_largest" in made else 10 if "always_ten" in made else num_classes
    columns += "one_too_many" in made
    encoded = np.zeros((len(labels), columns))
    # A label that is one too small is −1 for 0: the last column.
    encoded[np.arange(len(labels)), labels.astype(int) - ("from_one" in made)] = 1
    if "only_the_first" in made:
        encoded[1:] = 0
    if "never_reset" in made:
        encoded = np.maximum.accumulate(encoded, axis=0)
    encoded = 1 - encoded if "opposite" in made else encoded
    encoded = encoded.ravel() if "flat" in made else encoded
    return encoded.T if "transposed" in made else encoded


def one_hot_of_whole_columns(labels, num_classes=10):
    """Every row has ones in the columns of all labels, not of its own alone.

    Pair each row with its label: `encoded[np.arange(len(labels)), labels] = 1`; in a loop, let each label have a row
    of its own.
    """
    encoded = np.zeros((len(labels), num_classes))
    encoded[:, labels] = 1
    return encoded


def one_hot_of_classes_that_occur(labels, num_classes=10):
    """There is a column only for classes that occur in these labels.

    Make `num_classes` columns, always.
    """
    return (labels[:, None] == np.unique(labels)).astype(float)


def one_hot_by_default_from_largest(labels, num_classes=None):
    """Where `num_classes` is not given, the number of columns comes from the largest label that happens to occur.

    Give the argument the default that is asked for: `num_classes=10`.
    """
    return faulty_one_hot(labels, int(labels.max()) + 1 if num_classes is None else num_classes)


def one_hot_up_to_the_label(labels, num_classes=10):
    """All places up to the label are 1; one-hot means a single 1.

    Put it in the label's own place: `==`, not `<=`.
    """
    return (np.arange(num_classes) <= labels[:, None]).astype(float)


def one_hot_as_a_column(labels, num_classes=10):
    """This is the label itself in a column, as if 8 were twice a 4.

    Make a row of `num_classes` numbers of each label.
    """
    return labels.reshape(-1, 1).astype(float)


def one_hot_as_it_was(labels, num_classes=10):
    """The labels come back as they were.

    Make a row of `num_classes` numbers of each label, and return these rows.
    """
    return labels


def one_hot_with_the_label_itself(labels, num_classes=10):
    """The label itself stands in the label's place, so a 0 leaves nothing but zeros.

    Put a 1 there.
    """
    return np.eye(num_classes)[labels] * labels[:, None]


def one_hot_in_one_row(labels, num_classes=10):
    """All labels share one row.

    Each needs a row of its own: start from an array of shape `(len(labels), num_classes)`.
    """
    encoded = np.zeros(num_classes)
    encoded[labels] = 1
    return encoded


def one_hot_smoothed(labels, num_classes=10, constant=0.1):
    """The true class gets less than 1 and the others more than 0, as in label smoothing.

    Asked for are exactly 1 and 0.
    """
    return np.eye(num_classes)[labels] * (1 - constant) + constant / num_classes


def one_hot_in_a_loop(labels, num_classes=10):
    rows = []
    for label in labels:
        row = [0] * num_classes
        row[label] = 1
        rows.append(row)
    return rows


def one_hot_by_put_along_axis(labels, num_classes=10):
    encoded = np.zeros((len(labels), num_classes), dtype="float32")
    np.put_along_axis(encoded, labels[:, None].astype(int), 1, axis=1)
    return encoded


ONE_HOT = Exercise(
    name="one_hot",
    kind="formula",
    minutes=5,
    level=1,
    reference=one_hot,
    probe=probe_one_hot,
    misconceptions=[
        *flags(
            faulty_one_hot,
            from_largest=(
                "The number of columns comes from the largest label that happens to occur, so a batch without a 9 "
                "loses its last column.",
                "Use `num_classes`.",
            ),
            from_one=(
                "The ones sit one column too far left, and those of class 0 in the last.",
                "Labels start at 0, as columns do: class 0 belongs in column 0.",
            ),
            transposed=(
                "Classes are in rows and examples in columns: it is transposed.",
                "Each label becomes a *row*.",
            ),
            always_ten=("The number of columns is always 10.", "Use the argument `num_classes`."),
            one_too_many=("There is one column more than classes.", "Labels run from 0 to `num_classes` − 1."),
            only_the_first=(
                "Only the first row has its 1.",
                "Go through all labels before you return: a `return` inside the loop ends it at once.",
            ),
            never_reset=(
                "Each row still has the ones of the rows before it.",
                "Start every label with a new row of zeros.",
            ),
            opposite=("Zeros and ones are swapped: the label's place is the one that is 0.", "Put the 1 there."),
            flat=(
                "The numbers are right, but they lie in one long row.",
                "Give them the shape `(len(labels), num_classes)`.",
            ),
        ),
        one_hot_of_whole_columns,
        one_hot_of_classes_that_occur,
        one_hot_by_default_from_largest,
        one_hot_up_to_the_label,
        one_hot_as_a_column,
        one_hot_as_it_was,
        one_hot_with_the_label_itself,
        one_hot_in_one_row,
        Misconception.of(one_hot_smoothed, constant=(SINGLE_LABEL, lambda row: float(10 * row[0, 0]))),
    ],
    equivalents=[
        one_hot_in_a_loop,
        one_hot_by_put_along_axis,
        lambda labels, num_classes=10: labels[:, None] == np.arange(num_classes),
        lambda labels, num_classes=10: np.where(np.arange(num_classes) == labels.reshape(-1, 1), 1, 0),
        lambda labels, num_classes=10: np.identity(num_classes, dtype=int)[labels],
        lambda labels, num_classes=10: np.array([np.eye(num_classes)[label] for label in labels]),
    ],
    hints=[
        "`np.eye(4)` is a square of zeros with ones on its diagonal. What is its row 2?",
        "NumPy takes an array as an index: `matrix[[2, 0, 2]]` is row 2, row 0 and row 2 again.",
        "Which square matrix do you need, and which array is the list of its rows that you want?",
    ],
)
