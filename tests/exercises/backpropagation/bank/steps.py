"""Clips, rows of a table, training loops and gradient checks as people write them."""

from tests.exercises.banks import RIGHT, written

CLIP = """
def clip_by_global_norm(t_list, clip_norm):
    norm = np.sqrt(sum(np.sum(t**2) for t in t_list))
    if norm > clip_norm:
        t_list = [t * clip_norm / norm for t in t_list]
    return t_list, norm
"""
CONCATENATED = """
def clip_by_global_norm(t_list, clip_norm):
    norm = np.linalg.norm(np.concatenate([np.ravel(t) for t in t_list]))
    scale = min(1.0, clip_norm / (norm + 1e-300))
    return [t * scale for t in t_list], norm
"""
EACH = """
def clip_by_global_norm(t_list, clip_norm):
    clipped = []
    for t in t_list:
        norm = np.linalg.norm(t)
        clipped.append(t * clip_norm / norm if norm > clip_norm else t)
    total = np.sqrt(sum(np.linalg.norm(t)**2 for t in t_list))
    return clipped, total
"""
NORM, SCALED = "np.sqrt(sum(np.sum(t**2) for t in t_list))", "t_list = [t * clip_norm / norm for t in t_list]"


def clip(told, *changes):
    return written("clip_by_global_norm", CLIP, told, *changes)


def each(told, *changes):
    return written("clip_by_global_norm", EACH, told, *changes)


LOOKUP = """
def lookup_gradient(ids, upstream, rows):
    gradient = np.zeros((rows, upstream.shape[-1]))
    np.add.at(gradient, ids, upstream)
    return gradient
"""
FLAT = """
def lookup_gradient(ids, upstream, rows):
    gradient = np.zeros((rows, upstream.shape[-1]))
    for i, u in zip(ids.ravel(), upstream.reshape(-1, upstream.shape[-1])):
        gradient[i] += u
    return gradient
"""
BY_ONE_HOT = """
def lookup_gradient(ids, upstream, rows):
    one_hot = np.eye(rows)[ids.ravel()]
    return one_hot.T @ upstream.reshape(ids.size, -1)
"""


def lookup(told, *changes):
    return written("lookup_gradient", LOOKUP, told, *changes)


def flat(told, *changes):
    return written("lookup_gradient", FLAT, told, *changes)


TRAIN = """
def train_network(x, labels, weights, learning_rate, steps):
    w1, b1, w2, b2 = weights
    for _ in range(steps):
        a1 = np.tanh(x @ w1 + b1)
        z2 = a1 @ w2 + b2
        p = np.exp(z2 - z2.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        dz2 = (p - np.eye(p.shape[1])[labels]) / len(x)
        dw2 = a1.T @ dz2
        db2 = dz2.sum(axis=0)
        dz1 = dz2 @ w2.T * (1 - a1**2)
        dw1 = x.T @ dz1
        db1 = dz1.sum(axis=0)
        w1 = w1 - learning_rate * dw1
        b1 = b1 - learning_rate * db1
        w2 = w2 - learning_rate * dw2
        b2 = b2 - learning_rate * db2
    return [w1, b1, w2, b2]
"""
YOURS = """
def train_network(x, labels, weights, learning_rate, steps):
    from course_lib import yours
    for step in range(steps):
        g = yours.two_layer_gradients(x, labels, *weights)
        grads = [g["dW1"], g["db1"], g["dW2"], g["db2"]]
        weights = [w - learning_rate * d for w, d in zip(weights, grads)]
    return weights
"""
CHANGE = "weights = [w - learning_rate * d for w, d in zip(weights, grads)]"
GRADS = 'grads = [g["dW1"], g["db1"], g["dW2"], g["db2"]]'


def train(told, *changes):
    return written("train_network", TRAIN, told, *changes)


def loop(told, *changes):
    return written("train_network", YOURS, told, *changes)


CHECK = """
def gradients_are_right(forward, backward):
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    upstream = rng.normal(size=(4, 2))
    given = backward(x, w, b, upstream)
    h = 1e-5
    for k, value in enumerate([x, w, b]):
        measured = np.zeros(value.shape)
        for i in np.ndindex(value.shape):
            old = value[i]
            value[i] = old + h
            plus = np.sum(forward(x, w, b) * upstream)
            value[i] = old - h
            minus = np.sum(forward(x, w, b) * upstream)
            value[i] = old
            measured[i] = (plus - minus) / (2 * h)
        if np.shape(given[k]) != value.shape:
            return False
        error = np.abs(given[k] - measured).max() / max(np.abs(measured).max(), 1e-12)
        if error > 1e-5:
            return False
    return True
"""


