"""Gradients and ratios of chapter 10, as people write them."""

from tests.exercises.banks import RIGHT, written

# --- global_max_pooling_gradient

POOL = """
def global_max_pooling_gradient(inputs, upstream):
    n, length, units = inputs.shape
    gradient = np.zeros_like(inputs)
    for i in range(n):
        for k in range(units):
            place = np.argmax(inputs[i, :, k])
            gradient[i, place, k] = upstream[i, k]
    return gradient
"""
MASK = """
def global_max_pooling_gradient(inputs, upstream):
    largest = inputs.max(axis=1, keepdims=True)
    mask = (inputs == largest).astype(float)
    mask = mask / mask.sum(axis=1, keepdims=True)
    return mask * upstream[:, None, :]
"""


def pool(told, *changes, name="", source=POOL):
    return written("global_max_pooling_gradient", source, told, *changes, name=name)


POOL_CASES = [
    pool(RIGHT, name="by argmax"),
    pool(RIGHT, source=MASK, name="equal parts"),
    pool(
        RIGHT,
        ("place = np.argmax(inputs[i, :, k])", "place = inputs.shape[1] - 1 - np.argmax(inputs[i, ::-1, k])"),
        name="the last",
    ),
    pool(
        RIGHT,
        name="put_along_axis",
        source="""
def global_max_pooling_gradient(inputs, upstream):
    gradient = np.zeros(inputs.shape)
    np.put_along_axis(gradient, inputs.argmax(axis=1)[:, None, :], upstream[:, None, :], axis=1)
    return gradient
""",
    ),
    pool(
        RIGHT,
        name="by nudges of a whole row",
        source="""
def global_max_pooling_gradient(inputs, upstream):
    one_hot = np.eye(inputs.shape[1])[inputs.argmax(1)]          # (n, units, length)
    return np.einsum("nul,nu->nlu", one_hot, upstream)
""",
    ),
    pool("tie|share|whole|several", ("mask = mask / mask.sum(axis=1, keepdims=True)\n    ", ""), source=MASK),
    pool(
        "mean|every place|evenly|average",
        name="as for a mean",
        source="""
def global_max_pooling_gradient(inputs, upstream):
    return np.repeat(upstream[:, None, :], inputs.shape[1], axis=1) / inputs.shape[1]
""",
    ),
    pool(
        "every place|all",
        name="to all",
        source="""
def global_max_pooling_gradient(inputs, upstream):
    return np.broadcast_to(upstream[:, None, :], inputs.shape).copy()
""",
    ),
    pool("upstream", ("= upstream[i, k]", "= 1")),
    pool("upstream|value|input", ("= upstream[i, k]", "= inputs[i, place, k]")),
    pool("upstream|value|input", ("= upstream[i, k]", "= upstream[i, k] * inputs[i, place, k]")),
    pool(
        "one place|each unit|unit", ("place = np.argmax(inputs[i, :, k])", "place = np.argmax(inputs[i].sum(axis=1))")
    ),
    pool(
        "one place|each unit|unit", ("place = np.argmax(inputs[i, :, k])", "place = np.argmax(inputs[i].max(axis=1))")
    ),
    pool(
        "axis|unit",
        (
            "keepdims=True)\n    mask = (",
            "keepdims=True)\n    largest = inputs.max(axis=2, keepdims=True)\n    mask = (",
        ),
        source=MASK,
        name="over units",
    ),
    pool(
        "example|text|whole",
        ("inputs.max(axis=1, keepdims=True)", "inputs.max(axis=(0, 1), keepdims=True)"),
        source=MASK,
    ),
    pool("abs|size|sign", ("np.argmax(inputs[i, :, k])", "np.argmax(np.abs(inputs[i, :, k]))")),
    pool("smallest|minimum", ("np.argmax(", "np.argmin(")),
    pool("divide|n|mean|example", ("= upstream[i, k]", "= upstream[i, k] / n")),
    pool("divide|length", ("= upstream[i, k]", "= upstream[i, k] / length")),
    pool("shape|length|summed", ("return gradient", "return gradient.sum(axis=1)")),
    pool("last place|last", ("place = np.argmax(inputs[i, :, k])", "place = -1")),
    pool(
        "softmax|smooth",
        name="softmax",
        source="""
def global_max_pooling_gradient(inputs, upstream):
    powers = np.exp(inputs - inputs.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True) * upstream[:, None, :]
""",
    ),
    pool("return|loop|first", ("    return gradient", "        return gradient")),
    pool(
        "positive|0|ReLU",
        ("mask = (inputs == largest)", "mask = (inputs > 0)"),
        ("mask / mask.sum(axis=1, keepdims=True)", "mask"),
        source=MASK,
        name="as for ReLU",
    ),
    pool("minus|sign|turned", ("= upstream[i, k]", "= -upstream[i, k]")),
]

