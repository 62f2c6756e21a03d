"""A small trained network that looks at digits: what the convolution explorer shows, and changes.

Its input are ten of the 1,797 handwritten digits of 8 × 8 pixels, each from 0 to 16, that come with scikit-learn
(`sklearn.datasets.load_digits`; Alpaydin and Kaynak 1998, "Optical recognition of handwritten digits"). The network was
trained on the first 1,437 of them, with `course_lib.network` and Adam; of the last 360, which other people wrote, it
knows 325. Its weights are rounded to two decimals, and written down here so that no picture waits for a training.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_lib.convolution import Axis, axis_of, conv2d, max_pool2d
from course_lib.widgets.own import Own

KERNEL_SIZE = 3
# One of each digit, from 0 to 9, of the last 360, from which the network has not learned. It reads each of them rightly
# with a probability above 0.98, and the eight training images nearest to each are the same digit. Where several are so,
# the clearest was chosen by eye: a person should read it at a glance. A pixel is a digit of base 17.
EXAMPLES = (
    "007cd20000ed8d0003g10b2004e005800580058004g02e7002gaef10006ee400",
    "00007g600004gg4002bfgg700agdag4001304g5000007g7000009g8000009g60",
    "03cg90000df8f2000b60c4000100f3000004g100000cb00000bga46102fgggg3",
    "008fc40005e4b7000001e300002fe1000008db0000000d5000c23c7000dgf800",
    "001c7000008e100000f7035005g04f4005gggf2000bcg8000005g300000da000",
    "029bcf6006g9881004d0000004gcb50001548e500000088001645f3003ggg800",
    "000a8000006e300000b8000003g8200006gggf3000g208c000bc5bc00018gf20",
    "0008ggg6006e58g2007406c000000c60000bgga0000cg8000006g000000c9000",
    "001cc41000ddde8006f00c7002gdcd10000eg900006a2g0000b85g00003cg700",
    "002a700000eggf1004g73g7005ga7g40005eeg4000000g2000477g20005cgc00",
)
_HUNDREDTHS = (
    (
        (3, 3, 1, 4),
        "201 -87 -137 -118 127 120 -85 88 55 39 60 40 179 81 -63 99 52 -101 63 89 69 -35 119 11 -115 176 137 "
        "-105 -122 49 126 -110 19 -116 -85 -201",
    ),
    (
        (4,),
        "-43 6 18 69",
    ),
    (
        (3, 3, 4, 8),
        "-114 2 -81 96 24 -106 -33 -97 48 -107 -159 6 -13 -17 2 -132 -72 10 52 -43 37 -106 54 66 123 92 -1 59 "
        "24 -58 -40 68 60 12 28 143 53 -111 11 17 91 4 18 -16 40 -26 13 -73 -55 14 -6 -130 -113 -73 83 59 -15 "
        "-105 -1 31 95 -49 89 76 57 -12 -140 40 14 -89 -56 13 -11 43 -1 36 -130 -72 -21 -11 -62 19 -23 -34 -4 "
        "-84 71 13 -70 -77 -26 78 118 -47 -55 -114 -164 -64 -178 1 -136 -49 -74 -58 16 -161 40 72 -8 28 77 35 "
        "92 42 43 -118 45 4 73 31 30 96 51 34 79 192 34 148 -16 5 9 -52 62 52 3 2 45 7 37 -126 33 -56 -66 "
        "-133 -4 85 -64 -78 -92 -9 0 91 28 -83 -24 18 80 179 -45 15 -17 43 -127 -21 -38 18 -57 -60 123 27 73 "
        "6 -79 -102 36 71 130 -91 34 32 51 -114 66 -11 46 -109 21 -24 20 171 104 -66 -28 -91 34 -112 -12 17 "
        "45 -130 -17 40 50 -108 -59 75 -7 -77 -24 36 107 -79 20 21 -21 23 -35 69 -41 -47 64 -142 -7 35 -67 28 "
        "30 -46 18 22 -66 -56 -18 -99 22 -4 -56 8 101 -7 -31 -77 1 -118 36 77 80 71 -37 35 -123 -34 6 -50 38 "
        "1 -78 65 -45 -88 32 -131 35 55 -39 -36 41 -72 -5 -28 35 -10 -36 -45 78 -69 62 75 -28 88 -49 153 5 "
        "-68 47 -62 -58 -32",
    ),
    (
        (8,),
        "16 -14 12 25 -36 -17 -55 -30",
    ),
    (
        (8, 10),
        "-17 -51 -161 87 -165 46 10 -65 22 110 -109 126 24 -54 19 -62 10 -65 96 -11 151 72 -75 -178 137 -140 "
        "115 -130 -94 -47 -140 6 -225 -124 110 -8 -141 147 -4 46 135 -32 100 -57 -97 39 -83 -17 -87 78 -116 "
        "16 -77 -21 39 176 117 64 -102 -217 79 -201 68 57 110 -146 33 -34 86 -40 -131 72 103 93 -114 10 -96 "
        "56 -24 -100",
    ),
    (
        (10,),
        "-17 27 -24 13 -71 -4 -10 6 78 -11",
    ),
)


CONVOLVE = Own("convolve_2d", conv2d)
POOL = Own("max_pool", max_pool2d)


def digit(label: int) -> np.ndarray:
    """The example of a digit, (8, 8, 1), from 0 for paper to 1 for ink."""
    return np.array([int(pixel, 17) for pixel in EXAMPLES[label]]).reshape(8, 8, 1) / 16


def trained() -> list[np.ndarray]:
    """The trained weights: kernel and bias of layer 1, of layer 2, and of the dense layer."""
    return [np.array(text.split(), float).reshape(shape) / 100 for shape, text in _HUNDREDTHS]


@dataclass(frozen=True)
class Unit:
    """A filter of one of the two layers, both counted from 1."""

    layer: int
    filter: int

    @classmethod
    def of(cls, text: str) -> Unit:
        """The unit that a text such as "2.3" names."""
        return cls(*map(int, text.split(".")))

    def __str__(self):
        return f"{self.layer}.{self.filter}"

    @property
    def channels(self) -> int:
        """How many channels it looks at."""
        return _HUNDREDTHS[2 * (self.layer - 1)][0][2]

    def kernel_of(self, weights: list[np.ndarray]) -> np.ndarray:
        """Its kernel, (3, 3, channels), a view."""
        return weights[2 * (self.layer - 1)][..., self.filter - 1]

    def biases_of(self, weights: list[np.ndarray]) -> np.ndarray:
        """The biases of its layer, of which its own is number `filter - 1`."""
        return weights[2 * (self.layer - 1) + 1]


UNITS = tuple(Unit(layer, filter + 1) for layer in (1, 2) for filter in range(_HUNDREDTHS[2 * layer - 1][0][0]))


@dataclass(frozen=True)
class Seen:
    """What the network makes of a digit, each an array (height, width, channels).

    Attributes:
        images: the digit; the outputs of layer 1; what max pooling leaves of them; the outputs of layer 2.
        scores: (10,), the probabilities.
        padded: what the chosen unit looks at, with its padding.
        partial: what each channel gives alone.
        summed: the sum over all channels, and the bias: the unit's map before ReLU.
        axis: how its window moves, down as to the right.
    """

    images: list[np.ndarray]
    scores: np.ndarray
    padded: np.ndarray
    partial: np.ndarray
    summed: np.ndarray
    axis: Axis

    def window(self, place: tuple[int, int]) -> np.ndarray:
        """What the unit looks at in the place (row, column), (3, 3, channels)."""
        top, left = (each * self.axis.stride for each in place)
        return self.padded[top : top + KERNEL_SIZE, left : left + KERNEL_SIZE]


def look(image: np.ndarray, weights: list[np.ndarray], unit: Unit, stride: int, padding: int) -> Seen:
    """Carry `image` through the network; stride and padding are those of the unit's layer, elsewhere 1 and 1."""
    images = [image]
    for layer in (1, 2):
        kernel, bias = weights[2 * layer - 2 : 2 * layer]
        window = (stride, padding) if layer == unit.layer else (1, 1)
        before = CONVOLVE(images[-1][np.newaxis], kernel, bias, *window)[0]
        if layer == unit.layer:
            seen, summed = images[-1], before[..., unit.filter - 1]
        images.append(np.maximum(before, 0))
        if layer == 1:
            images.append(POOL(images[-1][np.newaxis], 2, 2)[0])
    logits = images[-1].max(axis=(0, 1)) @ weights[4] + weights[5]
    powers = np.exp(logits - logits.max())
    padded = np.pad(seen, ((padding, padding), (padding, padding), (0, 0)))
    partial = partial_maps(seen, unit.kernel_of(weights), stride, padding)
    axis = axis_of(len(seen), KERNEL_SIZE, stride, padding)
    return Seen(images, powers / powers.sum(), padded, partial, summed, axis)


def partial_maps(image: np.ndarray, kernel: np.ndarray, stride: int, padding: int) -> np.ndarray:
    """What each channel of the kernel makes of its channel of the image, (height, width, channels)."""
    channels = kernel.shape[-1]
    one_by_one = image.transpose(2, 0, 1)[..., np.newaxis]  # a batch of one channel each
    maps = CONVOLVE(one_by_one, kernel[:, :, np.newaxis], np.zeros(channels), stride, padding)
    return np.stack([maps[channel, ..., channel] for channel in range(channels)], axis=-1)
