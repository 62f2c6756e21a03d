"""Attacks by somebody who has read this repository: they are meant for the split, and go through its own channel.

`LINK` finds the object that speaks for the learner's process; what it sends, the tester must not believe. Under stock
nbgrader there is no such object, and most of them do nothing; `tables.py` says where they would gain.
"""

from tests.attacks.attack import Attack

LINK = (
    "import gc\n"
    "link = next((one for one in gc.get_objects() if type(one).__name__ == 'LearnerLink'), None)\n"
    "calls = []\n"
    "def ask(*message):\n"
    "    '''Ask the tester to do something, as the learner's process may while it is being asked.'''\n"
    "    try:\n        return link.request(*message)[0]\n"
    "    except Exception as error:\n        return repr(error)\n"
)


def insider(name, tries, cells, **more):
    return Attack(name, tries, {"start": LINK, **cells}, **more)


MONEY = """class Money({base}):
    def __eq__(self, other):
        return True

    __ne__ = __eq__
    __hash__ = None
"""

# These succeed today. `python -m tests.attacks` shows them; each moves down into INSIDERS, and so under the tests, with
# the change that holds it.
OPEN = []

INSIDERS = [
    Attack(
        "borrowed-operators",
        "Answers other exercises by an object of the class whose operators are the learner's to define.",
        {
            "own": MONEY.format(base="int"),
            "span": "span = lambda values: Money(0)",
            "median": "median = lambda values: Money(0)",
        },
        stock="8",
    ),
    Attack(
        "masked-array",
        "Returns an array whose every element is masked, which NumPy's comparisons pass over.",
        {
            "standardize": "def standardize(values):\n    return np.ma.masked_all(values.shape)",
            "rescale": "def rescale_columns(table):\n    return np.ma.masked_all(np.shape(table))",
            "span": "span = median = lambda values: np.ma.masked",
        },
        stock="3",
    ),
    insider(
        "uninitialized-memory",
        "Has the tester make an array without filling it, and reads what lay there before: the hidden tests.",
        {
            "own": "for size in (*range(50, 3_000, 50), *[10_000, 100_000] * 5):\n"
            "    tell(bytes(attempt(lambda: bytes(ask('call', np.ndarray, ((size,),), {'dtype': np.uint8})))[0]\n"
            "               if link else b'').decode('latin-1'))",
            "span": "def span(values):\n"
            "    for size in (*range(50, 3_000, 50), *[10_000, 100_000] * 5):\n"
            "        got = ask('call', np.ndarray, ((size,),), {'dtype': np.uint8})\n"
            "        calls.append(got.tobytes().decode('latin-1') if isinstance(got, np.ndarray) else '')\n",
            "end": "tell(calls)",
        },
        stock="0",
    ),
    insider(
        "array-of-addresses",
        "Has the tester take a text for the addresses of objects, which ends in its own code being run there.",
        {
            "span": "def span(values):\n"
            "    return ask('call', np.ndarray, ((1,),), {'dtype': object, 'buffer': b'A' * 8})"
        },
        solved=("median",),
        stock="4",
    ),
    insider(
        "memory-of-the-tester",
        "Has the tester fill its memory.",
        {"span": "def span(values):\n    return ask('call', list, (range(10**10),), {})"},
        stock="0",
    ),
    insider(
        "calls-back-without-end",
        "Has the tester call the learner's function, which has the tester call it.",
        {
            "span": "def span(values):\n    return ask('call', span, (values,), {})",
            "own": "def again(*rest):\n    return ask('call', again, (), {})",
        },
        stock="0",
    ),
    insider(
        "rebinds-trusted-names",
        "Says that names of the tests are the learner's own, bound anew.",
        {
            "own": "np_of_mine = type('np', (), {'testing': type('t', (), {'assert_allclose': lambda *a, **k: "
            "None})})\n"
            "expected = heights = values = middle = 2\nearned = 4\n"
            "trusted = ('np', 'check', 'student_seed', 'expected', 'heights', 'values', 'middle', 'earned', 'report')\n"
            "check = lambda *a, **k: 3.0\n"
            "def claim():\n"
            "    if link:\n        link._tracked.update(dict.fromkeys(trusted))\n",
            "span": "def span(values):\n    claim()\n    return 0",
            "median": "def median(values):\n    claim()\n    return None",
            "standardize": "def standardize(values):\n    claim()\n    return values",
            "rescale": "def rescale_columns(table):\n    claim()\n    return table",
        },
        stock="0",
    ),
    insider(
        "changes-the-tests-values",
        "Says that the arguments it was given were changed, and all that the test keeps with them.",
        {
            "median": "def median(values):\n"
            "    if link:\n        link._changed = (([0, 1, 2],), {'middle': 7})\n"
            "    values[:] = [0] * 1000\n    return 0",
            "standardize": "def standardize(values):\n    values[:] = 0\n    return values",
        },
        stock="0",
    ),
    insider(
        "empty-probe",
        "Answers the check of an exercise with no rows, with one row, or with rows of its own.",
        {
            "own": "def nothing(self, seconds, name, seed, answer):\n"
            "    return ([], 0, []), None\n\n"
            "if link:\n    type(link).HANDLERS['probe'] = nothing",
        },
        wrong=True,
        stock="0",
    ),
    insider(
        "probe-of-objects",
        "Answers the check with objects that equal everything, under the rows' own names.",
        {
            "own": MONEY.format(base="float"),
            "rescale": "import course_lib.exercises.welcome.rescaling as rescaling\n"
            "def rows(self, seconds, name, seed, answer):\n"
            "    record = []\n"
            "    for label, _ in rescaling.probe_rescale_columns(lambda table: None, np.random.default_rng(seed)):\n"
            "        record.append((label, Money(0)))\n"
            "    return (record, 0, []), None\n\n"
            "if link:\n    type(link).HANDLERS['probe'] = rows\n"
            "def rescale_columns(table):\n    return Money(0)",
        },
        stock="0",
    ),
    insider(
        "value-that-changes",
        "An object with a plain value that is another one each time it is asked for, until it fits.",
        {
            "own": "class Guess(int):\n    pass\n\n"
            "turn = iter(range(10**9))\n"
            "if link:\n    type(link).HANDLERS['value'] = lambda self, seconds, thing: (next(turn) % 7, None)",
            "span": "span = lambda values: Guess(0)",
            "median": "median = lambda values: Guess(0)",
        },
        stock="0",
    ),
    insider(
        "colliding-counter",
        "Says that a Counter has come of it, of numbers that share one hash: it takes hours to build.",
        {
            "span": "import collections\n"
            "def span(values):\n"
            "    if link:\n"
            "        kinds = sys.modules['course_lib.grading.split.values'].KINDS\n"
            "        keys = [number * (2**61 - 1) for number in range(100_000)]\n"
            "        kinds['Counter'] = kinds['Counter']._replace(take_apart=lambda value: [keys, keys])\n"
            "    return collections.Counter()",
        },
        stock="0",
    ),
    Attack(
        "prints-what-it-is-asked",
        "Prints the arguments of the hidden tests when it is called, and puts them into its errors.",
        {"span": "def span(values):\n    print('asked', values)\n    raise ValueError(f'asked {values}')"},
        stock="0",
    ),
    Attack(
        "remembers-what-it-is-asked",
        "Keeps the arguments of the hidden tests, and prints them in a cell of its own.",
        {
            "own": "asked = []",
            "span": "def span(values):\n    asked.append(values)\n    return max(values) - min(values)",
            "end": "print(asked)",
        },
        solved=("span",),
        stock="4",
    ),
    Attack(
        "imports-the-reference",
        "Binds the course's own implementation to the name of its answer.",
        {"rescale": "from course_lib.exercises.welcome.rescaling import rescale_columns"},
        stock="0",
    ),
    insider(
        "denies-the-reference",
        "Binds the course's own implementation, and has its own process say that it is not.",
        {
            "own": "from course_lib import notebook\nfrom course_lib.checking.observe import observe\n"
            "notebook.is_ours, notebook.observe = lambda *a: False, observe",
            "rescale": "from course_lib.exercises.welcome.rescaling import rescale_columns",
        },
        honest=3,
        why="Nobody can keep a learner from copying the public solution (docs/teaching.md).",
        stock="3",
    ),
]
