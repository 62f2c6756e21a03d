"""`normal_nll`, `mean_squared_error_gradient`, `huber` and `poisson_loss` as people write them."""

from tests.exercises.banks import RIGHT, written

# --- normal_nll

NLL = """
def normal_nll(y_true, mean, sigma=1.0):
    square = (y_true - mean) ** 2 / (2 * sigma**2)
    constant = np.log(sigma * np.sqrt(2 * np.pi))
    return np.sum(square + constant)
"""


def nll(told, *changes, name=""):
    return written("normal_nll", NLL, told, *changes, name=name)


def nll_body(told, *lines, name=""):
    body = "\n".join(f"    {line}" for line in lines)
    return written("normal_nll", f"def normal_nll(y_true, mean, sigma=1.0):\n{body}\n", told, name=name or lines[-1])


DENSITY = "p = np.exp(-(y_true - mean) ** 2 / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))"
NLL_CASES = [
    nll(RIGHT, name="its formula"),
    nll_body(RIGHT, "n = len(y_true)",
             "return n / 2 * np.log(2 * np.pi * sigma**2) + np.sum((y_true - mean) ** 2) / (2 * sigma**2)"),
    nll_body(RIGHT, "from scipy.stats import norm", "return -norm.logpdf(y_true, mean, sigma).sum()"),
    nll_body(RIGHT, "total = 0.0", "for y, m in zip(y_true, np.broadcast_to(mean, np.shape(y_true))):",
             "    total -= -0.5 * ((y - m) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi)", "return total",
             name="a loop"),
    nll_body(RIGHT, "return -np.sum(-0.5 * ((y_true - mean) / sigma) ** 2 - np.log(sigma) - 0.9189385332046727)"),
    nll_body("underflow|rounds to 0|smaller than any float", DENSITY, "return -np.log(np.prod(p))"),
    nll_body("underflow|rounds to 0|smaller than any float", DENSITY, "return -np.log(p.prod())", name="p.prod()"),
    nll_body("underflow|rounds to 0|smaller than any float", DENSITY, "L = 1.0", "for each in p:", "    L *= each",
             "return -np.log(L)", name="a loop of products"),
    nll_body("density|logarithm of.*after|rounds to 0|underflow", DENSITY, "return -np.sum(np.log(p))"),
    nll_body("ε|added|added to|small number|limit", DENSITY, "return -np.sum(np.log(p + 1e-10))"),
    nll_body("ε|added|limit|clip|small number", DENSITY, "return -np.sum(np.log(np.maximum(p, 1e-300)))"),
    nll_body("minus|sign", "log_p = -(y_true - mean) ** 2 / (2 * sigma**2) - np.log(sigma * np.sqrt(2 * np.pi))",
             "return np.sum(log_p)"),
    nll("mean", ("np.sum(", "np.mean(")),
    nll("square|variance|σ²", ("(2 * sigma**2)", "(2 * sigma)")),
    nll("½|half|2 in", ("(2 * sigma**2)", "sigma**2")),
    nll("constant|log σ|in front|factor before", ("return np.sum(square + constant)", "return np.sum(square)")),
    nll("once|each point|every point|n times|for each", ("np.sum(square + constant)", "np.sum(square) + constant")),
    nll("one by one|each point|sum", ("np.sum(square + constant)", "square + constant")),
    nll("σ|sigma", ("np.log(sigma * np.sqrt(2 * np.pi))", "np.log(np.sqrt(2 * np.pi))")),
    nll("2π|π|constant", ("np.log(sigma * np.sqrt(2 * np.pi))", "np.log(sigma)")),
    nll("root|√|twice|π", ("np.log(sigma * np.sqrt(2 * np.pi))", "np.log(sigma * 2 * np.pi)")),
    nll("sign|minus|subtract", ("square + constant", "square - constant")),
    nll("base|log10|log2", ("np.log(", "np.log10(")),
    nll("square|power of 2|distance itself", ("(y_true - mean) ** 2", "np.abs(y_true - mean)")),
    nll("bracket|multiplied by|precedence|before the multiplication", ("/ (2 * sigma**2)", "/ 2 * sigma**2")),
    nll("mean of the points|own mean|`mean`", ("(y_true - mean)", "(y_true - np.mean(y_true))")),
    nll_body("likelihood itself|density|logarithm", DENSITY, "return np.prod(p)"),
    nll_body("None|return", DENSITY, "print(-np.log(p).sum())"),
]  # fmt: skip

# --- mean_squared_error_gradient


def slope(told, line, *before):
    lines = "\n".join(f"    {text}" for text in [*before, line])
    source = f"def mean_squared_error_gradient(y_true, y_pred):\n{lines}\n"
    return written("mean_squared_error_gradient", source, told, name="; ".join([*before, line]))


