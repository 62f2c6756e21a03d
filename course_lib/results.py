"""`make results`: the long record runs, several seeds each, written to docs/results.md.

Chapters train for a minute or two on one seed. What they promise is measured here: on the official split, with several
seeds, the spread stated.
"""

from __future__ import annotations

import platform
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "results.md"
MANY_DEVICES = "Many devices"  # the section that `make results-gpu` writes

HEADER = """# Results

Written by `make results`; not to be edited by hand. Each figure is a mean over {seeds} seeds, with the smallest and the
largest in brackets; no run is left out.

Python {python}, NumPy {numpy}, Keras {keras} on TensorFlow {tensorflow}. Other versions and processors give other last
digits.
"""


@dataclass(frozen=True)
class Run:
    """One line of a table: what is trained, how often, and what it must reach."""

    what: str
    epochs: int
    train: Callable[[int, int], float]  # (seed, epochs) -> test accuracy
    promised: float | None = None  # what the mean must reach, where the course promises something


@dataclass(frozen=True)
class Section:
    """What is measured for one chapter: a table of runs, and what else there is, as Markdown."""

    chapter: str  # "08"
    title: str
    text: str
    runs: list[Run]
    more: Callable[[Callable[[str], None]], str] | None = None


def main(
    chapter: str | None = None,
    seeds: Sequence[int] = (0, 1, 2),
    path: Path = RESULTS,
    say: Callable[[str], None] = print,
) -> None:
    """Do every record run and write the tables, or those of one chapter; what stands there of others is kept.

    Raises:
        SystemExit: no runs belong to the chapter, or a promised figure was not reached; then the table is written all
            the same.
    """
    known = all_sections()
    if chapter not in (None, *(section.chapter for section in known)):
        numbers = ", ".join(section.chapter for section in known)
        raise SystemExit(f"There are no record runs of chapter {chapter!r}; there are some of {numbers}.")
    sections, broken = [], []
    for section in known:
        if chapter in (None, section.chapter):
            text, missed = measured(section, seeds, say)
            sections.append(text)
            broken += missed
        elif kept := written(section.title, path):
            sections.append(kept)
    if kept := written(MANY_DEVICES, path):
        sections.append(kept)
    header = HEADER.format(
        seeds=len(seeds),
        python=platform.python_version(),
        numpy=version("numpy"),
        keras=version("keras"),
        tensorflow=tensorflow_version(),
    )
    path.write_text("\n\n".join([header.strip(), *sections]) + "\n", encoding="utf-8")
    say(f"written: {path.name}")
    if broken:
        raise SystemExit("Promised and not reached: " + "; ".join(broken))


def all_sections() -> list[Section]:
    from course_lib.cnn_results import mnist_cnn
    from course_lib.imdb_results import imdb_sentiment

    return [mnist_mlp(), mnist_cnn(), imdb_sentiment(), tuning_searches()]


def measured(section: Section, seeds: Sequence[int], say: Callable[[str], None]) -> tuple[str, list[str]]:
    """Do a section's runs; return it as Markdown, and which promised figures were not reached."""
    rows, broken = [], []
    for run in section.runs:
        scores = []
        for seed in seeds:
            scores.append(run.train(seed, run.epochs))
            say(f"{section.title}: {run.what}, {run.epochs} epochs, seed {seed}: {scores[-1]:.4f}")
        mean = statistics.mean(scores)
        rows.append(row(run, mean, scores))
        if run.promised is not None and mean < run.promised:
            broken.append(f"{run.what}, {run.epochs} epochs: {mean:.4f} instead of {run.promised}")
    parts = [f"## {section.title}", section.text, "\n".join([*TABLE, *rows]) if rows else ""]
    parts.append(section.more(say) if section.more else "")
    return "\n\n".join(filter(None, parts)), broken


def written(title: str, path: Path) -> str:
    """Return the section of that title as it stands in the file, "" where it does not."""
    found = re.search(rf"^## {re.escape(title)}\n.*?(?=\n## |\Z)", path.read_text(encoding="utf-8"), re.M | re.S)
    return found[0].strip() if found else ""


TABLE = ("| what | epochs | test accuracy | promised |", "| --- | --- | --- | --- |")


def row(run: Run, mean: float, scores: list[float]) -> str:
    promised = "" if run.promised is None else f"≥ {run.promised:.3f}"
    return f"| {run.what} | {run.epochs} | {mean:.4f} ({min(scores):.4f} to {max(scores):.4f}) | {promised} |"


