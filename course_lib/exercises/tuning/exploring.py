"""What the chapter's explorer is asked: where a border leads, and what a budget and a method are worth."""

from course_lib.checking.questions import Reading, readings

# --- tuning_readings
#
# In the search explorer, which plays its searches through on the stored study. A test there computes them.
#
# 1. `end`: A random, budget 20, draw 0, rates from 0.001 to 0.01, widened as the sentence says until the best lies
#    inside. The upper end that is left.
# 2. `budget`: A and B random, B with a budget of 6. The smallest budget of A that is better in at least 800 draws.
# 3. `as_good`: B halving with a budget of 20. The smallest budget of A, random, with at least B's average.
# 4. `rates`: A a grid with a budget of 50. How many different learning rates it tries.

READ_END = "The sentence says whether the best rate is at the border of the range. Look again after each change."
READ_BUDGET = "Set B to random and 6, and move A's budget until the sentence says at least 800 of 1,000."
READ_AVERAGE = "Set B to halving and 20. The sentence has both averages, with four digits each."
READ_RATES = "The sentence says with how many different rates the grid has been tried."

TUNING_READINGS = readings(
    "tuning_readings",
    Reading(
        "end",
        1,
        wrong={
            0.01: ("So the range was in the beginning, with the best at its border.", READ_END),
            0.1: ("So the range is after it was widened once, and the best is at its border again.", READ_END),
            10: ("So far it need not go: the best lies inside before.", READ_END),
        },
        why="after a range is widened the best may be at its border again.",
    ),
    Reading(
        "budget",
        24,
        wrong={
            7: ("With 7 it is better more often than worse, but not in 800 draws.", READ_BUDGET),
            12: ("With twice the budget it is better in 665 draws.", READ_BUDGET),
            23: ("With 23 it is better in 797 draws.", READ_BUDGET),
            50: ("That is enough, but a smaller budget is, too.", READ_BUDGET),
        },
        too_small=("With so small a budget A is better in fewer than 800 draws.", READ_BUDGET),
        too_large=("With this budget it is better in at least 800 draws, but a smaller one is enough.", READ_BUDGET),
        why="even four times the budget loses one search in five, or ends equal.",
    ),
    Reading(
        "as_good",
        40,
        wrong={
            20: ("With the same budget random search is behind.", READ_AVERAGE),
            39: ("With 39 trials 0.0001 is missing.", READ_AVERAGE),
            60: ("That is about how many settings halving begins with, most of which it gives up.", READ_AVERAGE),
            62: ("That is how many settings halving begins with, most of which it gives up.", READ_AVERAGE),
        },
        too_small=("With so few trials the average of random search is lower.", READ_AVERAGE),
        too_large=("With so many it is as good, but fewer are enough.", READ_AVERAGE),
        why="halving finds with 20 trainings what random search needs 40 for.",
    ),
    Reading(
        "rates",
        3,
        wrong={
            36: ("That is how many settings it trains.", READ_RATES),
            50: ("That is how many random search would try.", READ_RATES),
            6: ("Each of its rates is tried many times.", READ_RATES),
        },
        why="a larger grid spends its trials on combinations of the same few values.",
    ),
    hints=[
        "Click *Reset* before each question. All numbers stand in the sentence below the picture.",
        "For the second and the third question move A's budget with the arrow keys, one training at a time.",
        "Return a dict of four numbers.",
    ],
    minutes=10,
)
