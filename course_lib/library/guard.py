"""While an exercise is checked its reference may be called by the probe, and not by the answer.

For the time of the check the code of the reference is exchanged for one that looks at who calls: so every name under
which an answer may know it is guarded, `activations.softmax` as well as a layer of a network that calls it.
"""

from __future__ import annotations

import contextlib
import functools
import sys
import threading
import time
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from course_lib.checking.exercise import Exercise
from course_lib.checking.observe import Record
from course_lib.checking.observe import observe as plainly_observe

# Where in a row of calls the answer's begin, where a function of the probe's begins that the answer calls back, and
# beyond which no row goes.
HANDLES, CALLED_BACK = "course_lib.checking.handles", "Visit.give.<locals>.given"
WORKING = ("Handle.__call__", "Handle.__getattr__", "Handle._called", "begun.<locals>.items")
OBSERVE = "course_lib.checking.observe"


class WriteYoursError(Exception):
    """An answer calls what it is meant to be."""


class OursError(Exception):
    """An answer is, or calls, course_lib's own."""


# {exercise: how long its last observation took}
seconds_taken: dict[str, float] = {}


def observe(exercise: Exercise, answer: Any, seed: int, tells_inputs: bool = False) -> Record:
    """Observe an answer as `checking.observe` does. Raises OursError where it calls what it is meant to be."""
    earlier = [
        written
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == "your_library" and (written := vars(module).get(exercise.name)) is not answer
    ]
    with guarded(exercise, earlier) as guard:
        start = time.perf_counter()
        record = plainly_observe(exercise, answer, seed, tells_inputs)
        seconds_taken[exercise.name] = time.perf_counter() - start
    if guard.was_needed:
        raise OursError
    return record


class Guard:
    """One exercise while it is checked. `was_needed` says whether the answer called what it should be."""

    def __init__(self, exercise: Exercise):
        self.exercise = exercise
        self.was_needed = False
        self.threads = set(sys._current_frames())

    def look(self) -> None:
        """Raise WriteYoursError if the caller's caller works for the answer."""
        if threading.get_ident() in self.threads and not _called_by_answer(sys._getframe(2)):
            return
        self.was_needed = True
        name = self.exercise.name
        raise WriteYoursError(f"write yours: your `{name}` calls course_lib's own, or your earlier one")


_guards: dict[str, Guard] = {}


def look(name: str) -> None:
    """Raise WriteYoursError if the exercise called `name` is being checked, and its answer is who asks."""
    if guard := _guards.get(name):
        guard.look()


@contextlib.contextmanager
def guarded(exercise: Exercise, others: Iterable[Any] = ()) -> Iterator[Guard]:
    """Guard the reference and the solution of `exercise`, and `others`, while the enclosed code observes an answer."""
    outer, guard = _guards.get(exercise.name), Guard(exercise)
    _guards[exercise.name] = guard
    rights = (exercise.reference, exercise.solution, *others)
    functions = {id(function): function for right in rights for function in _functions(right)}.values()
    codes = [(function, function.__code__) for function in functions]
    try:
        for function, code in codes:
            original = types.FunctionType(
                code, function.__globals__, function.__name__, function.__defaults__, function.__closure__
            )
            original.__kwdefaults__ = function.__kwdefaults__
            function.__code__ = _looking(guard, original, len(code.co_freevars))
        yield guard
    finally:
        for function, code in codes:
            function.__code__ = code
        if outer is None:
            _guards.pop(exercise.name, None)
        else:
            _guards[exercise.name] = outer


def _functions(right: Any) -> Iterator[types.FunctionType]:
    """Yield the functions that make `right`: itself, what a partial calls, or the methods of a class.

    A class that only fits one of the mathematics to the exercise stands for that one too.
    """
    while isinstance(right, functools.partial):
        right = right.func
    if isinstance(right, types.FunctionType):
        yield right
    elif isinstance(right, type) and right is not object:
        for member in vars(right).values():
            if isinstance(member, types.FunctionType):
                yield member
        if right.__module__.startswith("course_lib.exercises."):
            yield from _functions(right.__base__)


def _looking(guard: Guard, original: Callable, free: int) -> types.CodeType:
    """Return code that looks, then goes on with `original`. A function takes only code with as many free variables."""

    def enter(arguments, keywords):
        guard.look()
        return original(*arguments, **keywords)

    code = _template(free)
    return code.replace(co_consts=tuple(enter if constant == PLACE else constant for constant in code.co_consts))


PLACE = "the place of `enter`"


@functools.cache
def _template(free: int) -> types.CodeType:
    names = [f"free_{number}" for number in range(free)]
    lines = [
        f"def outer({', '.join(names)}):",
        "  def inner(*arguments, **keywords):",
        f"    if 0: {'; '.join([*names, 'pass'])}",
        *([f"    {name}" for name in names]),
        f"    enter = {PLACE!r}",
        "    return enter(arguments, keywords)",
        "  return inner",
    ]
    namespace: dict[str, Any] = {}
    exec(compile("\n".join(lines), __file__, "exec"), namespace)
    return namespace["outer"](*[None] * free).__code__


def _called_by_answer(frame: types.FrameType | None) -> bool:
    """Return whether the answer is at work here: called by the probe, not calling back what that gave it."""
    while frame is not None:
        module, code = frame.f_globals.get("__name__"), frame.f_code
        if module == HANDLES and code.co_qualname == CALLED_BACK:
            return False
        if module == HANDLES and code.co_qualname in WORKING:
            return True
        if module == OBSERVE:
            return False
        frame = frame.f_back
    return False
