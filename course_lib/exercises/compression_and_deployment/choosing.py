"""The exercise in which each layer gets a sparsity of its own: few weights in all, and as little lost as possible."""

import itertools

import numpy as np

from course_lib import pruning
from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.returned import OtherParts

LEVELS = [0.0, 0.5, 0.7, 0.8, 0.9, 0.95]
# A large layer and a smaller one: where losses were weighted with sizes, another choice would be best.
UNEVEN = [600, 400], [0.0, 0.5, 0.9], [[0.0, 0.1, 1.0], [0.0, 1.0, 3.0]], 0.6
# Where one layer's small steps lead past the best choice: the other layer's two steps at once cost less.
SIZES, FEW_LEVELS, DROPS, SHARE = [100, 100], [0.0, 0.5, 0.9], [[0.0, 0.1, 5.0], [0.0, 0.2, 0.25]], 0.56


class NoLevels(OtherParts):
    """What came back is not one of the levels for each layer."""


def probe_sparsity_per_layer(sparsity_per_layer, rng):
    def drawn(layers, share):
        sizes = [
            int(size) for size in rng.permutation(np.geomspace(500, 80_000, layers) * rng.uniform(0.8, 1.2, layers))
        ]
        weak = rng.permutation(np.geomspace(0.3, 9.0, layers) * rng.uniform(0.9, 1.1, layers))
        bend = rng.uniform(3, 9, layers)
        drops = weak[:, None] * np.array(LEVELS) ** bend[:, None]
        return sizes, LEVELS, drops.tolist(), share

    nets = {
        "4 layers, 25 % may stay": drawn(4, 0.25),
        "3 layers, 40 % may stay": drawn(3, 0.4),
        "5 layers, 15 % may stay": drawn(5, 0.15),
        "2 layers and 3 levels, 56 % may stay": (SIZES, FEW_LEVELS, DROPS, SHARE),
        "2 layers and 3 levels, 60 % may stay": UNEVEN,
    }
    for name, net in nets.items():
        found = once_found(sparsity_per_layer, net)
        yield Row(f"{name}: weights beyond that", lambda found=found: found()[0], essential=name.startswith("4"))
        yield Row(f"{name}: points lost", lambda found=found: found()[1], weight=2.0, essential=name.startswith("4"))


def once_found(sparsity_per_layer, net):
    """Return a function for (how many weights too many stay, the points lost) of an answer's choice; None for None."""
    sizes, levels, drops, share = net

    def found():
        chosen = sparsity_per_layer(sizes, levels, drops, share)
        if chosen is None:
            return None, None
        if not isinstance(chosen, list | tuple | np.ndarray) or len(chosen) != len(sizes):
            raise NoLevels("asked for is a list with a sparsity for each layer; something else came back")
        if any(np.ndim(each) or not isinstance(each, float | int | np.number) for each in chosen):
            raise NoLevels("asked for is a list with a sparsity for each layer; something else came back")
        places = [int(np.argmin(np.abs(np.array(levels) - each))) for each in chosen]
        if any(abs(levels[place] - each) > 1e-9 for place, each in zip(places, chosen, strict=True)):
            raise NoLevels("a layer has a sparsity that is none of the levels")
        kept = sum(size * (1 - levels[place]) for size, place in zip(sizes, places, strict=True))
        beyond = kept - share * sum(sizes)
        return max(0.0, beyond) if beyond > 1e-6 else 0.0, sum(drops[layer][p] for layer, p in enumerate(places))

    return found


def faulty_choice(sizes, levels, drops, share, **made):
    layers = len(sizes)
    if "unpruned" in made:
        return [levels[0]] * layers
    if "highest" in made:
        return [levels[-1]] * layers
    if "one_for_all" in made:
        return [next(level for level in levels if 1 - level <= share)] * layers
    if "one_by_one" in made:
        places = [0] * layers
        while sum(n * (1 - levels[p]) for n, p in zip(sizes, places, strict=True)) > share * sum(sizes):
            open_ones = [i for i in range(layers) if places[i] + 1 < len(levels)]
            i = min(open_ones, key=lambda i: drops[i][places[i] + 1] - drops[i][places[i]])
            places[i] += 1
        return [levels[place] for place in places]
    if "one_by_one_per_weight" in made:
        places = [0] * layers
        while sum(n * (1 - levels[p]) for n, p in zip(sizes, places, strict=True)) > share * sum(sizes):
            open_ones = [i for i in range(layers) if places[i] + 1 < len(levels)]
            i = min(
                open_ones,
                key=lambda i: (
                    (drops[i][places[i] + 1] - drops[i][places[i]])
                    / (sizes[i] * (levels[places[i] + 1] - levels[places[i]]))
                ),
            )
            places[i] += 1
        return [levels[place] for place in places]
    best = None
    for places in itertools.product(range(len(levels)), repeat=layers):
        left = sum(n * (1 - levels[p]) for n, p in zip(sizes, places, strict=True)) / sum(sizes)
        if "layers_alike" in made:
            left = np.mean([1 - levels[p] for p in places])
        lost = [drops[layer][p] for layer, p in enumerate(places)]
        loss = sum(lost)
        if "worst_layer" in made:
            loss = max(lost)
        if "weighted_by_size" in made:
            loss = sum(n * each for n, each in zip(sizes, lost, strict=True))
        if left <= share and (best is None or loss < best[0]):
            best = loss, [levels[p] for p in places], places
            if "first_that_fits" in made:
                break
    if "places" in made:
        return list(best[2])
    if "with_the_loss" in made:
        return best[1], best[0]
    return best[1]


