"""Attacks on the score: code that makes the tests say what they should not."""

from tests.attacks.attack import Attack
from tests.attacks.course import EXERCISES

ALL = tuple(EXERCISES)

# --- answers that are no answers ---

YES = """
class Yes(int):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return True

    __hash__ = int.__hash__
"""

ANSWERS = [
    Attack(
        "equals-everything",
        "Returns a number that says yes to every comparison.",
        {"own": YES, "span": "span = lambda values: Yes()", "median": "median = lambda values: Yes()"},
        stock="8",
    ),
    Attack(
        "lies-about-its-class",
        "Returns an object that calls itself an int and equals everything.",
        {
            "own": "class Chameleon:\n    __class__ = property(lambda self: int)\n"
            "    __eq__ = __ne__ = lambda self, other: True\n    __hash__ = None",
            "span": "span = lambda values: Chameleon()",
            "median": "median = lambda values: Chameleon()",
        },
        stock="8",
    ),
    Attack(
        "array-that-lies",
        "Returns a subclass of ndarray that answers NumPy's own comparisons.",
        {
            "standardize": "class Lying(np.ndarray):\n"
            "    def __array_function__(self, function, types, args, kwargs):\n"
            "        return np.True_ if function.__name__ in ('isclose', 'allclose') else NotImplemented\n\n"
            "    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):\n"
            "        inputs = [np.asarray(each) for each in inputs]\n"
            "        kwargs.pop('out', None)\n"
            "        return getattr(ufunc, method)(*inputs, **kwargs)\n\n"
            "def standardize(values):\n    return np.zeros(values.shape).view(Lying)"
        },
        stock="3",
    ),
    Attack(
        "reads-the-callers-variables",
        "Finds the expected value in the frame that called it.",
        {
            "own": "import ast, sys",
            "median": "def median(values):\n    return sys._getframe(1).f_globals['middle']",
            "standardize": "def standardize(values):\n"
            "    test = sys._getframe(1).f_globals\n"
            "    same = values[0] == test['heights'][0]\n"
            "    return test['expected'][:: 1 if same else -1]",
            "span": "def span(values):\n"
            "    for node in ast.walk(ast.parse(In[-1])):\n"
            "        if isinstance(node, ast.Compare) and ast.literal_eval(node.left.args[0]) == values:\n"
            "            return ast.literal_eval(node.comparators[0])\n"
            "    return 0",
        },
        stock="11",
    ),
    Attack(
        "reads-the-line-that-asks",
        "A class whose comparison looks up in the test what is wanted.",
        {
            "own": "import sys",
            "money": "class Money:\n"
            "    def __init__(self, cents):\n        pass\n\n"
            "    def __add__(self, other):\n        return self\n\n"
            "    def __eq__(self, other):\n"
            "        return 'not' not in In[-1].splitlines()[sys._getframe(1).f_lineno - 1]\n\n"
            "    def __ne__(self, other):\n        return True\n\n"
            "    @property\n"
            "    def cents(self):\n"
            "        return int(In[-1].splitlines()[sys._getframe(1).f_lineno - 1].split('==')[1])",
        },
        stock="3",
    ),
    Attack(
        "known-numbers",
        "Sets the seed to a known one, and looks its answers up in a table made at home.",
        {
            "own": "import os\nos.environ['DESCENT_STUDENT_SEED'] = '0'\n"
            "table_of_answers = {}\n"
            "def recorder(table):\n"
            "    spread = np.ptp(table, axis=0)\n"
            "    answer = (table - table.min(axis=0)) / np.where(spread == 0, 1, spread)\n"
            "    table_of_answers[table.tobytes()] = answer\n"
            "    return answer\n"
            "check('rescale_columns', recorder, seed=0)",
            "rescale": "def rescale_columns(table):\n    return table_of_answers.get(table.tobytes())",
        },
        stock="3",
        honest=1.2,
        why="Two of the five rows have the same numbers for everybody.",
    ),
]

# --- the tests themselves ---

