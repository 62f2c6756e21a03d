"""The cross-entropies of chapter 03, and the test of one, as people write them."""

from tests.exercises.banks import RIGHT, written

# --- categorical_crossentropy

CCE = """
def categorical_crossentropy(y_true, y_pred):
    y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
    per_example = -np.sum(y_true * np.log(y_pred), axis=1)
    return np.mean(per_example)
"""


def cce(told, *changes, name=""):
    return written("categorical_crossentropy", CCE, told, *changes, name=name)


CLIP = "    y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)\n"
CCE_CASES = [
    cce(RIGHT, name="its formula"),
    cce(RIGHT, ("np.clip(y_pred, 1e-7, 1 - 1e-7)", "np.maximum(y_pred, 1e-7)")),
    cce(RIGHT, ("np.clip(y_pred, 1e-7, 1 - 1e-7)", "np.clip(y_pred, 1e-7, 1.0)")),
    cce(RIGHT, ("np.mean(per_example)", "np.sum(per_example) / y_pred.shape[0]")),
    cce(RIGHT, ("-np.sum(y_true * np.log(y_pred), axis=1)",
                "-np.log(y_pred[np.arange(len(y_true)), y_true.argmax(axis=1)])"), name="by index"),
    cce(RIGHT, ("-np.sum(y_true * np.log(y_pred), axis=1)", "-np.log((y_true * y_pred).sum(axis=1))"),
        name="log of the sum"),
    cce("clip|log\\(0\\)|NaN|0", (CLIP, ""), name="no clip"),
    cce("added|add", (CLIP, ""), ("np.log(y_pred)", "np.log(y_pred + 1e-7)")),
    cce("added|add", (CLIP, ""), ("np.log(y_pred)", "np.log(y_pred + 1e-9)")),
    cce("added|add", (CLIP, ""), ("np.log(y_pred)", "np.log(y_pred + 1e-15)")),
    cce("clip|limit|1e-7", ("1e-7, 1 - 1e-7", "1e-15, 1 - 1e-15")),
    cce("clip|limit|1e-7", ("1e-7, 1 - 1e-7", "1e-12, 1 - 1e-12")),
    cce("clip|limit|1e-7", ("1e-7, 1 - 1e-7", "1e-5, 1 - 1e-5")),
    cce("minus|sign", ("-np.sum", "np.sum")),
    cce("sum|mean", ("np.mean(per_example)", "np.sum(per_example)")),
    cce("class|number of|size", ("np.mean(per_example)", "np.sum(per_example) / y_true.size")),
    cce("class|number of|size", ("-np.sum(y_true * np.log(y_pred), axis=1)",
                                 "-np.mean(y_true * np.log(y_pred), axis=1)")),
    cce("axis|down|column|class", ("axis=1", "axis=0")),
    cce("swapped|y_true|order|roles", ("y_true * np.log(y_pred)", "y_pred * np.log(np.clip(y_true, 1e-7, 1))")),
    cce("other classes|binary|1 − p|1 - p", ("y_true * np.log(y_pred)",
        "y_true * np.log(y_pred) + (1 - y_true) * np.log(1 - y_pred)")),
    cce("base|log2|log10", ("np.log(", "np.log2(")),
    cce("base|log2|log10", ("np.log(", "np.log10(")),
    cce("log", ("np.log(y_pred)", "y_pred")),
    cce("softmax", (CLIP, "    y_pred = np.exp(y_pred) / np.exp(y_pred).sum(axis=1, keepdims=True)\n"),
        name="a softmax before"),
    cce("predicted|largest|true class", ("y_true * np.log(y_pred)",
                                         "(y_pred == y_pred.max(axis=1, keepdims=True)) * np.log(y_pred)")),
    cce("one by one|mean|each example", ("return np.mean(per_example)", "return per_example")),
    cce("squared", ("-np.sum(y_true * np.log(y_pred), axis=1)", "np.sum((y_true - y_pred) ** 2, axis=1)")),
    cce("nan_to_num|0|hide|hidden", (CLIP, ""), ("y_true * np.log(y_pred)", "np.nan_to_num(y_true * np.log(y_pred))")),
    cce("1 −|loss|accuracy|log", ("-np.sum(y_true * np.log(y_pred), axis=1)", "1 - np.sum(y_true * y_pred, axis=1)")),
    cce("wrong class|other|y_true|not true", ("y_true * np.log(y_pred)", "(1 - y_true) * np.log(1 - y_pred)")),
]  # fmt: skip