def by_what_is_left(sizes, levels, drops, share):
    """Layer by layer: for each number of weights that may be reached, the least that has to be lost for it."""
    reached = {0.0: (0.0, [])}
    for size, lost in zip(sizes, drops, strict=True):
        following = {}
        for kept, (sum_lost, chosen) in reached.items():
            for level, loss in zip(levels, lost, strict=True):
                key = kept + size * (1 - level)
                if key not in following or sum_lost + loss < following[key][0]:
                    following[key] = sum_lost + loss, [*chosen, level]
        reached = following
    return min(found for kept, found in reached.items() if kept <= share * sum(sizes))[1]


def with_arrays(sizes, levels, drops, share):
    grid = np.array(list(itertools.product(range(len(levels)), repeat=len(sizes))))
    levels, drops = np.array(levels), np.array(drops)
    left = (1 - levels[grid]) @ np.array(sizes)
    lost = drops[np.arange(len(sizes)), grid].sum(axis=1)
    return levels[grid[np.argmin(np.where(left <= share * np.sum(sizes), lost, np.inf))]]


ALL = (
    "A few layers and levels have so few choices that all can be tried: `itertools.product(range(len(levels)), "
    "repeat=len(sizes))`. Of those that fit keep the one that loses least."
)

SPARSITY_PER_LAYER = Exercise(
    name="sparsity_per_layer",
    kind="reach it",
    minutes=20,
    level=3,
    reference=pruning.sparsity_per_layer,
    probe=probe_sparsity_per_layer,
    misconceptions=flags(
        faulty_choice,
        (),
        unpruned=("Too many weights stay: no layer is pruned at all, as that loses nothing.", ALL),
        highest=(
            "Every layer has the highest level: hardly any weights stay, and more is lost than need be.",
            "More weights may stay: give them to the layers that lose most.",
        ),
        one_for_all=(
            "All layers have the same sparsity. Some lose much by it, others could do with more.",
            ALL,
        ),
        one_by_one=(
            "The layers are pruned step by step, where the next step loses least: many small steps can lose more than "
            "a large one, and small layers are pruned for nothing.",
            ALL,
        ),
        one_by_one_per_weight=(
            "The layers are pruned step by step, where the next step loses least for each weight that goes: a large "
            "step may lose less than several small ones, and the last one may go further than it need.",
            ALL,
        ),
        layers_alike=(
            "All layers count the same for the budget, however many weights they have.",
            "A layer of n weights leaves n · (1 − sparsity) of them: sum these up.",
        ),
        worst_layer=(
            "The largest loss of a layer is made small, and not the sum of all losses.",
            "What is to be as small as possible is the sum over the layers.",
        ),
        weighted_by_size=(
            "The losses are weighted with the layers' sizes. They are points of the whole network already.",
            "Add the losses up as they are.",
        ),
        first_that_fits=(
            "The first choice that fits is taken; another one loses less.",
            "Go on after the first one, and keep the best.",
        ),
        places=(
            "What came back are numbers that are none of the levels: places in the list, or the shares that stay.",
            "Return the sparsities: `levels[place]` for each layer.",
        ),
        with_the_loss=(
            "What came back is no list with one number for each layer.",
            "Return the sparsities alone, one for each layer.",
        ),
    ),
    equivalents=[by_what_is_left, with_arrays],
    hints=[
        "Which layers would you leave alone, and which of them prune to 95 %? Look at `drops` and `sizes` together.",
        "How many choices are there for 4 layers and 6 levels? A computer can try them all.",
        "For each choice compute how many weights stay and the sum of the drops. Skip those that do not fit.",
    ],
)
