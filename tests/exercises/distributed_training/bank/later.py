"""Answers that were collected after the probes stood, to see whether others are named too."""

from tests.exercises.banks import RIGHT
from tests.exercises.distributed_training.bank.averaging import WEIGHTED, accumulated, repaired, shards, step
from tests.exercises.distributed_training.bank.exchanging import broadcast
from tests.exercises.distributed_training.bank.reducing import IS, ring, tested
from tests.exercises.distributed_training.bank.stepping import LAST, SCATTER, UNSCALE, WARM, adam, mixed, rate

HEAP = """
def broadcast(rank, size, value):
    if rank > 0:
        value = yield receive((rank - 1) // 2)
    for child in (2 * rank + 1, 2 * rank + 2):
        if child < size:
            yield send(child, value)
    return value
"""
BACKWARDS = """
def broadcast(rank, size, value):
    if rank == 0:
        for other in reversed(range(1, size)):
            yield send(other, value)
        return value
    received = yield receive(0)
    return received
"""
PLAIN = """
def broadcast(rank, size, value):
    if rank == 0:
        for other in range(1, size):
            send(other, value)
    else:
        value = yield receive(0)
    return value
"""
NO_YIELD = """
def broadcast(rank, size, value):
    if rank == 0:
        send(1, value)
    else:
        value = receive(0)
    return value
"""
FROM = """
def broadcast(rank, size, value):
    if rank == 0:
        for other in range(1, size):
            yield send(other, value)
    else:
        value = yield from receive(0)
    return value
"""
TWO_HOPS = """
def broadcast(rank, size, value):
    middle = size // 2
    if rank == 0:
        if middle:
            yield send(middle, value)
        for other in range(1, middle):
            yield send(other, value)
    elif rank == middle:
        value = yield receive(0)
        for other in range(middle + 1, size):
            yield send(other, value)
    else:
        value = yield receive(0 if rank < middle else middle)
    return value
"""
DOUBLING = """
def ring_all_reduce(rank, size, value):
    total, bit = value, 1
    while bit < size:
        partner = rank ^ bit
        if partner < size:
            total = total + (yield send_receive(partner, total, partner))
        bit *= 2
    return total
"""
IN_PLACE = """
def ring_all_reduce(rank, size, value):
    chunks = np.array_split(value, size)
    for s in range(size - 1):
        got = yield send_receive((rank + 1) % size, chunks[(rank - s) % size], (rank - 1) % size)
        chunks[(rank - s - 1) % size] += got
    for s in range(size - 1):
        got = yield send_receive((rank + 1) % size, chunks[(rank - s + 1) % size], (rank - 1) % size)
        chunks[(rank - s) % size][:] = got
    return value
"""
GATHERED = """
def ring_all_reduce(rank, size, value):
    everybody = [value]
    for s in range(size - 1):
        everybody.append((yield send_receive((rank + 1) % size, everybody[-1], (rank - 1) % size)))
    return np.sum(everybody, axis=0)
"""
SUM_AND_TELL = """
def ring_all_reduce(rank, size, value):
    total = value
    if rank > 0:
        total = total + (yield receive(rank - 1))
    if rank < size - 1:
        yield send(rank + 1, total)
        total = yield receive(rank + 1)
    if rank > 0:
        yield send(rank - 1, total)
    return total
"""
MICRO = """    total = np.zeros(weights.shape)
    for start in range(0, len(inputs), size):
        x, y = inputs[start:start + size], targets[start:start + size]
"""
PIECES = """    total = np.zeros(weights.shape)
    for x, y in zip(np.array_split(inputs, size), np.array_split(targets, size)):
"""
CASES = [
    broadcast("two|twice|no more|tree", source=HEAP, name="a binary tree"),
    broadcast("one after", source=BACKWARDS, name="from the last"),
    broadcast("wait|finished", source=PLAIN, name="sends without yield"),
    broadcast("yield", source=NO_YIELD, name="no yield anywhere"),
    broadcast("yield", source=FROM, name="yield from receive"),
    broadcast("steps|two|after", source=TWO_HOPS, name="two halves"),
    ring("whole|power|partner", source=DOUBLING, name="recursive doubling"),
    ring(RIGHT, source=IN_PLACE, name="in the argument itself"),
    ring("whole", source=GATHERED, name="gathered, then summed"),
    ring("whole|chain|steps|busiest|at once", source=SUM_AND_TELL, name="up the chain and down"),
    ring(
        "order|place|every",
        ("[chunk.copy() for chunk in np.array_split(value, size)]", "[value[k::size].copy() for k in range(size)]"),
    ),
    ring("order|place|rotated|chunk", ("np.concatenate(chunks)", "np.concatenate(chunks[rank:] + chunks[:rank])")),
    ring(
        "hand|chunk|overwrit|place",
        ("chunks[(rank - step) % size] = received", "chunks[(rank + 1 - step) % size] = received"),
    ),
    ring("multipl|times|size", ("return np.concatenate(chunks)", "return np.concatenate(chunks) * size")),
    tested("slipped|two ranks", ("(1, 2, 3, 4, 5, 8)", "(2,)")),
    tested("slip", ("rng.normal(size=length) for _ in range(size)", "np.full(length, 1.0 + r) for r in range(size)")),
    tested("None", ("    return True\n", "    print('fine')\n")),
    tested("length|axis|refuse|raised", ("sum(values))", "sum(values[0]))")),
    tested(
        RIGHT,
        name="with all and zip",
        source=IS.replace(
            "            for result in results:\n"
            "                if not np.allclose(result, sum(values)):\n"
            "                    return False\n",
            "            total = np.sum(values, 0)\n"
            "            if not all(np.shape(r) == (length,) and np.allclose(r, total) for r in results):\n"
            "                return False\n",
        ),
    ),
    step(
        "even|first|largest|as if|count", ("mean = total / count", "mean = total / (len(shards[0][0]) * len(shards))")
    ),
    step("twice|again|once more", ("mean = total / count", "mean = total / count / len(shards)")),
    step(
        "empty|no example|without|stay|left behind|left where",
        ("for _ in shards]", "if len(x) else weights for x, y in shards]"),
    ),
    step(
        "differ|mean of means|few|weight|inverse|other way",
        ("len(inputs) * gradient_of", "gradient_of"),
        ("count += len(inputs)", "count += len(inputs) ** 0"),
    ),
    step("raised|argument", ("gradient_of(weights, inputs, targets)", "gradient_of(inputs, targets)")),
    step("overwrit|last", ("count += len(inputs)", "count = len(inputs)")),
    repaired("twice|still|replicas|square", (") / global_batch", ") / global_batch / len(shards)")),
    repaired(
        "largest|own|batch",
        ("sum(len(inputs) for", "max(len(inputs) for"),
        ("np.mean(parts, axis=0)", "np.sum(parts, axis=0)"),
    ),
    repaired("axis|one number|rows", ("np.mean(parts, axis=0)", "np.sum(parts, axis=1)")),
    shards("two|pairs", "[1.0], [0.0] * 9, [0.0, 1.0], [0.5]", "four lists"),
    shards("differ", "[[1.0], [0.0] * 9], [[1.0], [0.0] * 9]", "twice the same"),
    shards("0.35", "[[1.0, 1.0], [0.0] * 5], [[0.5], [0.2, 0.8]]", "too near"),
    accumulated("pieces|number of|size", (MICRO, PIECES)),
    accumulated(
        "mean of means|count the same|pieces",
        (MICRO, PIECES),
        (WEIGHTED, "gradient_of(weights, x, y)"),
        ("total / len(inputs)", "total / size"),
    ),
    accumulated(
        "mean of means|count the same",
        (WEIGHTED, "gradient_of(weights, x, y)"),
        ("total / len(inputs)", "total / -(-len(inputs) // size)"),
    ),
    accumulated(
        "micro-batches|count|smaller|rest",
        (WEIGHTED, "gradient_of(weights, x, y)"),
        ("total / len(inputs)", "total / (len(inputs) // size)"),
    ),
    accumulated(
        "last|full|as if",
        (WEIGHTED, "gradient_of(weights, x, y) * size / len(inputs)"),
        ("total / len(inputs)", "total"),
    ),
    adam(
        "equal|rest|length|slice",
        (
            "np.array_split(weights, size)[rank]",
            "weights[rank * (len(weights) // size):(rank + 1) * (len(weights) // size)]",
        ),
    ),
    adam("root|inside", ("(np.sqrt(v_hat) + 1e-7)", "np.sqrt(v_hat + 1e-7)")),
    adam("swap|0.9|other", ("0.9 * m + 0.1 *", "0.999 * m + 0.001 *"), ("0.999 * v + 0.001 *", "0.9 * v + 0.1 *")),
    adam("precedence|square|0.001|brackets", ("0.001 * own_gradient ** 2", "(0.001 * own_gradient) ** 2")),
    adam(
        "all-reduce|bytes|whole|more",
        (
            SCATTER,
            "part = yield from reduce_scatter(rank, size, gradient)\n"
            "    own_gradient = (yield from all_gather(rank, size, part)) / size\n"
            "    own_gradient = np.array_split(own_gradient, size)[rank]",
        ),
    ),
    adam("correct|v", ("v / (1 - 0.999 ** step)", "v")),
    adam(
        "old|remember|state|new",
        ("    m = 0.9 * m", "    old_m, old_v = m, v\n    m = 0.9 * m"),
        ("return weights, m, v", "return weights, old_m, old_v"),
    ),
    rate("0|zero|ahead", (WARM, "target * (step + 1) / warmup_steps")),
    rate("root|replicas|batch", ("batch_per_replica * replicas / base_batch", "np.sqrt(replicas)")),
    rate(
        "warm|late|jump|whatever",
        ("step >= warmup_steps", "step > warmup_steps and warmup_steps or warmup_steps == 0"),
        (WARM, "base_rate"),
    ),
    rate(
        "add|1|more", ("batch_per_replica * replicas / base_batch", "(1 + batch_per_replica * replicas / base_batch)")
    ),
    mixed("inf|skip|finite|lost", ("        return weights, scale / 2\n", "        scale = scale / 2\n")),
    mixed(RIGHT, (UNSCALE, "np.array(backward(scale), dtype='float32') / np.float32(scale)")),
    mixed("halv|half|quarter|scale", ("return weights, scale / 2", "return weights, scale / 4")),
    mixed("halv|half|minus|scale", ("return weights, scale / 2", "return weights, scale - 1")),
    mixed("float16|backward|scale|tiny|1", (UNSCALE, "backward(1).astype(np.float32)")),
    mixed("clip|limit|norm", ("if norm > clip_norm", "if norm < clip_norm")),
    mixed(RIGHT, (LAST, "return weights - np.clip(learning_rate * gradient, -clip_norm, clip_norm), scale")),
    mixed("weights.*float16|float16", (LAST, "return (weights - learning_rate * gradient).astype(np.float16), scale")),
]
