"""The exercise on the rate for a batch that is spread over replicas: scaled with it, and warmed up."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.scene import Curves


def scaled_rate(step, base_rate, base_batch, batch_per_replica, replicas, warmup_steps):
    """Scale a rate with the global batch, and reach it along a line from the base rate.

    target = base_rate · (batch_per_replica · replicas) / base_batch

    Args:
        step: int ≥ 0, the step that is about to be taken.
        base_rate: float, a rate that is good for a batch of `base_batch`.
        base_batch: int.
        batch_per_replica: int, how many examples each replica has in a step.
        replicas: int.
        warmup_steps: int ≥ 0; at step 0 the rate is `base_rate`, from step `warmup_steps` on it is the target.
    Returns:
        float.
    Reference: Goyal et al. (2017), "Accurate, large minibatch SGD: training ImageNet in 1 hour", §2.
    """
    target = base_rate * batch_per_replica * replicas / base_batch
    if step >= warmup_steps:
        return target
    return base_rate + (target - base_rate) * step / warmup_steps


def probe_scaled_rate(scaled_rate, rng):
    base, steps = rng.uniform(0.05, 0.5), int(rng.integers(40, 80))
    yield Row("8 replicas of 32 each, base batch 256", lambda: scaled_rate(steps, base, 256, 32, 8, 0), essential=True)
    yield Row(
        "8 replicas of 64 each, after the warm-up", lambda: scaled_rate(900, base, 256, 64, 8, 500), essential=True
    )
    yield "3 replicas of 100 each, base batch 128", lambda: scaled_rate(900, base, 128, 100, 3, 500)
    yield "2 replicas of 16 each, base batch 256", lambda: scaled_rate(900, base, 256, 16, 2, 0)
    yield "1 replica of 512, base batch 128", lambda: scaled_rate(900, base, 128, 512, 1, 10)
    yield "the first step of a warm-up", lambda: scaled_rate(0, base, 256, 256, 8, 100)
    yield "during a warm-up", lambda: scaled_rate(steps, base, 256, 256, 8, 100)
    yield "the last step of a warm-up", lambda: scaled_rate(99, base, 256, 256, 8, 100)
    yield "the step after it", lambda: scaled_rate(100, base, 256, 256, 8, 100)
    yield "long after it", lambda: scaled_rate(10_000, base, 256, 256, 8, 100)
    yield "step 0 without a warm-up", lambda: scaled_rate(0, base, 256, 256, 8, 0)
    yield "a warm-up down to a smaller rate", lambda: scaled_rate(steps, base, 256, 8, 4, 100)


def faulty_rate(step, base_rate, base_batch, batch_per_replica, replicas, warmup_steps, **made):
    factor = batch_per_replica * replicas / base_batch
    factor = {
        "per_replica": batch_per_replica / base_batch,
        "replicas_alone": replicas,
        "root": np.sqrt(factor),
        "root_of_replicas": np.sqrt(replicas),
        "one_more": 1 + factor,
        "unscaled": 1.0,
        "upside_down": 1 / factor,
        "without_base_batch": float(batch_per_replica * replicas),
        "replicas_twice": factor * replicas,
        "rounded": float(batch_per_replica * replicas // base_batch),
        "shared_out": batch_per_replica / replicas / base_batch,
        "without_base_rate": factor / base_rate,
        "doubled": 2 * factor,
    }.get(next(iter(made), ""), factor)
    target = base_rate * factor
    if "no_warmup" in made:
        return target
    at = step + 1 if "one_ahead" in made else step
    if "one_behind" in made:
        at = max(step - 1, 0)
    done = warmup_steps if "on_and_on" in made and warmup_steps == 0 else at >= warmup_steps
    if "on_and_on" in made:
        done = warmup_steps == 0
    if done:
        return target
    part = at / warmup_steps
    return {
        "from_zero": target * part,
        "from_zero_one_ahead": target * (step + 1) / warmup_steps,
        "constant": base_rate,
        "nothing": 0.0,
        "base_added": base_rate + target * part,
        "backward": target + (base_rate - target) * part,
        "as_a_power": base_rate * factor**part,
    }.get(next(iter(made), ""), base_rate + (target - base_rate) * part)


def rate_that_divides_by_zero(step, base_rate, base_batch, batch_per_replica, replicas, warmup_steps):
    """Without a warm-up the code divides by its 0 steps.

    Ask first whether the warm-up is over, `step >= warmup_steps`: with 0 steps it always is.
    """
    target = base_rate * batch_per_replica * replicas / base_batch
    return base_rate + (target - base_rate) * min(1, step / warmup_steps)


def by_a_minimum(step, base_rate, base_batch, batch_per_replica, replicas, warmup_steps):
    part = 1.0 if warmup_steps == 0 else min(1.0, step / warmup_steps)
    return base_rate * (1 - part + part * batch_per_replica * replicas / base_batch)


def by_interpolation(step, base_rate, base_batch, batch_per_replica, replicas, warmup_steps):
    target = base_rate / base_batch * (batch_per_replica * replicas)
    return np.interp(step, [0, warmup_steps], [base_rate, target]) if warmup_steps else target


def scene_scaled_rate(scaled_rate):
    """The rate of eight replicas over forty steps, of which twenty warm up."""
    steps = np.arange(41)
    rates = [float(scaled_rate(int(step), 0.1, 256, 256, 8, 20)) for step in steps]
    return Curves(steps, {"8 replicas of 256, base rate 0.1 for 256": np.array(rates)}, "step", "rate")


GLOBAL = "The step averages over the global batch, batch_per_replica · replicas: compare that with base_batch."
LINE = "A line from base_rate at step 0 to the target at step warmup_steps; afterwards the target."

SCALED_RATE = Exercise(
    name="scaled_rate",
    kind="formula",
    minutes=6,
    level=1,
    reference=scaled_rate,
    probe=probe_scaled_rate,
    scene=scene_scaled_rate,
    misconceptions=[
        *flags(
            faulty_rate,
            (),
            per_replica=("The batch of one replica is used as if it were the global one.", GLOBAL),
            replicas_alone=("The rate is scaled by the number of replicas, whatever their batch is.", GLOBAL),
            root=("The rate is scaled with the root of the batch, where linear scaling is asked.", GLOBAL),
            root_of_replicas=("The rate is scaled with the root of the number of replicas.", GLOBAL),
            one_more=("The scaled rate is added to the base rate.", GLOBAL),
            from_zero_one_ahead=(
                "The warm-up begins near 0, at the first part of the target, not at the base rate.",
                LINE,
            ),
            unscaled=("The rate is not scaled: it is the base rate.", GLOBAL),
            upside_down=("The fraction is upside down: a larger batch gets a smaller rate.", GLOBAL),
            without_base_batch=("The batch is not divided by `base_batch`.", GLOBAL),
            without_base_rate=("The scaling is divided by the base rate.", "Multiply the base rate by it."),
            replicas_twice=("The number of replicas counts twice.", GLOBAL),
            shared_out=("The batch of a replica is divided by the number of replicas, not multiplied.", GLOBAL),
            doubled=("The rate is twice what linear scaling gives.", GLOBAL),
            rounded=("The scaling is rounded to a whole number: `//` cuts the rest off.", "Divide with `/`."),
            no_warmup=("There is no warm-up: the whole rate is used from the first step on.", LINE),
            from_zero=("The warm-up begins at 0, and not at the base rate.", LINE),
            constant=("During the warm-up the rate stays at the base rate, and then jumps.", LINE),
            nothing=("During the warm-up the rate is 0: nothing is learned.", LINE),
            base_added=("The warm-up adds the whole target to the base rate, and so grows beyond it.", LINE),
            backward=("The warm-up goes the other way: from the target to the base rate.", LINE),
            as_a_power=("The warm-up grows by a constant factor at each step, not along a line.", LINE),
            one_ahead=("The warm-up is one step ahead.", LINE),
            one_behind=("The warm-up is one step late.", LINE),
            on_and_on=("The rate grows on and on beyond the end of the warm-up.", LINE),
        ),
        rate_that_divides_by_zero,
    ],
    equivalents=[by_a_minimum, by_interpolation],
    hints=[
        "Eight replicas have 32 examples each: over how many does the step average?",
        "At step 0 the rate is base_rate, at step warmup_steps it is the target. What is it half way?",
    ],
)