# --- table_gradient

TABLE = """
def table_gradient(table, ids, upstream):
    vectors = table[ids]
    gradient = np.zeros_like(table)
    for i in range(len(ids)):
        for k in range(table.shape[1]):
            place = vectors[i, :, k].argmax()
            gradient[ids[i, place], k] += upstream[i, k]
    return gradient
"""
BY_ADD_AT = """
def table_gradient(table, ids, upstream):
    vectors = table[ids]
    mask = vectors == vectors.max(axis=1, keepdims=True)
    back = mask / mask.sum(axis=1, keepdims=True) * upstream[:, None]
    gradient = np.zeros_like(table)
    np.add.at(gradient, ids, back)
    return gradient
"""


def table(told, *changes, name="", source=TABLE):
    return written("table_gradient", source, told, *changes, name=name)


TABLE_CASES = [
    table(RIGHT, name="by loops"),
    table(RIGHT, source=BY_ADD_AT, name="by add.at"),
    table(
        RIGHT,
        name="by put and add.at",
        source="""
def table_gradient(table, ids, upstream):
    n, units = upstream.shape
    words = np.take_along_axis(ids, table[ids].argmax(axis=1), axis=1)   # (n, units)
    gradient = np.zeros(table.shape)
    np.add.at(gradient, (words, np.arange(units)[None, :]), upstream)
    return gradient
""",
    ),
    table(
        RIGHT,
        name="one-hot",
        source="""
def table_gradient(table, ids, upstream):
    winners = ids[np.arange(len(ids))[:, None], table[ids].argmax(1)]
    return np.stack([np.bincount(winners[:, k], weights=upstream[:, k], minlength=len(table))
                     for k in range(table.shape[1])], axis=1)
""",
    ),
    table("add|several|once|texts", ("+= upstream", "= upstream")),
    table("add|several|once|repeat", ("np.add.at(gradient, ids, back)", "gradient[ids] += back"), source=BY_ADD_AT),
    table("add|several|once|repeat", ("np.add.at(gradient, ids, back)", "gradient[ids] = back"), source=BY_ADD_AT),
    table("twice|repeat|tie|several", (" / mask.sum(axis=1, keepdims=True)", ""), source=BY_ADD_AT),
    table(
        "largest|maximum|every word|all",
        (
            "mask / mask.sum(axis=1, keepdims=True) * upstream[:, None]",
            "np.repeat(upstream[:, None], ids.shape[1], axis=1)",
        ),
        source=BY_ADD_AT,
        name="every word",
    ),
    table(
        "mean|largest|maximum|every word",
        (
            "mask / mask.sum(axis=1, keepdims=True) * upstream[:, None]",
            "np.repeat(upstream[:, None], ids.shape[1], axis=1) / ids.shape[1]",
        ),
        source=BY_ADD_AT,
        name="a mean pooling",
    ),
    table("padding|0", ("return gradient", "gradient[0] = 0\n    return gradient")),
    table("divide|mean|text", ("+= upstream[i, k]", "+= upstream[i, k] / len(ids)")),
    table("upstream", ("+= upstream[i, k]", "+= 1")),
    table("place|word", ("gradient[ids[i, place], k]", "gradient[place, k]")),
    table("used|shape", ("return gradient", "return gradient[np.unique(ids)]")),
    table(
        "shape|place|table", ("np.add.at(gradient, ids, back)\n    return gradient", "return back"), source=BY_ADD_AT
    ),
    table("unit|one place", ("vectors[i, :, k].argmax()", "vectors[i].sum(axis=1).argmax()")),
    table(
        "whole table|text|occur",
        (
            "place = vectors[i, :, k].argmax()\n            gradient[ids[i, place], k]",
            "gradient[table[:, k].argmax(), k]",
        ),
    ),
    table("minus|sign|turned", ("+= upstream[i, k]", "-= upstream[i, k]")),
    table("value|times|vector", ("+= upstream[i, k]", "+= upstream[i, k] * vectors[i, place, k]")),
    table(
        "mean|divide|often|count",
        ("return gradient", "return gradient / np.maximum(np.bincount(ids.ravel(), minlength=len(table)), 1)[:, None]"),
    ),
    table("return|loop|first", ("    return gradient", "        return gradient")),
    table("side|transpos|turned", ("return gradient", "return gradient.T")),
    table("smallest|minimum", ("argmax()", "argmin()")),
    table(
        "units|all|column",
        ("gradient[ids[i, place], k] += upstream[i, k]", "gradient[ids[i, place]] += upstream[i, k]"),
    ),
]

# --- log_count_ratio

RATIO = """
def log_count_ratio(presence, labels, alpha=1.0):
    p = alpha + presence[labels == 1].sum(axis=0)
    q = alpha + presence[labels == 0].sum(axis=0)
    r = np.log((p / p.sum()) / (q / q.sum()))
    return r
"""


