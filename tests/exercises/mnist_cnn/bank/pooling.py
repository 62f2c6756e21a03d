"""Max pooling and its way back, images that move, and a test of sizes, as people write them."""

from tests.exercises.banks import RIGHT, written

POOL = """
def max_pool(images, size=2, stride=2):
    n, H, W, C = images.shape
    oh, ow = (H - size) // stride + 1, (W - size) // stride + 1
    out = np.zeros((n, oh, ow, C))
    for i in range(oh):
        for j in range(ow):
            out[:, i, j] = images[:, i * stride : i * stride + size, j * stride : j * stride + size].max(axis=(1, 2))
    return out
"""
RESHAPED = """
def max_pool(images, size=2, stride=2):
    n, H, W, C = images.shape
    return images.reshape(n, H // size, size, W // size, size, C).max(axis=(2, 4))
"""
WINDOW = "i * stride : i * stride + size, j * stride : j * stride + size"


def pool(told, *changes, name=""):
    return written("max_pool", POOL, told, *changes, name=name)


POOL_CASES = [
    pool(RIGHT, name="loops"),
    pool(RIGHT, ("np.zeros((n, oh, ow, C))", "np.empty((n, oh, ow, C))")),
    written(
        "max_pool",
        """
def max_pool(images, size=2, stride=2):
    w = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))[:, ::stride, ::stride]
    return w.max(axis=(-2, -1))
""",
        RIGHT,
        name="strided views",
    ),
    written("max_pool", RESHAPED, "stride|overlap|size|reshape|divide", name="reshape"),
    pool("mean|average|largest", (".max(", ".mean(")),
    pool("smallest|largest|min", (".max(", ".min(")),
    pool("sum|largest", (".max(", ".sum(")),
    pool("channel|apart", (".max(axis=(1, 2))", ".max(axis=(1, 2, 3))[:, None]")),
    pool("batch|example|image|apart", (".max(axis=(1, 2))", ".max(axis=(0, 1, 2))")),
    pool("i · stride|stride", (WINDOW, "i : i + size, j : j + size")),
    pool("size|stride", (WINDOW, "i * size : i * size + size, j * size : j * size + size")),
    pool("size|stride|window", (WINDOW, "i * stride : i * stride + stride, j * stride : j * stride + stride")),
    pool("height|width", ("(W - size) // stride", "(H - size) // stride")),
    pool("float|whole|//|integer", ("(H - size) // stride", "(H - size) / stride")),
    pool("last|one too few|\\+ 1", ("// stride + 1", "// stride")),
    pool("stride|window|left|size", ("(H - size) // stride + 1, (W - size) // stride + 1", "H // stride, W // stride")),
    pool(
        "absolute|abs|sign|negative|largest",
        (".max(axis=(1, 2))", ".max(axis=(1, 2)) * 0 + np.abs(images[:, " + WINDOW + "]).max(axis=(1, 2))"),
        name="largest in absolute value",
    ),
    pool(
        "0|negative|zero",
        (
            "out[:, i, j] = images[:, " + WINDOW + "].max(axis=(1, 2))",
            "out[:, i, j] = np.maximum(out[:, i, j], images[:, " + WINDOW + "].max(axis=(1, 2)))",
        ),
        name="starts at 0",
    ),
    pool("one number|whole|everything|apart|window|axis", (".max(axis=(1, 2))", ".max()")),
    pool("row|one axis|column|shape|down", (".max(axis=(1, 2))", ".max(axis=1)[:, 0]")),
    pool("where|place|argmax|number|value", (".max(axis=(1, 2))", ".reshape(n, -1, C).argmax(axis=1)")),
    pool("first|return|loop", ("    return out", "        return out"), name="return in the loop"),
    pool("order|axis|axes|channels|first", ("return out", "return out.transpose(0, 3, 1, 2)")),
    pool("default|stride", ("stride=2):", "stride=1):")),
    pool("transpos|swap|rows and columns", ("out[:, i, j]", "out[:, j, i]"), ("(n, oh, ow, C)", "(n, ow, oh, C)")),
    pool(
        "smaller|one too|size|edge|\\+ 1|- 1|last",
        (WINDOW, "i * stride : i * stride + size - 1, j * stride : j * stride + size - 1"),
    ),
    pool(
        "first|corner|top left|stride|max",
        ("images[:, " + WINDOW + "].max(axis=(1, 2))", "images[:, i * stride, j * stride]"),
    ),
    pool("tuple|two|things|pair", ("return out", "return out, images")),
]

BACK = """
def max_pool_gradient(images, upstream, size=2, stride=2):
    dx = np.zeros(images.shape)
    n, oh, ow, C = upstream.shape
    for m in range(n):
        for i in range(oh):
            for j in range(ow):
                for c in range(C):
                    window = images[m, i * stride : i * stride + size, j * stride : j * stride + size, c]
                    a, b = np.unravel_index(window.argmax(), window.shape)
                    dx[m, i * stride + a, j * stride + b, c] += upstream[m, i, j, c]
    return dx
"""
MASK = """
def max_pool_gradient(images, upstream, size=2, stride=2):
    dx = np.zeros(images.shape)
    n, oh, ow, C = upstream.shape
    for i in range(oh):
        for j in range(ow):
            rows, cols = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
            window = images[:, rows, cols]
            mask = window == window.max(axis=(1, 2), keepdims=True)
            mask = mask / mask.sum(axis=(1, 2), keepdims=True)
            dx[:, rows, cols] += mask * upstream[:, i : i + 1, j : j + 1]
    return dx
"""