# --- crossentropy_from_logits

LOGITS = """
def crossentropy_from_logits(y_true, logits):
    n = len(logits)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    loss = -np.sum(y_true * log_p) / n
    gradient = (p - y_true) / n
    return loss, gradient
"""


def logits(told, *changes, name=""):
    return written("crossentropy_from_logits", LOGITS, told, *changes, name=name)


SHIFT = "logits - logits.max(axis=1, keepdims=True)"
LOG_P = "log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))\n    p = np.exp(log_p)"
BY_P = "p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)\n    log_p = "
LOGITS_CASES = [
    logits(RIGHT, name="its formula"),
    logits(RIGHT, (LOG_P, "from scipy.special import log_softmax\n    log_p = log_softmax(logits, axis=1)\n"
                   "    p = np.exp(log_p)"), name="by SciPy"),
    logits(RIGHT, (SHIFT, "logits - logits.max()"), (LOG_P, "top = logits.max(axis=1, keepdims=True)\n"
                   "    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)\n    p = np.exp(log_p)"),
           name="by logaddexp"),
    logits(RIGHT, ("-np.sum(y_true * log_p) / n", "np.mean(-(y_true * log_p).sum(axis=-1))")),
    logits("maximum|overflow|NaN", (SHIFT, "logits")),
    logits("whole|one maximum|row's own|each row", (SHIFT, "logits - logits.max()")),
    logits("underflow|log\\(0\\)|0|logarithm", (LOG_P, BY_P + "np.log(p)")),
    logits("clip|limit|added", (LOG_P, BY_P + "np.log(np.clip(p, 1e-7, 1 - 1e-7))")),
    logits("clip|limit|added", (LOG_P, BY_P + "np.log(p + 1e-7)")),
    logits("clip|limit|added", (LOG_P, BY_P + "np.log(p + 1e-15)")),
    logits("clip|limit|added", (LOG_P, BY_P + "np.log(np.maximum(p, 1e-12))")),
    logits("softmax|twice|two", ("return loss, gradient",
           "gradient = p * (gradient - (gradient * p).sum(1, keepdims=True))\n    return loss, gradient"),
           name="through the Jacobian again"),
    logits("sign|turned|uphill", ("(p - y_true)", "(y_true - p)")),
    logits("mean|number|divide|sum", ("(p - y_true) / n", "p - y_true")),
    logits("mean|number|divide|sum", ("np.sum(y_true * log_p) / n", "np.sum(y_true * log_p)")),
    logits("mean|number|divide|sum|both", ("np.sum(y_true * log_p) / n", "np.sum(y_true * log_p)"),
           ("(p - y_true) / n", "p - y_true")),
    logits("class|number of|size", ("(p - y_true) / n", "(p - y_true) / p.size")),
    logits("class|number of|size", ("-np.sum(y_true * log_p) / n", "-np.mean(y_true * log_p)")),
    logits("probabilit|−y|p itself|logits", ("(p - y_true) / n", "-y_true / p / n")),
    logits("logits|softmax", ("(p - y_true) / n", "(logits - y_true) / n")),
    logits("y_true|true|subtract|p alone", ("(p - y_true) / n", "p / n")),
    logits("minus|sign", ("-np.sum(y_true * log_p)", "np.sum(y_true * log_p)")),
    logits("swapped|order", ("return loss, gradient", "return gradient, loss")),
    logits("alone|two|pair", ("return loss, gradient", "return loss")),
    logits("column|axis|down", ("axis=1", "axis=0")),
    logits("keepdims|axis|broadcast", ("shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))",
                                       "shifted - np.log(np.exp(shifted).sum(axis=1))")),
    logits("true class|y_true|smooth|other|zero", ("(p - y_true) / n", "(p - y_true) * y_true / n")),
    logits("diagonal|p \\(1|Jacobian", ("(p - y_true) / n", "(p - y_true) * p * (1 - p) / n")),
    logits("log|inside|sum", ("- np.log(np.exp(shifted).sum(axis=1, keepdims=True))",
                              "- np.exp(shifted).sum(axis=1, keepdims=True)")),
    logits("one-hot|smooth|label|argmax|share", ("-np.sum(y_true * log_p) / n",
                               "-np.mean(log_p[np.arange(n), y_true.argmax(axis=1)])")),
    logits("n²|twice", ("(p - y_true) / n", "(p - y_true) / n**2")),
    logits("other classes|binary|1 − p", ("y_true * log_p)",
           "y_true * log_p + (1 - y_true) * np.log(np.clip(1 - p, 1e-7, 1)))")),
    logits("nan_to_num|hide|0", (SHIFT, "logits"), (
           "return loss, gradient", "return np.nan_to_num(loss), np.nan_to_num(gradient)")),
]  # fmt: skip

