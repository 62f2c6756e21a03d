"""Layer normalization, tests of a batch normalization, a batch that turns a sign, and inputs that are calmed."""

from tests.exercises.banks import BUGGY, RIGHT
from tests.exercises.regularization.bank import answers

LAYER_CASES = answers(
    "layer_normalization", ["n, d = inputs.shape"],
    (RIGHT, "mean = inputs.mean(axis=1, keepdims=True)", "variance = inputs.var(axis=1, keepdims=True)",
     "return gamma * (inputs - mean) / np.sqrt(variance + epsilon) + beta"),
    (RIGHT, "x = inputs.T", "return ((x - x.mean(0)) / np.sqrt(x.var(0) + epsilon)).T * gamma + beta"),
    (RIGHT, "return np.array([gamma * (x - x.mean()) / np.sqrt(x.var() + epsilon) + beta for x in inputs])"),
    (RIGHT, "mean = inputs.sum(-1)[:, None] / d", "centered = inputs - mean",
     "return centered * gamma / np.sqrt((centered ** 2).mean(-1)[:, None] + epsilon) + beta"),
    (BUGGY, "return gamma * (inputs - inputs.mean(0)) / np.sqrt(inputs.var(0) + epsilon) + beta"),
    (BUGGY, "return gamma * (inputs - inputs.mean(0, keepdims=True)) / np.sqrt(inputs.var(0) + epsilon) + beta"),
    ("keepdims|shape|column", "return gamma * (inputs - inputs.mean(1)) / np.sqrt(inputs.var(1) + epsilon) + beta"),
    ("whole|all", "return gamma * (inputs - inputs.mean()) / np.sqrt(inputs.var() + epsilon) + beta"),
    ("variance.*(batch|example)|deviation", "return gamma * (inputs - inputs.mean(1, keepdims=True)) / "
     "np.sqrt(inputs.var(0) + epsilon) + beta"),
    ("mean.*(batch|example)", "return gamma * (inputs - inputs.mean(0)) / "
     "np.sqrt(inputs.var(1, keepdims=True) + epsilon) + beta"),
    ("variance.*(deviation|root)|root", "return gamma * (inputs - inputs.mean(1, keepdims=True)) / "
     "(inputs.var(1, keepdims=True) + epsilon) + beta"),
    ("ε.*root|root.*ε|deviation", "return gamma * (inputs - inputs.mean(1, keepdims=True)) / "
     "(inputs.std(1, keepdims=True) + epsilon) + beta"),
    ("one less", "return gamma * (inputs - inputs.mean(1, keepdims=True)) / "
     "np.sqrt(inputs.var(1, keepdims=True, ddof=1) + epsilon) + beta"),
    ("n − 1|d − 1|ε", "return gamma * (inputs - inputs.mean(1, keepdims=True)) / "
     "(inputs.std(1, keepdims=True, ddof=1) + epsilon) + beta"),
    ("ε", "return gamma * (inputs - inputs.mean(1, keepdims=True)) / inputs.std(1, keepdims=True) + beta"),
    ("ε", "return gamma * (inputs - inputs.mean(1, keepdims=True)) / "
     "np.sqrt(inputs.var(1, keepdims=True) + 1e-5) + beta"),
    ("γ.*β", "return (inputs - inputs.mean(1, keepdims=True)) / np.sqrt(inputs.var(1, keepdims=True) + epsilon)"),
    ("β", "return gamma * (inputs - inputs.mean(1, keepdims=True)) / "
     "np.sqrt(inputs.var(1, keepdims=True) + epsilon)"),
    ("γ", "return (inputs - inputs.mean(1, keepdims=True)) / np.sqrt(inputs.var(1, keepdims=True) + epsilon) + beta"),
    ("bracket", "return gamma * ((inputs - inputs.mean(1, keepdims=True)) / "
     "np.sqrt(inputs.var(1, keepdims=True) + epsilon) + beta)"),
    ("bracket", "return gamma * inputs - inputs.mean(1, keepdims=True) / "
     "np.sqrt(inputs.var(1, keepdims=True) + epsilon) + beta"),
    ("mean", "return gamma * inputs / np.sqrt((inputs ** 2).mean(1, keepdims=True) + epsilon) + beta"),
    ("divided|deviation", "return gamma * (inputs - inputs.mean(1, keepdims=True)) + beta"),
    ("swapped", "return beta * (inputs - inputs.mean(1, keepdims=True)) / "
     "np.sqrt(inputs.var(1, keepdims=True) + epsilon) + gamma"),
    ("one thing|several|tuple|array", "mean, var = inputs.mean(1, keepdims=True), inputs.var(1, keepdims=True)",
     "return gamma * (inputs - mean) / np.sqrt(var + epsilon) + beta, mean, var"),
    ("length|norm", "return gamma * inputs / np.linalg.norm(inputs, axis=1, keepdims=True) + beta"),
    ("bracket", "m, v = inputs.mean(1, keepdims=True), inputs.var(1, keepdims=True)",
     "return gamma * (inputs - m / np.sqrt(v + epsilon)) + beta"),
    ("after|both|batch", "m, v = inputs.mean(1, keepdims=True), inputs.var(1, keepdims=True)",
     "x = (inputs - m) / np.sqrt(v + epsilon)", "x = (x - x.mean(0)) / np.sqrt(x.var(0) + epsilon)",
     "return gamma * x + beta"),
    ("softmax|sum|exp", "e = np.exp(inputs - inputs.max(1, keepdims=True))",
     "return gamma * e / e.sum(1, keepdims=True) + beta"),
    ("as they|nothing", "return inputs"),
)  # fmt: skip

