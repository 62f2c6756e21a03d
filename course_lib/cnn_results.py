"""`make results`, chapter 09: how good the chapter's networks become on MNIST, and in how many seconds."""

import os
import statistics
import time
from functools import cache

import numpy as np

from course_lib.results import Run, Section
from course_lib.schedules import one_cycle

BATCH, PEAK, LONG = 128, 0.01, 10
LEVELS, SEEDS = (0.990, 0.994), range(10)
PER_DIGIT, TIMES_95 = (5, 20, 100), 2.262  # Student's t for the mean of 10 differences

MNIST_CNN = """Chapter 09's networks. The small one has a convolution of 32 filters of 3 × 3, max pooling and a dense
layer of 128 units (693,962 parameters); the better one convolutions of 24 filters of 5 × 5 and 32 of 3 × 3, each with
max pooling, and a dense layer of 256, all with batch normalization (216,130 parameters). Adam, batches of 128, one
cycle up to 0.004 for the small one and to 0.01 for the better one, all 60,000 training images, scored once on the
10,000 test images after the last epoch. With shifts every image is moved by up to two pixels along each axis, anew in
every epoch."""

SECONDS = """How long does the better network with shifts train until it is right on so many test images? One cycle of
{epochs} epochs, {seeds} seeds, looked at after every epoch; looking is not counted. Mean, smallest and largest, on
{cores} processor cores, with TF_ENABLE_ONEDNN_OPTS={onednn}; the load average was {load:.1f} in the beginning."""

TRANSFER = """How much do convolutions help that were trained on other digits? The chapter's network of 12,810
parameters learns 0 to 4 from 20,000 images. Then it gets a few images of each digit from 5 to 9, once with those
convolutions, which are kept, and a new last layer, and once from scratch: 30 epochs, batches of 5, one cycle up to
0.01. Right, in percent of all test images of 5 to 9, means of {seeds} draws, and the difference with its 95 %
interval."""


def mnist_cnn() -> Section:
    runs = [
        Run("small network", 3, lambda seed, epochs: train(small_cnn, seed, epochs, 0.004), promised=0.985),
        Run("better network", 2, lambda seed, epochs: train(better_cnn, seed, epochs, PEAK), promised=0.992),
        Run("better network", LONG, lambda seed, epochs: train(better_cnn, seed, epochs, PEAK)),
        Run("better network, shifts", LONG, lambda seed, epochs: train_with_shifts(seed, epochs)[0], promised=0.995),
    ]

    def more(say):
        return seconds_to_levels(say) + "\n\n" + transfer(say)

    return Section("09", "MNIST, convolutional networks", MNIST_CNN, runs, more)


def images():
    """Return (x_train, labels), (x_test, labels): float32 images of one channel from 0 to 1, and integers."""
    from course_lib.data import mnist

    return [((x[..., np.newaxis] / np.float32(255)), y.astype(int)) for x, y in mnist(say=None)]


def small_cnn():
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def better_cnn():
    import keras
    from keras import layers

    parts = [keras.Input((28, 28, 1))]
    for filters, size in ((24, 5), (32, 3)):
        parts += [layers.Conv2D(filters, size, use_bias=False), layers.MaxPooling2D()]
        parts += [layers.BatchNormalization(), layers.Activation("relu")]
    parts += [layers.Flatten(), layers.Dense(256, use_bias=False)]
    parts += [layers.BatchNormalization(), layers.Activation("relu"), layers.Dense(10, activation="softmax")]
    return keras.Sequential(parts)


