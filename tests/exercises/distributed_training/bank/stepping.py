"""Sharded Adam, scaled rates and steps with float16 gradients of chapter 11, as people write them."""

from tests.exercises.banks import RIGHT
from tests.exercises.distributed_training.bank.exchanging import of

COLLECTIVES = "from course_lib.collectives import all_gather, ring_all_reduce, broadcast, reduce_scatter\n"

# --- sharded_adam_step

ADAM = (
    COLLECTIVES
    + """
def sharded_adam_step(rank, size, weights, gradient, m, v, step, learning_rate):
    own_gradient = (yield from reduce_scatter(rank, size, gradient)) / size
    own = np.array_split(weights, size)[rank]
    m = 0.9 * m + 0.1 * own_gradient
    v = 0.999 * v + 0.001 * own_gradient ** 2
    m_hat = m / (1 - 0.9 ** step)
    v_hat = v / (1 - 0.999 ** step)
    own = own - learning_rate * m_hat / (np.sqrt(v_hat) + 1e-7)
    weights = yield from all_gather(rank, size, own)
    return weights, m, v
"""
)
adam = of("sharded_adam_step", ADAM)
SCATTER = "own_gradient = (yield from reduce_scatter(rank, size, gradient)) / size"
GATHER = "weights = yield from all_gather(rank, size, own)"
ADAM_CASES = [
    adam(RIGHT, name="reduce-scatter, Adam, all-gather"),
    adam(RIGHT, (SCATTER, "own_gradient = yield from reduce_scatter(rank, size, gradient / size)")),
    adam(
        RIGHT,
        ("own = own - learning_rate", "change = -learning_rate"),
        (GATHER, "change = yield from all_gather(rank, size, change)\n    weights = weights + change"),
    ),
    adam(
        "bytes|all-reduce|whole",
        (
            SCATTER,
            "own_gradient = np.array_split((yield from ring_all_reduce(rank, size, gradient)), size)[rank] / size",
        ),
    ),
    adam("sum", (SCATTER, "own_gradient = yield from reduce_scatter(rank, size, gradient)")),
    adam("gather|part|chunk|own", (GATHER, "weights = own")),
    adam("own|exchange|reduc|alone", (SCATTER, "own_gradient = np.array_split(gradient, size)[rank]")),
    adam("correct|bias", ("m / (1 - 0.9 ** step)", "m"), ("v / (1 - 0.999 ** step)", "v")),
    adam("step", ("0.9 ** step", "0.9 ** (step + 1)"), ("0.999 ** step", "0.999 ** (step + 1)")),
    adam("step|multipl|power", ("0.9 ** step", "0.9 * step"), ("0.999 ** step", "0.999 * step")),
    adam("rank 0|first|wrong", ("np.array_split(weights, size)[rank]", "np.array_split(weights, size)[0]")),
    adam("square", ("0.001 * own_gradient ** 2", "0.001 * own_gradient")),
    adam("root", ("np.sqrt(v_hat)", "v_hat")),
    adam(
        "state|whole|gather|m and v",
        (
            "return weights, m, v",
            """m = yield from all_gather(rank, size, m)
    v = yield from all_gather(rank, size, v)
    return weights, m, v""",
        ),
    ),
    adam("order", ("return weights, m, v", "return m, v, weights")),
    adam("three|weights|state", ("return weights, m, v", "return weights")),
    adam("yield from", (SCATTER, "own_gradient = reduce_scatter(rank, size, gradient) / size")),
    adam("yield from", ("weights = yield from all_gather", "weights = all_gather")),
    adam(
        "square",
        (SCATTER, SCATTER + "\n    squares = (yield from reduce_scatter(rank, size, gradient ** 2)) / size"),
        ("0.001 * own_gradient ** 2", "0.001 * squares"),
    ),
    adam("old|corrected|m_hat", ("return weights, m, v", "return weights, m_hat, v_hat")),
    adam("sign|uphill|add", ("own = own - learning_rate", "own = own + learning_rate")),
    adam("twice|size|divid", ("/ size\n", "/ size / size\n")),
    adam("chunk|whole|shape", ("own = np.array_split(weights, size)[rank]\n", "own = weights\n")),
    adam(
        "descent|moment|Adam|gradient",
        ("learning_rate * m_hat / (np.sqrt(v_hat) + 1e-7)", "learning_rate * own_gradient"),
    ),
    adam("momentum|gradient", ("learning_rate * m_hat", "learning_rate * own_gradient")),
]

