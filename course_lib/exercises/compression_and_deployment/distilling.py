"""The exercise on the loss of a student that learns from a teacher's probabilities and from labels."""

import numpy as np

from course_lib import distillation
from course_lib.activations import softmax
from course_lib.checking.exercise import Exercise, Row, flags
from course_lib.exercises.returned import pair

NAMES = "(loss, gradient)"


def probe_distillation_loss(distillation_loss, rng):
    student, teacher = rng.normal(size=(4, 5)), 3 * rng.normal(size=(4, 5))
    labels = rng.integers(0, 5, size=4)
    shifted = student + rng.uniform(800, 900, size=(4, 1)), teacher + 900

    def part(number, student, teacher, labels, temperature, alpha):
        return pair(distillation_loss(student, teacher, labels, temperature, alpha), NAMES)[number]

    usual = student, teacher, labels, 3.0, 0.7
    yield Row("T = 3, α = 0.7: the loss", lambda: part(0, *usual), essential=True)
    yield Row("T = 3, α = 0.7: the gradient", lambda: part(1, *usual), weight=2.0, essential=True)
    yield "T = 8, the soft part alone: the loss", lambda: part(0, student, teacher, labels, 8.0, 1.0)
    yield "T = 8, the soft part alone: the gradient", lambda: part(1, student, teacher, labels, 8.0, 1.0)
    yield "the labels alone: the loss", lambda: part(0, student, teacher, labels, 4.0, 0.0)
    yield "the labels alone: the gradient", lambda: part(1, student, teacher, labels, 4.0, 0.0)
    yield "T = 1: the loss", lambda: part(0, student, teacher, labels, 1.0, 0.4)
    yield "T = 1: the gradient", lambda: part(1, student, teacher, labels, 1.0, 0.4)
    yield "one example: the loss", lambda: part(0, student[:1], teacher[:1], labels[:1], 2.0, 0.5)
    yield "logits around 850: the loss", lambda: part(0, *shifted, labels, 1.0, 0.5)


def faulty_distillation(student_logits, teacher_logits, labels, temperature, alpha, **made):
    n, classes, t = len(labels), student_logits.shape[1], temperature
    if "labels_weighted" in made:
        alpha = 1 - alpha
    soften = np.multiply if "multiplied" in made else np.divide
    axis = 0 if "over_the_batch" in made else 1

    def probabilities(logits):
        if "unshifted" in made:
            with np.errstate(all="ignore"):
                powers = np.exp(logits)
                return powers / powers.sum(axis=axis, keepdims=True)
        return softmax(logits, axis=axis)

    p = probabilities(student_logits if "student_not_softened" in made else soften(student_logits, t))
    q = probabilities(teacher_logits if "teacher_not_softened" in made else soften(teacher_logits, t))
    if "hard_teacher" in made:
        q = np.eye(classes)[np.argmax(teacher_logits, axis=1)]
    p_1 = probabilities(student_logits / t if "labels_softened" in made else student_logits)
    y = np.eye(classes)[labels]
    with np.errstate(all="ignore"):
        soft = -np.sum(p * np.log(q) if "turned_around" in made else q * np.log(p)) / n
        hard = -np.sum(np.log(p_1[np.arange(n), labels])) / n
    if "labels_of_all" in made:
        hard = -np.mean(np.log(p_1[:, labels]))
    if "divergence_negative" in made:
        soft = -np.sum(q * (np.log(q) - np.log(p))) / n
    if "squares" in made:
        soft = np.sum((q - p) ** 2) / n
    if "mean_over_classes" in made:
        soft = soft / classes
    in_loss = t**2
    in_gradient = t
    if "no_square" in made:
        in_loss, in_gradient = 1.0, 1 / t
    if "t_for_square" in made:
        in_loss, in_gradient = t, 1.0
    if "loss_without_square" in made:
        in_loss = 1.0
    if "gradient_without_square" in made:
        in_gradient = 1 / t
    if "gradient_with_square" in made:
        in_gradient = t**2
    if "gradient_without_t" in made:
        in_gradient = 1.0
    hard_weight = 1.0 if "labels_in_full" in made else 1 - alpha
    soft_weight = 1.0 if "soft_in_full" in made else alpha
    if "soft_alone" in made:
        hard_weight, soft_weight = 0.0, alpha
    if "hard_alone" in made:
        hard_weight, soft_weight = 1.0, 0.0
    loss = soft_weight * in_loss * soft + hard_weight * hard
    difference = q - p if "downhill_soft" in made or "downhill" in made else p - q
    wrong = y - p_1 if "downhill" in made else p_1 - y
    if "softened_in_gradient" in made:
        wrong = p - y
    if "gradient_by_p" in made:
        difference = -q / p / t
    gradient = (soft_weight * in_gradient * difference + hard_weight * wrong) / n
    if "square_over_all" in made:
        loss = t**2 * (soft_weight * soft + hard_weight * hard)
        gradient = (soft_weight * t * difference + t**2 * hard_weight * wrong) / n
    if "gradient_of_sum" in made:
        gradient = gradient * n
    if "sums" in made:
        loss, gradient = loss * n, gradient * n
    if "over_all_numbers" in made:
        gradient = gradient / classes
    if "soft_gradient_alone" in made:
        gradient = soft_weight * in_gradient * difference / n
    if "hard_gradient_alone" in made:
        gradient = hard_weight * wrong / n
    return (gradient, loss) if "other_order" in made else (float(loss), gradient)


