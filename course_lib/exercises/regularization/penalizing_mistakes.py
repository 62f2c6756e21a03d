"""How people get penalties wrong: which sum, which price, and the derivatives of |w| and w²."""

import numpy as np


def faulty_l1_l2(weights, l1=0.0, l2=0.0, **made):
    w = weights
    size, square = np.sum(np.abs(w)), np.sum(w**2)
    sign, double = np.sign(w), 2 * w
    if "swapped_prices" in made:
        l1, l2 = l2, l1
    if "no_l1" in made or ("l2_first" in made and l2):
        l1 = 0.0
    if "no_l2" in made or ("l1_first" in made and l1):
        l2 = 0.0
    if "no_prices" in made:
        l1 = l2 = 1.0
    if "mixed" in made:
        l2 = (1 - l1) * l2
    # the value
    if "signed" in made:
        size = np.sum(w)
    if "size_of_sum" in made:
        size = abs(np.sum(w))
    if "column_norm" in made:
        size = np.linalg.norm(w, 1)
    if "spectral" in made:
        square = np.linalg.norm(w, 2) ** 2
    if "square_of_sum" in made:
        square = np.sum(w) ** 2
    if "by_columns" in made:
        size, square = np.sum(np.abs(w), axis=0), np.sum(w**2, axis=0)
    if "one_by_one" in made:
        size, square = np.abs(w), w**2
    if "half_in_value" in made or "halved" in made:
        square = square / 2
    if "root" in made or "roots" in made:
        square = np.sqrt(square)
    if "price_squared" in made:
        square = l2 * square
    if "mean_value" in made or "mean" in made:
        size, square = size / w.size, square / w.size
    penalty = l1 * size + l2 * square
    if "all_of_it_halved" in made or "all_halved" in made:
        penalty = penalty / 2
    if "prices_swapped_in_value" in made:
        penalty = l2 * size + l1 * square
    if "by_rows" in made:
        penalty = penalty / len(w)
    # the gradient
    if "no_sign" in made:
        sign = np.ones_like(w)
    with np.errstate(all="ignore"):
        sign = w / np.abs(w) if "nan_at_0" in made else sign
    if "up_at_0" in made:
        sign = np.where(w >= 0, 1.0, -1.0)
    if "down_at_0" in made:
        sign = np.where(w > 0, 1.0, -1.0)
    if "positive_only" in made:
        sign = np.where(w > 0, 1.0, 0.0)
    if "size_for_sign" in made:
        sign = np.abs(w)
    if "weight_for_sign" in made:
        sign = w
    if "no_two" in made or "halved" in made:
        double = w
    if "square_for_slope" in made:
        double = 2 * w**2
    if "sizes_doubled" in made:
        double = 2 * np.abs(w)
    if "roots" in made:
        double = w / np.sqrt(np.sum(w**2))
    gradient = l1 * sign + l2 * double
    if "all_halved" in made:
        gradient = gradient / 2
    if "mean" in made:
        gradient = gradient / w.size
    if "by_rows" in made:
        gradient = gradient / len(w)
    if "downhill" in made:
        gradient = -gradient
    if "no_gradient" in made:
        gradient = np.zeros_like(w)
    if "gradient_summed" in made:
        gradient = np.sum(gradient)
    if "new_weights" in made:
        gradient = w - gradient
    if "times_weights" in made:
        gradient = w * gradient
    if "flat" in made:
        gradient = np.ravel(gradient)
    if "first_row" in made:
        gradient = gradient[0]
    return (gradient, penalty) if "in_other_order" in made else (penalty, gradient)


def l1_l2_of_one_thing(weights, l1=0.0, l2=0.0):
    """One thing came back: the penalty alone, the gradient alone, or both in one.

    Return the pair, the penalty first: `return penalty, gradient`.
    """
    return faulty_l1_l2(weights, l1, l2)[0]


def l1_l2_of_three_things(weights, l1=0.0, l2=0.0):
    """More than two things came back.

    The two gradients are added up: return the pair of the whole penalty and its whole gradient.
    """
    return *faulty_l1_l2(weights, l1, l2), 0


def l1_l2_in_a_dict(weights, l1=0.0, l2=0.0):
    """A dict came back.

    Return the pair, the penalty first: `return penalty, gradient`.
    """
    penalty, gradient = faulty_l1_l2(weights, l1, l2)
    return {"penalty": penalty, "gradient": gradient}


