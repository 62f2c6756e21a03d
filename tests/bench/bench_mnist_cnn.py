"""Training chapter 09's first network on 10,000 images: course_lib's NumPy against Keras on the CPU, in turns."""

import keras

from course_lib.cnn_results import images, small_cnn
from course_lib.convolution_layers import Conv2D, Flatten, MaxPooling2D
from course_lib.layers import Dense
from course_lib.network import Sequential
from course_lib.optimizers import Adam
from tests.bench import Comparison
from tests.bench.bench_mnist_mlp import BATCH_SIZE, epochs_in_turns


def ours():
    layers = [Conv2D(32, 3, activation="relu"), MaxPooling2D(), Flatten(), Dense(128, activation="relu")]
    model = Sequential([*layers, Dense(10, activation="softmax")], seed=0)
    model.compile(Adam(epsilon_hat=True), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def of_keras():
    keras.utils.set_random_seed(0)
    model = small_cnn()
    model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main():
    (x_train, y_train), _ = images()
    x, y = x_train[:10_000], y_train[:10_000]
    models = {"course_lib": ours(), "Keras": of_keras()}
    # One short fit first, which Keras spends on compiling.
    for model in models.values():
        model.fit(x[:BATCH_SIZE], y[:BATCH_SIZE], batch_size=BATCH_SIZE, verbose=0)
    seconds = epochs_in_turns(models, x, y, "10,000 images")
    return [Comparison("MNIST CNN, an epoch of 10,000", seconds[0], "Keras on the CPU", seconds[1], "ratio ≤ 3")]