# --- scaled_rate

RATE = """
def scaled_rate(step, base_rate, base_batch, batch_per_replica, replicas, warmup_steps):
    target = base_rate * batch_per_replica * replicas / base_batch
    if step >= warmup_steps:
        return target
    return base_rate + (target - base_rate) * step / warmup_steps
"""
rate = of("scaled_rate", RATE)
WARM = "base_rate + (target - base_rate) * step / warmup_steps"
RATE_CASES = [
    rate(RIGHT, name="a line"),
    rate(
        RIGHT,
        name="min",
        source=RATE.replace(
            "    if step >= warmup_steps:\n        return target\n",
            "    part = 1.0 if warmup_steps == 0 else min(1.0, step / warmup_steps)\n",
        ).replace(WARM, "base_rate * (1 - part) + target * part"),
    ),
    rate(
        RIGHT,
        name="interp",
        source=RATE.replace("    if step >= warmup_steps:\n        return target\n", "").replace(
            WARM, "np.interp(step, [0, warmup_steps], [base_rate, target]) if warmup_steps else target"
        ),
    ),
    rate("replica|per-replica|global", ("batch_per_replica * replicas / base_batch", "batch_per_replica / base_batch")),
    rate("replicas|batch", ("batch_per_replica * replicas / base_batch", "replicas")),
    rate(
        "root|linear",
        ("batch_per_replica * replicas / base_batch", "np.sqrt(batch_per_replica * replicas / base_batch)"),
    ),
    rate("not scaled|base rate", ("base_rate * batch_per_replica * replicas / base_batch", "base_rate")),
    rate(
        "around|divid|smaller|upside",
        (
            "base_rate * batch_per_replica * replicas / base_batch",
            "base_rate * base_batch / (batch_per_replica * replicas)",
        ),
    ),
    rate("from 0|zero|begins", (WARM, "target * step / warmup_steps")),
    rate("warm", ("    if step >= warmup_steps:\n        return target\n    return " + WARM, "    return target")),
    rate("grows|on and on|beyond|end", ("if step >= warmup_steps:", "if warmup_steps == 0:")),
    rate("one|early|ahead", (WARM, "base_rate + (target - base_rate) * (step + 1) / warmup_steps")),
    rate(
        "0|divi",
        (
            "    if step >= warmup_steps:\n        return target\n    return " + WARM,
            "    return base_rate + (target - base_rate) * min(1, step / warmup_steps)",
        ),
    ),
    rate(
        "whole|//|rounded",
        ("batch_per_replica * replicas / base_batch", "(batch_per_replica * replicas // base_batch)"),
    ),
    rate("constant|base rate|during", (WARM, "base_rate")),
    rate("late|one", ("step >= warmup_steps", "step > warmup_steps + 1")),
    rate("twice|squared|again", ("* replicas /", "* replicas * replicas /")),
    rate("add|base", (WARM, "base_rate + target * step / warmup_steps")),
    rate("base batch|base_batch|divid", ("batch_per_replica * replicas / base_batch", "batch_per_replica * replicas")),
    rate("0|none|nothing", (WARM, "0.0")),
    rate("falls|target|backward|other way", (WARM, "target + (base_rate - target) * step / warmup_steps")),
]

# --- mixed_precision_step

