"""Markup that somebody else wrote, made harmless: an allow-list of elements, attributes, styles, addresses, pictures.

What passes can neither run nor load anything, nor leave its place on the page, nor look like a part of it.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import warnings
from xml.etree import ElementTree

import nh3
from PIL import Image
from pygments.token import STANDARD_TYPES

MAX_MARKUP = 2_000_000  # characters of one output's HTML or SVG
MAX_PICTURE = 16_000_000  # bytes
MAX_PIXELS = 50_000_000


def _words(text: str) -> set[str]:
    return set(text.split())


TAGS = _words(
    "a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 "
    "h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead "
    "tr u ul var"
)
# What stands in these is no text for a reader.
CONTENT_TO_DROP = _words(
    "head iframe math noembed noframes noscript object script style svg template textarea title xmp"
)
ATTRIBUTES = {
    "*": {"align", "class", "dir", "id", "lang", "style", "title", "valign"},
    "a": {"href"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"start", "type"},
    "table": {"border"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# The classes that nbconvert gives to code, colored text and tables; others could take the page's own look or position.
CLASSES = {"dataframe", "formula", "highlight", *filter(None, STANDARD_TYPES.values())} | {
    f"ansi-{color}{shade}-{side}"
    for color in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
    for shade in ("", "-intense")
    for side in ("fg", "bg")
} | {"ansi-bold", "ansi-underline", "ansi-default-inverse-fg", "ansi-default-inverse-bg"}  # fmt: skip

_LENGTH = r"(?:\d{1,4}(?:\.\d{1,6})?|\.\d{1,6})(?:px|pt|em|rem|ex|ch|%)?"
_COLOR = r"(?:#[0-9a-f]{3,8}|[a-z]+|(?:rgb|hsl)a?\([\d.,%\s/]{1,40}\))"
_WORD = r"[a-z-]+"
_LINE = "none|solid|dashed|dotted|double"
_STYLES = {
    "color|background-color|border(?:-(?:top|right|bottom|left))?-color": _COLOR,
    "padding(?:-(?:top|right|bottom|left))?|border-spacing|border-radius|border(?:-[a-z]+)?-width": _LENGTH,
    "margin(?:-(?:top|right|bottom|left))?": f"(?:{_LENGTH}|auto)",
    "(?:max-|min-)?(?:width|height)": f"(?:{_LENGTH}|auto|none)",
    "border(?:-(?:top|right|bottom|left))?": f"(?:{_LENGTH}|{_LINE}|{_COLOR})",
    "border(?:-(?:top|right|bottom|left))?-style": _LINE,
    "border-collapse|font-style|font-weight|text-align|text-decoration|white-space|list-style-type": f"{_WORD}|\\d00",
    "font-size|line-height": r"small|medium|large|smaller|larger|normal|[0-3](?:\.\d{1,4})?(?:em|rem)?|\d\d?(?:px|pt)",
    "vertical-align": rf"(?:{_WORD}|-?[0-9](?:\.\d{{1,6}})?em)",
    "display": "block|inline|inline-block|none|table|table-row|table-cell",
    "overflow(?:-[xy])?": "auto|hidden|scroll",
}
_STYLE_RULES = [
    (re.compile(names, re.IGNORECASE), re.compile(rf"(?:{value})(?:\s+(?:{value})){{0,3}}", re.IGNORECASE))
    for names, value in _STYLES.items()
]


def clean_html(html: str) -> str:
    """Return `html`, which is somebody else's, as a balanced piece of harmless HTML."""
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=CONTENT_TO_DROP,
        attributes=ATTRIBUTES,
        attribute_filter=_fragment_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        # Only links within the page: any other relative address is the page's host's, where the reader is logged in.
        url_relative=lambda url: _own_id(url[1:], "#") if url.startswith("#") else None,
    )


def clean_page(html: str) -> str:
    """Return what stands on the whole page `html`, whose pieces are clean, as the harmless contents of a body."""
    return nh3.clean(
        html,
        tags=TAGS | {"main"},
        clean_content_tags=CONTENT_TO_DROP,
        attributes=ATTRIBUTES | {"a": {"href", "name"}},
        attribute_filter=_page_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        url_relative=lambda url: url if url.startswith("#") else None,
    )


def is_blank(html: str) -> bool:
    """Return whether clean `html` shows nothing: no text, no picture, no line."""
    return not re.search(r"<(?:img|hr)\b", html) and not re.sub(r"<[^>]*>|&nbsp;|\s", "", html)


def _own_id(name: str, prefix: str = "") -> str:
    # The page's own anchors, to each graded cell and back, must not be answered by a submission.
    return f"{prefix}in-{name}"


def _fragment_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return " ".join(name for name in value.split() if name in CLASSES) or None
    if attribute == "id":
        return _own_id(value)
    return _page_attribute(tag, attribute, value)


def _page_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "style":
        return clean_style(value) or None
    if attribute == "src":
        return picture_address(value)
    if attribute == "href" and value.lstrip().lower().startswith("data:"):
        return None
    if attribute in ("width", "height", "border", "colspan", "rowspan", "start", "value"):
        return value if re.fullmatch(r"\d{1,4}(?:\.\d{1,6})?%?", value) else None
    return value