BY_HAND = [
    "x = np.array([[0., 2.], [4., 10.], [2., 0.]])",
    "g, b = np.array([2., 3.]), np.array([1., -1.])",
    "m, v = np.array([1., 2.]), np.array([4., 9.])",
    "mean, var = x.mean(0), x.var(0)",
    "out = g * (x - mean) / np.sqrt(var + 1e-3) + b",
]
FULL = [
    "y, nm, nv = batch_norm(x, g, b, m, v, True)",
    "ok = np.allclose(y, out) and np.allclose(nm, .99 * m + .01 * mean) and np.allclose(nv, .99 * v + .01 * var)",
    "z, um, uv = batch_norm(x, g, b, m, v, False)",
    "ok = ok and np.allclose(z, g * (x - m) / np.sqrt(v + 1e-3) + b) and np.allclose(um, m) and np.allclose(uv, v)",
]
TEST_CASES = answers(
    "is_batch_normalization", BY_HAND,
    (RIGHT, *FULL, "y, nm, nv = batch_norm(x, g, b, m, v, True, 0.5, 0.25)",
     "return bool(ok and np.allclose(y, g * (x - mean) / np.sqrt(var + .25) + b) and np.allclose(nm, (m + mean) / 2))"),
    ("momentum", *FULL, "c, *_ = batch_norm(np.ones((3, 2)), g, b, m, v, True, epsilon=1.0, momentum=0.5)",
     "d, *_ = batch_norm(x, g, b, m, v, True, epsilon=1.0, momentum=0.5)", "assert ok", "assert np.allclose(c, b)",
     "return bool(np.allclose(d, g * (x - mean) / np.sqrt(var + 1.0) + b))"),
    ("refuses.*in one pass|refuses a right",
     "y, nm, nv = batch_norm(x, g, b, m, v, True)", "return bool((y == out).all())"),
    ("ε|epsilon|default|momentum|slip", *FULL, "return bool(ok)"),
    ("slipped|use|training", "y, nm, nv = batch_norm(x, g, b, m, v, True)",
     "return bool(np.allclose(y, out) and np.allclose(nm, .99 * m + .01 * mean) "
     "and np.allclose(nv, .99 * v + .01 * var))"),
    ("slipped|moving", "y, nm, nv = batch_norm(x, g, b, m, v, True)", "return bool(np.allclose(y, out))"),
    ("about the mean 0", "one, zero = np.ones(2), np.zeros(2)",
     "y, *_ = batch_norm(x, one, zero, zero, one, True)",
     "return bool(np.allclose(y.mean(0), 0) and np.allclose(y.std(0), 1, atol=1e-2))"),
    ("refuses|tolerance|ε", "one, zero = np.ones(2), np.zeros(2)",
     "y, *_ = batch_norm(x, one, zero, zero, one, True)", "return bool(np.allclose(y.std(0), 1))"),
    ("shape|slipped", "y, nm, nv = batch_norm(x, g, b, m, v, True)",
     "return y.shape == x.shape and nm.shape == m.shape"),
    ("everything", "return True"),
    ("None|verdict", "y, nm, nv = batch_norm(x, g, b, m, v, True)", "np.allclose(y, out)"),
    ("refuses|everything", "return False"),
    ("accepts everything", "y, nm, nv = batch_norm(x, g, b, m, v, True)", "return bool(np.isfinite(y).all())"),
    ("slipped|training", "z, um, uv = batch_norm(x, g, b, m, v, False)",
     "return bool(np.allclose(z, g * (x - m) / np.sqrt(v + 1e-3) + b))"),
    ("n − 1|refuses", "y, *_ = batch_norm(x, g, b, m, v, True)",
     "return bool(np.allclose(y, g * (x - mean) / np.sqrt(x.var(0, ddof=1) + 1e-3) + b))"),
    ("True or False|array", "y, nm, nv = batch_norm(x, g, b, m, v, True)", "return np.isclose(y, out)"),
)  # fmt: skip

