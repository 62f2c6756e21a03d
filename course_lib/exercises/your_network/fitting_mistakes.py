"""How the loop that trains a network goes wrong, and ways of writing it that do not."""

from functools import partial

import numpy as np

from course_lib import losses, optimizers, schedules
from course_lib.checking.exercise import Misconception, flags
from course_lib.exercises.your_network.backwards import network_gradients
from course_lib.exercises.your_network.forwards import network_outputs

# A question of the probe, and two answers to it that prove a mistake.
EACH_ONCE = "is every example seen in every epoch, with its label?"
MISSING, OTHER_LABELS = "no, some are missing", "no, the losses are those of other labels"


def losses_of(truth, logits):
    """Return the mean cross-entropy and its gradient along the logits."""
    loss = losses.categorical_crossentropy(truth, logits, from_logits=True)
    return float(loss), losses.categorical_crossentropy_gradient(truth, logits, from_logits=True)


def fit_written_out(x, labels, weights, epochs, batch_size, learning_rate, rate, seed):
    """With examples shuffled in place, losses from probabilities, and Adam by hand."""
    rng, step = np.random.default_rng(seed), 0
    x, labels, weights = np.array(x), np.array(labels), [np.array(weight) for weight in weights]
    m, v = [0.0] * len(weights), [0.0] * len(weights)
    total, heard = epochs * int(np.ceil(len(x) / batch_size)), []
    while step < total:
        together = list(range(len(x)))
        rng.shuffle(together)
        x, labels = x[together], labels[together]
        for start in range(0, len(x), batch_size):
            some, true = x[start : start + batch_size], labels[start : start + batch_size]
            logits, inputs = network_outputs(some, weights, rate, int(rng.integers(10**9)))
            powers = np.exp(logits - logits.max(axis=1, keepdims=True))
            p = powers / powers.sum(axis=1, keepdims=True)
            heard.append(-np.log(p[np.arange(len(true)), true]).mean())
            p[np.arange(len(true)), true] -= 1
            now = 0.5 * learning_rate * (1 + np.cos(np.pi * step / total))
            step += 1
            for place, gradient in enumerate(network_gradients(inputs, weights, p / len(true), rate)):
                m[place] = 0.9 * m[place] + 0.1 * gradient
                v[place] = 0.999 * v[place] + 0.001 * gradient**2
                late = 1 - 0.999**step
                weights[place] -= now * m[place] / (1 - 0.9**step) / (np.sqrt(v[place] / late) + 1e-7)
    return tuple(weights), np.array(heard)