# --- stable_binary_crossentropy

BCE = """
def stable_binary_crossentropy(y_true, logits):
    values = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    decay = np.exp(-np.abs(logits))
    p = np.where(logits >= 0, 1, decay) / (1 + decay)
    return np.mean(values), (p - y_true) / logits.size
"""


def bce(told, *changes, name=""):
    return written("stable_binary_crossentropy", BCE, told, *changes, name=name)


VALUES = "values = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))"
LATER = "return np.mean(values), (p - y_true) / logits.size"
PROBABLE = "from course_lib.activations import sigmoid; q = sigmoid(logits); values = "
BCE_CASES = [
    bce(RIGHT, name="its formula"),
    bce(RIGHT, (VALUES, "values = np.logaddexp(0, logits) - y_true * logits")),
    bce(RIGHT, (VALUES, "values = np.logaddexp(0, (1 - 2 * y_true) * logits)"),
        ("p = np.where(logits >= 0, 1, decay) / (1 + decay)", "p = 0.5 * (1 + np.tanh(logits / 2))")),
    bce(RIGHT, (VALUES, "values = np.where(y_true == 1, np.logaddexp(0, -logits), np.logaddexp(0, logits))")),
    bce("added|limit|clip", (VALUES, PROBABLE + "-(y_true * np.log(q + 1e-7) + (1 - y_true) * np.log(1 - q + 1e-7))")),
    bce("added|limit|clip", (VALUES, PROBABLE +
        "-(y_true * np.log(q + 1e-15) + (1 - y_true) * np.log(1 - q + 1e-15))")),
    bce("added|limit|clip", (VALUES, "from course_lib.activations import sigmoid; "
        "q = np.clip(sigmoid(logits), 1e-7, 1 - 1e-7); values = -(y_true * np.log(q) + (1 - y_true) * np.log(1 - q))")),
    bce("log\\(0\\)|underflow|NaN|infin|0", (VALUES, PROBABLE +
        "-(y_true * np.log(q) + (1 - y_true) * np.log(1 - q))")),
    bce("overflow|infin|NaN", (VALUES, "values = np.log(1 + np.exp(logits)) - y_true * logits")),
    bce("overflow|infin|NaN", (VALUES, "values = np.log1p(np.exp(-logits)) + (1 - y_true) * logits")),
    bce("clip|limit", (VALUES, "z = np.clip(logits, -30, 30); values = np.log1p(np.exp(z)) - y_true * z")),
    bce("sign|turned|uphill", ("(p - y_true)", "(y_true - p)")),
    bce("mean|divide|number|sum", ("(p - y_true) / logits.size", "p - y_true")),
    bce("mean|sum", ("np.mean(values)", "np.sum(values)")),
    bce("slope|σ′|p \\(1|sigmoid", ("(p - y_true) / logits.size", "(p - y_true) * p * (1 - p) / logits.size")),
    bce("probabilit|p \\(1|logit", ("(p - y_true) / logits.size",
                                    "(p - y_true) / np.clip(p * (1 - p), 1e-7, 1) / logits.size")),
    bce("alone|pair|two", (LATER, "return np.mean(values)")),
    bce("swapped|order", (LATER, "return (p - y_true) / logits.size, np.mean(values)")),
    bce("class 0|other class|1 − y|half|true class|y_true", (VALUES, "values = y_true * np.logaddexp(0, -logits)")),
    bce("swapped|turned|class", (VALUES, "values = np.logaddexp(0, logits) - (1 - y_true) * logits")),
    bce("rows|len|number|size", ("(p - y_true) / logits.size", "(p - y_true) / len(logits)")),
    bce("logits|sigmoid", ("(p - y_true)", "(logits - y_true)")),
    bce("softmax", ("p = np.where(logits >= 0, 1, decay) / (1 + decay)",
        "p = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()")),
    bce("one by one|mean|each", ("np.mean(values)", "values")),
]  # fmt: skip

# --- looks_like_crossentropy

