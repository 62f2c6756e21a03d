"""How people get the way back through two layers wrong, and what they are told: the first wrong intermediate first."""

from functools import partial

import numpy as np

from course_lib.activations import sigmoid, softmax
from course_lib.checking.exercise import Misconception, flags
from course_lib.exercises.backpropagation.way_back import STEPS, two_layer_gradients


def faulty_two_layers(x, labels, w1, b1, w2, b2, **made):
    n = len(x)
    z1 = x @ w1 + (0 if "no_b1" in made else b1)
    a1 = np.maximum(z1, 0) if "relu_forward" in made else z1 if "linear_forward" in made else np.tanh(z1)
    z2 = a1 @ w2 + (0 if "no_b2" in made else b2)
    z2 = np.tanh(z2) if "tanh_at_the_end" in made else z2
    p = sigmoid(z2) if "sigmoids_at_the_end" in made else softmax(z2, axis=0 if "down_the_columns" in made else -1)

    dz2, y = p.copy(), np.eye(len(b2))[labels]
    if "whole_columns" in made:
        dz2[:, labels] -= 1
    elif "nothing_subtracted" not in made:
        dz2 -= y
    if "true_class_alone" in made:
        dz2 = dz2 * y
    if "softmax_twice" in made:
        dz2 = dz2 * p * (1 - p)
    if "turned" in made:
        dz2 = -dz2
    others = {
        "dz2_doubled": 2 * (p - y),
        "dz2_squared": (p - y) ** 2,
        "dz2_by_labels": p - labels[:, None],
        "dz2_by_probabilities": -y / p,
        "dz2_own_slopes": p * (1 - p),
        "dz2_by_entries": (p - y) / len(b2),
    }
    dz2 = next((other for flag, other in others.items() if flag in made), dz2)
    dz2 = dz2 / (1 if "not_divided" in made else n * n if "divided_twice" in made else n)

    dw2 = (z1 if "dw2_of_z1" in made else a1).T @ dz2
    db2 = dz2.sum(axis=0)
    if "db2_by_example" in made:
        db2 = dz2.sum(axis=1)
    if "dw2_transposed" in made:
        dw2 = dw2.T
    da1 = dz2 @ w2.T
    if "da1_by_dw2" in made:
        da1 = dz2 @ dw2.T
    if "da1_of_ones" in made:
        da1 = np.ones_like(dz2) @ w2.T
    if "da1_divided" in made:
        da1 = da1 / n
    if "da1_transposed" in made:
        da1 = da1.T
    if "da1_without_transpose" in made:
        da1 = dz2 @ w2

    slopes = {
        "no_slope": 1.0,
        "slope_of_z1": 1 - z1**2,
        "slope_without_square": 1 - a1,
        "slope_of_a_sigmoid": a1 * (1 - a1),
        "slope_of_relu": a1 > 0,
        "slope_with_plus": 1 + a1**2,
        "slope_doubled": 1 - 2 * a1,
        "slope_of_the_difference": (1 - a1) ** 2,
        "slope_times_a1": a1 * (1 - a1**2),
        "slope_over_n": (1 - a1**2) / n,
        "slope_and_relu": (1 - a1**2) * (z1 > 0),
        "slope_squared": (1 - a1**2) ** 2,
        "tanh_again": np.tanh(da1),
        "slope_of_tanh_again": 1 - np.tanh(a1) ** 2,
        "slope_of_sigmoids": sigmoid(z1) * (1 - sigmoid(z1)),
    }
    dz1 = da1 * next((slope for flag, slope in slopes.items() if flag in made), 1 - a1**2)
    if "precedence" in made:
        dz1 = da1 * 1 - a1**2
    if "slope_alone" in made:
        dz1 = 1 - a1**2
    if "matrix_product" in made:
        dz1 = da1 @ (1 - a1**2).T @ a1
    below = da1 if "dw1_of_da1" in made or "first_layer_of_da1" in made else dz1
    dw1, db1 = x.T @ below, (da1 if "db1_of_da1" in made or "first_layer_of_da1" in made else dz1).sum(axis=0)
    if "dw1_of_a1" in made:
        dw1 = a1.T @ below
    if "kernels_swapped" in made:
        dw1, dw2 = dw2, dw1
    if "db1_by_example" in made:
        db1 = dz1.sum(axis=1)
    if "db1_unsummed" in made or "biases_unsummed" in made:
        db1 = dz1
    if "db2_unsummed" in made or "biases_unsummed" in made:
        db2 = dz2
    if "dw1_transposed" in made:
        dw1 = dw1.T

    if "dw2_divided" in made or "kernels_divided" in made or "all_divided" in made:
        dw2 = dw2 / n
    if "dw1_divided" in made or "kernels_divided" in made or "all_divided" in made:
        dw1 = dw1 / n
    if "db2_mean" in made or "biases_mean" in made or "all_divided" in made:
        db2 = db2 / n
    if "db1_mean" in made or "biases_mean" in made or "all_divided" in made:
        db1 = db1 / n
    if "db2_kept" in made or "biases_kept" in made:
        db2 = np.reshape(db2, (1, -1))
    if "db1_kept" in made or "biases_kept" in made:
        db1 = np.reshape(db1, (1, -1))
    if "db2_total" in made or "biases_total" in made:
        db2 = np.sum(db2)
    if "db1_total" in made or "biases_total" in made:
        db1 = np.sum(db1)
    return dict(zip(STEPS, (dz2, dw2, db2, da1, dz1, dw1, db1), strict=True))


