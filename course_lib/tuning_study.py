"""Chapter 13's study: a hundred trials of a small network, and a grid of 81 beside them, kept as a table.

    for trial in stored_study():
        trial["rate"], trial["validation"], trial["test"]

`python -m course_lib.tuning_study` trains them all again and writes the table: a minute of computing, three on a
busy machine. The settings are the same every time; the last digits of the scores are those of the processor.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np

from course_lib import tuning

STUDY = Path(__file__).with_name("tuning_study.csv")
SPACE = {
    "rate": ("log_uniform", 1e-4, 1.0),
    "batch": ("choice", [16, 32, 64, 128]),
    "width": ("integer", 16, 256),
    "dropout": ("uniform", 0.0, 0.6),
}
SEARCHES = ("random", "grid")
TRIALS, LEVELS, SEED = 100, 3, 13
EPOCHS = 9  # scored after each, so that halvings with 1, 3 and 9 epochs can be played through
BUDGETS = (6, 16, 20, 50)
EXAMPLES = 2000  # to train on, and as many to validate on
WHOLE_NUMBERS = ("batch", "width")


def stored_study(search: str = "random") -> list[dict]:
    """Return the stored trials, in the order in which they were made.

    Args:
        search: "random" for the hundred trials of random search, "grid" for the 81 of a grid of three values each.
    Returns:
        list of dicts: the names of SPACE; "train", "validation" and "test", the accuracies after the last epoch;
        "epochs", the list of validation accuracies after each; "seconds" of computing.
    Raises:
        ValueError: there is no such search.
    """
    if search not in SEARCHES:
        raise ValueError(f"the stored searches are {' and '.join(map(repr, SEARCHES))}, not {search!r}")
    with STUDY.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.pop("search") == search]
    return [_trial(row) for row in rows]


def _trial(row: dict[str, str]) -> dict:
    trial = {name: int(text) if name in WHOLE_NUMBERS else float(text) for name, text in row.items()}
    epochs = [trial.pop(f"epoch_{epoch}") for epoch in range(1, EPOCHS + 1)]
    return trial | {"epochs": epochs, "validation": epochs[-1]}


def settings_of(search: str) -> list[dict]:
    """Return the settings that the study tries, by random search or on the grid."""
    if search == "random":
        return tuning.random_search(SPACE, TRIALS, SEED)
    return tuning.grid_search(SPACE, LEVELS)


def make_study(path: Path = STUDY, say: Callable[[str], None] = print) -> None:
    """Train every trial and write the table."""
    examples = split_digits()
    rows = []
    for search in SEARCHES:
        for number, setting in enumerate(settings_of(search)):
            setting = {name: short(value) for name, value in setting.items()}
            rows.append({"search": search} | setting | train(setting, number, examples))
            say(f"{search} search, trial {number}: {setting}, {rows[-1][f'epoch_{EPOCHS}']} on the validation examples")
    unfinished = path.with_suffix(".new")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    unfinished.replace(path)


def short(value: float) -> float:
    """Return a setting with four digits, as the table keeps it: what is stored is what was trained."""
    return float(f"{value:.4g}") if isinstance(value, float) else int(value)


def split_digits():
    """Return (x, labels) to train on, to validate on and to test on: drawn from MNIST's training set, and its test set.

    The split is the same for all trials.
    """
    from course_lib.data import mnist

    (x_train, y_train), (x_test, y_test) = mnist(say=None)
    chosen = np.random.default_rng(SEED).permutation(len(x_train))[: 2 * EXAMPLES]

    def ready(images, labels):
        return (images.reshape(len(images), -1) / 255).astype("float32"), labels.astype(int)

    train, validation = chosen[:EXAMPLES], chosen[EXAMPLES:]
    return (
        ready(x_train[train], y_train[train]),
        ready(x_train[validation], y_train[validation]),
        ready(x_test, y_test),
    )


def train(setting: dict, seed: int, examples) -> dict:
    """Return what the table holds of a trial besides its setting."""
    from course_lib.layers import Dense, Dropout
    from course_lib.network import Sequential
    from course_lib.optimizers import SGD

    training, validation, test = examples
    start = process_time()
    model = Sequential(
        [Dense(setting["width"], activation="relu"), Dropout(setting["dropout"]), Dense(10, activation="softmax")], seed
    )
    model.compile(SGD(setting["rate"], momentum=0.9), "sparse_categorical_crossentropy", ["accuracy"])
    # A rate that is too large makes numbers overflow; the trial is kept, with the accuracy of guessing.
    with np.errstate(all="ignore"):
        history = model.fit(
            *training, batch_size=setting["batch"], epochs=EPOCHS, validation_data=validation, seed=seed, verbose=0
        ).history["val_accuracy"]
        seconds = process_time() - start
        scores = {name: model.evaluate(*of)["accuracy"] for name, of in (("train", training), ("test", test))}
    scores |= {f"epoch_{epoch}": score for epoch, score in enumerate(history, 1)}
    return {name: f"{score:.4f}" for name, score in scores.items()} | {"seconds": f"{seconds:.2f}"}


def grids_of(trials: list[dict], levels: int = 2, score: str = "validation") -> list[float]:
    """Return the best score of every smaller grid that the stored grid holds: `levels` of its values of each name."""
    scores = {tuple(trial[name] for name in SPACE): trial[score] for trial in trials}
    values = [itertools.combinations(sorted({trial[name] for trial in trials}), levels) for name in SPACE]
    return [max(scores[point] for point in itertools.product(*chosen)) for chosen in itertools.product(*values)]


def halvings_of(trials: list[dict], settings: int, draws: int = 1000, seed: int = 0) -> list[float]:
    """Return the last validation score of what successive halving (1, 3 and 9 epochs) chooses of `settings` trials."""
    rng = np.random.default_rng(seed)
    drawn = [rng.choice(len(trials), settings, replace=False) for _ in range(draws)]
    return [
        tuning.successive_halving(
            [trials[place] for place in places], lambda trial, epochs: trial["epochs"][epochs - 1], 1, EPOCHS
        )["validation"]
        for places in drawn
    ]


def summary() -> str:
    """Return what the stored study says of searches, as a table in Markdown."""
    random = [trial["validation"] for trial in stored_study()]
    rows = [(f"random, {budget} trials", budget * EPOCHS, *tuning.bootstrap_best(random, budget)) for budget in BUDGETS]
    grid = grids_of(stored_study("grid"))
    rows.insert(2, ("grid, 2 values of each: 16 trials", 16 * EPOCHS, *_mean_and_spread(grid)))
    halved = halvings_of(stored_study(), 48)
    rows.insert(3, ("successive halving, 48 settings", 48 + 16 * 3 + 5 * EPOCHS, *_mean_and_spread(halved)))
    lines = [
        f"| {what} | {epochs} | {mean:.4f} ({low:.4f} to {high:.4f}) |" for what, epochs, mean, (low, high) in rows
    ]
    return "\n".join(["| search | epochs in all | best validation accuracy |", "| --- | --- | --- |", *lines])


def _mean_and_spread(bests):
    return float(np.mean(bests)), tuple(np.quantile(bests, [0.05, 0.95]))


def made_again(say: Callable[[str], None] = print) -> str:
    """Train the whole study again, and return what it says then: for `make results`."""
    make_study(say=say)
    return summary()


if __name__ == "__main__":
    print(made_again())
