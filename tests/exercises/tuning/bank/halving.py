"""Successive halving and tests of `is_better`, as people write them."""

from tests.exercises.banks import RIGHT, cases_of

HALVING = """
def successive_halving(settings, score, least=1, most=27, eta=3):
    alive = list(settings)
    epochs = least
    while True:
        scores = [score(s, epochs) for s in alive]
        order = np.argsort(scores)[::-1]
        if epochs * eta > most:
            return alive[order[0]]
        keep = max(1, len(alive) // eta)
        alive = [alive[i] for i in order[:keep]]
        epochs = epochs * eta
"""
halving = cases_of("successive_halving", HALVING)

SORTED = """
def successive_halving(settings, score, least=1, most=27, eta=3):
    epochs = least
    while epochs <= most:
        ranked = sorted(settings, key=lambda setting: score(setting, epochs), reverse=True)
        settings = ranked[:max(len(ranked) // eta, 1)]
        epochs *= eta
    return ranked[0]
"""
STOPS_AT_ONE = """
def successive_halving(settings, score, least=1, most=27, eta=3):
    from math import floor
    pool, epochs = [(s, None) for s in settings], least
    while len(pool) > 1 and epochs <= most:
        pool = [(s, score(s, epochs)) for s, _ in pool]
        pool.sort(key=lambda pair: -pair[1])
        best = pool[0][0]
        pool = pool[:max(1, floor(len(pool) / eta))]
        epochs *= eta
    return best if len(pool) > 1 else pool[0][0]
"""
RECURSIVE = """
def successive_halving(settings, score, least=1, most=27, eta=3):
    scores = np.array([score(s, least) for s in settings])
    if least * eta > most:
        return settings[int(scores.argmax())]
    best = np.argsort(-scores)[: max(len(settings) // eta, 1)]
    return successive_halving([settings[i] for i in best], score, least * eta, most, eta)
"""
LOOPED = """
def successive_halving(settings, score, least=1, most=27, eta=3):
    alive, rounds = list(range(len(settings))), 1
    while least * eta ** rounds <= most:
        rounds += 1
    for r in range(rounds):
        results = {i: score(settings[i], least * eta ** r) for i in alive}
        alive = sorted(results, key=results.get)[::-1]
        winner = alive[0]
        alive = alive[: max(1, int(len(alive) / eta))]
    return settings[winner]
"""
KEEP = "max(1, len(alive) // eta)"
MULTIPLY = "epochs = epochs * eta"
HALVINGS = [
    halving(RIGHT, name="scores in a list"),
    halving(RIGHT, name="sorted by a key", source=SORTED),
    halving(RIGHT, name="stops where one is left", source=STOPS_AT_ONE),
    halving(RIGHT, name="recursive", source=RECURSIVE),
    halving(RIGHT, name="the rounds counted first", source=LOOPED),
    halving("round", (KEEP, "int(np.ceil(len(alive) / eta))")),
    halving("round", (KEEP, "-(-len(alive) // eta)")),
    halving("round", (KEEP, "max(1, round(len(alive) / eta))")),
    halving("same number|fixed|third of all|first", (KEEP, "max(1, len(settings) // eta)")),
    halving("same number|fixed|number", (KEEP, "3")),
    halving("half|eta", (KEEP, "max(1, len(alive) // 2)")),
    halving("one|only|best alone|single", (KEEP, "1")),
    halving("thrown out|left out|keep|goes on", (KEEP, "max(1, len(alive) - len(alive) // eta)")),
    halving("one less|one at a time|worst", (KEEP, "max(1, len(alive) - 1)")),
    halving("all|nobody|none|thrown", (KEEP, "len(alive)")),
    halving("worst|smallest|ascending", ("[::-1]", "")),
    halving(
        "grow|same number of epochs|more epochs|longer", (MULTIPLY, "pass"), ("epochs * eta > most", "len(alive) == 1")
    ),
    halving("added|plus|multipl", (MULTIPLY, "epochs = epochs + eta"), ("epochs * eta > most", "epochs + eta > most")),
    halving("doubl|eta|2", (MULTIPLY, "epochs = epochs * 2"), ("epochs * eta > most", "epochs * 2 > most")),
    halving("least|first round|1 epoch", ("epochs = least", "epochs = 1")),
    halving("most|longer|exceed", ("epochs * eta > most", "epochs > most")),
    halving("last round|most|one too few|early", ("epochs * eta > most", "epochs * eta >= most")),
    halving("list|one", ("return alive[order[0]]", "return alive")),
    halving("score|setting", ("return alive[order[0]]", "return max(scores)")),
    halving("number|place|index", ("return alive[order[0]]", "return int(order[0])")),
    halving("order|first of|last round|sort", ("return alive[order[0]]", "return alive[0]")),
    halving("worst|last", ("return alive[order[0]]", "return alive[order[-1]]")),
    halving(
        "first round|again|new scores|once",
        (
            "    while True:\n        scores = [score(s, epochs) for s in alive]\n"
            "        order = np.argsort(scores)[::-1]\n",
            "    alive = sorted(alive, key=lambda s: -score(s, least))\n"
            "    while True:\n        order = range(len(alive))\n",
        ),
        name="scores of the first round alone",
    ),
    halving("order|first|look|score", ("np.argsort(scores)[::-1]", "np.arange(len(scores))")),
    halving(
        "chance|random|draw|not the best",
        ("np.argsort(scores)[::-1]", "np.random.default_rng(0).permutation(len(scores))"),
    ),
    halving(
        "every|all|whole|halv|most",
        name="everything to the end",
        source="""
def successive_halving(settings, score, least=1, most=27, eta=3):
    return max(settings, key=lambda setting: score(setting, most))
""",
    ),
    halving(
        "first round|once|least",
        name="one round",
        source="""
def successive_halving(settings, score, least=1, most=27, eta=3):
    return max(settings, key=lambda setting: score(setting, least))
""",
    ),
    halving(
        "any round|earlier|all rounds|ever",
        name="the best score of any round",
        source="""
def successive_halving(settings, score, least=1, most=27, eta=3):
    best, winner, alive, epochs = -1e9, None, list(settings), least
    while epochs <= most:
        scores = [score(s, epochs) for s in alive]
        if max(scores) > best:
            best, winner = max(scores), alive[int(np.argmax(scores))]
        order = np.argsort(scores)[::-1][:max(1, len(alive) // eta)]
        alive, epochs = [alive[i] for i in order], epochs * eta
    return winner
""",
    ),
    halving(
        "0|start|negative|initial",
        name="the best begins at 0",
        source="""
def successive_halving(settings, score, least=1, most=27, eta=3):
    alive, epochs = list(settings), least
    while epochs <= most:
        best, winner = 0, None
        scores = [score(s, epochs) for s in alive]
        for setting, value in zip(alive, scores):
            if value > best:
                best, winner = value, setting
        order = np.argsort(scores)[::-1][:max(1, len(alive) // eta)]
        alive, epochs = [alive[i] for i in order], epochs * eta
    return winner
""",
    ),
    halving("return|None", ("            return alive[order[0]]", "            break")),
    halving("empty|none is left|at least|one", (KEEP, "len(alive) // eta")),
]

