"""What the network microscope is asked: what too large weights do, in both directions, and which scale lasts."""

from course_lib.checking.questions import Reading, readings

# --- microscope_questions
#
# In the chapter, below the microscope; what is not mentioned stays as it is when the microscope opens: ten hidden
# layers of 32 tanh units. A test moves the microscope and compares.
#
# 1. `saturated`: weights drawn by standard_normal. The share of the outputs of layer 5 that are saturated.
# 2. `growth`: the same network. How many times as large is the gradients' deviation in layer 1 as in layer 10?
# 3. `scale`: fifty hidden layers without activation, standard_normal. At which “weights times” is the outputs'
#    deviation in layer 50 between half and twice that in layer 1?

SATURATED, GROWTH, SCALE = 0.67, 183.0, 0.174

MICROSCOPE_QUESTIONS = readings(
    "microscope_questions",
    Reading(
        "saturated",
        SATURATED,
        tolerance=0.02,
        wrong={
            100 * SATURATED: ("That is in percent.", "A share of 1 % is 0.01."),
            0.92: (
                "That is the deviation of the outputs.",
                "Read the share that is called saturated, further on in the same sentence.",
            ),
            0.0: (
                "Nothing is saturated where the weights are small.",
                "Choose standard_normal as the initializer, and leave “weights times” at 1.",
            ),
        },
        too_small=(
            "More of them are saturated than that.",
            "Choose standard_normal, tanh and layer 5, and read the sentence below the picture.",
        ),
        too_large=(
            "Fewer of them are saturated than that.",
            "Choose standard_normal, tanh and layer 5, and read the sentence below the picture.",
        ),
    ),
    Reading(
        "growth",
        GROWTH,
        tolerance=0.05,
        wrong={
            1 / GROWTH: (
                "That is the other way round: the gradient starts at the output and arrives in layer 1.",
                "Divide the deviation in layer 1 by that in layer 10.",
            ),
            0.53: (
                "That is the gradients' deviation in layer 1.",
                "Divide it by the deviation in layer 10.",
            ),
            0.0029: (
                "That is the gradients' deviation in layer 10.",
                "Divide the deviation in layer 1 by it.",
            ),
            1.01: (
                "That is what becomes of the outputs, on the way forward. tanh holds them below 1.",
                "Take the gradients: “back from layer 10 to 1”.",
            ),
        },
        too_small=(
            "The gradients grow more than that on their way back.",
            "With standard_normal, take the two deviations after “the gradients' from”, and divide.",
        ),
        too_large=(
            "The gradients grow less than that on their way back.",
            "With standard_normal, take the two deviations after “the gradients' from”, and divide.",
        ),
    ),
    Reading(
        "scale",
        SCALE,
        tolerance=0.01,
        wrong={
            0.182: (
                "There the outputs of layer 50 are six times as large as those of layer 1.",
                "Go back by a step.",
            ),
            0.166: (
                "There the outputs of layer 50 are a 14th of those of layer 1.",
                "Go on by a step.",
            ),
            0.251: (
                "That lasts with ReLU, which takes something from every layer.",
                "Choose linear as the activation.",
            ),
            1 / 32: (
                "1 divided by the number of units is far too small: the outputs of layer 50 are nearly 0.",
                "Move “weights times” and watch the outputs' deviation in layer 50.",
            ),
        },
        too_small=(
            "At this scale the signal dies on its way.",
            "Move “weights times” to larger values, and watch the outputs' deviation in layer 50.",
        ),
        too_large=(
            "At this scale the signal explodes on its way.",
            "Move “weights times” to smaller values, and watch the outputs' deviation in layer 50.",
        ),
    ),
    hints=[
        "The sentence below the picture has all numbers: first the loss, then both directions, then the layer chosen.",
        "For `growth`: divide what the gradients' deviation goes *to* by what it comes *from*.",
        "For `scale`: activation linear, initializer standard_normal, 50 hidden layers. Then move “weights times”.",
    ],
)
