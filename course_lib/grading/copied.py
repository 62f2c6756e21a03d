"""What a teacher may want to look at: answers that are the teacher's solution, or call course_lib's own.

This course's solutions are public, and nobody can keep a learner from reading them. Nothing here changes a score.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_LENGTH = 10_000  # characters of an answer that is looked at: to parse what is made for it takes long
MIN_NODES = 40  # of the syntax tree: shorter answers are equal because there is one way to write them


def remarks(answers: Iterable[tuple[str, str, str]], ours: frozenset[str]) -> Iterator[str]:
    """Yield sentences on a submission's answers.

    Args:
        answers: name of the solution cell, what was handed in there, and the teacher's own.
        ours: names that stand for course_lib, or something in it, in the teacher's notebook.
    """
    pasted = []
    for name, submitted, solution in answers:
        if len(submitted) > MAX_LENGTH:
            continue
        try:
            answer, published = _look_at(submitted, ours), _published(solution, ours)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if answer.code == published.code and answer.nodes >= MIN_NODES:
            pasted.append(name)
        elif borrowed := sorted(answer.borrowed - published.borrowed):
            yield f"{name} uses course_lib's own: {', '.join(borrowed)[:200]}."
    if pasted:
        whose = "The published" if ours else "Your own"  # a course that imports nothing of this one has published none
        yield f"{whose} solution, comments aside: {', '.join(pasted)}."


def names_of_ours(trees: list[ast.Module]) -> frozenset[str]:
    """Return the names under which the teacher's cells import course_lib, or something of it."""
    names = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "course_lib":
                names |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.Import):
                names |= {alias.asname or "course_lib" for alias in node.names if alias.name.startswith("course_lib")}
    return frozenset(names)


@dataclass(frozen=True)
class Look:
    """What was seen in a cell: its code without what does nothing, its size, what of course_lib it uses."""

    code: str
    nodes: int
    borrowed: frozenset[str]


def _look_at(source: str, ours: frozenset[str]) -> Look:
    tree = _parsed(source)
    code = _bare(tree)  # which is the tree from here on
    return Look(code, sum(1 for _ in ast.walk(tree)), frozenset(_of_ours(tree, ours)))


def _parsed(source: str) -> ast.Module:
    """Parse a cell; lines with magics do nothing. Not by IPython, which takes minutes for what is made to take long."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.parse(re.sub(r"^([ \t]*)[%!?][^\n]*", r"\1pass", source, flags=re.MULTILINE))


_published = functools.lru_cache(1000)(_look_at)


def _bare(tree: ast.Module) -> str:
    """Return the code without what does nothing: docstrings and annotations (comments are not in the tree)."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            node.body = body[1:] or [ast.Pass()]
        for attribute in ("annotation", "returns"):
            if getattr(node, attribute, None) is not None and not isinstance(node, ast.AnnAssign):
                setattr(node, attribute, None)
    return ast.dump(tree)


def _of_ours(tree: ast.Module, ours: frozenset[str]) -> set[str]:
    """Return what of course_lib the code imports or names."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "course_lib":
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.partition(".")[0] == "course_lib"}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ours:
            found.add(f"{node.value.id}.{node.attr}")
    return found
