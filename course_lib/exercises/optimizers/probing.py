"""What the probes of this chapter's classes share, and the wrong answers that all of them can give."""

from functools import partial

from course_lib.checking.compare import agree
from course_lib.checking.exercise import Misconception, Row

SHAPES = [(3, 2), (2,), (3, 2), (2,)]  # two layers: kernel, bias, kernel, bias


def after_steps(optimizer_class, settings, weights, gradients):
    """Return the weights after one step of a new optimizer for each list in `gradients`."""
    optimizer = optimizer_class(**settings)
    for lists in gradients:
        weights = optimizer.step(weights, lists)
        if weights is None:
            return None
    return weights


def starts_anew(optimizer_class, settings, weights, gradients):
    """Say whether a second optimizer takes the steps that the first took when it was new."""
    first = after_steps(optimizer_class, settings, weights, gradients)
    second = after_steps(optimizer_class, settings, weights, gradients)
    if first is None:
        return None
    return "yes" if agree(second, first) else "no, it goes on with what the first one remembers"


def draw(rng, shapes, steps):
    """Return weights of `shapes`, and for each of `steps` a list of gradients, none of them near 0."""

    def one(shape):
        return rng.uniform(0.3, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)

    return [one(shape) for shape in shapes], [[one(shape) for shape in shapes] for _ in range(steps)]


def probe_steps(optimizer_class, rng, settings, others):
    """Yield the rows that every class with a memory is tried on.

    Args:
        settings: the constructor's arguments, as usual.
        others: {what is special about them: other arguments}.
    """
    weight, gradients = draw(rng, [(3,)], 6)
    twins, twin_gradients = draw(rng, [(2,), (2,)], 3)
    layers, layer_gradients = draw(rng, SHAPES, 3)
    sized, sized_gradients = draw(rng, [(3,)], 4)
    for [gradient] in sized_gradients:
        gradient *= [0.0, 1e-4, 1e4]

    def row(label, weights, gradients, settings=settings, **options):
        return Row(label, lambda: after_steps(optimizer_class, settings, weights, gradients), **options)

    yield row("one weight, after the first step", weight, gradients[:1])
    yield row("one weight, after the second step", weight, gradients[:2], essential=True)
    yield row("one weight, after the sixth step", weight, gradients)
    yield row("two weights of one shape, after three steps", twins, twin_gradients, weight=2)
    yield row("two layers' kernels and biases, after three steps", layers, layer_gradients, weight=2)
    for label, changed in others.items():
        yield row(f"{label}, after four steps", weight, gradients[:4], changed)
    yield row("gradients of 0, about 0.0001 and about 10,000, after four steps", sized, sized_gradients)
    yield Row(
        "a second optimizer: does it start anew?",
        lambda: starts_anew(optimizer_class, settings, weight, gradients[:2]),
    )


class Faulty:
    """A right optimizer, if a subclass is, whose mistakes are switched on by name; see `flags`.

    A subclass says in `change` what is taken off a weight; `"shared" in self.mistakes` tells it which ones to make.
    """

    def __init__(self, **arguments):
        self.__dict__.update(arguments)
        self.mistakes = {name for name, value in arguments.items() if value is True}
        self.memory = {}
        self.t = 0

    def step(self, weights, gradients):
        if "forgotten" in self.mistakes:
            self.memory = {}
        self.t += 1
        new = []
        # Not strict: what returns one weight is given one weight at the next step, and goes on.
        for place, (weight, gradient) in enumerate(zip(weights, gradients, strict=False)):
            # The memory of a weight: what it is called in the formula, with its value; 0 as long as there is none.
            memory = self.memory.setdefault(0 if "shared" in self.mistakes else place, Memory())
            change = self.change(weight, gradient, memory)
            new.append(weight + change if "uphill" in self.mistakes else weight - change)
        return new[:1] if "returns_first" in self.mistakes else new

    def change(self, weight, gradient, memory):
        raise NotImplementedError


class Memory(dict):
    def __missing__(self, name):
        return 0.0


MEMORY_MESSAGES = {
    "forgotten": "Nothing is remembered from one step to the next. Keep {what} in `self`, and do not make it anew "
    "inside `step`.",
    "shared": "All weights share one {one}, so what one has met changes another. Keep one for each position in the "
    "list.",
    "uphill": "The sign is wrong: your steps go up the gradient, and the loss grows.",
}
RETURNS_FIRST = "You return the first weight alone: does `return` stand inside the loop?"


def memory_messages(what, one):
    """The messages on mistakes that every class with a memory can make; the flags of `Faulty`."""
    return {name: message.format(what=what, one=one) for name, message in MEMORY_MESSAGES.items()}


def alone(faulty, **messages):
    """Make misconceptions of flags of `faulty` that are not tried in pairs: few make them besides another mistake."""
    return [Misconception(partial(faulty, **{flag: True}), message, name=flag) for flag, message in messages.items()]
