"""Means over ranks and micro-batches, rates and float16 of chapter 11, as people write them."""

from tests.exercises.banks import RIGHT, written
from tests.exercises.distributed_training.bank.exchanging import of

# --- data_parallel_step

STEP = """
def data_parallel_step(weights, shards, gradient_of, learning_rate):
    total, count = np.zeros(weights.shape), 0
    for inputs, targets in shards:
        if len(inputs) > 0:
            total = total + len(inputs) * gradient_of(weights, inputs, targets)
            count += len(inputs)
    mean = total / count
    return [weights - learning_rate * mean for _ in shards]
"""
AVERAGE = """
def data_parallel_step(weights, shards, gradient_of, learning_rate):
    shards_with = [s for s in shards if len(s[0])]
    grads = [gradient_of(weights, x, y) for x, y in shards_with]
    mean = np.average(grads, axis=0, weights=[len(x) for x, y in shards_with])
    new = weights - learning_rate * mean
    return [new.copy() for _ in range(len(shards))]
"""
MOVED = """
def data_parallel_step(weights, shards, gradient_of, learning_rate):
    n = sum(len(x) for x, y in shards)
    moved = sum(len(x) / n * (weights - learning_rate * gradient_of(weights, x, y)) for x, y in shards if len(x))
    return [moved] * len(shards)
"""
MEANS = """
def data_parallel_step(weights, shards, gradient_of, learning_rate):
    grads = [gradient_of(weights, x, y) for x, y in shards]
    mean = np.mean(grads, axis=0)
    return [weights - learning_rate * mean for _ in shards]
"""
step = of("data_parallel_step", STEP)
SKIP, COUNTED = "if len(inputs) > 0:", "len(inputs) * gradient_of"
STEP_CASES = [
    step(RIGHT, name="weighted sum"),
    step(RIGHT, source=AVERAGE, name="np.average"),
    step(RIGHT, source=MOVED, name="weighted weights"),
    step(RIGHT, (SKIP, "if not len(inputs):\n            continue\n        if True:")),
    step("mean of means|count the same|alike|many as", source=MEANS, name="mean of means"),
    step(
        "mean of means|count the same|alike|many as",
        name="mean of means, without the empty",
        source=MEANS.replace("for x, y in shards]", "for x, y in shards if len(x)]"),
    ),
    step(
        "sum",
        name="sum of means",
        source=MEANS.replace("np.mean(", "np.sum(").replace("for x, y in shards]", "for x, y in shards if len(x)]"),
    ),
    step("divid|sum", ("mean = total / count", "mean = total")),
    step("twice|again|once more", ("mean = total / count", "mean = total / count / len(shards)")),
    step(
        "number of replicas|number of ranks|not of examples|replicas",
        ("mean = total / count", "mean = total / len(shards)"),
    ),
    step("none|empty|no example|nan", (SKIP, "if True:")),
    step(
        "own|replica|exchange|share",
        name="no exchange",
        source="""
def data_parallel_step(weights, shards, gradient_of, learning_rate):
    return [weights - learning_rate * gradient_of(weights, x, y) if len(x) else weights for x, y in shards]
""",
    ),
    step(
        "list|one array|each replica|as many",
        ("return [weights - learning_rate * mean for _ in shards]", "return weights - learning_rate * mean"),
    ),
    step("uphill|sign|add|plus", ("weights - learning_rate * mean", "weights + learning_rate * mean")),
    step("rate", ("weights - learning_rate * mean", "weights - mean")),
    step("gradient|step", ("return [weights - learning_rate * mean for _ in shards]", "return [mean for _ in shards]")),
    step("last|overwrit", ("total = total + len(inputs)", "total = len(inputs)")),
    step(
        "first|return", ("    mean = total / count\n    return", "            mean = total / count\n            return")
    ),
    step(
        "one device|together|at once|one place",
        name="all in one place",
        source="""
def data_parallel_step(weights, shards, gradient_of, learning_rate):
    x = np.concatenate([s[0] for s in shards])
    y = np.concatenate([s[1] for s in shards])
    return [weights - learning_rate * gradient_of(weights, x, y) for _ in shards]
""",
    ),
    step("rate|replicas|times", ("learning_rate * mean", "learning_rate * len(shards) * mean")),
    step(
        "after the other|moved|one by one|in turn",
        name="one after the other",
        source="""
def data_parallel_step(weights, shards, gradient_of, learning_rate):
    n = sum(len(x) for x, y in shards)
    w = weights
    for x, y in shards:
        if len(x):
            w = w - learning_rate * len(x) / n * gradient_of(w, x, y)
    return [w for _ in shards]
""",
    ),
    step("as many|each replica|replicas|empty", ("for _ in shards]", "for x, y in shards if len(x)]")),
]

