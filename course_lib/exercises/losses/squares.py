"""The exercise on the slope of the mean squared error."""

import numpy as np

from course_lib import losses
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves


def mean_squared_error_gradient(y_true, y_pred):
    """Return ∂L/∂y_pred = 2 (y_pred − y_true) / size, shaped like y_pred."""
    return 2 * (y_pred - y_true) / y_pred.size


HALF_RIGHT = "one number that is right, one far off"


def probe_mean_squared_error_gradient(mean_squared_error_gradient, rng):
    y, p, table, q = rng.normal(size=5), rng.normal(size=5), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    square, r = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    yield Row("five numbers", lambda: mean_squared_error_gradient(y, p), essential=True)
    yield "four examples with three outputs", lambda: mean_squared_error_gradient(table, q)
    yield "three examples with three outputs", lambda: mean_squared_error_gradient(square, r)
    yield "a single number", lambda: mean_squared_error_gradient(y[:1], p[:1])
    yield (
        HALF_RIGHT,
        lambda: mean_squared_error_gradient(np.array([2.0, 0.0]), np.array([2.0, 1000.0])),
    )


def faulty_gradient(y_true, y_pred, **made):
    error = y_true - y_pred if "uphill" in made else y_pred - y_true
    error = np.abs(error) if "absolute" in made else error
    error = np.sign(error) if "size_lost" in made else error
    error = error**2 if "squared" in made else error
    count = 1 if "summed" in made else len(y_pred) if "by_rows" in made else y_pred.size
    count = y_pred.shape[-1] if "by_columns" in made else count
    count = count**2 if "twice" in made else count
    return (1 if "no_two" in made else 4 if "doubled" in made else 0.5 if "halved" in made else 2) * error / count


def gradient_without_factor_and_sign(y_true, y_pred):
    """You return y_true − y_pred: the sign is turned, and the factor 2/n is missing.

    Differentiate the mean of (y_pred − y_true)² along one prediction: the square brings a 2, the mean a 1/n.
    """
    return y_true - y_pred


def gradient_of_the_absolute_error(y_true, y_pred):
    """This is the slope of the mean absolute error: it has one size, however far off a prediction is.

    The derivative of a square is proportional to the distance.
    """
    return losses.mean_absolute_error_gradient(y_true.ravel(), y_pred.ravel()).reshape(y_pred.shape)


def gradient_averaged(y_true, y_pred):
    """You return a single number: the mean of the slopes, or what comes of nudging all predictions at once.

    Each prediction has a slope of its own: return one number for each.
    """
    return np.mean(2 * (y_pred - y_true))


def gradient_averaged_over_examples(y_true, y_pred):
    """You take the mean over the examples, axis 0, so that all examples share one slope.

    Each prediction has a slope of its own: return an array shaped like `y_pred`, and divide by its size.
    """
    return np.mean(2 * (y_pred - y_true), axis=0)


def gradient_averaged_without_two(y_true, y_pred):
    """You return a single number, the mean of the errors, and the 2 is missing, too.

    Each prediction has a slope of its own, 2/n times its error.
    """
    return np.mean(y_pred - y_true)


def gradient_summed_over_examples(y_true, y_pred):
    """You add up the slopes over the examples, axis 0.

    Each prediction has a slope of its own: return an array shaped like `y_pred`.
    """
    return np.sum(2 * (y_pred - y_true) / y_pred.size, axis=0)


def gradient_in_whole_numbers(y_true, y_pred):
    """Your slopes are whole numbers: their fractions are cut off where they are stored.

    An array made with `dtype=int` takes no fractions: make it `np.zeros(y_pred.shape)`.
    """
    return (2 * (y_pred - y_true) / y_pred.size).astype(int)


def gradient_with_a_plus(y_true, y_pred):
    """There is a plus for a minus between `y_pred` and `y_true`.

    The error is a difference: where the prediction is right, the slope is 0.
    """
    return 2 * (y_pred + y_true) / y_pred.size


def gradient_of_the_first(y_true, y_pred):
    """You return the slope of the first entry, or of the first row, alone: a `return` inside a loop ends it.

    Work on whole arrays, and return one slope for each prediction.
    """
    return (2 * (y_pred - y_true) / y_pred.size)[0]


def gradient_times_the_target(y_true, y_pred):
    """Your slopes are multiplied by the targets.

    The derivative of (y_pred − y_true)² along y_pred has the factor 2 and nothing else.
    """
    return 2 * (y_pred - y_true) * y_true / y_pred.size


def gradient_without_brackets(y_true, y_pred):
    """Brackets are missing: a product and a quotient go before the subtraction, so only `y_true` is divided.

    Put the difference in brackets.
    """
    return 2 * y_pred - y_true / y_pred.size


