"""The exercise on a best trial at the border: the range beyond it was never tried."""

import numpy as np

from course_lib import tuning
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.exercises.returned import pair

LOW_BORDER = "the best near the low end of 0.0001 to 1"
# What is looked at: where the best lies between the ends, in logarithms; the ends; and where the others lie, of which
# the first comes first, the second has the smallest score, and the third comes last.
MIDDLE = (0.35, 0.5, 0.62)
STUDIES = {
    LOW_BORDER: (0.09, 1e-4, 1.0, MIDDLE),
    "the best near the high end": (0.94, 1e-4, 1.0, (0.03, 0.5, 0.62)),
    "the best in the middle": (0.45, 16.0, 256.0, (0.5, 0.55, 0.62)),
    "the best in the middle, others at both ends": (0.55, 1e-4, 1.0, (0.5, 0.03, 0.96)),
    "a small range, 16 to 256, the best near its high end": (0.97, 16.0, 256.0, (0.95, 0.85, 0.88)),
    "the best a seventh of the way from the low end": (0.14, 16.0, 256.0, MIDDLE),
    "the best two ninths of the way from the low end": (0.22, 1e-5, 0.1, MIDDLE),
    "the best three tenths of the way from the low end": (0.3, 1e-3, 1.0, MIDDLE),
    "the best on the high end itself": (1.0, 1e-3, 1.0, MIDDLE),
    "the best near the low end, the last trial near the high one": (0.04, 1e-4, 1.0, (0.5, 0.4, 0.93)),
}


def probe_widen(widen, rng):
    def study(place, low, high, others):
        shares = np.array([others[0], place, *others[1:]])
        scores = np.array([rng.uniform(0.8, 0.9), 0.95, 0.2, rng.uniform(0.5, 0.8)])
        order = [0, *rng.permutation([1, 2]), 3]
        values = np.where(shares == 1.0, high, low * (high / low) ** shares)
        return values[order], scores[order], low, high

    for label, study_of in [(label, study(*made)) for label, made in STUDIES.items()]:
        yield Row(label, lambda study_of=study_of: ends(widen(*study_of)), essential=label == LOW_BORDER)


def ends(result):
    """Return the two ends as numbers."""
    low, high = pair(list(result) if isinstance(result, np.ndarray) else result, "low, high")
    return None if low is None and high is None else [float(low), float(high)]


def faulty_widen(values, scores, low, high, **made):
    values, scores = np.asarray(values, dtype=float), np.asarray(scores)
    places = np.log(values / low) / np.log(high / low)
    if "plain_distance" in made:
        places = (values - low) / (high - low)
    best = int(np.argmax(scores))
    chosen = {
        "the_worst": places[np.argmin(scores)],
        "the_last": places[-1],
        "the_first": places[0],
        "the_largest": places.max(),
        "the_mean": places.mean(),
    }
    place = next((chosen[flag] for flag in chosen if flag in made), places[best])
    shares = {"twentieth": 0.05, "fifth": 0.2, "quarter": 0.25, "third": 1 / 3}
    share = next((shares[flag] for flag in shares if flag in made), 0.1)
    is_low, is_high = place < share, place > 1 - share
    if "any_trial" in made:
        is_low, is_high = np.any(places < share), np.any(places > 1 - share)
    if "on_the_end" in made:
        is_low, is_high = values[best] <= low, values[best] >= high
    if "outermost" in made:
        is_low, is_high = values[best] == values.min(), values[best] == values.max()
    for flag, factor in {"by_a_factor_of_2": 2, "by_a_factor_of_10": 10}.items():
        if flag in made:
            is_low, is_high = values[best] <= factor * low, values[best] >= high / factor
    if "best_two" in made:
        two = places[np.argsort(scores)[-2:]]
        is_low, is_high = np.any(two < 0.1), np.any(two > 0.9)
    if "low_alone" in made:
        is_high = False
    if "high_alone" in made:
        is_low = False
    if "never" in made:
        is_low = is_high = False
    if "always" in made:
        is_low = is_high = True
    if "swapped" in made:
        is_low, is_high = is_high, is_low
    if "both" in made:
        is_low = is_high = is_low or is_high
    if "inwards" in made:
        return (low * 10 if is_low else low), (high / 10 if is_high else high)
    if "by_difference" in made:
        return (low - 10 if is_low else low), (high + 10 if is_high else high)
    if "shifted" in made:
        factor = 0.1 if is_low else 10 if is_high else 1
        return low * factor, high * factor
    if "around_the_best" in made:
        return values[best] / 10, values[best] * 10
    if "by_the_range" in made:
        return (low * low / high if is_low else low), (high * high / low if is_high else high)
    if "to_the_best" in made:
        return (values[best] / 10 if is_low else low), (values[best] * 10 if is_high else high)
    if "high_first" in made:
        return (high * 10 if is_high else high), (low / 10 if is_low else low)
    return (low / 10 if is_low else low), (high * 10 if is_high else high)