CHECK = """
def looks_like_crossentropy(crossentropy):
    y = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    p = np.array([[0.2, 0.5, 0.3], [0.1, 0.7, 0.2]])
    if not np.allclose(crossentropy(y, p), -(np.log(0.5) + np.log(0.1)) / 2):
        return False
    # a third row of another shape, certainties, and a value for each limit
    y2 = np.array([[0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
    p2 = np.array([[0.0, 1.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [1e-6, 1 - 1e-6, 0.0, 0.0]])
    expected = (-np.log(1e-7) - np.log(1e-6)) / 3
    return bool(abs(crossentropy(y2, p2) - expected) < 1e-5)
"""


def check(told, source, name):
    return written("looks_like_crossentropy", source, told, name=name)


def short(told, line, *before):
    lines = "\n".join(f"    {text}" for text in [*before, line])
    return check(told, f"def looks_like_crossentropy(crossentropy):\n{lines}\n", "; ".join([*before, line]))


ONE = "y, p = np.array([[0.0, 1.0]]), np.array([[0.25, 0.75]])"
CHECK_CASES = [
    check(RIGHT, CHECK, "values and limits"),
    check(RIGHT, CHECK.replace("return bool(abs(crossentropy(y2, p2) - expected) < 1e-5)",
                               "assert abs(crossentropy(y2, p2) - expected) < 1e-5\n    return True"), "an assertion"),
    short("Slipped|one example|one row", "return bool(np.isclose(crossentropy(y, p), -np.log(0.75)))", ONE),
    short("positive|Slipped|≥ 0", "return bool(crossentropy(y, p) >= 0)", ONE),
    short("everything", "return True"),
    short("refuses|everything", "return False"),
    short("None", "crossentropy(y, p) == -np.log(0.75)", ONE),
    short("refuse|==|round|exactly", "return bool(crossentropy(y, p) == 1.1769)",
          "y, p = np.array([[0.0, 1, 0], [0, 0, 1]]), np.array([[0.05, 0.95, 0], [0.1, 0.8, 0.1]])"),
    short("refuse|certain|1e-7|exactly 0", "return bool(crossentropy(y, y) == 0)", ONE),
    short("finite|Slipped", "return bool(np.isfinite(crossentropy(y, p)))",
          "y, p = np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])"),
    short("better|Slipped|larger", "return bool(crossentropy(y, p) < crossentropy(y, 1 - p))", ONE),
    short("Slipped|certain|clip|0", "return bool(np.isclose(crossentropy(y, p), 1.1769392, atol=1e-6))",
          "y, p = np.array([[0.0, 1, 0], [0, 0, 1]]), np.array([[0.05, 0.95, 0], [0.1, 0.8, 0.1]])"),
    short("integer|shape|labels|raised|refuse", "return bool(np.isclose(crossentropy(y, p), -np.log(0.75)))",
          "y, p = np.array([1]), np.array([[0.25, 0.75]])"),
    short("bool|True or False", "return crossentropy(y, p)", ONE),
]  # fmt: skip

# --- breaking_predictions


def breaks(told, line):
    return written("breaking_predictions", f"def breaking_predictions():\n    return {line}\n", told, name=line)


BREAK_CASES = [
    breaks(RIGHT, "[0.0, 1.0], [1.0, 0.0]"),
    breaks(RIGHT, "np.array([0, 0.5, 0.5]), np.array([1.0, 0, 0])"),
    breaks(RIGHT, "(0, 0.3, 0.7), (0.6, 0.4, 0.0)"),
    breaks("no trouble|ordinary|finite|rounds", "[1e-300, 1.0], [1.0, 0.0]"),
    breaks("no trouble|second|ordinary|finite", "[0.0, 1.0], [0.9, 0.1]"),
    breaks("NaN|0 · log 0|infin", "[0.0, 1.0, 0.0], [1.0, 0.0]"),
    breaks("largest|right|wrong", "[0.0, 1.0], [0.0, 1.0, 0.0]"),
    breaks("sum|1", "[0.0, 0.5], [1.0, 0.0]"),
    breaks("sum|1|probabilit|negative", "[-1.0, 2.0], [1.0, 0.0]"),
    breaks("finite|number", "[np.nan, 1.0], [1.0, np.nan]"),
    breaks("two", "[0.0, 1.0]"),
    breaks("swapped|order|first", "[1.0, 0.0], [0.0, 1.0]"),
    breaks("two probabilities|at least|needs two", "[0.0], [1.0]"),
]  # fmt: skip

CASES = [*CCE_CASES, *LOGITS_CASES, *BCE_CASES, *CHECK_CASES, *BREAK_CASES]
