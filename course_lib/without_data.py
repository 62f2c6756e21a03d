"""A chapter without its data set: cells that need it are passed over, each with a sentence, and all others run.

try:
    (texts_train, y_train), (texts_test, y_test) = data.imdb()
except data.DataUnavailable as reason:
    pass_over("texts_train", "y_train", "texts_test", "y_test", reason=reason)
"""

import ast

from IPython import get_ipython

SENTENCE = "This cell needs the data set, which is not here; go on with the next one."


def pass_over(*names: str, reason: Exception) -> None:
    """Say why the data set is not here, and pass over later cells that read one of `names`, or what comes of them.

    Ends by itself for a name that a later cell binds, such as the one that loads the data, run again.
    """
    print(f"{str(reason).splitlines()[0]} Until then, cells that need the data say so; all exercises work without it.")
    transformers = get_ipython().ast_transformers
    transformers[:] = [each for each in transformers if not isinstance(each, PassingOver)]
    transformers.append(PassingOver(names))


class PassingOver(ast.NodeTransformer):
    """Puts a sentence in the place of a cell that reads a name which is not there for want of the data.

    What such a cell would have bound is then not there either. Definitions are kept: they read nothing until they are
    called.
    """

    def __init__(self, names):
        self.missing = set(names)

    def visit(self, module):
        binds, reads = _names(module)
        if not (reads - binds) & self.missing:
            self.missing -= binds
            return module
        self.missing |= binds
        if all(isinstance(each, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom) for each in module.body):
            return module
        return ast.parse(f"print({SENTENCE!r})")


def _names(module):
    """Return the names that a cell binds, those of parameters too, and those that it reads."""
    binds, reads = set(), set()
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            (reads if isinstance(node.ctx, ast.Load) else binds).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            binds.add(node.name)
        elif isinstance(node, ast.arg):
            binds.add(node.arg)
        elif isinstance(node, ast.alias):
            binds.add((node.asname or node.name).partition(".")[0])
    return binds, reads
