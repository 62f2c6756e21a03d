# ruff: noqa: E501 (an answer stands in one line with what is told of it)
"""Batch normalization and its gradient as people write them."""

from tests.exercises.banks import RIGHT, written

FORWARD = """
def batch_normalization(inputs, gamma, beta, moving_mean, moving_variance, training, momentum=0.99, epsilon=1e-3):
    if training:
        mean = inputs.mean(axis=0)
        var = inputs.var(axis=0)
        x_hat = (inputs - mean) / np.sqrt(var + epsilon)
        new_mean = momentum * moving_mean + (1 - momentum) * mean
        new_var = momentum * moving_variance + (1 - momentum) * var
        out = gamma * x_hat + beta
        return out, new_mean, new_var
    x_hat = (inputs - moving_mean) / np.sqrt(moving_variance + epsilon)
    out = gamma * x_hat + beta
    return out, moving_mean, moving_variance
"""
MEAN, VAR = "mean = inputs.mean(axis=0)\n", "var = inputs.var(axis=0)\n"
ROOT, USE_ROOT = "np.sqrt(var + epsilon)", "np.sqrt(moving_variance + epsilon)"
X_HAT = "x_hat = (inputs - mean) / np.sqrt(var + epsilon)\n"
NEW_MEAN = "new_mean = momentum * moving_mean + (1 - momentum) * mean"
NEW_VAR = "new_var = momentum * moving_variance + (1 - momentum) * var"
OUT, RETURN = "out = gamma * x_hat + beta", "return out, new_mean, new_var"
USE_X_HAT = "x_hat = (inputs - moving_mean) / np.sqrt(moving_variance + epsilon)"
USED = "return out, moving_mean, moving_variance"


def forward(told, *changes, name=""):
    return written("batch_normalization", FORWARD, told, *changes, name=name)


