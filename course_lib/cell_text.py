"""What the text of a cell says: which names it binds, in which statement, and what it checks."""

from __future__ import annotations

import ast
import difflib
import keyword
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

# Cell magics that run their body as Python in the notebook's own namespace.
PYTHON_MAGICS = ("time", "capture", "prun")

_DEFINITION = re.compile(r"(\s*)(?:async\s+)?(def|class)\s+(\w+)")
# `dfe softmax(x):` and the like: a word that is no keyword where `def` should be.
_MISSPELLED = re.compile(r"(\w+)\s+(\w+)\s*\(.*\)\s*(?:->.*)?:\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(r"(\w+)\s*(?::[^=]+)?=(?!=)")
_COMMENTED = re.compile(r"\s*#[#\s]*(?:async\s+)?(?:(?:def|class)\s+(\w+)|(\w+)\s*=(?!=))")


@dataclass(frozen=True)
class Statement:
    """A statement of the cell's own level: `binds` are all names that it may bind, `surely` those that it must."""

    first: int
    last: int
    binds: frozenset[str]
    surely: frozenset[str]


@dataclass
class CellText:
    """What is known of a cell from its text alone; `error` and `error_line` where Python cannot read it."""

    error: str = ""
    error_line: int | None = None
    statements: list[Statement] = field(default_factory=list)
    binds: set[str] = field(default_factory=set)
    definitions: set[str] = field(default_factory=set)  # bound by a plain `def` or `class` at the cell's own level
    imports: dict[str, str] = field(default_factory=dict)  # name: the import that binds it, written out
    inside: dict[str, str] = field(default_factory=dict)  # name of a nested definition: what it stands in
    commented: set[str] = field(default_factory=set)  # names whose definition is a comment
    looks_like: set[str] = field(default_factory=set)  # where it cannot be read: names that it seems to define
    checks: dict[str, list[tuple[str, frozenset[str]]]] = field(default_factory=dict)
    bodies: list[str] = field(default_factory=list)  # what a magic such as %%capture runs

    @property
    def calls_check(self) -> bool:
        return bool(self.checks)

    def means(self, name: str) -> bool:
        """Return whether the cell defines `name`, or would if Python could read it."""
        return name in self.binds or name in self.looks_like

    def instead_of(self, name: str) -> str:
        """Say where the definition of `name` went, for a cell that no longer has it; empty where nothing is seen."""
        if name in self.inside:
            return f"it is now indented inside `{self.inside[name]}`"
        if name in self.commented:
            return "its definition is a comment there"
        near = difflib.get_close_matches(name, sorted(self.binds), n=1, cutoff=0.7)
        return f"it defines `{near[0]}`" if near else ""


@lru_cache(maxsize=4096)
def read(source: str, transform: Callable[[str], str] | None = None) -> CellText:
    """Return what the Python code `source` of a cell says; `transform` turns the body of a magic into Python."""
    text = CellText()
    lines = source.splitlines()
    for line in lines:
        if found := _COMMENTED.match(line):
            text.commented.add(found[1] or found[2])
    try:
        with warnings.catch_warnings():  # a cell's "\\d" has been warned of when it ran
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        text.error, text.error_line = type(error).__name__, getattr(error, "lineno", None)
        text.looks_like.update(_seemingly_defined(lines))
        return text
    for node in tree.body:
        names = _names_bound(node)
        if body := _magic_body(node):
            inner = read(transform(body) if transform else body, transform)
            names, text.bodies = names | inner.binds, [*text.bodies, body, *inner.bodies]
            text.inside |= inner.inside
            text.checks |= inner.checks
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        is_simple = isinstance(node, (*_DEFINITIONS, *_SIMPLE))
        surely = frozenset(names) if is_simple else frozenset()
        text.statements.append(Statement(first, node.end_lineno or first, frozenset(names), surely))
        text.binds |= names
        # Of several statements that bind a name the last one counts.
        text.definitions -= names
        for name in names:
            text.imports.pop(name, None)
        if isinstance(node, _DEFINITIONS) and not node.decorator_list:
            text.definitions.add(node.name)
        if isinstance(node, ast.Import | ast.ImportFrom):
            text.imports |= _imports(node)
    _look_inside(tree, [], text)
    return text


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Import, ast.ImportFrom)
_SCOPES = (*_DEFINITIONS, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _names_bound(node: ast.AST) -> set[str]:
    """Return the names that `node` binds in the scope it stands in."""
    names: set[str] = set()
    if isinstance(node, _DEFINITIONS):
        return {node.name}
    if isinstance(node, ast.Lambda):
        return names
    if isinstance(node, _COMPREHENSIONS):  # its own scope, but for what `:=` binds
        return {inner.target.id for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr)}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names} - {"*"}
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        names.add(node.id)
    elif isinstance(node, ast.AnnAssign) and node.value is None:
        return names
    elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
        names.add(node.name)
    elif isinstance(node, ast.MatchMapping) and node.rest:
        names.add(node.rest)
    for child in ast.iter_child_nodes(node):
        names |= _names_bound(child)
    return names


