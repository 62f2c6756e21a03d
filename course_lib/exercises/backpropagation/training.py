"""The exercise that closes the loop: there, back, and a step down, again and again."""

import numpy as np

from course_lib.activations import softmax
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves
from course_lib.exercises.backpropagation.way_back import two_layer_gradients
from course_lib.exercises.returned import in_one_row, numbers

GRADIENTS = ("dW1", "db1", "dW2", "db2")


def train_network(x, labels, weights, learning_rate, steps):
    """Train the network of `two_layer_gradients` by plain gradient descent on all examples at once.

    Args:
        x: array (n, features).
        labels: integer array (n,).
        weights: [w1, b1, w2, b2] to start from.
        learning_rate: float > 0.
        steps: int ≥ 0.
    Returns:
        [w1, b1, w2, b2] after that many steps.
    """
    for _ in range(steps):
        gradients = two_layer_gradients(x, labels, *weights)
        weights = [weight - learning_rate * gradients[name] for weight, name in zip(weights, GRADIENTS, strict=True)]
    return list(weights)


def probe_train_network(train_network, rng):
    def drawn(n, features, units, classes):
        shapes = (features, units), (units,), (units, classes), (classes,)
        labels = rng.permutation(np.arange(n) % classes)
        return rng.normal(size=(n, features)), labels, [rng.normal(scale=0.6, size=shape) for shape in shapes]

    def row(name, problem, rate, steps, essential=False):
        x, labels, weights = problem

        def value():
            return in_one_row(train_network(x, labels, weights, rate, steps), weights)

        return Row(name, value, essential=essential)

    small, square, other = drawn(6, 2, 4, 3), drawn(5, 3, 3, 3), drawn(8, 3, 2, 2)
    yield row("one step at a rate of 0.5", small, 0.5, 1, essential=True)
    yield row("three steps at a rate of 0.2", small, 0.2, 3)
    yield row("three steps, three units in all layers", square, 0.4, 3)
    yield row("25 steps, two classes", other, 0.3, 25)
    yield row("no step at all", small, 0.5, 0)


