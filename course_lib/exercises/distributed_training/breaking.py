"""The exercise that looks for shards on which the mean of means is far from the mean, and for some where it is not."""

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception

MOST, LEAST = 10, 0.35


def uneven_shards():
    """Return two shards whose mean of means is far from the mean of all, and two uneven ones where they agree."""
    differ = [1.0], [0.0] * 9
    agree = [0.0, 1.0], [0.0, 0.0, 1.0, 1.0]
    return differ, agree


FAR, EQUAL, NEITHER = (
    f"have a mean of means that differs from the mean by more than {LEAST}",
    "have a mean of means that is the mean",
    f"have a mean of means that differs from the mean by {LEAST} or less",
)


def what_they_are(shards):
    """Return in words how the mean of means of two shards differs from their mean, or why they are not asked for."""
    if not isinstance(shards, list | tuple | np.ndarray) or len(shards) != 2:
        return "are not two shards"
    if not all(isinstance(shard, list | tuple | np.ndarray) for shard in shards):
        return "are not two lists of losses"
    try:
        shards = [np.asarray(shard, float) for shard in shards]
    except (TypeError, ValueError):
        return "hold something that is no number"
    if any(shard.ndim != 1 for shard in shards):
        return "are not two lists of losses"
    if any(len(shard) == 0 for shard in shards):
        return "have a shard that is empty"
    together = np.concatenate(shards)
    if not np.all((together >= 0) & (together <= 1)):
        return "hold a loss that is not between 0 and 1"
    if len(together) > MOST:
        return f"hold more than {MOST} losses"
    if len(shards[0]) == len(shards[1]):
        return "are equally long"
    if np.all(together == together[0]):
        return "hold losses that are all equal"
    difference = abs(np.mean([shard.mean() for shard in shards]) - together.mean())
    return EQUAL if difference < 1e-9 else FAR if difference > LEAST else NEITHER


def what_is_given(given, number):
    """Return what the pair of that number is; None where nothing is given."""
    if given is None:
        return None
    if not isinstance(given, list | tuple) or len(given) != 2:
        return "are missing: two pairs of shards are asked for"
    return what_they_are(given[number])


def probe_uneven_shards(uneven_shards, rng):
    yield "the first two shards", lambda: what_is_given(uneven_shards(), 0)
    yield "the second two shards", lambda: what_is_given(uneven_shards(), 1)


def remark(failing):
    """Say what is to be said of each pair that is not yet what is asked for."""
    if not all(isinstance(value, str) for _, value, _ in failing):
        return ""
    return " ".join(f"{label[0].upper()}{label[1:]} {value}." for label, value, _ in failing)


DIFFER, AGREE = uneven_shards()
EVEN = [1.0] * 5, [0.0] * 5
# What can be wrong with a pair: {name: (an example, cause, cure)}, where {which} is "first" or "second".
WRONG = {
    "even": (EVEN, "Your {which} two shards are equally long.", "Uneven ones are asked for: 2 and 5, say."),
    "outside": (
        ([9.0], [0.0] * 9),
        "Your {which} two shards hold a loss that is not between 0 and 1.",
        "How uneven they are has to do it, not how large the losses are.",
    ),
    "many": (
        ([1.0], [0.0] * 30),
        f"Your {{which}} two shards hold more than {MOST} losses in all.",
        f"Make do with {MOST}.",
    ),
    "empty": (
        ([], [0.0] * 9),
        "One of your {which} two shards is empty.",
        "Its mean does not exist: put a loss into it.",
    ),
    "constant": (
        ([0.5], [0.5, 0.5]),
        "The losses of your {which} two shards are all equal, so every mean of them is the same.",
        "Let some be other than the rest.",
    ),
    "three": (
        ([1.0], [0.0] * 4, [0.0] * 4),
        "Your {which} shards are not two: a pair is asked for.",
        "Return two lists of losses for it.",
    ),
    "numbers": (
        (0.5, 0.1),
        "Your {which} pair is not two lists of losses.",
        "A shard is a list of its examples' losses.",
    ),
}


def _told(name, which, shards, cause, cure):
    given = (shards, AGREE) if which == "first" else (DIFFER, shards)
    return Misconception(lambda: given, cause, cure, name)


UNEVEN_SHARDS = Exercise(
    name="uneven_shards",
    kind="break it",
    minutes=8,
    level=2,
    reference=uneven_shards,
    probe=probe_uneven_shards,
    remark=remark,
    misconceptions=[
        Misconception(
            lambda: (AGREE, DIFFER),
            "The two pairs are swapped: of the first both means agree, of the second they are far apart.",
            "Return them in the other order: first those that differ.",
            "swapped",
        ),
        Misconception(
            lambda: DIFFER,
            "Two pairs of shards are asked for: one on which the means differ, and one on which they agree.",
            "Return both, separated by a comma; each is two lists of losses.",
            "one_pair",
        ),
        _told(
            "too_near",
            "first",
            ([1.0], [0.0] * 3),
            f"Of your first two shards the mean of means differs from the mean by {LEAST} or less.",
            "Which shard should be short, and which losses should stand in it, so that it counts far too much?",
        ),
        _told(
            "first_agrees",
            "first",
            AGREE,
            "Of your first two shards the mean of means is the mean.",
            "Let the two shards' own means be far apart, and one of them much shorter than the other.",
        ),
        _told(
            "second_differs",
            "second",
            ([0.5], [0.5, 0.6]),
            f"Of your second two shards the mean of means differs from the mean, by {LEAST} or less.",
            "Both are equal where the shards' own means are.",
        ),
        _told(
            "second_differs_far",
            "second",
            DIFFER,
            f"Of your second two shards the mean of means differs from the mean by more than {LEAST}.",
            "Both are equal where the shards' own means are.",
        ),
        *(
            _told(f"{which}_{name}", which, shards, cause.format(which=which), cure)
            for which in ("first", "second")
            for name, (shards, cause, cure) in WRONG.items()
        ),
    ],
    equivalents=[
        lambda: [[[0.0] * 8, [1.0]], [[0.5], [0.2, 0.8]]],
        lambda: ((np.array([1]), np.zeros(8, int)), (np.array([0.25, 0.75]), np.array([0.5, 0.25, 0.75]))),
    ],
    hints=[
        "Write both for shards of 1 and 9 losses: in the mean of means the one counts as much as the nine together.",
        "In the second pair, let both shards have the same mean of their own: what is then the mean of all?",
    ],
)
