"""The exercise that uses the recipe on a distribution of its own: counts."""

import math
from functools import partial

import numpy as np

from course_lib.checking.exercise import Exercise, Misconception, Row, flags
from course_lib.checking.scene import Curves
from course_lib.exercises.losses.returned import gradient_of, loss_of


def poisson_loss(y_true, logits):
    """Return the mean of −log p(y) of a Poisson distribution with the rate λ = e^z, without log y!, and its gradient.

    −log p(y) = λ − y log λ + log y!, hence L = mean(e^z − y z) and ∂L/∂z = (e^z − y) / size: predicted minus true.

    Args:
        y_true: array of counts, 0, 1, 2, ….
        logits: array z of the same shape, the logarithms of the predicted rates.
    Returns:
        (loss, gradient): a number, and an array shaped like `logits`.
    """
    rate = np.exp(logits)
    return np.mean(rate - y_true * logits), (rate - y_true) / logits.size


def probe_poisson_loss(poisson_loss, rng):
    y, z = rng.permutation([0.0, 1, 2, 3, 5, 8]), rng.uniform(-1.5, 2.0, size=6)
    table, logits = rng.integers(0, 6, size=(4, 3)).astype(float), rng.uniform(-1.0, 1.5, size=(4, 3))
    table[0, 0], table[1, 1] = 0.0, 4.0
    yield Row("the loss of six counts", lambda: loss_of(poisson_loss(y, z)), essential=True)
    yield "the gradient of six counts", lambda: gradient_of(poisson_loss(y, z))
    yield "the loss of four rows of three counts", lambda: loss_of(poisson_loss(table, logits))
    yield "the gradient of four rows of three counts", lambda: gradient_of(poisson_loss(table, logits))
    yield (
        "the gradient where the rates are right",
        lambda: gradient_of(poisson_loss(np.array([1.0, 4.0]), np.log([1.0, 4.0]))),
    )
    yield (
        "the loss of counts in the hundreds",
        lambda: loss_of(poisson_loss(np.array([150.0, 160.0]), np.array([5.0, 5.1]))),
    )
    yield NEAR_0, lambda: loss_of(poisson_loss(np.array([1.0, 2.0]), np.array([-12.0, -12.0])))
    yield "the loss of a rate of e⁵ for a count of 3", lambda: loss_of(poisson_loss(np.array([3.0]), np.array([5.0])))


NEAR_0 = "the loss of rates near 0, for counts of 1 and 2"


def faulty_poisson(y_true, logits, **made):
    rate = np.exp(np.clip(logits, -1, 1)) if "cut_off" in made else np.exp(logits)
    if "logits_as_rates" in made:
        rate = logits
    if {"softplus", "softplus_alone"} & made.keys():
        rate = np.log1p(np.exp(logits))
    if "sigmoid" in made:
        rate = 1 / (1 + np.exp(-logits))
    log_rate = np.log(rate) if {"logits_as_rates", "softplus"} & made.keys() else logits
    each = rate - y_true * log_rate
    if "log_of_the_logit" in made:
        each = rate - y_true * np.log(logits)
    if "no_rate" in made:
        each = -y_true * log_rate
    if "no_count" in made:
        each = rate - log_rate
    if "log_and_rate_swapped" in made:
        each = log_rate - y_true * rate
    if "plus" in made:
        each = rate + y_true * log_rate
    if "no_log" in made:
        each = rate - y_true * rate
    if "swapped_roles" in made:
        each = y_true - rate * np.log(y_true + 1e-7)
    if "squared" in made:
        each = (rate - y_true) ** 2
    each = -each if "negative" in made else each
    slope = y_true - rate if "uphill" in made else rate - y_true
    if "only_rate" in made:
        slope = rate
    if "along_the_rate" in made:
        slope = 1 - y_true / rate
    if "chained_twice" in made:
        slope = (rate - y_true) * rate
    if "no_rate_in_the_slope" in made:
        slope = 1 - y_true
    if "logits_in_the_slope" in made:
        slope = logits - y_true
    count = 1 if "loss_summed" in made else len(each) if "loss_by_rows" in made else each.size
    loss = each if "one_by_one" in made else np.sum(each) / count
    if "bracket" in made:
        return loss, rate - y_true / y_true.size
    if "gradient_averaged" in made:
        return loss, np.mean(slope)
    return loss, slope / (1 if "gradient_summed" in made else len(slope) if "by_rows" in made else slope.size)


def poisson_swapped(y_true, logits):
    """The two results are swapped: their order is wrong.

    Return the loss first, then the gradient.
    """
    return poisson_loss(y_true, logits)[::-1]


def poisson_alone(y_true, logits):
    """A pair is asked for, and you return the loss alone.

    Return the loss, a comma, and the gradient.
    """
    return poisson_loss(y_true, logits)[0]


def poisson_of_two_exponentials(y_true, logits):
    """The exponential is taken twice: e^z is already the rate, and you use it as a logit.

    The rate is λ = e^z, and its logarithm is z.
    """
    return poisson_loss(y_true, np.exp(logits))


