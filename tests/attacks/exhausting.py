"""Attacks that take what others need: processes, memory, disk, time; and messages meant to break who reads them."""

from tests.attacks.attack import Attack

# Each is bounded by itself as well, so that a grader without limits loses minutes and not the machine.
MUCH = [
    Attack(
        "fork-bomb",
        "Forks as fast as it can.",
        {
            "own": "def multiply(depth=0):\n"
            "    while depth < 12:\n"
            "        depth += 1\n"
            "        attempt(os.fork)\n"
            "    time.sleep(30)\n\n"
            "multiply()"
        },
        stock="– swallowed",
    ),
    Attack(
        "thread-bomb",
        "Starts hundreds of threads.",
        {
            "own": "for _ in range(500):\n"
            "    attempt(threading.Thread(target=time.sleep, args=(30,), daemon=True).start)\n"
            "time.sleep(2)"
        },
        stock="0 swallowed",
    ),
    Attack(
        "memory-bomb",
        "Takes memory in one process until there is none.",
        {
            "own": "held = []\nwhile len(held) < 60:\n    held.append(np.ones(2**23))\ntime.sleep(1)",
        },
        stock="0 swallowed",
    ),
    Attack(
        "memory-bomb-of-many",
        "Takes memory in many processes, a little in each.",
        {
            "own": "for _ in range(24):\n"
            "    if os.fork() == 0:\n"
            "        attempt(lambda: [np.ones(2**24), time.sleep(6)])\n"
            "        os._exit(0)\n"
            "time.sleep(6)"
        },
        stock="0 swallowed",
    ),
    Attack(
        "fills-the-disk",
        "Writes until the disk is full.",
        {
            "own": "for number in range(20):\n"
            "    with open(f'filling-{number}', 'wb') as file:\n"
            "        for _ in range(32):\n"
            "            file.write(bytes(2**20))"
        },
        stock="0 swallowed",
    ),
    Attack(
        "makes-many-files",
        "Makes files until the file system knows no more names.",
        {
            "own": "for number in range(60_000):\n    open(f'file-{number}', 'w').close()",
        },
        stock="0 swallowed",
    ),
    Attack(
        "endless-output",
        "Prints without end.",
        {"own": "line = 'x' * 10_000\nfor _ in range(20_000):\n    print(line)"},
        stock="0",
    ),
    Attack(
        "output-past-python",
        "Writes to the file descriptors of output and errors, without end.",
        {"own": "for _ in range(2_000):\n    os.write(1, b'x' * 50_000)\n    os.write(2, b'x' * 50_000)"},
        stock="0 swallowed",
    ),
    Attack(
        "endless-loop",
        "Loops, and swallows every interrupt.",
        {
            "own": "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
            "while True:\n"
            "    try:\n"
            "        while True:\n            pass\n"
            "    except BaseException:\n        pass",
        },
        stock="–",
    ),
    Attack(
        "endless-native-loop",
        "Stays in one operation of the interpreter that no interrupt reaches.",
        {"own": "import re\nre.match('(a+)+$', 'a' * 60 + 'b')"},
        stock="0",
    ),
    Attack(
        "sleeps",
        "Waits for an hour, in a test's call.",
        {"span": "def span(values):\n    time.sleep(3600)"},
        stock="0",
    ),
    Attack(
        "waits-for-input",
        "Asks the teacher a question.",
        {"own": "attempt(lambda: input('Which grade?'), lambda: sys.stdin.read())"},
        stock="0",
    ),
    Attack(
        "slow-after-the-answer",
        "Answers rightly, then keeps the test waiting in what it does with the answer.",
        {
            "own": "class Slow(list):\n"
            "    def __iter__(self):\n        time.sleep(3600)\n\n"
            "    __len__ = __repr__ = __bool__ = __iter__\n"
            "    def __eq__(self, other):\n        time.sleep(3600)",
            "span": "def span(values):\n    return Slow()",
        },
        stock="0",
    ),
]

