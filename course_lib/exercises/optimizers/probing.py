"""What the probes of this chapter's classes share, the wrong answers that all of them can give, and their scene."""

from functools import partial
from typing import ClassVar

import numpy as np

from course_lib import surfaces
from course_lib.checking.compare import agree
from course_lib.checking.exercise import Misconception, Row
from course_lib.checking.isolation import attempt
from course_lib.checking.scene import Path

SHAPES = [(3, 2), (2,), (3, 2), (2,)]  # two layers: kernel, bias, kernel, bias

# --- Probes

# Known numbers, from which a constant that an answer holds can be read off: a weight at 1 without a gradient, and
# weights at 0, where a step is seen in all its digits, however small it is.
KNOWN_WEIGHTS = [0.0, 0.0, 0.0, 1.0]
KNOWN_GRADIENTS = [1e-6, 1.0, 100.0, 0.0], [1e-6, -1.0, 200.0, 0.0]
ONE_STEP = "weights of 0 and 1, gradients from 0 to 100, after one step"
TWO_STEPS = "weights of 0 and 1, gradients from 0 to 200, after two steps"


def after_steps(optimizer_class, settings, weights, gradients):
    """Return the weights after one step of a new optimizer for each list in `gradients`."""
    optimizer = optimizer_class(**settings)
    for lists in gradients:
        weights = optimizer.step(weights, lists)
        if weights is None:
            return None
    return weights


STARTS_ANEW, NOT_ANEW = "a second optimizer: does it start anew?", "no, it goes on with what the first one remembers"


def starts_anew(optimizer_class, settings, weights, gradients):
    """Say whether a second optimizer takes the steps that the first took when it was new."""
    first = after_steps(optimizer_class, settings, weights, gradients)
    second = after_steps(optimizer_class, settings, weights, gradients)
    if first is None or not agree(first, first):  # what is no list of arrays is shown as it is
        return first
    return "yes" if agree(second, first) else NOT_ANEW


SIGNS = np.array([-1.0, 1.0])


def draw(rng, shapes, steps):
    """Return weights of `shapes`, and for each of `steps` a list of gradients, none of them near 0."""

    def one(shape):
        return rng.uniform(0.3, 2.0, size=shape) * SIGNS[rng.integers(2, size=shape)]

    return [one(shape) for shape in shapes], [[one(shape) for shape in shapes] for _ in range(steps)]


def known_rows(optimizer_class, settings):
    """Yield the rows of known numbers; `settings` must be known numbers too."""
    for label, gradients in ((ONE_STEP, KNOWN_GRADIENTS[:1]), (TWO_STEPS, KNOWN_GRADIENTS)):
        weights, lists = [np.array(KNOWN_WEIGHTS)], [[np.array(gradient)] for gradient in gradients]
        yield Row(label, partial(after_steps, optimizer_class, settings, weights, lists))


def probe_steps(optimizer_class, rng, settings, known, others):
    """Yield the rows that every class with a memory is tried on.

    Args:
        settings: the constructor's arguments, as usual.
        known: arguments that are always the same, see `known_rows`.
        others: {what is special about them: other arguments}.
    """
    weight, gradients = draw(rng, [(3,)], 6)
    twins, twin_gradients = draw(rng, [(2,), (2,)], 3)
    layers, layer_gradients = draw(rng, SHAPES, 3)
    sized, sized_gradients = draw(rng, [(3,)], 4)
    for [gradient] in sized_gradients:
        gradient *= [0.0, 1e-4, 1e4]
    sized_gradients[0][0] *= 50  # so that a running mean of squares falls afterwards

    def row(label, weights, gradients, settings=settings, **options):
        return Row(label, lambda: after_steps(optimizer_class, settings, weights, gradients), **options)

    # The first row: what outlives an optimizer still has the shapes of this one weight.
    yield Row(STARTS_ANEW, lambda: starts_anew(optimizer_class, settings, weight, gradients[:2]))
    yield row("one weight, after the first step", weight, gradients[:1])
    yield row("one weight, after the second step", weight, gradients[:2], essential=True)
    yield row("one weight, after the sixth step", weight, gradients)
    yield row("two weights of one shape, after three steps", twins, twin_gradients, weight=2)
    yield row("two layers' kernels and biases, after three steps", layers, layer_gradients, weight=2)
    for label, changed in others.items():
        yield row(f"{label}, after four steps", weight, gradients[:4], changed)
    yield row("gradients of 0, about 0.0001 and about 10,000, after four steps", sized, sized_gradients)
    yield from known_rows(optimizer_class, known)


# --- Wrong answers


class Memory(dict):
    """What a formula remembers of one weight, by the names in the formula; 0 as long as there is nothing."""

    def __missing__(self, name):
        return 0.0


class Faulty:
    """A right optimizer, if a subclass is, whose mistakes are switched on by name; see `flags`.

    A subclass says in `change` what is taken off a weight; `"shared" in self.mistakes` tells it which ones to make.
    A mistake that holds a number is an attribute: `limit`, to which gradients are clipped, `digits`,
    to which weights are rounded, and what a subclass has.
    """

    limit, digits = np.inf, None

    def __init__(self, **arguments):
        self.mistakes = {name for name, value in arguments.items() if value is True}
        self.__dict__.update({name: value for name, value in arguments.items() if value is not True})
        self.memory = {}
        self.t = 0

    def step(self, weights, gradients):
        made = self.mistakes
        if "forgotten" in made:
            self.memory = {}
        self.t += 1
        new = []
        # Not strict: what returns one weight is given one weight at the next step, and goes on.
        for place, (weight, gradient) in enumerate(zip(weights, gradients, strict=False)):
            memory = self.memory.setdefault(self.place_of(place, gradient), Memory())
            change = self.change(weight, np.clip(gradient, -self.limit, self.limit), memory)
            change = -change if "uphill" in made else change
            new.append(-change if "returns_changes" in made else weight - change)
        if "returns_joined" in made:
            return np.concatenate([np.ravel(weight) for weight in new])
        if "unchanged" in made:
            return list(weights)
        if self.digits is not None:
            return [np.round(weight, self.digits) for weight in new]
        return new[0] if "returns_bare" in made else new[:1] if "returns_first" in made else new

    def place_of(self, place, gradient):
        """Return where the memory of the weight at `place` is kept."""
        if "shared_by_shape" in self.mistakes:
            return np.shape(gradient)
        return 0 if "shared" in self.mistakes else place

    def change(self, weight, gradient, memory):
        raise NotImplementedError