def poisson_gradient_alone(y_true, logits):
    """A pair is asked for, and you return the gradient alone.

    Return the loss, a comma, and the gradient.
    """
    return poisson_loss(y_true, logits)[1]


def poisson_with_more(y_true, logits):
    """Three things come back where a pair is asked for.

    Return the loss and the gradient, and nothing else.
    """
    return *poisson_loss(y_true, logits), np.exp(logits)


def poisson_as_squared_error(y_true, logits):
    """This is the squared error of the rates, with its slope along them.

    Take minus the logarithm of the Poisson distribution at y, and differentiate along the logit.
    """
    rate = np.exp(logits)
    return np.mean((rate - y_true) ** 2), 2 * (rate - y_true) / y_true.size


def poisson_with_added(y_true, logits, constant=1e-3):
    """Something is added to the rate before the logarithm, where log λ = z is already there.

    The logarithm of e^z is z itself: no exponential has to be undone, and nothing small is needed.
    """
    return np.mean(np.exp(logits) - y_true * np.log(np.exp(logits) + constant)), poisson_loss(y_true, logits)[1]


def added_to_the_rate(loss):
    # Twice the loss is 2 λ − 3 log(λ + c), with λ = e^−12.
    return float(np.exp((2 * np.exp(-12.0) - 2 * loss) / 3) - np.exp(-12.0))


def poisson_of_the_probability(y_true, logits):
    """The probability is computed first, and its logarithm after: for large counts λ^y is too large for a float.

    Take the logarithm on paper: of the product it is a sum, −λ + y log λ, and log λ is z.
    """
    rate = np.exp(logits)
    return -np.mean(np.log(np.exp(-rate) * rate**y_true)), poisson_loss(y_true, logits)[1]


def poisson_with_another_constant(y_true, logits, which="minus"):
    counts = np.ravel(y_true)
    factorials = {
        "minus": -np.mean([math.lgamma(count + 1) for count in counts]),
        "one less": np.mean([math.lgamma(max(count, 1.0)) for count in counts]),
        "power": np.mean([count * math.log(max(count, 1.0)) for count in counts]),
    }
    loss, gradient = poisson_loss(y_true, logits)
    return loss + factorials[which], gradient


def poisson_likelihood(y_true, logits):
    """Your loss is minus the probability itself, without a logarithm (and without y!).

    The recipe takes −log p(y): a sum of simple terms.
    """
    rate = np.exp(logits)
    return -np.mean(np.exp(-rate) * rate**y_true), poisson_loss(y_true, logits)[1]


def poisson_deviance(y_true, logits):
    """The same less what the best rates would cost, which does not depend on the prediction: half the deviance."""
    counts = np.where(y_true > 0, y_true, 1.0)
    loss, gradient = poisson_loss(y_true, logits)
    return loss + np.mean(y_true * np.log(counts) - y_true), gradient


def poisson_with_factorial(y_true, logits):
    """The same with log y!, which does not depend on the prediction."""
    constant = np.mean([math.lgamma(count + 1) for count in np.ravel(y_true)])
    loss, gradient = poisson_loss(y_true, logits)
    return loss + constant, gradient


def poisson_by_rates(y_true, logits):
    rate = np.exp(logits)
    loss = 0.0
    for count, each in zip(np.ravel(y_true), np.ravel(rate), strict=True):
        loss -= count * math.log(each) - each
    return loss / rate.size, rate / rate.size - y_true / rate.size


def scene_poisson(poisson_loss):
    z, counts = np.linspace(-1.5, 3.0, 91), np.array([[4.0, 0.0, 2.0], [1.0, 3.0, 0.0]])
    given = [poisson_loss(counts, np.array([[each, 0.5, -0.4], [0.2, 1.0, -1.0]])) for each in z]
    loss, slope = (np.array([float(np.ravel(pair[part])[0]) for pair in given]) for part in (0, 1))
    return Curves(z, {"loss of six counts, the first 4": loss, "slope along the first": slope}, xlabel="first logit")


