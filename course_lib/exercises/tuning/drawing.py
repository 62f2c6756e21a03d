"""The exercise on random search: every value is drawn by itself, and for every trial anew."""

from functools import partial

import numpy as np

from course_lib import tuning
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.observe import once
from course_lib.checking.scene import Histogram
from course_lib.exercises.tuning.drawn import (
    FEW,
    alike_or_not,
    columns_of,
    form_of,
    how_often,
    how_they_differ,
    mean_place,
    reach_of,
    together,
)

TRIALS = 1000
DIFFERENT = "the rates: how they differ"
BATCHES = [16, 32, 64]
# A mistake is known by a measured number within ten times this of its own: four deviations of two draws, and more.
MEASURED, OF_DROPOUTS, OF_THE_ENDS = 0.03, 0.02, 3e-3


def probe_random_search(random_search, rng):
    low = float(10 ** rng.uniform(-5, -3.5))
    space = {
        "rate": ("log_uniform", low, 0.5),
        "dropout": ("uniform", 0.1, 0.6),
        "layers": ("integer", 1, 4),
        "batch": ("choice", BATCHES),
    }
    names = {"optimizer": ("choice", ["sgd", "adam"]), "momentum": ("uniform", 0.9, 0.99)}
    seeds = [int(seed) for seed in rng.integers(1, 10**6, size=3)]
    drawn = once(lambda: random_search(space, TRIALS, seeds[0]))
    columns = once(lambda: columns_of(drawn(), space))

    def of(name, look, *arguments, **settings):
        column = columns()[name]
        return None if column is None else look(column, *arguments, **settings)

    def related():
        related_ones = [columns()[name] for name in ("rate", "dropout", "layers")]
        return None if drawn() is None else together(related_ones)

    def same(seed, other):
        first, second = (random_search(space, 5, each) for each in (seed, other))
        return None if first is None else "yes" if as_text(first, space) == as_text(second, space) else "no"

    yield Row("what comes back", lambda: form_of(drawn(), space, TRIALS), essential=True)
    yield Row(
        "the rates: how far from low to high they lie on average, in logarithms",
        lambda: of("rate", mean_place, low, 0.5, in_logarithms=True),
        relative_tolerance=MEASURED,
        weight=2,
    )
    yield Row(
        "the rates: how far they reach",
        lambda: of("rate", reach_of, low, 0.5, in_logarithms=True),
        relative_tolerance=OF_THE_ENDS,
    )
    yield DIFFERENT, lambda: of("rate", how_they_differ)
    yield Row(
        "the dropouts: how far from low to high they lie on average",
        lambda: of("dropout", mean_place, 0.1, 0.6),
        relative_tolerance=OF_DROPOUTS,
    )
    yield "the dropouts: how far they reach", lambda: of("dropout", reach_of, 0.1, 0.6)
    yield "the layers: how often 1, 2, 3 and 4 come", lambda: of("layers", how_often, [1, 2, 3, 4])
    yield "the batches: how often the three choices come", lambda: of("batch", how_often, BATCHES)
    yield "whether rate, dropout and layers go together", related
    yield "whether the trials differ", lambda: alike_or_not(drawn(), random_search(space, 7, seeds[0]))
    yield "the same seed twice: are the settings the same?", lambda: same(seeds[1], seeds[1])
    yield "two seeds: are the settings the same?", lambda: same(seeds[1], seeds[2])
    yield "three trials of another space", lambda: form_of(random_search(names, 3, seeds[2]), names, 3)


def as_text(settings, space):
    return repr(columns_of(settings, space))


def faulty_search(space, trials, seed, **made):
    count = trials - 1 if "one_fewer" in made else trials + 1 if "one_more" in made else trials
    count = 1 if "first_alone" in made else count
    seed = None if "unseeded" in made else 42 if "one_seed" in made else seed
    rng = np.random.default_rng(seed)
    settings = []
    for trial in range(count):
        if "seeded_in_the_loop" in made:
            rng = np.random.default_rng(seed)
        u, setting = rng.random(), {}
        for name, (kind, *ends) in space.items():
            u = u if "one_draw" in made else rng.random()
            setting[name] = _value(kind, ends, u, rng, (trial + 0.5) / count, made)
        settings.append(setting)
    return [settings[-1]] * count if "one_dict" in made else settings


