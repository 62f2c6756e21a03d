"""Folded batch normalization, distillation and requests to a server, as people write them."""

from tests.exercises.banks import RIGHT, cases_of

# --- folded_batch_normalization

FOLD = """
def folded_batch_normalization(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    factor = gamma / np.sqrt(variance + epsilon)
    new_kernel = kernel * factor
    new_bias = (bias - mean) * factor + beta
    return new_kernel, new_bias
"""
fold = cases_of("folded_batch_normalization", FOLD)
FACTOR, BIAS, KERNEL = "gamma / np.sqrt(variance + epsilon)", "(bias - mean) * factor + beta", "kernel * factor"
FOLD_CASES = [
    fold(RIGHT, name="as derived"),
    fold(RIGHT, (BIAS, "beta + bias * factor - gamma * mean / np.sqrt(variance + epsilon)")),
    fold(RIGHT, (KERNEL, "kernel @ np.diag(factor)")),
    fold(RIGHT, ("return new_kernel, new_bias", "return [new_kernel, new_bias]")),
    fold("bias", (BIAS, "beta - mean * factor")),
    fold("bias|factor", (BIAS, "bias - mean * factor + beta")),
    fold("beta|β", (BIAS, "(bias - mean) * factor")),
    fold("mean|μ", (BIAS, "bias * factor + beta")),
    fold("root|variance", (FACTOR, "gamma / (variance + epsilon)")),
    fold("ε|epsilon", (FACTOR, "gamma / np.sqrt(variance)")),
    fold("ε|epsilon", (FACTOR, "gamma / (np.sqrt(variance) + epsilon)")),
    fold("ε|epsilon|argument|1e-5", (FACTOR, "gamma / np.sqrt(variance + 1e-5)")),
    fold("gamma|γ", (FACTOR, "1 / np.sqrt(variance + epsilon)")),
    fold("kernel", (KERNEL, "kernel")),
    fold("sign|mean|μ", (BIAS, "(bias + mean) * factor + beta")),
    fold("row|axis|unit|last|inputs", (KERNEL, "kernel * factor[:, None]")),
    fold(
        "gamma|γ|beta|β|swap", (FACTOR, "beta / np.sqrt(variance + epsilon)"), (BIAS, "(bias - mean) * factor + gamma")
    ),
    fold("order|swap", ("return new_kernel, new_bias", "return new_bias, new_kernel")),
    fold("pair|one|two|bias", ("return new_kernel, new_bias", "return new_kernel")),
    fold("beta|β", (BIAS, "(bias - mean + beta) * factor")),
    fold("multipl|root|divid", (FACTOR, "gamma * np.sqrt(variance + epsilon)")),
    fold("bias", (BIAS, "bias"), name="bias as it was"),
    fold("standard deviation|variance|root", (FACTOR, "gamma / np.sqrt(variance**2 + epsilon)")),
]

# --- distillation_loss

