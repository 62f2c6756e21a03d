"""Make an answer stand alone: its source, with the imports, helpers and constants of the notebook that it uses."""

from __future__ import annotations

import ast
import builtins
import functools
import linecache
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.library.statements import Statement, bindings, names_read, reads_at_once, statements_of

# Names that only a running notebook has.
ONLY_IN_A_NOTEBOOK = {"get_ipython", "In", "Out", "_", "__", "___", "globals"}
PLAIN = (int, float, complex, str, bytes, bool, type(None), type(Ellipsis), np.generic, np.dtype)
MOST_ITEMS = 1000  # of a list or an array of constants
# What a line of code gives again, whenever it runs.
MADE_BY_CODE = (
    type,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    functools.partial,
    functools._lru_cache_wrapper,
    np.ufunc,
    np.vectorize,
)
# Calls of these give another value each time.
NOT_CONSTANT = {"random", "time", "datetime", "secrets", "uuid", "os", "sys", "io", "socket", "subprocess"}


class CannotStandAlone(Exception):
    """Why an answer is used in this notebook only: the end of a sentence that begins "it is not kept, because"."""


@dataclass
class Section:
    """What goes into the library: `source` binds `name`; `futures` are the features it imports from `__future__`."""

    name: str
    source: str
    futures: list[str] = field(default_factory=list)


def stand_alone(name: str, answer: Any, cells: Sequence[str], namespace: Mapping[str, Any]) -> Section:
    """Return the answer to the exercise `name` as a section that needs nothing of the notebook.

    Args:
        answer: the object that passed.
        cells: the code of all cells that ran, in that order; the last one is the one that checks.
        namespace: the notebook's variables.
    Raises:
        CannotStandAlone: it needs something that only this notebook has.
    """
    return _Extraction(cells, namespace).section(name, answer)


