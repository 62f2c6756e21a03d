"""Scales, zero points and integers, as people write them."""

from tests.exercises.banks import BUGGY, RIGHT, cases_of, written

# --- scale_and_zero_point

SPREAD = """
def scale_and_zero_point(low, high):
    low, high = min(low, 0), max(high, 0)
    if low == high:
        return 1.0, 0
    scale = (high - low) / 255
    zero_point = round(-128 - low / scale)
    return scale, zero_point
"""
spread = cases_of("scale_and_zero_point", SPREAD)
SCALE, ZERO = "scale = (high - low) / 255", "round(-128 - low / scale)"
WIDENED, EQUAL = "    low, high = min(low, 0), max(high, 0)\n", "    if low == high:\n        return 1.0, 0\n"
SPREAD_CASES = [
    spread(RIGHT, name="as said"),
    spread(RIGHT, (ZERO, "int(np.round(127 - high / scale))")),
    spread(RIGHT, (ZERO, "np.clip(np.rint(-128 - low / scale), -128, 127).astype(int)")),
    spread(RIGHT, (ZERO, "int(round(-low * 255 / (high - low))) - 128")),
    spread(RIGHT, (ZERO, "float(np.round(-128 - low / scale))"), name="a float zero point"),
    spread("hold 0|hold it|contain|without 0", (WIDENED, "")),
    spread(
        "hold 0|hold it|contain|0 lies",
        (WIDENED, ""),
        (ZERO, "max(-128, min(127, round(-128 - low / scale)))"),
        name="clamped zero point",
    ),
    spread("divid|zero|equal|0 alone", (EQUAL, "")),
    spread("255|256", (SCALE, "scale = (high - low) / 256")),
    spread("255|254", (SCALE, "scale = (high - low) / 254")),
    spread("symmetric|largest magnitude|zero point", (SCALE, "scale = max(-low, high) / 127"), (ZERO, "0")),
    spread("round|whole", (ZERO, "-128 - low / scale")),
    spread("round|cut", (ZERO, "int(-128 - low / scale)")),
    spread("unsigned|0 to 255|−128", (ZERO, "round(-low / scale)")),
    spread("sign", (ZERO, "round(-128 + low / scale)")),
    spread("sign", (ZERO, "round(128 + low / scale)")),
    spread("128|begin", (ZERO, "round(-127 - low / scale)")),
    spread("scale|divid", (ZERO, "round(-128 - low)")),
    spread("scale|real|unit|number", (ZERO, "low")),
    spread("order|swap", ("return scale, zero_point", "return zero_point, scale")),
    spread("pair|one|two", ("return scale, zero_point", "return scale")),
    spread("inverse|turned|reciprocal", (SCALE, "scale = 255 / (high - low)"), (ZERO, "round(-128 - low * scale)")),
    spread("middle|half", (ZERO, "round(-(low + high) / 2 / scale)")),
    spread("multipl|divid", (ZERO, "round(-128 - low * scale)")),
    spread("high", (ZERO, "round(127 - low / scale)")),
    spread("0|lower", (WIDENED, "    low = min(low, 0)\n")),
    spread("0|upper|high", (WIDENED, "    high = max(high, 0)\n")),
]

# --- quantize

BUG = """
def quantize(x, scale, zero_point):
    q = np.clip(np.round(x / scale), -128, 127).astype(np.int8)
    return q + np.int8(zero_point)
"""
bug = cases_of("quantize", BUG)
CLIP, RETURNED = "np.clip(np.round(x / scale), -128, 127).astype(np.int8)", "q + np.int8(zero_point)"
LAST = "np.clip(q, -128, 127).astype(np.int8)"


def quantized(told, first, then):
    return bug(told, (CLIP, first), (RETURNED, then))