# --- repaired_gradient

BUG = """
def repaired_gradient(weights, shards, gradients_of):
    global_batch = sum(len(inputs) for inputs, targets in shards)
    parts = []
    for inputs, targets in shards:
        gradients = gradients_of(weights, inputs, targets)
        parts.append(gradients.sum(axis=0) / global_batch)
    return np.mean(parts, axis=0)
"""
repaired = of("repaired_gradient", BUG)
MEAN = "np.mean(parts, axis=0)"
REPAIR_CASES = [
    repaired(RIGHT, (MEAN, "np.sum(parts, axis=0)")),
    repaired(RIGHT, (MEAN, "sum(parts)")),
    repaired(RIGHT, (" / global_batch)", ")"), (MEAN, "np.sum(parts, axis=0) / global_batch")),
    repaired(RIGHT, (" / global_batch)", " * len(shards) / global_batch)")),
    repaired("buggy|still", name="unchanged"),
    repaired("replica|divid", (" / global_batch)", ")")),
    repaired("mean of means|count|own", ("gradients.sum(axis=0) / global_batch", "gradients.mean(axis=0)")),
    repaired(
        "own|sum of means|global",
        ("gradients.sum(axis=0) / global_batch", "gradients.mean(axis=0)"),
        (MEAN, "np.sum(parts, axis=0)"),
    ),
    repaired(
        "not divided|nothing is divided|never|no longer", (" / global_batch)", ")"), (MEAN, "np.sum(parts, axis=0)")
    ),
    repaired(
        "still|twice|global",
        ("gradients.sum(axis=0) / global_batch", "gradients.mean(axis=0) / global_batch"),
        (MEAN, "np.sum(parts, axis=0)"),
    ),
    repaired("axis|one number", (MEAN, "np.sum(parts)")),
    repaired("several|rows|each r|one array|list", ("return np.mean(parts, axis=0)", "return parts")),
    repaired("square|times|too large", (MEAN, "np.sum(parts, axis=0) * len(shards)")),
    repaired("last", (MEAN, "parts[-1]")),
    repaired(
        "ranks|count|shards|replicas",
        ("sum(len(inputs) for inputs, targets in shards)", "len(shards)"),
        (MEAN, "np.sum(parts, axis=0)"),
    ),
]

# --- uneven_shards


def shards(told, given, name):
    return written("uneven_shards", f"def uneven_shards():\n    return {given}\n", told, name=name)


AGREE, DIFFER = "[[0.0, 1.0], [1.0, 0.0, 0.0, 1.0]]", "[[1.0], [0.0] * 9]"
SHARDS_CASES = [
    shards(RIGHT, f"{DIFFER}, {AGREE}", "one against nine"),
    shards(RIGHT, f"([0.0] * 8, [1.0]), {AGREE}", "eight against one"),
    shards(RIGHT, f"[{DIFFER}, [[0.5], [0.2, 0.8]]]", "a list of two"),
    shards(RIGHT, f"[np.array([1.0]), np.zeros(8)], {AGREE}", "arrays"),
    shards("same size|equally long|as many", f"[[1.0] * 5, [0.0] * 5], {AGREE}", "even"),
    shards("swap|order", f"{AGREE}, {DIFFER}", "swapped"),
    shards("0.35|too little|only", f"[[1.0], [0.0] * 3], {AGREE}", "a small difference"),
    shards("between 0 and 1|0 to 1|outside", f"[[9.0], [0.0] * 3], {AGREE}", "a large loss"),
    shards("ten|10 losses", f"[[1.0], [0.0] * 30], {AGREE}", "many"),
    shards("same size|equally long|as many", f"{DIFFER}, [[0.0, 1.0], [1.0, 0.0]]", "even ones agree"),
    shards("all.*same|equal", f"{DIFFER}, [[0.5], [0.5, 0.5]]", "all alike"),
    shards("differ", f"{DIFFER}, [[0.5], [0.5, 0.6]]", "nearly"),
    shards("two", DIFFER, "one pair"),
    shards("empty|no loss|nothing", f"[[], [0.0] * 9], {AGREE}", "an empty shard"),
    shards("two shards|two lists|three", f"[[1.0], [0.0] * 4, [0.0] * 4], {AGREE}", "three shards"),
    shards("two|list", "0.4, 0.0", "the means themselves"),
]

