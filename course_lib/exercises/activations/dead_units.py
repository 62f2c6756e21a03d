"""The units that ReLU leaves dead."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags


def dead_fraction(pre_activations):
    """Return the fraction of units (columns) whose ReLU outputs 0 for every example (row)."""
    is_dead = np.all(pre_activations <= 0, axis=0)
    return np.mean(is_dead)


def probe_dead_fraction(dead_fraction, rng):
    some = rng.normal(size=(9, 10))
    some[:, :4] = -np.abs(some[:, :4])  # four dead units; the other six fire at least once, but not on the last example
    some[:3, 4:] = np.abs(some[:3, 4:])
    some[-1, 4:6] = -np.abs(some[-1, 4:6])
    silent_example = rng.normal(size=(6, 5))
    silent_example[0], silent_example[1] = -np.abs(silent_example[0]), np.abs(silent_example[1])
    at_zero = rng.normal(size=(5, 4))
    at_zero[:, 0], at_zero[:, 1] = 0.0, -np.abs(at_zero[:, 1])
    at_zero[2, 1], at_zero[3, 2:] = 0.0, np.abs(at_zero[3, 2:])
    rare = -rng.uniform(1.0, 5.0, size=(7, 8))
    rare[-1, :5] = rng.uniform(0.01, 0.1, size=5)
    rare[-1, 0] = 60.0  # so rare and so strong that its mean is positive
    some, silent_example, at_zero, rare = (
        rng.permutation(array, axis=1) for array in (some, silent_example, at_zero, rare)
    )
    yield Row("some units dead, some not", lambda: dead_fraction(some), essential=True)
    yield "an example for which every unit is silent, but no dead unit", lambda: dead_fraction(silent_example)
    yield "units that are exactly at zero", lambda: dead_fraction(at_zero)
    yield "units that rarely fire", lambda: dead_fraction(rare)
    yield "a single example", lambda: dead_fraction(some[:1])
    yield "everything dead", lambda: dead_fraction(-np.ones((3, 2)))


def faulty_dead_fraction(
    pre_activations, axis=False, ever=False, count=False, alive=False, strict=False, turned=False, percent=False
):
    silent = pre_activations < 0 if strict else pre_activations >= 0 if turned else pre_activations <= 0
    along = 1 if axis else 0
    is_dead = np.any(silent, axis=along) if ever else np.all(silent, axis=along)
    is_dead = ~is_dead if alive else is_dead
    return (np.sum(is_dead) if count else np.mean(is_dead)) * (100 if percent else 1)


def dead_fraction_by_loops(pre_activations):
    samples, units = pre_activations.shape
    dead = 0
    for unit in range(units):
        fired = False
        for sample in range(samples):
            if pre_activations[sample, unit] > 0:
                fired = True
        dead += not fired
    return dead / units


DEAD_FRACTION = Exercise(
    name="dead_fraction",
    kind="derive",
    minutes=8,
    level=2,
    reference=dead_fraction,
    probe=probe_dead_fraction,
    misconceptions=[
        *flags(
            faulty_dead_fraction,
            axis=(
                "You look along the wrong axis: that finds silent examples.",
                "Units are columns, so reduce over the examples with axis=0.",
            ),
            ever=("You count units that are silent at least once.", "A dead unit is silent for every example."),
            count=("You return how many units are dead.", "Divide by the number of units."),
            alive=("You return the fraction of units that are alive.", "Return the other part."),
            strict=(
                "You do not count outputs of units that are exactly at zero: ReLU's output is 0 there too.",
                "Compare with <=, not <.",
            ),
            turned=(
                "You find units that are never negative: the comparison has the wrong sign.",
                "ReLU's output is 0 where the pre-activation is <= 0.",
            ),
            percent=("Your result is in percent.", "Return a fraction, from 0 to 1: leave out the 100."),
        ),
        Misconception(
            lambda z: np.mean(z <= 0),
            "This is the fraction of zeros among all outputs, the sparsity; half of them being zero is healthy.",
            "Ask of each unit whether all its outputs are 0.",
            "dead_fraction_of_zeros",
        ),
        Misconception(
            lambda z: np.mean(z > 0),
            "This is the fraction of outputs that are not 0, over all units together.",
            "Ask of each unit whether all its outputs are 0.",
            "dead_fraction_of_firing_outputs",
        ),
        Misconception(
            lambda z: np.mean(np.all(z == 0, axis=0)),
            "You look for pre-activations that equal 0; those below 0 give an output of 0 as well.",
            "Compare the pre-activations with <=, or the outputs with ==.",
            "dead_fraction_of_exact_zeros",
        ),
        Misconception(
            lambda z: np.mean(np.mean(z, axis=0) <= 0),
            "You look at the mean, or the sum, of a unit's pre-activations: one below 0 does not make a unit dead.",
            "One example with a positive z is enough to let a gradient through: ask for all examples.",
            "dead_fraction_of_means",
        ),
        Misconception(
            lambda z: np.mean(np.mean(z, axis=0) < 0),
            "You look at the mean, or the sum, of a unit's pre-activations: one below 0 does not make a unit dead.",
            "One example with a positive z is enough to let a gradient through: ask for all examples, with <=.",
            "dead_fraction_of_negative_means",
        ),
        Misconception(
            lambda z: np.mean(z[-1] <= 0),
            "You look at one example only.",
            "A dead unit is silent for all examples.",
            "dead_fraction_of_last_sample",
        ),
        Misconception(
            lambda z: np.all(z[:, 0] <= 0) / z.shape[1],
            "Your result holds the first unit only: the `return` stands inside the loop.",
            "Move `return` to the left, so that it comes after the loop.",
            "dead_fraction_returned_in_the_loop",
        ),
        Misconception(
            lambda z: np.sum(np.all(z <= 0, axis=0)) / z.shape[0],
            "You divide the number of dead units by the number of examples.",
            "Divide by the number of units, the columns.",
            "dead_units_over_samples",
        ),
        Misconception(
            lambda z: np.sum(np.all(z <= 0, axis=0)) / z.size,
            "You divide the number of dead units by the number of all outputs.",
            "Divide by the number of units, the columns.",
            "dead_units_over_outputs",
        ),
        Misconception(
            lambda z: np.sum(np.all(z <= 0, axis=0)) // z.shape[1],
            "Your result is 1 if all units are dead and 0 otherwise: `np.all` without an axis asks just that, and `//` "
            "drops what comes after the point.",
            "Ask for each unit, with axis=0, then take the mean, or divide with `/`.",
            "dead_fraction_all_or_nothing",
        ),
        Misconception(
            lambda z: np.mean(z <= 0, axis=0),
            "You return, for each unit, how often it is silent.",
            "Ask which units are always silent, then average.",
            "dead_fraction_each_unit",
        ),
        Misconception(
            lambda z: np.all(z <= 0, axis=0),
            "You return which units are dead.",
            "Return one number, their fraction: take the mean.",
            "dead_fraction_list",
        ),
    ],
    equivalents=[
        dead_fraction_by_loops,
        lambda z: 1 - np.mean((z > 0).any(axis=0)),
        lambda z: np.mean(z.max(axis=0) <= 0),
        lambda z: np.mean(np.maximum(z, 0).sum(axis=0) == 0),
        lambda z: np.mean(~(z > 0).any(0)),
        lambda z: float(sum(max(column) <= 0 for column in z.T) / z.shape[1]),
        lambda z: np.mean(np.count_nonzero(np.maximum(z, 0), axis=0) == 0),
    ],
    hints=[
        "First, for each unit and example: is the output 0? That is a boolean array (examples, units).",
        "A dead unit is 0 for all examples: reduce that array with `np.all` along the axis of the examples.",
        "What is left is one boolean a unit. The mean of booleans is the fraction of those that are True.",
    ],
)