FORWARD_CASES = [
    forward(RIGHT, name="its formula"),
    forward(RIGHT, ("inputs.var(axis=0)", "np.mean((inputs - mean) ** 2, axis=0)")),
    forward(RIGHT, ("inputs.var(axis=0)", "np.mean(inputs ** 2, axis=0) - mean ** 2"), name="in one pass"),
    forward(RIGHT, ("inputs.mean(axis=0)", "np.einsum('nf->f', inputs) / len(inputs)")),
    forward(RIGHT, (NEW_MEAN, "new_mean = moving_mean + (1 - momentum) * (mean - moving_mean)")),
    forward(RIGHT, (NEW_MEAN, "new_mean = moving_mean - (moving_mean - mean) * (1 - momentum)"),
            (NEW_VAR, "new_var = moving_variance - (moving_variance - var) * (1 - momentum)")),
    forward(RIGHT, ("/ np.sqrt(var + epsilon)", "* (var + epsilon) ** -0.5")),
    forward(RIGHT, (OUT, "scale = gamma / np.sqrt((var if training else moving_variance) + epsilon); "
                         "out = inputs * scale + (beta - (mean if training else moving_mean) * scale)")),
    forward(RIGHT, (RETURN, "return [out, new_mean, new_var]"), (USED, "return [out, moving_mean, moving_variance]")),
    forward(RIGHT, ("inputs.var(axis=0)", "inputs.std(axis=0) ** 2")),
    forward(RIGHT, (NEW_MEAN, "moving_mean *= momentum; moving_mean += (1 - momentum) * mean; new_mean = moving_mean")),
    # ε
    forward("ε", (ROOT, "np.sqrt(var)"), (USE_ROOT, "np.sqrt(moving_variance)")),
    forward("ε", (ROOT, "np.sqrt(var)")),
    forward("ε", (USE_ROOT, "np.sqrt(moving_variance)")),
    forward("ε", (ROOT, "inputs.std(axis=0)")),
    forward("ε.*root|root.*ε", (ROOT, "(np.sqrt(var) + epsilon)"), (USE_ROOT, "(np.sqrt(moving_variance) + epsilon)")),
    forward("ε.*root|root.*ε|deviation", (ROOT, "(inputs.std(axis=0) + epsilon)")),
    forward("ε", ("epsilon=1e-3", "epsilon=1e-5")),
    forward("ε", ("epsilon=1e-3", "epsilon=1e-8")),
    forward("ε", (ROOT, "np.sqrt(var + 1e-5)"), (USE_ROOT, "np.sqrt(moving_variance + 1e-5)")),
    forward("ε", (ROOT, "np.sqrt(var + 1e-8)"), (USE_ROOT, "np.sqrt(moving_variance + 1e-8)")),
    forward("ε", (ROOT, "np.sqrt(var + 0.001)"), (USE_ROOT, "np.sqrt(moving_variance + 0.001)")),
    forward("ε", (NEW_VAR, "new_var = momentum * moving_variance + (1 - momentum) * (var + epsilon)")),
    forward("ε", (ROOT, "np.sqrt(var + epsilon ** 2)"), (USE_ROOT, "np.sqrt(moving_variance + epsilon ** 2)")),
    forward("ε", (ROOT, "np.maximum(np.sqrt(var), epsilon)"), (USE_ROOT, "np.maximum(np.sqrt(moving_variance), epsilon)")),
    # the deviation
    forward("variance.*(deviation|root)|root", (ROOT, "(var + epsilon)"), (USE_ROOT, "(moving_variance + epsilon)")),
    forward("variance.*(deviation|root)|root", (ROOT, "(var + epsilon)")),
    forward("variance.*(deviation|root)|root", (USE_ROOT, "(moving_variance + epsilon)")),
    forward("n − 1", ("inputs.var(axis=0)", "inputs.var(axis=0, ddof=1)")),
    forward("n − 1", (NEW_VAR, "new_var = momentum * moving_variance + (1 - momentum) * inputs.var(axis=0, ddof=1)")),
    forward("n − 1", (NEW_VAR, "n = len(inputs); new_var = momentum * moving_variance + (1 - momentum) * var * n / max(n - 1, 1)")),
    forward("deviation", (NEW_VAR, "new_var = momentum * moving_variance + (1 - momentum) * np.sqrt(var)")),
    forward("deviation", (VAR, "var = inputs.std(axis=0)\n")),
    forward("deviation", (USE_ROOT, "(np.sqrt(moving_variance) + epsilon)"), ("inputs.var(axis=0)", "inputs.std(axis=0)"),
            (ROOT, "(var + epsilon)")),
    forward("mean of the squares|squares", ("inputs.var(axis=0)", "np.mean(inputs ** 2, axis=0)")),
    forward("absolute", ("inputs.var(axis=0)", "np.mean(np.abs(inputs - mean), axis=0) ** 2")),
    forward("sum|divide", ("inputs.var(axis=0)", "np.sum((inputs - mean) ** 2, axis=0)")),
    forward("moving mean|around", ("inputs.var(axis=0)", "np.mean((inputs - moving_mean) ** 2, axis=0)")),
    # the axis
    forward("example|row|axis", ("inputs.mean(axis=0)", "inputs.mean(axis=1, keepdims=True)"),
            ("inputs.var(axis=0)", "inputs.var(axis=1, keepdims=True)")),
    forward("example|row|axis", ("inputs.mean(axis=0)", "inputs.mean(axis=-1)"), ("inputs.var(axis=0)", "inputs.var(axis=-1)")),
    forward("all|whole", ("inputs.mean(axis=0)", "inputs.mean()"), ("inputs.var(axis=0)", "inputs.var()")),
    forward("all|whole", ("inputs.mean(axis=0)", "np.mean(inputs)"), ("inputs.var(axis=0)", "np.var(inputs)")),
    forward("\\(1, |shape|axis of length 1", ("inputs.mean(axis=0)", "inputs.mean(axis=0, keepdims=True)"),
            ("inputs.var(axis=0)", "inputs.var(axis=0, keepdims=True)")),
    # the moving statistics
    forward("swapped|momentum", (NEW_MEAN, "new_mean = (1 - momentum) * moving_mean + momentum * mean"),
            (NEW_VAR, "new_var = (1 - momentum) * moving_variance + momentum * var")),
    forward("momentum", (NEW_VAR, "new_var = (1 - momentum) * moving_variance + momentum * var")),
    forward("0\\.9|momentum", ("momentum=0.99", "momentum=0.9")),
    forward("0\\.1|momentum", ("momentum=0.99", "momentum=0.1"), (NEW_MEAN, "new_mean = (1 - momentum) * moving_mean + momentum * mean"),
            (NEW_VAR, "new_var = (1 - momentum) * moving_variance + momentum * var")),
    forward("momentum", (NEW_MEAN, "new_mean = 0.9 * moving_mean + 0.1 * mean"), (NEW_VAR, "new_var = 0.9 * moving_variance + 0.1 * var")),
    forward("momentum", (NEW_MEAN, "new_mean = 0.99 * moving_mean + 0.01 * mean"), (NEW_VAR, "new_var = 0.99 * moving_variance + 0.01 * var")),
    forward("as they were|not updated|unchanged|never", (RETURN, "return out, moving_mean, moving_variance")),
    forward("mean.*as it was|mean.*not|moving mean", (RETURN, "return out, moving_mean, new_var")),
    forward("variance.*as it was|variance.*not|moving variance", (RETURN, "return out, new_mean, moving_variance")),
    forward("batch's own|of the batch|this batch", (RETURN, "return out, mean, var")),
    forward("1 − momentum|share|add", (NEW_MEAN, "new_mean = momentum * moving_mean + mean"), (NEW_VAR, "new_var = momentum * moving_variance + var")),
    forward("momentum", (NEW_MEAN, "new_mean = moving_mean + (1 - momentum) * mean"), (NEW_VAR, "new_var = moving_variance + (1 - momentum) * var")),
    forward("half|mean of both|momentum", (NEW_MEAN, "new_mean = (moving_mean + mean) / 2"), (NEW_VAR, "new_var = (moving_variance + var) / 2")),
    forward("swapped|order", (RETURN, "return out, new_var, new_mean"), (USED, "return out, moving_variance, moving_mean")),
    forward("moving|training", (X_HAT, "x_hat = (inputs - moving_mean) / np.sqrt(moving_variance + epsilon)\n")),
    forward("moving|training", ("out = gamma * x_hat + beta\n        return",
            "out = gamma * (inputs - new_mean) / np.sqrt(new_var + epsilon) + beta\n        return")),
    # in use
    forward("use.*batch|batch.*use|training", ("if training:", "if True:")),
    forward("use.*batch|batch.*use", (USE_X_HAT, "x_hat = (inputs - inputs.mean(axis=0)) / np.sqrt(inputs.var(axis=0) + epsilon)")),
    forward("updated|changed|change", (USED, "m = momentum; return out, m * moving_mean + (1 - m) * inputs.mean(axis=0), m * moving_variance + (1 - m) * inputs.var(axis=0)")),
    forward("swapped|training", ("if training:", "if not training:")),
    forward("γ|β|gamma|beta", ("    out = gamma * x_hat + beta\n    return out, moving", "    return x_hat, moving")),
    forward("bracket", (USE_X_HAT, "x_hat = inputs - moving_mean / np.sqrt(moving_variance + epsilon)")),
    forward("bracket", (X_HAT, "x_hat = inputs - mean / np.sqrt(var + epsilon)\n")),
    forward("bracket", (X_HAT, "x_hat = inputs - mean / np.sqrt(var + epsilon)\n"), (USE_X_HAT, "x_hat = inputs - moving_mean / np.sqrt(moving_variance + epsilon)")),
    forward("one|three|3", (USED, "return out")),
    forward("None", (USED, "return out, None, None")),
    forward("mean", (USE_X_HAT, "x_hat = inputs / np.sqrt(moving_variance + epsilon)")),
    # γ, β
    forward("γ.*β|gamma.*beta", (OUT, "out = x_hat")),
    forward("β|beta", (OUT, "out = gamma * x_hat")),
    forward("γ|gamma", (OUT, "out = x_hat + beta")),
    forward("swapped", (OUT, "out = beta * x_hat + gamma")),
    forward("bracket", (OUT, "out = gamma * (x_hat + beta)")),
    forward("minus|sign|β", (OUT, "out = gamma * x_hat - beta")),
    forward("mean.*(subtract|taken off)|center", (X_HAT, "x_hat = inputs / np.sqrt(var + epsilon)\n")),
    forward("deviation|divide", (X_HAT, "x_hat = inputs - mean\n")),
    forward("added", (X_HAT, "x_hat = (inputs + mean) / np.sqrt(var + epsilon)\n")),
    forward("multipl", (X_HAT, "x_hat = (inputs - mean) * np.sqrt(var + epsilon)\n")),
    forward("smallest|min", (X_HAT, "x_hat = (inputs - inputs.min(axis=0)) / (np.ptp(inputs, axis=0) + epsilon)\n")),
    # what comes back
    forward("one|three|3", (RETURN, "return out"), (USED, "return out")),
    forward("one|three|3", (RETURN, "return out, (new_mean, new_var)"), (USED, "return out, (moving_mean, moving_variance)")),
    forward("one|three|3|four|4", (RETURN, "return out, new_mean, new_var, x_hat"), (USED, "return out, moving_mean, moving_variance, x_hat")),
    forward("dict", (RETURN, "return {'out': out, 'mean': new_mean, 'var': new_var}"), (USED, "return {'out': out, 'mean': moving_mean, 'var': moving_variance}")),
    forward("normalized|γ|β", (RETURN, "return x_hat, new_mean, new_var"), (USED, "return x_hat, moving_mean, moving_variance")),
]  # fmt: skip