def back(told, *changes, name=""):
    return written("max_pool_gradient", BACK, told, *changes, name=name)


def mask(told, *changes, name=""):
    return written("max_pool_gradient", MASK, told, *changes, name=name)


SHARED = "            mask = mask / mask.sum(axis=(1, 2), keepdims=True)\n"
BACK_CASES = [
    back(RIGHT, name="argmax"),
    mask(RIGHT, name="shared out among the largest"),
    back(
        RIGHT,
        ("window.argmax(), window.shape", "window.size - 1 - window[::-1, ::-1].argmax(), window.shape"),
        name="the last of the largest",
    ),
    back("overlap|\\+=|overwrit|add", ("c] += upstream", "c] = upstream")),
    mask("overlap|\\+=|overwrit|add", ("cols] += mask", "cols] = mask")),
    mask("tied|equal|several|largest|twice|all of them", (SHARED, "")),
    mask("tied|overlap|several|two|\\+=|overwrit", (SHARED, ""), ("cols] += mask", "cols] = mask")),
    back("absolute|abs|largest|sign|negative", ("window.argmax()", "np.abs(window).argmax()")),
    back("smallest|largest", ("window.argmax()", "window.argmin()")),
    back(
        "place|window|offset|corner|i · stride|stride", ("dx[m, i * stride + a, j * stride + b, c]", "dx[m, a, b, c]")
    ),
    back("stride|place", ("dx[m, i * stride + a, j * stride + b, c]", "dx[m, i + a, j + b, c]")),
    back(
        "stride|size",
        (
            "i * stride : i * stride + size, j * stride : j * stride + size",
            "i * size : i * size + size, j * size : j * size + size",
        ),
        ("dx[m, i * stride + a, j * stride + b, c]", "dx[m, i * size + a, j * size + b, c]"),
        name="moves by its size",
    ),
    back("swap|row|column|transpos", ("i * stride + a, j * stride + b", "i * stride + b, j * stride + a")),
    back("value|number|multipl|largest|images", ("+= upstream[m, i, j, c]", "+= upstream[m, i, j, c] * window.max()")),
    back("ones|upstream|1", ("+= upstream[m, i, j, c]", "+= 1")),
    back("first example|n|batch|image", ("range(n)", "range(1)")),
    back("channel|first", ("range(C)", "range(1)")),
    back("divid|size|share|mean", ("+= upstream[m, i, j, c]", "+= upstream[m, i, j, c] / size ** 2")),
    mask(
        "equal|share|average|mean|all|every",
        (
            "            mask = window == window.max(axis=(1, 2), keepdims=True)\n" + SHARED,
            "            mask = np.full(window.shape, 1 / size ** 2)\n",
        ),
        name="shared out as by an average",
    ),
    mask(
        "every|all|window|copied",
        (
            "            mask = window == window.max(axis=(1, 2), keepdims=True)\n" + SHARED,
            "            mask = np.ones(window.shape)\n",
        ),
        name="to all of the window",
    ),
    mask("channel|apart", ("max(axis=(1, 2), keepdims=True)", "max(axis=(1, 2, 3), keepdims=True)")),
    mask(
        "batch|example|image|apart",
        ("max(axis=(1, 2), keepdims=True)", "max(axis=(0, 1, 2), keepdims=True)"),
        ("mask.sum(axis=(1, 2), keepdims=True)", "np.maximum(mask.sum(axis=(1, 2), keepdims=True), 1)"),
    ),
    mask(
        "above|positive|0|ReLU|sign",
        ("mask = window == window.max(axis=(1, 2), keepdims=True)\n" + SHARED, "mask = window > 0\n"),
    ),
    back("shape|upstream|small|pooled|images", ("return dx", "return upstream")),
    back("minus|sign", ("+= upstream", "-= upstream")),
    back("changed|images|values|zero|gradient", ("dx = np.zeros(images.shape)", "dx = images.copy()")),
    back("first|return|loop", ("    return dx", "        return dx"), name="return in the loop"),
    written(
        "max_pool_gradient",
        """
def max_pool_gradient(images, upstream, size=2, stride=2):
    return np.repeat(np.repeat(upstream, size, axis=1), size, axis=2)[:, : images.shape[1], : images.shape[2]]
""",
        "every|all|window|copied|largest",
        name="repeated",
    ),
]

SHIFT = """
def shifted_images():
    stays, moves = np.zeros((8, 8)), np.zeros((8, 8))
    stays[::2, ::2] = 1
    moves[:, 1::4] = 1
    return stays, moves
"""


def shift(told, *changes, name=""):
    return written("shifted_images", SHIFT, told, *changes, name=name)