def check(told, *changes):
    return written("gradients_are_right", CHECK, told, *changes)


CASES = [
    clip(RIGHT),
    written("clip_by_global_norm", CONCATENATED, RIGHT),
    clip(RIGHT, ("return t_list, norm", "return tuple(t_list), float(norm)")),
    clip(RIGHT, (NORM, "np.sqrt(sum(np.linalg.norm(t)**2 for t in t_list))")),
    clip(
        RIGHT,
        (
            "    if norm > clip_norm:\n        t_list = [t * clip_norm / norm for t in t_list]",
            "    t_list = [t * (clip_norm / max(norm, clip_norm)) for t in t_list]",
        ),
    ),
    each("each|its own|together|one factor"),
    each(
        "each|its own|together|one factor",
        ("return clipped, total", "return clipped, np.sqrt(sum(np.linalg.norm(t)**2 for t in clipped))"),
    ),
    clip("each|entr|value", (SCALED, "t_list = [np.clip(t, -clip_norm, clip_norm) for t in t_list]")),
    clip(
        "each|entr|value",
        (
            "    if norm > clip_norm:\n        t_list = [t * clip_norm / norm for t in t_list]",
            "    t_list = [np.clip(t, -clip_norm, clip_norm) for t in t_list]",
        ),
    ),
    clip("always|short|longer|grow|stretch", ("if norm > clip_norm:", "if True:")),
    clip("always|short|longer|grow|stretch|turned", ("if norm > clip_norm:", "if norm < clip_norm:")),
    clip("root|square", (NORM, "sum(np.sum(t**2) for t in t_list)")),
    clip("sum|add|square|length", (NORM, "sum(np.linalg.norm(t) for t in t_list)")),
    clip("largest|sum|square|length", (NORM, "max(np.linalg.norm(t) for t in t_list)")),
    clip("mean|average|square|length", (NORM, "np.sqrt(np.mean([np.mean(t**2) for t in t_list]))")),
    clip("absolute|sum|square|length", (NORM, "sum(np.sum(np.abs(t)) for t in t_list)")),
    clip("largest|entry|square|length", (NORM, "max(np.abs(t).max() for t in t_list)")),
    clip("clip_norm|length 1|1", (SCALED, "t_list = [t / norm for t in t_list]")),
    clip("upside|norm|divid|turned", (SCALED, "t_list = [t * norm / clip_norm for t in t_list]")),
    clip("pair|length|two|both", ("return t_list, norm", "return t_list")),
    clip("order|swap|first", ("return t_list, norm", "return norm, t_list")),
    clip("before|after|clipped", ("return t_list, norm", "return t_list, min(norm, clip_norm)")),
    clip("loop|changed|rebound|name|as they were|unchanged", (SCALED, "for t in t_list: t = t * clip_norm / norm")),
    clip(
        "0|NaN|zero",
        (
            "    if norm > clip_norm:\n        t_list = [t * clip_norm / norm for t in t_list]",
            "    t_list = [t * np.minimum(1, clip_norm / np.float64(norm)) if norm else t * np.nan for t in t_list]",
        ),
    ),
    clip("1e-6|ε|epsilon|small", (SCALED, "t_list = [t * clip_norm / (norm + 1e-6) for t in t_list]")),
    clip(
        "one array|list|long|flat|shape",
        (SCALED, "t_list = np.concatenate([t.ravel() for t in t_list]) * clip_norm / norm"),
    ),
    clip("axis|row|entries|whole", (NORM, "np.sqrt(sum(np.sum(t**2, axis=-1) for t in t_list)).max()")),
    clip("1|sum|first|only|length", (NORM, "np.sqrt(np.sum(t_list[0]**2))")),
    # --- lookup_gradient
    lookup(RIGHT),
    flat(RIGHT),
    written("lookup_gradient", BY_ONE_HOT, RIGHT),
    lookup(
        RIGHT,
        (
            "np.add.at(gradient, ids, upstream)",
            "for place in np.ndindex(ids.shape): gradient[ids[place]] += upstream[place]",
        ),
    ),
    lookup("buggy|still", ("np.add.at(gradient, ids, upstream)", "gradient[ids] += upstream")),
    lookup("buggy|still", ("np.add.at(gradient, ids, upstream)", "gradient[ids] = upstream")),
    lookup(
        "mean|average|divid|times",
        (
            "    return gradient",
            "    counts = np.bincount(ids.ravel(), minlength=rows)\n    return gradient / "
            "np.maximum(counts, 1)[:, None]",
        ),
    ),
    lookup("mean|number|divid|batch|len", ("    return gradient", "    return gradient / len(ids)")),
    lookup("mean|number|divid|size|batch", ("    return gradient", "    return gradient / ids.size")),
    lookup("count|upstream|1", ("np.add.at(gradient, ids, upstream)", "np.add.at(gradient, ids, 1)")),
    lookup("rows|used|looked up|shape|only", ("    return gradient", "    return gradient[np.unique(ids)]")),
    lookup("shape|transpos|row|column", ("    return gradient", "    return gradient.T")),
    flat("first|only", ("        gradient[i] += u", "        if not gradient[i].any(): gradient[i] = u")),
    flat("row 0|id 0|padding", ("        gradient[i] += u", "        if i > 0: gradient[i] += u")),
    flat("sign|minus|negative", ("gradient[i] += u", "gradient[i] -= u")),
    flat("one behind|row before|shift", ("gradient[i] += u", "gradient[i - 1] += u")),
    flat("loop|return|first", ("    return gradient", "        return gradient")),
    flat(
        "axis|batch|first|sentence|two axes|1-D|several",
        (
            "zip(ids.ravel(), upstream.reshape(-1, upstream.shape[-1]))",
            "zip(ids.reshape(len(ids), -1)[:, 0], upstream.reshape(len(ids), -1, upstream.shape[-1])[:, 0])",
        ),
    ),
    flat(
        "count|twice|squared|often",
        (
            "    return gradient",
            "    return gradient * np.maximum(np.bincount(ids.ravel(), minlength=rows), 1)[:, None]",
        ),
    ),
    flat("whole|all|sum|every row", ("gradient[i] += u", "gradient += u")),
    # --- train_network
    train(RIGHT),
    loop(RIGHT),
    loop(RIGHT, ("    return weights", "    return tuple(weights)")),
    loop(RIGHT, (CHANGE, "weights = [np.add(w, -learning_rate * d) for w, d in zip(weights, grads)]")),
    loop("uphill|minus|\\+|sign|grow", (CHANGE, "weights = [w + learning_rate * d for w, d in zip(weights, grads)]")),
    train("uphill|minus|\\+|sign|grow", ("- learning_rate", "+ learning_rate")),
    loop(
        "name|rebound|loop|as they were|changed|unchanged",
        (CHANGE, "for w, d in zip(weights, grads): w = w - learning_rate * d"),
    ),
    loop(
        "anew|once|first step|before the loop|new gradient",
        (
            "    for step in range(steps):\n        g = yours.two_layer_gradients(x, labels, *weights)",
            "    g = yours.two_layer_gradients(x, labels, *weights)\n    for step in range(steps):",
        ),
    ),
    loop("one step|first|return", ("    return weights", "        return weights")),
    loop("one more|too many|steps", ("range(steps)", "range(steps + 1)")),
    loop("one (step )?too few|missing|steps|short", ("range(steps)", "range(1, steps)")),
    loop("rate|learning_rate", (CHANGE, "weights = [w - d for w, d in zip(weights, grads)]")),
    loop("rate|0\\.1|learning_rate|own", (CHANGE, "weights = [w - 0.1 * d for w, d in zip(weights, grads)]")),
    loop("divid|n|batch|mean", (CHANGE, "weights = [w - learning_rate * d / len(x) for w, d in zip(weights, grads)]")),
    loop("order|belong|pair|shape", (GRADS, 'grads = [g["dW2"], g["db2"], g["dW1"], g["db1"]]')),
    loop("bias", (CHANGE, "weights = [w - learning_rate * d if w.ndim == 2 else w for w, d in zip(weights, grads)]")),
    loop(
        "kernel|W1|matri|alone|only the bias",
        (CHANGE, "weights = [w - learning_rate * d if w.ndim == 1 else w for w, d in zip(weights, grads)]"),
    ),
    loop(
        "second layer|last|first layer|W1|output",
        (CHANGE, "weights = weights[:2] + [w - learning_rate * d for w, d in zip(weights[2:], grads[2:])]"),
    ),
    train(
        "already|new|at once|together|before",
        (
            "        dz1 = dz2 @ w2.T * (1 - a1**2)\n",
            "        w2 = w2 - learning_rate * dw2\n        dz1 = dz2 @ w2.T * (1 - a1**2)\n",
        ),
        ("        w2 = w2 - learning_rate * dw2\n        b2", "        b2"),
    ),
    loop(
        "decay|shrink|rate|over the steps",
        (CHANGE, "weights = [w - learning_rate / (1 + step) * d for w, d in zip(weights, grads)]"),
    ),
    loop("gradient|weights|return", ("return weights", "return grads")),
    loop("tuple|pair|losses|weights|four", ("return weights", "return weights, steps")),
    loop(
        "one example|single|whole|all|batch",
        ("(x, labels, *weights)", "(x[step % len(x)][None], labels[step % len(x)][None], *weights)"),
    ),
    loop("pair|two things|weights", ("return weights", "return weights, [0.1, 0.2]")),
    loop("dict", ("return weights", "return dict(zip(['w1', 'b1', 'w2', 'b2'], weights))")),
    # --- gradients_are_right
    check(RIGHT),
    check(
        RIGHT,
        ("size=(4, 3)", "size=(5, 4)"),
        ("size=(3, 2)", "size=(4, 3)"),
        ("normal(size=2)", "normal(size=3)"),
        ("size=(4, 2)", "size=(5, 3)"),
    ),
    check(RIGHT, ("h = 1e-5", "h = 1e-4")),
    check("refuse|one-sided|half|wrong|right", ("/ (2 * h)", "/ h")),
    check(
        "refuse|one-sided|right",
        ("value[i] = old - h", "value[i] = old"),
        ("/ (2 * h)", "/ h"),
        ("error > 1e-5", "error > 1e-9"),
    ),
    check("refuse|rounding|round|small|right", ("h = 1e-5", "h = 1e-13")),
    check("upstream|ones|slipped", ("upstream = rng.normal(size=(4, 2))", "upstream = np.ones((4, 2))")),
    check(
        "slipped|bias|db|all three",
        ("if error > 1e-5", "if k < 2 and error > 1e-5"),
        ("if np.shape(given[k]) != value.shape", "if k < 2 and np.shape(given[k]) != value.shape"),
    ),
    check(
        "slipped|x|inputs|all three",
        ("if error > 1e-5", "if k > 0 and error > 1e-5"),
        ("if np.shape(given[k]) != value.shape", "if k > 0 and np.shape(given[k]) != value.shape"),
    ),
    check("slipped|kernel|all three", ("if error > 1e-5", "if k == 0 and error > 1e-5")),
    check("slipped|example|batch|row", ("size=(4, 3)", "size=(1, 3)"), ("size=(4, 2)", "size=(1, 2)")),
    check(
        "slipped|square|shape",
        ("size=(4, 3)", "size=(3, 3)"),
        ("size=(3, 2)", "size=(3, 3)"),
        ("normal(size=2)", "normal(size=3)"),
        ("size=(4, 2)", "size=(3, 3)"),
        ("        if np.shape(given[k]) != value.shape:\n            return False\n", ""),
    ),
    check(
        "slipped|shape|stretch|broadcast",
        ("        if np.shape(given[k]) != value.shape:\n            return False\n", ""),
    ),
    check("slipped|toleran|large|loose", ("error > 1e-5", "error > 0.5")),
    check("refuse|==|round|toleran|right", ("error > 1e-5", "error > 0")),
    check("accepts everything|slipped", ("            return False", "            pass")),
    check("refuses everything|right", ("    return True", "    return False")),
    check("None|return", ("    return True", "")),
    check(
        "slipped|sign|absolute|direction",
        ("np.abs(given[k] - measured)", "np.abs(np.abs(given[k]) - np.abs(measured))"),
    ),
    check(
        "refuse",
        (
            "rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)",
            "np.zeros((4, 3)), rng.normal(size=(3, 2)), np.zeros(2)",
        ),
    ),
]
