"""Pruned weights, tests of them, and a sparsity for each layer, as people write them."""

from tests.exercises.banks import RIGHT, cases_of

# --- prune_by_magnitude

SORTED = """
def prune_by_magnitude(weights, sparsity):
    count = round(sparsity * weights.size)
    flat = weights.flatten()
    order = np.argsort(np.abs(flat))
    flat[order[:count]] = 0
    return flat.reshape(weights.shape)
"""
PARTITION = """
def prune_by_magnitude(weights, sparsity):
    count = int(np.round(sparsity * weights.size))
    mask = np.ones(weights.size)
    if count > 0:
        smallest = np.argsort(np.abs(weights).ravel())[::-1][weights.size - count:]
        mask[smallest] = 0
    return weights * mask.reshape(weights.shape)
"""
LARGEST = """
def prune_by_magnitude(weights, sparsity):
    keep = weights.size - round(sparsity * weights.size)
    new = np.zeros_like(weights)
    order = np.argsort(-np.abs(weights), axis=None)[:keep]
    places = np.unravel_index(order, weights.shape)
    new[places] = weights[places]
    return new
"""
PYTHON = """
def prune_by_magnitude(weights, sparsity):
    new = weights.copy()
    flat = new.reshape(-1)
    for place in sorted(range(flat.size), key=lambda i: abs(flat[i]))[:round(sparsity * flat.size)]:
        flat[place] = 0.0
    return new
"""
QUANTILE = """
def prune_by_magnitude(weights, sparsity):
    threshold = np.quantile(np.abs(weights), sparsity)
    return np.where(np.abs(weights) > threshold, weights, 0)
"""
THRESHOLD = """
def prune_by_magnitude(weights, sparsity):
    count = round(sparsity * weights.size)
    if count == 0:
        return weights
    threshold = np.sort(np.abs(weights).flatten())[count - 1]
    mask = np.abs(weights) > threshold
    return weights * mask
"""
prune = cases_of("prune_by_magnitude", SORTED)
TIES = "equal|ties|tie"
PRUNE_CASES = [
    prune(RIGHT, name="argsort"),
    prune(RIGHT, source=PARTITION, name="mask by argsort, reversed"),
    prune(RIGHT, source=LARGEST, name="the largest kept"),
    prune(RIGHT, source=PYTHON, name="sorted in Python"),
    prune(RIGHT, ("np.abs(flat)", "flat ** 2"), name="by squares"),
    prune(TIES, source=QUANTILE, name="quantile"),
    prune(TIES, source=THRESHOLD, name="threshold"),
    prune(
        TIES,
        ("[count - 1]", "[min(count, weights.size - 1)]"),
        ("> threshold", ">= threshold"),
        source=THRESHOLD,
        name="threshold that stays",
    ),
    prune("abs|sign|magnitude", ("np.abs(flat)", "flat")),
    prune("abs|sign|negative", source=QUANTILE.replace("np.abs(weights)", "weights"), name="quantile without abs"),
    prune("largest|wrong end", ("np.argsort(np.abs(flat))", "np.argsort(-np.abs(flat))")),
    prune(
        "rest|stay|1 − sparsity|share that", ("round(sparsity * weights.size)", "round((1 - sparsity) * weights.size)")
    ),
    prune("round|28", ("round(sparsity", "int(sparsity"), name="int"),
    prune("round|up", ("round(sparsity * weights.size)", "int(np.ceil(sparsity * weights.size))"), name="ceil"),
    prune("one (more|weight too many)", ("order[:count]", "order[:count + 1]")),
    prune(
        "row",
        name="row by row",
        source="""
def prune_by_magnitude(weights, sparsity):
    new = weights.copy()
    count = round(sparsity * weights.shape[-1])
    order = np.argsort(np.abs(new), axis=-1)
    np.put_along_axis(new, order[..., :count], 0.0, axis=-1)
    return new
""",
    ),
    prune("abs|sign|magnitude", ("flat = weights.flatten()", "flat = np.abs(weights).flatten()")),
    prune("shape|flat", ("return flat.reshape(weights.shape)", "return flat")),
    prune("mask|which", ("return flat.reshape(weights.shape)", "return (flat != 0).reshape(weights.shape)")),
    prune(
        "mask|which", ("return flat.reshape(weights.shape)", "return (flat != 0).astype(float).reshape(weights.shape)")
    ),
    prune(
        "threshold|share of the largest|largest magnitude",
        name="a share of the largest magnitude",
        source="""
def prune_by_magnitude(weights, sparsity):
    threshold = sparsity * np.max(np.abs(weights))
    return np.where(np.abs(weights) < threshold, 0, weights)
""",
    ),
    prune(
        "sparsity is taken",
        name="sparsity as threshold",
        source="""
def prune_by_magnitude(weights, sparsity):
    new = weights.copy()
    new[np.abs(new) < sparsity] = 0
    return new
""",
    ),
    prune(
        "random|magnitude",
        name="at random",
        source="""
def prune_by_magnitude(weights, sparsity):
    rng = np.random.default_rng(0)
    flat = weights.flatten()
    flat[rng.choice(flat.size, round(sparsity * flat.size), replace=False)] = 0
    return flat.reshape(weights.shape)
""",
    ),
    prune(
        "scale|larger|dropout|divided",
        ("return flat.reshape(weights.shape)", "return flat.reshape(weights.shape) / (1 - sparsity + 1e-12)"),
    ),
    prune("percent|100", ("sparsity * weights.size", "sparsity / 100 * weights.size")),
    prune("rows|len|size", ("sparsity * weights.size", "sparsity * len(weights)")),
    prune("unchanged|copy|nothing", ("flat.reshape(weights.shape)", "weights"), name="the weights themselves"),
    prune(
        "pair|tuple|one array|besides",
        ("return flat.reshape(weights.shape)", "return flat.reshape(weights.shape), flat != 0"),
    ),
    prune(
        "standard deviation|threshold|normal",
        name="a threshold of standard deviations",
        source="""
def prune_by_magnitude(weights, sparsity):
    return np.where(np.abs(weights) < sparsity * weights.std(), 0, weights)
""",
    ),
]

