"""Answers that were thought of after the first probes: other ways to write what is right, other ways to be wrong."""

from tests.exercises.banks import RIGHT, answers_to, written
from tests.exercises.tuning.bank.choosing import EXPECTED
from tests.exercises.tuning.bank.drawing import LOG, SEARCH
from tests.exercises.tuning.bank.halving import HALVING, KEEP

answers = answers_to(
    {
        "log_uniform": "u, low, high",
        "widen": "values, scores, low, high",
        "best_settings": "settings, validation, test",
        "expected_best": "scores, budget",
    }
)

LOG_UNIFORM = answers(
    "log_uniform",
    [],
    (RIGHT, "import math", "return low * np.power(high / low, u)"),
    (RIGHT, "return np.exp((1 - u) * np.log(low) + u * np.log(high))"),
    (RIGHT, "decades = np.log10(high / low)", "return low * 10 ** (u * decades)"),
    ("drawn|random|u", "return np.exp(np.random.uniform(np.log(low), np.log(high)))"),
    ("u", "return (low * high) ** 0.5"),
    ("difference|quotient", "return low * np.exp(u * (high - low))"),
    ("difference|quotient", "return low * 10 ** (u * (high - low))"),
    ("begins|high end|high", "return np.exp(u * np.log(low) + (1 - u) * np.log(high))"),
    ("base|10|e", "return np.exp(np.log2(low) + u * (np.log2(high) - np.log2(low)))"),
    ("logarithm|undo", "return np.log2(low) + u * (np.log2(high) - np.log2(low))"),
    ("high|factor|quotient|power", "return low * high ** u"),
)


def search(told, *changes, name=""):
    return written("random_search", SEARCH, told, *changes, name=name)


UNIFORM = "                setting[name] = rng.uniform(ends[0], ends[1])"
RANDOM_SEARCH = [
    search(
        RIGHT,
        ("    rng = np.random.default_rng(seed)\n", "    np.random.seed(seed)\n    rng = np.random\n"),
        ("rng.integers", "rng.randint"),
        name="NumPy's global generator",
    ),
    search(RIGHT, ("    return settings\n", "    return tuple(settings)\n"), name="a tuple of settings"),
    search(RIGHT, ("    return settings\n", "    return np.array(settings)\n"), name="an array of settings"),
    search("seed|same", ("ends[0][rng.integers(len(ends[0]))]", "np.random.choice(ends[0])")),
    search("dict|list", ("    return settings\n", "    return dict(enumerate(settings))\n"), name="a dict by number"),
    search(
        "single|list|one",
        ("        settings.append(setting)\n    return settings\n", "    return setting\n"),
        name="one setting",
    ),
    search("dict", ("settings.append(setting)", "settings.append(list(setting.items()))"), name="pairs"),
    search("low end|0", (UNIFORM, "                setting[name] = rng.random() * ends[1]"), name="from zero"),
    search("width|beyond|high", (UNIFORM, "                setting[name] = ends[0] + rng.random() * ends[1]")),
    search("four|ends|powers", (LOG, "ends[0] * 10 ** rng.uniform(0, 4)")),
    search("powers of ten|few", (LOG, "10.0 ** rng.integers(np.log10(ends[0]), np.log10(ends[1]) + 1)")),
    search("seed", ("default_rng(seed)", "default_rng(int(seed > 0))"), name="a seed that is always 1"),
    search(
        "same|all|generator",
        ("        setting = {}\n", "        setting = {}\n        rng = np.random.default_rng(seed)\n"),
        name="a generator beside the dict",
    ),
    search("log|even", ('elif kind == "log_uniform":', 'elif kind == "loguniform":'), name="a kind that never comes"),
]

PLACE = ["best = values[np.argmax(scores)]", "place = np.log(best / low) / np.log(high / low)"]
WIDEN = answers(
    "widen",
    PLACE,
    (RIGHT, "return low * 0.1 ** (place < 0.1), high * 10.0 ** (place > 0.9)"),
    (RIGHT, "if 0.1 <= place <= 0.9: return low, high", "return (low / 10, high) if place < 0.5 else (low, high * 10)"),
    (
        "smallest|largest|tried",
        "return (low / 10 if best == min(values) else low), (high * 10 if best == max(values) else high)",
    ),
    ("fixed|factor|two", "return (low / 10 if best < 2 * low else low), (high * 10 if best > high / 2 else high)"),
    ("fixed|factor|ten", "return (low / 10 if best < 10 * low else low), (high * 10 if best > high / 10 else high)"),
    ("factor|10", "return (low / 100 if place < 0.1 else low), (high * 100 if place > 0.9 else high)"),
    ("dict|pair", "return {'low': low / 10 if place < 0.1 else low, 'high': high * 10 if place > 0.9 else high}"),
    ("order|high one first", "return (high * 10 if place > 0.9 else high), (low / 10 if place < 0.1 else low)"),
    ("best value|old end|reckoned", "return (best / 10 if place < 0.1 else low), (best * 10 if place > 0.9 else high)"),
)

