"""The bug to be spotted: hyperparameters that are chosen on the test set."""

import numpy as np

from course_lib import tuning
from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.returned import pair


def best_settings_with_a_bug(settings, validation, test):
    best = int(np.argmax(test))
    return settings[best], test[best]


# The validation and test scores of each study. The best is never the first or the last.
STUDIES = {
    "four settings": ([0.91, 0.94, 0.93, 0.90], [0.90, 0.945, 0.95, 0.89]),
    "six settings": ([0.61, 0.72, 0.70, 0.75, 0.66, 0.64], [0.66, 0.74, 0.68, 0.71, 0.79, 0.62]),
    "scores that are negative": ([-0.8, -0.3, -0.4, -0.5, -0.9], [-0.7, -0.5, -0.6, -0.2, -0.8]),
    "five settings, two of them better on the validation examples": (
        [0.70, 0.81, 0.84, 0.86, 0.60],
        [0.72, 0.85, 0.83, 0.79, 0.77],
    ),
}
SAME = "five settings, of which one is best on both"
SAME_SCORES = ([0.5, 0.6, 0.8, 0.7, 0.4], [0.52, 0.55, 0.79, 0.70, 0.45])


def probe_best_settings(best_settings, rng):
    def study(validation, test):
        shift = rng.uniform(0, 0.03)
        rates = [float(rate) for rate in 10 ** rng.uniform(-4, 0, len(test))]
        scores = [[round(score + shift, 4) for score in each] for each in (validation, test)]
        return [{"rate": rate, "width": 16 * (place + 1)} for place, rate in enumerate(rates)], *scores

    studies = {label: study(*scores) for label, scores in [*STUDIES.items(), (SAME, SAME_SCORES)]}
    for label, made in studies.items():
        weight = 0.5 if label == SAME else 1.0  # where the code with the bug is right it earns little
        is_first = label == "four settings"
        yield Row(
            f"{label}: the rate of the setting",
            lambda made=made: rate_of(part(best_settings(*made), 0)),
            weight=weight,
            essential=is_first,
        )
        yield Row(
            f"{label}: the score",
            lambda made=made: score_of(part(best_settings(*made), 1)),
            weight=weight,
            essential=is_first,
        )


def part(result, number):
    return pair(result, "setting, test score")[number]


def rate_of(setting):
    """Return a setting's rate, or in words what came instead of a setting."""
    if setting is None or isinstance(setting, dict):
        return setting and setting.get("rate", "a dict without a rate")
    if isinstance(setting, int | float | np.number):
        is_place = float(setting) == int(setting) and setting >= 0
        return f"the number {int(setting)}, no setting" if is_place else "a score, no setting"
    return "something else than a setting"


def score_of(score):
    return "a setting, no score" if isinstance(score, dict) else score


def faulty_best_settings(settings, validation, test, **made):
    validation, test = np.asarray(validation), np.asarray(test)
    by = {
        "on_both": validation + test,
        "the_worst": -validation,
        "the_gap": -np.abs(validation - test),
        "the_lower": np.minimum(validation, test),
        "the_first": -np.arange(len(test)),
        "the_last": np.arange(len(test)),
    }
    best = int(np.argmax(next((by[flag] for flag in by if flag in made), validation)))
    if "top_three" in made:
        best = max(np.argsort(-validation)[:3], key=lambda place: test[place])
    if "top_two" in made:
        best = max(np.argsort(-validation)[:2], key=lambda place: test[place])
    scores = {
        "validation_told": validation[best],
        "largest_test_told": test.max(),
        "mean_test_told": test.mean(),
        "lower_told": min(validation[best], test[best]),
        "mean_of_both_told": (validation[best] + test[best]) / 2,
    }
    score = float(next((scores[flag] for flag in scores if flag in made), test[best]))
    setting = best if "its_place" in made else settings[best]
    return (score, setting) if "swapped" in made else (setting, score)


def chosen_by_test(settings, validation, test):
    """The test scores still decide, and what is told of the chosen setting is its validation score.

    Choose by the validation scores alone. Then return the test score of the one that was chosen.
    """
    best = int(np.argmax(test))
    return settings[best], validation[best]


def setting_alone(settings, validation, test):
    """One thing comes back, where a pair is asked for: the setting and its test score.

    Return both, separated by a comma.
    """
    return settings[int(np.argmax(validation))]


def three_things(settings, validation, test):
    """More than a pair comes back.

    Return the setting and its test score, nothing else.
    """
    best = int(np.argmax(validation))
    return settings[best], validation[best], test[best]


def best_by_sorting(settings, validation, test):
    ranked = sorted(range(len(settings)), key=lambda place: validation[place], reverse=True)
    return settings[ranked[0]], float(test[ranked[0]])


def best_by_going_through(settings, validation, test):
    best = 0
    for place, score in enumerate(validation):
        if score > validation[best]:
            best = place
    return [settings[best], test[best]]


BY_VALIDATION = (
    "Choose by the validation scores alone. The test scores are looked at afterwards, for the one that was chosen."
)
OF_THE_CHOSEN = "Return the test score of the setting that was chosen: `test[best]`."

BEST_SETTINGS = Exercise(
    name="best_settings",
    kind="repair",
    minutes=6,
    level=1,
    reference=tuning.best_settings,
    probe=probe_best_settings,
    buggy=best_settings_with_a_bug,
    misconceptions=[
        *flags(
            faulty_best_settings,
            validation_told=(
                "What is told of the chosen setting is its validation score: the largest of many, so too good by luck.",
                OF_THE_CHOSEN,
            ),
            largest_test_told=(
                "The setting is chosen without the test set, but the largest test score of all is told of it.",
                OF_THE_CHOSEN,
            ),
            mean_test_told=("The mean test score of all settings is told.", OF_THE_CHOSEN),
            lower_told=("The lower one of its two scores is told.", OF_THE_CHOSEN),
            mean_of_both_told=("The mean of its validation and its test score is told.", OF_THE_CHOSEN),
            on_both=(
                "The sum, or the mean, of both scores decides, so the test set is half of what chooses.",
                BY_VALIDATION,
            ),
            the_gap=("The setting with the smallest gap between its two scores is chosen.", BY_VALIDATION),
            the_lower=("The lower one of both scores decides, so the test set takes part in choosing.", BY_VALIDATION),
            the_worst=("The setting with the smallest validation score is chosen.", "Larger is better: `np.argmax`."),
            the_first=("The first setting is chosen, whatever the scores are.", BY_VALIDATION),
            the_last=("The last setting is chosen, whatever the scores are.", BY_VALIDATION),
            top_three=(
                "Among the best three of the validation scores the test scores decide, so they take part in choosing.",
                BY_VALIDATION,
            ),
            top_two=(
                "Between the best two of the validation scores the test scores decide, so they take part in choosing.",
                BY_VALIDATION,
            ),
            its_place=("The place of the setting in the list comes back, not the setting.", "Return `settings[best]`."),
            swapped=("The score comes first and the setting second.", "Return the setting first, then its test score."),
        ),
        chosen_by_test,
        setting_alone,
        three_things,
    ],
    equivalents=[best_by_sorting, best_by_going_through],
    hints=[
        "Which of the two lists of scores decides in this code, and which one is meant to be looked at only once, at "
        "the "
        "end?",
        "If a hundred settings were equally good, the largest of a hundred test scores would still be above their "
        "mean. "
        "What would you then promise to others?",
    ],
)
