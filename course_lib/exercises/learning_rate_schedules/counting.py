"""From epochs, in which people think, to the boundaries of a schedule, which counts steps."""

import math

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags


def epochs_to_boundaries(epochs, examples, batch_size):
    """Return the last step of each of the epochs, where step 0 is the first one of training.

    Args:
        epochs: list of integers ≥ 1.
        examples: integer ≥ 1, which each epoch goes through once.
        batch_size: integer ≥ 1; the last batch of an epoch may be smaller.
    Returns:
        list of integers, as long as `epochs`.
    """
    steps_an_epoch = math.ceil(examples / batch_size)
    return [epoch * steps_an_epoch - 1 for epoch in epochs]


def probe_epochs_to_boundaries(epochs_to_boundaries, rng):
    batch_size, batches = (int(rng.integers(*ends)) for ends in ((30, 60), (5, 20)))
    few, many = int(rng.integers(1, batch_size // 3)), int(rng.integers(2 * batch_size // 3, batch_size))
    whole = batches * batch_size
    for label, epochs, examples in (
        ("two epochs, and a few examples more than whole batches", [1, 2], whole + few),
        ("five epochs, and nearly another whole batch", [2, 3, 7, 8, 11], whole + many),
        ("batches that leave nothing over", [3, 4, 9], whole),
        ("later epochs, and a few examples more", [10, 25], whole + few),
    ):
        yield label, lambda e=epochs, n=examples: epochs_to_boundaries(list(e), n, batch_size)
    yield "a batch larger than all examples", lambda: epochs_to_boundaries([1, 4], 20, 32)
    yield Row("60,000 examples in batches of 128", lambda: epochs_to_boundaries([2, 3], 60000, 128), essential=True)


def faulty_boundaries(
    epochs, examples, batch_size,
    late=False, later=False, floor=False, at_the_end=False, cut_at_the_end=False, one_too_many=False, rounded=False,
    fraction=False, begins=False, of_examples=False, of_batch_size=False, of_epochs=False,
    rounded_at_the_end=False, one_off_each=False, from_0=False, ends_before=False,
):  # fmt: skip
    steps = examples / batch_size
    an_epoch = {
        floor: examples // batch_size,
        one_too_many: examples // batch_size + 1,
        rounded: round(steps),
        of_epochs: 1,
        of_batch_size: batch_size,
        of_examples: examples,
        one_off_each: math.ceil(steps) - 1,
        at_the_end or cut_at_the_end or rounded_at_the_end or fraction: steps,
    }.get(True, math.ceil(steps))
    found = [
        (epoch + (from_0 and not (begins or ends_before)) - (begins or ends_before)) * an_epoch for epoch in epochs
    ]
    if rounded_at_the_end:
        found = [round(number) for number in found]
    elif at_the_end:
        found = [math.ceil(number) for number in found]
    elif cut_at_the_end:
        found = [int(number) for number in found]
    return [number + (1 if later else 0 if late or begins or one_off_each else -1) for number in found]


LATE = (
    "Your boundaries lie one step too late: step 0 is the first one, so after n steps of an epoch the step n is the "
    "first of the next.",
    "Take one off: the *last* step of the epoch still has the old rate.",
)

EPOCHS_TO_BOUNDARIES = Exercise(
    name="epochs_to_boundaries",
    kind="derive",
    minutes=8,
    level=2,
    reference=epochs_to_boundaries,
    probe=probe_epochs_to_boundaries,
    misconceptions=[
        *flags(
            faulty_boundaries,
            late=LATE,
            later=(
                "Your boundaries lie two steps too late.",
                "Step 0 is the first one. Which number has the last step of an epoch of 3 steps?",
            ),
            floor=(
                "The smaller last batch of an epoch is left out: you round the number of its batches down.",
                "What is left over is a batch, and a step, too: round up.",
            ),
            at_the_end=(
                "You round once, at the end. But every epoch has a smaller last batch of its own.",
                "Round the steps of one epoch first, and multiply then.",
            ),
            cut_at_the_end=(
                "You round once, at the end, and down. But every epoch has a smaller last batch of its own.",
                "Round the steps of one epoch up first, and multiply then.",
            ),
            rounded_at_the_end=(
                "You round once, at the end, and to the nearest. But every epoch has a smaller last batch of its own.",
                "Round the steps of one epoch up first, and multiply then.",
            ),
            one_off_each=(
                "You take one off for each epoch. Only the very first step of all is step 0.",
                "Multiply first, and take one off then.",
            ),
            from_0=(
                "You count the epochs from 0: your boundaries lie one epoch too late.",
                "Epoch 1 is the first one, and has as many steps as there are batches.",
            ),
            one_too_many=(
                "Where the batch size divides the examples, nothing is left over: you count one batch too many.",
                "Use a quotient that is rounded up, such as `math.ceil(examples / batch_size)`.",
            ),
            rounded=(
                "You round the number of batches to the nearest whole number, so that a small last batch is lost.",
                "Every rest is a batch: round up.",
            ),
            fraction=(
                "Your boundaries are no whole numbers: a part of a batch is a step, too.",
                "Round the number of batches of one epoch up.",
            ),
            begins=(
                "These are the first steps of the epochs.",
                "A boundary is the last step with the old rate, at the end of the epoch.",
            ),
            ends_before=(
                "These are the last steps of the epochs before: the epochs are counted one less.",
                "“After epoch 2” is where the second epoch ends: multiply by the epoch itself.",
            ),
            of_examples=(
                "You count examples: a step takes a whole batch of them.",
                "How many batches does an epoch have?",
            ),
            of_batch_size=(
                "You multiply by the batch size, which says how many examples a step takes, not how many steps there "
                "are.",
                "How many batches does an epoch have?",
            ),
            of_epochs=(
                "These are the epochs: `examples` and `batch_size` have no effect.",
                "A schedule counts steps. How many does an epoch have?",
            ),
        ),
        Misconception(
            lambda epochs, examples, batch_size: list(epochs),
            "These are the epochs, unchanged.",
            "A schedule counts steps. How many does an epoch have?",
            "epochs_themselves",
        ),
        Misconception(
            lambda epochs, examples, batch_size: [math.ceil(examples / batch_size) for _ in epochs],
            "You return the steps of one epoch for each of the epochs.",
            "Multiply by the number of the epoch, and find the last step.",
            "one_epoch_for_all",
        ),
        Misconception(
            lambda epochs, examples, batch_size: epochs_to_boundaries(range(1, len(epochs) + 1), examples, batch_size),
            "You multiply by the place in the list, 1, 2 and so on, and not by the epoch that stands there.",
            "The first number of `epochs` may be 10: use the numbers themselves.",
            "places_for_epochs",
        ),
        Misconception(
            lambda epochs, examples, batch_size: epochs_to_boundaries(range(len(epochs)), examples, batch_size),
            "You multiply by the place in the list, 0, 1 and so on, and not by the epoch that stands there.",
            "Go through the numbers themselves: `for epoch in epochs`.",
            "places_from_0_for_epochs",
        ),
        Misconception(
            lambda epochs, examples, batch_size: epochs * math.ceil(examples / batch_size),
            "A list times a number is the list again and again: its items are not multiplied.",
            "Multiply each: `[epoch * steps - 1 for epoch in epochs]`, or make an array of the list.",
            "list_repeated",
        ),
        Misconception(
            lambda epochs, examples, batch_size: [str(n) for n in epochs_to_boundaries(epochs, examples, batch_size)],
            "Your boundaries are texts.",
            "Return the numbers.",
            "boundaries_as_texts",
        ),
        Misconception(
            lambda epochs, examples, batch_size: epochs_to_boundaries(epochs[:1], examples, batch_size),
            "Your list holds the first boundary alone.",
            "Go on to the last of `epochs`: a `return` inside a loop ends it.",
            "list_of_the_first",
        ),
        Misconception(
            lambda epochs, examples, batch_size: [0, *epochs_to_boundaries(epochs, examples, batch_size)],
            "Your list has one number too many in front, 0.",
            "Return as many numbers as there are `epochs`: the training begins with no boundary.",
            "zero_in_front",
        ),
        Misconception(
            lambda epochs, examples, batch_size: epochs_to_boundaries(np.cumsum(epochs), examples, batch_size),
            "You add the epochs up, as if each were a number of epochs since the one before.",
            "Each is counted from the start of the training, from epoch 1.",
            "epochs_added_up",
        ),
        Misconception(
            lambda epochs, examples, batch_size: math.ceil(examples / batch_size),
            "You return how many steps one epoch has. Asked for is a list with the last step of each of `epochs`.",
            "Go through `epochs` and collect a number for each.",
            "steps_of_one_epoch",
        ),
        Misconception(
            lambda epochs, examples, batch_size: epochs_to_boundaries(epochs, examples, batch_size)[0],
            "You return a single number, for the first of `epochs`; asked for is a list.",
            "Collect a number for each of `epochs`; a `return` inside the loop ends it.",
            "first_alone",
        ),
    ],
    equivalents=[
        lambda epochs, examples, batch_size: [epoch * -(-examples // batch_size) - 1 for epoch in epochs],
        lambda epochs, examples, batch_size: tuple(
            len(range(0, examples, batch_size)) * epoch - 1.0 for epoch in epochs
        ),
    ],
    hints=[
        "Take 10 examples in batches of 4. How many batches has an epoch, and which numbers have its steps?",
        "What is left over at the end of an epoch is a batch too: `math.ceil` rounds up.",
        "Epoch 1 has the steps 0 to n − 1. Which is the last step of epoch 2?",
    ],
)
