"""All-reduces by a ring, and tests of all-reduces, as people write them."""

from tests.exercises.banks import RIGHT
from tests.exercises.distributed_training.bank.exchanging import of

# --- ring_all_reduce

RING = """
def ring_all_reduce(rank, size, value):
    chunks = [chunk.copy() for chunk in np.array_split(value, size)]
    right, left = (rank + 1) % size, (rank - 1) % size
    for step in range(size - 1):
        received = yield send_receive(right, chunks[(rank - step) % size], left)
        chunks[(rank - step - 1) % size] += received
    for step in range(size - 1):
        received = yield send_receive(right, chunks[(rank + 1 - step) % size], left)
        chunks[(rank - step) % size] = received
    return np.concatenate(chunks)
"""
LEFTWARDS = """
def ring_all_reduce(rank, size, value):
    pieces = np.array_split(np.array(value), size)
    to, source = (rank - 1) % size, (rank + 1) % size
    for k in range(size - 1):
        mine = (rank + k) % size
        theirs = (mine + 1) % size
        pieces[theirs] = pieces[theirs] + (yield send_receive(to, pieces[mine], source))
    for k in range(size - 1):
        mine = (rank - 1 + k) % size
        pieces[(mine + 1) % size] = yield send_receive(to, pieces[mine], source)
    return np.hstack(pieces)
"""
DIRECT = """
def ring_all_reduce(rank, size, value):
    chunks = np.array_split(value, size)
    own = chunks[rank].copy()
    for k in range(1, size):
        own += yield send_receive((rank + k) % size, chunks[(rank + k) % size], (rank - k) % size)
    chunks[rank] = own
    for k in range(1, size):
        chunks[(rank - k) % size] = yield send_receive((rank + k) % size, own, (rank - k) % size)
    return np.concatenate(chunks)
"""
INDICES = """
def ring_all_reduce(rank, size, value):
    total = value.astype(float)
    ends = np.cumsum([0] + [len(c) for c in np.array_split(value, size)])
    def where(c):
        return slice(ends[c % size], ends[c % size + 1])
    for s in range(2 * (size - 1)):
        out = where(rank - s)
        came = where(rank - s - 1)
        received = yield send_receive((rank + 1) % size, total[out], (rank - 1) % size)
        if s < size - 1:
            total[came] += received
        else:
            total[came] = received
    return total
"""
WHOLE = """
def ring_all_reduce(rank, size, value):
    total, passing = value.copy(), value
    for step in range(size - 1):
        passing = yield send_receive((rank + 1) % size, passing, (rank - 1) % size)
        total = total + passing
    return total
"""
AT_RANK_0 = """
def ring_all_reduce(rank, size, value):
    if rank == 0:
        total = value.copy()
        for other in range(1, size):
            total += yield receive(other)
        for other in range(1, size):
            yield send(other, total)
        return total
    yield send(0, value)
    return (yield receive(0))
"""
REST_DROPPED = """
def ring_all_reduce(rank, size, value):
    n = len(value) // size
    total = value.copy()
    right, left = (rank + 1) % size, (rank - 1) % size
    for step in range(size - 1):
        out, came = (rank - step) % size, (rank - step - 1) % size
        received = yield send_receive(right, total[out * n:(out + 1) * n], left)
        total[came * n:(came + 1) * n] += received
    for step in range(size - 1):
        out, came = (rank + 1 - step) % size, (rank - step) % size
        received = yield send_receive(right, total[out * n:(out + 1) * n], left)
        total[came * n:(came + 1) * n] = received
    return total
"""
SECOND = """    for step in range(size - 1):
        received = yield send_receive(right, chunks[(rank + 1 - step) % size], left)
        chunks[(rank - step) % size] = received
"""
ring = of("ring_all_reduce", RING)
RING_CASES = [
    ring(RIGHT, name="to the right"),
    ring(RIGHT, source=LEFTWARDS, name="to the left"),
    ring(RIGHT, source=DIRECT, name="each chunk straight to its rank"),
    ring(RIGHT, source=INDICES, name="one loop over both halves"),
    ring("whole array|whole", source=WHOLE, name="whole arrays around the ring"),
    ring(
        "several times|more than once|again|twice",
        name="the running sum is passed on",
        source=WHOLE.replace(
            "passing = yield send_receive((rank + 1) % size, passing,",
            "passing = yield send_receive((rank + 1) % size, total,",
        ),
    ),
    ring("rank 0", source=AT_RANK_0, name="all at rank 0"),
    ring("first half|first round|own|one chunk", (SECOND, "")),
    ring("mean|average|divid", ("return np.concatenate(chunks)", "return np.concatenate(chunks) / size")),
    ring(
        "overwrit|replac|add",
        ("chunks[(rank - step - 1) % size] += received", "chunks[(rank - step - 1) % size] = received"),
    ),
    ring(
        "add|twice|more than once|replace",
        ("chunks[(rank - step) % size] = received", "chunks[(rank - step) % size] += received"),
    ),
    ring(
        "one step|too few|too early|last",
        (
            "for step in range(size - 1):\n        received = yield send_receive(right, chunks[(rank - step)",
            "for step in range(size - 2):\n        received = yield send_receive(right, chunks[(rank - step)",
        ),
    ),
    ring(
        "one step|too few|too early|last",
        (
            "for step in range(size - 1):\n        received = yield send_receive(right, chunks[(rank + 1",
            "for step in range(size - 2):\n        received = yield send_receive(right, chunks[(rank + 1",
        ),
    ),
    ring(
        "too many|one step|twice|more than once",
        (
            "for step in range(size - 1):\n        received = yield send_receive(right, chunks[(rank - step)",
            "for step in range(size):\n        received = yield send_receive(right, chunks[(rank - step)",
        ),
    ),
    ring(
        "step",
        (
            "for step in range(size - 1):\n        received = yield send_receive(right, chunks[(rank + 1",
            "for step in range(size):\n        received = yield send_receive(right, chunks[(rank + 1",
        ),
    ),
    ring(
        "begin|start|chunk",
        ("chunks[(rank + 1 - step) % size]", "chunks[(rank - step) % size]"),
        ("chunks[(rank - step) % size] = received", "chunks[(rank - step - 1) % size] = received"),
    ),
    ring("place|chunk", ("chunks[(rank - step - 1) % size] += received", "chunks[(rank - step) % size] += received")),
    ring(
        "wait|deadlock",
        (
            "received = yield send_receive(right, chunks[(rank - step) % size], left)",
            "yield send(right, chunks[(rank - step) % size]); received = yield receive(left)",
        ),
    ),
    ring(
        "wait|deadlock",
        ("right, left = (rank + 1) % size, (rank - 1) % size", "right, left = (rank + 1) % size, (rank + 1) % size"),
    ),
    ring("length|equal|divide|split", ("np.array_split", "np.split")),
    ring(
        "length|equal|divide|reshape",
        ("for chunk in np.array_split(value, size)", "for chunk in value.reshape(size, -1)"),
    ),
    ring("rest|left over|length|end", source=REST_DROPPED, name="the rest is not summed"),
    ring("list|concatenate|join|one array", ("return np.concatenate(chunks)", "return chunks")),
    ring("return", ("    return np.concatenate(chunks)\n", "")),
    ring("last rank|no rank|does not exist|ring", ("(rank + 1) % size, (rank - 1)", "rank + 1, (rank - 1)")),
    ring(
        "same|copy|fixed|chunk",
        (
            "chunks[(rank - step) % size], left)\n        chunks[(rank - step - 1) % size] +=",
            "chunks[rank], left)\n        chunks[(rank - step - 1) % size] +=",
        ),
    ),
    ring(
        "yield|generator",
        name="the sum of its own",
        source="def ring_all_reduce(rank, size, value):\n    return value * size\n",
    ),
    ring(
        "largest|maximum|sum",
        (
            "chunks[(rank - step - 1) % size] += received",
            "np.maximum(chunks[(rank - step - 1) % size], received, out=chunks[(rank - step - 1) % size])",
        ),
    ),
    ring(
        "neighbor|two|one step|once around",
        name="neighbors only",
        source="""
def ring_all_reduce(rank, size, value):
    received = yield send_receive((rank + 1) % size, value, (rank - 1) % size)
    return value + received
""",
    ),
]

