"""The way back through the largest value of a sequence, down to the words."""

import numpy as np

from course_lib import embedding
from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.scene import Matrix

global_max_pooling_gradient = embedding.global_max_pooling_gradient


def to_one_place(inputs, upstream, places):
    gradient = np.zeros(inputs.shape)
    np.put_along_axis(gradient, places[:, None, :], upstream[:, None, :], axis=1)
    return gradient


def all_to_the_first(inputs, upstream):
    return to_one_place(inputs, upstream, inputs.argmax(axis=1))


def all_to_the_last(inputs, upstream):
    return to_one_place(inputs, upstream, inputs.shape[1] - 1 - inputs[:, ::-1].argmax(axis=1))


def probe_global_max_pooling_gradient(global_max_pooling_gradient, rng):
    inputs, upstream = rng.normal(size=(3, 5, 2)), rng.normal(size=(3, 2))
    negative = -1 - rng.random((2, 4, 3))
    largest_last = np.sort(rng.normal(size=(2, 4, 3)), axis=1)[:, [3, 0, 1, 2]]
    ties = np.array([[[1.0], [3.0], [2.0], [3.0]], [[0.0], [0.0], [-1.0], [-2.0]]]) + rng.normal()
    back, other = rng.normal(size=(2, 3)), rng.normal(size=(2, 1))
    one = rng.normal(size=(2, 1, 3))
    yield Row("three texts of five places, two units", lambda: global_max_pooling_gradient(inputs, upstream),
              weight=3, essential=True)  # fmt: skip
    yield Row("all inputs below 0", lambda: global_max_pooling_gradient(negative, back))
    yield Row("the largest in the first place", lambda: global_max_pooling_gradient(largest_last, back))
    yield Row("two places share the maximum", lambda: global_max_pooling_gradient(ties, other), weight=2)
    yield Row("texts of one place", lambda: global_max_pooling_gradient(one, back))
    yield Row("an upstream gradient of zeros", lambda: global_max_pooling_gradient(inputs, np.zeros((3, 2))))


def faulty_pooling(inputs, upstream, **made):
    n, length, _ = inputs.shape
    looked_at = inputs
    if "by_size" in made:
        looked_at = np.abs(inputs)
    if "smallest" in made:
        looked_at = -inputs
    axis = 1
    if "over_units" in made:
        axis = 2
    if "over_texts" in made:
        axis = (0, 1)
    mask = (looked_at == looked_at.max(axis=axis, keepdims=True)).astype(float)
    if "place_of_the_sum" in made or "place_of_the_largest" in made:
        strength = inputs.sum(axis=2) if "place_of_the_sum" in made else inputs.max(axis=2)
        mask = (strength == strength.max(axis=1, keepdims=True))[:, :, None] * np.ones(inputs.shape)
    if "last_place" in made:
        mask = np.zeros(inputs.shape)
        mask[:, -1] = 1
    if "every_place" in made or "evenly" in made:
        mask = np.ones(inputs.shape)
    if "positive_ones" in made:
        mask = (inputs > 0).astype(float)
    if "softly" in made:
        powers = np.exp(inputs - inputs.max(axis=1, keepdims=True))
        mask = powers / powers.sum(axis=1, keepdims=True)
    shared = not {"whole_ties", "every_place", "positive_ones", "softly"} & made.keys()
    with np.errstate(invalid="ignore"):  # along another axis some units have no maximum, and 0/0
        mask = mask / mask.sum(axis=1, keepdims=True) if shared else mask
    back = np.ones(upstream.shape) if "ones" in made else upstream
    if "maximum_itself" in made:
        back = inputs.max(axis=1)
    if "times_maximum" in made:
        back = back * inputs.max(axis=1)
    if "units_averaged" in made:
        back = np.repeat(back.mean(axis=1, keepdims=True), back.shape[1], axis=1)
    gradient = mask * back[:, None, :]
    if "over_n" in made:
        gradient = gradient / n
    if "over_size" in made:
        gradient = gradient / upstream.size
    if "over_length" in made:
        gradient = gradient / length
    if "first_text" in made:
        gradient[1:] = 0
    if "minus" in made:
        gradient = -gradient
    return gradient.sum(axis=1) if "summed" in made else gradient


def scene_global_max_pooling_gradient(answer):
    """Two texts of four places, one below the other, without ties: there answers may differ and be right."""
    inputs = np.array([[[0.2, -0.9, 0.5], [0.9, -0.3, -0.4], [-0.6, -0.2, 0.6], [0.1, -0.8, 0.3]],
                       [[0.4, -0.5, -1.1], [0.3, -0.6, -0.7], [-0.2, 0.8, -0.9], [0.7, 0.1, -0.3]]])  # fmt: skip
    gradient = np.asarray(answer(inputs, np.array([[1.0, 2.0, -1.0], [-2.0, 0.5, 1.5]])))
    return Matrix(gradient.reshape(-1, gradient.shape[-1]), xlabel="unit", ylabel="place, first text above the second")