def gradient_as_the_loss(y_true, y_pred):
    """This is the loss itself, not its slope.

    Differentiate it along each prediction.
    """
    return np.mean((y_pred - y_true) ** 2)


def gradient_with_the_loss(y_true, y_pred):
    """Two things come back, the loss and its gradient.

    Asked for is one array, the gradient alone.
    """
    return np.mean((y_pred - y_true) ** 2), 2 * (y_pred - y_true) / y_pred.size


def gradient_times_the_prediction(y_true, y_pred):
    """Your slopes are multiplied by the predictions, as if these were the inputs of a layer.

    Asked for is the slope along each prediction itself: nothing stands behind it in the chain.
    """
    return 2 * (y_pred - y_true) * y_pred / y_pred.size


def gradient_by_one_sided_nudges(y_true, y_pred, constant=1e-6):
    """You measure each slope by a nudge to one side, which is off by the nudge: where it is right, it is not 0.

    Differentiate: the slope of e² is exactly 2e.
    """
    return (2 * (y_pred - y_true) + constant) / y_pred.size


def gradient_measured(y_true, y_pred):
    slopes = np.empty(y_pred.shape)
    for place in np.ndindex(y_pred.shape):
        nudge = np.zeros(y_pred.shape)
        nudge[place] = 0.5  # of a parabola a central difference of any size is exact
        slopes[place] = np.mean((y_pred + nudge - y_true) ** 2) - np.mean((y_pred - nudge - y_true) ** 2)
    return slopes


def scene_gradient(answer):
    predictions = np.linspace(-2.0, 4.0, 61)
    y_true, others = np.array([[2.0, 0.0, 2.0], [0.0, -1.0, 1.0]]), np.array([[0.0, 1.0, 2.5], [0.5, 1.0, -1.0]])
    first = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    slopes = np.array([np.asarray(answer(y_true, others + each * first), float)[0, 0] for each in predictions])
    return Curves(
        predictions,
        {"slope along the first of six": slopes},
        xlabel="first prediction",
        ylabel="slope (its target is 2)",
    )


MSE_GRADIENT = Exercise(
    name="mean_squared_error_gradient",
    kind="derive",
    minutes=6,
    level=1,
    reference=losses.mean_squared_error_gradient,
    solution=mean_squared_error_gradient,
    probe=probe_mean_squared_error_gradient,
    scene=scene_gradient,
    misconceptions=[
        *flags(
            faulty_gradient,
            no_two=("The factor 2 is missing.", "The derivative of e² is 2e."),
            uphill=(
                "The sign is turned around: where a prediction is too large, the loss grows with it.",
                "The slope is positive where y_pred is above y_true.",
            ),
            summed=(
                "You do not divide by the number of predictions, as for a sum.",
                "The loss is a mean, and each prediction has a share of 1/n in it.",
            ),
            by_rows=(
                "You divide by the number of rows, `len(y_pred)`.",
                "The mean goes over all entries of the table: divide by its size.",
            ),
            by_columns=(
                "You divide by the length of a row, the number of outputs.",
                "The mean goes over all entries of the table: divide by its size.",
            ),
            doubled=(
                "Your slopes are twice as steep as they should be.",
                "The square brings the factor 2 once; there is no other.",
            ),
            halved=(
                "You divide by 2, where the square brings the factor 2: your slopes are a quarter of the right ones.",
                "The derivative of e² is 2e.",
            ),
            twice=("You divide by the number of predictions twice, by n².", "The mean divides once."),
            absolute=(
                "The sign is lost: your slopes are all positive.",
                "Leave out the `abs`: where a prediction is too small, the slope is negative.",
            ),
            size_lost=(
                "Your slopes have the error's sign alone: a large error has no larger slope than a small one.",
                "That belongs to the absolute error. The derivative of e² is 2e.",
            ),
            squared=("Your differences are still squared.", "The derivative of e² is 2e, without the square."),
        ),
        gradient_without_factor_and_sign,
        gradient_of_the_absolute_error,
        gradient_averaged,
        Misconception.of(gradient_by_one_sided_nudges, constant=(HALF_RIGHT, lambda slopes: float(2 * slopes[0]))),
        gradient_averaged_over_examples,
        gradient_averaged_without_two,
        gradient_summed_over_examples,
        gradient_in_whole_numbers,
        gradient_without_brackets,
        gradient_with_a_plus,
        gradient_of_the_first,
        gradient_times_the_target,
        gradient_as_the_loss,
        gradient_with_the_loss,
        gradient_times_the_prediction,
    ],
    equivalents=[
        gradient_measured,
        lambda y_true, y_pred: -2 / np.size(y_true) * (y_true - y_pred),
    ],
    hints=[
        "Only one term of the mean holds the prediction along which you differentiate. What is that term's factor?",
        "Write one term as e², with e the error. What is the derivative of a square? The factor of the mean stays.",
    ],
)
