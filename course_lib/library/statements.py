"""The statements of a notebook's cells: what each binds, and which names it reads from outside."""

from __future__ import annotations

import ast
import functools
import symtable
import sys
from collections.abc import Iterator
from dataclasses import dataclass

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Cell magics whose body runs as if it stood in the cell.
TRANSPARENT = ("time", "capture", "prun")


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement of a cell, as it was written, with the comments right above it."""

    source: str
    tree: ast.stmt

    @property
    def is_definition(self) -> bool:
        return isinstance(self.tree, DEFINITIONS)

    @property
    def is_short(self) -> bool:
        return not self.is_definition and "\n" not in self.source


@functools.lru_cache(maxsize=1000)
def statements_of(cell: str) -> tuple[Statement, ...]:
    """Return the statements of a cell's code; none where it is no Python."""
    try:
        tree = ast.parse(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    lines = cell.splitlines()
    found: list[Statement] = []
    for statement in tree.body:
        if body := _body_of_magic(statement):
            found += statements_of(body)
        else:
            found.append(Statement(_text(cell, lines, statement), statement))
    return tuple(found)


def _body_of_magic(statement: ast.stmt) -> str:
    match statement:
        case ast.Expr(
            ast.Call(ast.Attribute(attr="run_cell_magic"), [ast.Constant(magic), _, ast.Constant(str(body))])
        ) if magic in TRANSPARENT:
            return body
    return ""


def _text(cell: str, lines: list[str], statement: ast.stmt) -> str:
    if not isinstance(statement, (*DEFINITIONS, ast.If, ast.Try)):
        return ast.get_source_segment(cell, statement) or ast.unparse(statement)
    first = min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", []))]) - 1
    if lines[first][: statement.col_offset].strip():  # another statement stands before it on its line
        return ast.unparse(statement)
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return "\n".join(lines[first : statement.end_lineno])


@functools.lru_cache(maxsize=4000)
def bindings(tree: ast.stmt) -> frozenset[str]:
    """Return the names that a statement binds where it stands; "import *" binds whatever its module has."""
    return frozenset(_bound(tree))


def _bound(tree: ast.AST) -> Iterator[str]:
    if isinstance(tree, DEFINITIONS):
        yield tree.name
        return
    if isinstance(tree, ast.Import):
        for alias in tree.names:
            yield alias.asname or alias.name.partition(".")[0]
        return
    if isinstance(tree, ast.ImportFrom):
        for alias in tree.names:
            if alias.name == "*":
                yield from _public(tree.module or "")
            else:
                yield alias.asname or alias.name
        return
    if isinstance(tree, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        yield from (
            node.target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.NamedExpr) and isinstance(node.target, ast.Name)
        )
        return
    if isinstance(tree, ast.Name) and isinstance(tree.ctx, ast.Store | ast.Del):
        yield tree.id
    if isinstance(tree, ast.ExceptHandler) and tree.name:
        yield tree.name
    for child in ast.iter_child_nodes(tree):
        yield from _bound(child)


def _public(module: str) -> list[str]:
    loaded = sys.modules.get(module)
    return list(getattr(loaded, "__all__", [name for name in dir(loaded) if not name.startswith("_")]))


def reads_at_once(tree: ast.stmt, name: str) -> bool:
    """Return whether the statement reads `name` where it stands, and not only when what it defines is called."""
    parts: list[ast.AST] = [tree]
    if isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef):
        parts = [*tree.decorator_list, *tree.args.defaults, *filter(None, tree.args.kw_defaults)]
    elif isinstance(tree, ast.ClassDef):
        parts = [*tree.decorator_list, *tree.bases, *tree.keywords]
    return any(
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id == name
        for part in parts
        for node in ast.walk(part)
    )


@functools.lru_cache(maxsize=1000)
def names_read(source: str) -> tuple[str, ...]:
    """Return the names that the code reads from around it, at once or when what it defines is called, in order."""
    found: dict[str, None] = {}

    def look_into(table: symtable.SymbolTable) -> None:
        for symbol in table.get_symbols():
            is_outside = symbol.is_global() or table.get_type() == "module"
            if symbol.is_declared_global() or (symbol.is_referenced() and is_outside):
                found[symbol.get_name()] = None
        for child in table.get_children():
            look_into(child)

    look_into(symtable.symtable(source, "cell", "exec"))
    return tuple(sorted(found))