def loss_alone(student_logits, teacher_logits, labels, temperature, alpha):
    """One thing came back, and not two.

    Return the loss and its gradient, separated by a comma.
    """
    return faulty_distillation(student_logits, teacher_logits, labels, temperature, alpha)[0]


def by_divergence(student_logits, teacher_logits, labels, temperature, alpha):
    """The Kullback-Leibler divergence, which leaves out the teacher's own entropy: it has the same gradient."""
    loss, gradient = distillation.distillation_loss(student_logits, teacher_logits, labels, temperature, alpha)
    q = softmax(teacher_logits / temperature)
    entropy = -np.sum(q * np.log(q)) / len(labels)
    return loss - alpha * temperature**2 * entropy, gradient


def by_log_probabilities(student_logits, teacher_logits, labels, temperature, alpha):
    def log_softmax(z):
        return z - np.logaddexp.reduce(z, axis=1, keepdims=True)

    n = len(labels)
    target = np.eye(student_logits.shape[1])[labels]
    teacher = np.exp(log_softmax(teacher_logits / temperature))
    student = log_softmax(student_logits / temperature)
    soft, hard = -(teacher * student).sum(1).mean(), -(target * log_softmax(student_logits)).sum(1).mean()
    gradient = alpha * temperature**2 * (np.exp(student) - teacher) / temperature
    gradient = gradient + (1 - alpha) * (np.exp(log_softmax(student_logits)) - target)
    return alpha * temperature * temperature * soft + (1 - alpha) * hard, gradient / n


def example_by_example(student_logits, teacher_logits, labels, temperature, alpha):
    loss, rows = 0.0, []
    for z, v, label in zip(student_logits, teacher_logits, labels, strict=True):
        p, q, wrong = softmax(z / temperature), softmax(v / temperature), softmax(z)
        loss += alpha * temperature**2 * -np.dot(q, np.log(p)) - (1 - alpha) * np.log(wrong[label])
        wrong[label] -= 1
        rows.append(alpha * temperature * (p - q) + (1 - alpha) * wrong)
    return loss / len(labels), np.array(rows) / len(labels)


CHAIN = "z enters the soft part as z / T, so the chain rule gives (p − q) / T for it, and T² times that is T · (p − q)."
SQUARE = "The soft part is multiplied by T², in the loss and so in the gradient, too."
DIVIDE = "Logits are divided by T before the softmax, those of the student and those of the teacher."
MEAN = "The loss is a mean over the examples, so the gradient is divided by their number, once."
CROSS = "Cross-entropy is −Σ q log p: the teacher's probabilities weight the logarithms of the student's."
WEIGHTS = "α is the weight of the soft part, and 1 − α that of the labels' part."