def without_names(x, labels, w1, b1, w2, b2):
    """No dict came back, but a tuple, a list or something else.

    Return a dict of seven, so that each can be found by its name: `{"dz2": dz2, "dW2": dW2, …}`.
    """
    return tuple(two_layer_gradients(x, labels, w1, b1, w2, b2).values())


def the_weights_alone(x, labels, w1, b1, w2, b2):
    """Only the gradients of the four weights are in the dict.

    Return all seven, so that the first wrong one can be named: `dz2`, `da1` and `dz1` too.
    """
    right = two_layer_gradients(x, labels, w1, b1, w2, b2)
    return {step: right[step] for step in ("dW2", "db2", "dW1", "db1")}


def alone(**told):
    """Make a misconception of each flag of `faulty_two_layers`, of those that are not tried together with others."""
    return [
        Misconception(partial(faulty_two_layers, **{flag: True}), *cause_and_cure, name=flag)
        for flag, cause_and_cure in told.items()
    ]


DIVIDED = "`dz2` holds the 1/n of the mean loss. All that comes after it only sums."
OWN_SHAPE = "A gradient has the shape of what it belongs to: a bias is (units,), so sum without `keepdims`."
TANH = "The slope of tanh is 1 − a₁², with its output a₁: `da1 * (1 - a1**2)`."
EACH_UNIT = "Each unit has a bias of its own: sum over the examples alone, `axis=0`."
DOWN = "`dW1` and `db1` belong to z₁ = x W₁ + b₁, so they are made of `dz1`."