STAYS, MOVES = "stays[::2, ::2] = 1", "moves[:, 1::4] = 1"
SHIFT_CASES = [
    shift(RIGHT, name="points and bars"),
    shift(RIGHT, (STAYS, "stays[2, [0, 2, 4, 6]] = 1")),
    shift(RIGHT, (MOVES, "moves[0:4, 3] = 1")),
    shift(RIGHT, ("return stays, moves", "return stays.tolist(), moves.astype(int).tolist()")),
    shift("swapped|order|first", ("return stays, moves", "return moves, stays")),
    shift("first.*(moves|changes)|same", (STAYS, "stays[::2, 1:7:2] = 1")),
    shift(RIGHT, (STAYS, "stays[2:6, 2:5] = 1")),
    shift("first.*(moves|changes)|same", (STAYS, "stays[2:6, 2:6] = 1")),
    shift("second.*(stays|same|kept|still)", (MOVES, "moves[:, 0::4] = 1")),
    shift("second.*(still|stays|some|both)", (MOVES, "moves[:, 1:7] = 1")),
    shift("second.*(still|stays|some|both)", (MOVES, "moves[0, [0, 3, 1, 5]] = 1")),
    shift("empty|four|fewer|at least", (STAYS, "")),
    shift("empty|four|fewer|at least", (MOVES, "moves[2, 3] = 1")),
    shift("last column|leave|edge", (MOVES, "moves[:, 7] = 1")),
    shift("last column|leave|edge", (STAYS, "stays[:] = 1")),
    shift("0 and 1|other numbers|0 or 1", (STAYS, "stays[::2, ::2] = 0.5")),
    shift("8|shape", ("stays, moves = np.zeros((8, 8))", "stays, moves = np.zeros((28, 28))")),
    shift("two|one|pair", ("return stays, moves", "return stays")),
    shift("two|pair|three", ("return stays, moves", "return stays, moves, moves")),
]

TEST = """
def sizes_are_right(keras_size):
    cases = [(28, 3, 1, "valid", 26), (28, 3, 1, "same", 28), (7, 3, 2, "valid", 3), (8, 3, 2, "valid", 3),
             (7, 2, 2, "same", 4), (28, 3, 2, "same", 14), (10, 4, 3, "valid", 3), (11, 4, 3, "valid", 3),
             (9, 4, 1, "same", 9), (10, 5, 3, "same", 4), (5, 5, 1, "valid", 1), (6, 1, 4, "same", 2)]
    return all(keras_size(s, k, t, p) == right for s, k, t, p, right in cases)
"""


def test_of(told, *changes, name=""):
    return written("sizes_are_right", TEST, told, *changes, name=name)


CASES_HEAD = TEST[TEST.index("    cases") : TEST.index("    return")]
TEST_CASES = [
    test_of(RIGHT, name="twelve cases"),
    test_of(
        RIGHT,
        (
            "return all(keras_size(s, k, t, p) == right for s, k, t, p, right in cases)",
            "for s, k, t, p, right in cases:\n        assert keras_size(s, k, t, p) == right\n    return True",
        ),
    ),
    test_of(
        "stride|slip",
        (CASES_HEAD, "    cases = [(28, 3, 1, 'valid', 26), (28, 3, 1, 'same', 28), (28, 5, 1, 'valid', 24)]\n"),
        name="stride 1 alone",
    ),
    test_of(
        "same|slip",
        (CASES_HEAD, "    cases = [(28, 3, 1, 'valid', 26), (8, 3, 2, 'valid', 3), (7, 3, 2, 'valid', 3)]\n"),
        name="valid alone",
    ),
    test_of(
        "valid|slip",
        (CASES_HEAD, "    cases = [(28, 3, 1, 'same', 28), (28, 3, 2, 'same', 14), (7, 3, 2, 'same', 4)]\n"),
        name="same alone",
    ),
    test_of(
        "come out|left|remain|slip|even",
        (
            CASES_HEAD,
            "    cases = [(28, 3, 1, 'valid', 26), (7, 3, 2, 'valid', 3), (28, 3, 2, 'same', 14), (9, 3, 3, 'valid', "
            "3)]\n",
        ),
        name="all come out even",
    ),
    test_of("refuses|right|left over", ('(8, 3, 2, "valid", 3)', '(8, 3, 2, "valid", 4)')),
    test_of("refuses|right|None|illegal", ('(8, 3, 2, "valid", 3)', '(8, 3, 2, "valid", None)')),
    test_of("refuses|right", ('(7, 2, 2, "same", 4)', '(7, 2, 2, "same", 3)')),
    test_of("refuses|right", ('(28, 3, 2, "same", 14)', '(28, 3, 2, "same", 28)')),
    test_of(
        "accepts everything|everything",
        ("return all(keras_size(s, k, t, p) == right for s, k, t, p, right in cases)", "return True"),
    ),
    test_of("positive|above 0|number|slip", ("== right", "> 0")),
    test_of("smaller|larger|slip|most|exact|number", ("== right", "<= s")),
    test_of("one|single|slip", (CASES_HEAD, "    cases = [(28, 3, 1, 'valid', 26)]\n")),
]
CASES = POOL_CASES + BACK_CASES + SHIFT_CASES + TEST_CASES
