"""Values between two ends, random search, and ends that move, as people write them."""

from tests.exercises.banks import RIGHT, answers_to, cases_of

answers = answers_to({"log_uniform": "u, low, high", "widen": "values, scores, low, high"})

LOG_UNIFORM = answers(
    "log_uniform",
    [],
    (RIGHT, "return low * (high / low) ** u"),
    (RIGHT, "return np.exp(np.log(low) + u * (np.log(high) - np.log(low)))"),
    (RIGHT, "return 10 ** (np.log10(low) * (1 - u) + np.log10(high) * u)"),
    (RIGHT, "return low ** (1 - u) * high ** u"),
    (RIGHT, "a, b = np.log2([low, high])", "return 2 ** (a + (b - a) * np.asarray(u))"),
    ("exp|logarithm|ends", "return np.exp(low + u * (high - low))"),
    ("10|power|logarithm|ends", "return 10 ** (low + u * (high - low))"),
    ("even|straight|plain|linear", "return low + u * (high - low)"),
    ("logarithm|undo|back", "return np.log(low) + u * (np.log(high) - np.log(low))"),
    ("logarithm|undo|back", "return np.log10(low) + u * (np.log10(high) - np.log10(low))"),
    ("10|natural|base|mix", "return 10 ** (np.log(low) + u * (np.log(high) - np.log(low)))"),
    ("base|mix|10", "return np.exp(np.log10(low) + u * (np.log10(high) - np.log10(low)))"),
    ("high|low|swap|wrong end|revers|from", "return high * (low / high) ** u"),
    ("low|factor|missing", "return (high / low) ** u"),
    ("high|low|swap|divid", "return low * (low / high) ** u"),
    ("high|minus|difference", "return low + (high - low) ** u"),
    ("random|draw|u", "rng = np.random.default_rng(0)", "return np.exp(rng.uniform(np.log(low), np.log(high)))"),
    ("high|range|width|low", "return np.exp(np.log(low) + u * np.log(high))"),
    ("math|array|one number", "import math", "return math.exp(math.log(low) + u * math.log(high / low))"),
    ("return|None", "value = low * (high / low) ** u"),
    ("product|times|multipl|u", "return low * (high / low) * u"),
    ("round|digit", "return np.round(low * (high / low) ** u, 4)"),
    ("squar|u|even|other", "return low + (high - low) * u ** 2"),
)

SEARCH = """
def random_search(space, trials, seed):
    rng = np.random.default_rng(seed)
    settings = []
    for _ in range(trials):
        setting = {}
        for name, (kind, *ends) in space.items():
            if kind == "choice":
                setting[name] = ends[0][rng.integers(len(ends[0]))]
            elif kind == "integer":
                setting[name] = int(rng.integers(ends[0], ends[1] + 1))
            elif kind == "log_uniform":
                setting[name] = np.exp(rng.uniform(np.log(ends[0]), np.log(ends[1])))
            else:
                setting[name] = rng.uniform(ends[0], ends[1])
        settings.append(setting)
    return settings
"""
LOG = "np.exp(rng.uniform(np.log(ends[0]), np.log(ends[1])))"
search = cases_of("random_search", SEARCH)

