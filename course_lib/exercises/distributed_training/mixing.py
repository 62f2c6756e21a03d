"""The exercise in which gradients are computed in float16, and nothing of them is lost."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.returned import pair


def mixed_precision_step(weights, backward, scale, clip_norm, learning_rate):
    """Take one step with a gradient in float16, of a loss that is multiplied by `scale` so that small ones survive.

    Args:
        weights: array of float32.
        backward: `backward(scale)` is the gradient of scale · loss, an array of float16.
        scale: float; halved where the gradient is inf or nan, in which case there is no step.
        clip_norm: float > 0; a gradient (of the loss itself) that is longer is shortened to it.
        learning_rate: float.
    Returns:
        (weights, scale).
    Reference: Micikevicius et al. (2018), "Mixed precision training", §3.
    """
    gradient = backward(scale).astype(np.float32) / scale
    if not np.all(np.isfinite(gradient)):
        return weights, scale / 2
    norm = np.sqrt(np.sum(gradient**2))
    if norm > clip_norm:
        gradient = gradient * clip_norm / norm
    return weights - learning_rate * gradient, scale


def clipped_as_pytorch_does(weights, backward, scale, clip_norm, learning_rate):
    gradient = backward(scale).astype(np.float32) / scale
    if not np.all(np.isfinite(gradient)):
        return weights, scale / 2
    factor = min(1.0, clip_norm / (np.linalg.norm(gradient) + 1e-6))
    return weights - learning_rate * factor * gradient, scale


def probe_mixed_precision_step(mixed_precision_step, rng):
    weights = rng.normal(size=6).astype(np.float32)
    zeros = np.zeros(6, np.float32)
    gradient = rng.uniform(0.1, 1, size=6) * rng.choice([-1, 1], size=6)
    tiny, huge = 1e-8 * gradient, np.append(100 * gradient[:5], 3.0)

    def of(true):
        """Return the backward pass of a loss with that gradient: float16 all along."""
        return lambda scale: (np.float64(scale) * true).astype(np.float16)

    def step(weights, true, scale, clip_norm=10.0, rate=0.5):
        return pair(mixed_precision_step(weights, of(true), scale, clip_norm, rate), "(weights, scale)")

    yield Row(
        "a gradient of about 0.5, scale 128: the weights", lambda: step(weights, gradient, 128.0)[0], essential=True
    )
    yield Row(
        "a gradient of about 5e-9, scale 65536, from weights of 0: 10⁹ times the weights",
        lambda: in_billionths(step(zeros, tiny, 65536.0)[0]),
        weight=2.0,
        essential=True,
    )
    yield "a gradient of about 0.5: the scale", lambda: step(weights, gradient, 128.0)[1]
    yield "scale 1: the weights", lambda: step(weights, gradient, 1.0)[0]
    yield "a gradient of norm about 1.4, clipped to 0.25", lambda: step(zeros, gradient, 1024.0, 0.25)[0]
    yield "a gradient of norm about 130, clipped to 1, rate 0.1", lambda: step(zeros, huge, 64.0, 1.0, 0.1)[0]
    yield "weights of about 1000 and a step of about 0.05", lambda: step(weights + 1000, gradient, 128.0, 10.0, 0.1)[0]
    yield "one entry of the gradient is inf: the weights", lambda: step(weights, overflowing(gradient), 2.0**17)[0]
    yield SCALE_AFTER_INF, lambda: step(weights, overflowing(gradient), 2.0**17)[1]
    yield "one entry is nan: the weights", lambda: step(weights, np.append(gradient[:5], np.nan), 128.0)[0]
    yield "all entries are inf: the weights", lambda: step(weights, gradient, 2.0**24)[0]
    yield "all entries are inf: the scale", lambda: step(weights, gradient, 2.0**24)[1]


SCALE_AFTER_INF = "one entry of the gradient is inf: the scale"


def in_billionths(weights):
    """Return 10⁹ times the weights, so that a report shows their digits; None for None."""
    return None if weights is None else 1e9 * np.asarray(weights, float)


def overflowing(gradient):
    """Return a gradient of which one entry alone is inf in float16 at a scale of 2^17, where others are about 1e4."""
    return np.append(0.1 * gradient[:5], 0.9)


def faulty_mixed_step(weights, backward, scale, clip_norm, learning_rate, **made):
    scaled = backward(1.0 if "unscaled_loss" in made else scale)
    gradient = scaled.astype(np.float32)
    if "in_float16" in made or "all_in_float16" in made:
        gradient = scaled / scale
        gradient = gradient if "all_in_float16" in made else gradient.astype(np.float32)
    elif "clipped_before" not in made and "never_unscaled" not in made and "unscaled_loss" not in made:
        gradient = gradient * scale if "multiplied" in made else gradient / scale
    finite = np.isfinite(gradient)
    is_bad = not np.all(finite)
    if "nan_alone" in made:
        is_bad = np.any(np.isnan(gradient))
    if "inf_alone" in made:
        is_bad = np.any(np.isinf(gradient))
    if "all_must_be_bad" in made:
        is_bad = not np.any(finite)
    if "no_skip" in made:
        is_bad = False
    if "zeros_for_inf" in made and is_bad:
        gradient, scale, is_bad = np.where(finite, gradient, 0), scale / 2, False
    if is_bad:
        new = {"scale_kept": scale, "scale_doubled": scale * 2, "scale_to_1": 1.0}
        return weights, next((value for flag, value in new.items() if flag in made), scale / 2)
    squares = np.mean(gradient**2) if "mean_norm" in made else np.sum(gradient**2)
    norm = squares if "no_root" in made else np.sqrt(squares)
    if "entry_by_entry" in made:
        gradient = np.clip(gradient, -clip_norm, clip_norm)
    elif "always_shortened" in made:
        gradient = gradient * clip_norm / norm
    elif norm > clip_norm and "not_clipped" not in made:
        gradient = gradient / norm if "to_norm_1" in made else gradient * clip_norm / norm
    if "clipped_before" in made or "unscaled_twice" in made:
        gradient = gradient / scale
    step = gradient if "no_rate" in made else learning_rate * gradient
    new = weights + step if "uphill" in made else weights - step
    if "weights_in_float16" in made:
        new = (weights.astype(np.float16) - step.astype(np.float16)).astype(np.float32)
    if "rounded_to_float16" in made:
        new = new.astype(np.float16)
    if "halved_each_time" in made:
        scale = scale / 2
    if "doubled_each_time" in made:
        scale = scale * 2
    if "swapped" in made:
        return scale, new
    return new if "weights_alone" in made else (new, scale)


def scale_changed_otherwise(weights, backward, scale, clip_norm, learning_rate, constant=0.25):
    new, after = mixed_precision_step(weights, backward, scale, clip_norm, learning_rate)
    return new, scale if after == scale else constant * scale


def swapped(weights, backward, scale, clip_norm, learning_rate):
    """The two come back swapped: the scale first, and then the weights.

    Return (weights, scale).
    """
    return mixed_precision_step(weights, backward, scale, clip_norm, learning_rate)[::-1]


def weights_alone(weights, backward, scale, clip_norm, learning_rate):
    """Only the weights come back: the next step does not learn which scale to use.

    Return the pair (weights, scale).
    """
    return mixed_precision_step(weights, backward, scale, clip_norm, learning_rate)[0]


def in_float64(weights, backward, scale, clip_norm, learning_rate):
    gradient = np.asarray(backward(scale), np.float64) / scale
    if np.isinf(gradient).any() or np.isnan(gradient).any():
        return weights, 0.5 * scale
    gradient = gradient * min(1.0, clip_norm / max(np.linalg.norm(gradient), 1e-30))
    return (weights - learning_rate * gradient).astype(np.float32), scale


def clipped_at_a_scaled_norm(weights, backward, scale, clip_norm, learning_rate):
    scaled = backward(scale).astype(np.float32)
    norm = np.linalg.norm(scaled)
    if not np.isfinite(norm):
        return weights, scale / 2
    factor = min(1.0, clip_norm * scale / norm) if norm else 1.0
    return weights - learning_rate * factor * scaled / scale, scale


UNSCALE = "First to float32, `.astype(np.float32)`, then divide by `scale`, then clip."
BAD = (
    "`np.all(np.isfinite(gradient))` asks whether all entries are finite; if not, return the old weights and scale / 2."
)
NORM = (
    "The norm is √Σ g², over all entries; a gradient that is longer than clip_norm is multiplied by clip_norm / norm."
)

MIXED_PRECISION_STEP = Exercise(
    name="mixed_precision_step",
    kind="derive",
    minutes=20,
    level=3,
    reference=mixed_precision_step,
    probe=probe_mixed_precision_step,
    misconceptions=[
        *flags(
            faulty_mixed_step,
            (
                "in_float16",
                "clipped_before",
                "no_skip",
                "scale_kept",
                "not_clipped",
                "entry_by_entry",
                "weights_in_float16",
            ),
            unscaled_loss=(
                "`backward` is called with a scale of 1: in float16 the small gradients vanish before you have them.",
                "Call `backward(scale)`, and divide what comes by `scale`, in float32.",
            ),
            in_float16=(
                "The gradient is divided by the scale in float16, in which tiny numbers vanish once more.",
                UNSCALE,
            ),
            all_in_float16=(
                "The gradient stays in float16 to the end: divided by the scale there, tiny numbers "
                "vanish once more, and "
                "the others have three digits.",
                UNSCALE,
            ),
            never_unscaled=("The gradient is still multiplied by the scale: it is never divided by it.", UNSCALE),
            unscaled_twice=("The gradient is divided by the scale twice.", UNSCALE),
            multiplied=("The gradient is multiplied by the scale once more, and not divided by it.", UNSCALE),
            clipped_before=(
                "The gradient is clipped before it is divided by the scale: the limit holds for one that is too long.",
                UNSCALE,
            ),
            not_clipped=("The gradient is not clipped.", NORM),
            entry_by_entry=("The gradient is clipped entry by entry, which changes its direction.", NORM),
            always_shortened=("A gradient that is shorter than the limit is drawn out to it.", NORM),
            to_norm_1=("What is clipped has a norm of 1, whatever the limit is.", NORM),
            no_root=("The limit is compared with the squared norm: the root is missing.", NORM),
            mean_norm=("The norm is computed with the mean of the squares, and not with their sum.", NORM),
            no_skip=("A gradient with inf or nan is used for a step, and the weights are lost for good.", BAD),
            nan_alone=("A gradient with an inf is used for a step: only nan is looked for.", BAD),
            inf_alone=("A gradient with a nan is used for a step: only inf is looked for.", BAD),
            all_must_be_bad=("A step is skipped only if all entries are inf or nan; one alone spoils its weight.", BAD),
            zeros_for_inf=(
                "Zeros take the place of inf, and the step is taken with the other entries.",
                f"Where one entry is too large, the gradient is not known: skip the step. {BAD}",
            ),
            scale_kept=("After inf the scale stays the same: the next gradient will be inf again.", BAD),
            scale_doubled=("After inf the scale is doubled: even more will be too large.", BAD),
            scale_to_1=("After inf the scale is set to 1, where small gradients vanish.", BAD),
            halved_each_time=("The scale is halved at every step, not only after inf.", BAD),
            doubled_each_time=(
                "The scale is doubled at every step.",
                "Here it changes only after inf or nan; otherwise return it as it was.",
            ),
            weights_in_float16=(
                "The weights are kept in float16: beside a large weight a small step is rounded away.",
                "Keep weights and step in float32: only the gradient comes in float16.",
            ),
            rounded_to_float16=(
                "The new weights are rounded to float16: small steps are lost, and so are the digits of large weights.",
                "Keep the weights in float32: only the gradient comes in float16.",
            ),
            uphill=("The weights go uphill: the step is added.", "Subtract it."),
            no_rate=("The learning rate is not used.", "The step is learning_rate · gradient."),
        ),
        Misconception(
            scale_changed_otherwise,
            "After inf the scale is changed, but not halved.",
            BAD,
            constant=(SCALE_AFTER_INF, lambda value: value / 2**17),
        ),
        swapped,
        weights_alone,
    ],
    equivalents=[in_float64, clipped_at_a_scaled_norm],
    accepts=[clipped_as_pytorch_does],
    hints=[
        "The smallest number above 0 in float16 is 6e-8: what is left of a gradient of 1e-8 there, and of "
        "65536 times it?",
        "What comes from `backward` is too large by `scale`, and float16. In which order do you mend the two?",
        "In float16 all above 65504 is inf. What should happen to the weights then, and to the scale?",
    ],
)
