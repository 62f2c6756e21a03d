"""The exercise on Huber's loss: a parabola that goes on as a straight line."""

import numpy as np

from course_lib import losses
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves


def huber(y_true, y_pred, delta=1.0):
    """Return the mean of ½ e² where |e| ≤ δ, and of δ (|e| − ½ δ) beyond."""
    error = np.abs(y_pred - y_true)
    return np.mean(np.where(error <= delta, error**2 / 2, delta * (error - delta / 2)))


def probe_huber(huber, rng):
    # Errors of both signs and on both sides of every δ, each with its own size.
    lowest = np.array([0.1, 0.1, 0.55, 0.75, 1.3, 1.3, 1.3, 1.3])
    highest = np.array([0.45, 0.45, 0.68, 0.95, 3.0, 3.0, 3.0, 3.0])
    errors = rng.permutation(rng.uniform(lowest, highest))
    errors = errors * rng.permutation([1, 1, 1, 1, -1, -1, -1, -1])
    y, table, targets = rng.normal(size=8), rng.normal(scale=2.0, size=(4, 3)), rng.normal(size=(4, 3))
    small = rng.uniform(-0.4, 0.4, size=5)
    yield Row("eight errors, small and large, the default δ", lambda: huber(y, y + errors), essential=True)
    yield "the same errors, δ = 0.5", lambda: huber(y, y + errors, delta=0.5)
    yield "four examples with three outputs, δ = 2.5", lambda: huber(targets, targets + table, 2.5)
    yield "small errors alone, δ = 0.5", lambda: huber(np.zeros(5), small, 0.5)
    yield "large errors alone, δ = 0.3", lambda: huber(np.array([5.0, -7.0]), np.array([-4.0, 6.0]), 0.3)
    yield "one error of −0.8, δ = 0.8", lambda: huber(np.array([1.0]), np.array([0.2]), 0.8)


def faulty_huber(y_true, y_pred, delta=1.0, **made):
    error = y_pred - y_true
    error = -error if "signed_other" in made else error if "signed" in made else np.abs(error)
    small = error**2 * (1.0 if "no_half" in made else 0.5)
    shift = delta**2 / 2
    if "no_shift" in made:
        shift = 0.0
    if "whole_shift" in made:
        shift = delta**2
    if "unsquared_shift" in made:
        shift = delta / 2
    if "shifted_up" in made:
        shift = -(delta**2) / 2
    large = delta * error - shift
    if "slope_of_one" in made:
        large = error - delta / 2
    if "slope_of_one_shifted" in made:
        large = error - delta**2 / 2
    if "goes_on_with_one" in made:
        large = delta**2 / 2 + (error - delta)
    if "half_line" in made:
        large = delta * error / 2
    if "slope_of_one_for_one" in made:
        large = error - 0.5
    if "half_without_delta" in made:
        large = delta * (error - 0.5) * delta
    if "nothing_beyond" in made:
        large = np.zeros_like(error)
    if "unsquared" in made:
        small = error / 2
    if "plain" in made:
        large = error
    if "signed_line" in made:
        large = delta * (y_pred - y_true) - shift
    if "doubled" in made:
        small, large = 2 * small, 2 * large
    if "smaller_of_both" in made:
        small = np.minimum(small, delta * error)
        large = np.minimum(error**2 / 2, delta * error)
    is_small = error <= (1.0 if "switch_at_one" in made else delta)
    if "half_the_border" in made:
        is_small = error <= delta / 2
    if "squares_compared" in made:
        is_small = error**2 <= delta
    if "swapped" in made:
        is_small = ~is_small
    if "all_or_nothing" in made:
        is_small = np.full(error.shape, np.all(error <= delta))
    if "by_the_mean" in made:
        is_small = np.full(error.shape, np.mean(error) <= delta)
    is_small = is_small & ("line_everywhere" not in made)
    values = np.where(is_small, small, large)
    if "two_means" in made:
        return np.mean(small[is_small]) + np.mean(large[~is_small])
    if "one_by_one" in made:
        return values
    if "divided_twice" in made:
        return np.mean(values) / len(values)
    return np.sum(values) / (1 if "summed" in made else len(values) if "by_rows" in made else values.size)


def huber_of_a_delta_of_its_own(y_true, y_pred, delta=1.0, constant=1.0):
    """`delta` is ignored: your δ is the same number whatever is asked.

    Use the argument in both pieces, and where they meet.
    """
    return losses.huber(y_true, y_pred, constant)


def huber_of_another_default(y_true, y_pred, delta=None, constant=1.35):
    """Your default δ is another than the task's, which is 1, as in Keras.

    Change it in the first line of the function.
    """
    return losses.huber(y_true, y_pred, constant if delta is None else delta)


def huber_as_squares(y_true, y_pred, delta=1.0):
    """This is half the squared error everywhere: nothing limits the slope of a large error.

    Beyond δ go on with a straight line.
    """
    return np.mean((y_pred - y_true) ** 2) / 2