BACKWARD = """
def batch_normalization_gradient(output_gradient, inputs, gamma, epsilon=1e-3):
    n = len(inputs)
    mean = inputs.mean(axis=0)
    var = inputs.var(axis=0)
    std = np.sqrt(var + epsilon)
    x_hat = (inputs - mean) / std
    dgamma = np.sum(output_gradient * x_hat, axis=0)
    dbeta = np.sum(output_gradient, axis=0)
    dx_hat = output_gradient * gamma
    dvar = np.sum(dx_hat * (inputs - mean) * -0.5 * (var + epsilon) ** -1.5, axis=0)
    dmean = np.sum(-dx_hat / std, axis=0)
    dx = dx_hat / std + dvar * 2 * (inputs - mean) / n + dmean / n
    return dx, dgamma, dbeta
"""
DX = "dx = dx_hat / std + dvar * 2 * (inputs - mean) / n + dmean / n"
DVAR = "dvar = np.sum(dx_hat * (inputs - mean) * -0.5 * (var + epsilon) ** -1.5, axis=0)"
DMEAN, DGAMMA = "dmean = np.sum(-dx_hat / std, axis=0)", "dgamma = np.sum(output_gradient * x_hat, axis=0)"
DBETA, BACK = "dbeta = np.sum(output_gradient, axis=0)", "return dx, dgamma, dbeta"
SHORT = "dx = (dx_hat - dx_hat.mean(axis=0) - x_hat * np.mean(dx_hat * x_hat, axis=0)) / std"


