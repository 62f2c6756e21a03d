"""A kernel that slides along a signal, and how many places it has, as people write it."""

from tests.exercises.banks import RIGHT, written

LOOP = """
def correlate_1d(signal, kernel, stride=1, padding=0):
    padded = np.pad(signal, padding)
    n = (len(padded) - len(kernel)) // stride + 1
    out = np.zeros(n)
    for i in range(n):
        out[i] = np.sum(padded[i * stride : i * stride + len(kernel)] * kernel)
    return out
"""
VIEWS = """
def correlate_1d(signal, kernel, stride=1, padding=0):
    padded = np.concatenate([np.zeros(padding), signal, np.zeros(padding)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(kernel))
    return windows[::stride] @ kernel
"""
LIST = """
def correlate_1d(signal, kernel, stride=1, padding=0):
    signal = [0] * padding + list(signal) + [0] * padding
    result = []
    for start in range(0, len(signal) - len(kernel) + 1, stride):
        total = 0
        for a in range(len(kernel)):
            total += signal[start + a] * kernel[a]
        result.append(total)
    return result
"""


def loop(told, *changes, name=""):
    return written("correlate_1d", LOOP, told, *changes, name=name)


def views(told, *changes, name=""):
    return written("correlate_1d", VIEWS, told, *changes, name=name)


def listed(told, *changes, name=""):
    return written("correlate_1d", LIST, told, *changes, name=name)


WINDOW = "padded[i * stride : i * stride + len(kernel)]"
COUNT = "n = (len(padded) - len(kernel)) // stride + 1"
CORRELATE_CASES = [
    loop(RIGHT, name="a loop over the places"),
    views(RIGHT, name="strided views"),
    listed(RIGHT, name="plain lists"),
    loop(
        RIGHT,
        (
            "np.pad(signal, padding)",
            "np.zeros(len(signal) + 2 * padding)\n    padded[padding : padding + len(signal)] = signal",
        ),
    ),
    loop(RIGHT, ("out[i] = np.sum(" + WINDOW + " * kernel)", "out[i] = np.dot(" + WINDOW + ", kernel)")),
    views(RIGHT, ("return windows[::stride] @ kernel", "return np.correlate(padded, kernel, 'valid')[::stride]")),
    views(RIGHT, ("return windows[::stride] @ kernel", "return np.convolve(padded, kernel[::-1], 'valid')[::stride]")),
    views(
        "turned|revers|flip|backward",
        ("return windows[::stride] @ kernel", "return np.convolve(padded, kernel, 'valid')[::stride]"),
    ),
    loop("turned|revers|flip|backward", ("* kernel)", "* kernel[::-1])")),
    loop("i · stride|stride", (WINDOW, "padded[i : i + len(kernel)]")),
    loop("stride", ("// stride + 1", "+ 1"), (WINDOW, "padded[i : i + len(kernel)]"), name="the stride is not used"),
    loop("last|one too few|\\+ 1|one more", ("// stride + 1", "// stride"), name="one place too few"),
    loop("last|beyond|too many|rounded|ceil|left", ("// stride + 1", "// stride + 2"), name="one place too many"),
    loop("whole|float|//", ("//", "/"), name="a float in range"),
    loop("one end|front|behind|both|two ends|after", ("np.pad(signal, padding)", "np.pad(signal, (padding, 0))")),
    loop("one end|front|behind|both|two ends|before", ("np.pad(signal, padding)", "np.pad(signal, (0, padding))")),
    loop("padding", ("np.pad(signal, padding)", "signal"), name="no padding"),
    loop("zeros|edge|repeat|0", ("np.pad(signal, padding)", "np.pad(signal, padding, mode='edge')")),
    loop("zeros|mirror|reflect|0", ("np.pad(signal, padding)", "np.pad(signal, padding, mode='reflect')")),
    loop("zeros|around|wrap|circle|0", ("np.pad(signal, padding)", "np.pad(signal, padding, mode='wrap')")),
    loop("mean|sum", ("np.sum(", "np.mean(")),
    loop("kernel|multipl", (" * kernel)", ")"), name="no kernel"),
    views("kernel|sum", ("return windows[::stride] @ kernel", "return windows[::stride] * kernel")),
    views(
        "full|padding|valid|ends",
        ("return windows[::stride] @ kernel", "return np.correlate(signal, kernel, 'full')[::stride]"),
    ),
    views(
        "same|padding|as long",
        ("return windows[::stride] @ kernel", "return np.correlate(signal, kernel, 'same')[::stride]"),
    ),
    loop(
        "\\+ 1|first numbers|slice|last number|one too short|misses",
        (WINDOW + " * kernel", "padded[i * stride : i * stride + len(kernel) - 1] * kernel[:-1]"),
    ),
    loop(
        "len\\(signal\\)|padded|padding|count",
        (COUNT, "n = (len(signal) - len(kernel)) // stride + 1"),
        name="counts without the padding",
    ),
    loop(
        "twice|padding|count|once",
        (COUNT, "n = (len(signal) + padding - len(kernel)) // stride + 1"),
        name="counts the padding once",
    ),
    listed(
        "sum|start|total|0|reset",
        ("        total = 0\n", ""),
        ("    result = []\n", "    result, total = [], 0\n"),
        name="the total is never reset",
    ),
    listed(
        "first|return|loop|indent",
        ("        result.append(total)\n    return result", "        result.append(total)\n        return result"),
        name="return in the loop",
    ),
    listed("stride|i · stride", ("+ 1, stride)", "+ 1)"), name="steps of 1"),
    listed("overwrit|last|sum|\\+=", ("total += ", "total = ")),
    listed("last|one too few|\\+ 1|one more", (" + 1, stride)", ", stride)"), name="range without + 1"),
    loop("square|kernel", ("* kernel)", "* kernel ** 2)")),
    loop("largest|sum|max", ("np.sum(", "np.max(")),
    loop("difference|multipl|minus|product", ("* kernel)", "- kernel)")),
]