COLUMNS = """
def random_search(space, trials, seed):
    rng = np.random.RandomState(seed)
    columns = {}
    for name, spec in space.items():
        if spec[0] == "choice":
            columns[name] = [spec[1][i] for i in rng.randint(0, len(spec[1]), trials)]
        elif spec[0] == "integer":
            columns[name] = rng.randint(spec[1], spec[2] + 1, trials)
        elif spec[0] == "log_uniform":
            columns[name] = 10 ** rng.uniform(np.log10(spec[1]), np.log10(spec[2]), trials)
        else:
            columns[name] = rng.uniform(spec[1], spec[2], trials)
    return [{name: columns[name][i] for name in columns} for i in range(trials)]
"""
PLAIN = """
def random_search(space, trials, seed):
    import random
    draw = random.Random(seed)
    def one(spec):
        if spec[0] == "choice":
            return draw.choice(spec[1])
        if spec[0] == "integer":
            return draw.randint(spec[1], spec[2])
        if spec[0] == "uniform":
            return draw.uniform(spec[1], spec[2])
        return spec[1] * (spec[2] / spec[1]) ** draw.random()
    return [{name: one(spec) for name, spec in space.items()} for _ in range(trials)]
"""
SCIPY = """
def random_search(space, trials, seed):
    from scipy.stats import loguniform, randint, uniform
    rng = np.random.default_rng(seed)
    made = {}
    for name, spec in space.items():
        if spec[0] == "choice":
            made[name] = rng.choice(spec[1], size=trials).tolist()
        elif spec[0] == "integer":
            made[name] = randint(spec[1], spec[2] + 1).rvs(trials, random_state=rng).tolist()
        elif spec[0] == "uniform":
            made[name] = uniform(spec[1], spec[2] - spec[1]).rvs(trials, random_state=rng).tolist()
        else:
            made[name] = loguniform(spec[1], spec[2]).rvs(trials, random_state=rng).tolist()
    return [dict(zip(made, row)) for row in zip(*made.values())]
"""
INTEGERS = "int(rng.integers(ends[0], ends[1] + 1))"
RANDOM_SEARCH = [
    search(RIGHT, name="value by value"),
    search(RIGHT, name="column by column", source=COLUMNS),
    search(RIGHT, name="Python's own generator", source=PLAIN),
    search(RIGHT, name="distributions of SciPy", source=SCIPY),
    search(RIGHT, (INTEGERS, "ends[0] + int(rng.random() * (ends[1] - ends[0] + 1))")),
    search("exp|logarithm|end", (LOG, "np.exp(rng.uniform(ends[0], ends[1]))")),
    search("10|power|logarithm|end", (LOG, "10 ** rng.uniform(ends[0], ends[1])")),
    search("even|log", (LOG, "rng.uniform(ends[0], ends[1])")),
    search("back|undo|logarithm", (LOG, "rng.uniform(np.log(ends[0]), np.log(ends[1]))")),
    search("base|10|natural", (LOG, "10 ** rng.uniform(np.log(ends[0]), np.log(ends[1]))")),
    search(
        "same|all trials|generator",
        ("    for _ in range(trials):\n", "    for _ in range(trials):\n        rng = np.random.default_rng(seed)\n"),
        name="a generator in each trial",
    ),
    search(
        "together|one draw|same|own",
        ("        for name,", "        for name,"),
        ("    for _ in range(trials):\n", "    for _ in range(trials):\n        u = rng.random()\n"),
        (LOG, "ends[0] * (ends[1] / ends[0]) ** u"),
        ("rng.uniform(ends[0], ends[1])", "ends[0] + u * (ends[1] - ends[0])"),
        name="one draw for the whole trial",
    ),
    search(
        "together|one draw|same|own",
        (
            '            if kind == "choice"',
            '            rng = np.random.default_rng(seed + _)\n            if kind == "choice"',
        ),
        name="a generator for each value, by the trial",
    ),
    search("seed", ("default_rng(seed)", "default_rng()")),
    search("seed", ("default_rng(seed)", "default_rng(42)")),
    search("largest|last|high|end", (INTEGERS, "int(rng.integers(ends[0], ends[1]))")),
    search("whole|integer|fraction", (INTEGERS, "rng.uniform(ends[0], ends[1])")),
    search("round|half|end", (INTEGERS, "round(rng.uniform(ends[0], ends[1]))")),
    search("largest|last|high|end", (INTEGERS, "int(rng.uniform(ends[0], ends[1]))")),
    search("last|choice", ("rng.integers(len(ends[0]))", "rng.integers(len(ends[0]) - 1)")),
    search("first|choice", ("ends[0][rng.integers(len(ends[0]))]", "ends[0][0]")),
    search("number|place|index|choice", ("ends[0][rng.integers(len(ends[0]))]", "int(rng.integers(len(ends[0])))")),
    search(
        "same dict|last|one dict|all trials",
        ("        setting = {}\n", ""),
        ("    settings = []\n", "    settings = []\n    setting = {}\n"),
        name="one dict for all",
    ),
    search("fewer|one|trial", ("range(trials)", "range(1, trials)")),
    search("more|one|trial", ("range(trials)", "range(trials + 1)")),
    search(
        "first|return|loop|trial", ("    return settings\n", "        return settings\n"), name="return in the loop"
    ),
    search(
        "list|dict|columns",
        name="a dict of columns",
        source=COLUMNS.replace("[{name: columns[name][i] for name in columns} for i in range(trials)]", "columns"),
    ),
    search("dict|name|values", ("        settings.append(setting)", "        settings.append(list(setting.values()))")),
    search(
        "normal|bell|even|outside",
        (
            "                setting[name] = rng.uniform(ends[0], ends[1])",
            "                setting[name] = rng.normal((ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 4)",
        ),
        name="a bell between the ends",
    ),
    search(
        "grid|evenly|steps|draw",
        (LOG, "np.geomspace(ends[0], ends[1], trials)[_]"),
        name="a grid of rates",
    ),
    search("return|None", ("    return settings\n", ""), name="no return"),
    search("few|digits|round", (LOG, "round(np.exp(rng.uniform(np.log(ends[0]), np.log(ends[1]))), 1)")),
    search(
        "0|unit|ends|between",
        (
            "                setting[name] = rng.uniform(ends[0], ends[1])",
            "                setting[name] = rng.random()",
        ),
        name="dropout from 0 to 1",
    ),
]