ENDS = [
    Attack(
        "exits-at-once",
        "Ends its process, after one exercise was solved.",
        {"after span": "os._exit(0)"},
        solved=("span",),
        stock="–",
    ),
    Attack(
        "exits-in-a-test",
        "Ends its process while a test calls it.",
        {"standardize": "def standardize(values):\n    os._exit(0)"},
        solved=("span", "median"),
        honest=4,
        why="The median's test comes after the end.",
        stock="–",
    ),
    Attack(
        "kills-itself",
        "Sends itself signals that nobody can catch.",
        {"after span": "os.kill(os.getpid(), signal.SIGKILL)"},
        solved=("span",),
        stock="–",
    ),
    Attack(
        "stops-itself",
        "Stops its own process, so that it neither answers nor ends.",
        {"after span": "os.kill(os.getpid(), signal.SIGSTOP)"},
        solved=("span",),
        stock="–",
    ),
    Attack(
        "crashes",
        "Reads memory that is not there.",
        {"after span": "import ctypes\nctypes.string_at(0)"},
        solved=("span",),
        stock="–",
    ),
    Attack(
        "overflows-the-stack",
        "Recurses until the stack is full.",
        {
            "after span": "import ctypes\n"
            "sys.setrecursionlimit(10**9)\n"
            "class Deep:\n"
            "    def __repr__(self):\n        return repr(self)\n\n"
            "def down(depth):\n    return repr(Deep()) if depth == 0 else down(depth - 1)\n\n"
            "down(10**6)"
        },
        solved=("span",),
        stock="4",
    ),
    Attack(
        "closes-everything",
        "Closes every file descriptor, then goes on.",
        {"after span": "os.closerange(0, 4096)\ntime.sleep(30)"},
        solved=("span",),
        stock="–",
    ),
    Attack(
        "leaves-politely",
        "Calls exit() in a cell, as at the end of a script.",
        {"after span": "exit()"},
        solved=("span",),
        stock="–",
    ),
]

# What the child speaks through, whatever it is: every socket that it holds.
SOCKETS = (
    "import stat, struct\n\n"
    "def sockets():\n"
    "    return [fd for fd in range(3, 256) if attempt(lambda: stat.S_ISSOCK(os.fstat(fd).st_mode))[0] is True]\n\n"
    "def say(*parts):\n"
    "    for fd in sockets():\n"
    "        attempt(lambda: os.set_blocking(fd, True), *(lambda part=part: os.write(fd, part) for part in parts))\n\n"
    "MARK = b'\\xd5\\x01wv'\n"
)


def wire(name, tries, source, where="own", **more):
    return Attack(name, tries, {"start": SOCKETS, where: source}, **more)


WIRE = [
    wire(
        "garbage-on-the-wire",
        "Writes noise into every socket it holds.",
        "say(os.urandom(4096))",
        stock="0 outlived stopped",
    ),
    wire(
        "oversized-message",
        "Announces 4 GiB, and sends some.",
        "say(MARK + struct.pack('<I', 2**32 - 1), bytes(2**20))",
        stock="–",
    ),
    wire(
        "truncated-message",
        "Announces a message, sends half of it and falls silent.",
        "say(MARK + struct.pack('<I', 1000) + bytes(500))\ntime.sleep(3600)",
        stock="–",
    ),
    wire(
        "slow-message",
        "Sends a message a byte a second.",
        "say(MARK + struct.pack('<I', 3600))\nfor _ in range(3600):\n    say(b'x')\n    time.sleep(1)",
        stock="–",
    ),
    wire(
        "deep-message",
        "Sends lists within lists, a hundred thousand deep.",
        "body = b'\\x08\\x01\\x00\\x00\\x00' * 100_000\nsay(MARK + struct.pack('<I', len(body)) + body)",
        stock="–",
    ),
    wire(
        "forged-answers",
        "Sends answers that say yes before it is asked.",
        "from course_lib.grading import codec\n"
        "for value in (('return', 2, None), ('return', True, None), ('return', ([], True), None)):\n"
        "    body = b''.join(map(bytes, codec.encode(value)))\n"
        "    say((MARK + struct.pack('<I', len(body)) + body) * 50)",
        stock="0 stopped",
    ),
    wire(
        "wrong-types",
        "Sends well-formed messages of the wrong types.",
        "from course_lib.grading import codec\n"
        "for value in (None, 7, [], {}, ('return',), ('raise', 1, 2), ('meet', {0: ('class',)}), "
        "('call', -1, (), {})):\n"
        "    body = b''.join(map(bytes, codec.encode(value)))\n"
        "    say(MARK + struct.pack('<I', len(body)) + body)",
        stock="0 stopped",
    ),
    wire(
        "flood",
        "Sends without end.",
        "for _ in range(2_000):\n    say(MARK + struct.pack('<I', 2**16), bytes(2**16))",
        stock="0 stopped",
    ),
]