# --- is_all_reduce

IS = """
def is_all_reduce(all_reduce):
    rng = np.random.default_rng(0)
    for size in (1, 2, 3, 4, 5, 8):
        for length in (1, 3, 8, 10):
            values = [rng.normal(size=length) for _ in range(size)]
            results = all_reduce([value.copy() for value in values])
            if len(results) != size:
                return False
            for result in results:
                if not np.allclose(result, sum(values)):
                    return False
    return True
"""
PLAIN = """
def is_all_reduce(all_reduce):
    values = [np.array([1.0, 2.0]), np.array([3.0, 4.0])]
    return np.allclose(all_reduce(values), sum(values))
"""
tested = of("is_all_reduce", IS)
IS_CASES = [
    tested(RIGHT, name="many sizes and lengths"),
    tested(
        RIGHT,
        name="powers of ten",
        source="""
def is_all_reduce(all_reduce):
    for size in range(1, 8):
        for length in (2, 7, 12):
            values = [10.0 ** rank * (1 + np.arange(length)) for rank in range(size)]
            total = np.sum(values, axis=0)
            results = all_reduce(values)
            assert len(results) == size
            assert all(np.shape(r) == (length,) and np.allclose(r, total) for r in results)
    return True
""",
    ),
    tested("slipped|two ranks|one case|power", source=PLAIN, name="two ranks"),
    tested("slipped|rank 0|first", ("for result in results:", "for result in results[:1]:")),
    tested("slipped|length|left over", ("(1, 3, 8, 10)", "(8,)"), ("(1, 2, 3, 4, 5, 8)", "(1, 2, 4, 8)")),
    tested("slipped|power", ("(1, 2, 3, 4, 5, 8)", "(1, 2, 4, 8)")),
    tested("slipped|alike|same numbers|equal", ("rng.normal(size=length)", "np.ones(length)")),
    tested("refuses|mean", ("sum(values)):", "np.mean(values, axis=0)):")),
    tested(
        "refuses|round|exact|last digit",
        ("not np.allclose(result, sum(values))", "not np.array_equal(result, sum(values))"),
    ),
    tested(
        "slipped|equal each other|agree|one another|have the same",
        ("np.allclose(result, sum(values))", "np.allclose(result, results[0])"),
    ),
    tested("everything", name="always true", source="def is_all_reduce(all_reduce):\n    return True\n"),
    tested("slipped|total|sum of", ("np.allclose(result, sum(values))", "np.isclose(np.sum(result), np.sum(values))")),
    tested(
        "slipped|shape|positive",
        ("rng.normal(size=length)", "rng.uniform(size=length)"),
        ("np.allclose(result, sum(values))", "np.shape(result) == (length,)"),
    ),
]

CASES = (*RING_CASES, *IS_CASES)
