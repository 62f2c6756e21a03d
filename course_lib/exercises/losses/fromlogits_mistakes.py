"""How people get the cross-entropy of logits and its gradient wrong."""

import numpy as np

from course_lib.activations import sigmoid
from course_lib.checking.exercise import Misconception, flags
from course_lib.exercises.losses.fromlogits_returned import (
    from_logits_alone,
    from_logits_as_a_dict,
    from_logits_as_probabilities,
    from_logits_by_sigmoids,
    from_logits_clipped,
    from_logits_gradient_alone,
    from_logits_hidden,
    from_logits_of_the_true_class,
    from_logits_overflowing_and_clipped,
    from_logits_swapped,
    from_logits_with_a_limit,
    from_logits_with_a_limit_in_both,
    from_logits_with_added,
    from_logits_with_more,
    from_logits_without_maximum_in_the_mean,
    limit_of_p,
)

# The row from which numbers are read off that an answer holds.
FAR = "the loss of logits of ±10,000"


def faulty_from_logits(y_true, logits, **made):
    n, classes = logits.shape
    axis = 0 if "columns" in made else 1
    top = logits.max(axis=axis, keepdims=True)
    top = 0.0 if {"overflowing", "overflowing_sum"} & made.keys() else logits.max() if "one_maximum" in made else top
    top = logits.max(axis=0, keepdims=True) if "column_maximum" in made else top
    shifted = logits - top
    axis = 0 if "column_sum" in made else axis
    total = np.exp(shifted).sum(axis=axis, keepdims=True)
    p = np.exp(shifted) / total
    log_p = np.log(p) if "log_of_p" in made else shifted - (total if "no_log" in made else np.log(total))
    p = np.exp(log_p) if "overflowing_sum" in made else p
    if "one_more" in made:
        log_p = shifted - np.log1p(total)
    told = y_true * log_p
    if "maximum_lost" in made:
        told = y_true * (logits - np.log(total))
    if "zero_for_infinity" in made:
        p = np.where(p > 0, p, 1.0)
        told = y_true * np.log(p)
    if "no_log_sum" in made:
        told = y_true * logits
    if "no_log_sum_shifted" in made:
        told = y_true * shifted
    if "hardened" in made:
        told = log_p * np.eye(classes)[y_true.argmax(axis=1)]
    if "divergence" in made:
        told = told - np.where(y_true > 0, y_true * np.log(np.where(y_true > 0, y_true, 1.0)), 0.0)
    if "each_class" in made:
        told = told + (1 - y_true) * np.log(np.clip(1 - p, 1e-300, 1))
    loss = np.sum(told if "negative" in made else -told)
    if "one_by_one" in made:
        loss = np.sum(told if "negative" in made else -told, axis=1) * n
    slope = y_true - p if "uphill" in made else p - y_true
    if "hardened_gradient" in made:
        slope = p - np.eye(classes)[y_true.argmax(axis=1)]
    if "every_row" in made:
        slope = p.copy()
        slope[:, y_true.argmax(axis=1)] -= 1
    if "one_everywhere" in made:
        slope = p - 1
    if "log_in_the_slope" in made:
        slope = log_p - y_true
    if "only_p" in made:
        slope = p
    if "by_probabilities" in made:
        slope = -y_true / np.clip(p, 1e-300, 1)
    if "sigmoid_in_the_slope" in made:
        slope = sigmoid(logits) - y_true
    if "not_shared_out" in made:
        slope = np.exp(shifted) - y_true
    if "doubled" in made:
        slope = 2 * slope
    if "no_softmax" in made:
        slope = logits - y_true
    if "true_class_alone" in made:
        slope = slope * y_true
    if "diagonal" in made:
        slope = slope * p * (1 - p)
    if "jacobian_again" in made:
        slope = p * (slope - (slope * p).sum(axis=1, keepdims=True))
    loss = loss / (1 if "loss_summed" in made else logits.size if "loss_by_size" in made else n)
    if "by_classes" in made:
        return loss * n / classes, slope / classes
    if "bracket" in made:
        return loss, p - y_true / n
    if "gradient_averaged" in made:
        return loss, np.mean(slope)
    if "examples_added" in made:
        return loss, np.sum(slope, axis=0) / n
    divisor = 1 if "gradient_summed" in made else logits.size if "gradient_by_size" in made else n
    return loss, slope / (n**2 if "divided_twice" in made else divisor)