def faulty_training(x, labels, weights, learning_rate, steps, **made):
    weights = [np.array(weight, dtype=float) for weight in weights]
    if "from_zeros" in made:
        weights = [np.zeros_like(weight) for weight in weights]
    if "own_steps" in made:
        steps = 100
    velocity = None
    steps = steps + 1 if "one_more" in made else steps - ("one_fewer" in made)
    x, labels = (x[: len(x) // 2], labels[: len(x) // 2]) if "half_of_the_examples" in made else (x, labels)
    gradients = two_layer_gradients(x, labels, *weights)
    for step in range(steps):
        rate = 1.0 if "no_rate" in made else learning_rate
        if "decaying" in made:
            rate = rate / (1 + step)
        if "over_n" in made:
            rate = rate / len(x)
        if "shared_out" in made:
            rate = rate / steps
        if "doubled" in made:
            rate = 2 * rate
        if "uphill" in made:
            rate = -rate
        if "never_anew" not in made:
            gradients = two_layer_gradients(x, labels, *weights)
        if "one_example" in made:
            one = slice(step % len(x), step % len(x) + 1)
            gradients = two_layer_gradients(x[one], labels[one], *weights)
        names = ("dW2", "db2", "dW1", "db1") if "swapped" in made else GRADIENTS
        changes = [rate * gradients[name] for name in names]
        if "with_momentum" in made:
            velocity = changes if step == 0 else [0.9 * old + new for old, new in zip(velocity, changes, strict=True)]
            changes = velocity
        if "signs_alone" in made:
            changes = [rate * np.sign(change) for change in changes]
        if "in_proportion" in made:
            changes = [weight * change for weight, change in zip(weights, changes, strict=True)]
        if "biases_left" in made:
            changes = [change if change.ndim == 2 else 0 for change in changes]
        if "kernels_left" in made:
            changes = [change if change.ndim == 1 else 0 for change in changes]
        if "first_layer_left" in made:
            changes[:2] = [0, 0]
        if "second_layer_left" in made:
            changes[2:] = [0, 0]
        if "new_w2" in made:
            # The first layer's gradients are made with the second layer as it is after its step.
            moved = [*weights[:2], weights[2] - changes[2], weights[3]]
            dz1 = gradients["dz2"] @ moved[2].T * (1 - np.tanh(x @ weights[0] + weights[1]) ** 2)
            changes[0], changes[1] = rate * x.T @ dz1, rate * dz1.sum(axis=0)
        if "one_after_the_other" in made:
            for place, name in enumerate(GRADIENTS):
                weights[place] = weights[place] - rate * two_layer_gradients(x, labels, *weights)[name]
        elif "from_behind" in made:
            for place in (2, 3, 0, 1):
                gradient = two_layer_gradients(x, labels, *weights)[GRADIENTS[place]]
                weights[place] = weights[place] - rate * gradient
        elif "unchanged" not in made:
            weights = [weight - change for weight, change in zip(weights, changes, strict=True)]
        if "first_step_alone" in made:
            break
    if "gradients_returned" in made:
        return [gradients[name] for name in GRADIENTS]
    if "more_returned" in made:
        return weights, steps
    return weights


def training_at_a_rate_of_its_own(x, labels, weights, learning_rate, steps, constant=0.1):
    """The steps have a length of their own, whatever `learning_rate` says.

    Multiply the gradient by `learning_rate`.
    """
    return train_network(x, labels, weights, constant, steps)


def training_that_ends_in_the_loop(x, labels, weights, learning_rate, steps):
    """`return` stands inside the loop: one step is made, and where none is asked for nothing comes back.

    Let the loop end first.
    """
    return train_network(x, labels, weights, learning_rate, 1) if steps else None


def training_of_one_step(x, labels, weights, learning_rate, steps):
    """One step is made, however many are asked for, and also where none is.

    `range(steps)` gives as many as are asked for; is there a loop?
    """
    return train_network(x, labels, weights, learning_rate, 1)


def training_in_a_dict(x, labels, weights, learning_rate, steps):
    """A dict came back.

    Return a list of the four weights, in the order in which they were given.
    """
    return dict(zip(("w1", "b1", "w2", "b2"), train_network(x, labels, weights, learning_rate, steps), strict=True))


def training_by_sums(x, labels, weights, learning_rate, steps):
    """With the gradients written out, and arrays changed in place."""
    w1, b1, w2, b2 = (np.array(weight) for weight in weights)
    y = np.eye(len(b2))[labels]
    for _ in range(steps):
        a = np.tanh(x @ w1 + b1)
        z = a @ w2 + b2
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        back = (p - y) / len(x)
        below = back @ w2.T / np.cosh(x @ w1 + b1) ** 2
        w2 -= learning_rate * (a.T @ back)
        b2 -= learning_rate * back.sum(axis=0)
        w1 -= learning_rate * (x.T @ below)
        b1 -= learning_rate * below.sum(axis=0)
    return w1, b1, w2, b2


def training_by_itself(x, labels, weights, learning_rate, steps):
    if steps == 0:
        return list(weights)
    given = two_layer_gradients(x, labels, *weights)
    moved = [np.add(weight, -learning_rate * given[name]) for weight, name in zip(weights, GRADIENTS, strict=True)]
    return training_by_itself(x, labels, moved, learning_rate, steps - 1)


def scene_train_network(train_network):
    """The loss of the network after each number of steps, and two of its weights."""
    x, labels = np.array([[1.0, 2.0], [-1.5, 0.5], [0.5, -1.0], [2.0, 0.3]]), np.array([0, 1, 1, 2])
    weights = [
        np.array([[0.5, -1.0, 0.8], [0.6, 0.4, -0.9]]),
        np.array([0.3, -0.2, 0.5]),
        np.array([[1.5, -0.5, 0.2], [-1.0, 0.8, 0.4], [0.7, 1.2, -1.1]]),
        np.array([0.4, -0.6, 0.1]),
    ]
    ends = [int(np.prod(weight.shape)) for weight in weights]
    curves = {"mean loss": [], "a weight of layer 1": [], "a bias of layer 2": []}
    steps = np.arange(1, 21)
    for count in steps:
        given = train_network(x, labels, [weight.copy() for weight in weights], 0.8, int(count))
        row = numbers(in_one_row(given, weights))
        w1, b1, w2, b2 = (
            part.reshape(like.shape) for part, like in zip(np.split(row, np.cumsum(ends)[:-1]), weights, strict=True)
        )
        p = softmax(np.tanh(x @ w1 + b1) @ w2 + b2)
        loss = -np.log(np.maximum(p[np.arange(len(x)), labels], 1e-300)).mean()
        for curve, value in zip(curves.values(), (loss, w1[0, 0], b2[1]), strict=True):
            curve.append(value)
    return Curves(steps, {name: np.array(curve) for name, curve in curves.items()}, xlabel="steps")


# As a text, since its time is that of the pieces that it calls.
SOLUTION = """\
def train_network(x, labels, weights, learning_rate, steps):
    for _ in range(steps):
        gradients = yours.two_layer_gradients(x, labels, *weights)
        changes = [gradients[name] for name in ("dW1", "db1", "dW2", "db2")]
        weights = [weight - learning_rate * change for weight, change in zip(weights, changes, strict=True)]
    return list(weights)
"""

TRAIN_NETWORK = Exercise(
    name="train_network",
    kind="derive",
    minutes=10,
    level=2,
    reference=train_network,
    probe=probe_train_network,
    scene=scene_train_network,
    misconceptions=[
        *flags(
            faulty_training,
            uphill=(
                "The weights go uphill: the loss grows with every step.",
                "The gradient points to where the loss grows. Subtract it.",
            ),
            unchanged=(
                "The weights come back as they were: perhaps a loop gave its variable a new value, and the list kept "
                "the old ones.",
                "Make a new list of the four differences, and go on with it.",
            ),
            never_anew=(
                "All steps are made with the first gradient: it is computed before the loop, or each time at the "
                "weights of the start.",
                "After a step the slopes are others. Compute the gradient inside the loop, at the weights of now.",
            ),
            first_step_alone=(
                "One step is made, however many are asked for.",
                "Have the loop go on: does it begin each time with the first weights, or end after one step?",
            ),
            one_more=("One step too many is made.", "`range(steps)` gives as many as are asked for."),
            one_fewer=("One step too few is made.", "`range(steps)` gives as many as are asked for."),
            no_rate=("`learning_rate` is not used.", "Multiply the gradient by it."),
            decaying=(
                "The rate shrinks from step to step.",
                "Plain descent has one rate; schedules come in a later chapter.",
            ),
            over_n=(
                "The step is divided by the number of examples.",
                "The gradients are those of a mean loss: the 1/n is in them.",
            ),
            with_momentum=(
                "The steps have momentum: a part of the last one is kept.",
                "Plain descent forgets: the step is the rate times the gradient of now.",
            ),
            signs_alone=(
                "Only the sign of the gradient is used.",
                "The step is the rate times the gradient itself.",
            ),
            in_proportion=(
                "The step is multiplied by the weight.",
                "Subtract the rate times the gradient, whatever the weight is.",
            ),
            from_zeros=(
                "Training begins at zeros.",
                "Begin at `weights`, as given: from zeros all hidden units stay alike.",
            ),
            own_steps=("100 steps are made, whatever `steps` says.", "`range(steps)`."),
            doubled=(
                "The steps are twice as long as they should be.",
                "The gradients are whole already: multiply by `learning_rate`, and by nothing else.",
            ),
            swapped=(
                "The gradients belong to other weights: those of the second layer are used for the first.",
                "The order is w1, b1, w2, b2: `dW1`, `db1`, `dW2`, `db2`.",
            ),
            biases_left=("The biases stay as they are.", "All four arrays take the step."),
            kernels_left=("The kernels stay as they are, only the biases move.", "All four arrays take the step."),
            first_layer_left=("The first layer stays as it is.", "All four arrays take the step."),
            second_layer_left=("The second layer stays as it is.", "All four arrays take the step."),
            new_w2=(
                "The first layer's gradients are computed with the second layer's new weights, which have taken the "
                "step already.",
                "Compute all gradients at the same weights, and only then take the step with all.",
            ),
            one_after_the_other=(
                "The weights take their steps one after the other, each with a gradient at the weights that have moved "
                "already.",
                "Compute all gradients at the same weights, and only then take the step with all.",
            ),
            from_behind=(
                "The weights take their steps one after the other, the second layer first, each with a gradient at the "
                "weights that have moved already.",
                "Compute all gradients at the same weights, and only then take the step with all.",
            ),
            half_of_the_examples=(
                "Half of the examples are looked at.",
                "Plain descent, as asked for here, takes all of them: pass on `x` and `labels` whole.",
            ),
            shared_out=(
                "The rate is divided by the number of steps.",
                "Each step has the whole rate.",
            ),
            one_example=(
                "Each step looks at one example alone.",
                "Plain descent, as asked for here, takes all of them: pass on `x` and `labels` whole.",
            ),
            gradients_returned=("The gradients came back.", "Return the weights."),
            more_returned=(
                "Two things came back, where a list of four arrays is asked for.",
                "Return the list of the four weights, and nothing around it.",
            ),
        ),
        training_that_ends_in_the_loop,
        training_in_a_dict,
        training_of_one_step,
        Misconception.of(training_at_a_rate_of_its_own, between=(1e-4, 10.0)),
    ],
    equivalents=[training_by_sums, training_by_itself],
    hints=[
        "Three things in each round: the gradients at the weights of now, four new weights, and those are the weights "
        "of the next round.",
        "`yours.two_layer_gradients(x, labels, *weights)` gives the dict. Which four of its seven are needed, and in "
        "which order?",
    ],
    solution=SOLUTION,
)
