"""What the chapter's explorer of a convolution is asked: a weight that moves the digit, padding, and a bias."""

from course_lib.checking.questions import Reading, readings

# --- mnist_cnn_readings
#
# In the chapter, below the explorer; what is not mentioned stays as it is when the explorer opens.
#
# 1. `moved`: filter 1 of layer 1, bias 0, one weight 1 and all others 0. The weight whose map shows the digit moved by
#    one pixel to the right.
# 2. `unpadded`: padding 0 in layer 1. For how many of the ten digits the network still says the right one.
# 3. `bias`: digit 1, filter 7 of layer 2. The first bias with one decimal, going up, at which it no longer says 1.

READ_THE_MAP = "*zeros* sets all nine weights to 0. Make one of them 1, and compare the map with the digit."
READ_THE_NUMBER = (
    "Click Reset, set the padding to 0, and go through all ten digits: the sentence says which one is read."
)
READ_THE_BIAS = "Raise the bias by 0.1 at a time, and read what the network says."

MNIST_CNN_READINGS = readings(
    "mnist_cnn_readings",
    Reading(
        "moved",
        "w21",
        wrong={
            "w23": (
                "With w23 the digit moves to the left: each place of the map shows what lies to the right of it.",
                READ_THE_MAP,
            ),
            "w22": ("With the weight in the middle nothing moves.", READ_THE_MAP),
            "w12": ("With w12 the digit moves down.", READ_THE_MAP),
            "w32": ("With w32 the digit moves up.", READ_THE_MAP),
            "w11": ("With w11 the digit moves down as well as to the right.", READ_THE_MAP),
            "w31": ("With w31 the digit moves up as well as to the right.", READ_THE_MAP),
            "w13": ("With w13 the digit moves down, and to the left.", READ_THE_MAP),
            "w33": ("With w33 the digit moves up, and to the left.", READ_THE_MAP),
        },
        why="the map shows at each place what lies to the left of it, so everything stands one pixel further right.",
    ),
    Reading(
        "unpadded",
        3,
        wrong={10: ("With padding 1, as it was trained, it is right on all ten.", READ_THE_NUMBER)},
        too_small=("For more of the digits the network still says the right one.", READ_THE_NUMBER),
        too_large=("For fewer of the digits the network still says the right one.", READ_THE_NUMBER),
        why="the map is smaller without padding: what its outermost places would have seen is missing.",
    ),
    Reading(
        "bias",
        1.2,
        wrong={
            1.1: ("At 1.1 it still says 1.", "Go one step further."),
            1.75: ("That is how far the bias was raised.", "Asked for is the bias itself."),
        },
        too_small=("There it still says 1.", READ_THE_BIAS),
        too_large=("It has said another digit before.", READ_THE_BIAS),
        why="a bias is added at every place, whatever stands there: with enough of it the filter always seems to have "
        "found what it looks for.",
    ),
    hints=[
        "Click *Reset* before each question, and read the sentence below the picture.",
        "*zeros* sets all nine weights to 0. *weight in* chooses one of them; its value stands in the box beside "
        "it. The bias has a box, too.",
        'Return a dict: `{"moved": "w11", "unpadded": a number, "bias": a number}`.',
    ],
    minutes=8,
)