UNDIVIDED = "The maximum is one of the inputs: what comes back goes to it whole."
EACH_UNIT = "Each unit of each text has a maximum of its own: look along axis 1."

GLOBAL_MAX_POOLING_GRADIENT = Exercise(
    name="global_max_pooling_gradient",
    kind="derive",
    minutes=12,
    level=2,
    reference=global_max_pooling_gradient,
    accepts=[all_to_the_first, all_to_the_last],
    probe=probe_global_max_pooling_gradient,
    scene=scene_global_max_pooling_gradient,
    misconceptions=flags(
        faulty_pooling,
        whole_ties=(
            "Where two places share the maximum, each of them is paid the whole.",
            "Together they get what came back, once: give it to one of them, or divide by how many there are.",
        ),
        every_place=("Every place gets the gradient.", "Only the place of the maximum moves the output."),
        evenly=(
            "Every place gets an equal part, as behind a mean.",
            "Only the place of the maximum moves the output: it gets everything.",
        ),
        positive_ones=(
            "Every input above 0 gets the gradient, as behind a ReLU.",
            "Only the place of the maximum moves the output.",
        ),
        softly=(
            "Each place gets a share by its softmax.",
            "The maximum is hard: its place gets everything, the others nothing.",
        ),
        place_of_the_sum=(
            "One place, that with the largest sum over the units, gets the gradient of all units.",
            EACH_UNIT,
        ),
        place_of_the_largest=(
            "One place, that with the largest number of all, gets the gradient of all units.",
            EACH_UNIT,
        ),
        over_units=("The maximum is looked for along the units, not along the text.", EACH_UNIT),
        over_texts=("The maximum is looked for in the whole batch, so most texts get nothing.", EACH_UNIT),
        by_size=(
            "The place of the largest size, `np.abs`, gets the gradient.",
            "−3 is less than 1: the maximum looks at the sign.",
        ),
        smallest=("The place of the smallest input gets the gradient.", "The output is the largest one."),
        last_place=("The last place gets the gradient, whatever it holds.", "`argmax` tells where the largest stands."),
        ones=("The place of the maximum is marked with 1, and `upstream` is not used.", "Put `upstream` there."),
        maximum_itself=(
            "The value of the maximum itself stands in the gradient, and `upstream` is not used.",
            "The slope of the maximum is 1 along its place: put `upstream` there.",
        ),
        times_maximum=(
            "What comes back is multiplied by the value of the maximum.",
            "The slope of the maximum is 1 along its place: put `upstream` there as it is.",
        ),
        over_n=("The gradient is divided by the number of texts.", UNDIVIDED + " A mean over texts is the loss's."),
        over_size=("The gradient is divided by the number of maxima.", UNDIVIDED),
        units_averaged=(
            "What comes back is averaged over the units.",
            "Each unit has an upstream gradient of its own.",
        ),
        over_length=("The gradient is divided by the number of places.", UNDIVIDED),
        first_text=(
            "Only the first text has a gradient: `return` stands in the loop, or the loop ends too early.",
            "Go through all texts before you return.",
        ),
        minus=("The gradient is turned around: there is a minus too many.", "A minus belongs to the step of descent."),
        summed=(
            "The places are summed, so the gradient has no longer the shape of the inputs.",
            "Each place has a gradient of its own, most of them 0.",
        ),
    ),
    equivalents=[
        lambda inputs, upstream: np.where(
            inputs == inputs.max(axis=1, keepdims=True),
            (upstream / np.sum(inputs == inputs.max(axis=1, keepdims=True), axis=1))[:, None],
            0.0,
        ),
        lambda inputs, upstream: [
            [
                [upstream[i, k] / (text[:, k] == text[:, k].max()).sum() * (value == text[:, k].max())
                 for k, value in enumerate(place)]
                for place in text
            ]
            for i, text in enumerate(inputs)
        ],
    ],
    hints=[
        "Nudge an input that is not the largest of its unit a little. Does the output move?",
        "The gradient has the shape of the inputs, and is 0 nearly everywhere: begin with `np.zeros`.",
        "`inputs.argmax(axis=1)` gives the place for each text and unit; "
        "`inputs == inputs.max(axis=1, keepdims=True)` marks it.",
    ],
)  # fmt: skip
