"""Let an answer be called as the reference is: with its defaults, and in place where training wants that."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

EMPTY = inspect.Parameter.empty


def adapter(answer: Callable, reference: Callable) -> Callable[[tuple, dict], tuple[tuple, dict]]:
    """Return a function that makes arguments meant for `reference` fit `answer`.

    What `answer` asks for and was not given comes from the reference's defaults; an argument that it does not know is
    left out where it says what the reference would do anyway.
    """
    theirs, ours = _parameters(answer), _parameters(reference)
    if theirs is None or ours is None:
        return lambda arguments, keywords: (arguments, keywords)
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in theirs.values())
    places = [name for name, p in theirs.items() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    lacking = {
        name: ours[name].default
        for name, parameter in theirs.items()
        if parameter.default is EMPTY
        and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        and name in ours
        and ours[name].default is not EMPTY
    }
    needless = {} if takes_any else {name: p.default for name, p in ours.items() if name not in theirs}

    def fit(arguments, keywords):
        given = {*places[: len(arguments)], *keywords}
        keywords = {
            name: value
            for name, value in keywords.items()
            if not (name in needless and needless[name] is not EMPTY and value == needless[name])
        }
        return arguments, {name: value for name, value in lacking.items() if name not in given} | keywords

    return fit


def _parameters(function: Callable) -> dict[str, inspect.Parameter] | None:
    try:
        return dict(inspect.signature(function).parameters)
    except (ValueError, TypeError):  # a ufunc, or something else written in C
        return None


def fitted_class(answer: type, reference: Any, before: Callable[[], None]) -> type:
    """Return a class that is `answer` but for its defaults; `before` is called at the start of each construction."""
    fit = adapter(answer, reference)

    @functools.wraps(answer.__init__)
    def __init__(self, *arguments, **keywords):
        before()
        arguments, keywords = fit(arguments, keywords)
        answer.__init__(self, *arguments, **keywords)

    members = {"__init__": __init__, "__doc__": answer.__doc__, "__module__": answer.__module__}
    if hasattr(reference, "step") and hasattr(answer, "step") and not hasattr(answer, "step_in_place"):
        members["step_in_place"] = step_in_place
    try:
        made = type(answer)(answer.__name__, (answer,), members)
    except TypeError:  # a class that takes no subclasses
        return answer
    made.__qualname__ = answer.__qualname__
    return made


def step_in_place(self, weights, gradients):
    """Do a step on the arrays of `weights` themselves, as the course's own training wants it."""
    for weight, new in zip(weights, self.step(weights, gradients), strict=True):
        weight[...] = new


class Fitted:
    """An object with a `step` of its own, made by a function and not by a class, that steps in place as well."""

    def __init__(self, answer: Any):
        self.__dict__["_answer"] = answer

    step_in_place = step_in_place

    def __getattr__(self, name):
        return getattr(self._answer, name)

    def __setattr__(self, name, value):
        setattr(self._answer, name, value)


def fitted_function(answer: Callable, reference: Any) -> Callable:
    """Return a function that calls `answer` as `reference` may be called."""
    fit, makes_optimizers = adapter(answer, reference), hasattr(reference, "step")

    def function(*arguments, **keywords):
        arguments, keywords = fit(arguments, keywords)
        result = answer(*arguments, **keywords)
        return Fitted(result) if makes_optimizers and not hasattr(result, "step_in_place") else result

    return function