DISTILLATION_LOSS = Exercise(
    name="distillation_loss",
    kind="derive",
    minutes=18,
    level=3,
    reference=distillation.distillation_loss,
    probe=probe_distillation_loss,
    misconceptions=[
        *flags(
            faulty_distillation,
            ("no_square", "labels_weighted", "sums", "teacher_not_softened", "student_not_softened", "labels_softened"),
            no_square=(
                "The factor T² of the soft part is missing: at T = 10 it would hardly count.",
                SQUARE,
            ),
            t_for_square=("The soft part is multiplied by T, and not by T².", SQUARE),
            loss_without_square=("The factor T² is missing in the loss; the gradient has it.", SQUARE),
            square_over_all=("The labels' part is multiplied by T², too: it has no temperature.", SQUARE),
            gradient_without_square=("The factor T² is missing in the gradient; the loss has it.", CHAIN),
            gradient_with_square=(
                "The gradient's soft part has T² for T: the 1 / T of the chain rule is missing.",
                CHAIN,
            ),
            gradient_without_t=(
                "The gradient's soft part has no T: T² and the 1 / T of the chain rule leave one.",
                CHAIN,
            ),
            labels_weighted=("α and 1 − α are swapped.", WEIGHTS),
            labels_in_full=("The labels' part counts in full, whatever α is.", WEIGHTS),
            soft_in_full=("The soft part counts in full, whatever α is.", WEIGHTS),
            soft_alone=("The labels' part is missing.", WEIGHTS),
            hard_alone=("The soft part is missing: nothing of the teacher is used.", WEIGHTS),
            teacher_not_softened=("The teacher's logits are not divided by the temperature.", DIVIDE),
            student_not_softened=("The student's logits are not divided by the temperature in the soft part.", DIVIDE),
            labels_softened=(
                "The student's logits are divided by the temperature in the labels' part, too.",
                "The labels' part is that of usual training, at temperature 1.",
            ),
            softened_in_gradient=(
                "The gradient's labels' part takes the student's probabilities at temperature T; the loss does not.",
                "The labels' part is that of usual training, at temperature 1.",
            ),
            labels_of_all=(
                "`[:, labels]` takes of each example the probabilities of all examples' labels, not of its own alone.",
                "`[np.arange(n), labels]` takes one number of each row.",
            ),
            hard_teacher=(
                "The teacher's most likely class is taken for a label: what it says of the other classes is lost.",
                "Use all of the teacher's probabilities at temperature T.",
            ),
            multiplied=("The logits are multiplied by the temperature, which makes probabilities sharper.", DIVIDE),
            turned_around=(
                "The roles are swapped: the student's probabilities weight the teacher's logarithms.",
                CROSS,
            ),
            divergence_negative=(
                "The soft part of the loss is the divergence Σ q (log q − log p) with the wrong sign: it is negative.",
                CROSS,
            ),
            squares=("The soft part is one of squared differences.", CROSS),
            mean_over_classes=("The soft part of the loss is divided by the number of classes.", CROSS),
            sums=("Loss and gradient are sums over the examples.", MEAN),
            gradient_of_sum=("The gradient is not divided by the number of examples; the loss is.", MEAN),
            over_all_numbers=(
                "The gradient is divided by how many numbers there are, not how many examples.",
                MEAN,
            ),
            soft_gradient_alone=("The gradient has no labels' part.", "Add (1 − α) · (softmax(z) − one-hot labels)."),
            hard_gradient_alone=("The gradient has no soft part.", CHAIN),
            gradient_by_p=("The gradient is that by the probabilities p, not by the logits.", CHAIN),
            downhill=("The gradient has the wrong sign.", "It points uphill: p − q, and softmax(z) − one-hot labels."),
            downhill_soft=("The soft part of the gradient has the wrong sign.", "It points uphill: p − q."),
            over_the_batch=(
                "The probabilities sum to 1 over the examples, not over the classes.",
                "Take the softmax along axis 1.",
            ),
            unshifted=(
                "Logits around 850 overflow in the softmax: exp(850) is inf.",
                "Subtract each row's maximum first, which changes nothing else.",
            ),
            other_order=("The two came back in the other order.", "Return (loss, gradient)."),
        ),
        loss_alone,
    ],
    equivalents=[by_log_probabilities, example_by_example],
    accepts=[by_divergence],
    hints=[
        "The gradient of cross-entropy by the logits is p − q. What does the chain rule add if the logits are z / T?",
        "Write the soft part's gradient with T², and see which power of T is left.",
        "The labels' part is that of chapter 03: (softmax(z) − one-hot) / n, times 1 − α.",
    ],
)
