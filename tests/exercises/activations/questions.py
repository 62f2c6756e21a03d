"""Foreign answers to what is read off the activation explorer, and to the quiz."""

import numpy as np

# --- right answers, each written in its own way


def read_to_two_decimals():
    return {"edge": 1.82, "layers": 8, "survivor": "ELU"}


def read_off_the_shade():
    return {"edge": np.float64(1.8), "layers": 8.0, "survivor": " elu"}


def capital_letters():
    return {"labels": "C", "price": "B", "stack": "D", "dead": "A", "signs": "B "}


# --- wrong answers, and what the message must speak of


def read_at_the_threshold_set_at_first():
    return {"edge": 2.99, "layers": 8, "survivor": "ELU"}


def read_one_layer_too_early():
    return {"edge": 1.82, "layers": 7, "survivor": "ELU"}


def read_far_too_many_layers():
    return {"edge": 1.82, "layers": 20, "survivor": "ELU"}


def read_at_z_of_minus_two():
    return {"edge": 1.82, "layers": 8, "survivor": "PReLU"}


def one_wrong_letter():
    return {"labels": "a", "price": "b", "stack": "d", "dead": "a", "signs": "b"}


def one_question_left_out():
    return {"labels": "c", "price": "b", "stack": "d", "dead": "a"}


RIGHT = {
    "activation_questions": [read_to_two_decimals, read_off_the_shade],
    "quiz_activations": [capital_letters],
}
WRONG = {
    "activation_questions": [
        (read_at_the_threshold_set_at_first, "edge: This is where tanh's slope falls below 0.01"),
        (read_one_layer_too_early, "layers: One layer too few"),
        (read_far_too_many_layers, "layers: A smaller depth is enough"),
        (read_at_z_of_minus_two, "survivor: Its slope is 1 or 0.25, by chance"),
    ],
    "quiz_activations": [(one_wrong_letter, "labels: Softmax"), (one_question_left_out, "no answer")],
}