def faulty_fit(x, labels, weights, epochs, batch_size, learning_rate, rate, seed, **made):
    rng, start = np.random.default_rng(None if "unseeded" in made else 0 if "fixed_seed" in made else seed), weights
    if "all_at_once" in made:
        batch_size = len(x)
    if "one_epoch" in made:
        epochs = 1
    if "labels_apart" in made:
        labels = np.roll(labels, 1)
    batches = -(-len(x) // batch_size)
    if "rest_dropped" in made:
        batches = max(len(x) // batch_size, 1)
    rule = optimizers.SGD if "plain" in made else optimizers.RMSprop if "rmsprop" in made else optimizers.Adam
    optimizer, heard, by_epoch, order = rule(learning_rate), [], [], rng.permutation(len(x))
    for epoch in range(epochs):
        if "one_order" not in made:
            order = rng.permutation(len(x))
        if "never_shuffled" in made:
            order = np.arange(len(x))
        if "with_repeats" in made:
            order = rng.integers(0, len(x), len(x))
        if "new_for_each_epoch" in made:
            optimizer = rule(learning_rate)
        for number in range(batches):
            batch = order[number * batch_size : (number + 1) * batch_size]
            if "first_batch_again" in made:
                batch = order[:batch_size]
            mask = 0 if "one_mask" in made else int(rng.integers(10**6))
            used = 0.0 if "no_dropout" in made else rate
            logits, inputs = network_outputs(x[batch], weights, used, mask)
            truth = np.eye(logits.shape[1])[labels[batch]]
            loss, upstream = losses_of(truth, logits)
            if "new_in_each_step" in made:
                optimizer = rule(learning_rate)
            step, total = len(heard), epochs * batches
            if "by_epochs" in made:
                step, total = epoch, epochs
            if "anew_in_each_epoch" in made:
                step, total = number, batches
            if "one_early" in made:
                step = step + 1
            if "rounded_down" in made:
                total = max(epochs * (len(x) // batch_size), 1)
            if "not_rounded" in made:
                total = epochs * len(x) / batch_size
            if "to_the_last" in made:
                total = max(total - 1, 1)
            now = schedules.cosine_decay(step, learning_rate, total)
            optimizer.learning_rate = learning_rate if "constant" in made else float(now)
            gradients = network_gradients(inputs, weights, upstream, used)
            if "uphill" in made:
                gradients = [-gradient for gradient in gradients]
            moved = optimizer.step(weights, gradients)
            if "thrown_away" not in made:
                weights = moved
            if "loss_afterwards" in made:
                loss, _ = losses_of(truth, network_outputs(x[batch], weights, used, mask)[0])
            heard.append(loss * len(batch) if "summed" in made else loss)
        by_epoch.append(float(np.mean(heard[-batches:])))
        if "from_the_start_each_epoch" in made and epoch < epochs - 1:
            weights = start
    if "losses_by_epoch" in made:
        heard = by_epoch
    if "last_loss" in made:
        heard = heard[-1:]
    if "swapped" in made:
        return heard, weights
    if "weights_alone" in made:
        return weights
    return weights, heard


FLAGGED = flags(
    faulty_fit,
    constant=(
        "The rate does not fall: all steps have the first one.",
        "Before each step set `optimizer.learning_rate` to `yours.cosine_decay(…)`; your Adam must take it from there.",
    ),
    by_epochs=(
        "The schedule counts epochs, so the rate falls in few large stairs.",
        "It counts steps: give it the number of steps done, and of all steps of all epochs.",
    ),
    anew_in_each_epoch=(
        "The rate falls to 0 in every epoch, and begins anew in the next.",
        "Count steps over all epochs: from 0 to epochs times batches.",
    ),
    one_early=("The rate is one step ahead: the first step has that of the second.", "The first step is number 0."),
    to_the_last=(
        "The rate is 0 in the last step already, which moves nothing.",
        "It reaches 0 after the last step: the decay takes as many steps as there are.",
    ),
    rounded_down=(
        "The schedule does not count the smaller batch at the end of an epoch: the rate is 0 before the last step.",
        "Round up: `int(np.ceil(len(x) / batch_size))` steps in each epoch.",
    ),
    not_rounded=(
        "The schedule counts a smaller batch at the end of an epoch as a part of a step.",
        "Round up: `int(np.ceil(len(x) / batch_size))` steps in each epoch.",
    ),
    new_in_each_step=(
        "The optimizer is made anew in each step, and has forgotten its means and how many steps it has done.",
        "Make it once, before both loops.",
    ),
    new_for_each_epoch=(
        "The optimizer is made anew in each epoch, and has forgotten its means and how many steps it has done.",
        "Make it once, before both loops.",
    ),
    plain=("The steps are those of plain gradient descent.", "Asked for is Adam: `yours.Adam(learning_rate)`."),
    rmsprop=("The steps are those of RMSprop.", "Asked for is Adam: `yours.Adam(learning_rate)`."),
    uphill=("The weights go uphill.", "The gradient points to where the loss grows; the optimizer subtracts it."),
    thrown_away=(
        "The weights never change: what `optimizer.step` returns is not kept.",
        "`weights = optimizer.step(weights, gradients)`: the next step goes on from there.",
    ),
    from_the_start_each_epoch=(
        "Every epoch begins with the first weights again.",
        "Go on with the weights that the last step has left.",
    ),
    one_epoch=("One epoch is done, however many are asked for.", "Does a `return` stand inside the loop?"),
    all_at_once=("`batch_size` is not used: each step is on all examples.", "`yours.minibatches(order, batch_size)`."),
    rest_dropped=(
        "The last batch of an epoch is left out where it is smaller than the others.",
        "`yours.minibatches` keeps what is left; does the count of your loop?",
    ),
    first_batch_again=("All steps of an epoch are on the same batch.", "Take the next batch in each step."),
    never_shuffled=(
        "The examples come in the order in which they are given.",
        "Cut the batches from `rng.permutation(len(x))`.",
    ),
    one_order=("All epochs have the same order.", "Draw a new permutation in each epoch, inside the loop."),
    unseeded=("The same seed gives another order each time.", "`np.random.default_rng(seed)` draws everything."),
    fixed_seed=("The order does not depend on `seed`.", "`np.random.default_rng(seed)` draws everything."),
    no_dropout=(
        "Nothing is dropped, whatever `rate` is.",
        "Give `rate` and a seed to `yours.network_outputs`.",
    ),
    one_mask=(
        "Every step drops the same units: the way there gets the same seed each time.",
        "Draw a new seed for each step, such as `int(rng.integers(2**31))`.",
    ),
    losses_by_epoch=("There is one loss for each epoch.", "Append the loss of every step."),
    last_loss=("Only one loss comes back.", "Append the loss of every step to a list that is made before the loops."),
    loss_afterwards=(
        "The losses are those after the steps, for which every batch goes through the network twice.",
        "Take the loss from which the gradient was made, before the step.",
    ),
    summed=(
        "The losses are sums over the batch.",
        "Append the mean, which `yours.crossentropy_from_logits` gives.",
    ),
    swapped=("The losses come first, and the weights after them.", "Return `weights, losses`."),
    weights_alone=("Only the weights come back, without the losses.", "Return `weights, losses`."),
)

# What is drawn decides the values of these: an answer to a question proves them.
MISTAKES = [
    *FLAGGED,
    Misconception(
        partial(faulty_fit, with_repeats=True),
        "Some examples come twice in an epoch, and others not at all: the indices are drawn with repeats.",
        "A permutation holds each index once: `rng.permutation(len(x))`.",
        name="with_repeats",
        proof=(EACH_ONCE, MISSING),
    ),
    Misconception(
        partial(faulty_fit, labels_apart=True),
        "The images do not keep their labels: both are brought into different orders.",
        "Take `x[batch]` and `labels[batch]` with the same indices.",
        name="labels_apart",
        proof=(EACH_ONCE, OTHER_LABELS),
    ),
]
