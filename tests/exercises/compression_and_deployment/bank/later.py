"""Answers that were collected after the probes, from another look at how such code is written."""

from tests.exercises.banks import RIGHT
from tests.exercises.compression_and_deployment.bank.others import checked, distill, fold
from tests.exercises.compression_and_deployment.bank.pruning import prune
from tests.exercises.compression_and_deployment.bank.quantizing import LAST, SCALE, ZERO, product, quantized, spread

PERCENTILE = """
def prune_by_magnitude(weights, sparsity):
    threshold = np.percentile(np.abs(weights), 100 * sparsity)
    pruned = weights.copy()
    pruned[np.abs(weights) < threshold] = 0
    return pruned
"""
KINDS = "            if isinstance(x, bool) or not isinstance(x, (int, float)):\n"
CASES = [
    prune("quantile|equal|border", source=PERCENTILE, name="percentile, below"),
    prune("quantile|equal|border", source=PERCENTILE.replace(") < threshold", ") <= threshold"), name="percentile"),
    prune(
        "per cent",
        source=PERCENTILE.replace("100 * ", ""),
        name="a percentile of the share",
    ),
    prune("round", ("round(sparsity * weights.size)", "int(np.floor(sparsity * weights.size))")),
    prune("round|up", ("round(sparsity * weights.size)", "-int(-sparsity * weights.size // 1)")),
    prune(RIGHT, ("round(sparsity * weights.size)", "int(sparsity * weights.size + 0.5)")),
    prune(
        RIGHT, ("order[:count]", "order[0:count]"), ("flat = weights.flatten()", "flat = np.array(weights).reshape(-1)")
    ),
    spread("wrong sign|sign", (ZERO, "round(low / scale)")),
    spread("larger magnitude", (SCALE, "scale = max(abs(low), abs(high)) / 128"), (ZERO, "0")),
    spread("another number|step", (SCALE, "scale = (high - low) / 253")),
    spread("−127|127", (ZERO, "int(round(-low / scale)) - 127")),
    spread(RIGHT, (ZERO, "int(round(-low / scale)) - 128")),
    quantized("subtracted from x", "np.round((x - zero_point) / scale)", LAST),
    quantized("wrap|no longer|clamped", "np.round(x / scale + zero_point).astype(int)", "q.astype(np.int8)"),
    quantized(RIGHT, "np.around(x / scale)", "np.clip(q + zero_point, a_min=-128, a_max=127).astype('int8')"),
    product("int8|wrap", ("return a @ b", "return (a.astype(np.int8) @ b.astype(np.int8)).astype(np.int32)")),
    product(RIGHT, ("return a @ b", "return np.dot(a, b)")),
    product(RIGHT, ("return a @ b", "return np.matmul(a, b, dtype=np.int32)")),
    product("float", ("return a @ b", "return (a @ b).astype(np.float32)")),
    product("no int32|int32", ("return a @ b", "return (a @ b).astype(np.int64)")),
    fold("mean|μ", ("(bias - mean) * factor + beta", "bias * factor - mean + beta")),
    fold("bias", ("(bias - mean) * factor + beta", "bias * factor")),
    fold(RIGHT, ("gamma / np.sqrt(variance + epsilon)", "gamma * (variance + epsilon) ** -0.5")),
    distill(
        "likely class|label",
        ("q = softmax(teacher_logits / T)", "q = np.eye(teacher_logits.shape[1])[teacher_logits.argmax(axis=1)]"),
    ),
    distill(
        "labels' part|T²",
        ("loss = alpha * T ** 2 * soft + (1 - alpha) * hard", "loss = T ** 2 * (alpha * soft + (1 - alpha) * hard)"),
        ("(1 - alpha) * (p1 - y)", "T ** 2 * (1 - alpha) * (p1 - y)"),
    ),
    distill("sign", ("(p - q)", "(q - p)")),
    checked("exception|text", (KINDS + '                return 422, "Each pixel must be a number."\n', "")),
    checked("length|null", ("not isinstance(rows, list) or ", "")),
    checked("another status|413", ("422", "413")),
    checked("another status|404", ("400", "404")),
    checked("one status", ("422", "403"), ("400", "403")),
    prune("become smaller", ("flat[order[:count]] = 0", "flat[order[:count]] *= 0.01")),
    prune("whatever|order", ("flat[order[:count]] = 0", "flat[:count] = 0")),
    spread("up", (ZERO, "int(np.ceil(-128 - low / scale))")),
    quantized("0, and not", "np.round(x / scale) + zero_point", "np.clip(q, 0, 127).astype(np.int8)"),
    quantized("unsigned", "np.round(x / scale) + zero_point", "np.clip(q, -128, 127).astype(np.int8).astype(np.uint8)"),
    product("besides", ("return a @ b", "return a @ b - input_zero_point * kernel_zero_point")),
    fold("kernel is divided", ("kernel * factor", "kernel / factor")),
    fold("bias is divided", ("(bias - mean) * factor + beta", "(bias - mean) / factor + beta")),
    distill("at temperature T", ("(1 - alpha) * (p1 - y)", "(1 - alpha) * (p - y)")),
    distill("all examples", ("np.log(p1[np.arange(n), labels])", "np.log(p1[:, labels])")),
    checked("empty or null", ('or "pixels" not in body', 'or not body.get("pixels")')),
]
