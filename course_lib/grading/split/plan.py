"""What the teacher's notebook says about a submission: which code is trusted, and which names are the learner's.

Nothing here looks at the submission. A name is the learner's where a cell binds it that the learner writes, or a
statement that loads such a name. Imports and definitions of functions and classes in the teacher's other cells are
always trusted (a function looks its names up when it is called), as is every statement that loads no learner's name.
So `assert_allclose = print` in an answer changes nothing that a test uses.
"""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable
from dataclasses import dataclass, field

from IPython.core.inputtransformer2 import TransformerManager

from course_lib.grading.split import specials

COMPARISONS = {f"__{name}__" for name in specials.COMPARISONS}
MISSING = r"NA|U?Int\d+(Dtype)?|Float\d+(Dtype)?|boolean|BooleanDtype|string|StringDtype"
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class TeacherCell:
    """A code cell of the teacher's notebook, called by its grade_id or id.

    `role` is "test", "solution", "other", or "skipped" where graders do not run it.
    """

    name: str
    source: str
    role: str


@dataclass
class Step:
    """What the tester does when it comes to a teacher's cell."""

    name: str
    role: str
    trusted: str = ""  # statements that the tester runs itself: of a test cell all, else those that tests need
    learners: tuple[str, ...] = ()  # names that from here on are the learner's
    teachers: tuple[str, ...] = ()  # names that from here on are the teacher's
    loads: frozenset[str] = frozenset()  # names that a test may load, by way of the teacher's functions too


@dataclass
class Plan:
    """The teacher's notebook, read."""

    steps: list[Step]
    modules: list[str]  # imported by cells that are run, and names that may be modules
    operators: dict[str, list[str]] = field(default_factory=dict)  # {class of the teacher's: what it binds}
    exercises: list[str] = field(default_factory=list)  # names of the exercises that tests `check`
    has_masked: bool = False  # whether masked arrays occur in it
    has_missing: bool = False  # whether pandas' sorts of columns with missing values occur in it
    read_by_solutions: frozenset[str] = frozenset()  # global names that the solutions' functions load when called


def read(cells: Iterable[TeacherCell]) -> Plan:
    """Read the teacher's notebook, the version with solutions.

    Raises:
        SyntaxError: a cell of the teacher's is not Python.
    """
    cells = list(cells)
    trees = [parse(cell.source) for cell in cells]
    learners: set[str] = set()
    variables: set[str] = set()  # of the teacher's, neither imported nor defined
    steps, kept = [], []
    for cell, tree in zip(cells, trees, strict=True):
        step = Step(cell.name, cell.role)
        if cell.role == "test":
            step.trusted = cell.source
            step.teachers = tuple(sorted(bound_by(tree.body) & learners))
            learners -= set(step.teachers)
            kept.append(list(tree.body))
        else:
            before = set(learners)
            kept.append(_trusted_statements(tree, cell.role, learners, variables))
            step.learners = tuple(sorted(learners - before))
            step.teachers = tuple(sorted(before - learners))
        steps.append(step)
    _keep_what_tests_need(steps, kept)
    by_functions = {
        name for step in steps if step.role != "test" and step.trusted for name in loaded_by(ast.parse(step.trusted))
    }
    for step, tree in zip(steps, trees, strict=True):
        if step.role == "test":
            step.loads = frozenset(loaded_by(tree) | by_functions)
    source = "\n".join(cell.source for cell in cells if cell.role == "test")
    return Plan(
        steps=steps,
        modules=_modules(tree for cell, tree in zip(cells, trees, strict=True) if cell.role != "skipped"),
        operators=_operators(trees, cells),
        has_masked=any(_occurs(tree, r"ma|masked\w*") for tree in trees),
        has_missing=any(_occurs(tree, MISSING) for tree in trees),
        read_by_solutions=frozenset().union(
            *(_globals_of(tree) for cell, tree in zip(cells, trees, strict=True) if cell.role == "solution")
        ),
        exercises=list(dict.fromkeys(re.findall(r"""\bcheck\(\s*["']([^"']+)["']""", source))),
    )


def parse(source: str) -> ast.Module:
    """Parse a cell, in which there may be magics; of those that only time or silence code, the code counts."""
    source = re.sub(r"\A\s*%%(time|timeit|capture|prun)\b[^\n]*\n", "", source)
    source = re.sub(r"^%(time|timeit|prun) (?!-)", "", source, flags=re.MULTILINE)
    return ast.parse(TransformerManager().transform_cell(source))


def _trusted_statements(tree: ast.Module, role: str, learners: set[str], variables: set[str]) -> list[ast.stmt]:
    """Return the statements that need nothing of the learner's, and bring `learners` and `variables` up to date."""
    trusted = []
    for statement in tree.body:
        imports = _imports_in(statement)
        imported = bound_by(imports)
        # To set something of a module's binds nothing: `plt.rcParams[…] = …` makes `plt` nobody else's.
        set_in_modules = _stores_into(statement) - bound_by([statement], stores=False) - learners - variables
        bound = bound_by([statement]) - imported - set_in_modules
        learners -= imported
        if isinstance(statement, IMPORTS):
            trusted.append(statement)
        elif role == "solution" or (loaded_at_once(statement) & learners and _asks(statement, learners)):
            learners |= bound
            trusted += imports
            if role == "solution":
                learners |= _changed_by_method(statement) & variables
        else:
            learners -= bound
            if not isinstance(statement, DEFINITIONS):
                variables |= bound
            trusted.append(statement)
    return trusted