DISTILL = """
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    n = len(labels)
    T = temperature
    p = softmax(student_logits / T)
    q = softmax(teacher_logits / T)
    p1 = softmax(student_logits)
    soft = -np.mean(np.sum(q * np.log(p), axis=1))
    hard = -np.mean(np.log(p1[np.arange(n), labels]))
    loss = alpha * T ** 2 * soft + (1 - alpha) * hard
    y = np.eye(p.shape[1])[labels]
    gradient = (alpha * T * (p - q) + (1 - alpha) * (p1 - y)) / n
    return loss, gradient
"""
distill = cases_of("distillation_loss", DISTILL)
LOSS, GRADIENT = "loss = alpha * T ** 2 * soft", "alpha * T * (p - q)"
DISTILL_CASES = [
    distill(RIGHT, name="as derived"),
    distill(RIGHT, ("q * np.log(p)", "q * (np.log(p) - np.log(q))"), name="KL divergence"),
    distill("sign|negative|turned", ("q * np.log(p)", "q * (np.log(q) - np.log(p))"), name="minus the KL divergence"),
    distill(RIGHT, (GRADIENT, "alpha * T ** 2 * (p - q) / T")),
    distill("T²|temperature", (LOSS, "loss = alpha * soft"), (GRADIENT, "alpha / T * (p - q)")),
    distill("T²|gradient|temperature", (GRADIENT, "alpha * (p - q)")),
    distill("T²|gradient|temperature|1 / T", (GRADIENT, "alpha * T ** 2 * (p - q)")),
    distill("T²|T|temperature", (LOSS, "loss = alpha * T * soft"), (GRADIENT, "alpha * (p - q)"), name="T for T²"),
    distill("loss|T²", (LOSS, "loss = alpha * soft"), name="T² in the gradient alone"),
    distill(
        "alpha|α|swap",
        ("loss = alpha * T ** 2 * soft + (1 - alpha) * hard", "loss = (1 - alpha) * T ** 2 * soft + alpha * hard"),
        ("alpha * T * (p - q) + (1 - alpha) * (p1 - y)", "(1 - alpha) * T * (p - q) + alpha * (p1 - y)"),
    ),
    distill("teacher|temperature", ("softmax(teacher_logits / T)", "softmax(teacher_logits)")),
    distill(
        "student|temperature", ("softmax(student_logits / T)", "softmax(student_logits)"), name="student not softened"
    ),
    distill(
        "hard|label|temperature",
        ("p1 = softmax(student_logits)", "p1 = softmax(student_logits / T)"),
        name="hard part softened",
    ),
    distill(
        "multipl|temperature",
        ("student_logits / T", "student_logits * T"),
        ("teacher_logits / T", "teacher_logits * T"),
    ),
    distill(
        "sum|mean|n|batch",
        ("/ n\n", "\n"),
        ("np.mean(np.sum", "np.sum(np.sum"),
        ("-np.mean(np.log", "-np.sum(np.log"),
        name="sums",
    ),
    distill(
        "gradient|n|batch|sum|mean",
        ("(1 - alpha) * (p1 - y)) / n", "(1 - alpha) * (p1 - y))"),
        name="gradient not divided",
    ),
    distill("swap|student|teacher|direction|order", ("q * np.log(p)", "p * np.log(q)")),
    distill("sign", ("(p - q)", "(q - p)"), ("(p1 - y)", "(y - p1)")),
    distill("gradient|pair|one|two", ("return loss, gradient", "return loss")),
    distill(
        "label|hard",
        ("loss = alpha * T ** 2 * soft + (1 - alpha) * hard", "loss = alpha * T ** 2 * soft"),
        ("alpha * T * (p - q) + (1 - alpha) * (p1 - y)", "alpha * T * (p - q)"),
        name="soft part alone",
    ),
    distill(
        "soft|teacher",
        ("loss = alpha * T ** 2 * soft + (1 - alpha) * hard", "loss = hard"),
        ("alpha * T * (p - q) + (1 - alpha) * (p1 - y)", "(p1 - y)"),
        name="hard part alone",
    ),
    distill("alpha|α|weight|1 − α", ("+ (1 - alpha) * hard", "+ hard"), ("+ (1 - alpha) * (p1 - y)", "+ (p1 - y)")),
    distill("class", ("np.mean(np.sum(q * np.log(p), axis=1))", "np.mean(q * np.log(p))"), name="mean over classes"),
    distill(
        "large|overflow|nan|inf|shift",
        ("e = np.exp(z - z.max(axis=1, keepdims=True))", "e = np.exp(z)"),
        name="softmax without a shift",
    ),
    distill(
        "axis|examples|row",
        ("z.max(axis=1, keepdims=True)", "z.max()"),
        ("e.sum(axis=1, keepdims=True)", "e.sum(axis=0, keepdims=True)"),
        name="softmax over the batch",
    ),
    distill(
        "square|logits|mean squared",
        ("soft = -np.mean(np.sum(q * np.log(p), axis=1))", "soft = np.mean(np.sum((q - p) ** 2, axis=1))"),
    ),
    distill("order|swap", ("return loss, gradient", "return gradient, loss")),
]

# --- checked_input