TESTS = [
    Attack(
        "input-transformer",
        "Empties every later cell before it is run.",
        {"own": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])"},
        stock="17",
    ),
    Attack(
        "ast-transformer",
        "Takes the asserts out of every later cell.",
        {
            "own": "import ast\n\n"
            "class WithoutAsserts(ast.NodeTransformer):\n"
            "    def visit_Assert(self, node):\n        return ast.copy_location(ast.Pass(), node)\n\n"
            "get_ipython().ast_transformers.append(WithoutAsserts())"
        },
        wrong=True,
        stock="7",
    ),
    Attack(
        "replaced-run-cell",
        "Replaces the shell's run_cell by one that runs nothing.",
        {
            "own": "shell = get_ipython()\nrun, run_async = shell.run_cell, shell.run_cell_async\n"
            "shell.run_cell = lambda cell, *rest, **more: run('pass', *rest, **more)\n"
            "shell.run_cell_async = lambda cell, *rest, **more: run_async(\n"
            "    'pass', *rest, **{**more, 'transformed_cell': 'pass'})"
        },
        stock="17",
    ),
    Attack(
        "pre-run-cell-hook",
        "Registers a hook that sees each test's source before it runs, and binds what it asks for.",
        {
            "own": "import ast\n\n"
            "def spy(info):\n"
            "    asked = {}\n"
            "    for node in ast.walk(ast.parse(info.raw_cell)):\n"
            "        if isinstance(node, ast.Compare) and getattr(node.left, 'args', 0):\n"
            "            asked[ast.unparse(node.left.args[0])] = ast.unparse(node.comparators[0])\n"
            "    globals()['asked'] = asked\n\n"
            "get_ipython().events.register('pre_run_cell', spy)",
            "span": "def span(values):\n    return eval(asked.get(repr(values), '0'))",
        },
        stock="4",
    ),
    Attack(
        "replaced-compiler",
        "Makes the shell's compiler see an empty cell.",
        {
            "own": "import ast\nget_ipython().compile.ast_parse = lambda source, *a, **k: ast.Module([], [])",
        },
        stock="17",
    ),
    Attack(
        "silenced-errors",
        "Keeps errors from being shown and reported.",
        {
            "own": "from IPython.core.interactiveshell import ExecutionResult\n"
            "ExecutionResult.success = property(lambda self: True)\n"
            "get_ipython().showtraceback = lambda *a, **k: None"
        },
        stock="14",
    ),
    Attack(
        "patched-numpy-testing",
        "Replaces assert_allclose in NumPy.",
        {"own": "np.testing.assert_allclose = lambda *a, **k: None"},
        wrong=True,
        stock="3",
    ),
    Attack(
        "rebound-names",
        "Binds the names that the tests use, np, check and student_seed, to objects of its own.",
        {
            "own": "class Fake:\n"
            "    def __getattr__(self, name):\n        return lambda *a, **k: (1, 2)\n\n"
            "class Full(float):\n"
            "    def __and__(self, other):\n        return self\n\n"
            "np = Fake()\nFake.testing = Fake()\n"
            "check, student_seed = (lambda *a, **k: Full(3)), (lambda: 0)",
        },
        wrong=True,
        stock="3",
    ),
    Attack(
        "fake-course-lib",
        "Puts a module of its own in the place of course_lib before it is imported.",
        {
            "start": "import sys, types\n\n"
            "class Full(float):\n"
            "    def __and__(self, other):\n        return self\n\n"
            "fake = types.ModuleType('course_lib')\n"
            "fake.check, fake.student_seed = (lambda *a, **k: Full(3)), (lambda: 0)\n"
            "sys.modules['course_lib'] = fake"
        },
        wrong=True,
        stock="3",
    ),
    Attack(
        "patched-engine",
        "Patches the engine under check, so that its reports are full.",
        {
            "own": "from course_lib.checking import judge, report\n"
            "report.Report.__repr__ = lambda self: '3.0'\n"
            "report.Report._repr_mimebundle_ = lambda self, *a, **k: {'text/plain': '3.0'}"
        },
        wrong=True,
        stock="3",
    ),
    Attack(
        "patched-builtins",
        "Replaces the builtin that every report is printed by.",
        {
            "own": "import builtins\nprinted = repr\n"
            "builtins.repr = lambda value: '3.0' if type(value) is float else printed(value)"
        },
        wrong=True,
        stock="3",
    ),
    Attack(
        "patient-thread",
        "A thread that goes on after its cell, and replaces assert_allclose and check again and again.",
        {
            "own": "import threading, time\n\n"
            "class Full(float):\n"
            "    def __and__(self, other):\n        return self\n\n"
            "def patch():\n"
            "    global check\n"
            "    while True:\n"
            "        np.testing.assert_allclose, check = lambda *a, **k: None, lambda *a, **k: Full(3)\n"
            "        time.sleep(0.001)\n\n"
            "threading.Thread(target=patch, daemon=True).start()\ntime.sleep(0.1)"
        },
        wrong=True,
        stock="6",
    ),
    Attack(
        "collected-garbage",
        "Looks through every object in memory for the hidden tests, after each of them was run.",
        {"end": "import gc\ntell(In, [text for text in gc.get_objects() if isinstance(text, (str, list, dict))])"},
        wrong=True,
        stock="0 read",
    ),
    Attack(
        "searched-memory",
        "Looks through its own process's memory for the hidden tests, byte by byte.",
        {
            "end": "found = b''\n"
            "with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:\n"
            "    for line in maps:\n"
            "        start, end = (int(part, 16) for part in line.split()[0].split('-'))\n"
            "        if 'rw-p' in line and end - start < 2**27:\n"
            "            memory.seek(start)\n"
            "            found += b' '.join(re.findall(rb'canary-[0-9a-f]{12}', memory.read(end - start)))\n"
            "tell(found.decode())"
        },
        wrong=True,
        stock="0 read",
    ),
]

