"""What the teacher's notebook says about a submission: which code is trusted, and which names are the learner's.

Nothing here looks at the submission. A name is the learner's where a cell binds it that the learner writes, or a
statement that loads such a name. Imports and definitions of functions and classes in the teacher's other cells are
always trusted (a function looks its names up when it is called), as is every statement that loads no learner's name.
So `assert_allclose = print` in an answer changes nothing that a test uses.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from IPython.core.inputtransformer2 import TransformerManager

from course_lib.grading.split.syntax import (
    DEFINITIONS,
    bound_by,
    globals_of,
    last_name,
    loaded_at_once,
    loaded_by,
    modules_of,
    needed_by,
    occurs,
    operators_of,
    root_of,
)

MISSING = r"NA|U?Int\d+(Dtype)?|Float\d+(Dtype)?|boolean|BooleanDtype|string|StringDtype"
# What speaks of files, and what writes them.
FILES = re.compile(r"\bopen\b|\bPath\b|\bos\.|read_|load|file", re.IGNORECASE)
WRITES = re.compile(
    r"""\bopen\([^)]*,\ (mode=)?['"][bt]*[wax]  |  \.write_(text|bytes)\(  |  \.tofile\(  |  \bsave(?!fig)\w*\(
    |  \bdump\(  |  \.to_(csv|json|parquet|pickle|excel|feather|hdf|html|xml|stata)\(  |  'writefile'
    |  \bshutil\.(copy|move|unpack)  |  \bos\.(rename|replace|link|symlink)\(  |  \bextract(all)?\(""",
    re.VERBOSE,
)
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
    gives: frozenset[str] = frozenset()  # names that a test binds and that later cells load
    imported: tuple[str, ...] = ()  # names that a solution imports, and nothing before it


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
        SyntaxError: a test or a solution is not Python.
    """
    cells = list(cells)
    trees = [tree_of(cell) for cell in cells]
    learners: set[str] = set()
    imported: set[str] = set()
    variables: set[str] = set()  # of the teacher's, neither imported nor defined
    steps, kept = [], []
    for cell, tree in zip(cells, trees, strict=True):
        step = Step(cell.name, cell.role)
        imports = bound_by(found for statement in tree.body for found in _imports_in(statement))
        if cell.role == "test":
            step.trusted = cell.source
            step.teachers = tuple(sorted(bound_by(tree.body) & learners))
            learners -= set(step.teachers)
            kept.append(list(tree.body))
        else:
            before = set(learners)
            kept.append(_trusted_statements(tree, cell.role, learners, variables))
            if cell.role == "solution":
                step.imported = tuple(sorted(imports - imported - learners - variables))
            step.learners = tuple(sorted(learners - before))
            step.teachers = tuple(sorted(before - learners))
        imported |= imports
        steps.append(step)
    _keep_what_tests_need(steps, kept)
    by_functions = {
        name for step in steps if step.role != "test" and step.trusted for name in loaded_by(ast.parse(step.trusted))
    }
    later: set[str] = set()
    for step, tree in zip(reversed(steps), reversed(trees), strict=True):
        if step.role == "test":
            step.loads = frozenset(loaded_by(tree) | by_functions)
            step.gives = frozenset(bound_by(tree.body) & later)
        elif step.role != "skipped":
            later = (later - bound_by(tree.body)) | needed_by(tree)
    source = "\n".join(cell.source for cell in cells if cell.role == "test")
    return Plan(
        steps=steps,
        modules=modules_of(tree for cell, tree in zip(cells, trees, strict=True) if cell.role != "skipped"),
        operators=operators_of(tree for cell, tree in zip(cells, trees, strict=True) if cell.role != "test"),
        has_masked=any(occurs(tree, r"ma|masked\w*") for tree in trees),
        has_missing=any(occurs(tree, MISSING) for tree in trees),
        read_by_solutions=frozenset().union(
            *(globals_of(tree) for cell, tree in zip(cells, trees, strict=True) if cell.role == "solution")
        ),
        exercises=list(dict.fromkeys(re.findall(r"""\bcheck\(\s*["']([^"']+)["']""", source))),
    )


def tree_of(cell: TeacherCell) -> ast.Module:
    """Parse a cell. One that shows what a SyntaxError looks like binds and loads nothing."""
    try:
        tree = parse(cell.source)
        globals_of(tree)  # some errors are found when names are looked at: a `nonlocal` that is none
        return tree
    except SyntaxError:
        if cell.role in ("test", "solution"):
            raise
        return ast.Module([], [])


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
            of_a_kind = root_of(node.func) not in learners and last_name(node.func) in (
                "partial",
                "dict",
                "list",
                "tuple",
            )
            if not of_a_kind and loaded_by(node) & learners:
                return True
        if isinstance(node, ast.Attribute | ast.Subscript) and root_of(node) in learners:
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
    return {root_of(call.func) for call in calls if isinstance(call.func, ast.Attribute)} - {None}


def _keep_what_tests_need(steps: list[Step], kept: list[list[ast.stmt]]) -> None:
    """Give each step the trusted statements that bind or change a name that a test, or another one of them, loads."""
    tests = [
        statement
        for step, statements in zip(steps, kept, strict=True)
        if step.role == "test"
        for statement in statements
    ]
    needed = {name for statement in tests for name in loaded_by(statement)}
    # `np.random.default_rng = …`, `plt.rcParams[…] = …`: who depends on it cannot be seen.
    imports = [statement for statements in kept for statement in statements if isinstance(statement, IMPORTS)]
    imported = bound_by(imports)
    # A file that a test reads must be the one that the teacher's cell wrote, not what a submission made of it.
    reads = any(FILES.search(ast.unparse(statement)) for statement in tests)
    chosen: set[int] = set()
    while True:
        new = [
            statement
            for step, statements in zip(steps, kept, strict=True)
            for statement in statements
            if step.role != "test"
            and id(statement) not in chosen
            and (
                "*" in bound_by([statement])
                or _touched_by(statement) & needed
                or _stores_into(statement) & imported
                or (reads and WRITES.search(ast.unparse(statement)))
            )
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
            touched |= {root_of(node.value.func)} - {None}
    return touched


def _stores_into(statement: ast.stmt) -> set[str]:
    """Return the names of whose objects `statement` sets an attribute or an item."""
    return {
        root_of(node)
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load)
    } - {None}