CHECK = """
def checked_input(body, side=28):
    if not isinstance(body, dict) or "pixels" not in body:
        return 400, 'Send an object with "pixels".'
    rows = body["pixels"]
    if not isinstance(rows, list) or len(rows) != side:
        return 422, "pixels must be 28 rows."
    for row in rows:
        if not isinstance(row, list) or len(row) != side:
            return 422, "Each row must hold 28 numbers."
        for x in row:
            if isinstance(x, bool) or not isinstance(x, (int, float)):
                return 422, "Each pixel must be a number."
            if not 0 <= x <= 1:
                return 422, "Each pixel must lie between 0 and 1."
    return 200, np.array(rows, dtype=float)
"""
ARRAY = """
def checked_input(body, side=28):
    if not isinstance(body, dict) or "pixels" not in body:
        return 400, "no pixels"
    try:
        image = np.array(body["pixels"])
    except (ValueError, TypeError, OverflowError):
        return 422, "The rows are not equally long."
    if image.shape != (side, side):
        return 422, "28 rows of 28 numbers are asked for."
    if image.dtype.kind not in "if" or any(isinstance(x, bool) for row in body["pixels"] for x in row):
        return 422, "Pixels are numbers."
    if not np.all(np.isfinite(image)):
        return 422, "NaN or infinite."
    if image.min() < 0 or image.max() > 1:
        return 422, "Pixels are from 0 to 1."
    return 200, image
"""
TRIED = ARRAY[ARRAY.index("    try:") : ARRAY.index("    if image.shape")]
checked = cases_of("checked_input", CHECK)
arrays = cases_of("checked_input", ARRAY)
RANGE = '            if not 0 <= x <= 1:\n                return 422, "Each pixel must lie between 0 and 1."\n'
CHECK_CASES = [
    checked(RIGHT, name="row by row"),
    checked(RIGHT, source=ARRAY, name="as an array"),
    checked(RIGHT, ("np.array(rows, dtype=float)", "np.asarray(rows, dtype=np.float32)")),
    checked("28|side", ("len(rows) != side", "len(rows) != 28"), ("len(row) != side", "len(row) != 28")),
    checked("range|0 and 1|0 to 1|outside", (RANGE, "")),
    checked("NaN", ("if not 0 <= x <= 1:", "if x < 0 or x > 1:"), name="NaN slips through"),
    arrays("NaN", ('    if not np.all(np.isfinite(image)):\n        return 422, "NaN or infinite."\n', "")),
    arrays(
        "shape|28|status is 200",
        ('    if image.shape != (side, side):\n        return 422, "28 rows of 28 numbers are asked for."\n', ""),
    ),
    checked("bool|true", ("isinstance(x, bool) or ", "")),
    checked(
        "raise|equally|ragged|exception",
        name="ragged raises",
        source=ARRAY.replace(TRIED, '    image = np.array(body["pixels"])\n'),
    ),
    checked("400|422|status", ("422", "400"), name="400 for all"),
    checked("400|422|status", ("400", "422"), name="422 for all"),
    checked("object|dict|400|raise", ("not isinstance(body, dict) or ", "")),
    checked("missing|pixels|KeyError|raise|400", (' or "pixels" not in body', "")),
    checked("255|range|0 and 1|0 to 1", ("0 <= x <= 1", "0 <= x <= 255")),
    checked("0 and 1|ends|border|refuse", ("0 <= x <= 1", "0 < x < 1")),
    checked(
        "raise|exception|status", ('return 422, "Each pixel must lie between 0 and 1."', "raise ValueError('range')")
    ),
    checked(
        "clip|range|0 and 1|repair|0 to 1",
        (RANGE, ""),
        ("np.array(rows, dtype=float)", "np.clip(np.array(rows, dtype=float), 0, 1)"),
        name="clipped",
    ),
    arrays("text|string|number", ('np.array(body["pixels"])', 'np.array(body["pixels"], dtype=float)')),
    arrays(
        "784|reshape|shape|single number", ('np.array(body["pixels"])', 'np.array(body["pixels"]).reshape(side, side)')
    ),
    checked("whole|integer|int", ("isinstance(x, (int, float))", "isinstance(x, float)")),
    checked("500|422|status", ("422", "500"), name="500 for all"),
    checked("sentence|text|what is wrong|why", ('422, "Each pixel must lie between 0 and 1."', "422, None")),
    checked("pair|status|image|two", ("return 200, np.array(rows, dtype=float)", "return np.array(rows, dtype=float)")),
    checked("image|array|28", ("return 200, np.array(rows, dtype=float)", "return 200, 'ok'")),
    checked(
        "nan_to_num|NaN|repair|replac",
        name="NaN replaced",
        source=ARRAY.replace(
            '    if not np.all(np.isfinite(image)):\n        return 422, "NaN or infinite."\n',
            "    image = np.nan_to_num(image)\n",
        ),
    ),
    checked("transpos|row|turned|other", ("np.array(rows, dtype=float)", "np.array(rows, dtype=float).T")),
    checked("scale|divid|255|other", ("np.array(rows, dtype=float)", "np.array(rows, dtype=float) / 255")),
    checked("flat|shape|one row", ("np.array(rows, dtype=float)", "np.array(rows, dtype=float).ravel()")),
]

CASES = (*FOLD_CASES, *DISTILL_CASES, *CHECK_CASES)
