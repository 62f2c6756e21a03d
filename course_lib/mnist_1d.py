"""MNIST-1D: ten digits as curves of 40 numbers, generated in a second, on which locality matters more than on MNIST.

    (x_train, y_train), (x_test, y_test) = mnist_1d(seed=0)

Each digit is a curve of twelve points, such as a pen draws it from top to bottom, seen as its distance from a straight
line. An example is made of it in these steps, of which each draws its own random numbers:

    pad        with 36 to 60 zeros behind, and interpolate to 72 points: this also stretches the digit
    scale      by a factor from 0.8 to 1.2
    translate  by 0 to 47 points, around the end: what leaves at the right enters at the left
    noise      smooth one (deviation 0.25, blurred by a Gaussian of deviation 2) wherever the digit is not, and white
               one (deviation 0.02) everywhere
    shear      subtract a straight line with a rise from −0.375 to 0.375
    sample     down to 40 points

Where a digit stands says nothing about which one it is, and neither does any single number: a linear model is right on
a third of the examples, and with the 40 places shuffled a convolution loses what it is good for.

Source: Greydanus and Kobak (2024), "Scaling down deep learning with MNIST-1D", ICML (first arXiv:2011.14439, 2020),
whose curves, steps and constants these are. The examples are drawn anew from the seed, so that they are not the ones of
its authors' file; and they are scaled by the mean and the deviation of the training examples alone.
"""

import numpy as np

CURVES = np.array(
    [
        [5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5],
        [5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5],
        [5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5],
        [5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5],
        [5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5],
        [5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5],
        [5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5],
        [5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5],
    ]
)
LENGTH = 40
# Twelve points and the longest padding: what every example is stretched to before it is sampled.
_STRETCHED = 72
_SHORTEST, _LONGEST = 36, 60
_TRANSLATIONS = 48
_SCALE, _SHEAR = 0.4, 0.75
_SMOOTH_NOISE, _WHITE_NOISE, _BLUR = 0.25, 0.02, 2


def templates():
    """Return the ten digits before anything is done to them, (10, 12): each starts and ends at 0."""
    whitened = (CURVES - CURVES.mean(axis=1, keepdims=True)) / CURVES.std(axis=1, keepdims=True)
    return (whitened - whitened[:, :1]) / 6


def mnist_1d(examples=4000, test_examples=1000, seed=0):
    """Draw the data set: as many examples of every digit, in a random order.

    Args:
        examples, test_examples: ints ≥ 0, to train and to test on, together a multiple of 10.
        seed: int; the same seed gives the same examples.
    Returns:
        (x_train, y_train), (x_test, y_test): float32 arrays (examples, 40), of which those to train on have the mean
        0 and the standard deviation 1, and their digits, uint8 arrays (examples,).
    Raises:
        ValueError: there are no training examples, or not as many of every digit.
    """
    total = examples + test_examples
    if examples < 1 or test_examples < 0 or total % len(CURVES):
        raise ValueError(
            f"examples ≥ 1 and test_examples ≥ 0 must make a multiple of 10, not {examples} and {test_examples}"
        )
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.arange(len(CURVES), dtype=np.uint8), total // len(CURVES)))
    digits = templates()
    signals = np.stack([_example(digits[label], rng) for label in labels])
    train, test = signals[:examples], signals[examples:]
    mean, deviation = train.mean(), train.std()
    train, test = (((part - mean) / deviation).astype(np.float32) for part in (train, test))
    return (train, labels[:examples]), (test, labels[examples:])


def _example(digit, rng):
    points = len(digit) + rng.integers(_SHORTEST, _LONGEST + 1)
    places = np.linspace(0, points - 1, _STRETCHED)
    # Beyond its last point, where its value is 0, the digit is over.
    signal = np.interp(places, np.arange(len(digit)), digit) * (1 + _SCALE * (rng.random() - 0.5))
    is_digit = places < len(digit)
    shift = rng.integers(_TRANSLATIONS)
    signal, is_digit = np.roll(signal, shift), np.roll(is_digit, shift)
    smooth = _blurred(_SMOOTH_NOISE * rng.standard_normal(_STRETCHED))
    signal = np.where(is_digit, signal, smooth) + _WHITE_NOISE * rng.standard_normal(_STRETCHED)
    signal = signal - _SHEAR * (rng.random() - 0.5) * np.linspace(-0.5, 0.5, _STRETCHED)
    return np.interp(np.linspace(0, _STRETCHED - 1, LENGTH), np.arange(_STRETCHED), signal)


def _blurred(noise):
    """Return the noise with every number replaced by a weighted mean of its neighbors; at the ends it is mirrored."""
    reach = 4 * _BLUR
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _BLUR) ** 2)
    return np.convolve(np.pad(noise, reach, mode="symmetric"), weights / weights.sum(), mode="valid")