def tensorflow_version() -> str:
    """Return TensorFlow's version, whichever of its packages is installed."""
    for package in ("tensorflow", "tensorflow-cpu"):
        try:
            return version(package)
        except ModuleNotFoundError:
            continue
    return "?"


# --- chapter 08, the MLP

BATCH, RATE = 128, 0.001

MNIST_MLP = """Chapter 08's network: 784 inputs, 512 ReLU, dropout 0.2, 512 with L2 0.001, batch normalization, ReLU,
dropout 0.2, 10 softmax; 671,754 parameters. Adam, batches of 128, all 60,000 training images, scored once on the 10,000
test images after the last epoch. The falling rate goes from 0.001 to 0 along half a cosine, the constant one stays."""


def mnist_mlp() -> Section:
    return Section(
        "08",
        "MNIST, multi-layer perceptron",
        MNIST_MLP,
        [
            Run("Keras, constant rate", 4, lambda seed, epochs: train_in_keras(seed, epochs, falling=False)),
            Run("Keras, falling rate", 4, train_in_keras, promised=0.980),
            Run("NumPy (`course_lib`), falling rate", 4, train_in_numpy, promised=0.980),
            Run("Keras, falling rate", 20, train_in_keras),
            Run("NumPy (`course_lib`), falling rate", 20, train_in_numpy),
        ],
    )


def digits():
    """Return (x_train, labels), (x_test, labels): float32 rows of pixels from 0 to 1, and integers."""
    from course_lib.data import mnist
    from course_lib.exercises.mnist_mlp import scale_images

    (x_train, y_train), (x_test, y_test) = mnist(say=None)
    return (scale_images(x_train), y_train.astype(int)), (scale_images(x_test), y_test.astype(int))


def train_in_keras(seed: int, epochs: int, falling: bool = True) -> float:
    """Train chapter 08's network with Keras, and return its test accuracy."""
    import keras

    from course_lib.exercises.mnist_mlp import build_mlp

    (x_train, y_train), (x_test, y_test) = digits()
    steps = epochs * -(-len(x_train) // BATCH)
    keras.utils.set_random_seed(seed)
    model = build_mlp()
    rate = keras.optimizers.schedules.CosineDecay(RATE, steps) if falling else RATE
    model.compile(keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
    model.fit(x_train, y_train, batch_size=BATCH, epochs=epochs, verbose=0)
    predicted = model.predict(x_test, batch_size=1000, verbose=0).argmax(axis=1)
    return float(np.mean(predicted == y_test))


def numpy_mlp(seed: int):
    """Return chapter 08's network, built of `course_lib`'s layers, neither compiled nor trained."""
    from course_lib.layers import Activation, BatchNormalization, Dense, Dropout
    from course_lib.network import Sequential
    from course_lib.regularizers import L2

    layers = [
        Dense(512, activation="relu"),
        Dropout(0.2),
        Dense(512, kernel_regularizer=L2(0.001)),
        BatchNormalization(),
        Activation("relu"),
        Dropout(0.2),
        Dense(10, activation="softmax"),
    ]
    return Sequential(layers, seed=seed)


def train_in_numpy(seed: int, epochs: int) -> float:
    """Train chapter 08's network with NumPy alone, and return its test accuracy."""
    from course_lib.network import Callback
    from course_lib.optimizers import Adam

    (x_train, y_train), (x_test, y_test) = digits()
    steps = epochs * -(-len(x_train) // BATCH)

    class CosineDecay(Callback):
        step = 0

        def on_train_batch_end(self, batch, logs):
            self.step += 1
            self.model.optimizer.learning_rate = RATE * (1 + np.cos(np.pi * self.step / steps)) / 2

    model = numpy_mlp(seed)
    model.compile(Adam(RATE), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, batch_size=BATCH, epochs=epochs, callbacks=[CosineDecay()], seed=seed, verbose=0)
    return model.evaluate(x_test, y_test)["accuracy"]


# --- chapter 13, searches

TUNING = """Chapter 13's study: a network of one hidden layer, trained for 9 epochs on 2,000 images of MNIST by SGD with
momentum 0.9, judged by 2,000 others. Four hyperparameters are searched: learning rate, batch size, units and dropout. A
hundred random trials and a grid of 81 are trained, one seed each. The figures are means over the smaller searches that
these hold, drawn 1,000 times or, on the grid, all 81; in brackets, where the middle 90 % of them lie."""


def tuning_searches() -> Section:
    from course_lib.tuning_study import made_again

    return Section("13", "Searches for hyperparameters", TUNING, [], made_again)


if __name__ == "__main__":
    main()