# --- accumulated_gradient

ACCUMULATE = """
def accumulated_gradient(weights, inputs, targets, size, gradient_of):
    total = np.zeros(weights.shape)
    for start in range(0, len(inputs), size):
        x, y = inputs[start:start + size], targets[start:start + size]
        total += len(x) * gradient_of(weights, x, y)
    return total / len(inputs)
"""
accumulated = of("accumulated_gradient", ACCUMULATE)
WEIGHTED = "len(x) * gradient_of(weights, x, y)"
ACCUMULATE_CASES = [
    accumulated(RIGHT, name="weighted"),
    accumulated(RIGHT, ("total += len(x) *", "total += len(x) / len(inputs) *"), ("total / len(inputs)", "total")),
    accumulated(
        RIGHT,
        name="one example at a time",
        source=ACCUMULATE.replace("len(inputs), size)", "len(inputs))").replace("+ size", "+ 1"),
    ),
    accumulated(
        RIGHT,
        name="np.average",
        source="""
def accumulated_gradient(weights, inputs, targets, size, gradient_of):
    cuts = range(size, len(inputs), size)
    parts = list(zip(np.split(inputs, cuts), np.split(targets, cuts)))
    return np.average([gradient_of(weights, *part) for part in parts], axis=0, weights=[len(x) for x, _ in parts])
""",
    ),
    accumulated(
        "mean of means|count the same|smaller|last micro",
        (WEIGHTED, "gradient_of(weights, x, y)"),
        ("/ len(inputs)", "/ len(range(0, len(inputs), size))"),
    ),
    accumulated("sum", (WEIGHTED, "gradient_of(weights, x, y)"), ("total / len(inputs)", "total")),
    accumulated("divid|sum", ("total / len(inputs)", "total")),
    accumulated("twice|divid", (WEIGHTED, "gradient_of(weights, x, y)")),
    accumulated("last|as if|size", (WEIGHTED, "size * gradient_of(weights, x, y)")),
    accumulated("left out|rest|last", ("len(inputs), size)", "len(inputs) - size + 1, size)")),
    accumulated(
        "left out|rest|last",
        (WEIGHTED, "gradient_of(weights, x, y)"),
        ("len(inputs), size)", "len(inputs) - size + 1, size)"),
        ("/ len(inputs)", "/ (len(inputs) // size)"),
    ),
    accumulated("overwrit|last", ("total +=", "total =")),
    accumulated(
        "at once|whole|memory",
        name="whole batch",
        source="""
def accumulated_gradient(weights, inputs, targets, size, gradient_of):
    return gradient_of(weights, inputs, targets)
""",
    ),
    accumulated("size", ("total / len(inputs)", "total / size")),
    accumulated("return|first", ("    return total", "        return total")),
    accumulated(
        "first|slice|same", ("inputs[start:start + size], targets[start:start + size]", "inputs[:size], targets[:size]")
    ),
    accumulated(
        "target|pair",
        ("targets[start:start + size]", "targets[:len(x)]"),
        ("x, y = inputs[start:start + size], ", "x = inputs[start:start + size]; y = "),
    ),
    accumulated(
        "overlap|more than once|twice|stride|step",
        ("len(inputs), size)", "len(inputs) - size + 1)"),
        ("/ len(inputs)", "/ ((len(inputs) - size + 1) * size)"),
    ),
    accumulated(
        "one|micro|size",
        (
            "inputs[start:start + size], targets[start:start + size]",
            "inputs[start:start + 1], targets[start:start + 1]",
        ),
    ),
    accumulated("numbers|len|shape|size of", ("total / len(inputs)", "total / inputs.size")),
]

CASES = (*STEP_CASES, *REPAIR_CASES, *SHARDS_CASES, *ACCUMULATE_CASES)
