"""The bug to be spotted: an accuracy that is the mean of the batches' accuracies."""

import numpy as np

from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.checking.scene import Curves
from course_lib.exercises.returned import numbers


def accuracy_in_batches(predict, images, labels, batch_size):
    """Return the share of images whose digit is right, asking for `batch_size` images at a time.

    Args:
        predict: function from images (k, …) to k digits.
        images: array (n, …), labels: integer array (n,).
        batch_size: int ≥ 1.
    Returns:
        float in [0, 1].
    """
    right = 0
    for start in range(0, len(images), batch_size):
        batch = slice(start, start + batch_size)
        right += np.sum(predict(images[batch]) == labels[batch])
    return right / len(images)


def mean_of_batches(predict, images, labels, batch_size):
    accuracies = []
    for start in range(0, len(images), batch_size):
        batch = slice(start, start + batch_size)
        accuracies.append(np.mean(predict(images[batch]) == labels[batch]))
    return np.mean(accuracies)


def digits_of(images):
    """Stand in for a network: the "image" is a row whose largest number is at the digit."""
    return np.asarray(images).argmax(axis=1)


def probe_accuracy_in_batches(accuracy_in_batches, rng):
    def drawn(n, wrong):
        digits = rng.integers(0, 10, n)
        images = rng.random((n, 10)) + 2 * np.eye(10)[digits]
        labels = digits.copy()
        labels[wrong] = (labels[wrong] + 1) % 10
        return images, labels

    twelve, eleven = drawn(12, [0, 5, 6]), drawn(11, [1, 10])
    thirteen, single = drawn(13, [12, 3]), drawn(7, [2])
    asked = []

    def hearing(images):
        asked.append(len(images))
        return digits_of(images)

    def sizes():
        asked.clear()
        accuracy_in_batches(hearing, *eleven, 4)
        return max(asked, default=0)

    yield Row("12 images in batches of 4, 3 of them wrong", lambda: accuracy_in_batches(digits_of, *twelve, 4))
    yield Row(
        "11 images in batches of 4, 2 of them wrong", lambda: accuracy_in_batches(digits_of, *eleven, 4), essential=True
    )
    yield "13 images in batches of 6, the last one wrong", lambda: accuracy_in_batches(digits_of, *thirteen, 6)
    yield "7 images in batches of 10", lambda: accuracy_in_batches(digits_of, *single, 10)
    yield "7 images one by one", lambda: accuracy_in_batches(digits_of, *single, 1)
    yield "the most images asked for at once, in batches of 4", sizes


def faulty_accuracy(predict, images, labels, batch_size, **made):
    if "all_at_once" in made:
        batch_size = len(images)
    counts, sizes = [], []
    for start in range(0, len(images), batch_size):
        batch = slice(start, start + batch_size)
        if "rest_dropped" in made and start + batch_size > len(images):
            break
        given = np.asarray(predict(images[batch]))
        counts.append(int(np.sum(given == labels[batch])))
        sizes.append(len(given))
    if "rest_missing" in made:
        return sum(count for count, size in zip(counts, sizes, strict=True) if size == batch_size) / len(images)
    if "last_batch" in made:
        return counts[-1] / sizes[-1]
    if "first_batch" in made:
        return counts[0] / sizes[0]
    if "count_alone" in made:
        return sum(counts)
    if "full_batches_counted" in made:
        return sum(counts) / (len(counts) * batch_size)
    if "all_weigh_alike" in made:
        return sum(count / size * batch_size for count, size in zip(counts, sizes, strict=True)) / len(images)
    share = sum(counts) / max(sum(sizes), 1)
    if "wrong_share" in made:
        share = 1 - share
    if "in_percent" in made:
        share = 100 * share
    return share


def accuracy_by_weights(predict, images, labels, batch_size):
    shares, sizes = [], []
    for start in range(0, len(images), batch_size):
        rows = np.arange(start, min(start + batch_size, len(images)))
        shares.append((np.array(predict(images[rows])) == labels[rows]).mean())
        sizes.append(len(rows))
    return np.average(shares, weights=sizes)


def accuracy_of_all_digits(predict, images, labels, batch_size):
    starts = range(0, len(images), batch_size)
    digits = np.concatenate([predict(images[start : start + batch_size]) for start in starts])
    return float((digits == labels).mean())


def scene_accuracy_in_batches(accuracy_in_batches):
    """The accuracy on the same 11 images in batches of every size, and how many images are asked for at once."""
    images = np.eye(10)[[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]]
    labels = np.array([3, 7, 4, 1, 5, 9, 2, 6, 5, 8, 8])  # images 1, 9 and 10 are read wrongly
    curves, sizes = {"accuracy": [], "most images at once": []}, np.arange(1, 12)
    for size in sizes:
        asked = []

        def hearing(some, asked=asked):
            asked.append(len(some))
            return digits_of(some)

        curves["accuracy"].append(float(numbers(accuracy_in_batches(hearing, images, labels, int(size)))))
        curves["most images at once"].append(float(max(asked, default=0)))
    return Curves(sizes, {name: np.array(curve) for name, curve in curves.items()}, xlabel="batch size, of 11 images")


ACCURACY_IN_BATCHES = Exercise(
    name="accuracy_in_batches",
    kind="repair",
    minutes=8,
    level=2,
    reference=accuracy_in_batches,
    probe=probe_accuracy_in_batches,
    scene=scene_accuracy_in_batches,
    buggy=mean_of_batches,
    misconceptions=flags(
        faulty_accuracy,
        rest_dropped=(
            "The last batch is left out where it is smaller than the others.",
            "Every image counts once, those of the last batch, too.",
        ),
        rest_missing=(
            "The last batch is left out where it is smaller than the others, and its images count as wrong.",
            "Ask for what is left, too: the slice of a shorter rest is no error.",
        ),
        full_batches_counted=(
            "The right ones are divided by the number of batches times `batch_size`, as if the last batch were full.",
            "Divide by the number of images.",
        ),
        all_weigh_alike=(
            "Each batch's accuracy is multiplied by `batch_size`, also where the last batch has fewer images.",
            "Multiply it by the number of images in that batch, or count the right ones.",
        ),
        last_batch=("This is the accuracy of the last batch alone.", "Add the right ones up over all batches."),
        first_batch=("This is the accuracy of the first batch alone.", "Let the loop end before you return."),
        count_alone=("This is how many are right, not which share.", "Divide by the number of images."),
        wrong_share=("This is the share that is wrong.", "Count where digit and label are equal."),
        in_percent=("This is the share in percent.", "Return a number from 0 to 1."),
        all_at_once=(
            "The network is asked for all images at once, whatever `batch_size` says.",
            "Keep the batches: all images may be too many for the memory.",
        ),
    ),
    equivalents=[accuracy_by_weights, accuracy_of_all_digits],
    hints=[
        "Take 11 images in batches of 4. How many images has each batch, and how much does one image of the last batch "
        "count in the mean of three accuracies?",
        "Which two numbers can be added up over batches, so that their quotient is the share of all?",
    ],
)