MEMORY_MESSAGES = {
    "forgotten": (
        "Nothing is remembered from one step to the next.",
        "Keep {what} in `self`, told apart by the weight's position in the list, and make them once, not in each step.",
    ),
    "shared": (
        "All weights share one {one}, so what one has met changes another.",
        "Keep one for each position in the list.",
    ),
    "uphill": ("The sign is wrong: your steps go up the gradient, and the loss grows.", "Turn the steps around."),
}
RETURN = "Put each new weight into a list, and return it after the loop, not inside it."
ANYWHERE = {
    "returns_first": ("You return a list with the first weight alone.", RETURN),
    "returns_bare": ("You return one weight as an array, not all of them as a list.", RETURN),
    "returns_joined": (
        "You return all weights joined in one array, not a list of arrays.",
        "Return the list: each weight keeps its shape, and its position.",
    ),
    "unchanged": (
        "The weights come back as they were.",
        "Return the new values: an assignment to a loop's variable changes neither the list nor its arrays.",
    ),
    "returns_changes": (
        "You return what is added to the weights, not the new weights.",
        "Add each change to its weight, and return the sums.",
    ),
}
ROUNDED = (
    "The new weights are rounded to a few digits, and small steps get lost.",
    "Return them as they are; rounding is for printing.",
)
EPSILON = ("Another ε than the argument is at work, or none.", "Use `self.epsilon`{}.")
CLIPPED = (
    "Gradients that are larger than a certain number are cut down to it.",
    "Use the gradients as they are: clipping is no part of this rule.",
)


def memory_messages(what, one):
    """The messages on mistakes that every class with a memory can make; the flags of `Faulty`."""
    return {name: (cause.format(one=one), cure.format(what=what)) for name, (cause, cure) in MEMORY_MESSAGES.items()}


def alone(faulty, **messages):
    """Make misconceptions of flags of `faulty` that are not tried in pairs: few make them besides another mistake."""
    return [Misconception(partial(faulty, **{flag: True}), *message, name=flag) for flag, message in messages.items()]


def anywhere(faulty, but=""):
    """Make the misconceptions that do not depend on the rule, which are not tried in pairs; all `but` one."""
    return [
        *alone(faulty, **{name: message for name, message in ANYWHERE.items() if name != but}),
        *(Misconception(partial(faulty, digits=n), *ROUNDED, name=f"rounded_to_{n}") for n in (2, 3, 4)),
    ]


def of_the_class(faulty):
    """Make the misconceptions of a memory that outlives an optimizer, and of one for each shape."""

    class WithOneMemory(faulty):
        kept: ClassVar[dict] = {}

        def __init__(self, **arguments):
            super().__init__(**arguments)
            self.memory = self.kept

    by_shape = alone(
        faulty,
        shared_by_shape=(
            "Weights of one shape share what is remembered, so what one has met changes another.",
            "Tell weights apart by their position in the list, not by their shape.",
        ),
    )
    proven = Misconception(
        WithOneMemory,
        "What is remembered belongs to all optimizers of the class: a new one goes on with it.",
        "Make it in `__init__`, `self.… = …`, not in the class or as a parameter's default value.",
        name="of_the_class",
        proof=(STARTS_ANEW, NOT_ANEW),
    )
    return [proven, *by_shape]


def holding(faulty, row, read, name, message, **example):
    """Make the misconception of a number that `faulty` has as an attribute: as in `example`, or whichever it is.

    `read` tells it from the value of `row`, which is one of `known_rows`, as {attribute: number}. It is given the
    array of the known weights; they lie in a list of one.
    """
    return Misconception(
        partial(faulty, **example), *message, name=name, constant=(row, lambda values: read(values[0]))
    )


def from_0(number):
    """Return a number that may not be negative, as it was read off: 0 for one that rounding put below, else NaN."""
    return number if number > 0 else 0.0 if number > -1e-9 else np.nan


# --- Scene


def descent_scene(surface, steps, **settings):
    """Make the scene of an optimizer: its path over the surface of that name in `course_lib.surfaces`.

    What raises, diverges or gives no two finite numbers stays where it was last.
    """
    landscape = getattr(surfaces, surface)

    def scene(optimizer_class):
        points = [np.array(landscape.start)]

        def descend():
            optimizer = optimizer_class(**settings)
            for _ in range(steps):
                gradient = np.array(landscape.gradient(*points[-1]))
                [place] = optimizer.step([points[-1].copy()], [gradient])
                place = np.array(place, dtype=float)
                if place.shape != (2,) or not np.all(np.abs(place) <= surfaces.FAR_AWAY):
                    break
                points.append(place)

        attempt(descend, seconds=1.0)  # wherever it ends, the picture shows how far the answer came
        points += [points[-1]] * (steps + 1 - len(points))
        return Path(np.array(points), surface)

    return scene