QUANTIZE_CASES = [
    quantized(RIGHT, "np.round(x / scale) + zero_point", LAST),
    quantized(RIGHT, "np.rint(x / scale + zero_point)", "np.minimum(np.maximum(q, -128), 127).astype('int8')"),
    quantized(RIGHT, "np.round(x / scale)", "np.clip(q + zero_point, -128, 127).astype(np.int8)"),
    quantized(
        RIGHT, "np.clip(np.round(x / scale), -128 - zero_point, 127 - zero_point)", "(q + zero_point).astype(np.int8)"
    ),
    bug(BUGGY, name="unchanged"),
    quantized("wrap|no longer|clamped", "np.round(x / scale)", "(q + zero_point).astype(np.int8)"),
    quantized("before", "np.clip(np.round(x / scale), -128, 127)", "q + zero_point"),
    quantized("zero point", "np.clip(np.round(x / scale), -128, 127)", "q.astype(np.int8)"),
    quantized(
        "before|too", "np.clip(np.round(x / scale), -128, 127)", "np.clip(q + zero_point, -128, 127).astype(np.int8)"
    ),
    quantized("subtract", "np.round(x / scale) - zero_point", LAST),
    quantized("multipl", "np.round(x * scale) + zero_point", LAST),
    quantized("cut off", "x / scale + zero_point", LAST),
    quantized("down", "np.floor(x / scale) + zero_point", LAST),
    quantized("floats|kind", "np.round(x / scale) + zero_point", "np.clip(q, -128, 127)"),
    quantized("255|unsigned", "np.round(x / scale) + zero_point", "np.clip(q, 0, 255).astype(np.uint8)"),
    quantized("−127", "np.round(x / scale) + zero_point", "np.clip(q, -127, 127).astype(np.int8)"),
    quantized(
        "before the zero point|first",
        "np.round(x / scale).astype(np.int8)",
        "np.clip(q.astype(int) + zero_point, -128, 127).astype(np.int8)",
    ),
    quantized("added to x|before", "np.round((x + zero_point) / scale)", LAST),
    quantized("real numbers", "np.clip(np.round(x / scale) + zero_point, -128, 127)", "scale * (q - zero_point)"),
    quantized("128", "np.round(x / scale) + zero_point", "np.clip(q, -128, 128).astype(np.int8)"),
    quantized("more than a byte", "np.round(x / scale).astype(int) + zero_point", "np.clip(q, -128, 127)"),
    quantized("round", "np.ceil(x / scale) + zero_point", LAST),
]

# --- integer_product

