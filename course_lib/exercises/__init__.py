"""The exercises, a module a chapter; `find` gives one by its name in the notebook."""

import difflib
import importlib

from course_lib.checking.exercise import Exercise

CHAPTERS = {
    "00_welcome": "welcome",
    "01_activations": "activations",
    "02_initialization": "initialization",
    "03_losses": "losses",
    "04_backpropagation": "backpropagation",
    "05_optimizers": "optimizers",
    "06_learning_rate_schedules": "learning_rate_schedules",
    "07_regularization": "regularization",
    "08_mnist_mlp": "mnist_mlp",
    "09_mnist_cnn": "mnist_cnn",
    "10_imdb_sentiment": "imdb_sentiment",
    "11_distributed_training": "distributed_training",
    "13_tuning": "tuning",
    "14_your_network": "your_network",
}


def of_chapter(chapter: str) -> list[Exercise]:
    """Return the exercises of `chapter` (a key of CHAPTERS) in the order of the notebook."""
    return importlib.import_module(f"course_lib.exercises.{CHAPTERS[chapter]}").EXERCISES


def find(name: str) -> Exercise:
    """Return the exercise called `name`. Raises KeyError that says the nearest names where there is none."""
    names = []
    for chapter in CHAPTERS:  # one after the other: later ones import TensorFlow
        for exercise in of_chapter(chapter):
            if exercise.name == name:
                return exercise
            names.append(exercise.name)
    near = difflib.get_close_matches(str(name), names)
    meant = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(names)}."
    raise KeyError(f"There is no exercise called {name!r}; {meant}")
