"""How people get the MLP of the table wrong, and what they are told."""

import re

from course_lib.checking.exercise import Misconception, flags
from course_lib.exercises.mnist_mlp.mlp_in_words import IN_WORDS
from course_lib.exercises.mnist_mlp.mlp_on_paper import NOT_IN_WORDS, RIGHT_STEPS, MLPOnPaper, mlp_on_paper


def only_differing_in(pattern):
    """Return a function that gives back the learner's layers in words where they differ only in what `pattern` is.

    It raises ValueError where they do not.
    """

    def words(given):
        right = [step for step in RIGHT_STEPS if step not in NOT_IN_WORDS]
        if [re.sub(pattern, "", word) for word in given] != [re.sub(pattern, "", word) for word in right]:
            raise ValueError("the layers differ in something else")
        return given

    return words


def _with_words(words):
    """Return the right MLP on paper, with `words` for its layers."""
    words = iter(words)
    return MLPOnPaper([step if step in NOT_IN_WORDS else next(words) for step in RIGHT_STEPS])


def another_layer(given):
    """Return (place, word) of the one layer in `given` that is none of the right MLP's. Raises ValueError."""
    for place, word in enumerate(given):
        if [*given[:place], *given[place + 1 :]] == _usual():
            return place, word
    raise ValueError("there is not one layer more")


def _usual(**changed):
    """Return the right layers in words, some of them `changed`, by their place: third="…"."""
    places = dict.fromkeys(("first", "drop", "second", "normalize", "drop_again", "last"))
    right = dict(zip(places, (step for step in RIGHT_STEPS if step not in NOT_IN_WORDS), strict=True))
    return list((right | changed).values())


def mlp_of_other_units(constant=None):
    """A dense layer has another number of units than in the table.

    The first argument of `Dense` is the number of units: 512, 512 and 10.
    """
    return _with_words(constant or _usual(second="dense 256, L2 0.001"))


def mlp_of_other_rates(constant=None):
    """A dropout layer has another rate than 0.2; `rate` is the share that is *dropped*, not kept.

    Write `Dropout(0.2)`, twice.
    """
    return _with_words(constant or _usual(drop="dropout 0.5", drop_again="dropout 0.5"))


def mlp_of_other_strength(constant=None):
    """The L2 penalty of the second hidden layer is not 0.001; the word "l2" stands for 0.01.

    Give it as an object: `kernel_regularizer=keras.regularizers.L2(0.001)`.
    """
    return _with_words(constant or _usual(second="dense 512, L2 0.01"))


def mlp_of_another_penalty(constant=None):
    """The second hidden layer has another penalty than L2 on its kernel, such as L1, or one on biases or activations.

    Asked for is one argument: `kernel_regularizer=keras.regularizers.L2(0.001)`.
    """
    return _with_words(constant or _usual(second="dense 512, L1 0.01"))


def mlp_of_another_normalization(constant=None):
    """The batch normalization has settings of its own, such as the ε or momentum of another library.

    The table names none, so Keras's defaults hold: `BatchNormalization()`.
    """
    return _with_words(constant or _usual(normalize="batch normalization, momentum 0.9, epsilon 1e-05"))


def mlp_without_a_bias(constant=None):
    """A dense layer has no bias.

    The parameters in the table count one for each unit: leave `use_bias` at its default.
    """
    return _with_words(constant or _usual(second="dense 512, L2 0.001, no bias"))


def mlp_with_initializers(constant=None):
    """A dense layer has an initializer of its own (`kernel_initializer` or `bias_initializer`).

    The table names none, so Keras's defaults hold: leave it out.
    """
    return _with_words(constant or _usual(first="dense 512, HeNormal for the kernel"))


def mlp_with_another_layer(constant=(0, "GaussianNoise")):
    """There is a layer that the table does not have.

    Keep to the table, a line for each of its rows.
    """
    place, word = constant
    steps = list(RIGHT_STEPS)
    places = [number for number, step in enumerate(steps) if step not in NOT_IN_WORDS] + [len(steps)]
    return MLPOnPaper([*steps[: places[place]], word, *steps[places[place] :]])


def mlp_of_square_images():
    """It does not take rows of 784 numbers.

    The images are flat already: begin with `keras.Input((784,))`.
    """
    return MLPOnPaper(RIGHT_STEPS, input_dim=28)


def mlp_that_drops_in_use():
    """Used twice for the same images it gives different outputs: something random is active in use, too.

    Use `layers.Dropout` as it is: Keras switches it on in `fit` and off in `predict`.
    """
    return MLPOnPaper(RIGHT_STEPS, is_random=True)