PRODUCT = """
def integer_product(inputs, input_zero_point, kernel, kernel_zero_point=0):
    a = inputs.astype(np.int32) - input_zero_point
    b = kernel.astype(np.int32) - kernel_zero_point
    return a @ b
"""
WRITTEN_OUT = """
def integer_product(inputs, input_zero_point, kernel, kernel_zero_point=0):
    inputs, kernel = inputs.astype(np.int32), kernel.astype(np.int32)
    n = kernel.shape[0]
    total = inputs @ kernel
    total = total - kernel_zero_point * inputs.sum(axis=1, keepdims=True)
    total = total - input_zero_point * kernel.sum(axis=0)
    return (total + n * input_zero_point * kernel_zero_point).astype(np.int32)
"""
LOOP = """
def integer_product(inputs, input_zero_point, kernel, kernel_zero_point=0):
    out = np.zeros((inputs.shape[0], kernel.shape[1]), dtype=np.int32)
    for i in range(inputs.shape[0]):
        for j in range(kernel.shape[1]):
            for k in range(inputs.shape[1]):
                out[i, j] += (int(inputs[i, k]) - input_zero_point) * (int(kernel[k, j]) - kernel_zero_point)
    return out
"""
product = cases_of("integer_product", PRODUCT)
written_out = cases_of("integer_product", WRITTEN_OUT)
PRODUCT_CASES = [
    product(RIGHT, name="differences"),
    product(RIGHT, source=WRITTEN_OUT, name="written out"),
    product(RIGHT, source=LOOP, name="a loop"),
    product(RIGHT, ("return a @ b", "return np.einsum('ij,jk->ik', a, b)")),
    product(
        "int8|wrap|hold",
        name="all in int8",
        source="""
def integer_product(inputs, input_zero_point, kernel, kernel_zero_point=0):
    return (inputs - np.int8(input_zero_point)) @ (kernel - np.int8(kernel_zero_point))
""",
    ),
    product(
        "int8|wrap|hold|zero point",
        name="int8 and no zero points",
        source="""
def integer_product(inputs, input_zero_point, kernel, kernel_zero_point=0):
    return inputs @ kernel
""",
    ),
    product(
        "int8|wrap|difference",
        ("inputs.astype(np.int32) - input_zero_point", "(inputs - np.int8(input_zero_point)).astype(np.int32)"),
        ("kernel.astype(np.int32) - kernel_zero_point", "(kernel - np.int8(kernel_zero_point)).astype(np.int32)"),
    ),
    product(
        "int16|wrap|hold",
        ("inputs.astype(np.int32)", "inputs.astype(np.int16)"),
        ("kernel.astype(np.int32)", "kernel.astype(np.int16)"),
    ),
    product("zero point", (" - input_zero_point", ""), (" - kernel_zero_point", "")),
    product("kernel", (" - kernel_zero_point", "")),
    product("input", (" - input_zero_point", "")),
    product(
        "sign|add", (" - input_zero_point", " + input_zero_point"), (" - kernel_zero_point", " + kernel_zero_point")
    ),
    product(
        "swap|other",
        (" - input_zero_point", " - kernel_zero_point"),
        ("kernel.astype(np.int32) - kernel_zero_point", "kernel.astype(np.int32) - input_zero_point"),
    ),
    written_out("n z|last|n ·|product of the zero", ("total + n * input_zero_point * kernel_zero_point", "total")),
    written_out(
        "n z|count|n ·|once|times", ("n * input_zero_point * kernel_zero_point", "input_zero_point * kernel_zero_point")
    ),
    written_out("sign|added|subtract", ("total + n *", "total - n *")),
    written_out(
        "zero point|sum|other",
        ("kernel_zero_point * inputs.sum", "input_zero_point * inputs.sum"),
        ("input_zero_point * kernel.sum", "kernel_zero_point * kernel.sum"),
    ),
    product("float|int32|whole", ("np.int32", "float"), name="in floats"),
    product("clip|int8|clamp", ("return a @ b", "return np.clip(a @ b, -128, 127).astype(np.int8)")),
    product("elementwise|product of matrices|@|raises|shape|broadcast", ("a @ b", "a * b")),
    product("zero point", ("return a @ b", "return a @ b + input_zero_point")),
    product(
        "once|twice|product|after",
        name="zero points off the sum",
        source="""
def integer_product(inputs, input_zero_point, kernel, kernel_zero_point=0):
    return inputs.astype(np.int32) @ kernel.astype(np.int32) - input_zero_point * kernel_zero_point
""",
    ),
    product("transpos|shape|swapped", ("return a @ b", "return (a @ b).T")),
]

# --- lost_column


def column(told, given, name):
    return written("lost_column", f"def lost_column():\n    return {given}\n", told, name=name)


COLUMN_CASES = [
    column(RIGHT, "np.array([[0.001, 10.0], [-0.002, -20.0]])", "1 against 10,000"),
    column(RIGHT, "[[100.0, 0.1], [90.0, 0.2], [80.0, 0.3]]", "a list, three rows"),
    column(RIGHT, "np.array([[0.001, 10.0, 5.0], [0.002, -20.0, 1.0]])", "three columns"),
    column("one scale|lost|stays|not all", "np.array([[0.1, 1.0], [0.2, 2.0]])", "too near"),
    column("zero|0 already|is 0", "np.array([[0.0, 1.0], [0.0, 2.0]])", "zeros"),
    column("one scale|stays|not all|lost", "np.array([[1.0, 1.0], [1.0, 1.0]])", "ones"),
    column("of its own|own scale|each|1 %", "np.array([[1e-6, 10.0], [0.001, 20.0]])", "a column with a small one"),
    column("row|column", "np.array([[0.001, 0.002], [10.0, 20.0]])", "a row is lost"),
    column("finite|inf", "np.array([[1.0, np.inf], [1.0, 1.0]])", "infinite"),
    column("matrix|two axes|shape", "np.array([0.001, 10.0])", "a vector"),
    column(
        "large|4|more than",
        "np.concatenate([np.full((100, 1), 0.001), np.full((100, 1), 9.0)], axis=1)",
        "a hundred rows",
    ),
    column("matrix|numbers|rows", "0.001", "one number"),
    column("one column|two columns|columns", "np.array([[0.001], [20.0]])", "one column"),
]

CASES = (*SPREAD_CASES, *QUANTIZE_CASES, *PRODUCT_CASES, *COLUMN_CASES)
