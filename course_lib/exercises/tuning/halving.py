"""The exercise on successive halving: many settings for a short time, few of them for long."""

import numpy as np

from course_lib import tuning
from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.observe import once
from course_lib.checking.scene import Curves

# {what is looked at: (how many settings, what the answer is told besides)}
SEARCHES = {
    "9 settings, from 1 to 9 epochs": (9, {"least": 1, "most": 9, "eta": 3}),
    "20 settings, as the defaults say": (20, {}),
    "11 settings, from 2 to 16 epochs, eta 2": (11, {"least": 2, "most": 16, "eta": 2}),
    "16 settings, from 1 to 10 epochs, eta 4": (16, {"least": 1, "most": 10, "eta": 4}),
    "7 settings, most as large as least": (7, {"least": 3, "most": 3, "eta": 3}),
    "10 settings, negative scores, from 1 to 4 epochs, eta 2": (10, {"least": 1, "most": 4, "eta": 2}),
    "2 settings, from 1 to 27 epochs": (2, {"least": 1, "most": 27, "eta": 3}),
}
FIRST, DEFAULTS, *_ = SEARCHES
CHOSEN_BY = f"{FIRST}: whether those that go on are the best of the round"
OTHERS = "no, others than the best go on"


def probe_successive_halving(successive_halving, rng):
    searches = {label: Search(count, rng, label, **told) for label, (count, told) in SEARCHES.items()}
    for label, search in searches.items():
        search.run_with(successive_halving)
        yield Row(f"{label}: the rate of the setting", search.winner, essential=label == FIRST)
        if label != "2 settings, from 1 to 27 epochs":
            trained = f"{label}: epochs, and how many settings are trained for so many"
            yield Row(trained, search.rounds, essential=label == FIRST)
    yield f"{FIRST}: which settings go on", searches[FIRST].who_goes_on
    yield CHOSEN_BY, searches[FIRST].chosen_by
    yield (
        "20 settings, as the defaults say: which ones are in the third round",
        lambda: searches[DEFAULTS].who_goes_on(2),
    )
    yield "whether a setting is trained for more epochs than `most`", lambda: longest(searches.values())


class Search:
    """A search that notes what is trained, on curves of which one rises late, and one falls early.

    A setting begins with level − slowness and comes near its level. One with the highest level is so slow that the
    first round throws it out; another one has the largest score of all in the first round, and overfits from then on.
    """

    def __init__(self, count, rng, label, **told):
        self.told = told
        self.settings = [{"rate": float(rate), "width": 8} for rate in rng.permutation(np.geomspace(1e-4, 1, count))]
        levels, slowness = rng.uniform(0.4, 0.6, count), rng.uniform(0.0, 0.2, count)
        falling = np.zeros(count)
        if count > 2:
            slow, early = rng.choice(np.arange(1, count - 1), 2, replace=False)
            levels[slow], slowness[slow] = 0.97, 0.9
            levels[early], slowness[early], falling[early] = 0.99, 0.0, 0.3
        shift = 3.0 if "negative" in label else 0.0
        rates = [setting["rate"] for setting in self.settings]
        self.curves = dict(zip(rates, zip(levels - shift, slowness, falling, strict=True), strict=True))
        self.trained: dict[float, set[float]] = {}

    def score(self, setting, epochs):
        self.trained.setdefault(float(epochs), set()).add(setting["rate"])
        return self.value(setting["rate"], epochs)

    def value(self, rate, epochs):
        level, slowness, falling = self.curves[rate]
        times = epochs / self.told.get("least", 1)
        return float(level - slowness / times - falling * (times - 1))

    def run_with(self, answer):
        self.result = once(lambda: answer(self.settings, self.score, **self.told))

    def winner(self):
        setting = self.result()
        if setting is None or isinstance(setting, dict):
            return setting and setting.get("rate", "a dict without a rate")
        if isinstance(setting, list | tuple):
            return "a list of settings"
        return "a number, no setting" if np.ndim(setting) == 0 else "something else than a setting"

    def rounds(self):
        """How many settings were trained for how long, in rounds of more than one: who is left alone has won."""
        if self.result() is None:
            return None
        rounds = [[epochs, len(trained)] for epochs, trained in sorted(self.trained.items()) if len(trained) > 1]
        return rounds or "no round of more than one"

    def who_goes_on(self, number=1):
        """The rates of those that are trained in the round of that number, counted from 0."""
        if self.result() is None:
            return None
        rounds = sorted(self.trained)
        return sorted(self.trained[rounds[number]]) if len(rounds) > number else "nobody: there is no such round"

    def chosen_by(self):
        """In words, whether those that are trained in the second round are the best of the first."""
        going_on = self.who_goes_on()
        if not isinstance(going_on, list):
            return going_on
        trained = sorted(self.trained[min(self.trained)], key=lambda rate: -self.value(rate, min(self.trained)))
        return "they are" if set(going_on) == set(trained[: len(going_on)]) else OTHERS


