"""What an exception says to somebody who meets it for the first time: what went wrong, and what to do about it."""

from __future__ import annotations

import re

from course_lib.checking.isolation import Failure

# (exception's message, line of code in which it must have arisen or "", cause, cure). The first that fits is told; what
# a group has matched may be quoted. A cause says no more than message and line prove.
NAMED = [
    (r"missing 1 required positional argument: 'self'", "",
     "A method is called on the class itself, so there is no `self`.",
     "Make an object first, `thing = Name(…)`, and call the method on that."),
    (r"(?<!<locals>)\.(\w+)\(\) takes (?:from )?\d.* positional arguments? but \d+ (?:was|were) given",
     r"def \w+\((?!\s*(?:self|cls|\*))[^)]*\)",
     "The method `{0}` has no `self`: Python passes the object itself as the first argument.",
     "Begin its parameters with `self`."),
    (r"^too many positional arguments$", "",
     "A function or method gets more arguments than it takes, such as a method without `self`.",
     "Python passes the object itself as a method's first argument: begin its parameters with `self`."),
    (r"(\w+)\(\) takes no arguments$", "",
     "The class `{0}` has no `__init__`, so it takes no arguments.",
     "Write `def __init__(self, …)`, with two underscores on each side, inside the class."),
    (r"(\w+)\(\) got an unexpected keyword argument '(\w+)'", r"def ",
     "The task's `{0}` has a parameter `{1}`; yours has none of that name.",
     "Take the parameters' names from the task."),
    (r"(\w+)\(\) (takes (?:from )?\d.* positional arguments? but \d+ (?:was|were) given)", r"def ",
     "`{0}` is called with other arguments than yours has: it {1}.", "Take the parameters from the task."),
    (r"(\w+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.+)$", r"def ",
     "`{0}` is called without {1}, which yours asks for.", "Take the parameters from the task; others need a default."),
    (r"(?:only integer scalar arrays can be converted to a scalar index|cannot be interpreted as an integer)",
     r"np\.a?(max|min)\(",
     "`np.{0}` reduces one array, and takes its second argument for an axis.",
     "The larger (smaller) of two numbers, one by one, is `np.maximum` (`np.minimum`)."),
    (r"(?:only integer scalar arrays can be converted to a scalar index|cannot be interpreted as an integer)",
     r"range\(", "`range` counts up to a whole number, and was given something else.",
     "How many items there are says `len(…)`."),
    (r"only integer scalar arrays can be converted to a scalar index", r"math\.(\w+)\(",
     "`math.{0}` takes one number, and was given an array.", "Go through the numbers one by one, and collect them."),
    (r"invalid index to scalar variable", "",
     "A single number is indexed here, as if it were an array.",
     "Print its shape: an array of one axis takes one index."),
    (r"bitwise_xor|unsupported operand type\(s\) for \^", r"\^",
     "`^` compares bits; it is no power.", "A power is written `**`."),
    (r"unsupported operand type\(s\) for (\S+): '(list|tuple)' and '\S+'|"
     r"unsupported operand type\(s\) for (\S+): '\S+' and '(list|tuple)'", "",
     "A list or tuple takes no part in arithmetic (`{0}`).",
     "Go through its items one by one, or make an array of it if they all have one shape."),
    (r"can only concatenate (list|tuple) \(not \"(\S+?)\"\)", "",
     "`+` joins a {0} to another one; it does not add to its items.",
     "Go through its items one by one, or make an array of it if they all have one shape."),
    (r"can't multiply sequence by non-int", "",
     "A list, tuple or text times a number would be a repetition; its items are not multiplied.",
     "Go through its items one by one, or make an array of it if they all have one shape."),
    (r"truth value of an array with more than one element is ambiguous", "",
     "Here one yes or no is asked of a whole array: `if`, `and`, `or`, `not`, `max` and `min` decide once.",
     "`np.where`, `np.maximum` and `&` decide for each number."),
    (r"only (?:0-dimensional|length-1|size-1) arrays can be converted to Python scalars", "",
     "Here a whole array is made one number, as `float`, `int` and the functions of `math` do.",
     "NumPy's functions (`np.exp`, `np.sqrt`, `astype`) work on each number."),
    (r"NoneType", "",
     "Something is None here that should have a value.",
     "A function without `return`, and methods such as `append` and `sort`, give None."),
    (r"local variable '(\w+)'", "",
     "`{0}` is read here before it has a value: it is assigned in this function, which makes it the function's own.",
     "Give it a value first, or another name."),
    (r"^name 'np' is not defined", "", "`np` is not known here.", "`import numpy as np` stands in an earlier cell."),
    (r"^name '(\w+)' is not defined", "", "There is no `{0}` here.",
     "Is it spelled as where it was made, and has that cell run? What a method keeps for another is `self.{0}`."),
    (r"'(ndarray|numpy\.ndarray|list|tuple|float|int|dict|str)' object has no attribute '(\w+)'", "",
     "A value of type `{0}` has no `{1}`.", "Is it the type you expect? `np.asarray` makes an array of a list."),
    (r"module '?(\S+?)'? has no attribute '(\w+)'", "",
     "There is no `{0}.{1}`.", "Old code may use names that are gone; look it up in the manual."),
    (r"'(\w+)' object has no attribute '(\w+)'", r"self\.",
     "`self.{1}` is read before anything was stored in it.", "Store its first value in `__init__`."),
    (r"operands could not be broadcast together with shapes (.+?)\s*$", "",
     "Arrays of shapes {0} meet here, and do not fit each other.",
     "Print both shapes; `keepdims=True` keeps an axis that a sum, mean or maximum would drop."),
    (r"shapes (\(.*?\)) and (\(.*?\)) not aligned", "",
     "A matrix product of shapes {0} and {1} does not exist: the inner lengths differ.",
     "Print both shapes. Is a transpose missing, or one too many?"),
    (r"matmul: .*\(size (\d+) is different from (\d+)\)", "",
     "In this matrix product the inner lengths differ: {1} and {0}.",
     "Print both shapes. Is a transpose missing, or one too many?"),
    (r"cannot reshape array of size (\d+) into shape (.+)$", "",
     "{0} numbers do not fill the shape {1}.", "−1 for one length lets NumPy count it."),
    (r"arrays used as indices must be of integer", "",
     "The indices here are floats.", "`astype(int)` makes indices of whole numbers."),
    (r"index (\d+) is out of bounds for axis (\d+) with size (\d+)", "",
     "Index {0} is asked of an axis of length {2}: the last one has the number length − 1.",
     "Take the length from the argument, not from one example."),
    (r"(list|tuple) index out of range", "",
     "An index lies behind the last item of the {0}.",
     "How many items it has says `len`; the last one has the index −1."),
    (r"(?:division|modulo) by zero", "",
     "A number is divided by 0 here.", "Which argument makes the divisor 0, and what should come out then?"),
    (r"axis (\d+) is out of bounds for array of dimension (\d+)", "",
     "Axis {0} is asked of an array that has {1}: axes are counted from 0.",
     "Axis −1 is the last one, however many there are."),
    (r"Cannot cast ufunc '\w+' output from dtype\('(\w+)'\) to dtype\('(\w+)'\)", "",
     "Numbers of type {0} would have to be stored in an array of type {1}, in place.",
     "Write the operation out (`x = x / 2` for `x /= 2`), or convert with `astype` first."),
    (r"inhomogeneous shape", "",
     "One array is made here of pieces that differ in shape.",
     "Print the shapes of the pieces. `np.array`, `np.max` and others make one array of a list of them."),
    (r"assignment destination is read-only|read-only", "",
     "This array cannot be written into.", "Make a new one: `x = x - …` for `x -= …`, or copy it first."),
    (r"'?(?:numpy\.)?(ndarray|float64|float|int|list|tuple)'? object is not callable", "",
     "A value of type `{0}` is called like a function.",
     "Is a `*` missing before the bracket, or has a function's name been used for a value?"),
    (r"'(?:method|function|builtin_function_or_method)' object is not subscriptable|"
     r"and '(?:method|function|builtin_function_or_method)'|'(?:method|function|builtin_function_or_method)' and", "",
     "A function itself is used here as if it were its result.", "Call it: its name, then `()`."),
    (r"'(?:numpy\.)?(?:float64|float|int)' object is not iterable|iteration over a 0-d array", "",
     "A single number is gone through here as if it were several.", "Was a list or an array meant?"),
    (r"Only input tensors may be passed as positional arguments", "",
     "A layer is called with what is no array, such as another layer.",
     "A layer is made by one pair of brackets and called by a second one: `layers.Dense(…)(x)`."),
    (r"Output with path .* is not connected to `inputs`", "",
     "No way leads from the model's inputs to its outputs.",
     "`keras.Model(inputs, outputs)`: inputs first, and each layer called with what the one before gave."),
    (r"Cannot convert '(\d+)' to a shape", "",
     "A shape is a tuple, and {0} is a number.", "Write `({0},)`: the comma makes a tuple of it."),
    (r"maximum recursion depth", "", "The function calls itself without end.", ""),
]  # fmt: skip


def error_in_words(failure: Failure) -> tuple[str, str]:
    """Return cause and cure of an exception that has a name here; of any other its own words, and no cure."""
    place = f" ({failure.where})" if failure.where else ""
    for message, line, cause, cure in NAMED:
        found = re.search(message, failure.message)
        code = re.search(line, failure.where) if line else None
        if found and (code or not line):
            groups = [group for group in (*found.groups(), *(code.groups() if code else ())) if group]
            told = cause.format(*groups)
            return f"{failure.error}: {told}{place}", cure.format(*groups)
    return f"Your code {failure}.", ""
