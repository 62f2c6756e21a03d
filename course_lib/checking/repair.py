"""What stands in the answer cell of a repair: the code with the bug, under the name of the exercise."""

from __future__ import annotations

import ast
import inspect
import io
import textwrap
import tokenize

from course_lib.checking.exercise import Exercise

DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"


def defined_in(source: str) -> set[str]:
    """Return the names of the functions and classes that a cell defines; none where it is not plain Python."""
    try:
        return {node.name for node in ast.parse(source).body if isinstance(node, DEFINITIONS)}
    except SyntaxError:
        return set()


def buggy_source(exercise: Exercise) -> str:
    """Return the source of `exercise.buggy`, from the left margin and called like the exercise."""
    source = textwrap.dedent(inspect.getsource(exercise.buggy)).rstrip()
    return _renamed(source, exercise.buggy.__name__, exercise.name)


def with_the_bug(source: str, exercise: Exercise) -> str:
    """Return a solved answer cell with the buggy code in place of the definition and of the solution region.

    The region may lie within the definition or around it. Comments and imports outside both stay.
    """
    lines = source.splitlines()
    (node,) = [each for each in ast.parse(source).body if getattr(each, "name", "") == exercise.name]
    marked = [number for number, line in enumerate(lines, 1) if BEGIN in line or END in line]
    first = min([node.lineno, *(each.lineno for each in node.decorator_list), *marked])
    last = max([node.end_lineno, *marked])
    return "\n".join([*lines[: first - 1], buggy_source(exercise), *lines[last:]])


def _renamed(source: str, old: str, new: str) -> str:
    """Return `source` with another name for what it defines, in what it says of itself too."""
    lines = source.splitlines()
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for before, token in reversed(list(zip([None, *tokens], tokens, strict=False))):
        is_attribute = before is not None and before.string == "."
        if token.type == tokenize.NAME and token.string == old and not is_attribute:
            row, column = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:column] + new + line[column + len(old) :]
    return "\n".join(lines)