def huber_as_absolute(y_true, y_pred, delta=1.0):
    """This is the absolute error everywhere, with its corner at 0.

    Below δ it is to be a parabola.
    """
    return np.mean(np.abs(y_pred - y_true))


def log_cosh(y_true, y_pred, delta=1.0):
    """This is the log-cosh loss: it looks alike, but is nowhere exactly a parabola or a line, and has no δ.

    Choose between two pieces for each error: a parabola up to δ, a straight line beyond.
    """
    return np.mean(np.log(np.cosh(y_pred - y_true)))


def huber_cut_off(y_true, y_pred, delta=1.0):
    """Beyond δ your loss is flat, a constant: what is far off has no slope and is never repaired.

    Go on with a straight line whose slope is that of the parabola at δ.
    """
    return np.mean(np.minimum(np.abs(y_pred - y_true), delta) ** 2) / 2


def huber_of_the_mean_error(y_true, y_pred, delta=1.0):
    """The mean of the errors is taken first, and Huber's loss of this one number.

    Each error has a loss of its own: first the losses, then their mean.
    """
    return losses.huber(np.zeros(1), np.mean(np.abs(y_pred - y_true), keepdims=True), delta)


def huber_as_its_slope(y_true, y_pred, delta=1.0):
    """This is the slope of Huber's loss, an error cut off at ±δ.

    Asked for is the loss itself.
    """
    return np.mean(np.clip(y_pred - y_true, -delta, delta))


def pseudo_huber(y_true, y_pred, delta=1.0):
    """This is the pseudo-Huber loss, a root: it looks alike, but is nowhere exactly a parabola or a line.

    Choose between two pieces for each error: a parabola up to δ, a straight line beyond.
    """
    error = (y_pred - y_true) / delta
    return np.mean(delta**2 * (np.sqrt(1 + error**2) - 1))


def smooth_l1(y_true, y_pred, delta=1.0):
    """This is smooth L1 in its other form: Huber's loss divided by δ, so that the lines have the slope 1.

    The parabola is ½ e² whatever δ is, and the lines have the slope δ.
    """
    return losses.huber(y_true, y_pred, delta) / delta


def huber_by_if(y_true, y_pred, delta=1.0):
    """This works for one number, not for an array: `if error <= delta` asks a whole array for one yes or no.

    Decide for each error by itself: `np.where(condition, value_if_true, value_if_false)`.
    """
    error = np.abs(y_pred - y_true)
    return error**2 / 2 if error <= delta else delta * (error - delta / 2)


def huber_in_two_parts(y_true, y_pred, delta=1.0):
    error = np.abs(y_pred - y_true)
    near = np.minimum(error, delta)
    return np.mean(near**2 / 2 + delta * (error - near))


def huber_by_loop(y_true, y_pred, delta=1.0):
    total, count = 0.0, 0
    for error in np.abs(np.ravel(y_pred) - np.ravel(y_true)):
        total += error * error / 2 if error < delta else delta * error - delta * delta / 2
        count += 1
    return total / count


def scene_huber(huber):
    errors = np.linspace(-3.0, 3.0, 121)
    tables = [np.array([[error, 0.3], [-2.0, 0.9]]) for error in errors]
    given = np.array([[float(huber(np.zeros((2, 2)), table, *delta)) for table in tables] for delta in ([0.8], [])])
    curves = {"loss of four errors, δ = 0.8": given[0], "loss of four errors, default δ": given[1]}
    return Curves(errors, curves, xlabel="first error")


