"""The exercise on the way back through a dense layer."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.observe import once
from course_lib.exercises.returned import parts, tables

NAMES = ("the kernel's gradient", "the bias's gradient", "the inputs' gradient")


def dense_gradients(x, kernel, upstream):
    """Carry a gradient back through z = x W + b, for a batch: ∂L/∂W = xᵀ u, ∂L/∂b = Σ_batch u, ∂L/∂x = u Wᵀ.

    Args:
        x: array (n, features), the layer's inputs.
        kernel: array (features, units), W.
        upstream: array (n, units), u = ∂L/∂z. It is divided by n already, where the loss is a mean.
    Returns:
        (∂L/∂W, ∂L/∂b, ∂L/∂x), shaped like the kernel, (units,), and like x.
    """
    return x.T @ upstream, upstream.sum(axis=0), upstream @ kernel.T


def probe_dense_gradients(dense_gradients, rng):
    sizes = {"five examples, 3 features, 2 units": (5, 3, 2), "three of each": (3, 3, 3), "one example": (1, 4, 2)}
    for case, (n, features, units) in sizes.items():
        drawn = rng.normal(size=(n, features)), rng.normal(size=(features, units)), rng.normal(size=(n, units))
        given = once(lambda drawn=drawn: parts(dense_gradients(*drawn), ("dW", "db", "dx")))
        for place, name in enumerate(NAMES):
            label = f"{name}: {case}"
            yield Row(label, lambda given=given, place=place: given()[place], essential=n == 5 and place == 0)


def faulty_dense_gradients(x, kernel, upstream, **made):
    u = upstream
    if "ones" in made:
        u = np.ones_like(u)
    if "minus" in made:
        u = -u
    dw, db, dx = x.T @ u, u.sum(axis=0), u @ kernel.T
    n = len(x)
    if "mean_bias" in made:
        db = db / n
    if "mean_kernel" in made:
        dw = dw / n
    if "mean_weights" in made:
        dw, db = dw / n, db / n
    if "mean_everything" in made:
        dw, db, dx = dw / n, db / n, dx / n
    if "bias_kept" in made:
        db = np.reshape(db, (1, -1))
    if "bias_as_column" in made:
        db = np.reshape(db, (-1, 1))
    if "bias_total_mean" in made:
        db = u.mean()
    if "bias_largest" in made:
        db = u.max(axis=0)
    if "sums_multiplied" in made:
        dw = x.sum(axis=0)[:, None] * u.sum(axis=0)
    if "everything_with_everything" in made:
        dw = np.outer(x, u)
    if "times_the_kernel" in made:
        dw = dw * kernel
    if "kernel_added" in made:
        dw = dw + kernel
    if "bias_total" in made:
        db = u.sum()
    if "bias_by_example" in made:
        db = u.sum(axis=1)
    if "bias_unsummed" in made:
        db = u
    if "bias_of_the_first" in made:
        db = u[0]
    if "last_example" in made:
        dw, db = np.outer(x[-1], u[-1]), u[-1]
    if "kernel_transposed" in made:
        dw = dw.T
    if "inputs_transposed" in made:
        dx = dx.T
    dw = -dw if "kernel_minus" in made else dw
    db = -db if "bias_minus" in made else db
    dx = -dx if "inputs_minus" in made else dx
    if "kernel_slope_alone" in made:
        dw = x.T
    if "inputs_slope_alone" in made:
        dx = kernel.T
    if "kernel_of_the_first" in made:
        dw = np.outer(x[0], u[0])
    if "kernel_of_the_last" in made:
        dw = np.outer(x[-1], u[-1])
    if "bias_of_ones" in made:
        db = np.ones(kernel.shape[1])
    if "bias_counted" in made:
        db = np.full(kernel.shape[1], float(n))
    if "step_taken" in made:
        dw = kernel - dw
    if "inputs_over_units" in made:
        dx = dx / kernel.shape[1]
    if "inputs_summed" in made:
        dx = dx.sum(axis=0)
    if "inputs_times_x" in made:
        dx = dx * x
    if "inputs_of_ones" in made:
        dx = np.ones_like(u) @ kernel.T
    if "kernel_by_rows" in made:
        dw = x @ u.T
    if "inputs_without_transpose" in made:
        dx = u @ kernel
    if "in_order_of_inputs" in made:
        return dx, dw, db
    if "bias_first" in made:
        return db, dw, dx
    if "no_inputs" in made:
        return dw, db
    if "more" in made:
        return dw, db, dx, None
    return dw, db, dx


def dense_slopes_alone(x, kernel, upstream):
    """You return the slopes of the layer itself, `x`, 1 and the kernel, without what comes back to it.

    The chain rule multiplies them with `upstream`, and sums over all entries of z that a number moves.
    """
    return x, np.ones(kernel.shape[1]), kernel


def dense_through_its_output(x, kernel, upstream):
    """`upstream` is multiplied by z = x W, which the way back through a dense layer does not need.

    z grows by x when W grows by 1, whatever z is.
    """
    return dense_gradients(x, kernel, upstream * (x @ kernel))


def dense_in_a_dict(x, kernel, upstream):
    """A dict came back, under names of your own.

    Return three arrays, separated by commas: the gradients of the kernel, of the bias and of the inputs.
    """
    dw, db, dx = dense_gradients(x, kernel, upstream)
    return {"dw": dw, "db": db, "dx": dx}


def dense_of_the_first_example(x, kernel, upstream):
    """Only the first example is looked at.

    Take all examples: where `return` stands inside a loop, let the loop end first.
    """
    dw, db, dx = np.outer(x[0], upstream[0]), upstream[0], np.zeros(x.shape)
    dx[0] = kernel @ upstream[0]
    return dw, db, dx


def dense_by_loops(x, kernel, upstream):
    dw, db, dx = np.zeros(kernel.shape), np.zeros(kernel.shape[1]), np.zeros(x.shape)
    for row, u in enumerate(upstream):
        for unit in range(kernel.shape[1]):
            db[unit] += u[unit]
            for feature in range(kernel.shape[0]):
                dw[feature, unit] += x[row, feature] * u[unit]
                dx[row, feature] += kernel[feature, unit] * u[unit]
    return dw, db, dx


def dense_by_einsum(x, kernel, upstream):
    return [
        np.einsum("ni,nu->iu", x, upstream),
        np.einsum("nu->u", upstream),
        np.einsum("nu,iu->ni", upstream, kernel),
    ]


def dense_by_a_column_of_ones(x, kernel, upstream):
    both = np.hstack([x, np.ones((len(x), 1))]).T @ upstream
    return both[:-1], both[-1], np.dot(kernel, upstream.T).T


def scene_dense_gradients(dense_gradients):
    x = np.array([[1.0, 0.0, 2.0], [3.0, -1.0, 0.5], [0.0, 2.0, 1.0], [-2.0, 1.0, 4.0]])
    kernel = np.array([[1.0, -2.0], [0.5, 3.0], [2.0, 1.0]])
    upstream = np.array([[1.0, 2.0], [-1.0, 3.0], [2.0, 0.5], [4.0, -2.0]])
    return tables(dict(zip(NAMES, parts(dense_gradients(x, kernel, upstream), NAMES), strict=True)))


MINUS = "The minus belongs to the step of descent."
UNDIVIDED = "`upstream` holds the 1/n of a mean loss already, once. The way back through a layer only sums."

DENSE_GRADIENTS = Exercise(
    name="dense_gradients",
    kind="derive",
    minutes=12,
    level=2,
    reference=dense_gradients,
    probe=probe_dense_gradients,
    scene=scene_dense_gradients,
    misconceptions=[
        *flags(
            faulty_dense_gradients,
            mean_bias=("The bias's gradient is a mean over the batch.", UNDIVIDED),
            mean_kernel=("The kernel's gradient is divided by the size of the batch.", UNDIVIDED),
            mean_weights=("The gradients of kernel and bias are divided by the size of the batch.", UNDIVIDED),
            mean_everything=("All three gradients are divided by the size of the batch.", UNDIVIDED),
            bias_kept=(
                "The bias's gradient has the shape (1, units).",
                "A gradient has the shape of what it belongs to, here (units,): sum without `keepdims`.",
            ),
            bias_total=(
                "The bias's gradient is one number, the sum of everything.",
                "Each unit has a bias of its own: sum over the examples alone, `axis=0`.",
            ),
            bias_by_example=(
                "The bias's gradient is summed over the units, a number for each example.",
                "Each unit has a bias, which all examples use: sum over the examples, `axis=0`.",
            ),
            bias_unsummed=(
                "The bias's gradient is not summed: it has a row for each example.",
                "The bias was stretched over the batch: sum over the examples, `axis=0`.",
            ),
            bias_of_the_first=(
                "The bias's gradient is that of the first example alone.",
                "The bias was stretched over the batch: sum over the examples, `axis=0`.",
            ),
            last_example=(
                "The gradients of kernel and bias are those of the last example: in a loop, each replaces the one "
                "before.",
                "Every example uses the same weights: add their gradients up, `+=`.",
            ),
            kernel_transposed=(
                "The kernel's gradient is turned on its side: (units, features).",
                "It has the kernel's shape: which of `x` and `upstream` has to be transposed for that?",
            ),
            inputs_transposed=(
                "The inputs' gradient is turned on its side: (features, n).",
                "It has the shape of `x`: a row for each example.",
            ),
            kernel_by_rows=(
                "`x @ upstream.T` pairs examples with examples.",
                "The kernel's gradient sums over the examples: their axis has to meet in the product.",
            ),
            inputs_without_transpose=(
                "`upstream @ kernel` uses the kernel in the direction of the way there; in shapes that is an error, "
                "unless the kernel is square.",
                "On the way back it is transposed: from units to features.",
            ),
            kernel_minus=("The kernel's gradient is turned around: there is a minus too many.", MINUS),
            bias_minus=("The bias's gradient is turned around: there is a minus too many.", MINUS),
            inputs_minus=("The inputs' gradient is turned around: there is a minus too many.", MINUS),
            kernel_slope_alone=(
                "The kernel's gradient is `x.T` alone, without what comes back to the layer.",
                "The chain rule multiplies by `upstream`, and sums over the examples.",
            ),
            inputs_slope_alone=(
                "The inputs' gradient is the kernel alone, without what comes back to the layer.",
                "The chain rule multiplies by `upstream`, and sums over the units.",
            ),
            kernel_of_the_first=(
                "The kernel's gradient is that of the first example alone.",
                "Every example uses the same weights: add their gradients up.",
            ),
            kernel_of_the_last=(
                "The kernel's gradient is that of the last example: in a loop, each replaces the one before.",
                "Every example uses the same weights: add their gradients up, `+=`.",
            ),
            bias_of_ones=(
                "The bias's gradient is 1, the slope of z along it, without what comes back to the layer.",
                "The chain rule multiplies by `upstream`, and sums over the examples.",
            ),
            bias_counted=(
                "The bias's gradient counts the examples: `upstream` is not in it.",
                "Sum what comes back from the examples: `upstream`, along axis 0.",
            ),
            step_taken=(
                "In place of the kernel's gradient the kernel came back, with the gradient taken off.",
                "Return the gradient. The step of descent comes later, with a learning rate.",
            ),
            inputs_over_units=(
                "The inputs' gradient is divided by the number of units.",
                "An input moves every unit: what comes back from them is added up.",
            ),
            inputs_summed=(
                "The inputs' gradient is summed over the examples.",
                "Each example has inputs of its own: a row for each, shaped like `x`.",
            ),
            inputs_times_x=(
                "The inputs' gradient is multiplied by `x`.",
                "z grows by the weight when an input grows by 1, whatever the input is.",
            ),
            inputs_of_ones=(
                "In the inputs' gradient `upstream` is not used.",
                "The chain rule multiplies by ∂L/∂z, which is `upstream`.",
            ),
            minus=(
                "All three gradients are turned around: there is a minus too many.",
                MINUS,
            ),
            ones=(
                "`upstream` is not used: the gradients are those of a loss that sums the outputs.",
                "The chain rule multiplies by ∂L/∂z, which is `upstream`.",
            ),
            in_order_of_inputs=(
                "The three gradients come in another order, that of the inputs first.",
                "Return the kernel's, the bias's, and then the inputs'.",
            ),
            bias_first=(
                "The three gradients come in another order, that of the bias first.",
                "Return the kernel's, the bias's, and then the inputs'.",
            ),
            bias_as_column=(
                "The bias's gradient has the shape (units, 1).",
                "A gradient has the shape of what it belongs to, here (units,).",
            ),
            bias_total_mean=(
                "The bias's gradient is one number, the mean of everything.",
                "Each unit has a bias of its own: sum over the examples alone, `axis=0`.",
            ),
            bias_largest=(
                "The bias's gradient is the largest of what comes back from the examples.",
                "All examples use the bias: sum over them, `axis=0`.",
            ),
            sums_multiplied=(
                "The kernel's gradient is made of two sums, over `x` and over `upstream`, each taken alone.",
                "Multiply within each example first, and sum the products over the examples.",
            ),
            everything_with_everything=(
                "The kernel's gradient pairs every number of `x` with every number of `upstream`, across examples.",
                "Pair within each example, and sum over the examples: a product of matrices does both.",
            ),
            times_the_kernel=(
                "The kernel's gradient is multiplied by the kernel.",
                "z grows by x when a weight grows by 1, whatever the weight is.",
            ),
            kernel_added=(
                "The kernel is added to its gradient.",
                "The gradient is what the step is made of; the weights themselves come in later.",
            ),
            more=(
                "Four things came back.",
                "Return three arrays: the gradients of the kernel, the bias and the inputs.",
            ),
            no_inputs=(
                "Two gradients came back; that of the inputs is missing.",
                "The layer below needs it: it is its `upstream`.",
            ),
        ),
        dense_in_a_dict,
        dense_of_the_first_example,
        dense_slopes_alone,
        dense_through_its_output,
    ],
    equivalents=[dense_by_loops, dense_by_einsum, dense_by_a_column_of_ones],
    hints=[
        "Take one example and one weight: z_u = … + x_i W_iu + …. What is ∂z_u/∂W_iu, and what does the chain rule "
        "make of it?",
        "All examples use the same weight, so their gradients add up. Which product of matrices does that sum?",
        "Go by shapes: the kernel's gradient is (features, units), made of (n, features) and (n, units). That of the "
        "inputs is (n, features), made of (n, units) and (features, units).",
    ],
)
