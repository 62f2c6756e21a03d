"""What the training dashboard and *draw a digit* are asked."""

from course_lib.checking.questions import Reading, readings

# --- mnist_questions
#
# In the chapter, below *draw a digit*; the drawings are those under Try, and what is asked is the sentence that stands
# there before anything is changed: "center and scale" is off in all three.
#
# 1. `high`: Which digit does the network see in *a 4, drawn too high*?
# 2. `corner`: Which in *a small 0 in the corner*?
# 3. `triangle`: What probability does it give its digit for *a triangle*?
# 4. `breaks`: In the dashboard of the constant rate, with *mean of the epoch so far* alone and the loss on a log scale:
#    at how many places does the curve jump, because the mean begins anew?
#
# The first three hang on a trained network. Those of this chapter, whatever their seed, are of one mind about these
# drawings: tests/exercises/mnist_mlp/test_own_answers.py asks one.

EPOCHS = 4  # of the chapter's trainings

MNIST_QUESTIONS = readings(
    "mnist_questions",
    Reading(
        "high",
        9,
        wrong={
            4: (
                "That is what a person sees, and the network once the drawing is centered.",
                "Switch “center and scale” off again, and read what it says of the drawing as it is.",
            ),
            7: ("7 comes second at best.", "Choose the drawing under Try, and leave its pen as it is."),
        },
    ),
    Reading(
        "corner",
        2,
        wrong={
            0: (
                "That is what a person sees, and the network once the drawing is centered.",
                "Switch “center and scale” off again, and read what it says of the drawing as it is.",
            ),
            7: (
                "That is what it says in the corner above.",
                "Choose the drawing under Try: the 0 is in the lower left corner.",
            ),
        },
    ),
    Reading(
        "triangle",
        1.0,
        tolerance=0.02,
        wrong={
            0.1: (
                "0.1 for each digit would be the answer of a network that knows what it does not know.",
                "Choose the drawing under Try, and read what this one says.",
            ),
            7: (
                "7 is the digit. The probability that the network gives it is asked for.",
                "It is the number in brackets behind the digit.",
            ),
        },
        too_small=("It is more certain than that.", "Switch “center and scale” off, as the drawing has it."),
        too_large=("A probability is at most 1.", "Read the number in brackets behind the digit."),
    ),
    Reading(
        "breaks",
        EPOCHS - 1,
        wrong={
            EPOCHS: (
                "The mean begins anew with every epoch, but before the first there is nothing to break off from.",
                "Count the places where the curve jumps, not the epochs.",
            ),
            0: (
                "It does break off, and steeply.",
                "Show the mean of the epoch so far alone, the loss on a log scale.",
            ),
        },
        too_small=(
            "There is a break wherever the mean begins anew.",
            "Look closely where the later epochs begin: their jumps are the smaller ones.",
        ),
        too_large=(
            "Only jumps are asked for, not the bumps in between.",
            "Ask where the mean begins anew, and count those places.",
        ),
    ),
    hints=[
        "Choose each drawing under *Try*, change nothing, and read the sentence below the picture.",
        "For `breaks`: untick *batches* and *validation* in the dashboard, and tick the log scale.",
        'Return a dict of four numbers: `{"high": …, "corner": …, "triangle": …, "breaks": …}`.',
    ],
)