BEST = ["best = values[np.argmax(scores)]"]
WIDEN = answers(
    "widen",
    BEST,
    (
        RIGHT,
        "place = np.log(best / low) / np.log(high / low)",
        "if place < 0.1:",
        "    low = low / 10",
        "elif place > 0.9:",
        "    high = high * 10",
        "return low, high",
    ),
    (
        RIGHT,
        "a, b, c = np.log10([low, best, high])",
        "return [10 ** (a - 1) if b < a + 0.1 * (c - a) else low, 10 ** (c + 1) if b > c - 0.1 * (c - a) else high]",
    ),
    (
        RIGHT,
        "width = (high / low) ** 0.1",
        "return (low / 10 if best < low * width else low), (high * 10 if best > high / width else high)",
    ),
    (
        "even|logarithm|straight",
        "place = (best - low) / (high - low)",
        "return (low / 10 if place < 0.1 else low), (high * 10 if place > 0.9 else high)",
    ),
    (
        "both",
        "place = np.log(best / low) / np.log(high / low)",
        "if place < 0.1 or place > 0.9:",
        "    return low / 10, high * 10",
        "return low, high",
    ),
    (
        "inward|narrow|wrong way|direction",
        "place = np.log(best / low) / np.log(high / low)",
        "return (low * 10 if place < 0.1 else low), (high / 10 if place > 0.9 else high)",
    ),
    (
        "other end|swap|wrong end",
        "place = np.log(best / low) / np.log(high / low)",
        "return (low / 10 if place > 0.9 else low), (high * 10 if place < 0.1 else high)",
    ),
    (
        "never|exactly|on the end|itself",
        "return (low / 10 if best <= low else low), (high * 10 if best >= high else high)",
    ),
    ("stay|never|nothing", "return low, high"),
    ("always|both|wherever", "return low / 10, high * 10"),
    (
        "minus|subtract|factor",
        "place = np.log(best / low) / np.log(high / low)",
        "return (low - 10 if place < 0.1 else low), (high + 10 if place > 0.9 else high)",
    ),
    (
        "factor|10|doubl|2",
        "place = np.log(best / low) / np.log(high / low)",
        "return (low / 2 if place < 0.1 else low), (high * 2 if place > 0.9 else high)",
    ),
    (
        "quarter|tenth|0.25|border",
        "place = np.log(best / low) / np.log(high / low)",
        "return (low / 10 if place < 0.25 else low), (high * 10 if place > 0.75 else high)",
    ),
    (
        "around|shift|moves",
        "place = np.log(best / low) / np.log(high / low)",
        "if place < 0.1:",
        "    return low / 10, high / 10",
        "if place > 0.9:",
        "    return low * 10, high * 10",
        "return low, high",
    ),
    ("shrink|zoom|around|inside", "return best / 10, best * 10"),
    (
        "one|tuple|pair|two",
        "place = np.log(best / low) / np.log(high / low)",
        "return low / 10 if place < 0.1 else high * 10",
    ),
) + answers(
    "widen",
    ["place = np.log(np.asarray(values) / low) / np.log(high / low)"],
    (
        "any|best|some",
        "return (low / 10 if np.any(place < 0.1) else low), (high * 10 if np.any(place > 0.9) else high)",
    ),
    (
        "worst|smallest|low score",
        "p = place[np.argmin(scores)]",
        "return (low / 10 if p < 0.1 else low), (high * 10 if p > 0.9 else high)",
    ),
    (
        "last",
        "p = place[-1]",
        "return (low / 10 if p < 0.1 else low), (high * 10 if p > 0.9 else high)",
    ),
    (
        "largest value|largest|score",
        "p = place.max()",
        "return (low / 10 if p < 0.1 else low), (high * 10 if p > 0.9 else high)",
    ),
    (
        "mean|average",
        "p = place.mean()",
        "return (low / 10 if p < 0.1 else low), (high * 10 if p > 0.9 else high)",
    ),
    (
        RIGHT,
        "p = place[np.asarray(scores).argmax()]",
        "return np.array([low / 10 if p < 0.1 else low, high * 10 if p > 0.9 else high])",
    ),
)
CASES = [*LOG_UNIFORM, *RANDOM_SEARCH, *WIDEN]
