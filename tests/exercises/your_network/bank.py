"""Answers to chapter 14 as people write them: a few texts that everybody writes, with the lines that differ."""

from tests.exercises.banks import RIGHT, written

IMPORT = "from course_lib import yours\n\n\n"

START = """
def starting_weights(sizes, seed):
    weights = []
    for i in range(len(sizes) - 1):
        W = yours.he_normal((sizes[i], sizes[i + 1]), seed + i)
        b = np.zeros(sizes[i + 1], dtype=np.float32)
        weights.append(W)
        weights.append(b)
    return weights
"""
START_BY_HAND = """
def starting_weights(sizes, seed):
    rng = np.random.default_rng(seed)
    weights = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        weights.append((rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)).astype("float32"))
        weights.append(np.zeros(n_out, "float32"))
    return weights
"""

THERE = """
def network_outputs(x, weights, rate=0.0, seed=0):
    inputs = [x]
    n = len(weights) // 2
    a = x
    for k in range(n - 1):
        z = a @ weights[2*k] + weights[2*k + 1]
        a = np.maximum(z, 0)
        if rate:
            a = yours.dropout(a, rate, True, seed + k)
        inputs.append(a)
    logits = a @ weights[-2] + weights[-1]
    return logits, inputs
"""
THERE_BY_MASKS = """
def network_outputs(x, weights, rate=0.0, seed=0):
    rng = np.random.default_rng(seed)
    inputs, a = [], x
    pairs = list(zip(weights[::2], weights[1::2]))
    for k, (W, b) in enumerate(pairs):
        inputs.append(a)
        a = a @ W + b
        if k < len(pairs) - 1:
            a = np.where(a > 0, a, 0)
            mask = rng.random(a.shape) > rate
            a = a * mask / (1 - rate)
    return a, inputs
"""

BACK = """
def network_gradients(inputs, weights, upstream, rate=0.0):
    grads = [None] * len(weights)
    d = upstream
    for k in range(len(inputs) - 1, -1, -1):
        dW, db, dx = yours.dense_gradients(inputs[k], weights[2*k], d)
        grads[2*k] = dW
        grads[2*k + 1] = db
        mask = (inputs[k] > 0) / (1 - rate)
        d = dx * mask
    return grads
"""
BACK_BY_HAND = """
def network_gradients(inputs, weights, upstream, rate=0.0):
    grads = []
    delta = upstream
    for a, W in zip(inputs[::-1], weights[-2::-2]):
        grads.append(delta.sum(axis=0))
        grads.append(a.T @ delta)
        delta = delta @ W.T
        delta[a <= 0] = 0
        delta = delta / (1 - rate)
    return grads[::-1]
"""

FIT = """
def fit_network(x, labels, weights, epochs, batch_size, learning_rate, rate, seed):
    rng = np.random.default_rng(seed)
    optimizer = yours.Adam(learning_rate)
    steps_per_epoch = int(np.ceil(len(x) / batch_size))
    total = epochs * steps_per_epoch
    losses, step = [], 0
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for batch in yours.minibatches(order, batch_size):
            logits, inputs = yours.network_outputs(x[batch], weights, rate, seed + step)
            loss, d = yours.crossentropy_from_logits(yours.one_hot(labels[batch], logits.shape[1]), logits)
            grads = yours.network_gradients(inputs, weights, d, rate)
            optimizer.learning_rate = yours.cosine_decay(step, learning_rate, total)
            weights = optimizer.step(weights, grads)
            losses.append(loss)
            step += 1
    return weights, losses
"""
FIT_BY_SLICES = """
def fit_network(x, labels, weights, epochs, batch_size, learning_rate, rate, seed):
    rng = np.random.default_rng(seed)
    adam = yours.Adam(learning_rate, 0.9, 0.999, 1e-7)
    n, k = len(x), weights[-1].shape[0]
    total = epochs * ((n + batch_size - 1) // batch_size)
    history = []
    for e in range(epochs):
        p = rng.permutation(n)
        xs, ys = x[p], labels[p]
        for i in range(0, n, batch_size):
            xb, yb = xs[i:i + batch_size], ys[i:i + batch_size]
            z, ins = yours.network_outputs(xb, weights, rate, int(rng.integers(1_000_000)))
            history.append(yours.crossentropy_from_logits(np.eye(k)[yb], z)[0])
            g = yours.output_gradient(z, yb)
            adam.learning_rate = learning_rate * 0.5 * (1 + np.cos(np.pi * (len(history) - 1) / total))
            weights = adam.step(weights, yours.network_gradients(ins, weights, g, rate))
    return weights, history
"""

