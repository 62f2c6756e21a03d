"""Training the MNIST network of chapter 08: course_lib's NumPy against Keras on the CPU, epoch by epoch in turns.

Once on the machine as it is, and once while another program keeps a core busy.
"""

import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager

import keras
import numpy as np

from course_lib.data import mnist
from course_lib.exercises.mnist_mlp import build_mlp
from course_lib.losses import one_hot
from course_lib.optimizers import Adam
from course_lib.results import numpy_mlp
from tests.bench import Comparison

BATCH_SIZE = 128
EPOCHS = 4


def ours():
    model = numpy_mlp(seed=0)
    model.compile(Adam(epsilon_hat=True), "categorical_crossentropy", metrics=["accuracy"])
    return model


def of_keras():
    keras.utils.set_random_seed(0)
    model = build_mlp()
    model.compile(keras.optimizers.Adam(), "categorical_crossentropy", metrics=["accuracy"])
    return model


def main():
    (x_train, y_train), (x_test, y_test) = mnist()
    x_train, x_test = (x.reshape(-1, 784).astype(np.float32) / 255 for x in (x_train, x_test))
    y_train, y_test = one_hot(y_train, 10), one_hot(y_test, 10)

    models = {"course_lib": ours(), "Keras": of_keras()}
    # One short fit first, which Keras spends on compiling.
    for model in models.values():
        model.fit(x_train[:BATCH_SIZE], y_train[:BATCH_SIZE], batch_size=BATCH_SIZE, verbose=0)
    quiet = epochs_in_turns(models, x_train, y_train, "quiet")
    accuracy = {
        "course_lib": models["course_lib"].evaluate(x_test, y_test)["accuracy"],
        "Keras": models["Keras"].evaluate(x_test, y_test, verbose=0, return_dict=True)["accuracy"],
    }
    print(f"test accuracy after {EPOCHS} epochs:", *(f"{name} {value:.4f}" for name, value in accuracy.items()))
    with a_busy_core():
        busy = epochs_in_turns(models, x_train, y_train, "a core busy")
    return [
        Comparison("MNIST MLP, an epoch", quiet[0], "Keras on the CPU", quiet[1], "ratio ≤ 0.5"),
        Comparison("the same while a core is busy", busy[0], "Keras on the CPU", busy[1], "ratio ≤ 1.0"),
    ]


def epochs_in_turns(models, x, y, machine):
    """Train each model for EPOCHS epochs, one at a time in turns, and return the median seconds of each."""
    seconds = {name: [] for name in models}
    for epoch in range(EPOCHS):
        for name, model in models.items():
            begin = time.perf_counter()
            model.fit(x, y, batch_size=BATCH_SIZE, verbose=0)
            seconds[name].append(time.perf_counter() - begin)
        times = (f"{name} {times[-1]:.2f} s" for name, times in seconds.items())
        print(f"epoch {epoch + 1}, {machine}:", *times, f"(load average {os.getloadavg()[0]:.1f})", flush=True)
    return [statistics.median(times) for times in seconds.values()]


@contextmanager
def a_busy_core():
    """Another program that computes all the time, as a browser with a lively page does."""
    program = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        program.kill()
        program.wait()
