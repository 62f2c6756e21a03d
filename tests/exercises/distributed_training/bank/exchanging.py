"""Broadcasts, as people write them."""

from functools import partial

from tests.exercises.banks import RIGHT, cases_of

IMPORTS = "import math\nfrom course_lib.ranks import send, receive, send_receive\n"


of = partial(cases_of, before=IMPORTS)

# --- broadcast

TREE = """
def broadcast(rank, size, value):
    distance = 1
    while distance < size:
        if rank < distance:
            if rank + distance < size:
                yield send(rank + distance, value)
        elif rank < 2 * distance:
            value = yield receive(rank - distance)
        distance = distance * 2
    return value
"""
HALVES = """
def broadcast(rank, size, value):
    distance = 1
    while distance < size:
        distance *= 2
    while distance > 1:
        half = distance // 2
        if rank % distance == 0 and rank + half < size:
            yield send(rank + half, value)
        elif rank % distance == half:
            value = yield receive(rank - half)
        distance = half
    return value
"""
RANGES = """
def broadcast(rank, size, value):
    low, high = 0, size
    while high - low > 1:
        middle = (low + high + 1) // 2
        if rank < middle:
            if rank == low:
                yield send(middle, value)
            high = middle
        else:
            if rank == middle:
                value = yield receive(low)
            low = middle
    return value
"""
HYPERCUBE = """
def broadcast(rank, size, value):
    bit = 1
    while bit < size:
        partner = rank ^ bit
        if partner < size:
            received = yield send_receive(partner, value, partner)
            if value is None:
                value = received
        bit <<= 1
    return value
"""
ONE_BY_ONE = """
def broadcast(rank, size, value):
    if rank == 0:
        for other in range(1, size):
            yield send(other, value)
    else:
        value = yield receive(0)
    return value
"""
CHAIN = """
def broadcast(rank, size, value):
    if rank > 0:
        value = yield receive(rank - 1)
    if rank < size - 1:
        yield send(rank + 1, value)
    return value
"""
BOTH_WAYS = """
def broadcast(rank, size, value):
    half = size // 2
    if rank == 0:
        if size > 1:
            yield send(1, value)
        if size > 2:
            yield send(size - 1, value)
    elif rank <= half:
        value = yield receive(rank - 1)
        if rank < half:
            yield send(rank + 1, value)
    else:
        value = yield receive((rank + 1) % size)
        if rank - 1 > half:
            yield send(rank - 1, value)
    return value
"""
broadcast = of("broadcast", TREE)
CASES = [
    broadcast(RIGHT, name="doubling"),
    broadcast(RIGHT, source=HALVES, name="halving"),
    broadcast(RIGHT, source=RANGES, name="ranges cut in two"),
    broadcast(RIGHT, source=HYPERCUBE, name="exchange along a bit"),
    broadcast(RIGHT, ("distance < size:\n        if rank < d", "distance <= size:\n        if rank < d")),
    broadcast(
        RIGHT,
        ("distance = 1\n    while distance < size:", "for step in range(math.ceil(math.log2(size))):"),
        ("        if rank < distance:\n", "        distance = 2 ** step\n        if rank < distance:\n"),
        ("        distance = distance * 2\n", ""),
    ),
    broadcast("one after|each in turn|itself to", source=ONE_BY_ONE, name="rank 0 to each"),
    broadcast("chain|neighbor|next", source=CHAIN, name="a chain"),
    broadcast("steps|neighbor|chain", source=BOTH_WAYS, name="both ways around"),
    broadcast("not kept|thrown|lost|kept", ("value = yield receive(", "yield receive(")),
    broadcast("return", ("    return value\n", "")),
    broadcast("do not exist|no such|does not exist|beyond", ("if rank + distance < size:", "if True:")),
    broadcast("wait|deadlock", ("elif rank < 2 * distance:", "else:")),
    broadcast("wait|deadlock", ("receive(rank - distance)", "receive(0)")),
    broadcast("wait|deadlock", ("receive(rank - distance)", "receive(rank - 1)")),
    broadcast("power", ("distance < size:\n        if rank < d", "2 * distance <= size:\n        if rank < d")),
    broadcast(
        "last|missing|without", ("distance < size:\n        if rank < d", "distance < size - 1:\n        if rank < d")
    ),
    broadcast(
        "yield|generator", name="no yield at all", source="def broadcast(rank, size, value):\n    return value\n"
    ),
    broadcast(
        "None|add", ("value = yield receive(rank - distance)", "value = value + (yield receive(rank - distance))")
    ),
    broadcast("wait|deadlock", ("value = yield receive(rank - distance)", "yield send(rank - distance, value)")),
    broadcast("return", ("    return value\n", "    return rank, value\n")),
    broadcast(
        "half|halv|double",
        name="halved on its way",
        source=CHAIN.replace("send(rank + 1, value)", "send(rank + 1, value / 2)"),
    ),
    broadcast(
        "part|chunk|piece",
        name="a chunk each",
        source=ONE_BY_ONE.replace("send(other, value)", "send(other, np.array_split(value, size)[other])"),
    ),
    broadcast(
        "root|rank 0|zeros",
        name="zeros for None",
        source=TREE.replace(
            "value = yield receive(rank - distance)", "yield receive(rank - distance); value = np.zeros(3)"
        ),
    ),
    broadcast(
        "wait|deadlock|itself",
        name="all receive",
        source="def broadcast(rank, size, value):\n    value = yield receive(0)\n    return value\n",
    ),
    broadcast(
        "wait|deadlock",
        name="sends twice",
        source=ONE_BY_ONE.replace("yield send(other, value)", "yield send(other, value); yield send(other, value)"),
    ),
    broadcast("itself", name="rank 0 to itself, too", source=ONE_BY_ONE.replace("range(1, size)", "range(size)")),
    broadcast(
        "last|missing|wait",
        name="the last one is left out",
        source=ONE_BY_ONE.replace("range(1, size)", "range(1, size - 1)"),
    ),
]
