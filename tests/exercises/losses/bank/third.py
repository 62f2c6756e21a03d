"""A third round of answers to chapter 03, some of them far-fetched."""

from tests.exercises.banks import RIGHT
from tests.exercises.losses.bank.more import answers

NLL_CASES = answers(
    "normal_nll", ["from scipy.stats import norm", "import math"],
    ("computed first", "return -np.sum(np.log(norm.pdf(y_true, mean, sigma)))"),
    ("multiplied", "return -np.log(norm.pdf(y_true, mean, sigma).prod())"),
    ("width is σ²", "return -norm.logpdf(y_true, mean, sigma**2).sum()"),
    ("σ² is right|root", "return -norm.logpdf(y_true, mean, np.sqrt(sigma)).sum()"),
    ("mean", "return -norm.logpdf(y_true, mean, sigma).mean()"),
    ("ignored", "return -norm.logpdf(y_true, mean).sum()"),
    ("one by one", "return -norm.logpdf(y_true, mean, sigma)"),
    ("sign", "return norm.logpdf(y_true, mean, sigma).sum()"),
    ("once", "return ((y_true-mean)**2/(2*sigma**2)).sum() + math.log(sigma*math.sqrt(2*math.pi))"),
    ("brackets", "return np.sum((y_true-mean)**2/2*sigma**2 + np.log(sigma*np.sqrt(2*np.pi)))"),
    ("wrong sign", "return np.sum(0.5*((y_true-mean)/sigma)**2) - len(y_true)*np.log(sigma*np.sqrt(2*np.pi))"),
)  # fmt: skip
SLOPE_CASES = answers(
    "mean_squared_error_gradient", ["n = y_pred.size"],
    ("number of predictions", "return 2*(y_pred-y_true)"),
    ("twice", "return 4*(y_pred-y_true)/n"),
    ("plus", "return 2*(y_pred+y_true)/n"),
    ("first", "return (2*(y_pred-y_true)/n)[0]"),
    ("first", "for p, y in zip(y_pred, y_true):", "    return 2*(p-y)/n"),
    ("targets", "return 2/n*(y_pred-y_true)*y_true"),
)  # fmt: skip
HUBER_CASES = answers(
    "huber", ["e = np.abs(y_pred-y_true)"],
    ("not squared", "return np.mean(np.where(e<=delta, 0.5*e**2, delta*(e-0.5)))"),
    ("slope 1", "return np.mean(np.where(e<=delta, 0.5*e**2, e-0.5*delta**2))"),
    ("square is missing", "return np.mean(np.where(e<=delta, 0.5*e, delta*(e-0.5*delta)))"),
    ("flat", "return np.mean(np.where(e<=delta, e**2/2, 0.5*delta**2))"),
    ("slope 1", "return np.mean(np.where(e<=delta, e**2/2, 0.5*delta**2+(e-delta)))"),
    ("begin at δ²", "return np.mean(np.where(e<=delta, e**2/2, delta*(e-delta)+delta**2))"),
    ("beyond δ your loss is 0", "return np.mean(np.where(e<=delta, e**2/2, 0))"),
    ("swapped", "return np.mean(np.where(e<=delta, e, e**2/2))"),
    ("√δ", "return np.mean(np.where(e**2<=delta, e**2/2, delta*(e-delta/2)))"),
    ("mean of your numbers", "return np.mean(np.where(e<=delta, e**2/2, delta*(e-delta/2)), axis=-1)"),
    ("whole array", "return np.mean([x*x/2 if x<=delta else delta*(x-delta/2) for x in e])"),
)  # fmt: skip
CCE_CASES = answers(
    "categorical_crossentropy", ["p = np.clip(y_pred, 1e-7, 1-1e-7)"],
    ("shape \\(1,\\)", "return -np.sum(y_true*np.log(p), axis=-1).mean(axis=-1, keepdims=True)"),
    ("all classes", "return np.mean(-np.sum(np.log(p), axis=1))"),
    ("all classes", "return np.mean(-np.log(p))"),
    ("1 − p", "return -np.mean(np.log(1-np.sum(y_true*p, axis=1)))"),
    ("entropy of the predictions", "return -np.mean(np.sum(p*np.log(p), axis=1))"),
    ("over the classes", "return np.sum(-np.sum(y_true*np.log(p), axis=1))/y_pred.shape[1]"),
)  # fmt: skip
LOGITS_CASES = answers(
    "crossentropy_from_logits",
    ["n = len(logits)", "z = logits-logits.max(1, keepdims=True)", "lp = z-np.log(np.exp(z).sum(1, keepdims=True))",
     "p = np.exp(lp)", "loss = -np.sum(y_true*lp)/n"],
    ("brackets", "return loss, p-y_true/n"),
    ("1 in every class", "return loss, (p-1)/n"),
    ("not true", "return loss, (p*y_true-y_true)/n"),
    ("log p", "return loss, (lp-y_true)/n"),
    ("sum of exponentials is missing", "return -np.sum(y_true*z)/n, (p-y_true)/n"),
    ("sum of exponentials is missing", "return -np.sum(y_true*logits)/n, (p-y_true)/n"),
    ("largest label", "return np.mean(np.log(np.exp(z).sum(1)) - z[np.arange(n), y_true.argmax(1)]), (p-y_true)/n"),
    ("over the examples", "return loss, (p-y_true).sum(axis=0)/n"),
    ("sign", "return loss, -(p-y_true)"),
    ("one number", "return loss, np.mean(p-y_true)"),
    ("dict", "return {'loss': loss, 'gradient': (p-y_true)/n}"),
    ("gradient alone", "return (p-y_true)/n"),
)  # fmt: skip
POISSON_CASES = answers(
    "poisson_loss", ["r = np.exp(logits)", "g = (r-y_true)/y_true.size", "loss = np.mean(r-y_true*logits)"],
    ("rows", "return np.sum(r-y_true*logits)/len(y_true), g"),
    ("sign", "return loss, y_true-r"),
    ("count is missing", "return np.mean(r-logits), g"),
    ("one number", "return loss, np.sum(g)"),
    ("swapped", "return np.mean(np.log(r)-y_true*r), g"),
    ("squared error", "return np.mean((r-y_true)**2), 2*(r-y_true)/y_true.size"),
    ("twice", "return np.mean(np.exp(r)-y_true*r), (np.exp(r)-y_true)/y_true.size"),
    ("gradient alone", "return g"),
    ("three things", "return loss, g, r"),
    (RIGHT, "return np.mean(r - y_true*np.log(r+1e-12)), g"),
)  # fmt: skip
BCE_CASES = answers(
    "stable_binary_crossentropy",
    ["from course_lib.activations import sigmoid", "p = sigmoid(logits)", "n = logits.size",
     "loss = np.mean(np.logaddexp(0, logits)-y_true*logits)"],
    ("brackets", "return loss, p-y_true/n"),
    ("one of class 1", "return np.mean(np.logaddexp(0, -logits)), (p-y_true)/n"),
    ("plus", "return np.mean(np.logaddexp(0, logits)+y_true*logits), (p-y_true)/n"),
    ("alone", "return np.mean(np.log1p(np.exp(-np.abs(logits)))), (p-y_true)/n"),
    ("one of class 0", "return np.mean(np.maximum(logits,0)+np.log1p(np.exp(-np.abs(logits)))), (p-y_true)/n"),
    ("0/0", "return loss, (-y_true/p+(1-y_true)/(1-p))*p*(1-p)/n"),
    (RIGHT, "return loss, (-y_true*(1-p)+(1-y_true)*p)/n"),
    ("three things", "return loss, (p-y_true)/n, p"),
    ("class 0", "return loss, -y_true*(1-p)/n"),
    ("still computed first", "return -np.mean(np.where(y_true==1, np.log(p), np.log(1-p))), (p-y_true)/n"),
    ("small number", "return -np.mean(y_true*np.log(p+1e-7)+(1-y_true)*np.log(1-p+1e-7)), "
     "(-y_true/(p+1e-7)+(1-y_true)/(1-p+1e-7))*p*(1-p)"),
)  # fmt: skip

CASES = [*NLL_CASES, *SLOPE_CASES, *HUBER_CASES, *CCE_CASES, *LOGITS_CASES, *POISSON_CASES, *BCE_CASES]
