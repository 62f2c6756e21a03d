"""A fourth round of answers to chapter 03, written from its text alone: what had passed or been told falsely."""

from tests.exercises.banks import RIGHT
from tests.exercises.losses.bank.more import answers

CASES = [
    *answers(
        "normal_nll", ["z = (y_true-mean)/sigma"],
        ("log σ is subtracted", "return np.sum(z**2/2 - np.log(sigma) + np.log(2*np.pi)/2)"),
        ("only the mean is divided", "return np.sum((y_true - mean/sigma)**2/2 + np.log(sigma) + np.log(2*np.pi)/2)"),
        ("inside the logarithm", "return np.sum(z**2/2 + np.log(sigma) + np.log(0.5*2*np.pi))"),
        ("their sum is squared", "return np.sum(z)**2/2 + len(z)*np.log(sigma*np.sqrt(2*np.pi))"),
        ("only the first point", "for each in z:", "    return each**2/2 + np.log(sigma*np.sqrt(2*np.pi))"),
    ),
    *answers(
        "mean_squared_error_gradient", ["n = y_pred.size"],
        ("add up the slopes over the examples", "return (2*(y_pred-y_true)/n).sum(axis=0)"),
        ("single number", "return np.mean(y_pred-y_true)"),
        ("whole numbers", "g = np.zeros(y_pred.shape, dtype=int)", "g[:] = 2*(y_pred-y_true)/n", "return g"),
        ("sign alone", "return 2*np.sign(y_pred-y_true)/n"),
    ),
    *answers(
        "huber", ["e = np.abs(y_pred-y_true)"],
        ("half the slope", "return np.mean(np.where(e<=delta, e**2/2, delta*e/2))"),
        ("δ = 1 alone", "return np.mean(np.where(e<=delta, e**2/2, e-0.5))"),
        ("½ δ", "return np.mean(np.where(e<=delta/2, e**2/2, delta*e-delta**2/2))"),
        ("mean of the errors", "e = np.mean(e)", "return e**2/2 if e<=delta else delta*e-delta**2/2"),
        ("once more", "return np.mean(np.where(e<=delta, e**2/2, delta*e-delta**2/2))/len(e)"),
    ),
    *answers(
        "categorical_crossentropy", ["p = np.clip(y_pred, 1e-7, 1-1e-7)"],
        ("number of examples twice", "return -np.mean(np.sum(y_true*np.log(p), axis=1))/len(p)"),
        ("what is 0 is not clipped", "return -np.mean(np.sum(y_true*np.log(np.minimum(y_pred, 1-1e-7)), axis=1))"),
        ("labels are clipped", "y = np.clip(y_true, 1e-7, 1)", "return -np.mean(np.sum(y*np.log(y_pred), axis=1))"),
        ("only the first example", "for y, q in zip(y_true, p):", "    return -np.sum(y*np.log(q))/len(p)"),
    ),
    *answers(
        "crossentropy_from_logits",
        ["n, top = len(logits), logits.max(axis=1, keepdims=True)", "powers = np.exp(logits-top)",
         "total = powers.sum(axis=1, keepdims=True)", "p = powers/total"],
        ("clipped", "p = np.clip(p, 1e-7, 1)", "return -np.sum(y_true*np.log(p))/n, (p-y_true)/n"),
        ("logit beside it", "return -np.sum(y_true*(logits-np.log(total)))/n, (p-y_true)/n"),
        ("number of classes", "n = logits.shape[1]",
         "return -np.sum(y_true*(logits-top-np.log(total)))/n, (p-y_true)/n"),
        ("twice as steep", "return -np.sum(y_true*(logits-top-np.log(total)))/n, 2*(p-y_true)/n"),
        ("sigmoid", "return -np.sum(y_true*(logits-top-np.log(total)))/n, (1/(1+np.exp(-logits))-y_true)/n"),
        (RIGHT, "return np.mean(np.logaddexp.reduce(logits, axis=1) - (y_true*logits).sum(1)), (p-y_true)/n"),
    ),
    *answers(
        "poisson_loss", ["rate = np.exp(logits)", "slope = (rate-y_true)/rate.size"],
        ("probability is computed first", "return -np.mean(np.log(np.exp(-rate)*rate**y_true)), slope"),
        ("something is added", "return np.mean(rate-y_true*np.log(rate+1e-7)), slope"),
        ("takes one number", "import math", "return np.mean(rate-y_true*logits+np.log(math.factorial(y_true))), slope"),
        ("taken along the rate", "return np.mean(rate-y_true*logits), (1-y_true)/rate.size"),
        ("softplus", "rate = np.log1p(rate)", "return np.mean(rate-y_true*logits), (rate-y_true)/rate.size"),
        (RIGHT, "from scipy.special import gammaln", "return np.mean(rate-y_true*logits+gammaln(y_true+1)), slope"),
    ),
    *answers(
        "stable_binary_crossentropy",
        ["loss = np.mean(np.logaddexp(0, logits)-y_true*logits)", "p = 1/(1+np.exp(-logits))", "n = logits.size"],
        ("clipped far out", "z = np.clip(logits, -50, 50)", "loss = np.mean(np.logaddexp(0, z)-y_true*z)",
         "return loss, (p-y_true)/n"),
        ("small number in its fractions",
         "return loss, (-y_true/(p+1e-7)+(1-y_true)/(1-p+1e-7))*p*(1-p)/n"),
        ("largest logit", "loss = np.mean(np.max(logits, 0)-y_true*logits+np.log1p(np.exp(-abs(logits))))",
         "return loss, (p-y_true)/n"),
        ("examples twice", "return loss, (p-y_true)/n/len(logits)"),
    ),
]  # fmt: skip
