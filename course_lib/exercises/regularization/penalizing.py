"""The exercise on penalties: what weights cost, and how hard the price pulls on each."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.observe import once
from course_lib.checking.scene import Curves
from course_lib.exercises.regularization import penalizing_mistakes as mistakes
from course_lib.exercises.returned import parts


def l1_l2(weights, l1=0.0, l2=0.0):
    """Return l1 · Σ |w| + l2 · Σ w², and its gradient along each weight.

    Args:
        weights: array of any shape.
        l1: float, the price of a unit of weight.
        l2: float, the price of a squared unit.
    Returns:
        (penalty, gradient): a number, and an array shaped like `weights`, in which |w| has the slope 0 at 0.
    """
    penalty = l1 * np.sum(np.abs(weights)) + l2 * np.sum(weights**2)
    return penalty, l1 * np.sign(weights) + 2 * l2 * weights


UNPRICED = "the weights 1, −2, 0 and 2, no price given: the penalty"


def probe_l1_l2(l1_l2, rng):
    signs = np.array([[1, -1, 1, -1], [-1, 1, 1, -1], [1, 1, -1, 1]])
    matrix = rng.uniform(0.3, 2.0, size=(3, 4)) * signs
    with_zeros = rng.permuted(matrix * rng.permutation([0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]).reshape(3, 4), axis=1)
    vector = rng.permutation(rng.uniform([0.2, 0.2, -3.0, -3.0, -3.0], [1.0, 1.0, -1.0, -1.0, -1.0]))  # sum below 0
    l1, l2 = rng.uniform(0.1, 0.4), rng.uniform(0.5, 0.9)
    cases = {
        "a matrix, both prices": (matrix, {"l1": l1, "l2": l2}),
        "a matrix with zeros in it, l1 alone": (with_zeros, {"l1": l2}),
        "a matrix, l2 alone": (matrix, {"l2": l1}),
        "five weights, both prices": (vector, {"l1": l2, "l2": l1}),
        "the weights 1, −2, 0 and 2, no price given": (np.array([1.0, -2.0, 0.0, 2.0]), {}),
    }
    for place, (label, (weights, prices)) in enumerate(cases.items()):
        given = once(
            lambda weights=weights, prices=prices: parts(l1_l2(weights, **prices), ("the penalty", "the gradient"))
        )
        yield Row(f"{label}: the penalty", lambda given=given: given()[0], essential=place == 0)
        yield Row(f"{label}: the gradient", lambda given=given: given()[1], weight=2 if place == 1 else 1)


def l1_l2_in_the_norms(weights, l1=0.0, l2=0.0):
    flat = np.reshape(weights, -1)
    return l1 * np.linalg.norm(flat, 1) + l2 * np.vdot(flat, flat), np.where(
        weights > 0, l1, np.where(weights < 0, -l1, 0.0)
    ) + l2 * (weights + weights)


def l1_l2_weight_by_weight(weights, l1=0.0, l2=0.0):
    penalty, gradient = 0.0, np.zeros(weights.shape)
    for place, w in np.ndenumerate(weights):
        penalty += l1 * abs(w) + l2 * w * w
        gradient[place] = l1 * ((w > 0) - int(w < 0)) + 2 * l2 * w
    return [penalty, gradient]


def scene_l1_l2(l1_l2):
    weights = np.linspace(-2, 2, 81)
    both = [parts(l1_l2(np.array([[w, 0.5], [-1.0, 0.25]]), l1=0.3, l2=0.4), ("", "")) for w in weights]
    curves = {
        "penalty of four weights": np.array([float(penalty) for penalty, _ in both]),
        "its slope along the first": np.array([float(gradient[0, 0]) for _, gradient in both]),
    }
    return Curves(weights, curves, xlabel="the first weight")


L1_L2 = Exercise(
    name="l1_l2",
    kind="derive",
    minutes=8,
    level=1,
    reference=l1_l2,
    probe=probe_l1_l2,
    scene=scene_l1_l2,
    misconceptions=[
        *flags(mistakes.faulty_l1_l2, mistakes.IN_PAIRS, **mistakes.TOLD),
        mistakes.l1_l2_of_one_thing,
        mistakes.l1_l2_of_three_things,
        mistakes.l1_l2_in_a_dict,
        Misconception.of(mistakes.l1_l2_with_an_own_l2, constant=(UNPRICED, lambda value: float(value) / 9)),
        Misconception.of(mistakes.l1_l2_with_an_own_l1, constant=(UNPRICED, lambda value: float(value) / 5)),
        Misconception.of(mistakes.l1_l2_with_own_defaults, constant=(UNPRICED, lambda value: float(value) / 14)),
        Misconception.of(mistakes.l1_l2_by_nudges, between=(1e-7, 0.5)),
    ],
    equivalents=[l1_l2_in_the_norms, l1_l2_weight_by_weight],
    hints=[
        "Draw |w| and w² over w. How steep is each at w = 2, at w = −2, and at w = −0.1?",
        "|w| is a straight line on each side of 0. A NumPy function gives −1, 0 or 1, whichever side a number is on.",
        "Every weight has its own slope, since the other weights' prices do not depend on it.",
    ],
)
