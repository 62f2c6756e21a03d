"""Which lists, dicts and arrays are one and the same, and what became of those that were passed to a call.

Values cross as copies. So that a call from another process does what a call does, its answer also says which mutable
objects among the results and arguments are the ones that were passed in, and which occur twice:

    [node, …], each (origin, kind, content)

`origin` is the number of the passed object in the order of `mutables`, or −1. In `content` an item is (0, number of a
node), (1, value), or (2, [items]) for a tuple that holds nodes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.grading.crossing import check_hashes
from course_lib.grading.split import values

SCALARS = (type(None), bool, int, float, complex, str, bytes)
MAX_NODES = 100_000


def is_mutable(value: Any) -> bool:
    kind = type(value)
    if kind in (list, dict, set, bytearray, np.ndarray):
        return True
    name = None if kind in SCALARS or kind is tuple else values.kind_of(value)
    return name is not None and values.KINDS[name].is_mutable


def mutables(value: Any) -> list[Any]:
    """Return the mutable objects in `value`, each once, in the order in which they are met."""
    found: dict[int, Any] = {}
    waiting = [value]
    while waiting:
        item = waiting.pop()
        kind = type(item)
        if kind in SCALARS or id(item) in found:
            continue
        if kind is not tuple:
            if not is_mutable(item):
                continue
            found[id(item)] = item
        if kind is list or kind is tuple:
            waiting.extend(reversed(item))
        elif kind is dict:
            waiting.extend(reversed(item.values()))
    return list(found.values())


def content(value: Any, depth: int = 0) -> Any:
    """Return what equals `content(value)` later unless `value` was changed in place meanwhile."""
    kind = type(value)
    if kind in SCALARS or depth > 32:
        return value
    if kind is np.ndarray and not value.dtype.hasobject:
        return value.dtype.str, value.shape, value.tobytes()
    if kind is list or kind is tuple:
        return id(value), [content(item, depth + 1) for item in value]
    if kind is dict:
        return id(value), [(key, content(item, depth + 1)) for key, item in value.items()]
    if kind is set:
        return frozenset(value)
    name = values.kind_of(value)
    if name and values.KINDS[name].is_mutable:
        return _without_ids(values.KINDS[name].take_apart(value), depth + 1)
    return id(value)


def _without_ids(value: Any, depth: int) -> Any:
    if isinstance(value, list | tuple):
        return [_without_ids(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return [(key, _without_ids(item, depth + 1)) for key, item in value.items()]
    return content(value, depth)


def take_apart(roots: list[Any], origins: dict[int, int]) -> tuple[list[tuple], list[Any]]:
    """Return the nodes of all that `roots` hold, and the roots as items; `origins` are passed objects' numbers."""
    nodes: list[tuple] = []
    numbers: dict[int, int] = {}

    def item_of(value: Any) -> tuple:
        kind = type(value)
        if kind is tuple and any(type(item) not in SCALARS for item in value):
            return (2, [item_of(item) for item in value])
        if kind in SCALARS or kind is tuple or not is_mutable(value):
            return (1, value)
        if id(value) not in numbers:
            numbers[id(value)] = number = len(nodes)
            nodes.append(())
            origin = origins.get(id(value), -1)
            if kind is list:
                nodes[number] = (origin, "list", [item_of(item) for item in value])
            elif kind is dict:
                nodes[number] = (origin, "dict", [list(value), [item_of(item) for item in value.values()]])
            else:
                nodes[number] = (origin, "other", value)
        return (0, numbers[id(value)])

    return nodes, [item_of(root) for root in roots]


def occurs_twice(nodes: list[tuple], roots: list[Any]) -> bool:
    """Return whether a node is meant more than once by what `take_apart` returned, each being meant at least once."""

    def meant(items: list) -> int:
        return sum(1 if sort == 0 else meant(data) if sort == 2 else 0 for sort, data in items)

    held = (data if kind == "list" else data[1] for _, kind, data in nodes if kind != "other")
    return meant(roots) + sum(map(meant, held)) > len(nodes)


def put_together(nodes: list, roots: list, passed: list[Any]) -> list[Any]:
    """Return the roots, with the passed objects changed to what their nodes say. Raises ValueError for nonsense."""
    if len(nodes) > MAX_NODES:
        raise ValueError("too many nodes")
    objects = []
    for origin, kind, data in nodes:
        fresh = [] if kind == "list" else {} if kind == "dict" else data
        old = passed[origin] if 0 <= origin < len(passed) else None
        objects.append(old if old is not None and type(old) is type(fresh) and _fits(old, fresh) else fresh)

    def value_of(item: Any) -> Any:
        sort, data = item
        if sort == 0:
            return objects[data]
        return data if sort == 1 else tuple(value_of(each) for each in data)

    for target, (_, kind, data) in zip(objects, nodes, strict=True):
        if kind == "list":
            target[:] = [value_of(item) for item in data]
        elif kind == "dict":
            keys, items = data
            check_hashes(keys)
            target.clear()
            target.update(zip(keys, [value_of(item) for item in items], strict=True))
        elif target is not data:
            _give(target, data)
    return [value_of(root) for root in roots]


def _fits(old: Any, new: Any) -> bool:
    if isinstance(old, np.ndarray):
        return old.shape == new.shape and old.dtype == new.dtype and old.flags.writeable
    return True


def _give(old: Any, new: Any) -> None:
    """Give `old` the content of `new`, which is of the same type."""
    if isinstance(old, np.ndarray):
        old[...] = new
    elif isinstance(old, bytearray):
        old[:] = new
    elif isinstance(old, np.random.Generator | np.random.RandomState):
        values.set_generator(old, new)
    elif isinstance(old, set) or (hasattr(old, "clear") and hasattr(old, "update")):
        old.clear()
        old.update(new)
    elif hasattr(old, "clear") and hasattr(old, "extend"):  # deque
        old.clear()
        old.extend(new)
    elif type(old).__name__ in ("DataFrame", "Series"):
        old._update_inplace(new)  # as pandas' own inplace=True does