def l1_l2_with_an_own_l2(weights, l1=0.0, l2=None, constant=0.01):
    """Where no `l2` is given, yours is not 0.

    Take the defaults from the task's first line: `l1=0.0, l2=0.0`.
    """
    return faulty_l1_l2(weights, l1, constant if l2 is None else l2)


def l1_l2_with_an_own_l1(weights, l1=None, l2=0.0, constant=0.01):
    """Where no `l1` is given, yours is not 0.

    Take the defaults from the task's first line: `l1=0.0, l2=0.0`.
    """
    return faulty_l1_l2(weights, constant if l1 is None else l1, l2)


def l1_l2_with_own_defaults(weights, l1=None, l2=None, constant=0.01):
    """Where no price is given, neither of yours is 0.

    Take the defaults from the task's first line: `l1=0.0, l2=0.0`.
    """
    return faulty_l1_l2(weights, constant if l1 is None else l1, constant if l2 is None else l2)


def l1_l2_by_nudges(weights, l1=0.0, l2=0.0, constant=1e-3):
    """Your gradient is a difference quotient to one side: off by a little everywhere, and by l1 at a weight of 0.

    Write down the derivatives of |w| and of w²; no nudge is needed.
    """

    def price(w):
        return l1 * np.abs(w) + l2 * w**2

    return np.sum(price(weights)), (price(weights + constant) - price(weights)) / constant