MISCONCEPTIONS = [
    *flags(
        faulty_from_logits,
        overflowing=(
            "exp overflows at large logits, and what comes of infinity is no loss: the maximum is not subtracted.",
            "Subtract each row's maximum first: it changes neither the shares nor the result.",
        ),
        overflowing_sum=(
            "exp overflows at large logits, so the sum of the exponentials is infinite, and its logarithm too: the "
            "maximum is not subtracted.",
            "Subtract each row's maximum first: it changes neither the shares nor the result.",
        ),
        one_maximum=(
            "You subtract one maximum from all rows. In a row that is much smaller every exponential is then 0.",
            "Subtract each row's own: np.max(…, axis=1, keepdims=True).",
        ),
        log_of_p=(
            "The softmax is computed first and its logarithm after: where p underflows, that is log(0).",
            "Take the logarithm on paper: of a quotient it is a difference, and log exp(z) is z.",
        ),
        column_maximum=(
            "You subtract the maximum of each column. In a row that is much smaller every exponential may be 0.",
            "Subtract each row's own: np.max(…, axis=1, keepdims=True).",
        ),
        column_sum=(
            "The exponentials are added up down the columns, axis 0.",
            "Each row is an example, with a sum of its own: axis 1.",
        ),
        one_more=(
            "The logarithm is that of 1 + Σ exp(z), as `log1p` takes it.",
            "`np.log` of the sum is what is needed.",
        ),
        maximum_lost=(
            "The maximum is subtracted in the sum of exponentials, and not from the logit beside it.",
            "Subtract it in both, or add it back: log p = (z − max z) − log Σ exp(z − max z).",
        ),
        zero_for_infinity=(
            "Where p rounds to 0 your code counts nothing, so that certain and wrong costs least.",
            "Take the logarithm on paper: of a quotient it is a difference, and log exp(z) is z.",
        ),
        sigmoid_in_the_slope=(
            "Your gradient takes a sigmoid of each logit, so its probabilities do not sum to 1 in a row.",
            "One of several classes is true: softmax makes the shares of a row.",
        ),
        not_shared_out=(
            "Your gradient has the exponentials themselves, not divided by their sum.",
            "What is predicted is softmax(z), the shares.",
        ),
        doubled=(
            "Your gradient is twice as steep as it should be.",
            "No square is in this loss: p − y has no factor 2.",
        ),
        by_classes=(
            "Loss and gradient are divided by the number of classes.",
            "The mean goes over the examples: divide by `len(logits)`.",
        ),
        columns=(
            "You work down the columns, axis 0.",
            "Each row is an example: softmax goes along axis 1.",
        ),
        no_log=(
            "The sum of the exponentials is subtracted as it is, without its logarithm.",
            "log(a / b) is log a − log b.",
        ),
        no_log_sum=(
            "Your loss is −Σ y z alone: the logarithm of the sum of exponentials is missing.",
            "log p = z − log Σ exp(z): it has two terms.",
        ),
        no_log_sum_shifted=(
            "Your loss is −Σ y (z − max z) alone: the logarithm of the sum of exponentials is missing.",
            "log p = z − log Σ exp(z): it has two terms.",
        ),
        hardened=(
            "Your loss looks at the largest label of a row alone, as if all labels were one-hot.",
            "Weigh each class's log p by its share in y_true.",
        ),
        divergence=(
            "Your loss is the KL divergence: the surprise that is in the labels themselves is taken off.",
            "Return the whole cross-entropy, −Σ y log p.",
        ),
        hardened_gradient=(
            "Your gradient takes a whole 1 off the largest label's class, as if all labels were one-hot.",
            "Subtract y_true itself: its rows may hold shares.",
        ),
        every_row=(
            "`p[:, labels] -= 1` takes 1 off the columns of all labels in every row.",
            "Subtract y_true: each row loses its own labels only.",
        ),
        each_class=(
            "The loss also counts the other classes' log(1 − p), as binary cross-entropy does.",
            "With softmax, −Σ y log p is all.",
        ),
        negative=("The minus of the loss is missing.", "log p is negative; put a minus in front."),
        one_by_one=("The loss comes back example by example.", "Return the mean over the examples, one number."),
        uphill=(
            "The sign of your gradient is turned around: it leads uphill.",
            "Where p is larger than y, the loss grows with the logit.",
        ),
        one_everywhere=(
            "You subtract 1 in every class, true or not.",
            "Subtract y_true: it is 0 for the classes that are not true.",
        ),
        log_in_the_slope=(
            "Your gradient subtracts the labels from log p.",
            "What is predicted is p itself.",
        ),
        bracket=(
            "Brackets are missing: only the labels are divided by the number of examples.",
            "Put the difference in brackets, then divide.",
        ),
        gradient_averaged=(
            "Your gradient is one number, the mean of the slopes.",
            "Each logit has a slope of its own: return an array shaped like `logits`.",
        ),
        examples_added=(
            "Your gradient is added up over the examples: one row for all of them.",
            "Each example has slopes of its own: return an array shaped like `logits`.",
        ),
        only_p=(
            "Your gradient is p alone: the true labels are not subtracted.",
            "Σ y log p has two terms along each logit: one from z itself, one from the logarithm of the sum.",
        ),
        by_probabilities=(
            "Your gradient, −y / p, is the slope along the probabilities.",
            "The logits are asked for: differentiate log Σ exp(z) − z along each logit.",
        ),
        no_softmax=(
            "Your gradient subtracts the labels from the logits themselves, not from the shares.",
            "What is predicted is softmax(z).",
        ),
        true_class_alone=(
            "Your gradient is multiplied by y_true, so nothing pushes down the logits of the other classes.",
            "Every logit stands in the sum, so every one has a slope.",
        ),
        diagonal=(
            "Your gradient has a factor p (1 − p), the diagonal of softmax's Jacobian.",
            "The whole Jacobian turns −y / p into something simpler: differentiate log Σ exp(z) − z instead.",
        ),
        jacobian_again=(
            "Your gradient goes through softmax twice: p − y is along the logits already, and is multiplied by "
            "the Jacobian once more.",
            "Leave that last step out.",
        ),
        loss_summed=("You do not divide the loss by the number of examples.", "Asked for is the mean."),
        loss_by_size=(
            "Your loss is divided by the size of the table, so also by the number of classes.",
            "Divide by the number of examples alone.",
        ),
        gradient_summed=(
            "You do not divide the gradient by the number of examples, as if the loss were a sum.",
            "The loss is a mean: each example has a share of 1/n in it.",
        ),
        gradient_by_size=(
            "Your gradient is divided by the size of the table, so also by the number of classes.",
            "Divide by the number of examples alone.",
        ),
        divided_twice=("Your gradient is divided by the number of examples twice.", "The mean divides once."),
    ),
    Misconception.of(from_logits_with_a_limit, constant=(FAR, limit_of_p)),
    Misconception.of(from_logits_with_a_limit_in_both, constant=(FAR, limit_of_p)),
    Misconception.of(from_logits_with_added, constant=(FAR, limit_of_p)),
    from_logits_without_maximum_in_the_mean,
    from_logits_hidden,
    from_logits_overflowing_and_clipped,
    from_logits_as_probabilities,
    from_logits_by_sigmoids,
    Misconception.of(from_logits_clipped, constant=(FAR, lambda loss: float(loss / 1.5))),
    from_logits_with_more,
    from_logits_swapped,
    from_logits_alone,
    from_logits_gradient_alone,
    from_logits_as_a_dict,
    from_logits_of_the_true_class,
]