def clean_style(style: str) -> str:
    """Return the declarations of a style attribute that can neither load anything nor move anything off its place."""
    kept = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if any(names.fullmatch(name) and values.fullmatch(value) for names, values in _STYLE_RULES):
            kept.append(f"{name}: {value}")
    return "; ".join(kept)


# --- Pictures -------------------------------------------------------------------------------------------------------

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF"}


def picture_address(url: str) -> str | None:
    """Return the data address of a picture as it may stand in `src`, or None: nothing is loaded from elsewhere."""
    match = re.fullmatch(r"\s*data:(image/[a-z+]+);base64,([A-Za-z0-9+/=\s]*)", url)
    if not match:
        return None
    kind, data = match.groups()
    if kind == "image/svg+xml":
        try:
            clean = clean_svg(base64.b64decode(data).decode())
        except (binascii.Error, UnicodeDecodeError):
            return None
        return clean and svg_address(clean)
    clean = clean_picture(kind, data)
    return clean and f"data:{kind};base64,{clean}"


def clean_picture(kind: str, data: str) -> str | None:
    """Return base64 `data` on one line if it is a picture of MIME type `kind` of a reasonable size, else None."""
    if kind not in FORMATS or len(data) > MAX_PICTURE * 4 // 3:
        return None
    try:
        content = base64.b64decode(re.sub(r"\s", "", data), validate=True)
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as picture:
            warnings.simplefilter("ignore")
            width, height = picture.size
    except (ValueError, OSError, SyntaxError, Image.DecompressionBombError):  # Pillow's words for a broken file
        return None
    return base64.b64encode(content).decode() if width * height <= MAX_PIXELS else None


def svg_address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_SHAPES = _words("circle ellipse image line path polygon polyline rect text")
_SVG_TAGS = _SHAPES | _words("svg g defs use clipPath linearGradient radialGradient stop tspan title desc")
_SVG_ATTRIBUTES = _words(
    "id d x y x1 y1 x2 y2 cx cy r rx ry fx fy dx dy width height viewBox preserveAspectRatio points transform version "
    "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap "
    "stroke-linejoin stroke-miterlimit opacity color display visibility clip-path clip-rule clipPathUnits offset "
    "stop-color stop-opacity gradientUnits gradientTransform spreadMethod font-family font-size font-style font-weight "
    "text-anchor dominant-baseline letter-spacing rotate textLength"
)
_SVG_ROOT = {"stroke-linejoin": "round", "stroke-linecap": "butt"}  # what matplotlib says in a style sheet
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)


def clean_svg(svg: str) -> str | None:
    """Return a static drawing with the harmless parts of `svg`, or None where it is none.

    It is shown as a picture, in which browsers run and load nothing anyway; this also holds if it is opened alone.
    """
    svg = re.sub(r"<!DOCTYPE[^>\[]*>", "", svg, count=1)
    if len(svg) > MAX_MARKUP or "<!DOCTYPE" in svg or "<!ENTITY" in svg:
        return None
    try:
        root = ElementTree.fromstring(svg.strip())
        if root.tag != f"{{{SVG}}}svg":
            return None
        leaves = {f"#{each.get('id')}" for each in root.iter() if _svg_name(each) in _SHAPES and not len(each)}
        clean = _clean_element(root, leaves, depth=0)
    except (ElementTree.ParseError, RecursionError):
        return None
    clean.attrib.update({name: value for name, value in _SVG_ROOT.items() if name not in clean.attrib})
    return ElementTree.tostring(clean, encoding="unicode")


def _svg_name(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(f"{{{SVG}}}") if isinstance(element.tag, str) else ""


def _clean_element(element: ElementTree.Element, leaves: set[str], depth: int) -> ElementTree.Element:
    if depth > 100:
        raise RecursionError
    clean = ElementTree.Element(element.tag)
    clean.text, clean.tail = element.text, element.tail
    for name, value in element.attrib.items():
        if name == "style":
            pairs = (pair.partition(":") for pair in value.split(";"))
            styles = {key.strip(): setting.strip() for key, _, setting in pairs}
            clean.attrib.update({key: setting for key, setting in styles.items() if _svg_allows(key, setting)})
        elif _svg_allows(name, value):
            clean.set(name, value)
        elif name in ("href", f"{{{XLINK}}}href"):
            # A copy of a drawing that copies others would double with every level.
            if _svg_name(element) == "image":
                target = picture_address(value) if not value.startswith("data:image/svg") else None
            else:
                target = value if _svg_name(element) != "use" or value in leaves else None
            if target and (target.startswith("#") or _svg_name(element) == "image"):
                clean.set(f"{{{XLINK}}}href", target)
    clean.extend(_clean_element(child, leaves, depth + 1) for child in element if _svg_name(child) in _SVG_TAGS)
    return clean


def _svg_allows(name: str, value: str) -> bool:
    if name not in _SVG_ATTRIBUTES or "\\" in value:
        return False
    return "(" not in value or bool(
        re.fullmatch(r"url\(#[\w.-]+\)|(?:rgb|hsl)a?\([\d.,%\s]*\)", value)
        or (name.lower().endswith("transform") and re.fullmatch(r"(?:[a-zA-Z]+\([-+\d.eE,\s]*\)[\s,]*)+", value))
    )
