"""What is trained: the settings, the examples of each step, and each replica's share of them. NumPy only."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from course_lib.mnist_1d import mnist_1d


class PlanError(Exception):
    """What was asked for cannot be done; the message says why, and what to do."""


@dataclass(frozen=True)
class Plan:
    """The settings of a run, on which its weights depend; on what it runs is not among them.

    Args:
        steps: how many steps there are in all.
        batch: the global batch: examples in a step, on all replicas together.
        learning_rate, momentum: of stochastic gradient descent.
        examples: how many of MNIST-1D's curves there are to learn from; the last batch of an epoch has what is left.
        tied: whether the hidden layer is used twice, one behind the other.
        frozen: whether the first layer stays as it was drawn.
        seed: of the examples' order and of the first weights.
    """

    steps: int = 400
    batch: int = 100
    learning_rate: float = 0.05
    momentum: float = 0.9
    examples: int = 4000
    tied: bool = False
    frozen: bool = False
    seed: int = 0

    def __post_init__(self):
        for name in ("steps", "batch", "examples"):
            if getattr(self, name) < 1:
                raise PlanError(f"{name} is {getattr(self, name)}, and has to be 1 or more.")
        if self.examples % 10:
            raise PlanError(f"examples is {self.examples}, and has to be a multiple of 10: as many of every digit.")


def digits(plan):
    """Return (x_train, y_train), (x_test, y_test): curves of 40 numbers as float32, and their digits."""
    return [(x.astype(np.float32), y.astype(np.int32)) for x, y in mnist_1d(plan.examples, seed=0)]


def batch_of(plan, step) -> np.ndarray:
    """Return which examples are in a step (the first is 0): each once in an epoch, in an order drawn for it."""
    epoch, place = divmod(step, -(-plan.examples // plan.batch))
    order = np.random.default_rng([plan.seed, epoch]).permutation(plan.examples)
    return order[place * plan.batch : (place + 1) * plan.batch]


def share_of(plan, step, replica, replicas) -> tuple[np.ndarray, np.ndarray]:
    """Return one replica's share of a step: its examples, and the weight of each in the mean over the whole batch.

    All shares have the same length, and those that have fewer examples are filled up with some of weight 0. If the
    length changed on one worker and not on the other, TensorFlow would compile the step anew on that one alone, and
    both would wait for each other without end.
    """
    batch = batch_of(plan, step)
    own = np.array_split(batch, replicas)[replica]
    examples = np.zeros(-(-plan.batch // replicas), int)
    weights = np.zeros(len(examples), np.float32)
    examples[: len(own)], weights[: len(own)] = own, 1 / len(batch)
    return examples, weights


def hold_to(plan, folder: Path) -> None:
    """Write the settings into the folder of the run, or compare them with those that stand there.

    Raises:
        PlanError: other settings stand there; only the number of steps may change.
    """
    file = folder / "plan.json"
    if file.exists():
        before = json.loads(file.read_text(encoding="utf-8"))
        other = [
            f"{name} {before.get(name)} instead of {value}"
            for name, value in asdict(plan).items()
            if name != "steps" and before.get(name) != value
        ]
        if other:
            raise PlanError(
                f"The folder {folder.name} holds a run with other settings: {', '.join(other)}. Give the same ones to "
                "go on with it, or another folder."
            )
    new = folder / "plan.json.new"
    new.write_text(json.dumps(asdict(plan), indent=1), encoding="utf-8")
    new.replace(file)