def backward(told, *changes, name=""):
    return written("batch_normalization_gradient", BACKWARD, told, *changes, name=name)


BACKWARD_CASES = [
    backward(RIGHT, name="step by step"),
    backward(RIGHT, (DX, SHORT)),
    backward(RIGHT, (DX, "dx = gamma / (n * std) * (n * output_gradient - dbeta - x_hat * dgamma)")),
    backward(RIGHT, (DX, "dx = dx_hat / std + dvar * 2 * (inputs - mean) / n + dmean / n; dx = dx - dx.mean(axis=0)")),
    backward(RIGHT, (DMEAN, "dmean = np.sum(-dx_hat / std, axis=0) + dvar * np.mean(-2 * (inputs - mean), axis=0)")),
    backward(RIGHT, (BACK, "return [dx, dgamma, dbeta]")),
    backward(RIGHT, (DGAMMA, "dgamma = np.einsum('nf,nf->f', output_gradient, x_hat)")),
    backward(RIGHT, (DX, "J = (np.eye(n)[:, :, None] - 1 / n - x_hat[:, None] * x_hat[None] / n) / std; dx = np.einsum('nmf,mf->nf', J, dx_hat)")),
    # a path forgotten
    backward("constant|fixed|path", (DX, "dx = dx_hat / std")),
    backward("constant|fixed|path", (DX, "dx = output_gradient * gamma / np.sqrt(var + epsilon)")),
    backward("variance", (DX, "dx = dx_hat / std + dmean / n")),
    backward("variance", (DX, "dx = (dx_hat - dx_hat.mean(axis=0)) / std")),
    backward("mean", (DX, "dx = dx_hat / std + dvar * 2 * (inputs - mean) / n")),
    backward("mean", (DX, "dx = (dx_hat - x_hat * np.mean(dx_hat * x_hat, axis=0)) / std")),
    backward("constant|fixed|path|γ", (DX, "dx = output_gradient / std")),
    backward("direct|own|itself", (DX, "dx = dvar * 2 * (inputs - mean) / n + dmean / n")),
    # γ
    backward("γ", ("dx_hat = output_gradient * gamma", "dx_hat = output_gradient")),
    backward("γ", (DX, "dx = gamma / std * (output_gradient * gamma - dx_hat.mean(axis=0) - x_hat * np.mean(dx_hat * x_hat, axis=0))")),
    backward("γ", (DX, SHORT + " * gamma")),
    backward("γ", (DX, "dx = (dx_hat - dbeta / n - x_hat * dgamma / n) / std")),
    backward("γ", (DX, "dx = (output_gradient - dx_hat.mean(axis=0) - x_hat * np.mean(dx_hat * x_hat, axis=0)) / std")),
    backward("γ|gamma", (DGAMMA, "dgamma = np.sum(output_gradient * gamma * x_hat, axis=0)")),
    backward("β|γ", (DBETA, "dbeta = np.sum(output_gradient * gamma, axis=0)")),
    backward("divide|γ", ("dx_hat = output_gradient * gamma", "dx_hat = output_gradient / gamma")),
    # ∂γ, ∂β
    backward("normalized|inputs", (DGAMMA, "dgamma = np.sum(output_gradient * inputs, axis=0)")),
    backward("deviation|divide|centered", (DGAMMA, "dgamma = np.sum(output_gradient * (inputs - mean), axis=0)")),
    backward("mean", (DGAMMA, "dgamma = np.mean(output_gradient * x_hat, axis=0)"), (DBETA, "dbeta = np.mean(output_gradient, axis=0)"),
             (DX, SHORT)),
    backward("mean", (DBETA, "dbeta = np.mean(output_gradient, axis=0)")),
    backward("mean", (DGAMMA, "dgamma = np.mean(output_gradient * x_hat, axis=0)")),
    backward("one by one|batch|sum|add", (DGAMMA, "dgamma = output_gradient * x_hat"), (DBETA, "dbeta = output_gradient")),
    backward("one by one|batch|sum|add", (DBETA, "dbeta = output_gradient")),
    backward("\\(1, |shape|axis of length 1", (DGAMMA, "dgamma = np.sum(output_gradient * x_hat, axis=0, keepdims=True)"),
             (DBETA, "dbeta = np.sum(output_gradient, axis=0, keepdims=True)")),
    backward("all|one number|feature", (DGAMMA, "dgamma = np.sum(output_gradient * x_hat)"), (DBETA, "dbeta = np.sum(output_gradient)")),
    backward("feature|example|axis", (DGAMMA, "dgamma = np.sum(output_gradient * x_hat, axis=1)"), (DBETA, "dbeta = np.sum(output_gradient, axis=1)")),
    backward("swapped", (BACK, "return dx, dbeta, dgamma")),
    backward("order|first", (BACK, "return dgamma, dbeta, dx")),
    # slips in the long way
    backward("½|half", (DVAR, "dvar = np.sum(dx_hat * (inputs - mean) * -1 * (var + epsilon) ** -1.5, axis=0)")),
    backward("2|half|½", (DX, "dx = dx_hat / std + dvar * (inputs - mean) / n + dmean / n")),
    backward("sign|plus", (DVAR, "dvar = np.sum(dx_hat * (inputs - mean) * 0.5 * (var + epsilon) ** -1.5, axis=0)")),
    backward("sign|plus", (DMEAN, "dmean = np.sum(dx_hat / std, axis=0)")),
    backward("sign|plus", (DX, "dx = (dx_hat + dx_hat.mean(axis=0) + x_hat * np.mean(dx_hat * x_hat, axis=0)) / std")),
    backward("power|exponent|3/2|variance", (DVAR, "dvar = np.sum(dx_hat * (inputs - mean) * -0.5 * (var + epsilon) ** -0.5, axis=0)")),
    backward("power|exponent|3/2|variance", (DVAR, "dvar = np.sum(dx_hat * (inputs - mean) * -0.5 / (var + epsilon), axis=0)")),
    backward("n|divide|mean", (DX, "dx = dx_hat / std + dvar * 2 * (inputs - mean) + dmean")),
    backward("n|divide|mean", (DX, "dx = (dx_hat - dx_hat.sum(axis=0) - x_hat * np.sum(dx_hat * x_hat, axis=0)) / std")),
    backward("n|divide|mean", (DX, "dx = dx_hat / std + dvar * 2 * (inputs - mean) / n + dmean")),
    backward("n|divide|mean", (DX, "dx = dx_hat / std + dvar * 2 * (inputs - mean) + dmean / n")),
    backward("n|twice|divide", (DX, SHORT + " / n")),
    backward("n|divided|times", (DX, "dx = gamma / std * (n * output_gradient - dbeta - x_hat * dgamma)")),
    backward("n − 1", (VAR, "var = inputs.var(axis=0, ddof=1)\n")),
    backward("n − 1", (DX, "dx = dx_hat / std + dvar * 2 * (inputs - mean) / (n - 1) + dmean / n")),
    backward("sum|batch", (DVAR, "dvar = dx_hat * (inputs - mean) * -0.5 * (var + epsilon) ** -1.5"), (DMEAN, "dmean = -dx_hat / std")),
    backward("root|variance", ("std = np.sqrt(var + epsilon)", "std = var + epsilon")),
    backward("root|variance|divide", (DX, "dx = (dx_hat - dx_hat.mean(axis=0) - x_hat * np.mean(dx_hat * x_hat, axis=0)) / (var + epsilon)")),
    backward("divide|deviation", (DX, "dx = dx_hat - dx_hat.mean(axis=0) - x_hat * np.mean(dx_hat * x_hat, axis=0)")),
    backward("normalized|inputs", (DX, "dx = (dx_hat - dx_hat.mean(axis=0) - inputs * np.mean(dx_hat * inputs, axis=0)) / std")),
    backward("x − μ", (DX, "dx = (dx_hat - dx_hat.mean(axis=0) - (inputs - mean) * np.mean(dx_hat * (inputs - mean), axis=0)) / std")),
    backward("ε", ("std = np.sqrt(var + epsilon)", "std = np.sqrt(var)"), (DX, SHORT)),
    backward("ε", ("std = np.sqrt(var + epsilon)", "std = np.sqrt(var) + epsilon"), (DX, SHORT)),
    backward("ε", ("(var + epsilon) ** -1.5", "var ** -1.5")),
    backward("ε", ("epsilon=1e-3", "epsilon=1e-5")),
    backward("ε", ("std = np.sqrt(var + epsilon)", "std = np.sqrt(var + 1e-8)"), (DX, SHORT)),
    backward("axis|example|feature", ("mean = inputs.mean(axis=0)", "mean = inputs.mean(axis=1, keepdims=True)"), ("inputs.var(axis=0)", "inputs.var(axis=1, keepdims=True)")),
    backward("all|whole", (DX, "dx = (dx_hat - dx_hat.mean() - x_hat * np.mean(dx_hat * x_hat)) / std")),
    backward("all|whole", ("inputs.mean(axis=0)", "inputs.mean()"), ("inputs.var(axis=0)", "inputs.var()")),
    backward("axis|example", (DX, "dx = (dx_hat - dx_hat.mean(axis=1, keepdims=True) - x_hat * np.mean(dx_hat * x_hat, axis=1, keepdims=True)) / std")),
    # what comes back
    backward("one|three|3", (BACK, "return dx")),
    backward("one|three|3|2", (BACK, "return dgamma, dbeta")),
    backward("dict", (BACK, "return {'dx': dx, 'dgamma': dgamma, 'dbeta': dbeta}")),
    backward("sign", (BACK, "return -dx, -dgamma, -dbeta")),
    backward("outputs|forward|way forth", (BACK, "return gamma * x_hat, dgamma, dbeta")),
]  # fmt: skip

CASES = [*FORWARD_CASES, *BACKWARD_CASES]