VALUES = [
    Attack(
        "pickled-trap",
        "Returns an object that runs code where it is unpickled, copied or read.",
        {
            "own": "class Trap:\n"
            "    def __reduce__(self):\n        return os.system, (f\"touch {W['open']}/planted\",)\n\n"
            "    def __reduce_ex__(self, protocol):\n        return self.__reduce__()",
            "span": "def span(values):\n    return Trap()",
            "standardize": "def standardize(values):\n    return np.array([Trap()] * len(values), dtype=object)",
        },
        stock="0",
    ),
    Attack(
        "huge-integer",
        "Returns an integer of ten million digits.",
        {"span": "def span(values):\n    return 1 << 33_000_000", "median": "median = lambda values: 1 << 33_000_000"},
        stock="0",
    ),
    Attack(
        "deep-value",
        "Returns lists within lists, and one that contains itself.",
        {
            "span": "def span(values):\n"
            "    deep = []\n"
            "    for _ in range(100_000):\n        deep = [deep]\n"
            "    return deep",
            "median": "def median(values):\n    ring = []\n    ring.append(ring)\n    return ring",
        },
        stock="0",
    ),
    Attack(
        "colliding-hashes",
        "Returns a set of numbers that share one hash, which takes minutes to build anew.",
        {"span": "def span(values):\n    return {number * (2**61 - 1) for number in range(3_000)}"},
        stock="0",
    ),
    Attack(
        "not-a-number",
        "Returns NaN wherever a number is wanted.",
        {
            "span": "span = median = lambda values: float('nan')",
            "standardize": "def standardize(values):\n    return values * np.nan",
            "rescale": "def rescale_columns(table):\n    return np.asarray(table) * np.nan",
        },
        stock="0",
    ),
    Attack(
        "lying-shape",
        "Returns an array that points at memory it does not have.",
        {
            "standardize": "def standardize(values):\n"
            "    class Lying:\n"
            "        __array_interface__ = {'shape': (2**40,), 'typestr': '<f8', 'data': (8, False), 'version': 3}\n"
            "    return np.lib.stride_tricks.as_strided(np.zeros(1), (2**20,), (8,)) if len(values) % "
            "2 else np.asarray(Lying())",
        },
        stock="–",
    ),
    Attack(
        "huge-array",
        "Returns an array of a terabyte, of which no byte is in memory.",
        {"standardize": "def standardize(values):\n    return np.broadcast_to(0.0, (2**37,))"},
        stock="0",
    ),
    Attack(
        "endless-generator",
        "Returns a generator without an end.",
        {
            "span": "def span(values):\n    while True:\n        yield 2",
            "standardize": "import itertools\nstandardize = lambda values: itertools.count()",
        },
        stock="0",
    ),
]

EXHAUSTING = [*MUCH, *ENDS, *WIRE, *VALUES]
