"""Foreign answers to what is read off the race, and to the quiz."""

import numpy as np

# --- right answers


def race_with_capitals_and_near_misses():
    return {"best_momentum": np.float32(0.8), "escape": " Adam", "stuck": "Nobody"}


def race_with_text_for_numbers():
    return {"best_momentum": "0.80", "escape": "ADAM", "stuck": "nobody"}


def quiz_in_capitals():
    return {"noise": "B", "momentum": "C", "adagrad": "D", "correction": "A", "decay": "B", "rate": "B"}


# --- wrong answers


def descent_with_text_and_units_of_the_slider():
    return {"largest_rate": "0.0395", "minimum": "3.6", "saddle": np.int64(72)}


def descent_with_first_guesses():
    return {"largest_rate": 0.02, "minimum": -3.779, "saddle": 50}


def race_with_first_guesses():
    return {"best_momentum": 0.9, "escape": "Momentum", "stuck": "Adam"}


def descent_read_off_too_soon():
    return {"largest_rate": 0.035, "minimum": 3.58, "saddle": 73}


def race_left_out():
    return {"best_momentum": 0.8, "escape": "adam", "stuck": None}


def quiz_with_two_wrong():
    return quiz_in_capitals() | {"momentum": "d", "rate": "a"}


RIGHT = {
    "descent_questions": [descent_with_text_and_units_of_the_slider],
    "race_questions": [race_with_capitals_and_near_misses, race_with_text_for_numbers],
    "quiz_optimizers": [quiz_in_capitals],
}
WRONG = [
    (
        "race_questions",
        race_with_first_guesses,
        "best_momentum_0.9 + escape_momentum + stuck_adam",
    ),
    (
        "descent_questions",
        descent_with_first_guesses,
        "largest_rate_0.02 + minimum_-3.78 + saddle_too small",
    ),
    ("descent_questions", descent_read_off_too_soon, "largest_rate_too small"),
    ("quiz_optimizers", quiz_with_two_wrong, "momentum_d + rate_a"),
]
ALSO_WRONG = [
    ("race_questions", race_left_out, "no answer"),
]
