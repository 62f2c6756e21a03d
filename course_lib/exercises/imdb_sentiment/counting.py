"""What counting alone knows: how much more often a word stands in positive reviews than in negative ones."""

import numpy as np

from course_lib import naive_bayes
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves

log_count_ratio = naive_bayes.log_count_ratio

ONE_SIDED = "features that only one class has"


def probe_log_count_ratio(log_count_ratio, rng):
    presence = (rng.random((12, 5)) < 0.5).astype(float)
    presence[0], presence[1] = 1, 1
    labels = np.array([1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1])  # more positive texts than negative ones
    one_sided = np.array([[1.0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 1, 0], [0, 1, 0, 0], [1, 0, 1, 0]])
    classes = np.array([1, 1, 0, 0, 1])
    every = np.array([[1.0, 0, 1], [1, 0, 0], [1, 0, 1], [1, 0, 0], [1, 0, 0]])
    flipped = 1 - labels
    yield Row("twelve texts, five features, alpha 1", lambda: log_count_ratio(presence, labels, 1.0),
              weight=2, essential=True)  # fmt: skip
    yield Row(ONE_SIDED, lambda: log_count_ratio(one_sided, classes, 1.0), weight=2)
    yield Row("alpha 0.25", lambda: log_count_ratio(presence, labels, 0.25))
    yield Row("alpha 3", lambda: log_count_ratio(one_sided, classes, 3.0))
    yield Row("the default alpha", lambda: log_count_ratio(presence, labels))
    yield Row("the labels turned around", lambda: log_count_ratio(presence, flipped, 1.0))
    yield Row("a feature of every text and one of none", lambda: log_count_ratio(every, classes, 0.5))


def faulty_ratio(presence, labels, alpha=1.0, **made):
    presence, labels = np.asarray(presence, dtype=float), np.asarray(labels)
    added = 0.0 if {"no_smoothing", "smoothed_shares"} & made.keys() else 1.0 if "always_1" in made else alpha
    axis = 1 if "over_features" in made else 0
    counted = np.mean if "means" in made else np.sum
    p = added + counted(presence[labels == 1], axis=axis)
    q = added + counted(presence if "against_all" in made else presence[labels == 0], axis=axis)
    sums = p.sum(), q.sum()
    if "over_texts" in made:
        sums = (labels == 1).sum(), (labels == 0).sum()
    if "over_smoothed_texts" in made:
        sums = (labels == 1).sum() + 2 * added, (labels == 0).sum() + 2 * added
    if "sum_unsmoothed" in made:
        sums = (p - added).sum(), (q - added).sum()
    if "sum_of_ones" in made:
        sums = (p - added).sum() + len(p), (q - added).sum() + len(q)
    if "undivided" in made:
        sums = 1.0, 1.0
    p, q = p / sums[0], q / sums[1]
    if "smoothed_shares" in made:
        p, q = p + alpha, q + alpha
    if "odds" in made:
        q = 1 - p
    with np.errstate(all="ignore"):
        if "classes_swapped" in made:
            p, q = q, p
        if "no_log" in made:
            return p / q
        if "difference" in made:
            return p - q
        if "one_class" in made:
            return np.log(p)
        if "logs_divided" in made:
            return np.log(p) / np.log(q)
        if "bracket" in made:
            return np.log(p / q / sums[1] ** 2)
        if "centered" in made:
            return np.log(p / q) - np.log(p / q).mean()
        return np.log1p(p / q) if "one_added" in made else np.log(p / q)


def ratio_without_two_classes_of_sums(presence, labels, alpha=1.0):
    """Everything is summed, over texts and features: one number comes out, or as many equal ones.

    `sum(axis=0)` counts each feature by itself, in how many of the texts it is.
    """
    p, q = alpha + presence[labels == 1].sum(), alpha + presence[labels == 0].sum()
    return np.log(p / p.sum() / (q / q.sum()))


def ratio_in_another_base(presence, labels, alpha=1.0, constant=10.0):
    """The logarithm has another base, so all ratios are too small or too large by one factor.

    `np.log` is the natural logarithm, with the base e.
    """
    return log_count_ratio(presence, labels, alpha) / np.log(constant)


def ratio_with_another_default(presence, labels, alpha=0.1):
    """The default of `alpha` is not 1.

    Take the parameters as the task has them: `alpha=1.0`.
    """
    return log_count_ratio(presence, labels, alpha)


def ratio_with_a_small_number(presence, labels, alpha=1.0, constant=1e-9):
    """A small number is added to the shares in place of alpha to the counts: what a class never had gets a huge ratio.

    Add `alpha` to each count, before you divide by their sum.
    """
    shares = []
    for side in (1, 0):
        counts = presence[labels == side].sum(axis=0)
        shares.append(counts / counts.sum() + constant)
    return np.log(shares[0] / shares[1])


def base_of(value):
    right = np.log(4 / 11) - np.log(1 / 7)  # of the first feature there
    return float(np.exp(right / value[0]))


def ratio_by_products(presence, labels, alpha=1.0):
    labels = np.asarray(labels)
    p, q = labels @ presence + alpha, (1 - labels) @ presence + alpha
    return np.log(p) - np.log(q) - np.log(p.sum()) + np.log(q.sum())


