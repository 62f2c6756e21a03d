"""The best of a study, what it is worth, and fair comparisons, as people write them."""

from tests.exercises.banks import BUGGY, RIGHT, answers_to, cases_of

answers = answers_to(
    {
        "best_settings": "settings, validation, test",
        "expected_best": "scores, budget",
        "fair_comparison": "values, scores",
    }
)

BEST_SETTINGS = answers(
    "best_settings",
    [],
    (RIGHT, "best = np.argmax(validation)", "return settings[best], test[best]"),
    (RIGHT, "best = list(validation).index(max(validation))", "return [settings[best], float(test[best])]"),
    (RIGHT, "_, i = max((v, -i) for i, v in enumerate(validation))", "return settings[-i], test[-i]"),
    (RIGHT, "order = np.argsort(-np.asarray(validation), kind='stable')", "return settings[order[0]], test[order[0]]"),
    (BUGGY, "best = int(np.argmax(test))", "return settings[best], test[best]"),
    (BUGGY, "i = list(test).index(max(test))", "return settings[i], max(test)"),
    ("validation", "best = np.argmax(validation)", "return settings[best], validation[best]"),
    ("best test|test score|largest test|its own", "best = np.argmax(validation)", "return settings[best], max(test)"),
    ("test", "best = np.argmax(test)", "return settings[best], validation[best]"),
    (
        "test|sum|mean|both|together",
        "best = np.argmax(np.asarray(validation) + np.asarray(test))",
        "return settings[best], test[best]",
    ),
    ("smallest|worst", "best = np.argmin(validation)", "return settings[best], test[best]"),
    ("setting|number|place|index", "best = int(np.argmax(validation))", "return best, test[best]"),
    ("mean|all", "best = np.argmax(validation)", "return settings[best], np.mean(test)"),
    ("pair|test score|two|alone", "best = np.argmax(validation)", "return settings[best]"),
    ("order|swap|first", "best = np.argmax(validation)", "return test[best], settings[best]"),
    ("last", "return settings[-1], test[-1]"),
    (
        "gap|difference|test",
        "best = np.argmin(np.abs(np.asarray(validation) - np.asarray(test)))",
        "return settings[best], test[best]",
    ),
    (
        "test|few|best three|top",
        "top = np.argsort(validation)[-3:]",
        "best = max(top, key=lambda i: test[i])",
        "return settings[best], test[best]",
    ),
)

EXPECTED_BEST = answers(
    "expected_best",
    ["import math", "s = np.sort(np.asarray(scores, float))", "n = len(s)"],
    (RIGHT, "return sum(s[i] * math.comb(i, budget - 1) for i in range(n)) / math.comb(n, budget)"),
    (
        RIGHT,
        "below = np.array([math.comb(i, budget) for i in range(n + 1)]) / math.comb(n, budget)",
        "return s @ np.diff(below)",
    ),
    (
        RIGHT,
        "total, left = 0.0, 1.0",
        "for i in range(n - 1, budget - 2, -1):",
        "    p = budget / (i + 1)",
        "    total, left = total + left * p * s[i], left * (1 - p)",
        "return total",
    ),
    (RIGHT, "from scipy.special import comb", "return np.sum(s * comb(np.arange(n), budget - 1)) / comb(n, budget)"),
    (
        "replac|twice|again",
        "i = np.arange(1, n + 1)",
        "return np.sum(s * ((i / n) ** budget - ((i - 1) / n) ** budget))",
    ),
    ("largest of all|whole|best of all|budget", "return s[-1]"),
    ("one|shift|below|counts", "return sum(s[i] * math.comb(i, budget) for i in range(n)) / math.comb(n, budget)"),
    (
        "one|shift|itself|counted",
        "return sum(s[i] * math.comb(i + 1, budget - 1) for i in range(n)) / math.comb(n, budget)",
    ),
    ("divid|weights|sum to 1", "return sum(s[i] * math.comb(i, budget - 1) for i in range(n))"),
    (
        "worst|smallest|descending|order",
        "s = s[::-1]",
        "return sum(s[i] * math.comb(i, budget - 1) for i in range(n)) / math.comb(n, budget)",
    ),
    ("largest budget|top|best ones|mean", "return s[-budget:].mean()"),
    ("quantile|share", "return np.quantile(s, budget / (budget + 1))"),
    ("mean|budget of 1|single", "return s.mean()"),
    (
        "divid|weights|budget",
        "return sum(s[i] * math.comb(i, budget - 1) for i in range(n)) / math.comb(n, budget - 1)",
    ),
    (
        "draw|chance|random|exact",
        "rng = np.random.default_rng(0)",
        "return np.mean([rng.choice(s, budget, replace=False).max() for _ in range(500)])",
    ),
    (
        "draw|chance|random|exact|replac",
        "rng = np.random.default_rng(0)",
        "return np.mean([rng.choice(s, budget).max() for _ in range(500)])",
    ),
    ("return|None", "ways = [math.comb(i, budget - 1) / math.comb(n, budget) for i in range(n)]"),
    ("one|array|sum|each", "return s * [math.comb(i, budget - 1) / math.comb(n, budget) for i in range(n)]"),
    ("smallest", "return sum(s[i] * math.comb(n - 1 - i, budget - 1) for i in range(n)) / math.comb(n, budget)"),
    ("median", "i = np.arange(1, n + 1)", "return s[np.searchsorted((i / n) ** budget, 0.5)]"),
) + answers(
    "expected_best",
    [],
    (RIGHT, "import itertools", "return np.mean([max(few) for few in itertools.combinations(scores, budget)])"),
    ("first|order", "return max(scores[:budget])"),
    ("last|order", "return np.max(scores[-budget:])"),
    (
        "piece|block|row|order|one behind|follow",
        "return np.mean([max(scores[i : i + budget]) for i in range(len(scores) - budget + 1)])",
    ),
    (
        "piece|block|row|order|one behind|follow",
        "return np.mean([max(scores[i : i + budget]) for i in range(0, len(scores), budget)])",
    ),
    (
        "sort|order",
        "import math",
        "n = len(scores)",
        "return sum(scores[i] * math.comb(i, budget - 1) for i in range(n)) / math.comb(n, budget)",
    ),
    (
        "replac|twice|again",
        "import itertools",
        "return np.mean([max(few) for few in itertools.product(scores, repeat=budget)])",
    ),
    (
        "replac|twice|again",
        "import itertools",
        "return np.mean([max(few) for few in itertools.combinations_with_replacement(scores, budget)])",
    ),
    ("mean|largest", "import itertools", "return max(np.mean(few) for few in itertools.combinations(scores, budget))"),
)