def _imports(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    source = f"from {'.' * node.level}{node.module or ''} " if isinstance(node, ast.ImportFrom) else ""
    return {
        (alias.asname or alias.name).partition(".")[0]: f"{source}import {alias.name} as {alias.asname}"
        for alias in node.names
    }


def _magic_body(node: ast.AST) -> str:
    """Return the body of a cell magic that runs it as Python: get_ipython().run_cell_magic('time', '', body)."""
    call = node.value if isinstance(node, ast.Expr) else None
    if (
        isinstance(call, ast.Call)
        and getattr(call.func, "attr", "") == "run_cell_magic"
        and len(call.args) == 3
        and all(isinstance(argument, ast.Constant) for argument in call.args)
        and call.args[0].value in PYTHON_MAGICS
    ):
        return str(call.args[2].value)
    return ""


def _look_inside(node: ast.AST, outer: list[str], text: CellText) -> None:
    """Note nested definitions, and what every call of `check` is given."""
    for child in ast.iter_child_nodes(node):
        inner = outer
        if isinstance(child, _SCOPES):
            name = getattr(child, "name", "lambda")
            if outer:
                text.inside.setdefault(name, outer[-1])
            inner = [*outer, name]
        elif isinstance(child, ast.Call):
            _note_check(child, text)
        _look_inside(child, inner, text)


def _note_check(call: ast.Call, text: CellText) -> None:
    """Note what `call` checks, if it is one of `check(name, answer, …)`."""
    if "check" not in (getattr(call.func, "id", ""), getattr(call.func, "attr", "")):
        return
    keywords = {word.arg: word.value for word in call.keywords}
    given = [*call.args, *(keywords[word] for word in ("name", "answer")[len(call.args) :] if word in keywords)]
    if len(given) >= 2 and isinstance(given[0], ast.Constant):
        names = frozenset(inner.id for inner in ast.walk(given[1]) if isinstance(inner, ast.Name))
        whole = given[1].id if isinstance(given[1], ast.Name) else ""
        text.checks.setdefault(str(given[0].value), []).append((whole, names))


def _seemingly_defined(lines: list[str]) -> set[str]:
    """Return the names that lines which Python cannot read seem to define at the cell's own level."""
    names, outer = set(), []  # outer: how far the definitions around a line are indented
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        outer = [depth for depth in outer if depth < indent]
        if found := _DEFINITION.match(line):
            if not outer:
                names.add(found[3])
            outer.append(indent)
        elif indent == 0:
            if found := _MISSPELLED.match(line):
                if not keyword.iskeyword(found[1]):
                    names.add(found[2])
            elif found := _ASSIGNMENT.match(line):
                names.add(found[1])
            elif line.startswith(("import ", "from ")):
                parts = [part.split() for part in line.split("import")[-1].split(",")]
                names |= {words[-1].partition(".")[0] for words in parts if words}
    return {name for name in names if name.isidentifier()}