POISSON_LOSS = Exercise(
    name="poisson_loss",
    kind="derive",
    minutes=15,
    level=3,
    reference=poisson_loss,
    probe=probe_poisson_loss,
    scene=scene_poisson,
    misconceptions=[
        *flags(
            faulty_poisson,
            negative=(
                "Your loss has its sign turned around: it is the log-likelihood.",
                "A loss is small where the data are likely: put a minus in front.",
            ),
            uphill=(
                "The sign of your gradient is turned around: it leads uphill.",
                "Where the rate is larger than the count, the loss grows with z.",
            ),
            gradient_summed=(
                "You do not divide the gradient by the number of counts, as if the loss were a sum.",
                "The loss is a mean: each count has a share of 1/n in it.",
            ),
            by_rows=(
                "Your gradient is divided by the number of rows, `len`.",
                "The mean goes over all numbers of the table: divide by its size.",
            ),
            gradient_averaged=(
                "Your gradient is one number, the mean of the slopes.",
                "Each logit has a slope of its own: return an array shaped like `logits`.",
            ),
            bracket=(
                "Brackets are missing: only the counts are divided by their number, the rates are not.",
                "Put the difference in brackets, then divide.",
            ),
            only_rate=(
                "Your gradient is the rate alone: the counts are not subtracted.",
                "The loss has two terms along z, e^z and −y z.",
            ),
            softplus=(
                "You make the rate of the logit by softplus, log(1 + e^z).",
                "The task says λ = e^z.",
            ),
            loss_summed=("You take the sum of the losses.", "Asked for is their mean."),
            one_by_one=("The losses come back one by one.", "Return their mean, one number."),
            logits_as_rates=(
                "You take the logits for the rates themselves, so a negative one has no logarithm.",
                "The rate is λ = e^z, which is positive for every z.",
            ),
            softplus_alone=(
                "You make the rate of the logit by softplus, log(1 + e^z), and multiply the count by the logit, which "
                "is the logarithm of another rate.",
                "The task says λ = e^z.",
            ),
            log_of_the_logit=(
                "The count is multiplied by the logarithm of the logit, which is NaN for a negative one.",
                "log λ is the logit z itself.",
            ),
            no_rate_in_the_slope=(
                "Your gradient is 1 − y: the slope of the first term is taken along the rate.",
                "Along z the slope of e^z is e^z.",
            ),
            sigmoid=(
                "You make the rate with a sigmoid, so it lies between 0 and 1 like a probability.",
                "A rate may be any positive number: λ = e^z.",
            ),
            cut_off=(
                "Your exponential is cut off: beyond a limit the rate no longer follows z.",
                "Take e^z as it is.",
            ),
            no_rate=(
                "The first term is missing: without the λ of e^{−λ}, a larger rate would always be better.",
                "The logarithm of e^{−λ} is −λ. Keep it.",
            ),
            no_count=(
                "The count is missing in your loss: its second term is log λ alone.",
                "The logarithm of λ^y is y log λ.",
            ),
            log_and_rate_swapped=(
                "The rate and its logarithm are swapped: you multiply the count by λ, and add log λ.",
                "The logarithm of e^{−λ} λ^y is −λ + y log λ.",
            ),
            loss_by_rows=(
                "Your loss is divided by the number of rows, `len`.",
                "The mean goes over all numbers of the table.",
            ),
            plus=(
                "There is a plus for a minus between the two terms of the loss.",
                "The logarithm of e^{−λ} λ^y is −λ + y log λ. What does the minus in front make of it?",
            ),
            no_log=(
                "You multiply the count by the rate, where its logarithm is right.",
                "The logarithm of λ^y is y log λ, and log λ is z, the logit.",
            ),
            swapped_roles=(
                "The roles of count and rate are swapped.",
                "The distribution is that of the count y, with the predicted rate λ: −log p(y) = λ − y log λ + ….",
            ),
            squared=(
                "Your loss is the squared error.",
                "Take minus the logarithm of the Poisson distribution at y.",
            ),
            along_the_rate=(
                "Your gradient is the slope along the rate λ.",
                "The logits are asked for: by the chain rule, multiply by dλ/dz.",
            ),
            chained_twice=(
                "Your gradient has the factor e^z, the chain rule's, once too often.",
                "The derivative of e^z − y z along z needs no more than one step: e^z has the slope e^z, y z has y.",
            ),
            logits_in_the_slope=(
                "Your gradient subtracts the counts from the logits, not from the rates.",
                "What is predicted is the rate e^z.",
            ),
        ),
        poisson_swapped,
        poisson_alone,
        poisson_likelihood,
        poisson_of_two_exponentials,
        poisson_gradient_alone,
        poisson_with_more,
        poisson_as_squared_error,
        poisson_of_the_probability,
        Misconception.of(poisson_with_added, constant=(NEAR_0, added_to_the_rate)),
        Misconception(
            partial(poisson_with_another_constant, which="minus"),
            "log y! has the wrong sign.",
            "y! stands below the line in p(y), and a minus stands before the logarithm. Or leave this term out.",
            "factorial_subtracted",
        ),
        Misconception(
            partial(poisson_with_another_constant, which="one less"),
            "The term that does not depend on z is log (y − 1)!, and log y! is right.",
            "`lgamma(y + 1)` is log y!. Or leave this term out.",
            "factorial_of_one_less",
        ),
        Misconception(
            partial(poisson_with_another_constant, which="power"),
            "A term y log y is added, which is not in −log p(y).",
            "Leave out what does not depend on z.",
            "power_added",
        ),
    ],
    equivalents=[
        poisson_by_rates,
        lambda y_true, logits: [
            np.mean(np.exp(logits)) - np.mean(y_true * logits),
            (np.exp(logits) - y_true) / y_true.size,
        ],
    ],
    accepts=[poisson_with_factorial, poisson_deviance],
    hints=[
        "The recipe: write down −log p(y). Which of its three terms does not depend on the prediction?",
        "With λ = e^z, log λ is z. So two terms are left, and no logarithm has to be computed.",
        "Differentiate both terms along z. What remains is what is predicted minus what is true.",
    ],
)
