"""Training the network of chapter 14: a learner's functions, course_lib's and Keras's, epoch by epoch in turns.

The learner's are the solved answers of the chapters, called through `yours` as in the chapter, from the library of one
home. All three train 784-256-128-10 with dropout 0.1 from one initializer, NumPy with one thread. In the learner's
loop the rate falls along a cosine, here within each epoch; the others keep theirs, so the accuracies are no comparison.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.bench import Comparison

BATCH_SIZE = 128
EPOCHS = 4
SIZES = (784, 256, 128, 10)
RATE, LEARNING_RATE = 0.1, 0.002


def fill(home):
    """Put the solved answers of the network's functions into the library in `home`, as a learner's checks do."""
    from course_lib.exercises.your_network import PIECES
    from course_lib.library import serving
    from course_lib.library.shelf import Draft, Shelf
    from course_lib.library.verify import settle
    from tests.notebooks.chapters import is_answer, solved

    shelf, imports = (
        Shelf(home),
        "import numpy as np\nfrom itertools import pairwise\nfrom course_lib import yours\n\n\n",
    )
    for name in PIECES:
        chapter, exercise = serving.piece(name)
        [cell] = [cell for cell in solved(chapter).cells if cell.id == f"{name}-answer" and is_answer(cell)]
        code = "\n".join(line for line in cell.source.splitlines() if "### " not in line)
        shelf.submit(Draft(name, chapter, serving.topic_of(chapter, exercise), imports + code + "\n"))
        settle(shelf, name)


def of_yours(x, labels):
    from course_lib import yours

    weights = yours.starting_weights(SIZES, seed=0)

    def epoch(number):
        nonlocal weights
        weights, _ = yours.fit_network(x, labels, weights, 1, BATCH_SIZE, LEARNING_RATE, RATE, seed=number)

    return epoch, lambda x: yours.network_outputs(x, weights)[0]


def of_course_lib(x, labels):
    from course_lib.initializers import he_normal
    from course_lib.layers import Dense, Dropout
    from course_lib.network import Sequential
    from course_lib.optimizers import Adam

    layers = []
    for units in SIZES[1:-1]:
        layers += [Dense(units, activation="relu", kernel_initializer=he_normal), Dropout(RATE)]
    model = Sequential([*layers, Dense(SIZES[-1], activation="softmax")], seed=0)
    model.compile(Adam(LEARNING_RATE), "sparse_categorical_crossentropy")
    return lambda number: model.fit(x, labels, batch_size=BATCH_SIZE, seed=number, verbose=0), model.predict


def of_keras(x, labels):
    import keras

    keras.utils.set_random_seed(0)
    layers = [keras.Input((SIZES[0],))]
    for units in SIZES[1:-1]:
        layers += [
            keras.layers.Dense(units, activation="relu", kernel_initializer="he_normal"),
            keras.layers.Dropout(RATE),
        ]
    model = keras.Sequential([*layers, keras.layers.Dense(SIZES[-1], activation="softmax")])
    model.compile(keras.optimizers.Adam(LEARNING_RATE), "sparse_categorical_crossentropy")
    return (
        lambda number: model.fit(x, labels, batch_size=BATCH_SIZE, verbose=0),
        lambda x: model.predict(x, batch_size=1000, verbose=0),
    )


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DESCENT_HOME"] = folder
        try:
            return measured(Path(folder))
        finally:
            del os.environ["DESCENT_HOME"]


def measured(home):
    from threadpoolctl import threadpool_limits

    from course_lib import showcase
    from course_lib.data import mnist

    fill(home)
    print(showcase.told_of(showcase.parts()), flush=True)
    (x, labels), (x_test, labels_test) = mnist()
    x, x_test = (images.reshape(-1, 784).astype(np.float32) / 255 for images in (x, x_test))
    labels = labels.astype(int)
    trained = {"yours": of_yours(x, labels), "course_lib": of_course_lib(x, labels), "Keras": of_keras(x, labels)}
    seconds = {name: [] for name in trained}
    for number in range(EPOCHS + 1):  # the first one warms up, and Keras compiles
        for name, (epoch, _) in trained.items():
            with threadpool_limits(1):  # as in the chapter; TensorFlow's threads are its own
                begin = time.perf_counter()
                epoch(number)
                seconds[name].append(time.perf_counter() - begin)
        told = (f"{name} {times[-1]:.2f} s" for name, times in seconds.items())
        print(f"epoch {number}:" if number else "warm-up:", *told, flush=True)
    for name, (_, outputs) in trained.items():
        right = np.mean(np.argmax(outputs(x_test), axis=1) == labels_test)
        print(f"test accuracy after {EPOCHS + 1} epochs, {name}: {right:.4f}")
    yours_s, course_s, keras_s = (statistics.median(times[1:]) for times in seconds.values())
    return [
        Comparison("your network, an epoch", yours_s, "course_lib", course_s, "ratio ≤ 2"),
        Comparison("your network, an epoch", yours_s, "Keras on the CPU", keras_s, "ratio ≤ 2"),
    ]