SHARE = """
def accuracy_in_batches(predict, images, labels, batch_size):
    right = 0
    for start in range(0, len(images), batch_size):
        batch = slice(start, start + batch_size)
        right += np.sum(predict(images[batch]) == labels[batch])
    return right / len(images)
"""
SHARE_IN_A_LIST = """
def accuracy_in_batches(predict, images, labels, batch_size):
    hits = []
    for i in range(0, len(images), batch_size):
        hits.extend(predict(images[i:i + batch_size]) == labels[i:i + batch_size])
    return np.mean(hits)
"""


def of(exercise, source):
    """Return a maker of cases: what a true diagnosis speaks of, and the changes."""
    return lambda told, *changes: written(exercise, IMPORT + source, told, *changes)


start, start_by_hand = of("starting_weights", START), of("starting_weights", START_BY_HAND)
there, by_masks = of("network_outputs", THERE), of("network_outputs", THERE_BY_MASKS)
back, back_by_hand = of("network_gradients", BACK), of("network_gradients", BACK_BY_HAND)
fit, by_slices = of("fit_network", FIT), of("fit_network", FIT_BY_SLICES)
share, in_a_list = of("accuracy_in_batches", SHARE), of("accuracy_in_batches", SHARE_IN_A_LIST)
DRAW = "yours.he_normal((sizes[i], sizes[i + 1]), seed + i)"
ADAM = "    optimizer = yours.Adam(learning_rate)\n"