BEST = answers(
    "best_settings",
    ["best = int(np.argmax(validation))"],
    (RIGHT, "chosen = settings[best]", "return chosen, float(test[best])"),
    ("pair|dict", "return {'setting': settings[best], 'test': test[best]}"),
    ("more than|pair|3|three", "return settings[best], validation[best], test[best]"),
    ("mean", "return settings[best], (validation[best] + test[best]) / 2"),
    ("lower", "return settings[best], min(validation[best], test[best])"),
    ("first", "return settings[0], test[0]"),
    ("setting|score", "return settings[best], settings[best]"),
)

EXPECTED_BEST = answers(
    "expected_best",
    ["from math import comb", "s = np.sort(scores)", "n = len(s)"],
    (RIGHT, "return sum(s[i - 1] * comb(i - 1, budget - 1) for i in range(budget, n + 1)) / comb(n, budget)"),
    (RIGHT, "import itertools", "return np.mean([max(p) for p in itertools.combinations(s.tolist(), budget)])"),
    ("weigh|chance|power", "i = np.arange(1, n + 1)", "return np.sum(s * (i / n) ** budget)"),
    ("weigh|power|rank", "w = np.arange(1, n + 1.0) ** budget", "return np.sum(s * w) / np.sum(w)"),
    ("normal|bell|deviation", "return s.mean() + s.std() * np.sqrt(2 * np.log(budget))"),
    ("replac|twice", "i = np.arange(n)", "return np.sum(s * (((i + 1) / n) ** budget - (i / n) ** budget))"),
    ("best-so-far|so far", "return np.mean(np.maximum.accumulate(scores))"),
    ("median", "import itertools", "return np.median([max(p) for p in itertools.combinations(s, budget)])"),
    ("largest", "return s[n - budget :].mean()"),
    (
        "random|draw|chance",
        "rng = np.random.default_rng()",
        "return np.mean([max(rng.choice(s, budget, replace=False)) for _ in range(1000)])",
    ),
)

BOOT = "expected(group, k) for v, group in groups.items()"
FAIR = [
    written("fair_comparison", EXPECTED, told, *changes, name=name)
    for told, name, *changes in [
        (RIGHT, "keys as plain numbers", ("np.unique(values)", "np.unique(values).tolist()")),
        (
            "larger than|smallest",
            "the largest group, by the library",
            (
                "def expected(group, k):\n",
                "def expected(group, k):\n    from course_lib.tuning import expected_best\n"
                "    return expected_best(group, k)\n",
            ),
            ("k = min(", "k = max("),
        ),
        (
            "one thing|value that wins|wins|all",
            "the best value's score",
            (f"return {{v: {BOOT}}}", f"return max({BOOT})"),
            ("expected(group, k) for v, group in groups.items())", "expected(group, k) for group in groups.values())"),
        ),
        ("last", "the last ones", (BOOT, "group[-k:].max() for v, group in groups.items()")),
        ("first", "the mean of the first ones", (BOOT, "group[:k].mean() for v, group in groups.items()")),
        ("all|same|together", "all trials", (BOOT, "expected(scores, k) for v, group in groups.items()")),
        (
            "random|order|draws",
            "draws",
            (
                BOOT,
                "np.mean([np.random.default_rng(i).choice(group, k, replace=False).max() for i in range(300)]) "
                "for v, group in groups.items()",
            ),
        ),
    ]
]

HALVINGS = [
    written("successive_halving", HALVING, told, *changes, name=name)
    for told, name, *changes in [
        (RIGHT, "argmax at the end", ("alive[order[0]]", "alive[int(np.argmax(scores))]")),
        (RIGHT, "rounded by int", (KEEP, "max(int(len(alive) / eta), 1)")),
        ("most", "until one is left", ("epochs * eta > most", "len(alive) == 1")),
        (
            "doubled|eta",
            "twice as many",
            ("epochs = epochs * eta", "epochs = 2 * epochs"),
            ("epochs * eta > most", "epochs * 2 > most"),
        ),
        ("one more", "one more", (KEEP, "len(alive) // eta + 1")),
        ("round before|comes first|last round", "sorted once less", ("return alive[order[0]]", "return alive[0]")),
        (
            "added up|early",
            "sums of scores",
            ("    epochs = least\n", "    epochs = least\n    sums = {s['rate']: 0 for s in settings}\n"),
            (
                "scores = [score(s, epochs) for s in alive]",
                "for s in alive: sums[s['rate']] += score(s, epochs)\n"
                "        scores = [sums[s['rate']] for s in alive]",
            ),
        ),
        (
            "back|most",
            "back from most",
            ("    epochs = least\n", "    epochs = most\n    while epochs // eta >= least:\n        epochs //= eta\n"),
        ),
    ]
]

LUCK = [
    written(
        "tells_luck_apart",
        """
def tells_luck_apart(is_better):
    a = 0.90 + np.array([0.001, -0.001, 0.002, -0.002, 0.0])
    return bool(is_better(a + 0.05, a)) and not is_better(a, a) and not is_better(a - 0.05, a)
""",
        "slip",
        name="steady ones alone",
    ),
    written(
        "tells_luck_apart",
        """
def tells_luck_apart(is_better):
    return is_better(np.array([0.9, 0.91, 0.92]), np.array([0.9, 0.91, 0.92])) == True
""",
        "refuse|demand",
        name="equal ones are better",
    ),
]
CASES = [*LOG_UNIFORM, *RANDOM_SEARCH, *WIDEN, *BEST, *EXPECTED_BEST, *FAIR, *HALVINGS, *LUCK]