EXPECTED = """
def expected(group, k):
    from math import comb
    s = np.sort(group)
    return sum(s[i] * comb(i, k - 1) for i in range(len(s))) / comb(len(s), k)


def fair_comparison(values, scores):
    values, scores = np.asarray(values), np.asarray(scores)
    groups = {v: scores[values == v] for v in np.unique(values)}
    k = min(len(group) for group in groups.values())
    return {v: expected(group, k) for v, group in groups.items()}
"""
fair = cases_of("fair_comparison", EXPECTED)
BOOT = "expected(group, k) for v, group in groups.items()"
FAIR_COMPARISON = [
    fair(RIGHT, name="expected best of the smallest group's size"),
    fair(RIGHT, ("np.unique(values)", "set(values.tolist())")),
    fair(
        RIGHT,
        name="by combinations",
        source="""
def fair_comparison(values, scores):
    from itertools import combinations
    groups = {}
    for value, score in zip(values, scores):
        groups.setdefault(value, []).append(score)
    least = min(map(len, groups.values()))
    return {value: np.mean([max(few) for few in combinations(group, least)]) for value, group in groups.items()}
""",
    ),
    fair(
        RIGHT,
        name="with the chapter's own expected_best",
        source="""
def fair_comparison(values, scores):
    from course_lib.tuning import expected_best
    values, scores = np.asarray(values), np.asarray(scores)
    kinds, counts = np.unique(values, return_counts=True)
    return {kind: expected_best(scores[values == kind], int(counts.min())) for kind in kinds.tolist()}
""",
    ),
    fair("luck|more trials|largest", (BOOT, "group.max() for v, group in groups.items()")),
    fair("mean|average|tuned", (BOOT, "group.mean() for v, group in groups.items()")),
    fair("first|order", (BOOT, "group[:k].max() for v, group in groups.items()")),
    fair("own|each group|luck|whole", (BOOT, "expected(group, len(group)) for v, group in groups.items()")),
    fair("largest group|smallest|budget", ("k = min(", "k = max(")),
    fair("median|middle", (BOOT, "np.median(group) for v, group in groups.items()")),
    fair("smallest|worst", (BOOT, "group.min() for v, group in groups.items()")),
    fair("one trial less|off by one|budget|fewer", ("groups.values())\n", "groups.values()) - 1\n")),
    fair(
        "list|dict|value",
        (
            "return {v: expected(group, k) for v, group in groups.items()}",
            "return [expected(group, k) for v, group in groups.items()]",
        ),
    ),
    fair(
        "best value|which|dict|each",
        ("return {v: ", "result = {v: "),
        ("groups.items()}\n", "groups.items()}\n    return max(result, key=result.get)\n"),
        name="the winner alone",
    ),
    fair("number of|groups|budget", ("k = min(len(group) for group in groups.values())", "k = len(groups)")),
    fair(
        "replac|twice|again",
        (
            "s[i] * comb(i, k - 1) for i in range(len(s))) / comb(len(s), k)",
            "s[i] * ((i + 1) ** k - i**k) for i in range(len(s))) / len(s) ** k",
        ),
    ),
    fair("best trials|top|largest", (BOOT, "np.sort(group)[-k:].mean() for v, group in groups.items()")),
    fair(
        "all trials|budget|group|mean size|average",
        ("k = min(len(group) for group in groups.values())", "k = len(values) // len(groups)"),
    ),
    fair(
        "draw|random|chance",
        (BOOT, "np.random.default_rng(0).choice(group, k, replace=False).max() for v, group in groups.items()"),
    ),
    fair("budget of 1|mean|one", ("k = min(len(group) for group in groups.values())", "k = 1")),
    fair("count|number of trials|how many", (BOOT, "len(group) for v, group in groups.items()")),
    fair(
        "difference|relative|best",
        ("return {v: ", "result = {v: "),
        ("groups.items()}\n", "groups.items()}\n    return {v: r - max(result.values()) for v, r in result.items()}\n"),
        name="differences to the best",
    ),
]
CASES = [*BEST_SETTINGS, *EXPECTED_BEST, *FAIR_COMPARISON]