CASES = [
    # --- starting_weights
    start(RIGHT),
    start(RIGHT, (DRAW, "yours.he_normal((sizes[i], sizes[i + 1]), seed * 10 + i)")),
    start(RIGHT, ("return weights", "return tuple(weights)")),
    start_by_hand(RIGHT),
    start_by_hand(RIGHT, ("rng.standard_normal((n_in, n_out))", "rng.normal(0, 1, size=(n_in, n_out))")),
    start("same kernel|same seed", ("seed + i", "seed")),
    start("does not depend on|do not depend on", ("seed + i", "i")),
    start("same seed gives other", ("seed + i", "None")),
    start("float64", (", dtype=np.float32", "")),
    start(r"\(1, units\)", ("np.zeros(sizes[i + 1]", "np.zeros((1, sizes[i + 1])")),
    start(r"units, inputs", ("(sizes[i], sizes[i + 1]), seed", "(sizes[i + 1], sizes[i]), seed")),
    start("pairs", ("weights.append(W)\n        weights.append(b)", "weights.append((W, b))")),
    start("biases are missing", ("        weights.append(b)\n", "")),
    start("Glorot", (DRAW, "yours.glorot_uniform((sizes[i], sizes[i + 1]), seed + i)")),
    start("last layer", ("range(len(sizes) - 1)", "range(len(sizes) - 2)")),
    start("same number, which is not 0", ("np.zeros(", "np.ones(")),
    start("same number, which is not 0", ("np.zeros(sizes[i + 1]", "np.full(sizes[i + 1], 0.01")),
    start_by_hand("same deviation", ("np.sqrt(2 / n_in)", "0.01")),
    start_by_hand("deviation 1", (" * np.sqrt(2 / n_in)", "")),
    start_by_hand("half of what|1/inputs", ("np.sqrt(2 / n_in)", "np.sqrt(1 / n_in)")),
    start_by_hand("variance", ("np.sqrt(2 / n_in)", "(2 / n_in)")),
    start_by_hand("units of the layer", ("np.sqrt(2 / n_in)", "np.sqrt(2 / n_out)")),
    start_by_hand(
        "between 0 and 1", ("rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)", "rng.random((n_in, n_out))")
    ),
    start("0, so all units|Draw the kernels", (DRAW, "np.zeros((sizes[i], sizes[i + 1]), dtype=np.float32)")),
    # --- network_outputs
    there(RIGHT),
    there(RIGHT, ("np.maximum(z, 0)", "yours.relu(z)"), ("if rate:", "if rate > 0:")),
    there(
        RIGHT,
        (
            "        if rate:\n            a = yours.dropout(a, rate, True, seed + k)",
            "        a = yours.dropout(a, rate, rate > 0, seed + k)",
        ),
    ),
    by_masks(RIGHT),
    by_masks(RIGHT, ("return a, inputs", "return [a, inputs]")),
    there("no activation", ("a = np.maximum(z, 0)", "a = z")),
    there("tanh", ("np.maximum(z, 0)", "np.tanh(z)")),
    there("sigmoid", ("np.maximum(z, 0)", "1 / (1 + np.exp(-z))")),
    there("no bias|add no bias", (" + weights[2*k + 1]", "")),
    there(
        "last layer has a ReLU",
        ("    logits = a @ weights[-2] + weights[-1]", "    logits = np.maximum(a @ weights[-2] + weights[-1], 0)"),
    ),
    there(
        "last layer is treated like the hidden ones",
        ("range(n - 1)", "range(n)"),
        ("    logits = a @ weights[-2] + weights[-1]\n    return logits, inputs", "    return a, inputs"),
    ),
    there("probabilities", ("return logits, inputs", "return yours.softmax(logits), inputs")),
    there("Nothing is dropped", ("        if rate:\n            a = yours.dropout(a, rate, True, seed + k)\n", "")),
    there("Nothing is dropped", ("rate, True, seed", "rate, False, seed")),
    there("share that is kept", ("yours.dropout(a, rate,", "yours.dropout(a, 1 - rate,")),
    there("same places|same seed", ("seed + k", "seed")),
    there("does not depend on `seed`", ("seed + k", "k")),
    there(
        "before dropout",
        ("        if rate:", "        inputs.append(a)\n        if rate:"),
        ("seed + k)\n        inputs.append(a)", "seed + k)"),
    ),
    there("sums before ReLU", ("inputs.append(a)", "inputs.append(z)")),
    there("`x`, are missing|inputs of the first layer", ("inputs = [x]", "inputs = []")),
    there("logits, too", ("    return logits", "    inputs.append(logits)\n    return logits")),
    there("list comes first", ("return logits, inputs", "return inputs, logits")),
    there("One thing", ("return logits, inputs", "return logits")),
    there(
        "Logits are dropped",
        (
            "    return logits",
            "    if rate:\n        logits = yours.dropout(logits, rate, True, seed + 99)\n    return logits",
        ),
    ),
    there(
        "Pixels are dropped",
        ("    inputs = [x]\n", "    if rate:\n        x = yours.dropout(x, rate, True, seed + 99)\n    inputs = [x]\n"),
    ),
    by_masks("not scaled up", (" / (1 - rate)", "")),
    by_masks(
        "share that is kept",
        ("rng.random(a.shape) > rate", "rng.random(a.shape) < rate"),
        ("/ (1 - rate)", "/ (rate or 1)"),
        ("mask = ", "mask = rate == 0 or "),
    ),
    by_masks("same seed drops something else", ("default_rng(seed)", "default_rng()")),
    # --- network_gradients
    back(RIGHT),
    back(RIGHT, ("mask = (inputs[k] > 0) / (1 - rate)", "mask = np.where(inputs[k] > 0, 1 / (1 - rate), 0)")),
    back(RIGHT, ("return grads", "return tuple(grads)")),
    back_by_hand(RIGHT),
    back("stopped where ReLU", ("mask = (inputs[k] > 0) / (1 - rate)", "mask = 1 / (1 - rate)")),
    back("`rate` is not used", (" / (1 - rate)", "")),
    back(
        "divided by 1 − rate once, at the beginning",
        ("d = upstream", "d = upstream / (1 - rate)"),
        ("mask = (inputs[k] > 0) / (1 - rate)", "mask = inputs[k] > 0"),
    ),
    back(
        "divided by 1 − rate once, before the first layer",
        ("mask = (inputs[k] > 0) / (1 - rate)", "mask = (inputs[k] > 0) / (1 - rate if k == 1 else 1)"),
    ),
    back("to be divided", ("/ (1 - rate)", "* (1 - rate)")),
    back("inputs, not by ReLU's slope|multiplied by the layer's inputs", ("(inputs[k] > 0)", "inputs[k]")),
    back("tanh", ("(inputs[k] > 0)", "(1 - inputs[k]**2)")),
    back("sigmoid", ("(inputs[k] > 0)", "(inputs[k] * (1 - inputs[k]))")),
    back("below 0 are cut off", ("(inputs[k] > 0)", "(dx > 0)")),
    back("stopped where ReLU|come back through|not stopped", ("inputs[k] > 0", "inputs[k] >= 0")),
    back(
        "divided by the number of examples",
        ("grads[2*k] = dW", "grads[2*k] = dW / len(d)"),
        ("] = db", "] = db / len(d)"),
    ),
    back("means over the batch", ("] = db", "] = db / len(d)")),
    back(
        "layer ends one|no gradients|first layer", ("range(len(inputs) - 1, -1, -1)", "range(len(inputs) - 1, 0, -1)")
    ),
    back("opposite sign", ("] = dW", "] = -dW"), ("] = db", "] = -db")),
    back("upstream of|no further|Nothing comes back", ("d = dx * mask", "d = dx * 0")),
    back("one array more", ("return grads", "return grads + [d]")),
    back_by_hand("reverse order", ("return grads[::-1]", "return grads")),
    back_by_hand(
        "bias comes before",
        (
            "        grads.append(delta.sum(axis=0))\n        grads.append(a.T @ delta)",
            "        grads.append(a.T @ delta)\n        grads.append(delta.sum(axis=0))",
        ),
    ),
    back_by_hand(r"\(1, units\)", ("delta.sum(axis=0)", "delta.sum(axis=0, keepdims=True)")),
    back_by_hand("divided by `rate`", ("delta / (1 - rate)", "delta / rate if rate else delta")),
    # --- fit_network
    fit(RIGHT),
    fit(RIGHT, ("return weights, losses", "return list(weights), np.array(losses)")),
    fit(RIGHT, ("order = rng.permutation(len(x))", "order = np.arange(len(x)); rng.shuffle(order)")),
    by_slices(RIGHT),
    fit(
        "rate does not fall",
        ("            optimizer.learning_rate = yours.cosine_decay(step, learning_rate, total)\n", ""),
    ),
    fit("counts epochs", ("cosine_decay(step, learning_rate, total)", "cosine_decay(epoch, learning_rate, epochs)")),
    fit(
        "every epoch",
        (
            "cosine_decay(step, learning_rate, total)",
            "cosine_decay(step % steps_per_epoch, learning_rate, steps_per_epoch)",
        ),
    ),
    fit("the rate is 0 before the last step", ("int(np.ceil(len(x) / batch_size))", "len(x) // batch_size")),
    fit("as a part of a step", ("int(np.ceil(len(x) / batch_size))", "len(x) / batch_size")),
    fit("one step ahead", ("cosine_decay(step,", "cosine_decay(step + 1,")),
    fit("last step already", ("learning_rate, total)", "learning_rate, max(total - 1, 1))")),
    fit(
        "anew in each step",
        (ADAM, ""),
        (
            "            weights = optimizer",
            "            optimizer.learning_rate = optimizer.learning_rate\n            weights = optimizer",
        ),
        (
            "            optimizer.learning_rate = yours",
            "        " + ADAM + "            optimizer.learning_rate = yours",
        ),
    ),
    fit("anew in each epoch", (ADAM, ""), ("        order =", "    " + ADAM + "        order =")),
    fit("plain gradient descent", ("yours.Adam(learning_rate)", "yours.GradientDescent(learning_rate)")),
    fit("RMSprop", ("yours.Adam(learning_rate)", "yours.RMSprop(learning_rate)")),
    fit("never change", ("weights = optimizer.step", "new = optimizer.step")),
    fit("One epoch is done", ("    return weights, losses", "        return weights, losses")),
    fit("order in which they are given", ("rng.permutation(len(x))", "np.arange(len(x))")),
    fit(
        "same order",
        ("        order = rng.permutation(len(x))\n", ""),
        ("    for epoch in", "    order = rng.permutation(len(x))\n    for epoch in"),
    ),
    fit("other order each time", ("default_rng(seed)", "default_rng()")),
    fit("does not depend on `seed`", ("default_rng(seed)", "default_rng(42)")),
    fit("come twice", ("rng.permutation(len(x))", "rng.choice(len(x), len(x))")),
    fit("Nothing is dropped", ("weights, rate, seed + step)", "weights)")),
    fit("same units", ("seed + step", "seed")),
    fit(
        "one loss for each epoch",
        (
            "            losses.append(loss)\n            step += 1",
            "            step += 1\n        losses.append(loss)",
        ),
    ),
    fit("come first", ("return weights, losses", "return losses, weights")),
    fit("Only the weights", ("return weights, losses", "return weights")),
    fit("sums over the batch", ("losses.append(loss)", "losses.append(loss * len(batch))")),
    fit("`batch_size` is not used", ("yours.minibatches(order, batch_size)", "[order]"), ("len(x) / batch_size", "1")),
    by_slices(
        "do not keep their labels|labels",
        ("xs, ys = x[p], labels[p]", "xs, ys = x[rng.permutation(n)], labels[rng.permutation(n)]"),
    ),
    by_slices(
        "left out",
        ("range(0, n, batch_size)", "range(0, n - batch_size + 1, batch_size)"),
        ("(n + batch_size - 1) // batch_size", "n // batch_size"),
    ),
    by_slices("uphill", ("network_gradients(ins, weights, g, rate)", "network_gradients(ins, weights, -g, rate)")),
    # --- accuracy_in_batches
    share(RIGHT),
    share(RIGHT, ("right / len(images)", "float(right) / len(labels)")),
    in_a_list(RIGHT),
    share(
        "last batch is left out",
        ("range(0, len(images), batch_size)", "range(0, len(images) - batch_size + 1, batch_size)"),
    ),
    share(
        "as if the last batch were full",
        ("right / len(images)", "right / (-(-len(images) // batch_size) * batch_size)"),
    ),
    share(
        "multiplied by `batch_size`",
        ("right += np.sum(predict", "right += batch_size * np.mean(predict"),
    ),
    share("not which share", ("right / len(images)", "right")),
    share("percent", ("right / len(images)", "100 * right / len(images)")),
    share("share that is wrong", ("==", "!=")),
    share("first batch alone", ("    return right / len(images)", "        return right / len(images[batch])")),
    share("last batch alone", ("right +=", "right ="), ("right / len(images)", "right / len(images[batch])")),
    in_a_list(
        "all images at once",
        ("range(0, len(images), batch_size)", "range(0, len(images), len(images))"),
        ("i + batch_size", "len(images)"),
    ),
]
