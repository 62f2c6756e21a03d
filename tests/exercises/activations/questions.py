"""Foreign answers to what is read off the activation explorer, and to the quiz."""

import numpy as np

# --- right answers, each written in its own way


def read_to_two_decimals():
    return {"edge": 1.82, "layers": 8, "survivor": "PReLU"}


def read_off_the_shade():
    return {"edge": np.float64(1.8), "layers": 8.0, "survivor": " prelu"}


def capital_letters():
    return {"labels": "C", "price": "B", "stack": "D", "dead": "A", "signs": "B "}


# --- wrong answers, and what the message must speak of


def read_at_the_threshold_set_at_first():
    return {"edge": 2.99, "layers": 8, "survivor": "PReLU"}


def read_one_layer_too_early():
    return {"edge": 1.82, "layers": 7, "survivor": "PReLU"}


def read_far_too_many_layers():
    return {"edge": 1.82, "layers": 20, "survivor": "PReLU"}


def read_the_runner_up():
    return {"edge": 1.82, "layers": 8, "survivor": "leaky ReLU"}


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
        (read_the_runner_up, "survivor: Its slope there is 0.2"),
    ],
    "quiz_activations": [(one_wrong_letter, "labels: Softmax"), (one_question_left_out, "no answer")],
}