BATCH_CASES = answers(
    "sign_flipping_batches", [],
    (RIGHT, "return [1, 0, 0, 0], [1, 0, 0, 9]"),
    (RIGHT, "return (0.5, 0.0), (0.5, 2.0)"),
    (RIGHT, "return np.array([3.0, 1.0, 2.0]), np.array([3.0, 100.0, 2.0])"),
    (RIGHT, "return [-1, 5, 2], [-1, -50, 2]"),
    (RIGHT, "a = [1.0] + [0.0] * 9", "b = a.copy()", "b[4] = 1000", "return a, b"),
    ("first.*(same|changed|itself)|own", "return [1, 0, 0], [-1, 0, 0]"),
    ("two|more than one|one other", "return [1, 0, 0], [1, 5, 5]"),
    ("same sign|does not (turn|change|flip)|keeps", "return [1, 0, 0, 0], [1, 0, 0, 2]"),
    ("same|nothing|no number", "return [1, 0, 0], [1, 0, 0]"),
    ("0|no sign", "return [1, 1, 1], [1, 1, 5]"),
    ("0|no sign", "return [1, 0, 0], [1, 2, 0]"),
    ("two|both|pair", "return [1, 0, 0]"),
    ("length|many", "return [1, 0, 0], [1, 0, 0, 9]"),
    ("two|neighbor|single|one number", "return [1], [1]"),
    ("finite", "return [1, 0, 0], [1, float('inf'), 0]"),
    ("same sign|does not (turn|change|flip)|keeps", "return [9, 0, 0, 0], [9, 0, 0, 1]"),
    ("numbers", "return ['a', 'b'], ['a', 'c']"),
    ("one feature|list of numbers|rows|axis|axes", "return [[1, 2], [0, 0]], [[1, 2], [0, 9]]"),
)  # fmt: skip

CALM_CASES = answers(
    "calm", [],
    (RIGHT, "return (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)"),
    (RIGHT, "return (inputs - inputs.mean()) / inputs.std()"),
    (RIGHT, "return (inputs - np.mean(inputs, 0)) / np.sqrt(np.var(inputs, 0) + 1e-3)"),
    (RIGHT, "from sklearn.preprocessing import StandardScaler", "return StandardScaler().fit_transform(inputs)"),
    ("as (they were|it was)|same|explode|raw", "return inputs"),
    ("example|row|alike|axis", "return (inputs - inputs.mean(axis=1, keepdims=True)) / "
     "inputs.std(axis=1, keepdims=True)"),
    ("far apart", "return inputs - inputs.mean(axis=0)"),
    ("mean|center|explode", "return inputs / inputs.std(axis=0)"),
    ("far apart", "return inputs - inputs.mean(axis=0) / inputs.std(axis=0)"),
    ("variance|small|slow", "return (inputs - inputs.mean(axis=0)) / inputs.var(axis=0)"),
    ("inputs of one size", "return inputs / 255"),
    ("far too large", "return inputs / 1e4"),
    ("explode", "return inputs / 10"),
    ("alike|same|0", "return np.zeros_like(inputs)"),
    ("alike|same", "return np.ones_like(inputs)"),
    ("shape", "return inputs.mean(axis=0)"),
    ("shape", "return inputs.ravel()"),
    ("shape", "return np.eye(len(inputs))"),
    ("finite|NaN", "return (inputs - inputs.mean()) / 0"),
    ("chance|random|inputs", "return np.random.default_rng(0).normal(size=inputs.shape)"),
    ("alike|same|1|saturat", "return 1 / (1 + np.exp(-inputs))"),
    ("alike|same|1|saturat", "return np.tanh(inputs)"),
    ("alike|same|1|saturat|clip", "return np.clip(inputs, -1, 1)"),
    ("alike|row|length|slow|example", "return inputs / np.linalg.norm(inputs, axis=1, keepdims=True)"),
    ("0 to 99 only", "return (inputs - 49.5) / 28.866"),
    ("depend", "x = np.arange(100).reshape(5, 20)",
     "return (x - x.mean(0)) / x.std(0)"),
)  # fmt: skip

CASES = [*LAYER_CASES, *TEST_CASES, *BATCH_CASES, *CALM_CASES]