class _Extraction:
    def __init__(self, cells: Sequence[str], namespace: Mapping[str, Any]):
        self.cells, self.namespace = cells, namespace
        self.imports: dict[str, None] = {}  # in order
        self.taken: dict[Statement, None] = {}
        self.known: set[str] = set()

    def section(self, name: str, answer: Any) -> Section:
        root = self._name_of(name, answer)
        if root is None:
            source = self._given_to_check(name)
            if source is None:
                raise CannotStandAlone("it has no name of its own in this notebook: give it one, then check that")
            statement = _parsed(f"{name} = {source}")
            self._need_all(statement, position=None)
            ending = [statement.source]
        else:
            self._need(root, None)
            ending = [] if root == name else [f"{name} = {root}"]
        if name in self.known and root != name:
            raise CannotStandAlone(f"its helper `{name}` bears the name of the exercise: rename the helper")
        text, was_short = "\n".join(sorted(self.imports)) + "\n\n", True
        for source, is_short in [
            *((one.source, one.is_short) for one in self.taken),
            *((line, True) for line in ending),
        ]:
            text = text.rstrip("\n") + "\n\n\n" if not (was_short and is_short) else text
            text += source + "\n"
            was_short = is_short
        return Section(name, text.strip("\n") + "\n", _futures(self.cells))

    def _name_of(self, name: str, answer: Any) -> str | None:
        """Return the variable that holds `answer`, the exercise's own name first."""
        if self.namespace.get(name) is answer:
            return name
        found = (
            other for other, value in list(self.namespace.items()) if value is answer and not other.startswith("_")
        )
        return next(found, None)

    def _given_to_check(self, name: str) -> str | None:
        """Return the code of what the last cell gives to `check(name, …)`."""
        found = None
        for statement in statements_of(self.cells[-1]) if self.cells else ():
            for node in ast.walk(statement.tree):
                if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "check":
                    given = dict(enumerate(node.args)) | {keyword.arg: keyword.value for keyword in node.keywords}
                    asked, answer = given.get("name", given.get(0)), given.get("answer", given.get(1))
                    if isinstance(asked, ast.Constant) and asked.value == name and answer is not None:
                        found = ast.unparse(answer)
        return found

    # --- what a name needs

    def _need_all(self, statement: Statement, position: tuple[int, int] | None) -> None:
        for needed in names_read(statement.source):
            # What runs at once needs what was bound before it, itself above all: `f = decorated(f)`.
            if (
                position is not None
                and reads_at_once(statement.tree, needed)
                and self._is_bound_after(needed, position)
            ):
                if needed in self.known and needed not in bindings(statement.tree) and self._is_taken(needed):
                    raise CannotStandAlone(f"it needs two versions of `{needed}`: give one another name")
                self._need(needed, position)
            elif needed not in bindings(statement.tree):
                self._need(needed, None)
            self._submodules(needed, statement)

    def _is_bound_after(self, name: str, position: tuple[int, int]) -> bool:
        """Return whether `name` meant something else when the statement at `position` ran."""
        cell, place = position
        later = [statements_of(self.cells[cell])[place:], *map(statements_of, self.cells[cell + 1 :])]
        return any(name in bindings(statement.tree) for statements in later for statement in statements)

    def _is_taken(self, name: str) -> bool:
        return any(name in bindings(statement.tree) for statement in self.taken)

    def _need(self, name: str, before: tuple[int, int] | None) -> None:
        if before is None:
            if name in self.known:
                return
            self.known.add(name)
        if name in ONLY_IN_A_NOTEBOOK and name not in _defined(self.cells):
            raise CannotStandAlone(f"it uses `{name}`, which means the notebook itself")
        if name not in self.namespace:
            return  # a builtin, or a name that is never reached
        value = self.namespace[name]
        if isinstance(value, types.ModuleType):
            return self._import_module(name, value)
        found = self._binding(name, value, before)
        if found is None:
            return self._import_from(name, value)
        position, statement = found
        if isinstance(statement.tree, ast.Import | ast.ImportFrom):
            return self._import_from(name, value, statement.tree)
        self._refuse_unless_it_stands(name, value, statement)
        self._need_all(statement, position)
        self.taken[statement] = None
        return None

    def _binding(
        self, name: str, value: Any, before: tuple[int, int] | None
    ) -> tuple[tuple[int, int], Statement] | None:
        """Return the last statement, and its place, that bound `name` to `value`, as far as one can tell."""
        home, latest = _cell_of(value), None
        for index in range(len(self.cells) - 1, -1, -1):
            if name not in self.cells[index] and "import *" not in self.cells[index]:
                continue
            statements = statements_of(self.cells[index])
            for place in range(len(statements) - 1, -1, -1):
                if before is not None and (index, place) >= before:
                    continue
                statement = statements[place]
                if name not in bindings(statement.tree):
                    continue
                found = ((index, place), statement)
                if before is not None or _fits(value, statement, self.cells[index], home):
                    return found
                latest = latest or found
        return latest

    def _refuse_unless_it_stands(self, name: str, value: Any, statement: Statement) -> None:
        tree = statement.tree
        if isinstance(value, type):
            for member in vars(value).values():
                code = getattr(member, "__code__", None)
                # A decorator, as `dataclass`, may add methods too: their code stands in no cell.
                is_elsewhere = code is not None and not code.co_qualname.startswith(f"{value.__qualname__}.")
                if is_elsewhere and _lines(code).strip() in {cell.strip() for cell in self.cells}:
                    part = code.co_name
                    raise CannotStandAlone(f"`{part}` was added to the class `{name}` outside of it: write it inside")
        if isinstance(tree, ast.If | ast.Try) or statement.is_definition:
            return
        if not isinstance(tree, ast.Assign | ast.AnnAssign) or tree.value is None:
            raise CannotStandAlone(f"it reads `{name}`, which another cell computes: pass it as an argument")
        # A trained network can be called too, but running its line again gives another one.
        if isinstance(value, MADE_BY_CODE) or type(value).__module__ == "__main__":
            return
        if not (_is_plain(value) and _is_constant(tree.value)):
            raise CannotStandAlone(f"it reads `{name}`, a variable of another cell that is no constant")

    # --- imports

    def _import_module(self, name: str, module: types.ModuleType) -> None:
        real = module.__name__
        if real == "__main__":
            raise CannotStandAlone("it uses `__main__`, the notebook itself")
        _refuse_local(real)
        self.imports[f"import {real}" if real == name else f"import {real} as {name}"] = None

    def _submodules(self, name: str, statement: Statement) -> None:
        """Import the parts of a package that the code reaches by dots, as `scipy.special` of `scipy`."""
        module = self.namespace.get(name)
        if not isinstance(module, types.ModuleType) or module.__name__ == "numpy":
            return
        for node in ast.walk(statement.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
                part = getattr(module, node.attr, None)
                if isinstance(part, types.ModuleType) and part.__name__ == f"{module.__name__}.{node.attr}":
                    alias = "" if module.__name__ == name else f" as _{node.attr}"
                    self.imports[f"import {part.__name__}{alias}"] = None

    def _import_from(self, name: str, value: Any, tree: ast.Import | ast.ImportFrom | None = None) -> None:
        if isinstance(tree, ast.ImportFrom):
            if tree.level:
                raise CannotStandAlone(f"it imports `{name}` relative to the notebook")
            module = tree.module or ""
            original = next((alias.name for alias in tree.names if (alias.asname or alias.name) == name), name)
        else:
            module = str(getattr(value, "__module__", None) or "")
            original = str(getattr(value, "__name__", name))
            if module == "__main__" or getattr(sys.modules.get(module), original, None) is not value:
                if getattr(builtins, name, None) is value:
                    return
                if type(value).__module__ == "builtins" and not callable(value):
                    raise CannotStandAlone(f"it reads `{name}`, a variable of this notebook")
                raise CannotStandAlone(f"the code of `{name}`, which it uses, is in no cell that ran")
        _refuse_local(module)
        self.imports[f"from {module} import {original}" + ("" if original == name else f" as {name}")] = None


def _parsed(source: str) -> Statement:
    return statements_of(source)[0]


def _defined(cells: Sequence[str]) -> set[str]:
    return {name for cell in cells for statement in statements_of(cell) for name in bindings(statement.tree)}


def _futures(cells: Sequence[str]) -> list[str]:
    """Return the features that a cell has imported from __future__: they hold for all cells after it."""
    found = {
        alias.name
        for cell in cells
        if "__future__" in cell
        for statement in statements_of(cell)
        if isinstance(statement.tree, ast.ImportFrom) and statement.tree.module == "__future__"
        for alias in statement.tree.names
    }
    return sorted(found)


def _refuse_local(module: str) -> None:
    """Refuse what is imported from a file of the learner's, which another folder does not have."""
    top = sys.modules.get(module.partition(".")[0])
    file = getattr(top, "__file__", None)
    if file and top.__name__ not in ("course_lib", "your_library"):
        path, here = Path(file).resolve(), Path.cwd().resolve()
        if here in path.parents and Path(sys.prefix).resolve() not in path.parents:
            raise CannotStandAlone(f"it imports `{module}`, a file beside this notebook")


def _codes(value: Any) -> Iterator[types.CodeType]:
    """Yield the code of a function, or of a class's methods."""
    if isinstance(value, type):
        for member in vars(value).values():
            yield from _codes(member) if not isinstance(member, type) else ()
    elif isinstance(value, staticmethod | classmethod):
        yield from _codes(value.__func__)
    elif isinstance(value, functools.partial):
        yield from _codes(value.func)
    elif isinstance(value, property):
        yield from _codes(value.fget)
    elif isinstance(code := getattr(value, "__code__", None), types.CodeType):
        yield code


def _lines(code: types.CodeType) -> str:
    return "".join(linecache.getlines(code.co_filename))


def _cell_of(value: Any) -> str:
    """Return the cell in which the code of `value` stands; empty where that is not known."""
    return next(filter(None, map(_lines, _codes(value))), "").strip()


def _fits(value: Any, statement: Statement, cell: str, home: str) -> bool:
    """Return whether `statement` of `cell` may be what gave `value`."""
    if home and statement.is_definition and not getattr(statement.tree, "decorator_list", None):
        return cell.strip() == home
    tree = statement.tree
    if isinstance(tree, ast.Assign | ast.AnnAssign) and tree.value is not None and _is_plain(value):
        try:
            written = ast.literal_eval(tree.value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return True
        # What a cell has changed since still begins as it was written.
        return isinstance(value, list | dict | set | np.ndarray) or _equal(written, value) or len(bindings(tree)) > 1
    return True


def _equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # an object of the learner's decides what its == does
        return False


def _is_plain(value: Any) -> bool:
    if isinstance(value, PLAIN):
        return True
    if isinstance(value, np.ndarray):
        return value.size <= MOST_ITEMS and value.dtype != object
    if isinstance(value, list | tuple | set | frozenset):
        return len(value) <= MOST_ITEMS and all(map(_is_plain, value))
    if isinstance(value, dict):
        return len(value) <= MOST_ITEMS and all(_is_plain(part) for item in value.items() for part in item)
    return False


def _is_constant(tree: ast.expr) -> bool:
    """Return whether the expression gives the same whenever it is computed: its calls are of modules' functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            path, function = [], node.func
            while isinstance(function, ast.Attribute):
                path.append(function.attr)
                function = function.value
            is_simple = isinstance(function, ast.Name) and (path or function.id in ("float", "int", "complex", "tuple"))
            if not is_simple or {*path, getattr(function, "id", "")} & NOT_CONSTANT:
                return False
            if any(part.startswith(("load", "read", "open", "default_rng")) for part in path):
                return False
        elif isinstance(node, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
            return False
    return True
