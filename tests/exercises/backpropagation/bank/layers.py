"""The way back through dense layers, a softmax with its loss, and a network of two layers, as people write it."""

from tests.exercises.banks import RIGHT, written

DENSE = """
def dense_gradients(x, kernel, upstream):
    dw = x.T @ upstream
    db = np.sum(upstream, axis=0)
    dx = upstream @ kernel.T
    return dw, db, dx
"""
LOOPS = """
def dense_gradients(x, kernel, upstream):
    dw, db, dx = np.zeros(kernel.shape), np.zeros(kernel.shape[1]), np.zeros(x.shape)
    for i in range(len(x)):
        dw += np.outer(x[i], upstream[i])
        db += upstream[i]
        dx[i] = kernel @ upstream[i]
    return dw, db, dx
"""
DW, DB, DX = "dw = x.T @ upstream", "db = np.sum(upstream, axis=0)", "dx = upstream @ kernel.T"
BACK = "return dw, db, dx"


def dense(told, *changes):
    return written("dense_gradients", DENSE, told, *changes)


def loops(told, *changes):
    return written("dense_gradients", LOOPS, told, *changes)


OUTPUT = """
def output_gradient(logits, labels):
    n = len(labels)
    shifted = logits - logits.max(axis=1, keepdims=True)
    probs = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    dlogits = probs.copy()
    dlogits[np.arange(n), labels] -= 1
    dlogits /= n
    return dlogits
"""
ONE_HOT = """
def output_gradient(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    y = np.eye(logits.shape[1])[labels]
    return (p - y) / len(labels)
"""
MINUS, OVER = "dlogits[np.arange(n), labels] -= 1", "    dlogits /= n\n"


def output(told, *changes):
    return written("output_gradient", OUTPUT, told, *changes)


def one_hot(told, *changes):
    return written("output_gradient", ONE_HOT, told, *changes)


TWO = """
def two_layer_gradients(x, labels, w1, b1, w2, b2):
    n = len(x)
    a1 = np.tanh(x @ w1 + b1)
    z2 = a1 @ w2 + b2
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)

    dz2 = p.copy()
    dz2[np.arange(n), labels] -= 1
    dz2 /= n
    dW2 = a1.T @ dz2
    db2 = dz2.sum(axis=0)
    da1 = dz2 @ w2.T
    dz1 = da1 * (1 - a1**2)
    dW1 = x.T @ dz1
    db1 = dz1.sum(axis=0)
    return {"dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}
"""
MORE = 'return {"dz2": dz2, "dW2": dW2, "db2": db2, "da1": da1, "dz1": dz1, "dW1": dW1, "db1": db1}'


def two(told, *changes):
    return written("two_layer_gradients", TWO, told, *changes)


DIVIDED = "batch|divid|mean|n "
KEPT = "shape|keepdims|\\(1, "