TOLD = {
    "half_in_value": (
        "Your penalty has a ½ before the squares that your gradient knows nothing of.",
        "There is no ½ here: the price of a squared unit is l2.",
    ),
    "no_two": (
        "The L2 part of your gradient is half of what it should be: the derivative of w² is not w.",
        "d(w²)/dw is 2w, and no ½ in the penalty takes the 2 away.",
    ),
    "halved": (
        "This is the convention with ½ · l2 · Σ w², in the penalty and in the gradient.",
        "Asked for is Keras's convention, without the ½: l2 · Σ w².",
    ),
    "all_of_it_halved": (
        "Your penalty is half of what it should be: a ½ stands before all of it.",
        "There is no ½ here, neither before |w| nor before w².",
    ),
    "all_halved": (
        "Penalty and gradient are half of what they should be: a ½ stands before all of it.",
        "There is no ½ here, neither before |w| nor before w².",
    ),
    "root": (
        "Your L2 part takes the root of the sum of squares, the length of the weights.",
        "Add up the squares themselves: with `np.linalg.norm`, square it.",
    ),
    "roots": (
        "You price the length of the weights, a root, and your gradient is that of the length.",
        "The price is on each squared unit: no root.",
    ),
    "column_norm": (
        "Your L1 part is right for a vector; of a matrix, `np.linalg.norm(w, 1)` is the largest column sum.",
        "Add up the sizes of all weights: `np.sum(np.abs(weights))`.",
    ),
    "spectral": (
        "Your L2 part is right for a vector; of a matrix, `np.linalg.norm(w, 2)` is a singular value.",
        "Add up the squares of all weights: `np.sum(weights ** 2)`.",
    ),
    "signed": (
        "Your L1 part adds up the weights with their signs, so a positive one pays for a negative one.",
        "The size of each weight counts: `np.abs`.",
    ),
    "size_of_sum": (
        "Your L1 part is the size of the sum: weights of opposite sign cancel before their size is taken.",
        "First the size of each weight, then the sum.",
    ),
    "square_of_sum": (
        "Your L2 part is the square of the sum: weights of opposite sign cancel before they are squared.",
        "First the square of each weight, then the sum.",
    ),
    "mean_value": (
        "Your penalty is a mean over the weights, and your gradient belongs to the sum.",
        "Add up: every weight pays its own price.",
    ),
    "mean": (
        "You take a mean over the weights, in the penalty and in the gradient.",
        "Add up: every weight pays its own price, however many there are.",
    ),
    "by_rows": (
        "You divide by the number of rows of the weights, as if they were examples.",
        "A penalty does not depend on how many examples or rows there are: divide by nothing.",
    ),
    "by_columns": (
        "You add up along one axis only: several penalties come back, one for each column.",
        "Add up over all axes: `np.sum` without `axis`.",
    ),
    "one_by_one": (
        "Your penalty is an array, the price of each weight by itself.",
        "Add them up: the penalty is one number.",
    ),
    "price_squared": ("The price l2 is squared together with the weight.", "Square the weight alone: l2 · w²."),
    "swapped_prices": (
        "The two prices are swapped: l2 is put on the sizes, and l1 on the squares.",
        "l1 belongs to |w|, l2 to w².",
    ),
    "prices_swapped_in_value": (
        "In your penalty, not in your gradient, the two prices are swapped.",
        "l1 belongs to |w|, l2 to w².",
    ),
    "no_l1": ("Your result does not depend on `l1`: the L1 part is missing.", "Add l1 · Σ |w|, and its slope."),
    "no_l2": ("Your result does not depend on `l2`: the L2 part is missing.", "Add l2 · Σ w², and its slope."),
    "no_prices": (
        "You weigh neither part with its price: `l1` and `l2` play no role.",
        "Multiply each part by its price, in the penalty and in the gradient.",
    ),
    "l1_first": (
        "Where both prices are given, only l1 counts: your code decides for one or the other.",
        "Add both parts up; the one whose price is 0 then vanishes by itself.",
    ),
    "l2_first": (
        "Where both prices are given, only l2 counts: your code decides for one or the other.",
        "Add both parts up; the one whose price is 0 then vanishes by itself.",
    ),
    "mixed": (
        "This is scikit-learn's mixture, in which what L1 gets is taken from L2: l2 is multiplied by 1 − l1.",
        "The two prices are independent here.",
    ),
    "no_sign": (
        "The L1 part of your gradient is l1 for every weight: it would push negative weights away from 0.",
        "On which side of 0 does |w| fall?",
    ),
    "nan_at_0": (
        "At a weight of 0 your gradient is 0/0, which is NaN.",
        "`np.sign` gives −1, 0 or 1, without a division.",
    ),
    "up_at_0": (
        "At a weight of exactly 0 your L1 slope is that of the positive side.",
        "There it is to be 0, the middle of both sides: `np.sign(0)` is 0.",
    ),
    "down_at_0": (
        "At a weight of exactly 0 your L1 slope is that of the negative side.",
        "There it is to be 0, the middle of both sides: `np.sign(0)` is 0.",
    ),
    "positive_only": (
        "Your L1 slope is 0 for negative weights, as if they cost nothing.",
        "|w| falls where w is below 0: its slope there is −1.",
    ),
    "size_for_sign": (
        "Your L1 slope is |w| itself: the size, where its derivative is asked.",
        "How steep is |w| at 2, and at −2?",
    ),
    "weight_for_sign": (
        "Your L1 slope is the weight itself, so a large weight is pulled harder than a small one.",
        "|w| is a straight line on each side of 0: only the sign of w counts.",
    ),
    "square_for_slope": (
        "The L2 part of your gradient is 2w²: the square, where its derivative is asked.",
        "d(w²)/dw is 2w.",
    ),
    "sizes_doubled": (
        "The L2 part of your gradient is never negative: an `abs` has taken the signs away.",
        "d(w²)/dw is 2w, which is negative where w is.",
    ),
    "downhill": (
        "Your gradient has the wrong sign: it points to smaller penalties.",
        "A gradient points uphill; the optimizer's minus comes later.",
    ),
    "no_gradient": ("Your gradient is 0 everywhere.", "Differentiate the penalty along each weight."),
    "gradient_summed": (
        "Your gradient is one number, the sum of the slopes.",
        "Each weight has a slope of its own: no sum there.",
    ),
    "new_weights": (
        "In place of the gradient come the weights after a step.",
        "Return the gradient; the step is the optimizer's.",
    ),
    "times_weights": (
        "Your gradient is multiplied by the weights once more.",
        "The slope along w is l1 · sign(w) + …, without another w.",
    ),
    "flat": ("Your gradient is one long row.", "Give it the shape of the weights."),
    "first_row": ("Only the first row of the gradient comes back.", "Return the slopes of all weights."),
    "in_other_order": ("The pair comes in the other order.", "First the penalty, then the gradient."),
}

# What people also get wrong two at a time.
IN_PAIRS = {
    "half_in_value",
    "no_two",
    "root",
    "signed",
    "mean_value",
    "no_sign",
    "nan_at_0",
    "swapped_prices",
    "in_other_order",
    "downhill",
}