TEST = """
def tells_luck_apart(is_better):
    luck = is_better([0.90, 0.94, 0.92, 0.88, 0.93], [0.91, 0.89, 0.93, 0.87, 0.92])
    clear = is_better([0.95, 0.951, 0.949, 0.95, 0.952], [0.94, 0.941, 0.939, 0.94, 0.942])
    worse = is_better([0.90, 0.901, 0.899, 0.90, 0.902], [0.94, 0.941, 0.939, 0.94, 0.942])
    return clear and not luck and not worse
"""
luck = cases_of("tells_luck_apart", TEST)
LUCK = [
    luck("slip", name="three pairs of five"),
    luck("everything|accept", name="always", source="def tells_luck_apart(is_better):\n    return True\n"),
    luck("everything|refuse", name="never", source="def tells_luck_apart(is_better):\n    return False\n"),
    luck(
        "slip|clear|better",
        name="a clear case alone",
        source="""
def tells_luck_apart(is_better):
    return is_better([0.95, 0.951, 0.949], [0.90, 0.901, 0.899])
""",
    ),
    luck(
        "slip|luck",
        name="luck alone",
        source="""
def tells_luck_apart(is_better):
    return not is_better([0.90, 0.94, 0.92, 0.88, 0.93], [0.91, 0.89, 0.93, 0.87, 0.92])
""",
    ),
    luck(
        "higher mean|mean|refuse|demand",
        name="wants the higher mean",
        source="""
def tells_luck_apart(is_better):
    rng = np.random.default_rng(0)
    for _ in range(50):
        a, b = rng.normal(0.9, 0.02, 5), rng.normal(0.9, 0.02, 5)
        if is_better(a, b) != (a.mean() > b.mean()):
            return False
    return True
""",
    ),
    luck(
        "verdict|True or False|return|None",
        name="nothing returned",
        source="""
def tells_luck_apart(is_better):
    is_better([0.9, 0.91], [0.8, 0.81])
""",
    ),
    luck(
        RIGHT,
        name="six pairs, assertions",
        source="""
def tells_luck_apart(is_better):
    steady = np.array([-0.001, 0.0, 0.001, 0.0005, -0.0005])
    wild = np.array([-0.05, 0.05, 0.03, -0.04, 0.01])
    assert is_better(0.95 + steady, 0.90 + steady)
    assert not is_better(0.90 + steady, 0.95 + steady)
    assert is_better(0.9010 + steady / 100, 0.9000 + steady / 100)
    assert not is_better(0.92 + wild, 0.90 + wild)
    assert not is_better(0.92 + steady, 0.90 + wild)
    assert not is_better(0.92 + wild, 0.90 + steady)
    many = np.tile(wild, 40)
    assert is_better(0.93 + many, 0.90 + many)
    assert not is_better(0.901 + many, 0.90 + many)
    # the luckiest seed, and a few seeds, decide nothing
    assert is_better(0.95 + steady, np.append(0.90 + steady, [0.955]))
    assert not is_better(np.append(0.90 + steady, 0.99), 0.90 + steady)
    # one bad seed of the first, and higher in most seeds
    assert not is_better([0.91, 0.91, 0.91, 0.91, 0.80], [0.90, 0.90, 0.90, 0.90, 0.90])
    return True
""",
    ),
]
CASES = [*HALVINGS, *LUCK]