# --- what is reported ---

PUBLISH = "def median(values):\n    get_ipython().displayhook({})\n    raise ValueError('enough')"

REPORTS = [
    Attack(
        "publishes-a-score",
        "Shows a number as the test cell's result while it is being called, then fails.",
        {"median": PUBLISH.format("4")},
        stock="4",
    ),
    Attack(
        "publishes-without-error",
        "Shows the full score as the first result, then lets the test go on.",
        {"median": "def median(values):\n    get_ipython().displayhook(4)"},
        stock="4",
    ),
    Attack(
        "publishes-nan",
        "Shows NaN as the score, which poisons every sum.",
        {"median": "def median(values):\n    get_ipython().displayhook(float('nan'))"},
        stock="4",
    ),
    Attack(
        "publishes-too-much",
        "Shows a billion as the score, which stock nbgrader cannot take.",
        {"median": "def median(values):\n    get_ipython().displayhook(10**9)"},
        stock="–",
    ),
    Attack(
        "writes-the-tests-counter",
        "Sets the variable in which the test counts.",
        {"median": "import sys\ndef median(values):\n    sys._getframe(1).f_globals['earned'] = 4"},
        stock="4",
    ),
    Attack(
        "forged-kernel-messages",
        "Sends the grader messages in the kernel's name: a result, no error, done.",
        {
            "median": "def median(values):\n"
            "    kernel = get_ipython().kernel\n"
            "    send = lambda kind, **content: kernel.session.send(\n"
            "        kernel.iopub_socket, kind, content, parent=kernel.get_parent())\n"
            "    send('execute_result', data={'text/plain': '4'}, metadata={}, execution_count=1)\n"
            "    send('status', execution_state='idle')"
        },
        stock="4",
    ),
    Attack(
        "leaves-by-exception",
        "Raises what tests do not catch: SystemExit, KeyboardInterrupt, GeneratorExit, StopIteration.",
        {
            "span": "def span(values):\n    raise SystemExit(0)",
            "standardize": "def standardize(values):\n    raise KeyboardInterrupt",
            "median": "def median(values):\n    raise GeneratorExit",
            "rescale": "def rescale_columns(table):\n    raise StopIteration",
        },
        stock="0",
    ),
]

GAMING = [*ANSWERS, *TESTS, *REPORTS]