CASES = [
    dense(RIGHT),
    loops(RIGHT),
    dense(RIGHT, (DW, "dw = np.dot(x.T, upstream)"), (DX, "dx = np.dot(upstream, kernel.T)")),
    dense(RIGHT, (DW, "dw = np.einsum('ni,no->io', x, upstream)"), (BACK, "return [dw, db, dx]")),
    dense(RIGHT, (DB, "db = np.ones(len(x)) @ upstream")),
    dense("mean|divid", (DB, "db = np.mean(upstream, axis=0)")),
    dense("mean|divid", (DB, "db = np.sum(upstream, axis=0) / len(x)")),
    dense(DIVIDED, (DW, "dw = x.T @ upstream / len(x)"), (DB, "db = np.sum(upstream, axis=0) / len(x)")),
    dense(DIVIDED, (DW, "dw = x.T @ upstream / len(x)")),
    dense(
        DIVIDED,
        (DW, "dw = x.T @ upstream / len(x)"),
        (DB, "db = np.mean(upstream, axis=0)"),
        (DX, "dx = upstream @ kernel.T / len(x)"),
    ),
    dense(KEPT, (DB, "db = np.sum(upstream, axis=0, keepdims=True)")),
    dense("axis|sum|unit|one number", (DB, "db = np.sum(upstream)")),
    dense("axis|sum|batch|example", (DB, "db = np.sum(upstream, axis=1)")),
    dense("sum|batch|example|shape", (DB, "db = upstream")),
    dense("first|sum|example", (DB, "db = upstream[0]")),
    dense("transpos|\\.T|kernel's shape|shape", (DW, "dw = upstream.T @ x")),
    dense("transpos|\\.T|shape|order", (DW, "dw = x @ upstream.T")),
    dense("transpos|\\.T", (DX, "dx = upstream @ kernel")),
    dense("transpos|\\.T|side", (DX, "dx = kernel @ upstream.T")),
    dense("order|first|dx|input", (BACK, "return dx, dw, db")),
    dense("order|swap|db|bias", (BACK, "return db, dw, dx")),
    dense("two|three|dx|input", (BACK, "return dw, db")),
    dense("three|dict|tuple", (BACK, "return {'dw': dw, 'db': db, 'dx': dx}")),
    dense("last|loop|example|sum", (DW, "dw = np.outer(x[-1], upstream[-1])"), (DB, "db = upstream[-1]")),
    loops(
        "last|add|loop|example|sum",
        ("dw += np.outer(x[i], upstream[i])", "dw = np.outer(x[i], upstream[i])"),
        ("db += upstream[i]", "db = upstream[i]"),
    ),
    loops("return|loop|first", ("    return dw, db, dx", "        return dw, db, dx")),
    dense(
        "sign|minus",
        (DW, "dw = -x.T @ upstream"),
        (DB, "db = -np.sum(upstream, axis=0)"),
        (DX, "dx = -upstream @ kernel.T"),
    ),
    dense(
        "upstream|ignor|ones",
        (DX, "dx = np.ones_like(upstream) @ kernel.T"),
        (DW, "dw = x.T @ np.ones_like(upstream)"),
        (DB, "db = np.ones_like(upstream).sum(axis=0)"),
    ),
    # --- output_gradient
    output(RIGHT),
    one_hot(RIGHT),
    one_hot(RIGHT, ("(p - y) / len(labels)", "-(y - p) / len(labels)")),
    output(RIGHT, (MINUS, "for i in range(n): dlogits[i, labels[i]] -= 1")),
    output(DIVIDED, (OVER, "")),
    one_hot(DIVIDED, ("/ len(labels)", "")),
    output("n|twice|divid", (OVER, "    dlogits /= n\n    dlogits /= n\n")),
    output("classes|entries|size|n", (OVER, "    dlogits /= dlogits.size\n")),
    output("classes|columns|n", (OVER, "    dlogits /= logits.shape[1]\n")),
    output("column|every row|each row|all rows|whole", (MINUS, "dlogits[:, labels] -= 1")),
    output("sign|minus|turned|direction", (MINUS, "dlogits[np.arange(n), labels] -= 1\n    dlogits = -dlogits")),
    one_hot("sign|minus|turned|direction", ("(p - y)", "(y - p)")),
    output("plus|add|1 is (added|subtracted)|subtract", (MINUS, "dlogits[np.arange(n), labels] += 1")),
    output("= ?-1|set|replac|instead|subtract", (MINUS, "dlogits[np.arange(n), labels] = -1")),
    output("probabilit|1 |subtract|true", ("    dlogits[np.arange(n), labels] -= 1\n", "")),
    output(
        "axis|column|batch|example",
        ("logits - logits.max(axis=1, keepdims=True)", "logits"),
        ("np.exp(shifted).sum(axis=1, keepdims=True)", "np.exp(shifted).sum(axis=0, keepdims=True)"),
    ),
    output("axis|batch|whole|share|all", ("np.exp(shifted).sum(axis=1, keepdims=True)", "np.exp(shifted).sum()")),
    output("large|overflow|NaN|max", ("logits - logits.max(axis=1, keepdims=True)", "logits")),
    output(
        "diagonal|own|p \\(1|Jacobian",
        (
            "    return dlogits",
            "    return np.where(np.arange(logits.shape[1]) == labels[:, None], -(1 - probs), 0) / n",
        ),
    ),
    output(
        "probabilit|logit|softmax",
        ("    return dlogits", "    return np.where(np.arange(logits.shape[1]) == labels[:, None], -1 / probs, 0) / n"),
    ),
    output("softmax|p \\(1 - p\\)|twice|slope", (OVER, "    dlogits *= probs * (1 - probs)\n    dlogits /= n\n")),
    output(
        "pair|tuple|one array|several",
        ("return dlogits", "return -np.log(probs[np.arange(n), labels]).mean(), dlogits"),
    ),
    one_hot(
        "softmax|probabilit|logits",
        (
            "    p = np.exp(logits - logits.max(axis=1, keepdims=True))\n    p = p / p.sum(axis=1, keepdims=True)\n",
            "    p = logits\n",
        ),
    ),
    one_hot(
        "sigmoid",
        (
            "    p = np.exp(logits - logits.max(axis=1, keepdims=True))\n    p = p / p.sum(axis=1, keepdims=True)\n",
            "    p = 1 / (1 + np.exp(-logits))\n",
        ),
    ),
    one_hot("2|square|mean squared", ("(p - y)", "2 * (p - y)")),
    # --- two_layer_gradients
    two(RIGHT),
    two("dict|name", (MORE, "return dz2, dW2, db2, da1, dz1, dW1, db1")),
    two("has no 'dW2'", (MORE, MORE.replace("dW", "dw", 2).replace('dw2": dw2', 'dw2": dW2'))),
    two("four|seven|weights", (MORE, 'return {"dW2": dW2, "db2": db2, "dW1": dW1, "db1": db1}')),
    two(RIGHT, (MORE, MORE + " | {'loss': 0.0, 'a1': a1}")),
    two(
        RIGHT,
        (
            "dz2 = p.copy()\n    dz2[np.arange(n), labels] -= 1\n    dz2 /= n",
            "dz2 = (p - np.eye(w2.shape[1])[labels]) / n",
        ),
    ),
    two(RIGHT, ("(1 - a1**2)", "(1 - np.tanh(x @ w1 + b1)**2)")),
    two("dz2.*(divid|mean|n)", ("    dz2 /= n\n", "")),
    two("dz2.*(divid|mean|n|once)|dW.*(twice|divid|again)", ("    dz2 /= n\n", "    dz2 /= n * n\n")),
    two("dz2.*(column|row)", ("dz2[np.arange(n), labels] -= 1", "dz2[:, labels] -= 1")),
    two("dz2.*(sign|minus|minuend|turned)", ("    dz2 /= n\n", "    dz2 /= -n\n")),
    two("dz2.*(1|true|subtract)", ("    dz2[np.arange(n), labels] -= 1\n", "")),
    two("dW2.*(divid|batch|n)", ("dW2 = a1.T @ dz2", "dW2 = a1.T @ dz2 / n")),
    two("dW2.*(a1|z1|tanh)", ("dW2 = a1.T @ dz2", "dW2 = (x @ w1 + b1).T @ dz2")),
    two("dW2.*(transpos|shape|\\.T)", ("dW2 = a1.T @ dz2", "dW2 = dz2.T @ a1")),
    two("db2.*(mean|divid)", ("db2 = dz2.sum(axis=0)", "db2 = dz2.mean(axis=0)")),
    two(
        "db2.*(shape|keepdims|1, )",
        ("db2 = dz2.sum(axis=0)", "db2 = dz2.sum(axis=0, keepdims=True)"),
        ("db1 = dz1.sum(axis=0)", "db1 = dz1.sum(axis=0, keepdims=True)"),
    ),
    two("db2.*(axis|unit|sum|batch)", ("db2 = dz2.sum(axis=0)", "db2 = dz2.sum()")),
    two(
        "db2.*(mean|divid)",
        ("db2 = dz2.sum(axis=0)", "db2 = dz2.mean(axis=0)"),
        ("db1 = dz1.sum(axis=0)", "db1 = dz1.mean(axis=0)"),
    ),
    two(
        "dW2.*(divid|batch|n)",
        ("dW2 = a1.T @ dz2", "dW2 = a1.T @ dz2 / n"),
        ("dW1 = x.T @ dz1", "dW1 = x.T @ dz1 / n"),
        ("db2 = dz2.sum(axis=0)", "db2 = dz2.mean(axis=0)"),
        ("db1 = dz1.sum(axis=0)", "db1 = dz1.mean(axis=0)"),
    ),
    two("da1.*(transpos|\\.T|w2)", ("da1 = dz2 @ w2.T", "da1 = (w2 @ dz2.T)")),
    two("da1.*(W2|a1|kernel|weights)", ("da1 = dz2 @ w2.T", "da1 = dz2 @ dW2.T")),
    two("dz1.*(bracket|precedence|first|multipl)", ("da1 * (1 - a1**2)", "da1 * 1 - a1**2")),
    two("dz1.*(slope|tanh)", ("da1 * (1 - a1**2)", "da1")),
    two("dz1.*(z1|a1|output|input)", ("da1 * (1 - a1**2)", "da1 * (1 - (x @ w1 + b1)**2)")),
    two("dz1.*(slope|tanh)", ("da1 * (1 - a1**2)", "da1 * (1 - a1)")),
    two("dz1.*(sigmoid|slope)", ("da1 * (1 - a1**2)", "da1 * a1 * (1 - a1)")),
    two("dz1.*(ReLU|slope|tanh)", ("da1 * (1 - a1**2)", "da1 * (a1 > 0)")),
    two("dz1.*(matri|element|@)", ("da1 * (1 - a1**2)", "da1 @ (1 - a1**2).T @ a1")),
    two("dz1.*(tanh|slope)", ("da1 * (1 - a1**2)", "da1 * np.tanh(da1)")),
    two("dz1.*(da1|slope|upstream|comes)", ("da1 * (1 - a1**2)", "1 - a1**2")),
    two(
        "dW1.*(dz1|slope|da1)",
        ("dW1 = x.T @ dz1", "dW1 = x.T @ da1"),
        ("db1 = dz1.sum(axis=0)", "db1 = da1.sum(axis=0)"),
    ),
    two("dW1.*(divid|batch|n)", ("dW1 = x.T @ dz1", "dW1 = x.T @ dz1 / n")),
    two("dW1.*(shape|transpos|\\.T)", ("dW1 = x.T @ dz1", "dW1 = dz1.T @ x")),
    two("db1.*(mean|divid)", ("db1 = dz1.sum(axis=0)", "db1 = dz1.mean(axis=0)")),
    two("db1.*(dz1|da1|slope)", ("db1 = dz1.sum(axis=0)", "db1 = da1.sum(axis=0)")),
    two("four|seven|dict|intermediate|dz2", (MORE, "return dW1, db1, dW2, db2")),
    two("order|dict|seven|dz2", (MORE, "return dW1, db1, dW2, db2, dz2, da1, dz1")),
    two("forward|tanh|hidden|dz2", ("a1 = np.tanh(x @ w1 + b1)", "a1 = np.maximum(x @ w1 + b1, 0)")),
    two("forward|bias|b1|dz2", ("x @ w1 + b1)", "x @ w1)")),
    two("forward|bias|b2|dz2", ("a1 @ w2 + b2", "a1 @ w2")),
]
