"""A notebook that nbformat can work with, made from what other programs write, or a careless hand."""

from __future__ import annotations

import re
from collections import Counter

import nbformat
from nbformat import NotebookNode
from nbformat.v4.nbbase import validate as validate_node

CELL_TYPES = ("code", "markdown", "raw")
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def make_valid(nb: NotebookNode) -> list[str]:
    """Repair, in place, what does not follow the notebook format. Returns a remark for each kind of repair.

    Raises:
        ValueError: it is no notebook.
    """
    if not isinstance(nb.get("cells"), list):
        raise ValueError("it holds no list of cells")
    remarks = []
    if not isinstance(nb.get("metadata"), dict):
        nb["metadata"] = NotebookNode()
        remarks.append("The notebook's metadata was damaged and has been dropped.")
    nb["nbformat"] = 4
    if type(nb.get("nbformat_minor")) is not int or not 0 <= nb["nbformat_minor"] <= 5:
        nb["nbformat_minor"] = 5
    whole = [cell for cell in nb["cells"] if make_cell_whole(cell)]
    if len(whole) < len(nb["cells"]):
        remarks.append(f"{len(nb['cells']) - len(whole)} of its cells were damaged and have been dropped.")
    nb["cells"] = whole
    give_ids(nb)
    try:
        nbformat.validate(nb)
    except nbformat.ValidationError:
        remarks.append("Parts of the notebook did not follow the notebook format and have been dropped.")
        for cell in nb["cells"]:
            simplify(cell)
        kept = {name: nb["metadata"][name] for name in ("kernelspec", "language_info") if name in nb["metadata"]}
        nb["metadata"] = NotebookNode({name: value for name, value in kept.items() if isinstance(value, dict)})
        for key in set(nb) - {"cells", "metadata", "nbformat", "nbformat_minor"}:
            del nb[key]
    return remarks


def make_cell_whole(cell) -> bool:
    """Give a cell its source, metadata and outputs where they can be told; return whether it is a cell at all."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in CELL_TYPES:
        return False
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return False
    # A lone surrogate can neither be hashed nor written.
    cell["source"] = source.encode(errors="replace").decode()
    if not isinstance(cell.get("metadata"), dict):
        cell["metadata"] = NotebookNode()
    set_cell_type(cell, cell["cell_type"])
    return True


def set_cell_type(cell: dict, cell_type: str) -> None:
    """Make `cell` one of `cell_type`, with the fields that such a cell has."""
    cell["cell_type"] = cell_type
    if cell_type == "code":
        cell.pop("attachments", None)
        if not isinstance(cell.get("outputs"), list):
            cell["outputs"] = []
        if type(cell.get("execution_count")) is not int:
            cell["execution_count"] = None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def give_ids(nb: dict) -> None:
    """Keep the ids of cells that are valid and their own; give others a new one. Before format 4.5 cells have none."""
    seen = Counter()
    for cell in nb["cells"]:
        if nb["nbformat_minor"] < 5:
            cell.pop("id", None)
            continue
        name = cell.get("id")
        if not isinstance(name, str) or not _ID.fullmatch(name) or seen[name]:
            name = cell["id"] = nbformat.v4.new_raw_cell().id
        seen[name] += 1


def simplify(cell: NotebookNode) -> None:
    """Reduce a cell that is not valid to what the format asks for, and to what nbgrader says of it."""
    try:
        validate_node(cell, f"{cell['cell_type']}_cell")
    except nbformat.ValidationError:
        role = cell["metadata"].get("nbgrader")
        kept = {name: cell[name] for name in ("id", "cell_type", "source") if name in cell}
        cell.clear()
        cell.update(kept, metadata=NotebookNode({} if role is None else {"nbgrader": role}))
        set_cell_type(cell, kept["cell_type"])
