"""What the chapter's two explorers are asked: the best strength, a patience, an outlier's ceiling, a batch's size."""

from course_lib.checking.questions import Reading, readings

# --- regularization_readings
#
# In the chapter, below the explorers; what is not mentioned stays as it is when an explorer opens.
#
# 1. `strength`: L2 alone. The strength of the slider that has the lowest validation loss.
# 2. `patience`: batch size 4, nothing else. The smallest with which the best weights of all 400 steps are found.
# 3. `ceiling`: training; example 8 dragged along feature 1 to the right-hand edge. Its output 1.
# 4. `examples`: training, four examples, example 1 at (5, −3). How many must there be for the others to move by less
#    than 0.5 on average?

READ_THE_STRENGTH = "Move the slider of L2 step by step, and look for the lowest *validation* loss in the sentence."
READ_THE_PATIENCE = "Move *patience* up until the best step in the sentence is 212, and then back, one by one."
READ_THE_OUTPUT = (
    "The sentence says the outputs of the example that is dragged under batch normalization: read output 1."
)
READ_THE_NUMBER = "Add examples one by one, and read how far the others move on average under batch normalization."

REGULARIZATION_READINGS = readings(
    "regularization_readings",
    Reading(
        "strength",
        0.005,
        wrong={
            0: ("Without any penalty the validation loss is the highest of all, 1.42.", READ_THE_STRENGTH),
            0.0001: ("There the *training* loss is the lowest.", READ_THE_STRENGTH),
            0.003: (
                "That is the strength of the example; a stronger one has a lower validation loss.",
                READ_THE_STRENGTH,
            ),
            0.01: ("There the validation loss has begun to rise again.", READ_THE_STRENGTH),
            0.1: (
                "So high a price leaves nothing: the network says one half everywhere, at a loss of log 2 = 0.693.",
                READ_THE_STRENGTH,
            ),
            0.285: ("That is the lowest loss; asked for is the strength that has it.", "Read the slider of L2."),
        },
        too_small=("A stronger penalty has a lower validation loss.", READ_THE_STRENGTH),
        too_large=("A weaker penalty has a lower validation loss.", READ_THE_STRENGTH),
        why="weaker, the network bends around single points; stronger, it can no longer bend around both moons.",
    ),
    Reading(
        "patience",
        108,
        tolerance=0.0095,
        wrong={
            50: ("With the patience of the beginning it ends early, and keeps step 35.", READ_THE_PATIENCE),
            212: ("That is the step whose weights are the best.", "Asked for is the patience that reaches it."),
            35: ("That is the step that is kept with less patience.", "Asked for is the patience that goes further."),
            177: (
                "That is the distance from step 35 to 212; but there is a new best in between, from which waiting "
                "begins anew.",
                READ_THE_PATIENCE,
            ),
            200: (
                "It is enough, but not the smallest: with so much patience the training is never stopped.",
                READ_THE_PATIENCE,
            ),
        },
        too_small=("With so little patience the training ends before step 212.", READ_THE_PATIENCE),
        too_large=("A smaller patience is enough.", READ_THE_PATIENCE),
        why="with the noise of four examples a step, a new best may come more than a hundred steps after the last.",
    ),
    Reading(
        "ceiling",
        2.23,
        tolerance=0.009,
        wrong={
            6: ("That is the example's x1, the input.", READ_THE_OUTPUT),
            1.69: ("That is the output of layer normalization.", READ_THE_OUTPUT),
            1.53: ("That is the output of layer normalization.", READ_THE_OUTPUT),
            2.65: (
                "That is √7, which an example among eight comes nearer and nearer to, and never reaches.",
                READ_THE_OUTPUT,
            ),
            2.08: (
                "That is its output where it stands in the beginning, or the deviation by which it is divided.",
                "Drag it to the right as far as it goes, and read output 1.",
            ),
            0.6: ("That is output 2.", READ_THE_OUTPUT),
            1.34: ("That is the mean that is subtracted.", READ_THE_OUTPUT),
        },
        why="the farther an example is from the others, the larger it makes the deviation by which it is divided.",
    ),
    Reading(
        "examples",
        9,
        wrong={
            8: ("With 8 examples the others still move by 0.54.", "Count the whole batch, and add one more."),
            10: ("One less is enough: with 9 they move by 0.48.", READ_THE_NUMBER),
            12: ("Fewer are enough.", READ_THE_NUMBER),
            2: ("The smaller the batch, the more each example weighs: with 2 the other moves by 2.", READ_THE_NUMBER),
            0.48: ("That is how far they move; asked for is the number of examples.", READ_THE_NUMBER),
            0.54: ("That is how far they move; asked for is the number of examples.", READ_THE_NUMBER),
        },
        why="the more examples there are, the less one of them can move mean and deviation.",
    ),
    hints=[
        "Click *Reset* before each question, and read the sentence below the picture.",
        "With the arrow keys a slider moves by one. Losses, steps and outputs stand in the sentence.",
        'Return a dict: `{"strength": a number, "patience": a number, "ceiling": a number, "examples": a number}`.',
    ],
    minutes=8,
)
