"""Honest submissions that look odd, each with full points. A right answer that is refused is the worst bug here."""

import json

from tests.attacks.attack import Attack
from tests.attacks.course import EXERCISES
from tests.attacks.remaking import FILE, data, text

ALL = tuple(EXERCISES)


def odd(name, tries, cells=None, stock="17", remake=None):
    return Attack(name, tries, cells or {}, stock=stock, solved=ALL, remake=remake)


def old_format(notebook):
    notebook["nbformat_minor"] = 2
    for cell in notebook["cells"]:
        del cell["id"]


def of_other_tools(notebook):
    notebook["metadata"]["jupytext"] = {"formats": "ipynb,py:percent", "text_representation": {"extension": ".py"}}
    notebook["metadata"]["vscode"] = {"interpreter": {"hash": "aee8b7b2"}}
    notebook["metadata"]["kernelspec"] = {"display_name": "my env", "language": "python", "name": "my-env-312"}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2}}
    for cell in notebook["cells"]:
        cell["metadata"] |= {
            "collapsed": True,
            "tags": ["mine"],
            "vscode": {"languageId": "python"},
            "jp-MarkdownHeadingCollapsed": True,
        }


def run_out_of_order(notebook):
    """Store outputs and counts as somebody leaves them who ran the cells in any order."""
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code":
            cell["execution_count"] = 97 - 3 * number
            cell["outputs"] = [
                {"output_type": "stream", "name": "stderr", "text": ["an old warning\n"]},
                {"output_type": "error", "ename": "NameError", "evalue": "old", "traceback": ["old"]},
            ]


def windows(old):
    notebook = json.loads(old)
    for cell in notebook["cells"]:
        if not cell["id"].endswith("-test"):
            cell["source"] = (
                "".join(cell["source"]).replace("\n", "  \r\n") if cell["cell_type"] == "code" else cell["source"]
            )
    return json.dumps(notebook, indent=1).replace("\n", "\r\n").encode()


def with_data(world, folder):
    (folder / "my data").mkdir()
    (folder / "my data" / "größen.csv").write_text("1;2\n")
    (folder / "helpers.py").write_text("def smallest(values):\n    return min(values)\n")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / FILE).write_text("{}")


