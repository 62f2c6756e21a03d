"""The exercise on the trained network in use: it has to know the test images, in an order of our own."""

from functools import cache

import numpy as np

from course_lib.checking.exercise import Exercise, Row
from course_lib.checking.observe import once
from course_lib.data import mnist
from course_lib.exercises.returned import one_array


@cache
def _test_set():
    """The 10,000 test images and labels of MNIST."""
    _, (images, labels) = mnist(say=None)
    return images, labels.astype(int)


@cache
def _labels_by_image():
    images, labels = _test_set()
    return dict(zip(_keys(images), labels.tolist(), strict=True))


def _keys(images):
    flat = np.ascontiguousarray(images, dtype=np.uint8).reshape(len(images), -1)
    return flat.view(f"V{flat.shape[1]}").ravel().tolist()


def know_digits(images):
    """Stand in for a trained network: every test image is known by heart."""
    known = _labels_by_image()
    return np.array([known[key] for key in _keys(images)])


def probe_classify_digits(classify_digits, rng):
    images, labels = _test_set()
    order = rng.permutation(len(images))
    few = images[order[:7]]

    @once
    def answers():
        return one_array(classify_digits(images[order]))

    def at_least(wanted):
        right = answers() == labels[order] if answers().shape == order.shape else 0.0
        return "yes" if np.mean(right) >= wanted else "no"

    def kind():
        if answers().shape != order.shape:
            return "not one for each image"
        if answers().dtype.kind not in "biuf":
            return "no numbers"
        if np.any(answers() % 1):
            return "fractions"
        smallest, largest = answers().min(), answers().max()
        if smallest == largest:
            return "always the same"
        return f"whole numbers, {min(smallest, 0):.0f} to {max(largest, 9):.0f}"

    def same_alone():
        together = one_array(classify_digits(few)).ravel()
        alone = [one_array(classify_digits(few[place : place + 1])).ravel() for place in range(3)]
        return "yes" if np.array_equal(np.concatenate(alone), together[:3]) else "no"

    yield Row(
        "the shape of the answer for 7 images", lambda: list(one_array(classify_digits(few)).shape), essential=True
    )
    yield "what the answers for all test images are", kind
    yield "does an image alone get the digit that it gets among others?", same_alone
    yield "are 0.30 of the test images right, in an order of our own?", lambda: at_least(0.30)
    yield "are 0.80 of them right?", lambda: at_least(0.80)
    yield "are 0.95 of them right?", lambda: at_least(0.95)
    yield Row("are 0.980 of them right?", lambda: at_least(0.98), weight=3)


def know_digits_but_for(share):
    def know_most_digits(images):
        digits = know_digits(images)
        # Which ones are wrong depends on the image alone: the ink in it, as good as random.
        unlucky = images.reshape(len(images), -1).sum(axis=1, dtype=int) % 1000 < 1000 * share
        return np.where(unlucky, (digits + 1) % 10, digits)

    return know_most_digits


def digits_for_a_weak_network(images):
    """Close: more than 0.95 are right, but not 0.980, as with pixels that are not divided by 255, or a short training.

    Are the images divided by 255 before they go to the network? If so, it has to be trained better: 4 epochs, and a
    learning rate that falls to 0.
    """
    return know_digits_but_for(0.035)(images)


def digits_for_images_out_of_scale(images):
    """More than 0.80 of the digits are right, but less than 0.95.

    Are the images scaled as in training, divided by 255? And did the network see all training images?
    """
    return know_digits_but_for(0.12)(images)


def digits_for_a_poor_network(images):
    """More than 0.30 of the digits are right, but less than 0.80.

    Are the images prepared as in training: rows of 784, divided by 255? And was the network trained to the end?
    """
    return know_digits_but_for(0.4)(images)


def digits_by_guessing(images):
    """Less than 0.30 of the digits are right, hardly more than by guessing.

    Is it the trained network, does it get the images as in training, and is its *largest* probability taken?
    """
    return know_digits_but_for(0.9)(images)


def digits_always_the_same(images):
    """Every image gets the same digit.

    Is the network trained, and are the images scaled as in training?
    """
    return np.full(len(images), 3)


def digits_by_heart_in_file_order(images):
    """The answers stand in the order of the file, whatever the images are, and these come in another order.

    Let the network look at the images that the function is given.
    """
    return _test_set()[1][: len(images)]


def digits_as_probabilities(images):
    """Ten numbers come back for each image.

    The digit is the place of the largest probability: `argmax(axis=1)`.
    """
    return np.eye(10)[know_digits(images)] * 0.9 + 0.01


def digits_along_the_wrong_axis(images):
    """`argmax(axis=0)` looks for the best *image* for each digit.

    Each image is a row: `argmax(axis=1)`.
    """
    return digits_as_probabilities(images).argmax(axis=0)


def digits_argmax_of_everything(images):
    """One number comes back for the whole batch.

    Each image has a row of probabilities, and gets a digit of its own: `argmax(axis=1)`.
    """
    return digits_as_probabilities(images).argmax()


def digits_in_a_column(images):
    """The digits stand in a column.

    Asked for is the flat shape `(n,)`: `ravel()`.
    """
    return know_digits(images).reshape(-1, 1)


def digits_from_one(images):
    """The digits run from 1 to 10.

    `argmax` counts from 0, and so do the digits: nothing has to be added.
    """
    return know_digits(images) + 1


def digits_as_probabilities_only(images):
    """These are fractions, one for each image: the largest probability itself.

    Asked for is its place, the digit: `argmax`, not `max`.
    """
    return digits_as_probabilities(images).max(axis=1)


def digits_as_texts(images):
    """The digits are text, not numbers.

    Return integers, as `argmax` gives them.
    """
    return know_digits(images).astype(str)


def digits_with_probabilities(images):
    """A tuple comes back, say of the digits and their probabilities.

    Return the one array of digits.
    """
    return know_digits(images), digits_as_probabilities(images)


CLASSIFY_DIGITS = Exercise(
    name="classify_digits",
    kind="build",
    minutes=10,
    level=2,
    reference=know_digits,
    probe=probe_classify_digits,
    misconceptions=[
        digits_as_probabilities,
        digits_along_the_wrong_axis,
        digits_argmax_of_everything,
        digits_as_probabilities_only,
        digits_in_a_column,
        digits_from_one,
        digits_always_the_same,
        digits_by_heart_in_file_order,
        digits_as_texts,
        digits_with_probabilities,
        digits_for_images_out_of_scale,
        digits_for_a_weak_network,
        digits_for_a_poor_network,
        digits_by_guessing,
    ],
    equivalents=[
        know_digits_but_for(0.016),
        lambda images: know_digits(images).astype(float),
        lambda images: know_digits(images).tolist(),
        lambda images: np.concatenate([know_digits(images[i : i + 128]) for i in range(0, len(images), 128)]),
    ],
    hints=[
        "`model.predict(…, verbose=0)` gives ten probabilities for each row. Which rows does this model want?",
        "The images come as MNIST has them: uint8, 28 by 28. Prepare them as you prepared the training images.",
        "The digit is the place of a row's largest probability. Along which axis must `argmax` look for it?",
    ],
    time_limit=30.0,
    solution="def classify_digits(images):\n"
    "    rows = images.reshape(len(images), -1).astype('float32') / 255\n"
    "    return model.predict(rows, batch_size=1000, verbose=0).argmax(axis=1)\n",
)