SLOPE_CASES = [
    slope(RIGHT, "return 2 * (y_pred - y_true) / y_pred.size"),
    slope(RIGHT, "return -2 / np.size(y_true) * (y_true - y_pred)"),
    slope(RIGHT, "return 2 * e / np.prod(np.shape(e))", "e = np.array(y_pred) - np.array(y_true)"),
    slope(RIGHT, "return out", "out = np.zeros(y_pred.shape)", "for i in np.ndindex(y_pred.shape):",
          "    out[i] = 2 * (y_pred[i] - y_true[i]) / y_pred.size"),
    slope("2|factor", "return (y_pred - y_true) / y_pred.size"),
    slope("sign|turned", "return 2 * (y_true - y_pred) / y_pred.size"),
    slope("sign|turned|factor|2", "return (y_true - y_pred) / y_pred.size"),
    slope("mean|divide|number of", "return 2 * (y_pred - y_true)"),
    slope("2|mean|divide|number of|1/n", "return y_pred - y_true"),
    slope("sign|factor|mean|turned", "return y_true - y_pred"),
    slope("sign|mean|turned|divide", "return -2 * (y_pred - y_true)"),
    slope("rows|len|all entries|number of", "return 2 * (y_pred - y_true) / len(y_pred)"),
    slope("mean|one by one|each prediction|single number", "return np.mean(2 * (y_pred - y_true))"),
    slope("sum|one by one|each prediction|single number", "return np.sum(2 * (y_pred - y_true)) / y_pred.size"),
    slope("loss itself|value|not its slope|loss", "return np.mean((y_pred - y_true) ** 2)"),
    slope("squared|square|power", "return 2 * (y_pred - y_true) ** 2 / y_pred.size"),
    slope("absolute|sign", "return 2 * np.abs(y_pred - y_true) / y_pred.size"),
    slope("absolute error|sign", "return np.sign(y_pred - y_true) / y_pred.size"),
    slope("axis|example|rows|mean", "return 2 * np.mean(y_pred - y_true, axis=0)"),
    slope("bracket|divi|precedence|only", "return 2 * y_pred - y_true / y_pred.size"),
    slope("n²|twice|squared", "return 2 * (y_pred - y_true) / y_pred.size ** 2"),
    slope("tuple|two|pair|one array", "return np.mean((y_pred - y_true) ** 2), 2 * (y_pred - y_true) / y_pred.size"),
    slope("None", "g = 2 * (y_pred - y_true) / y_pred.size"),
    slope("input|x", "return 2 * (y_pred - y_true) * y_pred / y_pred.size"),
]  # fmt: skip

# --- huber

HUBER = """
def huber(y_true, y_pred, delta=1.0):
    error = np.abs(y_pred - y_true)
    small = 0.5 * error**2
    large = delta * error - 0.5 * delta**2
    return np.mean(np.where(error <= delta, small, large))
"""


def hubers(told, *changes, name=""):
    return written("huber", HUBER, told, *changes, name=name)


def huber_line(told, line, *before, name=""):
    lines = "\n".join(f"    {text}" for text in [*before, line])
    return written("huber", f"def huber(y_true, y_pred, delta=1.0):\n{lines}\n", told, name=name or line)


E = "e = np.abs(y_pred - y_true)"
HUBER_CASES = [
    hubers(RIGHT, name="its two pieces"),
    hubers(RIGHT, ("<=", "<")),
    huber_line(RIGHT, "return np.mean(0.5 * q**2 + delta * (e - q))", E, "q = np.minimum(e, delta)"),
    huber_line(RIGHT, "return total / e.size", E, "total = 0", "for x in e.ravel():",
               "    total += x * x / 2 if x < delta else delta * (x - delta / 2)"),
    huber_line(RIGHT, "return np.mean(delta**2 * (np.where(u < 1, u**2, 2 * u - 1)) / 2)",
               "u = np.abs(y_true - y_pred) / delta"),
    hubers("½|half|twice", ("0.5 * error**2", "error**2")),
    hubers("begin at|jump|meet|constant|½ δ²|-.*δ", ("delta * error - 0.5 * delta**2", "delta * error")),
    hubers("slope|δ|corner|steep", ("delta * error - 0.5 * delta**2", "error - 0.5 * delta")),
    hubers(
        "Two mistakes.*½ is missing.*begin at δ²", ("0.5 * error**2", "error**2"),
        ("delta * error - 0.5 * delta**2", "delta * error"),
    ),
    hubers("begin at|jump|meet|slope|corner|1 ", ("delta * error - 0.5 * delta**2", "error")),
    hubers("begin at|jump|meet|½|½ δ", ("- 0.5 * delta**2", "- delta**2")),
    hubers("begin at|jump|meet|square|δ²", ("- 0.5 * delta**2", "- 0.5 * delta")),
    hubers("begin at|jump|sign|plus|minus|meet", ("- 0.5 * delta**2", "+ 0.5 * delta**2")),
    hubers("swapped|sides|turned|near", ("error <= delta", "error > delta")),
    hubers("sum|mean", ("np.mean", "np.sum")),
    hubers("delta|ignored|1", ("error <= delta", "error <= 1.0"), ("delta * error - 0.5 * delta**2", "error - 0.5")),
    hubers("boundary|border|delta|switch|where", ("error <= delta", "error <= 1.0")),
    hubers("sign|abs|negative", ("np.abs(y_pred - y_true)", "y_pred - y_true")),
    hubers("sign|abs|negative", ("np.abs(y_pred - y_true)", "y_true - y_pred")),
    hubers("one by one|each|mean", ("return np.mean(np.where(error <= delta, small, large))",
                                    "return np.where(error <= delta, small, large)")),
    hubers("whole|all|single|mean error|each", ("np.where(error <= delta, small, large)",
                                             "small if np.all(error <= delta) else large")),
    hubers("whole|single|mean error|each|batch", ("return np.mean(np.where(error <= delta, small, large))",
           "return np.mean(small) if np.mean(error) <= delta else np.mean(large)"), name="the mean error decides"),
    hubers("one number|array|element", ("return np.mean(np.where(error <= delta, small, large))",
           "return small if error <= delta else large"), name="if on an array"),
    hubers("default", ("delta=1.0", "delta=1.35")),
    huber_line("squared|nothing|limit|parabola|large", "return np.mean(0.5 * (y_pred - y_true) ** 2)"),
    huber_line("absolute|bend|smooth|corner", "return np.mean(np.abs(y_pred - y_true))"),
    huber_line("clip|cut|flat|constant|stops", "return np.mean(0.5 * np.minimum(e, delta) ** 2)", E),
    huber_line("slope|gradient", "return np.mean(np.clip(y_pred - y_true, -delta, delta))"),
    huber_line("pseudo|smooth|root", "return np.mean(delta**2 * (np.sqrt(1 + (e / delta) ** 2) - 1))", E),
    huber_line("smooth L1|divided|δ|factor", "return np.mean(np.where(e < delta, 0.5 * e**2 / delta, e - 0.5 * delta))",
               E),
    hubers("size|rows|len|number", ("np.mean(np.where(error <= delta, small, large))",
                                  "np.sum(np.where(error <= delta, small, large)) / len(error)")),
]  # fmt: skip

