"""Convolutions of images and their way back, as people write them: loops over places, im2col, einsum."""

from tests.exercises.banks import RIGHT, written

LOOPS = """
def convolve_2d(images, kernel, bias, stride=1, padding=0):
    n, H, W, C = images.shape
    kh, kw, _, F = kernel.shape
    x = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((n, oh, ow, F))
    for i in range(oh):
        for j in range(ow):
            window = x[:, i * stride : i * stride + kh, j * stride : j * stride + kw, :]
            for f in range(F):
                out[:, i, j, f] = np.sum(window * kernel[:, :, :, f], axis=(1, 2, 3)) + bias[f]
    return out
"""
VIEWS = """
def convolve_2d(images, kernel, bias, stride=1, padding=0):
    x = np.pad(images, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcab,abcf->nijf", windows, kernel) + bias
"""
IM2COL = """
def convolve_2d(images, kernel, bias, stride=1, padding=0):
    n, H, W, C = images.shape
    kh, kw, _, F = kernel.shape
    x = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    oh, ow = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    cols = np.array([x[:, i * stride : i * stride + kh, j * stride : j * stride + kw, :].reshape(n, -1)
                     for i in range(oh) for j in range(ow)])
    out = cols @ kernel.reshape(-1, F) + bias
    return out.reshape(oh, ow, n, F).transpose(2, 0, 1, 3)
"""


def loops(told, *changes, name=""):
    return written("convolve_2d", LOOPS, told, *changes, name=name)


def views(told, *changes, name=""):
    return written("convolve_2d", VIEWS, told, *changes, name=name)


def im2col(told, *changes, name=""):
    return written("convolve_2d", IM2COL, told, *changes, name=name)