def _value(kind, ends, u, rng, step, made):
    if kind == "choice":
        choices = ends[0]
        if "choice_without_last" in made:
            return choices[int(u * (len(choices) - 1))]
        place = 0 if "first_choice" in made else int(u * len(choices))
        return place if "place_of_choice" in made else choices[place]
    low, high = ends
    if kind == "integer":
        ways = {
            "without_last": lambda: low + int(u * (high - low)),
            "rounded": lambda: round(low + u * (high - low)),
            "no_whole_numbers": lambda: low + u * (high - low),
            "from_zero": lambda: int(u * (high + 1)),
        }
    elif kind == "uniform":
        ways = {
            "bell": lambda: rng.normal((low + high) / 2, (high - low) / 4),
            "clipped_bell": lambda: np.clip(rng.normal((low + high) / 2, (high - low) / 4), low, high),
            "from_zero_on": lambda: u * high,
            "too_wide": lambda: low + u * high,
            "from_0_to_1": lambda: u,
            "logarithms_everywhere": lambda: tuning.log_uniform(u, low, high),
        }
    else:
        ways = {
            "exp_of_the_ends": lambda: np.exp(low + u * (high - low)),
            "power_of_the_ends": lambda: 10 ** (low + u * (high - low)),
            "even_rates": lambda: low + u * (high - low),
            "not_undone": lambda: np.log(low) + u * np.log(high / low),
            "not_undone_of_ten": lambda: np.log10(low) + u * np.log10(high / low),
            "ten_for_e": lambda: 10 ** (np.log(low) + u * np.log(high / low)),
            "e_for_ten": lambda: np.exp(np.log10(low) + u * np.log10(high / low)),
            "grid_of_rates": lambda: tuning.log_uniform(step, low, high),
            "four_decades": lambda: low * 10.0 ** (4 * u),
            "few_digits": lambda: round(tuning.log_uniform(u, low, high), 1),
            "powers_of_ten": lambda: 10.0 ** np.floor(np.log10(low) + u * np.log10(high / low)),
        }
    way = next((ways[flag] for flag in made if flag in ways), None)
    return way() if way else tuning.value_at((kind, *ends), u)


def search_in_columns(space, trials, seed):
    """A dict of columns comes back, with all values of a hyperparameter together.

    Return a list of settings: a dict for each trial, with one value of each hyperparameter.
    """
    settings = tuning.random_search(space, trials, seed)
    return {name: [setting[name] for setting in settings] for name in space}


def search_without_names(space, trials, seed):
    """The settings are no dicts.

    Return a dict for each trial, {name: value}.
    """
    return [list(setting.values()) for setting in tuning.random_search(space, trials, seed)]


def search_by_number(space, trials, seed):
    """A dict comes back where a list of settings is asked for.

    Return a list: the trials need no names.
    """
    return dict(enumerate(tuning.random_search(space, trials, seed)))


def search_of_one(space, trials, seed):
    """A single setting comes back, and no list of as many as asked for.

    Make `trials` of them, in a loop, and return them in a list.
    """
    return tuning.random_search(space, 1, seed)[0]


def search_by_columns(space, trials, seed):
    rng = np.random.default_rng(seed)
    columns = {name: [tuning.value_at(values, u) for u in rng.random(trials)] for name, values in space.items()}
    return [{name: columns[name][trial] for name in space} for trial in range(trials)]


def search_by_python(space, trials, seed):
    import random

    draw = random.Random(seed)
    kinds = {
        "uniform": draw.uniform,
        "log_uniform": lambda low, high: low * (high / low) ** draw.random(),
        "integer": draw.randint,
        "choice": draw.choice,
    }
    return [{name: kinds[kind](*ends) for name, (kind, *ends) in space.items()} for _ in range(trials)]


def scene_random_search(random_search):
    """Where 1,000 learning rates fall, in powers of ten: about as many in each."""
    settings = random_search({"rate": ("log_uniform", 1e-4, 1.0)}, 1000, 7)
    rates = np.array([float(setting["rate"]) for setting in settings])
    with np.errstate(all="ignore"):
        powers = np.log10(rates)
    return Histogram(powers[np.isfinite(powers)], "power of ten", (-5.0, 1.0))


EVEN_LOGS = (
    "Draw evenly between the logarithms of the ends and undo the logarithm; you wrote that: "
    "`yours.log_uniform(u, low, high)`."
)
ONE_BASE = "Take one base for both: `np.log` goes with `np.exp`, `np.log10` with `10 **`."
WHOLE = "Both ends are possible: `rng.integers(low, high + 1)`, whose end is not drawn."
CHOOSE = "All choices are equally likely: `choices[rng.integers(len(choices))]`."
BEFORE_THE_LOOP = "Make one generator, before the loop: one made anew from the same seed draws the same numbers again."
USE_SEED = "Draw everything from `rng = np.random.default_rng(seed)`."