def longest(searches):
    """Return in words whether any search trained for longer than it may."""
    results = [search.result() for search in searches]
    if all(result is None for result in results):
        return None
    return "yes" if any(max(s.trained, default=0) > s.told.get("most", 27) for s in searches) else "no"


def faulty_halving(settings, score, least=1, most=27, eta=3, **made):
    alive, epochs, rounds = list(settings), 1 if "from_one" in made else least, 0
    best_ever, winner_ever, first_order, sums = -np.inf, None, None, {}
    if "back_from_most" in made:
        epochs = most
        while epochs // eta >= least:
            epochs //= eta
    factor = 2 if "epochs_doubled" in made else eta
    while True:
        # Never without an end, whatever two mistakes make together.
        rounds += 1
        scores = [score(setting, epochs) for setting in alive]
        order = list(np.argsort(-np.asarray(scores), kind="stable"))
        if "summed" in made:
            for setting, value in zip(alive, scores, strict=True):
                sums[id(setting)] = sums.get(id(setting), 0) + value
            order = sorted(range(len(alive)), key=lambda place: -sums[id(alive[place])])
        if "scores_once" in made:
            if first_order is None:
                first_order = {id(alive[place]): rank for rank, place in enumerate(order)}
            order = sorted(range(len(alive)), key=lambda place: first_order[id(alive[place])])
        if "unsorted" in made:
            order = list(range(len(alive)))
        if "the_worst" in made:
            order = order[::-1]
        if max(scores) > best_ever:
            best_ever, winner_ever = max(scores), alive[int(np.argmax(scores))]
        following = epochs + eta if "added" in made else epochs if "same_epochs" in made else epochs * factor
        is_last = following > most
        if "one_round_less" in made:
            is_last = following >= most
        if "one_round_more" in made:
            is_last = epochs > most
        if "same_epochs" in made:
            is_last = len(alive) == 1
        if is_last or rounds > 40:
            break
        n = len(alive)
        ways = {
            "rounded_up": -(-n // eta),
            "rounded": round(n / eta),
            "of_all": len(settings) // eta,
            "three": 3,
            "halved": n // 2,
            "one": 1,
            "all_but_some": n - n // eta,
            "all_but_one": n - 1,
            "everybody": n,
            "one_more": n // eta + 1,
        }
        keep = max(1, next((ways[flag] for flag in ways if flag in made), n // eta))
        alive = [alive[place] for place in order[:keep]]
        epochs = following
    if "best_ever" in made:
        return winner_ever
    if "the_first_left" in made:
        return alive[0]
    if "the_last_left" in made:
        return alive[order[-1]]
    chosen = alive[order[0]]
    if "list_of_left" in made:
        return alive
    if "the_score" in made:
        return max(scores)
    return chosen


def halving_of_none(settings, score, least=1, most=27, eta=3):
    """Nobody is left in the end: of fewer than eta settings 1/eta, rounded down, is none.

    Keep one at least: `max(1, len(alive) // eta)`.
    """
    alive, epochs = list(settings), least
    while epochs <= most:
        scores = [score(setting, epochs) for setting in alive]
        order = np.argsort(scores)[::-1]
        winner = alive[order[0]]
        alive, epochs = [alive[place] for place in order[: len(alive) // eta]], epochs * eta
    return winner


def halving_to_the_end(settings, score, least=1, most=27, eta=3):
    """Every setting is trained to the end: nothing is saved.

    Begin with `least` epochs, and let only the best 1/eta go on.
    """
    return max(settings, key=lambda setting: score(setting, most))


def halving_from_zero(settings, score, least=1, most=27, eta=3):
    """Where all scores are negative nothing is found: the best begins at 0, which none of them exceeds.

    Begin with the first score, or with `-np.inf`; `max` and `np.argmax` need no beginning.
    """
    alive, epochs, winner = list(settings), least, None
    while epochs <= most:
        scores, best, winner = [score(setting, epochs) for setting in alive], 0, None
        for setting, value in zip(alive, scores, strict=True):
            if value > best:
                best, winner = value, setting
        order = np.argsort(scores)[::-1]
        alive, epochs = [alive[place] for place in order[: max(1, len(alive) // eta)]], epochs * eta
    return winner


def halving_by_chance(settings, score, least=1, most=27, eta=3):
    rng, alive, epochs = np.random.default_rng(0), list(settings), least
    while True:
        for setting in alive:
            score(setting, epochs)
        order = rng.permutation(len(alive))
        if epochs * eta > most:
            return alive[order[0]]
        alive, epochs = [alive[place] for place in order[: max(1, len(alive) // eta)]], epochs * eta


def halving_by_place(settings, score, least=1, most=27, eta=3):
    """What comes back is a number, the place of a setting or its score, and not the setting.

    Return the setting itself.
    """
    tuning.successive_halving(settings, score, least, most, eta)
    return 0


def halving_by_sorting(settings, score, least=1, most=27, eta=3):
    epochs, ranked = least, list(settings)
    while epochs <= most:
        ranked = sorted(ranked, key=lambda setting: score(setting, epochs), reverse=True)
        ranked, winner = ranked[: max(1, len(ranked) // eta)], ranked[0]
        epochs *= eta
    return winner


def halving_that_stops_at_one(settings, score, least=1, most=27, eta=3):
    pool, epochs = list(settings), least
    while len(pool) > 1:
        ranked = sorted(((score(setting, epochs), place) for place, setting in enumerate(pool)), reverse=True)
        if epochs * eta > most:
            return pool[ranked[0][1]]
        pool = [pool[place] for _, place in ranked[: max(1, len(pool) // eta)]]
        epochs *= eta
    return pool[0]


def scene_successive_halving(successive_halving):
    """How many of 62 settings are trained for 1 epoch or more, for 2 or more, and so on; and how large their rates are.

    With more epochs larger rates do best.
    """
    longest: dict[float, float] = {}

    def score(setting, epochs):
        longest[setting["rate"]] = max(longest.get(setting["rate"], 0.0), float(epochs))
        return 1 - abs(setting["rate"] - 0.4 - 0.15 * np.log(epochs))

    rates = np.linspace(0.05, 1.0, 62)[np.arange(62) * 23 % 62]
    successive_halving([{"rate": rate} for rate in rates.tolist()], score, 1, 27, 3)
    epochs = np.arange(1, 31)
    trained = [[rate for rate, most in longest.items() if most >= each] for each in epochs]
    return Curves(
        epochs,
        {
            "settings trained for so long": np.array([float(len(each)) for each in trained]),
            "their mean rate": np.array([float(np.mean(each)) if each else 0.0 for each in trained]),
        },
        "epochs",
    )


THIRD = "The best 1/eta of the round go on, rounded down, but one at least: `max(1, len(alive) // eta)`."
TIMES = "Multiply the epochs by eta from round to round, as long as they are not more than `most`."
OF_THE_ROUND = "Score those that are left anew in each round, sort them by these scores, and keep the best."
OF_THE_LAST = "Return the setting whose score in the last round is the largest."

SUCCESSIVE_HALVING = Exercise(
    name="successive_halving",
    kind="derive",
    minutes=15,
    level=3,
    reference=tuning.successive_halving,
    probe=probe_successive_halving,
    scene=scene_successive_halving,
    misconceptions=[
        *flags(
            faulty_halving,
            ("rounded_up", "rounded", "the_worst", "added", "one_round_less", "halved"),
            rounded_up=("What goes on is rounded up, so each round keeps more than 1/eta.", THIRD),
            rounded=("What goes on is rounded to the nearest number, so some rounds keep more than 1/eta.", THIRD),
            one_more=("One more goes on than 1/eta, rounded down.", THIRD),
            of_all=("Every round keeps the same number of settings, 1/eta of those at the beginning.", THIRD),
            three=("Every round keeps the same number of settings, three.", THIRD),
            halved=("Half of the settings go on, whatever eta is.", THIRD),
            one=("Only the single best setting of the first round goes on.", THIRD),
            all_but_some=("1/eta of the settings is thrown out; asked is that 1/eta is kept.", THIRD),
            all_but_one=("One setting at a time is thrown out, the worst.", THIRD),
            everybody=("Nobody is thrown out: all settings go through all rounds.", THIRD),
            the_worst=("The settings with the smallest scores go on.", "Sort from the largest score down."),
            unsorted=("The settings are not sorted: the first ones go on, whatever their scores are.", OF_THE_ROUND),
            scores_once=("The scores of the first round decide in all rounds.", OF_THE_ROUND),
            same_epochs=("No setting is trained for more epochs than in the first round.", TIMES),
            added=("eta is added to the epochs.", TIMES),
            epochs_doubled=("The epochs are doubled from round to round, whatever eta is.", TIMES),
            from_one=("The first round has 1 epoch, whatever `least` is.", "Begin with `least` epochs."),
            one_round_less=(
                "The last round is missing: the one whose epochs are exactly `most`.",
                "A round may have `most` epochs, only not more.",
            ),
            one_round_more=(
                "There is a round too many, whose epochs are more than `most`.",
                "Stop where the next round would have more than `most` epochs.",
            ),
            back_from_most=(
                "The rounds are reckoned back from `most`: most / eta, most / eta², …, which need not lead to `least`.",
                "Begin with `least`, and multiply by eta.",
            ),
            summed=(
                "The scores of all rounds are added up, so the early ones decide to the end.",
                OF_THE_ROUND,
            ),
            best_ever=("The largest score of any round decides, not that of the last round.", OF_THE_LAST),
            the_first_left=(
                "Of those in the last round the one that comes first is returned: the best of the round before.",
                OF_THE_LAST,
            ),
            the_last_left=("Of those in the last round the worst is returned.", OF_THE_LAST),
            list_of_left=("A list of settings comes back, not one.", OF_THE_LAST),
        ),
        halving_of_none,
        halving_to_the_end,
        halving_from_zero,
        Misconception(
            halving_by_chance,
            "Those that go on are not the best of the round.",
            OF_THE_ROUND,
            proof=(CHOSEN_BY, OTHERS),
        ),
        halving_by_place,
    ],
    equivalents=[halving_by_sorting, halving_that_stops_at_one],
    hints=[
        "Write down, for nine settings, least 1, most 9 and eta 3, how many settings there are in each round, and how "
        "many epochs each is trained for.",
        "A round is: score all that are left, sort, keep the best. `np.argsort` gives places from the smallest score "
        "up. "
        "Which number belongs into `order[:…]`, even if only two are left?",
        "When is a round the last one? If the epochs of the next would be more than `most`.",
    ],
)