PAD = "np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))"
SUM = "np.sum(window * kernel[:, :, :, f], axis=(1, 2, 3)) + bias[f]"
ROWS, COLUMNS = "i * stride : i * stride + kh", "j * stride : j * stride + kw"
FORWARD_CASES = [
    loops(RIGHT, name="loops"),
    views(RIGHT, name="strided views and einsum"),
    im2col(RIGHT, name="im2col"),
    views(
        RIGHT,
        ('np.einsum("nijcab,abcf->nijf", windows, kernel)', "np.tensordot(windows, kernel, ((4, 5, 3), (0, 1, 2)))"),
    ),
    loops(
        RIGHT,
        (
            PAD,
            "np.zeros((n, H + 2 * padding, W + 2 * padding, C))\n    x[:, padding : padding + H, padding : padding + "
            "W] = images",
        ),
    ),
    loops("bias|window's sum|inside", (SUM, "np.sum(window * kernel[:, :, :, f] + bias[f], axis=(1, 2, 3))")),
    loops("bias", (" + bias[f]", ""), name="no bias"),
    loops("bias|minus|subtract", ("+ bias[f]", "- bias[f]")),
    loops("bias|channel|first|all filters|filter", ("+ bias[f]", "+ bias[0]")),
    loops("bias|sum|all", ("+ bias[f]", "+ bias.sum()")),
    loops("turned|flip|mirror", ("kernel[:, :, :, f]", "kernel[::-1, ::-1, :, f]")),
    loops("i · stride|stride", (ROWS, "i : i + kh"), (COLUMNS, "j : j + kw")),
    loops("stride|rows|down", (ROWS, "i : i + kh"), name="stride only to the right"),
    loops("stride|column|right", (COLUMNS, "j : j + kw"), name="stride only down"),
    loops("height|width", ("ow = (W + 2 * padding - kw)", "ow = (H + 2 * padding - kw)"), name="width from height"),
    loops(
        "height|width|square|kernel",
        ("ow = (W + 2 * padding - kw)", "ow = (W + 2 * padding - kh)"),
        (COLUMNS, "j * stride : j * stride + kh"),
        name="kernel taken for a square",
    ),
    loops(
        "float|whole|//|integer",
        ("oh = (H + 2 * padding - kh) // stride + 1", "oh = (H + 2 * padding - kh) / stride + 1"),
    ),
    loops(
        "padding|once|two|both",
        ("H + 2 * padding", "H + padding"),
        ("W + 2 * padding", "W + padding"),
        name="padding counted once",
    ),
    loops("padding", (PAD, "images"), ("2 * padding", "0"), name="no padding"),
    loops(
        "padding|rows|height|down",
        (PAD, "np.pad(images, ((0, 0), (padding, padding), (0, 0), (0, 0)))"),
        ("W + 2 * padding", "W"),
        name="padded above and below only",
    ),
    loops(
        "padding|left|top|one side|both",
        (PAD, "np.pad(images, ((0, 0), (padding, 0), (padding, 0), (0, 0)))"),
        ("2 * padding", "padding"),
        name="padded on one side",
    ),
    loops("channel|pad|every axis|batch", (PAD, "np.pad(images, padding)"), name="padded along every axis"),
    loops(
        "channel|pad",
        (PAD, "np.pad(images, ((0, 0), (padding, padding), (padding, padding), (padding, padding)))"),
        name="channels padded",
    ),
    loops("edge|zeros|0", (PAD, PAD[:-1] + ", mode='edge')")),
    loops("mirror|reflect|zeros|0", (PAD, PAD[:-1] + ", mode='reflect')")),
    loops("mean|sum", ("np.sum(window", "np.mean(window")),
    loops(
        "channel", ("window * kernel[:, :, :, f]", "window[..., :1] * kernel[:, :, :1, f]"), name="first channel only"
    ),
    loops("batch|example|image|axis", (", axis=(1, 2, 3))", ")"), name="sum over the batch"),
    loops(
        "channel|mean",
        (
            "np.sum(window * kernel[:, :, :, f], axis=(1, 2, 3))",
            "np.sum(window * kernel[:, :, :, f], axis=(1, 2, 3)) / C",
        ),
    ),
    loops("last|one too few|\\+ 1", ("// stride + 1", "// stride"), name="one place too few"),
    loops("first|return|loop", ("    return out", "        return out"), name="return in the loop"),
    loops(
        "overwrit|last|channel|\\+=",
        (
            SUM,
            "0\n                for c in range(C):\n                    out[:, i, j, f] = np.sum(window[..., c] * "
            "kernel[:, :, c, f], axis=(1, 2)) + bias[f]",
        ),
        name="channels overwrite each other",
    ),
    loops(
        "bias|channel|each|once",
        (
            SUM,
            "0\n                for c in range(C):\n                    out[:, i, j, f] += np.sum(window[..., c] * "
            "kernel[:, :, c, f], axis=(1, 2)) + bias[f]",
        ),
        name="bias once a channel",
    ),
    loops("ReLU|activation|negative", ("return out", "return np.maximum(out, 0)")),
    loops(
        "first|channels|order|axis|axes|shape|moved",
        ("return out", "return out.transpose(0, 3, 1, 2)"),
        name="channels first",
    ),
    loops(
        "transpos|swapped|rows and columns",
        ("out[:, i, j, f] =", "out[:, j, i, f] ="),
        ("(n, oh, ow, F)", "(n, ow, oh, F)"),
        name="places transposed",
    ),
    views("kernel|transpos|swap|rows|column|square", ("nijcab,abcf", "nijcba,abcf"), name="window transposed"),
    im2col(
        "order|channel|reshape|row",
        (".reshape(oh, ow, n, F).transpose(2, 0, 1, 3)", ".reshape(n, oh, ow, F)"),
        name="reshaped in another order",
    ),
    im2col("order|reshape|kernel|row", ("kernel.reshape(-1, F)", "kernel.reshape(F, -1).T")),
    im2col(
        "order|channel|reshape|transpos|kernel",
        ("kernel.reshape(-1, F)", "kernel.transpose(2, 0, 1, 3).reshape(-1, F)"),
    ),
    views("stride", ("[:, ::stride, ::stride]", ""), name="stride not used"),
    views("stride", ("[:, ::stride, ::stride]", "[::stride, ::stride]"), name="stride along the batch"),
    loops(
        "depth|channel|sum|apart|each",
        ("out = np.zeros((n, oh, ow, F))", "out = np.zeros((n, oh, ow, F))\n    images = x"),
        ("window * kernel[:, :, :, f]", "window.sum(axis=3, keepdims=True) * kernel[:, :, :1, f]"),
        name="one map for all channels",
    ),
]