# --- prunes_right: a test

TEST = """
def prunes_right(prune):
    rng = np.random.default_rng(0)
    for shape in [(10, 10), (7,), (3, 4, 5)]:
        for sparsity in [0.0, 0.25, 0.5, 0.8]:
            w = rng.normal(size=shape)
            p = prune(w.copy(), sparsity)
            count = round(sparsity * w.size)
            if p.shape != w.shape or np.sum(p == 0) != count:
                return False
            kept = p != 0
            if not np.array_equal(p[kept], w[kept]):
                return False
            if count and np.abs(w[~kept]).max() > np.abs(w[kept]).min():
                return False
    w = np.array([0.5, -0.5, 0.5, 0.5, 2.0, 0.1])
    return np.sum(prune(w.copy(), 0.5) == 0) == 3
"""
REFERENCE = """
def prunes_right(prune):
    for w in (np.arange(-10.0, 12.0) + 0.25, np.array([3.0, 1.0, -1.0, 1.0, 1.0, -2.0])):
        w = w.reshape(2, -1)
        p = prune(w, 0.5)
        mine = np.sort(np.abs(w).ravel())
        mine[:mine.size // 2] = 0
        if not (np.shape(p) == w.shape and np.allclose(np.sort(np.abs(p).ravel()), mine)):
            return False
        if not np.all((p == 0) | (p == w)):
            return False
    odd = np.arange(1.0, 11.0)
    return all(np.count_nonzero(prune(odd, share)) == left for share, left in ((0.8, 2), (0.2, 8), (0.0, 10)))
"""
SHARE = """
def prunes_right(prune):
    w = np.random.default_rng(0).normal(size=(10, 10))
    share = np.mean(prune(w, 0.5) == 0)
    return bool(0.4 <= share <= 0.6)
"""
examined = cases_of("prunes_right", TEST)
EXAMINER_CASES = [
    examined(RIGHT, name="property by property"),
    examined(RIGHT, source=REFERENCE, name="sorted magnitudes"),
    examined("40|60|slip|exact|share", source=SHARE, name="40 to 60 %"),
    examined(
        "slip|exact|share|which", source=SHARE.replace("0.4 <= share <= 0.6", "share == 0.5"), name="the share alone"
    ),
    examined("everything", source="def prunes_right(prune):\n    return True\n", name="accepts all"),
    examined("everything", source="def prunes_right(prune):\n    return False\n", name="refuses all"),
    examined("slip|equal", ("    return np.sum(prune(w.copy(), 0.5) == 0) == 3", "    return True"), name="no ties"),
    examined(
        "slip|stay|unchanged",
        ("            if not np.array_equal(p[kept], w[kept]):\n                return False\n", ""),
        name="what stays is not compared",
    ),
    examined(
        "slip|smallest|which",
        (
            "            if count and np.abs(w[~kept]).max() > np.abs(w[kept]).min():\n                return False\n",
            "",
        ),
        name="which go is not compared",
    ),
    examined("refuse|right", ("== 0) == 3", "== 0) == 4"), name="all ties must go"),
    examined(
        "refuse|right",
        ("np.abs(w[~kept]).max() > np.abs(w[kept]).min()", "w[~kept].max() > w[kept].min()"),
        name="demands the smallest without abs",
    ),
    examined("slip|sparsit|other", ("[0.0, 0.25, 0.5, 0.8]", "[0.5]"), name="one sparsity"),
    examined(
        "slip|negative|sign",
        ("rng.normal(size=shape)", "rng.uniform(0.1, 1, size=shape)"),
        ("-0.5", "0.5"),
        name="positive weights alone",
    ),
]

