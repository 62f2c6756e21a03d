"""Special methods, special attributes and changing methods: which of the learner's a test may have, and how."""

ARITHMETIC = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "or",
              "xor")  # fmt: skip
COMPARISONS = ("lt", "le", "eq", "ne", "gt", "ge")
# Only ever forwarded where the teacher's own class defines them.
_WAYS = [way + name for name in (*ARITHMETIC, "divmod") for way in ("", "r", "i")]
OPERATORS = frozenset(f"__{name}__" for name in (*COMPARISONS, *_WAYS, "contains", "hash"))
# Results like those of any method; on an object with a plain value they are computed on the value.
READING = frozenset(
    f"__{name}__"
    for name in ("len", "getitem", "iter", "reversed", "bool", "str", "repr", "format", "bytes", "int", "float",
                 "complex", "index", "round", "trunc", "floor", "ceil", "neg", "pos", "abs", "invert")
)  # fmt: skip
ACTING = frozenset(
    f"__{name}__"
    for name in ("call", "setitem", "delitem", "next", "enter", "exit", "await", "aiter", "anext", "aenter", "aexit")
)
# After these an object may have another plain value.
CHANGING_SPECIALS = ACTING | {f"__i{name}__" for name in ARITHMETIC}
# Special attributes that are asked for like others.
ATTRIBUTES = frozenset(
    f"__{name}__"
    for name in ("name", "qualname", "annotations", "self", "func", "wrapped", "members", "match_args", "notes", "init",
                 "dataclass_fields", "dataclass_params", "closure", "defaults", "slots", "abstractmethods", "len",
                 "iter", "eq", "repr", "str", "call", "add", "getitem")
)  # fmt: skip
TEXTS = frozenset({"__str__", "__repr__", "__format__", "__bytes__"})
# Methods of plain values that change them: these are asked for, since the value here is a copy.
CHANGING = frozenset(
    ("append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update", "add", "discard", "popitem",
     "setdefault", "fill", "resize", "put", "partition", "setflags", "setfield", "byteswap", "difference_update",
     "intersection_update", "symmetric_difference_update")
)  # fmt: skip