BACK = """
def convolution_gradients(images, kernel, upstream, stride=1, padding=0):
    n, H, W, C = images.shape
    kh, kw, _, F = kernel.shape
    x = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    dk, db, dx = np.zeros(kernel.shape), np.zeros(F), np.zeros(x.shape)
    _, oh, ow, _ = upstream.shape
    for i in range(oh):
        for j in range(ow):
            rows, cols = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
            for f in range(F):
                u = upstream[:, i, j, f]
                dk[..., f] += np.sum(x[:, rows, cols] * u[:, None, None, None], axis=0)
                db[f] += np.sum(u)
                dx[:, rows, cols] += kernel[..., f] * u[:, None, None, None]
    return dk, db, dx[:, padding : padding + H, padding : padding + W]
"""
EINSUM = """
def convolution_gradients(images, kernel, upstream, stride=1, padding=0):
    kh, kw = kernel.shape[:2]
    x = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    dk = np.einsum("nijcab,nijf->abcf", windows, upstream)
    db = upstream.sum(axis=(0, 1, 2))
    dx = np.zeros_like(x)
    oh, ow = upstream.shape[1:3]
    for a in range(kh):
        for b in range(kw):
            dx[:, a : a + oh * stride : stride, b : b + ow * stride : stride] += upstream @ kernel[a, b].T
    return dk, db, dx[:, padding : x.shape[1] - padding, padding : x.shape[2] - padding]
"""


def back(told, *changes, name=""):
    return written("convolution_gradients", BACK, told, *changes, name=name)


def einsum(told, *changes, name=""):
    return written("convolution_gradients", EINSUM, told, *changes, name=name)


CROP = "dx[:, padding : padding + H, padding : padding + W]"
DK, DB = "dk[..., f] += ", "db[f] += np.sum(u)"
DX = "dx[:, rows, cols] += kernel[..., f] * u[:, None, None, None]"
SLICES = "slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)"
BACKWARD_CASES = [
    back(RIGHT, name="loops"),
    einsum(RIGHT, name="einsum and strided adding"),
    back(RIGHT, ("return dk, db, " + CROP, "return [dk, db, " + CROP + "]")),
    back("pad at 0|empty|padding|cut|crop", (CROP, "dx[:, padding:-padding, padding:-padding]")),
    back("padding|cut|crop|shape", (CROP, "dx"), name="padding left on"),
    back("padding|cut|crop|top|place", (CROP, "dx[:, :H, :W]"), name="cut at the wrong end"),
    back("overlap|\\+=|overwrit|add", (DX, DX.replace("+=", "="))),
    back("overwrit|\\+=|last|add", (DK, "dk[..., f] = ")),
    back("overwrit|\\+=|last|add", (DB, "db[f] = np.sum(u)")),
    back("mean", (DB, "db[f] += np.mean(u)")),
    back("batch|divided|n", ("return dk, db", "return dk / n, db / n")),
    back("batch|divided|n", ("return dk, db", "return dk / n, db")),
    back("batch|divided|n", ("return dk, db, " + CROP, "return dk / n, db / n, " + CROP + " / n")),
    back("divided|place|mean", ("return dk, db", "return dk / (oh * ow), db / (oh * ow)")),
    back("turned|flip", (DX, DX.replace("kernel[..., f]", "kernel[::-1, ::-1, :, f]"))),
    back("stride", (SLICES, "slice(i, i + kh), slice(j, j + kw)")),
    back(
        "padding|padded|pad",
        ("x[:, rows, cols] *", "images[:, rows, cols] *"),
        name="the images without padding for dk",
    ),
    back("first example|batch|sum", ("axis=0)", "axis=0) * 0 + x[0, rows, cols] * u[0]")),
    back("order", ("return dk, db, " + CROP, "return " + CROP + ", dk, db")),
    back("order", ("return dk, db, " + CROP, "return db, dk, " + CROP)),
    back("two|missing|three", ("return dk, db, " + CROP, "return dk, db")),
    back("four|three|things", ("return dk, db, " + CROP, "return dk, db, " + CROP + ", None")),
    back("shape|bias|axis|\\(1", ("return dk, db", "return dk, db.reshape(1, -1)")),
    back("shape|bias|axis|\\(1", ("return dk, db", "return dk, db.reshape(1, 1, 1, -1)")),
    back("minus|turned|sign", ("return dk, db, dx", "return -dk, -db, -dx")),
    back("upstream|ones", ("u = upstream[:, i, j, f]", "u = np.ones(n)")),
    back("kernel|images|x", (DX, DX.replace("kernel[..., f]", "x[:, rows, cols]"))),
    back("bias|one number|filter", (DB, "db += np.sum(u)")),
    back("bias|example|batch|places|one", (DB, "db[f] += u[0]")),
    back("bias|number of|window|kh|places|size", (DB, "db[f] += np.sum(u) * kh * kw")),
    einsum("mean|bias", ("upstream.sum(axis=(0, 1, 2))", "upstream.mean(axis=(0, 1, 2))")),
    einsum("bias|place|sum|shape|axis", ("upstream.sum(axis=(0, 1, 2))", "upstream.sum(axis=0)")),
    einsum("bias|batch|sum|shape|axis", ("upstream.sum(axis=(0, 1, 2))", "upstream.sum(axis=(1, 2))")),
    einsum("overlap|\\+=|overwrit|add", (" += upstream @", " = upstream @")),
    einsum("kernel|transpos|axes|shape|channels|order", ('"nijcab,nijf->abcf"', '"nijcab,nijf->fcab"')),
    einsum("kernel|transpos|axes|rows|swap", ('"nijcab,nijf->abcf"', '"nijcba,nijf->abcf"')),
    einsum("stride", ("[:, ::stride, ::stride]", "[:, :upstream.shape[1], :upstream.shape[2]]")),
    einsum("stride", ("a : a + oh * stride : stride, b : b + ow * stride : stride", "a : a + oh, b : b + ow")),
    einsum(
        "zero|gradient of the images|stays|never|copy",
        (" += upstream @ kernel[a, b].T", " + upstream @ kernel[a, b].T"),
        name="nothing is stored",
    ),
]

