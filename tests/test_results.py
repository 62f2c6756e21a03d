"""The record runs: what their tables say, what is kept of other chapters, and when a promise is broken."""

import numpy as np
import pytest

from course_lib import cnn_results, results
from course_lib.results import Run, Section

OLD = "# Results\n\n## Old things\n\n| what |\n| --- |\n| 0.5 |\n\n## New things\n\nnothing yet\n"


def a_section(chapter, title, promised=None, more=None):
    runs = [Run("a network", 2, lambda seed, epochs: 0.9 + seed / 100, promised)]
    return Section(chapter, title, "Ten digits.", runs, more)


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Return a function that does the runs of a chapter and returns what stands in the file then."""
    path = tmp_path / "results.md"
    path.write_text(OLD)

    def write(chapter, **new):
        sections = [a_section("01", "Old things"), a_section("02", "New things", **new)]
        monkeypatch.setattr(results, "all_sections", lambda: sections)
        results.main(chapter, path=path, say=lambda line: None)
        return path.read_text()

    write.path = path
    return write


def test_one_chapters_runs_leave_the_others_as_they_stand(written):
    text = written("02", more=lambda say: "More.")
    assert "## Old things\n\n| what |\n| --- |\n| 0.5 |\n\n## New things\n\nTen digits." in text
    assert text.endswith("| a network | 2 | 0.9100 (0.9000 to 0.9200) |  |\n\nMore.\n") and "nothing yet" not in text


def test_without_a_chapter_all_are_written_anew(written):
    assert written(None).count("| a network | 2 | 0.9100 (0.9000 to 0.9200) |  |") == 2


def test_what_was_measured_on_gpus_is_kept(written):
    section = "## Many devices\n\n| on what |\n| --- |\n| 1 GPU |\n"
    written.path.write_text(OLD + "\n" + section)
    assert written(None).endswith(section)


def test_a_promise_that_is_not_kept_is_an_error_and_the_table_is_written(written):
    with pytest.raises(SystemExit, match=r"a network, 2 epochs: 0\.9100 instead of 0\.95"):
        written("02", promised=0.95)
    assert "| ≥ 0.950 |" in written.path.read_text()


def test_a_chapter_without_runs_is_named(written):
    with pytest.raises(SystemExit, match="no record runs of chapter '03'; there are some of 01, 02"):
        written("03")
    assert written.path.read_text() == OLD


@pytest.mark.parametrize(
    ("chapter", "what", "epochs", "sentence"),
    [
        ("09", "better network", 2, "0.992 on MNIST after two epochs"),
        ("10", "ratios × weights (`course_lib`)", 3, "right about 92 % of the official test set"),
    ],
)
def test_what_the_readme_says_of_a_chapter_is_promised_by_its_record_runs(chapter, what, epochs, sentence):
    assert sentence in (results.RESULTS.parents[1] / "README.md").read_text(encoding="utf-8")
    figure = float(sentence.split(" on ")[0]) if sentence[0] == "0" else int(sentence.split()[2]) / 100
    [section] = [section for section in results.all_sections() if section.chapter == chapter]
    [run] = [run for run in section.runs if (run.what, run.epochs) == (what, epochs)]
    assert run.promised is not None and run.promised >= figure


def test_what_was_measured_last_is_told_with_its_promise_and_keeps_it():
    """A promise that is dropped, lowered or raised asks for its runs to be done again."""
    told = [
        (section, line.strip("| ").split(" | "))
        for section in results.all_sections()
        for line in results.written(section.title, results.RESULTS).splitlines()
        if line.startswith("| ")
    ]
    assert told
    for section, (what, epochs, *figures) in told:
        for run in section.runs:
            if (run.what, str(run.epochs)) == (what, epochs):
                mean = float(figures[0].split()[0])
                promised = "" if run.promised is None else f"≥ {run.promised:.3f}"
                assert figures[1:] == [promised] * bool(promised)
                assert run.promised is None or mean >= run.promised


def test_shifts_move_every_image_on_its_own_and_let_zeros_in():
    images = np.arange(1.0, 601).reshape(6, 10, 10, 1)
    moved = cnn_results.shift_by_pixels(images, 2, np.random.default_rng(0))
    assert moved.shape == images.shape
    found = []
    for image, result in zip(images[..., 0], moved[..., 0], strict=True):
        padded = np.pad(image, 2)
        places = [(a, b) for a, b in np.ndindex(5, 5) if np.array_equal(padded[a : a + 10, b : b + 10], result)]
        found += places
        assert len(places) == 1
    assert len(set(found)) > 1


def test_the_networks_of_the_tables_are_the_chapters():
    assert (cnn_results.small_cnn().count_params(), cnn_results.better_cnn().count_params()) == (693_962, 216_130)


def test_the_seconds_are_those_of_the_seeds_that_got_there(monkeypatch):
    reached = {0: {0.99: 10.0, 0.994: 40.0}, 1: {0.99: 20.0}}
    monkeypatch.setattr(cnn_results, "seconds_to_each", lambda seed, epochs: reached[seed])
    table = cnn_results.seconds_to_levels(lambda line: None, seeds=(0, 1), epochs=3)
    assert "| 0.990 | 2 of 2 | 15 (10 to 20) |" in table and "| 0.994 | 1 of 2 | 40 (40 to 40) |" in table


@pytest.mark.slow
def test_a_level_counts_from_the_epoch_that_reaches_it(monkeypatch):
    """On 2,000 images, so that it takes seconds."""
    (x, y), (x_test, y_test) = cnn_results.images()
    monkeypatch.setattr(cnn_results, "images", lambda: [(x[:2000], y[:2000]), (x_test[:1000], y_test[:1000])])
    monkeypatch.setattr(cnn_results, "LEVELS", (0.5, 1.1))
    reached = cnn_results.seconds_to_each(0, 3)
    assert list(reached) == [0.5] and reached[0.5] > 0


def test_a_row_of_transfer_has_the_interval_of_ten_differences():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    kept, scratch = rng.normal(80, 3, 10), rng.normal(70, 3, 10)
    low, high = stats.t.interval(0.95, 9, np.mean(kept - scratch), stats.sem(kept - scratch))
    told = cnn_results.row_of_transfer(5, kept, scratch)
    assert told.endswith(f"| {np.mean(kept - scratch):+.1f} ({low:+.1f} to {high:+.1f}) |")


@pytest.mark.slow
def test_kept_convolutions_are_held_against_training_from_scratch(monkeypatch):
    """On 3,000 images and two draws, so that it takes seconds."""
    (x, y), (x_test, y_test) = cnn_results.images()
    monkeypatch.setattr(cnn_results, "images", lambda: [(x[:3000], y[:3000]), (x_test[:500], y_test[:500])])
    table = cnn_results.transfer(lambda line: None, seeds=(0, 1), per_digit=(5,))
    (row,) = [line for line in table.splitlines() if line.startswith("| 5 |")]
    assert all(40 < float(score) < 100 for score in row.split(" | ")[1:3])
