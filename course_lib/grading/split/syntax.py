"""What a piece of code binds, loads, imports and defines, by its syntax tree."""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable

from course_lib.grading.split import specials

COMPARISONS = {f"__{name}__" for name in specials.COMPARISONS}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def root_of(node: ast.AST) -> str | None:
    """Return the name with which `a.b[c].d` begins, None where it is none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def bound_by(statements: Iterable[ast.stmt], stores: bool = True) -> set[str]:
    """Return the names that `statements` bind or delete at the top level of a cell, and with `stores` set parts of."""
    names: set[str] = set()

    def visit(node: ast.AST, inside: bool) -> None:
        if isinstance(node, DEFINITIONS):
            if not inside:
                names.add(node.name)
            # A function that says `global` binds when it is called.
            declared = {name for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names}
            names.update(declared)
            return
        if isinstance(node, ast.Lambda):
            return
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif stores and isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            names.update({root_of(node)} - {None})
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            names.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names.add(node.rest)
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            # Its own variables stay inside; what `:=` binds in it does not.
            names.update(inner.target.id for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr))
            return
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    for statement in statements:
        visit(statement, False)
    return names


def loaded_by(statement: ast.AST) -> set[str]:
    """Return all names that `statement` loads, in functions that it defines too."""
    return {
        node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    } | {
        node.target.id
        for node in ast.walk(statement)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    }


def loaded_at_once(statement: ast.stmt) -> set[str]:
    """Return the names that `statement` loads when it is run: of a function not those in its body."""
    if not isinstance(statement, DEFINITIONS):
        return loaded_by(statement)
    if isinstance(statement, ast.ClassDef):
        parts = [*statement.bases, *(keyword.value for keyword in statement.keywords)]
        names = set().union(*(loaded_at_once(inner) for inner in statement.body))
    else:
        parts = [*statement.args.defaults, *filter(None, statement.args.kw_defaults)]
        names = set()
    return names.union(*(loaded_by(part) for part in (*parts, *statement.decorator_list)))


def occurs(tree: ast.Module, pattern: str) -> bool:
    """Whether an attribute, an imported name or a whole text constant in the code is what `pattern` matches."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name.rpartition(".")[2])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return any(re.fullmatch(pattern, name) for name in found)


def globals_of(tree: ast.Module, at_once: bool = False) -> set[str]:
    """Return the global names that functions defined in `tree` look up, and with `at_once` those that it looks up."""

    def within(table: symtable.SymbolTable) -> set[str]:
        names = set().union(*map(within, table.get_children()))
        outermost = table.get_type() == "module"
        if table.get_type() == "function" or at_once:
            symbols = (each for each in table.get_symbols() if each.is_global() or outermost)
            names |= {each.get_name() for each in symbols if each.is_referenced()}
        return names

    return within(symtable.symtable(ast.unparse(tree), "<cell>", "exec"))


def needed_by(tree: ast.Module) -> set[str]:
    """Return the global names that `tree` looks up without having bound them before."""
    bound: set[str] = set()
    needed: set[str] = set()
    for statement in tree.body:
        needed |= globals_of(ast.Module([statement], []), at_once=True) - bound
        bound |= bound_by([statement])
    return needed


def modules_of(trees: Iterable[ast.Module]) -> list[str]:
    """Return what may be a module among all that is imported or used.

    Of `from scipy import stats` that is also scipy.stats, of `np.testing.assert_allclose` also numpy.testing.
    """
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names: dict[str, None] = {}
    imported: dict[str, str] = {}  # {name in the notebook: module}
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(dict.fromkeys(alias.name for alias in node.names))
            for alias in node.names:
                top = alias.name.partition(".")[0]
                imported[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names[node.module] = None
            names.update(dict.fromkeys(f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*"))
    for node in nodes:
        # np.testing in np.testing.assert_allclose. What nothing is asked of, np.mean, is hardly a module.
        owner = node.value if isinstance(node, ast.Attribute) else None
        if isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name) and owner.value.id in imported:
            names[f"{imported[owner.value.id]}.{owner.attr}"] = None
    return list(names)


def operators_of(trees: Iterable[ast.Module]) -> dict[str, list[str]]:
    """Return {class: what it binds} of the classes that the code defines, inherited ones included."""
    own: dict[str, set[str]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                methods = bound_by(node.body) | _from_decorators(node)
                for base in node.bases:
                    methods |= own.get(last_name(base), set())
                own[node.name] = own.get(node.name, set()) | methods
    return {name: sorted(methods) for name, methods in own.items() if methods}


def last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _from_decorators(node: ast.ClassDef) -> set[str]:
    methods: set[str] = set()
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        name = last_name(call.func if call else decorator)
        if name == "total_ordering":
            methods |= COMPARISONS
        elif name == "dataclass":
            options = {key.arg: getattr(key.value, "value", None) for key in call.keywords} if call else {}
            if options.get("eq", True):
                methods |= {"__eq__", "__ne__"} | ({"__hash__"} if options.get("frozen") else set())
            if options.get("order"):
                methods |= COMPARISONS
            if options.get("unsafe_hash"):
                methods.add("__hash__")
    return methods