RANDOM_SEARCH = Exercise(
    name="random_search",
    kind="derive",
    minutes=15,
    level=2,
    reference=tuning.random_search,
    solution=search_by_columns,
    probe=probe_random_search,
    scene=scene_random_search,
    misconceptions=[
        *flags(
            faulty_search,
            ("exp_of_the_ends", "even_rates", "without_last", "rounded", "choice_without_last", "seeded_in_the_loop"),
            exp_of_the_ends=(
                "Rates are e raised to a power between the two ends themselves, so they lie far beyond them: "
                "`exp(uniform(low, high))` takes logarithms for its ends.",
                EVEN_LOGS,
            ),
            power_of_the_ends=(
                "Rates are 10 raised to a power between the two ends themselves, so they lie far beyond them.",
                EVEN_LOGS,
            ),
            even_rates=(
                "What is log-uniform is drawn evenly: nearly all rates have the largest power of ten.",
                EVEN_LOGS,
            ),
            not_undone=("For a log-uniform value its logarithm comes back.", "Undo it with `np.exp`."),
            not_undone_of_ten=(
                "For a log-uniform value its logarithm to base 10 comes back.",
                "Undo it with `10 **`.",
            ),
            ten_for_e=("The logarithms were taken to base e, and are undone with 10.", ONE_BASE),
            e_for_ten=("The logarithms were taken to base 10, and are undone with e.", ONE_BASE),
            grid_of_rates=(
                "The rates lie at even steps, in their order: that is a grid of them, not a draw.",
                "Draw each trial's rate by itself.",
            ),
            few_digits=(
                "The rates are rounded to the first digit behind the point, so small ones become 0.",
                "Return them as they are drawn.",
            ),
            four_decades=(
                "Rates reach over four powers of ten, whatever their ends are.",
                EVEN_LOGS,
            ),
            logarithms_everywhere=(
                "What is uniform is drawn in logarithms, too: small values come too often.",
                'Look at the kind: "uniform" is `low + u * (high - low)`.',
            ),
            bell=(
                "What is uniform is drawn from a bell-shaped distribution: the middle comes too often, and some lie "
                "outside "
                "the ends.",
                "`rng.uniform(low, high)` draws evenly.",
            ),
            clipped_bell=(
                "What is uniform is drawn from a bell-shaped distribution, and cut off at the ends.",
                "`rng.uniform(low, high)` draws evenly.",
            ),
            from_zero_on=(
                "What is uniform is drawn from 0 to its high end: the low end is not used.",
                "`low + u * (high - low)`, or `rng.uniform(low, high)`.",
            ),
            too_wide=(
                "What is uniform reaches beyond its high end: `high` is taken for the width.",
                "The width is `high - low`.",
            ),
            from_0_to_1=("What is uniform is drawn from 0 to 1, whatever its ends are.", "Use its ends."),
            without_last=("The largest whole number is never drawn: the range ends before it.", WHOLE),
            rounded=("Whole numbers are rounded, so both ends come half as often as the others.", WHOLE),
            no_whole_numbers=("Where whole numbers are asked for, fractions come.", WHOLE),
            from_zero=("Whole numbers are drawn from 0, not from their low end.", WHOLE),
            choice_without_last=("The last choice is never drawn.", CHOOSE),
            first_choice=("Of the choices always the same one comes.", CHOOSE),
            place_of_choice=("The number of the choice comes back, not the choice itself.", CHOOSE),
            one_draw=(
                "One draw decides about all values of a trial together: a large rate always comes with a large "
                "dropout.",
                "Draw for each hyperparameter by itself. (A generator made anew for each value draws the same number, "
                "too.)",
            ),
            seeded_in_the_loop=(
                "All trials are the same setting: each begins with a generator of the same seed.",
                BEFORE_THE_LOOP,
            ),
            one_dict=(
                "All trials are the same dict, which was filled anew each time: the last setting, again and again.",
                "Make a new dict in the loop: `setting = {}`.",
            ),
            unseeded=("The same seed gives other settings each time.", USE_SEED),
            one_seed=("Every seed gives the same settings.", USE_SEED),
            one_fewer=("There is one trial fewer than asked for.", "`range(trials)` has that many."),
            one_more=("There is one trial more than asked for.", "`range(trials)` has that many."),
            first_alone=(
                "A single setting comes back: `return` stands in the loop.",
                "Let the loop end before you return the list.",
            ),
        ),
        Misconception(
            partial(faulty_search, powers_of_ten=True),
            "Only few different rates come, again and again: powers of ten, rounded ones, or those of a list.",
            "Return each rate as it was drawn, anew for each trial.",
            "few_rates",
            proof=(DIFFERENT, FEW),
        ),
        search_in_columns,
        search_by_number,
        search_of_one,
        search_without_names,
    ],
    equivalents=[search_by_columns, search_by_python],
    hints=[
        "One setting first: go through `space.items()`, look at the first entry of each value, and draw accordingly. "
        "Then "
        "put a loop over the trials around it.",
        "`kind, *ends = values` takes such a tuple apart. For a choice there is one end, the list.",
        "One generator, made before both loops from `seed`, draws everything. A new dict belongs to each trial.",
    ],
)
