"""Foreign answers to what is read off the pictures of chapter 08."""

from course_lib.exercises.mnist_mlp.exploring import MNIST_QUESTIONS

# --- right answers, each written in its own way


def read_as_texts():
    return {"high": "9", "corner": " 2", "triangle": "0.99", "breaks": 3.0}


# --- wrong answers, and which mistake must be named


def read_with_everything_centered():
    return {"high": 4, "corner": 0, "triangle": 0.5, "breaks": 3}


def read_epochs_for_breaks():
    return {"high": 9, "corner": 2, "triangle": 1.0, "breaks": 4}


def read_the_digit_of_the_triangle():
    return {"high": 9, "corner": 2, "triangle": 7, "breaks": 3}


RIGHT = [
    (MNIST_QUESTIONS, read_as_texts),
]
WRONG = [
    (MNIST_QUESTIONS, read_epochs_for_breaks, "breaks_4"),
    (MNIST_QUESTIONS, read_the_digit_of_the_triangle, "triangle_7"),
]