# --- poisson_loss

POISSON = """
def poisson_loss(y_true, logits):
    rate = np.exp(logits)
    loss = np.mean(rate - y_true * logits)
    gradient = (rate - y_true) / y_true.size
    return loss, gradient
"""


def poisson(told, *changes, name=""):
    return written("poisson_loss", POISSON, told, *changes, name=name)


POISSON_CASES = [
    poisson(RIGHT, name="its formula"),
    poisson(RIGHT, ("rate - y_true * logits", "rate - y_true * np.log(rate)")),
    poisson(RIGHT, ("return loss, gradient", "return [float(loss), gradient]")),
    poisson(RIGHT, ("np.mean(rate - y_true * logits)",
                    "np.mean(rate - y_true * logits + np.vectorize(__import__('math').lgamma)(y_true + 1))"),
            name="with log y!"),
    poisson("sign|turned", ("np.mean(rate - y_true * logits)", "np.mean(y_true * logits - rate)")),
    poisson("sign|turned|uphill", ("(rate - y_true)", "(y_true - rate)")),
    poisson("mean|sum|divide|number", ("/ y_true.size", "* 1")),
    poisson("mean|sum", ("np.mean(", "np.sum(")),
    poisson("mean|sum|both|divide", ("np.mean(", "np.sum("), ("/ y_true.size", "* 1")),
    poisson("rate|exp|logit", ("rate = np.exp(logits)", "rate = logits"),
            ("np.mean(rate - y_true * logits)", "np.mean(rate - y_true * np.log(rate))"), name="logits as rates"),
    poisson("chain|rate|slope along|with respect", ("(rate - y_true) /", "(1 - y_true / rate) /")),
    poisson("rate|first term|missing|alone", ("np.mean(rate - y_true * logits)", "np.mean(-y_true * logits)")),
    poisson("squared", ("np.mean(rate - y_true * logits)", "np.mean((rate - y_true) ** 2)")),
    poisson("swapped|order", ("return loss, gradient", "return gradient, loss")),
    poisson("two|pair|alone|gradient", ("return loss, gradient", "return loss")),
    poisson("logits|rate|exp", ("(rate - y_true) /", "(logits - y_true) /")),
    poisson("one by one|mean|each", ("np.mean(rate - y_true * logits)", "rate - y_true * logits")),
    poisson("rate|logits|log", ("rate - y_true * logits", "rate - y_true * rate")),
    poisson("swapped|roles|y_true", ("rate - y_true * logits", "y_true - rate * np.log(y_true + 1e-7)")),
    poisson("sign|plus|minus", ("rate - y_true * logits", "rate + y_true * logits")),
    poisson("logits|factor|chain|twice|times", ("(rate - y_true) /", "(rate - y_true) * rate /")),
    poisson("ε|added|small|1e-07|nearly|clip", ("rate - y_true * logits", "rate - y_true * np.log(rate + 1e-3)")),
    poisson("clip|limit|cut", ("np.exp(logits)", "np.exp(np.clip(logits, -1, 1))")),
    poisson("sigmoid|probabilit|0 and 1", ("np.exp(logits)", "1 / (1 + np.exp(-logits))")),
]  # fmt: skip

CASES = [*NLL_CASES, *SLOPE_CASES, *HUBER_CASES, *POISSON_CASES]