def ratio_text_by_text(presence, labels, alpha=1.0):
    counts = {0: [alpha] * presence.shape[1], 1: [alpha] * presence.shape[1]}
    for row, label in zip(presence, labels, strict=True):
        counts[int(label)] = [count + there for count, there in zip(counts[int(label)], row, strict=True)]
    shares = {label: np.array(each) / sum(each) for label, each in counts.items()}
    return np.log(shares[1] / shares[0])


def scene_log_count_ratio(answer):
    """The ratio of a feature over the number of positive texts, of ten, that have it; four of ten negative ones do."""
    ratios = []
    for count in range(11):
        has = np.r_[np.arange(10) < count, np.arange(10) < 4].astype(float)
        presence = np.stack([has, np.ones(20)], axis=1)
        ratios.append(np.ravel(answer(presence, np.r_[np.ones(10, int), np.zeros(10, int)], 0.5))[0])
    return Curves(np.arange(11), {"ratio": np.array(ratios)}, xlabel="of ten positive texts, how many have the word")


WHOLE = "Divide the counts by their sum over all features, so that they are shares of the class."

LOG_COUNT_RATIO = Exercise(
    name="log_count_ratio",
    kind="derive",
    minutes=12,
    level=2,
    reference=log_count_ratio,
    probe=probe_log_count_ratio,
    scene=scene_log_count_ratio,
    misconceptions=[
        *flags(
            faulty_ratio,
            no_smoothing=(
                "`alpha` is not added, so a feature that a class never has gets the logarithm of 0, or of something "
                "divided by 0.",
                "Add `alpha` to each count, before you divide by their sum.",
            ),
            always_1=("1 is added to the counts, whatever `alpha` is.", "Add `alpha`, which may be another number."),
            smoothed_shares=(
                "`alpha` is added to the shares, after the division, where it outweighs what was counted.",
                "Add it to the counts, then divide by their sum.",
            ),
            undivided=(
                "The counts themselves are compared, so the class with more texts wins with every feature.",
                WHOLE,
            ),
            over_texts=("The counts are divided by the number of texts of the class.", WHOLE),
            over_smoothed_texts=(
                "The counts are divided by the number of texts, with alpha for the two outcomes: that is the naive "
                "Bayes of present or absent.",
                WHOLE,
            ),
            sum_unsmoothed=(
                "The divisor is the sum of the counts without `alpha`, so the shares do not sum to 1.",
                "Sum what you divide: the counts with `alpha` added.",
            ),
            sum_of_ones=(
                "The divisor has a 1 for each feature, where each count has an `alpha`: the shares do not sum to 1.",
                "Sum what you divide: the counts with `alpha` added.",
            ),
            classes_swapped=(
                "The sign is turned around: what positive texts have more often is below 0.",
                "The positive class, label 1, stands above the line.",
            ),
            no_log=("The ratio comes out, without its logarithm.", "Take `np.log` of it."),
            difference=(
                "The shares are subtracted, so rare words can say nothing, however one-sided they are.",
                "Divide one share by the other, then take the logarithm.",
            ),
            one_class=("Only the positive class is counted.", "Divide by the share in the negative class."),
            against_all=(
                "Positive texts are compared with all texts, not with the negative ones.",
                "Count the texts with label 0 below the line.",
            ),
            odds=(
                "The share in positive texts is compared with what is left of 1, not with the share in negative texts.",
                "Count the texts with label 0 below the line.",
            ),
            over_features=(
                "The counts go over the features of each text.",
                "Sum over the texts, `axis=0`: one count for each feature.",
            ),
            means=(
                "The share of texts that have a feature stands in place of the count, so `alpha` weighs much more.",
                "Add `alpha` to the number of texts: `sum`, not `mean`.",
            ),
            logs_divided=(
                "One logarithm is divided by the other.",
                "The logarithm of a quotient is a difference: log(p / q) = log p − log q.",
            ),
            bracket=(
                "Brackets are missing: in `p / p.sum() / q / q.sum()` the last sum divides, too.",
                "Put each share in brackets.",
            ),
            centered=(
                "The mean of the ratios is subtracted.",
                "Return them as they are: 0 is a feature that both classes have alike.",
            ),
            one_added=("1 is added within the logarithm, so no ratio is below 0.", "Take `np.log`, not `np.log1p`."),
        ),
        ratio_without_two_classes_of_sums,
        Misconception.of(ratio_in_another_base, constant=(ONE_SIDED, base_of)),
        Misconception.of(ratio_with_a_small_number, between=(1e-15, 0.1)),
        ratio_with_another_default,
    ],
    equivalents=[ratio_by_products, ratio_text_by_text],
    hints=[
        "Take the positive texts alone: `presence[labels == 1]`. In how many of them is each feature?",
        "Counts of two classes of different sizes cannot be compared: make shares of them, which sum to 1.",
        "What if a feature is in no text of a class? Add `alpha` to every count, before you make shares.",
        "A quotient treats 2 and ½ unlike. Its logarithm has the same size for both, and opposite signs.",
    ],
)