MIXED = """
def mixed_precision_step(weights, backward, scale, clip_norm, learning_rate):
    gradient = backward(scale).astype(np.float32) / scale
    if not np.all(np.isfinite(gradient)):
        return weights, scale / 2
    norm = np.sqrt(np.sum(gradient ** 2))
    if norm > clip_norm:
        gradient = gradient * clip_norm / norm
    return weights - learning_rate * gradient, scale
"""
mixed = of("mixed_precision_step", MIXED)
UNSCALE = "backward(scale).astype(np.float32) / scale"
SKIP = "    if not np.all(np.isfinite(gradient)):\n        return weights, scale / 2\n"
CLIP = """    norm = np.sqrt(np.sum(gradient ** 2))
    if norm > clip_norm:
        gradient = gradient * clip_norm / norm
"""
LAST = "return weights - learning_rate * gradient, scale"
MIXED_CASES = [
    mixed(RIGHT, name="as the text goes"),
    mixed(RIGHT, ("np.float32", "np.float64")),
    mixed(RIGHT, (CLIP, "    gradient = gradient * min(1.0, clip_norm / max(np.linalg.norm(gradient), 1e-12))\n")),
    mixed(
        RIGHT,
        (CLIP, "    norm = np.linalg.norm(gradient)\n    gradient = gradient * min(1.0, clip_norm / (norm + 1e-6))\n"),
        name="as PyTorch clips",
    ),
    mixed(RIGHT, ("not np.all(np.isfinite(gradient))", "np.isinf(gradient).any() or np.isnan(gradient).any()")),
    mixed("scaled|divide", (UNSCALE, "backward(scale).astype(np.float32)")),
    mixed("float16|tiny|underflow|half", (UNSCALE, "backward(scale) / scale")),
    mixed("float16|tiny|underflow|half", (UNSCALE, "(backward(scale) / scale).astype(np.float32)")),
    mixed(
        "clip|before",
        (UNSCALE, "backward(scale).astype(np.float32)"),
        (LAST, "return weights - learning_rate * gradient / scale, scale"),
    ),
    mixed("not clipped|clip", (CLIP, "")),
    mixed("inf|skip|finite", (SKIP, "")),
    mixed("halv|half|same scale|scale", ("return weights, scale / 2", "return weights, scale")),
    mixed("halv|doubl|wrong way|scale", ("return weights, scale / 2", "return weights, scale * 2")),
    mixed("inf|NaN|finite", ("not np.all(np.isfinite(gradient))", "np.any(np.isnan(gradient))")),
    mixed("all|any|one", ("not np.all(np.isfinite(gradient))", "not np.any(np.isfinite(gradient))")),
    mixed(
        "weights.*float16|float16|half",
        (LAST, "return (weights.astype(np.float16) - np.float16(learning_rate) * gradient.astype(np.float16)), scale"),
    ),
    mixed("scale|1|vanish|backward", (UNSCALE, "backward(1.0).astype(np.float32)")),
    mixed("twice|again", (LAST, "return weights - learning_rate * gradient / scale, scale")),
    mixed("each|element|norm", (CLIP, "    gradient = np.clip(gradient, -clip_norm, clip_norm)\n")),
    mixed(
        "always|small|short|below",
        (
            "    if norm > clip_norm:\n        gradient = gradient * clip_norm / norm\n",
            "    gradient = gradient * clip_norm / norm\n",
        ),
    ),
    mixed("root|square|norm", ("np.sqrt(np.sum(gradient ** 2))", "np.sum(gradient ** 2)")),
    mixed(
        "skip|step|zero|0",
        (
            SKIP,
            """    if not np.all(np.isfinite(gradient)):
        gradient = np.nan_to_num(gradient, nan=0.0, posinf=0.0, neginf=0.0)
        scale = scale / 2
""",
        ),
    ),
    mixed(
        "pair|two|scale",
        (LAST, "return weights - learning_rate * gradient"),
        ("return weights, scale / 2", "return weights"),
    ),
    mixed("halv|each|every|scale", (LAST, "return weights - learning_rate * gradient, scale / 2")),
    mixed("doubl|each|every|scale", (LAST, "return weights - learning_rate * gradient, scale * 2")),
    mixed("multipl|divid", (UNSCALE, "backward(scale).astype(np.float32) * scale")),
    mixed("sign|uphill|add", (LAST, "return weights + learning_rate * gradient, scale")),
    mixed("mean|norm", ("np.sqrt(np.sum(gradient ** 2))", "np.sqrt(np.mean(gradient ** 2))")),
    mixed("scale.*1|start|1", ("return weights, scale / 2", "return weights, 1.0")),
    mixed("rate", (LAST, "return weights - gradient, scale")),
    mixed(
        "order|swap",
        (LAST, "return scale, weights - learning_rate * gradient"),
        ("return weights, scale / 2", "return scale / 2, weights"),
    ),
]

CASES = (*ADAM_CASES, *RATE_CASES, *MIXED_CASES)