def _imports_in(statement: ast.stmt) -> list[ast.stmt]:
    """Return the imports in `statement`, outside of functions: whoever's cell it is, they bind the same modules."""
    if isinstance(statement, IMPORTS):
        return [statement]
    if isinstance(statement, DEFINITIONS):
        return []
    children = (child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.stmt | ast.ExceptHandler))
    return [found for child in children for found in _imports_in(child)]


def _asks(statement: ast.stmt, learners: set[str]) -> bool:
    """Whether `statement` calls, indexes or computes with something of the learner's, or only puts it somewhere.

    `cases = [(f, 1, 2)]`, `near = lambda a: f(a)` and `near = partial(trusted, f)` only do the latter: what they bind
    is the teacher's, with the learner's object in it.
    """
    if isinstance(
        statement, ast.ClassDef | ast.AugAssign | ast.For | ast.While | ast.If | ast.With | ast.Try | ast.Match
    ):
        return True

    def asks(node: ast.AST) -> bool:
        if isinstance(node, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef):
            defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
            return any(map(asks, [*defaults, *getattr(node, "decorator_list", ())])) or (
                bool(getattr(node, "decorator_list", ())) and bool(loaded_at_once(node) & learners)
            )
        if isinstance(node, ast.Call):
            of_a_kind = _root(node.func) not in learners and _last_name(node.func) in (
                "partial",
                "dict",
                "list",
                "tuple",
            )
            if not of_a_kind and loaded_by(node) & learners:
                return True
        if isinstance(node, ast.Attribute | ast.Subscript) and _root(node) in learners:
            return True
        computing = ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.Compare | ast.JoinedStr | ast.Starred | ast.Await
        comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
        if isinstance(node, computing | comprehension | ast.IfExp) and loaded_by(node) & learners:
            return True
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in learners:
            return True  # another name for it
        return any(map(asks, ast.iter_child_nodes(node)))

    return asks(statement)


def _changed_by_method(statement: ast.stmt) -> set[str]:
    """Return the names of the objects that `scores.append(7)` and its like may change."""
    calls = [
        node.value for node in ast.walk(statement) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    return {_root(call.func) for call in calls if isinstance(call.func, ast.Attribute)} - {None}


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


def _keep_what_tests_need(steps: list[Step], kept: list[list[ast.stmt]]) -> None:
    """Give each step the trusted statements that bind or change a name that a test, or another one of them, loads."""
    needed: set[str] = set()
    for step, statements in zip(steps, kept, strict=True):
        if step.role == "test":
            needed |= {name for statement in statements for name in loaded_by(statement)}
    # `np.random.default_rng = …`, `plt.rcParams[…] = …`: who depends on it cannot be seen.
    imports = [statement for statements in kept for statement in statements if isinstance(statement, IMPORTS)]
    imported = bound_by(imports)
    chosen: set[int] = set()
    while True:
        new = [
            statement
            for step, statements in zip(steps, kept, strict=True)
            for statement in statements
            if step.role != "test"
            and id(statement) not in chosen
            and ("*" in bound_by([statement]) or _touched_by(statement) & needed or _stores_into(statement) & imported)
        ]
        if not new:
            break
        for statement in new:
            chosen.add(id(statement))
            needed |= loaded_by(statement)
    for step, statements in zip(steps, kept, strict=True):
        if step.role != "test":
            step.trusted = "\n".join(ast.unparse(statement) for statement in statements if id(statement) in chosen)


def _touched_by(statement: ast.stmt) -> set[str]:
    """Return the names that `statement` binds, or whose objects it may change: np of `np.random.seed(0)`."""
    touched = bound_by([statement])
    for node in ast.walk(statement):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            touched |= {_root(node.value.func)} - {None}
    return touched


def _stores_into(statement: ast.stmt) -> set[str]:
    """Return the names of whose objects `statement` sets an attribute or an item."""
    return {
        _root(node)
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load)
    } - {None}


def _root(node: ast.AST) -> str | None:
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
            names.update({_root(node)} - {None})
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


def _occurs(tree: ast.Module, pattern: str) -> bool:
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


def _globals_of(tree: ast.Module) -> set[str]:
    """Return the global names that functions defined in `tree` look up when they are called."""

    def within(table: symtable.SymbolTable) -> set[str]:
        names = set().union(*map(within, table.get_children()))
        if table.get_type() == "function":
            names |= {each.get_name() for each in table.get_symbols() if each.is_global() and each.is_referenced()}
        return names

    return within(symtable.symtable(ast.unparse(tree), "<cell>", "exec"))


def _modules(trees: Iterable[ast.Module]) -> list[str]:
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


def _operators(trees: list[ast.Module], cells: list[TeacherCell]) -> dict[str, list[str]]:
    """Return {class: what it binds} of the classes that the teacher's cells define, inherited ones included."""
    own: dict[str, set[str]] = {}
    for tree, cell in zip(trees, cells, strict=True):
        if cell.role == "test":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                methods = set(_assigned_in(node))
                methods |= _from_decorators(node)
                for base in node.bases:
                    methods |= own.get(_last_name(base), set())
                own[node.name] = own.get(node.name, set()) | methods
    return {name: sorted(methods) for name, methods in own.items() if methods}


def _assigned_in(node: ast.ClassDef) -> set[str]:
    return bound_by(node.body)


def _last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _from_decorators(node: ast.ClassDef) -> set[str]:
    methods: set[str] = set()
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        name = _last_name(call.func if call else decorator)
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