def ratio(told, *changes, name="", source=RATIO):
    return written("log_count_ratio", source, told, *changes, name=name)


RATIO_CASES = [
    ratio(RIGHT, name="its formula"),
    ratio(
        RIGHT, ("np.log((p / p.sum()) / (q / q.sum()))", "np.log(p) - np.log(q) - np.log(p.sum()) + np.log(q.sum())")
    ),
    ratio(
        RIGHT,
        ("presence[labels == 1].sum(axis=0)", "labels @ presence"),
        ("presence[labels == 0].sum(axis=0)", "(1 - labels) @ presence"),
    ),
    ratio(RIGHT, ("p / p.sum()", "p / np.linalg.norm(p, 1)"), ("q / q.sum()", "q / np.linalg.norm(q, 1)")),
    ratio(
        RIGHT,
        name="scikit-learn",
        source="""
def log_count_ratio(presence, labels, alpha=1.0):
    from sklearn.naive_bayes import MultinomialNB
    told = MultinomialNB(alpha=alpha).fit(presence, labels).feature_log_prob_
    return told[1] - told[0]
""",
    ),
    ratio(
        "smooth|alpha|log 0|infinite",
        ("alpha + presence[labels == 1]", "presence[labels == 1]"),
        ("alpha + presence[labels == 0]", "presence[labels == 0]"),
    ),
    ratio("alpha|1|smooth", ("alpha + ", "1 + ")),
    ratio("sum|divide|share", ("(p / p.sum()) / (q / q.sum())", "p / q")),
    ratio(
        "texts|number of texts",
        ("(p / p.sum()) / (q / q.sum())", "(p / (labels == 1).sum()) / (q / (labels == 0).sum())"),
    ),
    ratio(
        "texts|number of texts",
        (
            "(p / p.sum()) / (q / q.sum())",
            "(p / ((labels == 1).sum() + 2 * alpha)) / (q / ((labels == 0).sum() + 2 * alpha))",
        ),
    ),
    ratio("swap|class|sign|turned", ("(p / p.sum()) / (q / q.sum())", "(q / q.sum()) / (p / p.sum())")),
    ratio("log", ("np.log((p / p.sum()) / (q / q.sum()))", "(p / p.sum()) / (q / q.sum())")),
    ratio("base|log2|log10", ("np.log(", "np.log2(")),
    ratio("base|log2|log10", ("np.log(", "np.log10(")),
    ratio("difference|quotient|ratio|log", ("np.log((p / p.sum()) / (q / q.sum()))", "p / p.sum() - q / q.sum()")),
    ratio("axis|text|feature", ("sum(axis=0)", "sum(axis=1)")),
    ratio("axis|one number|whole|all features", ("sum(axis=0)", "sum()")),
    ratio(
        "alpha|denominator|sum", ("(p / p.sum()) / (q / q.sum())", "(p / (p - alpha).sum()) / (q / (q - alpha).sum())")
    ),
    ratio(
        "alpha|smooth|shares|after|added",
        ("alpha + ", ""),
        ("(p / p.sum()) / (q / q.sum())", "(p / p.sum() + alpha) / (q / q.sum() + alpha)"),
    ),
    ratio(
        "alpha|log 0|added|ε|small",
        ("alpha + ", ""),
        ("(p / p.sum()) / (q / q.sum())", "(p / p.sum() + 1e-9) / (q / q.sum() + 1e-9)"),
    ),
    ratio("one class|negative|q", ("np.log((p / p.sum()) / (q / q.sum()))", "np.log(p / p.sum())")),
    ratio("odds|left of 1|both|all texts", ("(q / q.sum())", "(1 - p / p.sum())")),
    ratio("all texts|both|negative", ("presence[labels == 0].sum", "presence.sum")),
    ratio("bracket|precedence", ("(p / p.sum()) / (q / q.sum())", "p / p.sum() / q / q.sum()")),
    ratio(
        "bracket|precedence|log", ("np.log((p / p.sum()) / (q / q.sum()))", "np.log(p / p.sum()) / np.log(q / q.sum())")
    ),
    ratio("alpha|default|1", ("alpha=1.0", "alpha=0.1")),
    ratio("mean|text", ("sum(axis=0)", "mean(axis=0)")),
    ratio(
        "sum|alpha|number of features",
        ("p.sum()", "(p.sum() - alpha * len(p) + len(p))"),
        ("q.sum()", "(q.sum() - alpha * len(q) + len(q))"),
        name="the features are added, whatever alpha",
    ),
    ratio("log\\(1|log1p|one", ("np.log(", "np.log1p(")),
]

CASES = [*POOL_CASES, *TABLE_CASES, *RATIO_CASES]
