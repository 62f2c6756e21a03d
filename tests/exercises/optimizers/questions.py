"""Foreign answers to what is read off the race, and to the quiz."""

import numpy as np

# --- right answers


def race_with_capitals_and_near_misses():
    return {"largest_rate": 0.0395, "best_momentum": np.float32(0.8), "escape": " Adam", "stuck": "Nobody"}


def race_with_text_for_numbers():
    return {"largest_rate": "0.041", "best_momentum": "0.80", "escape": "ADAM", "stuck": "nobody"}


def quiz_in_capitals():
    return {"noise": "B", "momentum": "C", "adagrad": "D", "correction": "A", "decay": "B", "epsilon": "C"}


# --- wrong answers


def race_with_first_guesses():
    return {"largest_rate": 0.02, "best_momentum": 0.9, "escape": "Momentum", "stuck": "Adam"}


def race_read_off_too_soon():
    return {"largest_rate": 0.035, "best_momentum": 0.8, "escape": "adam", "stuck": "nobody"}


def race_left_out():
    return {"best_momentum": 0.8, "escape": "adam", "stuck": None}


def quiz_with_two_wrong():
    return quiz_in_capitals() | {"momentum": "d", "epsilon": "a"}


RIGHT = {
    "race_questions": [race_with_capitals_and_near_misses, race_with_text_for_numbers],
    "quiz_optimizers": [quiz_in_capitals],
}
WRONG = [
    (
        "race_questions",
        race_with_first_guesses,
        "largest_rate_0.02 + best_momentum_0.9 + escape_momentum + stuck_adam",
    ),
    ("race_questions", race_read_off_too_soon, "largest_rate_too small"),
    ("quiz_optimizers", quiz_with_two_wrong, "momentum_d + epsilon_a"),
]
ALSO_WRONG = [
    ("race_questions", race_left_out, "no answer"),
]