MISCONCEPTIONS = [
    *flags(
        faulty_two_layers,
        no_b2=("`dz2` is wrong: the way there leaves out the bias `b2`.", "z₂ = a₁ W₂ + b₂."),
        not_divided=(
            "`dz2` is not divided by n, the number of examples.",
            "The loss is a mean: (p − y) / n, here, where the way back begins; nothing later divides.",
        ),
        turned=("`dz2` has the wrong sign: it is true minus predicted.", "Predicted minus true: (p − y) / n."),
        nothing_subtracted=(
            "`dz2` is p / n: nothing is subtracted, so it does not depend on which class is true.",
            "Subtract 1 at the true class of each row.",
        ),
        whole_columns=(
            "`dz2` has 1 subtracted in whole columns: `[:, labels]` takes the columns of all labels, in every row.",
            "Pair each row with its own label: `[np.arange(n), labels]`.",
        ),
        softmax_twice=(
            "`dz2` is multiplied by p (1 − p), as if the softmax came once more.",
            "(p − y) / n is the gradient along the logits already.",
        ),
        dw2_divided=("`dW2` is divided by n again, the size of the batch.", DIVIDED),
        dw2_transposed=(
            "`dW2` is turned on its side: its shape is (classes, units).",
            "It has the shape of `w2`: `a1.T @ dz2`.",
        ),
        db2_mean=("`db2` is a mean over the batch: it is divided by n again.", DIVIDED),
        db2_kept=("`db2` has the shape (1, classes).", OWN_SHAPE),
        db2_total=("`db2` is one number, the sum of everything.", EACH_UNIT),
        da1_by_dw2=(
            "`da1` is made with `dW2`, the gradient of the weights.",
            "What a unit's output does to the next layer is said by the weights themselves: `w2`.",
        ),
        no_slope=("`dz1` is `da1` itself: the slope of tanh is missing.", TANH),
        slope_of_z1=("`dz1` takes the slope 1 − z₁², with tanh's input z₁ in place of its output a₁.", TANH),
        slope_without_square=("`dz1` takes 1 − a₁ for the slope of tanh: the square is missing.", TANH),
        slope_of_a_sigmoid=("`dz1` takes a₁ (1 − a₁), the slope of a sigmoid.", TANH),
        precedence=(
            "`dz1` lacks a bracket: `da1 * 1 - a1**2` multiplies first, and subtracts then.",
            "Write `da1 * (1 - a1**2)`.",
        ),
        dw1_of_da1=("`dW1` is made of `da1`, before the slope of tanh.", DOWN),
        db1_of_da1=("`db1` is made of `da1`, before the slope of tanh.", DOWN),
        dw1_divided=("`dW1` is divided by n again, the size of the batch.", DIVIDED),
        dw1_transposed=(
            "`dW1` is turned on its side: its shape is (units, features).",
            "It has the shape of `w1`: `x.T @ dz1`.",
        ),
        db1_mean=("`db1` is a mean over the batch: it is divided by n again.", DIVIDED),
        db1_kept=("`db1` has the shape (1, units).", OWN_SHAPE),
        db1_total=("`db1` is one number, the sum of everything.", EACH_UNIT),
    ),
    *alone(
        relu_forward=(
            "The way there has ReLU in its hidden layer, so everything from `dz2` on belongs to another network.",
            "The hidden layer is tanh: a₁ = tanh(x W₁ + b₁).",
        ),
        linear_forward=(
            "The way there has no activation in its hidden layer, so everything from `dz2` on belongs to another "
            "network.",
            "The hidden layer is tanh: a₁ = tanh(x W₁ + b₁).",
        ),
        no_b1=(
            "The way there leaves out the bias `b1`, so everything from `dz2` on belongs to another network.",
            "z₁ = x W₁ + b₁.",
        ),
        tanh_at_the_end=(
            "`dz2` is wrong: the way there has a tanh in front of the softmax.",
            "z₂ = a₁ W₂ + b₂, and p = softmax(z₂).",
        ),
        sigmoids_at_the_end=(
            "`dz2` is wrong: the way there ends in sigmoids, not in a softmax.",
            "p = softmax(z₂): the shares of a row sum to 1.",
        ),
        down_the_columns=(
            "`dz2` is wrong: its softmax goes down the columns, over the examples.",
            "Each row is an example, with a sum of 1: axis 1, or −1.",
        ),
        da1_of_ones=(
            "`da1` is made of the weights alone: `dz2` is not in it.",
            "What comes to a unit is `dz2 @ w2.T`.",
        ),
        dw1_of_a1=(
            "`dW1` is made of a₁, the hidden layer's outputs.",
            "The first layer's inputs are x: `x.T @ dz1`.",
        ),
        kernels_swapped=(
            "`dW2` is the first layer's, and `dW1` the second layer's: the names are swapped.",
            "`dW2` is made of a₁ and `dz2`, `dW1` of x and `dz1`.",
        ),
        divided_twice=("`dz2` is divided by n twice.", "The loss is a mean: (p − y) / n, once."),
        true_class_alone=(
            "`dz2` is 0 except at the true class.",
            "The other logits stand in softmax's sum, and move the loss too.",
        ),
        kernels_divided=("`dW2` and `dW1` are divided by n again, the size of the batch.", DIVIDED),
        all_divided=("`dW2`, `db2`, `dW1` and `db1` are divided by n again, the size of the batch.", DIVIDED),
        dw2_of_z1=("`dW2` is made of z₁, what comes before tanh.", "The second layer's inputs are a₁ = tanh(z₁)."),
        biases_mean=("`db2` and `db1` are means over the batch: they are divided by n again.", DIVIDED),
        biases_kept=("`db2` and `db1` have the shapes (1, classes) and (1, units).", OWN_SHAPE),
        biases_total=("`db2` and `db1` are one number each, the sum of everything.", EACH_UNIT),
        db2_by_example=("`db2` is summed over the classes, along axis 1: a number for each example.", EACH_UNIT),
        dz2_doubled=(
            "`dz2` is twice as large as it should be, as a squared error's would be.",
            "Cross-entropy has a logarithm and no square: (p − y) / n.",
        ),
        dz2_squared=("`dz2` is (p − y)² / n: it is squared.", "The gradient is (p − y) / n itself."),
        dz2_by_labels=(
            "`dz2` has the number of the class subtracted from every share of its row.",
            "Subtract 1, at the place of the true class alone.",
        ),
        dz2_by_probabilities=(
            "`dz2` is −y / p / n, the gradient along the probabilities.",
            "Go on through softmax, to the logits: (p − y) / n.",
        ),
        dz2_own_slopes=("`dz2` is p (1 − p) / n, in which the loss is not.", "Predicted minus true: (p − y) / n."),
        dz2_by_entries=(
            "`dz2` is divided by the number of its entries, the classes included.",
            "The loss is a mean over the n examples: divide by n.",
        ),
        da1_divided=("`da1` is divided by n again, the size of the batch.", DIVIDED),
        slope_with_plus=("`dz1` takes 1 + a₁² for the slope of tanh.", TANH),
        slope_doubled=("`dz1` takes 1 − 2a₁ for the slope of tanh.", TANH),
        slope_of_the_difference=("`dz1` takes (1 − a₁)² for the slope of tanh: the square is outside.", TANH),
        slope_times_a1=("`dz1` is multiplied by a₁ besides the slope of tanh.", TANH),
        slope_over_n=("`dz1` is divided by n again, the size of the batch.", DIVIDED),
        slope_and_relu=("`dz1` is set to 0 where z₁ is negative, as by a ReLU.", TANH),
        db1_by_example=("`db1` is summed over the units, along axis 1: a number for each example.", EACH_UNIT),
        db1_unsummed=("`db1` is not summed: it has a row for each example.", EACH_UNIT),
        db2_unsummed=("`db2` is not summed: it has a row for each example.", EACH_UNIT),
        biases_unsummed=("`db2` and `db1` are not summed: they have a row for each example.", EACH_UNIT),
        da1_transposed=("`da1` is turned on its side: its shape is (units, n), of `w2 @ dz2.T`.", "`dz2 @ w2.T`."),
        da1_without_transpose=(
            "`da1` is made with `w2` in the direction of the way there, which is an error unless `w2` is square.",
            "On the way back it is transposed: `w2.T`.",
        ),
        slope_of_sigmoids=("`dz1` takes the slope of a sigmoid of z₁.", TANH),
        slope_of_relu=("`dz1` takes the slope of ReLU.", TANH),
        slope_squared=("`dz1` has the slope of tanh twice.", TANH),
        slope_of_tanh_again=("`dz1` takes 1 − tanh(a₁)², the slope at a₁: tanh is taken twice.", TANH),
        tanh_again=("`dz1` multiplies by tanh of the gradient, not by the slope of tanh.", TANH),
        slope_alone=("`dz1` is the slope of tanh alone, without `da1`, what comes to it.", TANH),
        matrix_product=(
            "`dz1` is made by a product of matrices, `@`.",
            "tanh works element by element, so its way back does too: `*`.",
        ),
        first_layer_of_da1=("`dW1` and `db1` are made of `da1`, before the slope of tanh.", DOWN),
    ),
    without_names,
    the_weights_alone,
]