def shift_by_pixels(images, furthest, rng):
    """Move each image by whole pixels, up to `furthest` along each axis; zeros come in."""
    padded = np.pad(images, ((0, 0), (furthest, furthest), (furthest, furthest), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, images.shape[1:3], axis=(1, 2))
    down, right = rng.integers(0, 2 * furthest + 1, size=(2, len(images)))
    return np.moveaxis(windows[np.arange(len(images)), down, right], 1, -1)


def one_cycle_of(steps, peak):
    """Return a callback of Keras that sets the rate before every step; several calls of `fit` may share it."""
    import keras

    class OneCycle(keras.callbacks.Callback):
        step = 0

        def on_train_batch_begin(self, batch, logs=None):
            self.model.optimizer.learning_rate = one_cycle(self.step, steps, peak)[0]
            self.step += 1

    return OneCycle()


def train(build, seed, epochs, peak, shifts=False, after_epoch=None):
    """Train a network by one cycle, and return its test accuracy; `after_epoch(model)` is called after each epoch."""
    import keras

    (x_train, y_train), (x_test, y_test) = images()
    steps = -(-len(x_train) // BATCH)
    rng = np.random.default_rng(seed)

    def batches():
        while True:
            order = rng.permutation(len(x_train))
            for start in range(0, len(order), BATCH):
                batch = order[start : start + BATCH]
                yield shift_by_pixels(x_train[batch], 2, rng) if shifts else x_train[batch], y_train[batch]

    keras.utils.set_random_seed(seed)
    model = build()
    model.compile(keras.optimizers.Adam(), loss="sparse_categorical_crossentropy")
    cycle, examples = one_cycle_of(epochs * steps, peak), batches()
    for _ in range(epochs):
        model.fit(examples, steps_per_epoch=steps, shuffle=False, callbacks=[cycle], verbose=0)
        if after_epoch:
            after_epoch(model)
    return accuracy(model, x_test, y_test)


def accuracy(model, x, y):
    return float(np.mean(model.predict(x, batch_size=1000, verbose=0).argmax(axis=1) == y))


def seconds_to_levels(say, seeds=SEEDS, epochs=LONG) -> str:
    """Return the table of seconds to each of LEVELS, in Markdown."""
    load = os.getloadavg()[0]
    taken = {level: [] for level in LEVELS}
    for seed in seeds:
        reached = seconds_to_each(seed, epochs)
        say(f"seed {seed}: " + ", ".join(f"{level} after {seconds:.0f} s" for level, seconds in reached.items()))
        for level, seconds in reached.items():
            taken[level].append(seconds)
    text = SECONDS.format(
        epochs=epochs,
        seeds=len(seeds),
        cores=os.cpu_count(),
        onednn=os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1"),
        load=load,
    )
    rows = [
        f"| {level:.3f} | {len(all_of)} of {len(seeds)} | "
        + (f"{statistics.mean(all_of):.0f} ({min(all_of):.0f} to {max(all_of):.0f}) |" if all_of else "|")
        for level, all_of in taken.items()
    ]
    return "\n".join([text, "", "| test accuracy | seeds that reach it | seconds |", "| --- | --- | --- |", *rows])


def seconds_to_each(seed, epochs) -> dict[float, float]:
    """Return {level: seconds of training until it was reached}, for those that were."""
    return train_with_shifts(seed, epochs)[1]


@cache  # one training gives a line of one table and a part of another
def train_with_shifts(seed, epochs) -> tuple[float, dict[float, float]]:
    """Train the better network on shifted images; return its test accuracy, and the seconds to each of LEVELS."""
    _, (x_test, y_test) = images()
    reached, looking, start = {}, 0.0, time.perf_counter()

    def look(model):
        nonlocal looking
        begin = time.perf_counter()
        score = accuracy(model, x_test, y_test)
        for level in LEVELS:
            if score >= level and level not in reached:
                reached[level] = begin - start - looking
        looking += time.perf_counter() - begin

    return train(better_cnn, seed, epochs, PEAK, shifts=True, after_epoch=look), reached


def transfer(say, seeds=SEEDS, per_digit=PER_DIGIT) -> str:
    """Return the table of kept convolutions against training from scratch, in Markdown."""
    import keras

    from course_lib.exercises.mnist_cnn import small_cnn as chapters_cnn

    (x_train, y_train), (x_test, y_test) = images()

    def fitted(model, x, y, epochs, batch_size):
        model.compile(keras.optimizers.Adam(), loss="sparse_categorical_crossentropy")
        cycle = one_cycle_of(epochs * -(-len(x) // batch_size), PEAK)
        model.fit(x, y, batch_size, epochs, callbacks=[cycle], verbose=0)
        return model

    keras.utils.set_random_seed(0)
    base = fitted(chapters_cnn(), x_train[y_train < 5][:20_000], y_train[y_train < 5][:20_000], 2, BATCH)

    def with_convolutions():
        model = chapters_cnn()
        for layer, learned in zip(model.layers[:-1], base.layers[:-1], strict=True):
            layer.set_weights(learned.get_weights())
            layer.trainable = False
        return model

    rows = []
    for count in per_digit:
        scores = {with_convolutions: [], chapters_cnn: []}
        for seed in seeds:
            rng = np.random.default_rng(seed)
            chosen = [rng.choice(np.flatnonzero(y_train == digit), count, replace=False) for digit in range(5, 10)]
            chosen = rng.permutation(np.concatenate(chosen))
            for make, found in scores.items():
                keras.utils.set_random_seed(seed)
                model = fitted(make(), x_train[chosen], y_train[chosen] - 5, 30, 5)
                found.append(100 * accuracy(model, x_test[y_test > 4], y_test[y_test > 4] - 5))
        rows.append(row_of_transfer(count, *scores.values()))
        say(rows[-1])
    heading = ["| images of each digit | kept convolutions | from scratch | difference |", "| --- | --- | --- | --- |"]
    return "\n".join([TRANSFER.format(seeds=len(seeds)), "", *heading, *rows])


def row_of_transfer(count, kept, scratch) -> str:
    differences = np.subtract(kept, scratch)
    middle, reach = differences.mean(), TIMES_95 * differences.std(ddof=1) / np.sqrt(len(differences))
    return (
        f"| {count} | {np.mean(kept):.1f} | {np.mean(scratch):.1f} | "
        f"{middle:+.1f} ({middle - reach:+.1f} to {middle + reach:+.1f}) |"
    )
