"""The exercise that looks for a kernel of which one scale for all loses a whole column."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception

MOST, KEPT = 4, 0.02


def lost_column():
    """Return a kernel with a column that becomes 0 when all weights have one scale, and is kept with its own."""
    return np.array([[0.001, 10.0], [-0.002, -20.0]])


LOST, SOME_LEFT = "a column of it becomes 0 throughout", "no column of it becomes 0 throughout"
NEAR, FAR = "each weight is met within 2 %", "not each weight is met within 2 %"


def what_is_wrong(kernel):
    """Return in words why a kernel is none that is asked for; "" where it is one."""
    if isinstance(kernel, dict | str) or kernel is None:
        return "it is no matrix of numbers"
    try:
        kernel = np.asarray(kernel, float)
    except (TypeError, ValueError):
        return "it is no matrix of numbers"
    if kernel.ndim != 2:
        return "it is no matrix of numbers"
    if kernel.shape[1] < 2:
        return "it has not two columns"
    if kernel.size == 0 or max(kernel.shape) > MOST:
        return f"it has more than {MOST} rows or columns"
    if not np.all(np.isfinite(kernel)):
        return "it holds a weight that is not finite"
    if np.any(kernel == 0):
        return "it holds a weight that is 0 already"
    return ""


def met(kernel, scales):
    """Return what int8 of these scales, with the zero point 0, stand for."""
    return scales * np.clip(np.round(kernel / scales), -127, 127)


def with_one_scale(kernel):
    """Return in words what one scale for all weights makes of a kernel; None for None."""
    if kernel is None or what_is_wrong(kernel):
        return None if kernel is None else what_is_wrong(kernel)
    kernel = np.asarray(kernel, float)
    left = met(kernel, np.abs(kernel).max() / 127)
    return LOST if np.any(np.all(left == 0, axis=0)) else SOME_LEFT


def with_own_scales(kernel):
    """Return in words what a scale for each column makes of a kernel; None for None."""
    if kernel is None or what_is_wrong(kernel):
        return None if kernel is None else what_is_wrong(kernel)
    kernel = np.asarray(kernel, float)
    left = met(kernel, np.abs(kernel).max(axis=0) / 127)
    return NEAR if np.all(np.abs(left - kernel) <= KEPT * np.abs(kernel)) else FAR


def probe_lost_column(lost_column, rng):
    yield "one scale for all weights", lambda: with_one_scale(lost_column())
    yield "a scale for each column", lambda: with_own_scales(lost_column())


def remark(failing):
    """Say of each scale what it makes of the kernel."""
    if not all(isinstance(value, str) for _, value, _ in failing):
        return ""
    return " ".join(f"With {label}, {value}." for label, value, _ in failing)


def _told(name, kernel, cause, cure):
    return Misconception(lambda: kernel, cause, cure, name)


FURTHER = "A weight becomes 0 where it is less than half of a step, and a step is the largest magnitude / 127."

LOST_COLUMN = Exercise(
    name="lost_column",
    kind="break it",
    minutes=6,
    level=1,
    reference=lost_column,
    probe=probe_lost_column,
    remark=remark,
    misconceptions=[
        _told(
            "too_near",
            [[0.1, 1.0], [0.1, 1.0]],
            "With one scale for all weights something of each column stays: none of them becomes 0 throughout.",
            f"{FURTHER} Let one column be that much smaller than the other.",
        ),
        _told(
            "own_scale_loses",
            [[1e-6, 10.0], [0.001, 20.0]],
            "A column is lost with one scale, as asked for. But with a scale of its own one of its weights is "
            "still met badly: it is much smaller than another one in its column.",
            "Let the weights of a column be of about one magnitude.",
        ),
        _told(
            "both_bad",
            [[0.001, 10.0], [20.0, 0.001]],
            "No column is lost with one scale, and with a scale for each column some weights are met badly: the small "
            "weights stand in one column with large ones.",
            "Put small weights into one column, and large ones into the other.",
        ),
        _told(
            "zeros",
            [[0.0, 1.0], [0.0, 2.0]],
            "A weight is 0 already, so that nothing is lost.",
            "Take small weights, but none that is 0.",
        ),
        _told(
            "infinite",
            [[1.0, np.inf], [1.0, 1.0]],
            "A weight is not finite.",
            "A hundred or a thousand times as large as the others is enough.",
        ),
        _told(
            "one_column",
            [[0.001], [20.0]],
            "The kernel has not two columns.",
            "Let one column be lost, and let another one be what makes the step so large.",
        ),
        _told(
            "many",
            [[0.001, 10.0]] * 9,
            f"The kernel has more than {MOST} rows or columns.",
            f"Make do with {MOST} of each.",
        ),
        _told(
            "no_matrix",
            [0.001, 10.0],
            "What came back is no matrix of numbers.",
            "Return a list of rows, or an array with two axes.",
        ),
    ],
    equivalents=[lambda: [[100.0, 0.1], [90.0, 0.2]], lambda: np.array([[1e-3, 5.0, 4.0], [2e-3, -6.0, 1.0]])],
    hints=[
        "With one scale for all, how large is a step if the largest weight is 127? Which weights become 0 then?",
        "Within its column each weight should be met well: let these be of about one magnitude.",
    ],
)