HONEST = [
    odd(
        "warnings",
        "Its functions warn.",
        {
            "span": "import warnings\n\ndef span(values):\n    warnings.warn('slow', stacklevel=1)\n"
            "    return max(values) - min(values)"
        },
        stock="13",
    ),
    odd(
        "standard-error",
        "Its functions write to stderr.",
        {
            "median": "import sys\n\ndef median(values):\n    print('sorting', file=sys.stderr)\n"
            + EXERCISES["median"].answer
        },
        stock="13",
    ),
    odd(
        "prints",
        "Its functions print thousands of lines.",
        {
            "span": "def span(values):\n    for number in range(5_000):\n"
            "        print(number, values)\n    return max(values) - min(values)"
        },
    ),
    odd(
        "numpy-warnings",
        "Divides by zero on the way to a right answer.",
        {
            "rescale": "def rescale_columns(table):\n"
            "    low, high = table.min(0), table.max(0)\n"
            "    return np.nan_to_num((table - low) / (high - low))"
        },
    ),
    odd(
        "logging",
        "Configures logging and logs.",
        {
            "own": "import logging\nlogging.basicConfig(level=logging.DEBUG)\nlog = logging.getLogger('mine')",
            "median": "def median(values):\n    log.info('sorting %s', values)\n" + EXERCISES["median"].answer,
        },
        stock="13",
    ),
    odd(
        "tidies-up",
        "Removes the folder in which it works, and goes back where it came from in the next cell.",
        {
            "own": "import os\nhome = os.getcwd()\nos.mkdir('mine')\nos.chdir('mine')\nos.rmdir(home + '/mine')",
            "span": "os.chdir(home)\n\ndef span(values):\n" + EXERCISES["span"].answer,
        },
    ),
    odd("errstate", "Makes NumPy strict for the whole notebook.", {"own": "np.seterr(all='raise')"}),
    odd(
        "extra-cells",
        "Has cells of its own, with helpers that the answers use, and one that fails.",
        {
            "own": "def smallest_and_largest(values):\n    return min(values), max(values)",
            "span": "def span(values):\n    low, high = smallest_and_largest(values)\n    return high - low",
            "after span": "1 / 0",
            "end": "span([1, 2, 3])",
        },
    ),
    odd(
        "counts-its-calls",
        "Keeps state in globals across cells.",
        {
            "own": "calls = {'span': 0}\ntotal = 0",
            "span": "def span(values):\n    global total\n    total += 1\n    calls['span'] += 1\n"
            "    return max(values) - min(values)",
            "after span": "assert total == calls['span'] >= 2\nprint(total)",
        },
    ),
    odd(
        "generators-and-classes",
        "Solves with generators, helper classes, properties and inheritance.",
        {
            "own": "class Amount:\n"
            "    def __init__(self, cents):\n        self._cents = cents\n\n"
            "    @property\n    def cents(self):\n        return self._cents\n\n"
            "def halves(values):\n    yield from sorted(values)",
            "median": "import statistics\n\ndef median(values):\n    return statistics.median(list(halves(values)))",
            "money": "class Money(Amount):\n"
            "    def __eq__(self, other):\n        return self.cents == other.cents\n\n"
            "    def __add__(self, other):\n        return type(self)(self.cents + other.cents)\n\n"
            "    def __hash__(self):\n        return hash(self.cents)\n\n"
            "    def __repr__(self):\n        return f'Money({self.cents})'",
        },
    ),
    odd(
        "dataclass",
        "Writes the class as a frozen dataclass.",
        {
            "money": "from dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass Money:\n    cents: int\n\n"
            "    def __add__(self, other):\n        return Money(self.cents + other.cents)"
        },
    ),
    odd(
        "plots",
        "Draws, in cells and in a function, and closes its figures.",
        {
            "own": "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
            "span": "def span(values):\n    figure, axes = plt.subplots()\n"
            "    axes.hist(list(values))\n    plt.close(figure)\n"
            "    return max(values) - min(values)",
            "end": "plt.imshow(np.eye(3))\nplt.title('identity')\nplt.show()\nplt.close('all')",
        },
    ),
    odd(
        "magics",
        "Uses magics, shell escapes and help.",
        {
            "own": "%timeit -n 1 -r 1 sum(range(10))\n!ls\nfiles = !ls\n?len\n%load_ext autoreload\n%autoreload 2",
            "after span": "%%time\nspan([1, 2])",
            "end": "%%bash\necho done",
        },
    ),
    odd(
        "unicode",
        "Writes names in its own language.",
        {
            "span": "def span(values):\n    größte, 最小 = max(values), min(values)\n"
            "    π = größte - 最小\n    return π  # 😀"
        },
    ),
    odd(
        "slow",
        "Is slow, but right.",
        {"median": "import time\n\ndef median(values):\n    time.sleep(0.4)\n" + EXERCISES["median"].answer},
    ),
    odd(
        "threads",
        "Uses threads and joins them.",
        {
            "span": "from concurrent.futures import ThreadPoolExecutor\nimport threading\n\ndef span(values):\n"
            "    with ThreadPoolExecutor(2) as pool:\n"
            "        high, low = pool.map(lambda act: act(values), (max, min))\n"
            "    done = []\n    thread = threading.Thread(target=done.append, args=(high - low,))\n"
            "    thread.start()\n    thread.join()\n    return done[0]"
        },
    ),
    odd(
        "decorators-and-caches",
        "Decorates its functions, remembers their results, recurses.",
        {
            "own": "import functools\n\ndef checked(function):\n    @functools.wraps(function)\n"
            "    def inner(*arguments):\n        return function(*arguments)\n    return inner",
            "span": "@functools.lru_cache\ndef span_of(values):\n"
            "    return max(values) - min(values)\n\n@checked\ndef span(values):\n    return span_of(tuple(values))",
            "median": "def median(values):\n    if len(values) <= 2:\n        return sum(values) / len(values)\n"
            "    return median(sorted(values)[1:-1])",
        },
    ),
    odd(
        "lambdas-and-stars",
        "Binds lambdas and imports everything.",
        {
            "own": "from numpy import *\nfrom math import *\nimport numpy as np\nfrom builtins import max, min, sum",
            "span": "span = lambda values: max(values) - min(values)",
            "standardize": "standardize = lambda x: (x - mean(x)) / std(x)",
        },
    ),
    odd(
        "async",
        "Awaits at the top of a cell.",
        {
            "own": "import asyncio\n\nasync def largest(values):\n    await asyncio.sleep(0)\n"
            "    return max(values)\n\n"
            "assert await largest([1, 3]) == 3"
        },
    ),
    odd(
        "input-in-a-dead-branch",
        "Asks for input where it is never reached, and ends with sys.exit after all tests.",
        {
            "span": "def span(values):\n    if not len(values):\n"
            "        values = [int(input('number? '))]\n    return max(values) - min(values)",
            "end": "import sys\nsys.exit()",
        },
    ),
    odd(
        "files",
        "Reads the file that was handed out, and its own, and writes some.",
        {
            "own": "from helpers import smallest\nheights_of_mine = np.loadtxt('heights.csv', delimiter=',')\n"
            "print(open('my data/größen.csv', encoding='utf-8').read())\n"
            "np.save('result.npy', heights_of_mine)\nopen('notes.txt', 'w').write('done')",
            "span": "def span(values):\n    return max(values) - smallest(values)",
        },
        remake=with_data,
    ),
    odd("old-format", "Was saved by an old notebook, in format 4.2, without ids.", remake=data(old_format)),
    odd(
        "other-tools", "Was edited with other tools, which left their metadata and kernel.", remake=data(of_other_tools)
    ),
    odd(
        "out-of-order",
        "Was saved after its cells were run in another order, with errors.",
        remake=data(run_out_of_order),
    ),
    odd("windows", "Has Windows line ends and trailing spaces.", remake=text(windows)),
    odd(
        "changes-its-arguments",
        "Sorts the list that it was given.",
        {
            "median": "def median(values):\n    values.sort()\n    half = len(values) // 2\n"
            "    return values[half] if len(values) % 2 else sum(values[half - 1:half + 1]) / 2"
        },
    ),
    odd(
        "numpy-numbers",
        "Returns NumPy's numbers where Python's are meant.",
        {
            "span": "def span(values):\n    return float(np.ptp(np.array(values)))",
            "median": "def median(values):\n    return np.median(values)",
            "standardize": "def standardize(values):\n    centered = np.asarray(values, dtype=np.longdouble)\n"
            "    return (centered - centered.mean()) / centered.std()",
        },
    ),
]