HUBER = Exercise(
    name="huber",
    kind="derive",
    minutes=12,
    level=2,
    reference=losses.huber,
    solution=huber,
    probe=probe_huber,
    scene=scene_huber,
    misconceptions=[
        *flags(
            faulty_huber,
            no_half=(
                "Your parabola is e², twice as high as it should be: its ½ is missing.",
                "Near 0 the loss is ½ e², whose slope is the error itself.",
            ),
            no_shift=(
                "Your straight lines begin at δ², where the parabola ½ e² is ½ δ² high.",
                "Shift the line down by a constant, so that both have one value at δ.",
            ),
            whole_shift=(
                "Your straight lines begin at 0, where the parabola is ½ δ² high.",
                "At δ the parabola is ½ δ² high, and the line has to begin there.",
            ),
            unsquared_shift=(
                "What you take off the line is ½ δ, not squared: that is right for δ = 1 alone.",
                "At δ, the line's δ · δ has to become ½ δ². What is to be taken off?",
            ),
            shifted_up=(
                "Your straight lines are shifted up, with a plus for a minus.",
                "At δ the parabola is ½ δ² high: the line has to come down to that.",
            ),
            slope_of_one=(
                "Your straight lines have the slope 1 whatever δ is.",
                "The parabola arrives at δ with the slope δ, and the line goes on with it.",
            ),
            slope_of_one_shifted=(
                "Your straight lines have the slope 1 whatever δ is, and are shifted as if their slope were δ.",
                "The parabola arrives at δ with the slope δ: the line goes on with it.",
            ),
            goes_on_with_one=(
                "Your lines begin at ½ δ², as they should, but go on with the slope 1 whatever δ is: a corner at δ.",
                "The slope of ½ e² at δ is δ.",
            ),
            half_line=(
                "Beyond δ your line is ½ δ |e|: it begins at ½ δ², as it should, but has half the slope.",
                "The line has the slope δ, and is shifted down so that it begins where the parabola ends.",
            ),
            slope_of_one_for_one=(
                "Your line is |e| − ½, which is right for δ = 1 alone.",
                "The slope of the line is δ. Which constant makes it begin at ½ δ²?",
            ),
            half_without_delta=(
                "Your line is δ² (|e| − ½), whose slope is δ²; with δ = 1 it is right.",
                "The slope of the line is δ. Which constant makes it begin at ½ δ²?",
            ),
            half_the_border=(
                "You switch to the line at ½ δ, so that the loss is too low in between.",
                "The border is δ: there parabola and line have the same value and slope.",
            ),
            divided_twice=("The mean is divided by the number of examples once more.", "`np.mean` divides already."),
            nothing_beyond=(
                "Beyond δ your loss is 0, so the largest errors cost nothing.",
                "There it is a straight line.",
            ),
            unsquared=("Near 0 your loss is ½ |e|: the square is missing.", "It is the parabola ½ e²."),
            squares_compared=(
                "You compare the square of the error with δ, so the border lies at √δ.",
                "Compare the size of the error itself, |e| ≤ δ.",
            ),
            plain=(
                "Beyond δ your loss is |e| itself, with the slope 1, and δ where it begins.",
                "The line has the slope δ, and begins at the height at which the parabola ends.",
            ),
            switch_at_one=(
                "You switch from the parabola to the line at 1, whatever `delta` is.",
                "The border between the two is δ.",
            ),
            swapped=(
                "The two pieces are swapped: your parabola is on the far side of δ.",
                "Near 0, where |e| ≤ δ, the loss is the parabola.",
            ),
            summed=("You add up the losses.", "Asked for is their mean."),
            by_rows=(
                "You divide by the number of rows, not by that of all numbers.",
                "The mean goes over all entries: `np.mean`.",
            ),
            one_by_one=("The losses come back one by one, an array.", "Return their mean, one number."),
            all_or_nothing=(
                "One condition decides about the whole array: a single large error makes all of them lines.",
                "Decide for each error by itself, with `np.where`.",
            ),
            by_the_mean=(
                "The mean error decides about the whole array.",
                "Decide for each error by itself, with `np.where`, and take the mean of the losses.",
            ),
            signed_line=(
                "On the line, an error's sign is kept: far too small a prediction has a negative loss.",
                "The line rises on either side: take the size of the error, `np.abs`, there too.",
            ),
            doubled=(
                "Both of your pieces are twice as high as they should be: they meet, but the ½ is missing.",
                "Near 0 the loss is ½ e², and the line goes on from there with the slope δ.",
            ),
            smaller_of_both=(
                "You take the smaller of the parabola and of the line δ |e|, which cross at 2δ, with a corner.",
                "The parabola ends at δ, and the line has to be shifted so that it begins there.",
            ),
            line_everywhere=(
                "Your loss is the line everywhere, also near 0, where it is negative. (The smaller of both pieces is "
                "always the line: it touches the parabola from below.)",
                "Decide by the size of the error: `np.where(error <= delta, …, …)`.",
            ),
            two_means=(
                "You add a mean over the small errors and one over the large errors. Each has another count, and where "
                "there are no large errors, the second is 0/0.",
                "Put all losses into one array with `np.where`, and take one mean.",
            ),
            signed=(
                "A large negative error is below δ too, so it is squared: the error's sign is in the way.",
                "What counts is the size of the error, `np.abs`.",
            ),
            signed_other=(
                "Where the prediction is far too large, the error y_true − y_pred is negative, so it counts as below "
                "δ and is squared: the sign is in the way.",
                "What counts is the size of the error, `np.abs`.",
            ),
        ),
        Misconception.of(huber_of_a_delta_of_its_own, between=(0.05, 5.0)),
        Misconception.of(huber_of_another_default, between=(0.05, 5.0)),
        huber_as_squares,
        huber_as_absolute,
        huber_cut_off,
        huber_as_its_slope,
        huber_of_the_mean_error,
        pseudo_huber,
        log_cosh,
        smooth_l1,
        huber_by_if,
    ],
    equivalents=[huber_in_two_parts, huber_by_loop],
    hints=[
        "What is the slope of ½ e² at e = δ? The straight line goes on with that slope.",
        "Where is the parabola at e = δ? Choose the constant of the line so that it begins there.",
        "`np.where(condition, value_if_true, value_if_false)` chooses for each error; then take the mean.",
    ],
)