FILTER = """
def repaired_filter(image, kernel, bias):
    height, width, channels = kernel.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    outputs = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = image[i : i + height, j : j + width]
            outputs[i, j] = np.sum(window * kernel) + bias
    return outputs
"""


def repaired(told, *changes, name=""):
    return written("repaired_filter", FILTER, told, *changes, name=name)


PRODUCTS = "np.sum(window * kernel) + bias"
REPAIR_CASES = [
    repaired(RIGHT, name="behind the sum"),
    repaired(RIGHT, (PRODUCTS, "np.sum(window * kernel)"), ("return outputs", "return outputs + bias")),
    repaired(
        RIGHT,
        ("np.zeros((rows, columns))", "np.full((rows, columns), float(bias))"),
        ("= " + PRODUCTS, "+= np.sum(window * kernel)"),
    ),
    repaired(RIGHT, (PRODUCTS, "np.sum(window * kernel + bias / kernel.size)")),
    repaired("buggy|still", (PRODUCTS, "np.sum(window * kernel + bias)")),
    repaired("buggy|still", (PRODUCTS, "np.sum(window * kernel) + bias * kernel.size")),
    repaired("channel|size|divid", (PRODUCTS, "np.sum(window * kernel + bias / (height * width))")),
    repaired(
        "channel|once|each", (PRODUCTS, "sum(np.sum(window[..., c] * kernel[..., c]) + bias for c in range(channels))")
    ),
    repaired("bias", (PRODUCTS, "np.sum(window * kernel)")),
    repaired("mean|sum", (PRODUCTS, "np.mean(window * kernel + bias)")),
    repaired("mean|sum", (PRODUCTS, "np.mean(window * kernel) + bias")),
    repaired("subtract|minus|sign", (PRODUCTS, "np.sum(window * kernel) - bias")),
    repaired("multipl|product", (PRODUCTS, "np.sum(window * kernel) * bias")),
    repaired("window|image|kernel|multipl", (PRODUCTS, "np.sum((window + bias) * kernel)")),
    repaired("kernel|multipl", (PRODUCTS, "np.sum(window * (kernel + bias))")),
    repaired("row|number of|once", (PRODUCTS, "np.sum(np.sum(window * kernel, axis=(1, 2)) + bias)")),
    repaired("row|column|number of|once|width", (PRODUCTS, "np.sum(np.sum(window * kernel, axis=(0, 2)) + bias)")),
    repaired("turned|flip", (PRODUCTS, "np.sum(window * kernel[::-1, ::-1]) + bias")),
    repaired("channel|first", (PRODUCTS, "np.sum(window[..., 0] * kernel[..., 0]) + bias")),
    repaired("\\+ 1|last|few|row", (" + 1, image.shape[1]", ", image.shape[1]")),
]
CASES = FORWARD_CASES + BACKWARD_CASES + REPAIR_CASES
