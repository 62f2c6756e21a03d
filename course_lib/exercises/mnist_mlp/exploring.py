"""What the training dashboard and *draw a digit* are asked."""

from course_lib.checking.exercise import readings

# --- mnist_questions
#
# In the chapter, below *draw a digit*; the drawings are those under Try, and stay as they are.
#
# 1. `high`: Which digit does the network see in *a 4, drawn too high*?
# 2. `corner`: Which in *a small 0 in the corner*?
# 3. `triangle`: What probability does it give its digit for *a triangle*?
# 4. `breaks`: In the dashboard of the constant rate, with the mean of the epoch so far alone and the loss on a log
#    scale: at how many places does the curve break off?
#
# The first three hang on a trained network. Those of this chapter, whatever their seed, are of one mind about these
# drawings: tests/exercises/mnist_mlp/test_own_answers.py asks one.

EPOCHS = 4  # of the chapter's trainings

MNIST_QUESTIONS = readings(
    "mnist_questions",
    {
        "high": {
            "answer": 9,
            "wrong": {
                4: "that is what a person sees, and the network once the drawing is centered. Switch that off again.",
                7: "7 comes second at best. Choose the drawing under Try, and leave its pen as it is.",
            },
        },
        "corner": {
            "answer": 2,
            "wrong": {
                0: "that is what a person sees, and the network once the drawing is centered. Switch that off again.",
                7: "that is what it says in the corner above. The 0 is in the lower left corner.",
            },
        },
        "triangle": {
            "answer": 1.0,
            "tolerance": 0.02,
            "wrong": {
                0.1: "0.1 for each digit would be the answer of a network that knows what it does not know. Read what "
                "this one says.",
                7: "7 is the digit. The probability that the network gives it is asked for: the number in brackets.",
            },
            "too small": "it is more certain than that. Did you switch “center and scale” on? The drawing has it off.",
            "too large": "a probability is at most 1.",
        },
        "breaks": {
            "answer": EPOCHS - 1,
            "wrong": {
                EPOCHS: "the mean begins anew with every epoch, but before the first there is nothing to break off "
                "from.",
                0: "it does break off, steeply: show the mean of the epoch so far alone, the loss on a log scale.",
            },
            "too small": "there is a break wherever the mean begins anew. Look closely where the later epochs begin.",
            "too large": "only jumps are asked for, not the bumps in between: where does the mean begin anew?",
        },
    },
    hints=[
        "Choose each drawing under *Try*, change nothing, and read the sentence below the picture.",
        "For `breaks`: untick *batches* and *validation* in the dashboard, and tick the log scale.",
        'Return a dict of four numbers: `{"high": …, "corner": …, "triangle": …, "breaks": …}`.',
    ],
)
