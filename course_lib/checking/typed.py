"""What people type for a number or for a choice, read as they mean it."""

from __future__ import annotations

import ast
import math
import operator
import re
import string
import unicodedata
from collections.abc import Sequence

LETTERS = string.ascii_lowercase

# --- numbers

_OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "⁄": "/", "’": "'", "^": "**"})
_DIGITS = r"[.,]?\d+(?:[ ',.]\d+)*"
_SHARES = {"%": 100, "percent": 100, "per cent": 100, "‰": 1000}


def read_number(text: str, unit: str = "") -> float:
    """Return the number that `text` says: 0.25, .25, 0,25, 1/4, 25 %, 2^-2, 2.5e-1, 2.5 × 10⁻¹, 1,024, −3, about 8.

    A comma before three digits separates thousands, another one decimals. After a number `unit` may stand; in "25 %",
    the sign divides by 100 unless it is the unit.

    Raises:
        ValueError: it says none; the message is for whoever typed it.
    """
    try:
        number = _number(text, unit)
    except (ValueError, SyntaxError, ArithmeticError, RecursionError):
        number = math.nan
    if math.isnan(number):
        raise ValueError(f"“{text.strip()[:40]}” is not read as a number. Type one like 0.25, 1/1024, 3e-4 or 20 %.")
    return number


def _number(text: str, unit: str) -> float:
    text = text.strip().casefold()
    if len(text) > 80:
        raise ValueError
    text = re.sub(r"^(about|approximately|roughly|around|circa|ca\.?|[~≈≅])\s*", "", text)
    if unit and text.endswith(unit.casefold()):
        text = text[: -len(unit)].rstrip()
    divisor = 1
    for sign, parts in _SHARES.items():
        if text.endswith(sign):
            text, divisor = text[: -len(sign)].rstrip(), parts
            break
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+", lambda found: f"**({found[0].translate(_SUPERSCRIPTS)})", text)
    text = re.sub(r"(\d*)([¼½¾⅐-⅞])", lambda found: f"({found[1] or 0}+{unicodedata.numeric(found[2])})", text)
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    if re.fullmatch(r"[+-]?(inf|infinity|∞)", text):
        return -math.inf if text.startswith("-") else math.inf
    text = re.sub(r"(?<=\d) ?x ?(?=10\b)", "*", text)
    text = re.sub(_DIGITS, lambda found: _in_pythons_way(found[0]), text)
    return _value(ast.parse(text.strip(), mode="eval").body) / divisor


def _in_pythons_way(digits: str) -> str:
    """Return one number's digits with a point for decimals and nothing between thousands."""
    if re.search("[ ']", digits):
        if not re.fullmatch(r"\d{1,3}([ ']\d{3})+([.,]\d+)?", digits):
            raise ValueError
        digits = re.sub("[ ']", "", digits)
        digits = digits.replace(",", ".")
    last = max(digits.rfind("."), digits.rfind(","))
    if "." in digits and "," in digits:
        digits = re.sub("[.,]", "", digits[:last]) + "." + digits[last + 1 :]
    elif re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+|[1-9]\d{0,2}(\.\d{3}){2,}", digits):
        digits = re.sub("[.,]", "", digits)
    digits = digits.replace(",", ".")
    return digits if "." in digits else digits.lstrip("0") or "0"


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_value(node.operand))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        value = _OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
        if isinstance(value, float):  # a root of a negative number is complex
            return value
    raise ValueError


def show_number(number: float) -> str:
    """Return `number` as a reader likes it: 671,754, 0.000977, 1.2e-08."""
    if math.isfinite(number) and (number == round(number) or abs(number) >= 1000) and abs(number) < 1e15:
        return f"{round(number):,}".replace("-", "−")
    return f"{number:.3g}".replace("-", "−") if abs(number) >= 1e-4 else f"{number:.3g}"


# --- choices

# Cyrillic letters that look like Latin ones, for a keyboard that was left in its other layout.
_LOOK_ALIKE = str.maketrans("асе", "ace")
_BEFORE = r"\W*(?:(?:the|my|answer|choice|option|letter|is)\b\W*)*"


def read_letter(text: str, choices: Sequence[str]) -> str:
    """Return the letter of the choice that `text` says: "c", "C)", "(c)", "c: five units", or the whole choice.

    Raises:
        ValueError: it says none of `choices`, or several; the message, without an end, is for whoever wrote it.
    """
    written = _folded(text)
    for letter, choice in zip(LETTERS, choices, strict=False):
        if written.strip(" .`*\"'") == _folded(choice).strip(" .`*\"'"):
            return letter
    last = LETTERS[len(choices) - 1]
    if re.fullmatch(_BEFORE + r"[a-z](?:\W+(?:or|and)\b)?(?:\W+[a-z](?:\W+(?:or|and)\b)?)*\W+[a-z]\W*", written):
        raise ValueError(f"“{text.strip()}” names several choices, and one letter is asked for")
    found = re.fullmatch(_BEFORE + r"(?P<letter>[a-z])(?:(?P<end>\s*[^\w\s]\W*)|\s+(?=\w)|$)(?P<rest>.*)", written)
    if found:
        letter, rest = found["letter"], found["rest"]
        if letter > last:
            raise ValueError(f"there is no choice {letter}, only a to {last}")
        # "a sigmoid" is no letter a, unless the choice a begins so.
        if not rest or found["end"] or _folded(choices[LETTERS.index(letter)]).startswith(rest):
            return letter
    raise ValueError(f"“{text.strip()[:40]}” is none of the letters a to {last}")


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_LOOK_ALIKE).split())
