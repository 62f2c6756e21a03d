"""Distillation: a small network, the student, learns from what a large one, the teacher, gives to every class.

A label says which class is right. The teacher says besides which of the wrong ones are near: this 7 looks like a 1, and
not like an 8. Its probabilities are mostly close to 0 and 1, so both networks' logits are divided by a *temperature*.

Reference: Hinton, Vinyals and Dean (2015), "Distilling the knowledge in a neural network".
"""

import numpy as np

from course_lib.activations import softmax


def soft_targets(logits, temperature):
    """Return softmax(logits / temperature): the higher the temperature, the more alike the probabilities.

    Args:
        logits: float array (n, classes).
        temperature: float > 0; at 1 these are the usual probabilities.
    Raises:
        ValueError: the temperature is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"a temperature is a number above 0, not {temperature}")
    return softmax(np.asarray(logits, float) / temperature)


def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    """Return the loss of a student and its gradient by the student's logits.

        loss = α · T² · mean of −Σ_k q_k log p_k  +  (1 − α) · mean of −log softmax(z)_label

    with p = softmax(z / T) of the student's logits z and q = softmax(v / T) of the teacher's v. The soft part's
    gradient is (p − q) / T for each example, and at a high temperature p − q itself shrinks as 1 / T. The factor T²
    makes up for both, so that α means the same at every temperature.

    Args:
        student_logits, teacher_logits: float arrays (n, classes).
        labels: int array (n,), the right class of each example.
        temperature: float > 0.
        alpha: float from 0 to 1, the weight of the soft part.
    Returns:
        (loss, gradient): a float, and an array (n, classes).
    Raises:
        ValueError: the temperature is not above 0.
    """
    n, rows = len(labels), np.arange(len(labels))
    teacher, student = soft_targets(teacher_logits, temperature), soft_targets(student_logits, temperature)
    soft = -np.sum(teacher * _log_softmax(student_logits / temperature)) / n
    hard = -np.sum(_log_softmax(student_logits)[rows, labels]) / n
    wrong = softmax(student_logits)
    wrong[rows, labels] -= 1
    gradient = (alpha * temperature * (student - teacher) + (1 - alpha) * wrong) / n
    return float(alpha * temperature**2 * soft + (1 - alpha) * hard), gradient


def _log_softmax(logits):
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