SIZE = """
def output_size(size, kernel, stride=1, padding=0):
    if (size + 2 * padding - kernel) % stride != 0 or kernel > size + 2 * padding:
        return None
    return (size + 2 * padding - kernel) // stride + 1
"""


def size(told, *changes, name=""):
    return written("output_size", SIZE, told, *changes, name=name)


FORMULA = "(size + 2 * padding - kernel) // stride + 1"
CHECK = "    if (size + 2 * padding - kernel) % stride != 0 or kernel > size + 2 * padding:\n        return None\n"
SIZE_CASES = [
    size(RIGHT, name="the formula"),
    size(RIGHT, (FORMULA, "int((size + 2 * padding - kernel) / stride + 1)")),
    size(
        RIGHT,
        (CHECK, ""),
        (FORMULA, "(lambda r: None if r[1] or r[0] < 0 else r[0] + 1)(divmod(size + 2 * padding - kernel, stride))"),
    ),
    size(
        RIGHT,
        (CHECK, ""),
        (
            FORMULA,
            "(lambda starts: len(starts) if starts and starts[-1] + kernel == size + 2 * padding else None)"
            "(range(0, size + 2 * padding - kernel + 1, stride))",
        ),
        name="counting starts",
    ),
    size("float|whole|//", ("// stride + 1", "/ stride + 1")),
    size("come out|left|illegal|None|stride|remain", (CHECK, ""), name="no check"),
    size(
        "come out|left|illegal|None|stride|remain",
        ("(size + 2 * padding - kernel) % stride != 0 or ", ""),
        name="only the size of the kernel checked",
    ),
    size("larger|fit|negative|kernel", (" or kernel > size + 2 * padding", ""), name="only the stride checked"),
    size("twice|both|2|two ends", ("2 * padding", "padding"), name="padding once"),
    size("padding", ("2 * padding", "0"), name="padding not used"),
    size("\\+ 1|one too few|first|start", (") // stride + 1", ") // stride")),
    size(
        "\\+ 1|outside|stride|bracket|divided|before",
        ("(size + 2 * padding - kernel) // stride + 1", "(size + 2 * padding - kernel + 1) // stride"),
    ),
    size(
        "size %|size alone|remain|stride|come out",
        ("(size + 2 * padding - kernel) % stride != 0", "size % stride != 0"),
    ),
    size(
        "size %|kernel|remain|stride|come out",
        ("(size + 2 * padding - kernel) % stride != 0", "(size + 2 * padding) % stride != 0"),
    ),
    size("plus|\\+|minus|kernel|too large", (FORMULA, "(size + 2 * padding + kernel) // stride + 1")),
    size(
        "ceil|rounded up|left|illegal|stride|come out",
        (CHECK, ""),
        (FORMULA, "int(np.ceil((size + 2 * padding - kernel) / stride)) + 1"),
    ),
    size(
        "round|left|illegal|stride|come out|None",
        (CHECK, ""),
        (FORMULA, "round((size + 2 * padding - kernel) / stride) + 1"),
    ),
    size("0|None|not 0|illegal", ("return None", "return 0")),
    size("None|raise|error", ("return None", "raise ValueError('illegal stride')")),
    size("-1|−1|None|illegal", ("return None", "return -1")),
    size("same|stride|size", (FORMULA, "-(-size // stride)"), (CHECK, "")),
    size("stride", (") // stride + 1", ") + 1"), (CHECK, ""), name="stride not used"),
    size("precedence|bracket|minus", (FORMULA, "size + 2 * padding - kernel // stride + 1")),
    size("square|both|one axis|number|once", (FORMULA, "((size + 2 * padding - kernel) // stride + 1) ** 2")),
    size(
        "pair|two|one|tuple|number",
        (FORMULA, "(((size + 2 * padding - kernel) // stride + 1), ((size + 2 * padding - kernel) // stride + 1))"),
    ),
    size("return|None", ("    return (size", "    out = (size"), name="no return"),
    size("exact|just|equal|>=|fits|as large", ("kernel > size + 2 * padding", "kernel >= size + 2 * padding")),
    size("padding|padded|kernel > size|fit", ("kernel > size + 2 * padding", "kernel > size")),
]
CASES = CORRELATE_CASES + SIZE_CASES