# --- sparsity_per_layer

PRODUCT = """
def sparsity_per_layer(sizes, levels, drops, share):
    best, best_drop = None, float("inf")
    for places in itertools.product(range(len(levels)), repeat=len(sizes)):
        left = sum(n * (1 - levels[k]) for n, k in zip(sizes, places))
        drop = sum(drops[i][k] for i, k in enumerate(places))
        if left <= share * sum(sizes) + 1e-9 and drop < best_drop:
            best, best_drop = [levels[k] for k in places], drop
    return best
"""
RECURSIVE = """
def sparsity_per_layer(sizes, levels, drops, share):
    def best(layer, allowed):
        if layer == len(sizes):
            return (0.0, []) if allowed > -1e-6 else (float("inf"), [])
        found = (float("inf"), [])
        for k, level in enumerate(levels):
            lost, rest = best(layer + 1, allowed - sizes[layer] * (1 - level))
            found = min(found, (lost + drops[layer][k], [level] + rest))
        return found
    return best(0, share * sum(sizes))[1]
"""
sparsity = cases_of("sparsity_per_layer", PRODUCT, before="import itertools\n")
SPARSITY_CASES = [
    sparsity(RIGHT, name="all choices"),
    sparsity(RIGHT, source=RECURSIVE, name="recursive"),
    sparsity(RIGHT, ("return best", "return np.array(best)"), name="an array"),
    sparsity(
        "same|uniform|alike",
        source="""
def sparsity_per_layer(sizes, levels, drops, share):
    fitting = [level for level in levels if 1 - level <= share + 1e-9]
    return [min(fitting)] * len(sizes)
""",
        name="one for all",
    ),
    sparsity(
        "too many|budget|stay",
        source="""
def sparsity_per_layer(sizes, levels, drops, share):
    return [levels[int(np.argmin(drop))] for drop in np.array(drops)]
""",
        name="least drop",
    ),
    sparsity(
        "highest|more than|lose",
        source="""
def sparsity_per_layer(sizes, levels, drops, share):
    return [max(levels)] * len(sizes)
""",
        name="highest of all",
    ),
    sparsity("place|number of|levels", ("[levels[k] for k in places]", "list(places)"), name="places"),
    sparsity(
        "size|alike|count the same|average",
        (
            "sum(n * (1 - levels[k]) for n, k in zip(sizes, places))",
            "sum(1 - levels[k] for k in places) / len(sizes) * 1.0",
        ),
        ("share * sum(sizes)", "share"),
        name="mean of shares",
    ),
    sparsity("removed|stay|pruned|budget", ("n * (1 - levels[k])", "n * levels[k]"), name="sparsity for what stays"),
    sparsity(
        "hardly any|few|lose",
        ("drop = sum(drops[i][k] for i, k in enumerate(places))", "drop = left"),
        name="as few weights as possible",
    ),
    sparsity(
        "most|worst|largest|highest",
        ("drop < best_drop", "-drop < best_drop"),
        ("best, best_drop = [levels[k] for k in places], drop", "best, best_drop = [levels[k] for k in places], -drop"),
        name="the worst",
    ),
    sparsity("kept|stay|share", ("[levels[k] for k in places]", "[1 - levels[k] for k in places]"), name="what stays"),
    sparsity(
        "worst layer|sum|lose",
        (
            "drop = sum(drops[i][k] for i, k in enumerate(places))",
            "drop = max(drops[i][k] for i, k in enumerate(places))",
        ),
        name="the largest drop",
    ),
    sparsity(
        "first|fit|lose",
        (
            "            best, best_drop = [levels[k] for k in places], drop\n    return best",
            "            return [levels[k] for k in places]",
        ),
        name="the first that fits",
    ),
    sparsity(
        "lose|greedy|step",
        source="""
def sparsity_per_layer(sizes, levels, drops, share):
    places = [0] * len(sizes)
    while sum(n * (1 - levels[k]) for n, k in zip(sizes, places)) > share * sum(sizes) + 1e-9:
        options = [i for i in range(len(sizes)) if places[i] + 1 < len(levels)]
        i = min(options, key=lambda i: drops[i][places[i] + 1] - drops[i][places[i]])
        places[i] += 1
    return [levels[k] for k in places]
""",
        name="greedy by drop",
    ),
    sparsity("pair|list|besides", ("return best", "return best, best_drop"), name="with the drop"),
]

CASES = (*PRUNE_CASES, *EXAMINER_CASES, *SPARSITY_CASES)