def mlp_as_list():
    """What comes back is no model, but a list, tuple or the like.

    Return the model alone: `keras.Sequential` makes one of a list of layers.
    """
    return list(RIGHT_STEPS)


STRAIGHT = "In the table each layer takes what the one before it gives, and nothing else."

MISCONCEPTIONS = [
    *flags(
        mlp_on_paper,
        no_dropout=("There is no dropout.", "It stands after each of the two hidden layers, with rate 0.2."),
        one_dropout=(
            "One of the two dropout layers is missing, the one before the output layer.",
            "It stands after the second ReLU.",
        ),
        no_penalty=(
            "The second hidden layer has no L2 penalty.",
            "`kernel_regularizer=keras.regularizers.L2(0.001)` gives it one.",
        ),
        first_penalty=("The L2 penalty is on the first hidden layer.", "It belongs to the second."),
        every_penalty=("All dense layers have the L2 penalty.", "Asked for is the second hidden layer alone."),
        no_normalization=(
            "There is no batch normalization.",
            "It stands between the second dense layer and its ReLU.",
        ),
        relu_first=(
            "The second ReLU comes before the batch normalization.",
            "Give the second dense layer no activation, and let a ReLU follow the normalization.",
        ),
        two_relus=(
            "The second dense layer has a ReLU of its own, besides the one after the batch normalization.",
            "Give it no activation: the table says *dense without activation*.",
        ),
        no_second_relu=(
            "Nothing non-linear follows the batch normalization.",
            'Add `layers.Activation("relu")` there.',
        ),
        no_first_relu=(
            "The first dense layer has no activation, so it and the second make but one linear map.",
            'Give it `activation="relu"`.',
        ),
        tanh=("The first dense layer has a tanh.", 'Give it `activation="relu"`.'),
        leaky=(
            "The first dense layer has a leaky ReLU, which lets a part of what is negative through.",
            'The table has plain ReLUs: `activation="relu"`.',
        ),
        limited=(
            "The first dense layer has a ReLU that lets nothing above 6 through.",
            'The table has plain ReLUs, without a limit: `activation="relu"`.',
        ),
        shortcut=(
            "A shortcut adds the first hidden layer's outputs to those of the second dense layer.",
            STRAIGHT,
        ),
        shortcut_to_relu=(
            "A shortcut adds the first hidden layer's outputs to those of the batch normalization.",
            STRAIGHT,
        ),
        shortcut_behind=("A shortcut adds the first hidden layer's outputs to those of the second.", STRAIGHT),
        rescaled=(
            "The model divides its inputs by 255.",
            "It takes rows that are scaled already: leave the Rescaling layer out.",
        ),
        logits=(
            "The output layer gives logits, without a softmax.",
            'Asked for are probabilities: `activation="softmax"`.',
        ),
        two_softmaxes=("There are two softmaxes, one after the other.", "Keep one of them."),
        over_the_batch=(
            "The softmax runs along axis 0, over the images of a batch.",
            "Each image's ten probabilities make 1: the last axis, which is Keras's default.",
        ),
        sigmoids=(
            "Sigmoids judge each digit on its own, and need not add up to 1.",
            'An image shows one of ten digits: `activation="softmax"`.',
        ),
        one_output=("There is one output unit.", "Ten classes need ten, a probability each."),
    ),
    mlp_of_square_images,
    mlp_that_drops_in_use,
    mlp_as_list,
    Misconception.of(mlp_of_other_units, constant=(IN_WORDS, only_differing_in(r"(?<=dense )\d+"))),
    Misconception.of(mlp_of_other_rates, constant=(IN_WORDS, only_differing_in(r"(?<=dropout )[^,]+"))),
    Misconception.of(mlp_of_other_strength, constant=(IN_WORDS, only_differing_in(r"(?<=L2 )[0-9.e-]+$"))),
    Misconception.of(mlp_of_another_penalty, constant=(IN_WORDS, only_differing_in(r", L[12] [^,]*"))),
    Misconception.of(mlp_of_another_normalization, constant=(IN_WORDS, only_differing_in(r"(?<=normalization), .*$"))),
    Misconception.of(mlp_without_a_bias, constant=(IN_WORDS, only_differing_in(r", no bias"))),
    Misconception.of(mlp_with_initializers, constant=(IN_WORDS, only_differing_in(r", \w+ for the (kernel|bias)"))),
    Misconception.of(mlp_with_another_layer, constant=(IN_WORDS, another_layer)),
]
