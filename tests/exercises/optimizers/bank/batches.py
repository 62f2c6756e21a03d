"""Mini-batches as people cut them."""

import itertools

from tests.exercises.banks import RIGHT, Case, written
from tests.exercises.optimizers.bank import LIST

BATCHES = """
def minibatches(order, batch_size):
    batches = []
    for i in range(0, len(order), batch_size):
        batches.append(order[i:i + batch_size])
    return batches
"""
COUNTED = """
def minibatches(order, batch_size):
    n = len(order)
    num_complete = n // batch_size
    batches = []
    for k in range(num_complete):
        batches.append(order[k * batch_size:(k + 1) * batch_size])
    if n % batch_size != 0:
        batches.append(order[num_complete * batch_size:])
    return batches
"""
START, CUT = "range(0, len(order), batch_size)", "batches.append(order[i:i + batch_size])"
REST = "if n % batch_size != 0:\n        batches.append(order[num_complete * batch_size:])"


def batches(told, *changes):
    return written("minibatches", BATCHES, told, *changes)


def counted(told, *changes):
    return written("minibatches", COUNTED, told, *changes)


def by_islice(order, batch_size):
    rest = iter(order)
    return list(iter(lambda: list(itertools.islice(rest, batch_size)), []))


def by_batched_dict(order, batch_size):
    chosen = {}
    for place, index in enumerate(order):
        chosen.setdefault(place // batch_size, []).append(index)
    return list(chosen.values())


SHUFFLED = "shuffl|draw|other order"

CASES = [
    batches(RIGHT),
    counted(RIGHT),
    Case("minibatches", RIGHT, "islice", by_islice),
    Case("minibatches", RIGHT, "a dict", by_batched_dict),
    batches(LIST, (CUT, "yield order[i:i + batch_size]"), ("return batches", "")),
    batches(LIST, ("return batches", "return (b for b in batches)")),
    batches(LIST, ("return batches", "return map(lambda b: b, batches)")),
    batches(SHUFFLED, ("batches = []", "batches = []; order = np.random.permutation(order)")),
    batches(SHUFFLED, ("batches = []", "batches = []; order = np.random.default_rng(0).permutation(order)")),
    batches(SHUFFLED, ("batches = []", "batches = []; np.random.shuffle(order)")),
    batches(SHUFFLED, ("batches = []", "batches = []; order = order[np.random.permutation(len(order))]")),
    batches(SHUFFLED, ("return batches", "np.random.shuffle(batches); return batches")),
    batches(SHUFFLED + "|sort|permut", ("batches = []", "batches = []; order = order[np.argsort(order)]")),
    batches(SHUFFLED + "|replacement", (CUT, "batches.append(np.random.choice(order, batch_size))")),
    batches(
        "shuffl|twice|position",
        ("batches = []", "batches = []; order = np.random.default_rng(0).permutation(len(order))"),
    ),
    batches("position", (CUT, "batches.append(np.arange(len(order))[i:i + batch_size])")),
    counted("left|dropped", (REST, "")),
    counted("empty", (REST, "batches.append(order[num_complete * batch_size:])")),
    counted("whole|all|rest is 0|last", (REST, "batches.append(order[-(n % batch_size):])")),
    counted("last", (REST, "if n % batch_size != 0:\n        batches.append(order[-batch_size:])")),
    counted("last", (REST, "if n % batch_size != 0:\n        batches.append(order[num_complete * batch_size:-1])")),
    counted("last|left", (REST, "if n % batch_size != 0:\n        batches.append(order[num_complete:])")),
    counted("last|left", (REST, "if n % batch_size != 0:\n        batches.append(order[:n % batch_size])")),
    counted(
        "last|left", (REST, "if n % batch_size != 0:\n        batches[-1] = order[(num_complete - 1) * batch_size:]")
    ),
    counted(
        "first|begin|last",
        (REST, "if n % batch_size != 0:\n        batches.insert(0, order[num_complete * batch_size:])"),
    ),
    batches("last|left", (START, "range(0, len(order) - 1, batch_size)")),
    batches("last", (START, "range(0, len(order) - batch_size, batch_size)")),
    batches("dropped|left", (START, "range(0, len(order) - batch_size + 1, batch_size)")),
    batches("empty", (START, "range(0, len(order) + 1, batch_size)")),
    batches("share|overlap", (CUT, "batches.append(order[i:i + batch_size + 1])")),
    batches("one too few|short|lacks|misses|left out|end", (CUT, "batches.append(order[i:i + batch_size - 1])")),
    batches("several|further|advance", (START, "range(len(order))")),
    batches("first batch|starts? (at|is) 0|first", (START, "range(batch_size, len(order), batch_size)")),
    batches("loop|return", ("    return batches", "        return batches")),
    batches("loop|return|one batch", (CUT, "return order[i:i + batch_size]")),
    batches("number|batch_size` batches|size", ("return batches", "return np.array_split(order, batch_size)")),
    batches("even", ("return batches", "return np.array_split(order, int(np.ceil(len(order) / batch_size)))")),
    batches("divi|reshape|left|equal", ("return batches", "return np.split(order, len(order) // batch_size)")),
    batches("fill the shape", ("return batches", "return order.reshape(-1, batch_size)")),
    batches(
        "filled|pad",
        ("return batches", "batches[-1] = np.pad(batches[-1], (0, batch_size - len(batches[-1]))); return batches"),
    ),
    batches(
        "filled|pad|copies",
        (
            "return batches",
            "batches[-1] = np.pad(batches[-1], (0, batch_size - len(batches[-1])), constant_values=-1); return batches",
        ),
    ),
    batches("number|tuple|pair|two", ("return batches", "return batches, len(batches)")),
    batches("one array|joined|glued|list of|single", ("return batches", "return np.concatenate(batches)")),
    batches(
        "grow|cleared|new list|empt|again",
        ("batches = []", "batches, batch = [], []"),
        (CUT, "batch.extend(order[i:i + batch_size]); batches.append(list(batch))"),
    ),
    batches(
        "same|one list",
        ("batches = []", "batches, batch = [], []"),
        (CUT, "batch.clear(); batch.extend(order[i:i + batch_size]); batches.append(batch)"),
    ),
    batches("turns|deal", (CUT, "batches.append(order[i // batch_size::-(-len(order) // batch_size)])")),
    batches("revers|backward|end", (CUT, "batches.insert(0, order[i:i + batch_size])")),
    batches("single ind", (CUT, "batches.append(order[i])")),
    batches("begin and end|where the batches", (CUT, "batches.append((i, min(i + batch_size, len(order))))")),
    batches("iterable|len\\(|range|number", (START, "len(order) // batch_size")),
    batches("whole|int|//|float", (START, "range(len(order) / batch_size)")),
]