def widen_by_another_factor(values, scores, low, high, constant=2.0):
    """The end moves outwards, but not by a factor of 10.

    Divide `low`, or multiply `high`, by 10.
    """
    new_low, new_high = tuning.widen(values, scores, low, high)
    return low / (constant if new_low < low else 1), high * (constant if new_high > high else 1)


def factor_at_the_low_end(returned):
    return float(1e-4 / returned[0])


def widen_one_end(values, scores, low, high):
    """One number comes back where both ends are asked for.

    Return both, the one that stays too: `return low, high`.
    """
    new_low, new_high = tuning.widen(values, scores, low, high)
    return new_low if new_low < low else new_high


def widen_by_decades(values, scores, low, high):
    start, at, stop = np.log10([low, values[int(np.argmax(scores))], high])
    tenth = (stop - start) / 10
    return 10 ** (start - (at < start + tenth)), 10 ** (stop + (at > stop - tenth))


def widen_by_factors(values, scores, low, high):
    best = max(zip(scores, values, strict=True))[1]
    border = (high / low) ** 0.1
    if best < low * border:
        return [low / 10, high]
    return [low, high * 10] if best * border > high else [low, high]


BEST = "Only the place of the best trial counts: `values[np.argmax(scores)]`."
TENTH = "At the border is the outer *tenth* of the way between the ends, in logarithms."
OUTWARDS = "Divide `low` by 10 if the best lies there, and multiply `high` by 10 if it lies there."

WIDEN = Exercise(
    name="widen",
    kind="derive",
    minutes=10,
    level=2,
    reference=tuning.widen,
    probe=probe_widen,
    misconceptions=[
        *flags(
            faulty_widen,
            plain_distance=(
                "Distances are measured without logarithms: of 0.0001 to 1 a tenth of that way is everything below "
                "0.1.",
                "Take the logarithms of the value and of both ends before you compare.",
            ),
            both=("Both ends move as soon as the best lies at one of them.", "Move the one where it lies."),
            inwards=("The end moves inwards: the range gets smaller.", OUTWARDS),
            swapped=("The other end moves than the one where the best lies.", OUTWARDS),
            on_the_end=(
                "An end moves only if the best lies on the end itself, or beyond it, which a draw hardly ever does.",
                TENTH,
            ),
            never=("The ends never move.", OUTWARDS),
            always=("Both ends always move, wherever the best lies.", TENTH),
            low_alone=("The low end moves, and the high end never does.", OUTWARDS),
            high_alone=("The high end moves, and the low end never does.", OUTWARDS),
            by_difference=(
                "10 is subtracted from the low end, or added to the high one.",
                "The way is measured in factors: divide and multiply. A rate below 0 is none.",
            ),
            twentieth=("The border is narrower than a tenth of the way.", TENTH),
            fifth=("The border is wider than a tenth of the way.", TENTH),
            quarter=("The border is wider than a tenth of the way: about a quarter.", TENTH),
            third=("The border is wider than a tenth of the way: about a third.", TENTH),
            shifted=("The whole range moves: the other end moves along with it.", "Leave the other end where it is."),
            around_the_best=(
                "The new range lies around the best, from a tenth of it to ten times it, wherever it was found.",
                "Keep the ends, but for the one at whose border the best lies.",
            ),
            to_the_best=(
                "The new end is reckoned from the best value, not from the old end.",
                "Divide `low` itself by 10, or multiply `high` itself.",
            ),
            by_the_range=(
                "The end moves outwards by the whole range, not by a factor of 10.",
                "Divide `low`, or multiply `high`, by 10.",
            ),
            outermost=(
                "An end moves as soon as the best is the smallest or the largest value that was tried, however far "
                "inside.",
                TENTH,
            ),
            by_a_factor_of_2=("The border is taken for a fixed factor, two times the end.", TENTH),
            by_a_factor_of_10=("The border is taken for a fixed factor, ten times the end.", TENTH),
            best_two=("The second best trial decides, too.", BEST),
            any_trial=("An end moves as soon as any trial lies near it.", BEST),
            the_worst=("The trial with the smallest score decides.", BEST),
            the_last=("The last trial decides, whatever its score is.", BEST),
            the_first=("The first trial decides, whatever its score is.", BEST),
            the_largest=("The largest value decides, whatever the scores are.", BEST),
            the_mean=("The mean of the values decides, whatever the scores are.", BEST),
            high_first=("The ends come back in the other order: the high one first.", "Return the low end first."),
        ),
        Misconception.of(widen_by_another_factor, constant=(LOW_BORDER, factor_at_the_low_end)),
        widen_one_end,
    ],
    equivalents=[widen_by_decades, widen_by_factors],
    hints=[
        "First find the best trial's value. Which share of the way from log(low) to log(high) has it gone?",
        "That share is log(best / low) / log(high / low). Below 0.1 the low end moves, above 0.9 the high one.",
        "Return both ends in every case, the one that stays too.",
    ],
)
