"""The exercise in which each rank keeps Adam's running means of its own part of the weights only."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.observe import once
from course_lib.collectives import all_gather, reduce_scatter, ring_all_reduce
from course_lib.exercises.distributed_training.playing import ENDS, in_the_end, mistakes_of_messages, played
from course_lib.exercises.returned import parts


def sharded_adam_step(rank, size, weights, gradient, m, v, step, learning_rate):
    """Take a step of Adam of which each rank computes 1/p, with 1/p of the running means: it keeps no others.

    Args:
        rank, size: which rank this is, and how many there are.
        weights: array (length,), the same on all ranks.
        gradient: array (length,), this rank's own; all ranks have equally many examples.
        m, v: arrays, the running means of chunk number `rank` of `np.array_split(weights, size)`.
        step: int, 1 at the first step.
        learning_rate: float. β₁ is 0.9, β₂ is 0.999 and ε is 1e-7, outside the root.
    Returns:
        (weights, m, v): the new weights, whole, and the new running means of this rank's chunk.
    Reference: Rajbhandari, Rasley, Ruwase and He (2020), "ZeRO: memory optimizations toward training trillion parameter
    models", §5.2.
    """
    own_gradient = (yield from reduce_scatter(rank, size, gradient)) / size
    m = 0.9 * m + 0.1 * own_gradient
    v = 0.999 * v + 0.001 * own_gradient**2
    change = learning_rate * m / (1 - 0.9**step) / (np.sqrt(v / (1 - 0.999**step)) + 1e-7)
    own = np.array_split(weights, size)[rank] - change
    return (yield from all_gather(rank, size, own)), m, v


NAMES = ("the weights", "m", "v")


def probe_sharded_adam_step(sharded_adam_step, rng):
    weights = rng.normal(size=8)
    gradients = rng.normal(size=(2, 5, 8)) * np.geomspace(1e-3, 10, 8)
    drawn = rng.normal(size=8), rng.uniform(0.1, 1, size=8)

    def on(size, length, steps, rate=0.01, at=None):
        """Take `steps` steps, or one whose running means are drawn, which is step number `at`."""

        def play():
            held = weights[:length]
            ran = None
            m, v = (np.array_split(each[:length] if at else np.zeros(length), size) for each in drawn)
            for step in range(steps):
                arguments = [[held] * size, list(gradients[step, :size, :length]), m, v]
                number = at or step + 1
                ran = played(sharded_adam_step, *arguments, [number] * size, [rate] * size)
                if step + 1 < steps:
                    taken = [parts(result, NAMES) for result in ran.results]
                    held, m, v = taken[0][0], [each[1] for each in taken], [each[2] for each in taken]
            return ran

        return once(play)

    one, two, four, five, later = on(1, 6, 1), on(2, 8, 1), on(4, 8, 2), on(5, 8, 1, 0.1), on(4, 8, 1, at=7)

    def part(ran, number):
        return [parts(result, NAMES)[number] for result in ran().results]

    yield Row("4 ranks, two steps: the weights that each has", lambda: part(four, 0), weight=2.0, essential=True)
    yield ENDS, lambda: in_the_end(four, five)
    yield "4 ranks, two steps: m of each rank's own chunk", lambda: part(four, 1)
    yield "4 ranks, two steps: v of each rank's own chunk", lambda: part(four, 2)
    yield "4 ranks, step 7, with drawn m and v: the weights", lambda: part(later, 0)
    yield "2 ranks, the first step: the weights", lambda: part(two, 0)
    yield "1 rank alone: the weights, m and v", lambda: [part(one, number) for number in range(3)]
    yield "5 ranks, 8 weights, rate 0.1: the weights", lambda: part(five, 0)
    # Reduce-scatter and all-gather each send 3/4 of 8 numbers.
    yield Row(
        "4 ranks, 8 weights: numbers that the busiest rank sends beyond 12",
        lambda: max(0, max(later().bytes_sent) // 8 - 12),
        weight=2.0,
    )


def faulty_sharded_adam(rank, size, weights, gradient, m, v, step, learning_rate, **made):
    if "own_gradient_alone" in made:
        own_gradient = np.array_split(gradient, size)[rank]
    elif "whole_all_reduce" in made:
        own_gradient = np.array_split((yield from ring_all_reduce(rank, size, gradient)), size)[rank] / size
    else:
        own_gradient = (yield from reduce_scatter(rank, size, gradient)) / size
    squares = own_gradient**2
    if "square_of_all" in made:
        squares = 0.001 * own_gradient**2
    if "mean_of_squares" in made:
        squares = (yield from reduce_scatter(rank, size, gradient**2)) / size
    if "sum" in made:
        own_gradient, squares = own_gradient * size, squares * size**2
    if "divided_twice" in made:
        own_gradient, squares = own_gradient / size, squares / size**2
    beta_1, beta_2 = (0.999, 0.9) if "betas_swapped" in made else (0.9, 0.999)
    m = own_gradient if "no_first_mean" in made else beta_1 * m + (1 - beta_1) * own_gradient
    v = beta_2 * v + (1 - beta_2) * (own_gradient if "not_squared" in made else squares)
    t = step + 1 if "step_ahead" in made else step
    first, second = (1, 1) if "uncorrected" in made else (1 - 0.9**t, 1 - 0.999**t)
    if "times_the_step" in made:
        first, second = 1 - 0.9 * t, 1 - 0.999 * t
    if "m_corrected_alone" in made:
        second = 1
    if "v_corrected_alone" in made:
        first = 1
    m_hat, v_hat = m / first, v / second
    root = v_hat if "no_root" in made else np.sqrt(v_hat)
    change = learning_rate * m_hat / (root + 1e-7)
    if "epsilon_inside" in made:
        change = learning_rate * m_hat / np.sqrt(v_hat + 1e-7)
    if "gradient_for_m" in made:
        change = learning_rate * own_gradient / (root + 1e-7)
    if "plain_descent" in made:
        change = learning_rate * own_gradient
    own = np.array_split(weights, size)[0 if "chunk_0" in made else rank]
    if "equal_slices" in made:
        own = weights[rank * (len(weights) // size) : (rank + 1) * (len(weights) // size)]
    own = own + change if "uphill" in made else own - change
    if "not_gathered" in made:
        return own, m, v
    new = yield from all_gather(rank, size, own)
    if "corrected_kept" in made:
        m, v = m_hat, v_hat
    if "state_gathered" in made:
        m, v = (yield from all_gather(rank, size, m)), (yield from all_gather(rank, size, v))
    if "old_state" in made:
        return new, *(np.zeros_like(m), np.zeros_like(v))
    if "other_order" in made:
        return m, v, new
    return new if "weights_alone" in made else (new, m, v)


def whole_weights_for_a_chunk(rank, size, weights, gradient, m, v, step, learning_rate):
    """A chunk's step is taken from the whole weights, which are longer than it.

    `np.array_split(weights, size)[rank]` is the chunk whose gradient and running means this rank has.
    """
    own_gradient = (yield from reduce_scatter(rank, size, gradient)) / size
    m = 0.9 * m + 0.1 * own_gradient
    v = 0.999 * v + 0.001 * own_gradient**2
    own = weights - learning_rate * m / (1 - 0.9**step) / (np.sqrt(v / (1 - 0.999**step)) + 1e-7)
    return (yield from all_gather(rank, size, own)), m, v


def reduced_without_yield_from(rank, size, weights, gradient, m, v, step, learning_rate):
    """`reduce_scatter(…)` is called, and nothing runs: it gives a generator, which is no array.

    Another rank's program inside yours is `yield from reduce_scatter(rank, size, …)`.
    """
    yield from ()
    return reduce_scatter(rank, size, gradient) / size


def gathered_without_yield_from(rank, size, weights, gradient, m, v, step, learning_rate):
    """`all_gather(…)` is called, and nothing runs: it gives a generator, and not the weights.

    Another rank's program inside yours is `yield from all_gather(rank, size, …)`.
    """
    _, m, v = yield from faulty_sharded_adam(
        rank, size, weights, gradient, m, v, step, learning_rate, not_gathered=True
    )
    return all_gather(rank, size, _), m, v


def by_changes(rank, size, weights, gradient, m, v, step, learning_rate):
    own_gradient = yield from reduce_scatter(rank, size, gradient / size)
    m, v = m + 0.1 * (own_gradient - m), v + 0.001 * (own_gradient**2 - v)
    rate = learning_rate * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
    change = rate * m / (np.sqrt(v) + 1e-7 * np.sqrt(1 - 0.999**step))
    return weights - (yield from all_gather(rank, size, change)), m, v


def by_hand(rank, size, weights, gradient, m, v, step, learning_rate):
    """Each chunk goes straight to its rank, and the new weights straight to all."""
    from course_lib.ranks import send_receive

    chunks = np.array_split(gradient, size)
    total = chunks[rank].copy()
    for k in range(1, size):
        total += yield send_receive((rank + k) % size, chunks[(rank + k) % size], (rank - k) % size)
    g = total / size
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    new = [chunk.copy() for chunk in np.array_split(weights, size)]
    new[rank] -= learning_rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-7)
    for k in range(1, size):
        new[(rank - k) % size] = yield send_receive((rank + k) % size, new[rank], (rank - k) % size)
    return np.concatenate(new), m, v


ADAM = "m̂ = m / (1 − 0.9^step), v̂ = v / (1 − 0.999^step), and the step is learning_rate · m̂ / (√v̂ + 1e-7)."
MEAN = "All ranks have equally many examples, so the mean over all is the sum of the gradients divided by `size`."
OWN = "m and v of this rank's own chunk come back: the other ranks keep theirs, and that saves the memory."

SHARDED_ADAM_STEP = Exercise(
    name="sharded_adam_step",
    kind="derive",
    minutes=20,
    level=3,
    reference=sharded_adam_step,
    probe=probe_sharded_adam_step,
    misconceptions=[
        *flags(
            faulty_sharded_adam,
            ("sum", "uncorrected", "whole_all_reduce", "step_ahead", "uphill", "own_gradient_alone", "not_squared"),
            own_gradient_alone=(
                "Each rank takes its own gradient of its chunk: what the other ranks' examples say is not reduced.",
                "`yield from reduce_scatter(rank, size, gradient)` gives the sum of this rank's chunk.",
            ),
            whole_all_reduce=(
                "The step is right, but more bytes than need be are sent: an all-reduce gives each rank the whole sum, "
                "of which it uses one chunk.",
                "`yield from reduce_scatter(rank, size, gradient)` gives this rank's chunk alone, for half of that.",
            ),
            sum=("The gradients are summed, and not averaged.", MEAN),
            divided_twice=("The sum of the gradients is divided by `size` twice.", MEAN),
            mean_of_squares=(
                "v takes the mean of the ranks' squared gradients, and not the square of their mean.",
                "First average the gradients, then square: one device would do the same.",
            ),
            no_first_mean=("m is the gradient itself, no running mean.", "m = 0.9 · m + 0.1 · gradient."),
            not_squared=("v takes the gradient, and not its square.", "v = 0.999 · v + 0.001 · gradient²."),
            uncorrected=("The running means are not corrected for their start at 0.", ADAM),
            m_corrected_alone=("v is not corrected for its start at 0.", ADAM),
            v_corrected_alone=("m is not corrected for its start at 0.", ADAM),
            step_ahead=(
                "The correction is that of the step after this one.",
                "`step` is 1 at the first step: use it as is.",
            ),
            times_the_step=("β is multiplied by the step in the correction, and not raised to its power.", ADAM),
            betas_swapped=("m and v have each other's β.", "m takes β₁ = 0.9, and v takes β₂ = 0.999."),
            square_of_all=(
                "The factor 0.001 is squared with the gradient: the brackets are in the wrong place.",
                "0.001 * gradient ** 2 squares the gradient alone.",
            ),
            epsilon_inside=("ε stands inside the root.", ADAM),
            equal_slices=(
                "The slices of the weights are all equally long, `len(weights) // size`, and those of the "
                "gradient are not.",
                "Take the chunk of `np.array_split(weights, size)`, as `reduce_scatter` does.",
            ),
            no_root=("The root of v̂ is missing.", ADAM),
            gradient_for_m=("The step takes the gradient itself in place of m̂: there is no momentum.", ADAM),
            plain_descent=("The step is that of plain gradient descent: the running means are not used.", ADAM),
            chunk_0=(
                "Every rank moves the first chunk of the weights.",
                "`np.array_split(weights, size)[rank]` is this rank's.",
            ),
            uphill=("The weights go uphill: the step is added.", "Subtract it."),
            not_gathered=(
                "Each rank has its own chunk of the new weights in the end, and not the whole: they are not gathered.",
                "`yield from all_gather(rank, size, own)` joins the chunks of all ranks, on each of them.",
            ),
            corrected_kept=(
                "The corrected m̂ and v̂ come back: in the next step they would be corrected once more.",
                "Return m and v as they were before the correction.",
            ),
            state_gathered=("All ranks' m and v are gathered: each rank holds the whole state again.", OWN),
            old_state=("m and v come back as zeros: nothing of this step is remembered.", "Return the new m and v."),
            other_order=("The three things come back in another order.", "Return (weights, m, v)."),
            weights_alone=("Only the weights come back, and m and v of this step are lost.", OWN),
        ),
        whole_weights_for_a_chunk,
        reduced_without_yield_from,
        gathered_without_yield_from,
        *mistakes_of_messages(),
    ],
    equivalents=[by_changes, by_hand],
    hints=[
        "Which part of the gradient does a rank need that updates chunk number `rank` alone? Which of the collective "
        "operations gives just that?",
        f"With the mean of that chunk, take Adam's step on this chunk of the weights. {ADAM}",
        "Every rank has a new chunk now; `yield from all_gather(rank, size, chunk)` gives the whole to each of them.",
    ],
)
