"""The review explorer, from the kernel's side: what it says of a review, how it writes it, and that nothing is lost."""

import re
import time

import numpy as np
import pytest
import scipy.sparse

from course_lib import text
from course_lib.library import serving
from course_lib.library.serving import Live
from course_lib.naive_bayes import NaiveBayesLogistic, log_count_ratio
from course_lib.ngrams import Ngrams
from course_lib.optimizers import Adam
from course_lib.text import tokenize
from course_lib.widgets import one_run
from course_lib.widgets.review_explorer import EXAMPLES, FIRST, ReviewExplorer
from course_lib.widgets.review_reading import signed
from tests.widgets.test_stage import buttons

POSITIVE = ["the film is good", "the film is not bad at all", "great, a great film!", "well worth watching"]
NEGATIVE = ["the film is bad", "the film is not good", "the worst film, a waste of time!", "not worth watching"]
REAL = "The film is not bad. The film is great, great, great! It was well worth the time that I spent watching it."


@pytest.fixture(scope="module")
def ngrams():
    return Ngrams(longest=3).fit([tokenize(review) for review in POSITIVE + NEGATIVE])


def presence(ngrams, reviews):
    tokens = [tokenize(review) for review in reviews]
    x = scipy.sparse.csr_array(ngrams.counts(tokens), shape=(len(tokens), len(ngrams)))
    x.data[:] = 1
    return x


@pytest.fixture(scope="module")
def model(ngrams):
    x, labels = presence(ngrams, POSITIVE + NEGATIVE), np.repeat([1, 0], 4)
    trained = NaiveBayesLogistic(log_count_ratio(x, labels), "float64")
    trained.fit(x, labels, Adam(0.1), 4, epochs=20, seed=0)
    return trained


@pytest.fixture
def explorer(model, ngrams, monkeypatch):
    monkeypatch.setattr(ReviewExplorer, "_replaced", [])
    return ReviewExplorer(model, ngrams, reviews={"a real one": REAL})


def mount(explorer, width):
    explorer.stage._hear({"event": "mounted", "width": width, "pixel_ratio": 1, "reduced_motion": False})


def page(explorer):
    """What stands on the page as {what: [pieces]}, of words and numbers."""
    explorer.stage.flush()
    return explorer._words.pieces, explorer._numbers.pieces


def contribution(explorer, name):
    [column] = [column for column in range(len(explorer._ngrams)) if explorer._ngrams.name(column) == name]
    return explorer._contributions[column]


def probability(explorer):
    return float(re.match(r"(\d\.\d+) for positive", explorer.sentence)[1])


# --- the score


@pytest.mark.parametrize("review", [*POSITIVE, *NEGATIVE, REAL, FIRST, *EXAMPLES.values()])
def test_the_score_is_the_models(explorer, model, ngrams, review):
    explorer["review"] = review
    assert probability(explorer) == pytest.approx(model.predict(presence(ngrams, [review]))[0], abs=5e-4)


def test_the_score_is_the_bias_and_the_ngrams_up_to_the_length_that_is_chosen(explorer, model):
    explorer["review"] = "not bad at all"
    lengths = {1: ["not", "bad", "at", "all"], 2: ["not bad", "bad at", "at all"], 3: ["not bad at", "bad at all"]}
    logit = model.bias[0]
    for longest, names in lengths.items():
        explorer["longest"] = longest
        logit += sum(contribution(explorer, name) for name in names)
        assert probability(explorer) == pytest.approx(1 / (1 + np.exp(-logit)), abs=5e-4)
        assert (
            f"and {[4, 7, 9][longest - 1]} n-grams ({['words alone', 'up to pairs', 'up to triples'][longest - 1]})"
            in (explorer.sentence)
        )


def test_a_repeated_word_is_counted_once_and_said_to_be_there_again(explorer):
    explorer["longest"] = 1
    explorer["review"] = "great"
    once = probability(explorer)
    explorer["review"] = "great great great"
    assert probability(explorer) == once
    assert [piece.text for piece in page(explorer)[1]].count("again") == 2
    explorer["word"] = 2
    assert "Word 2, “great”: “great” again." in explorer.sentence


def test_the_strongest_are_listed_with_their_numbers_the_strongest_first(explorer):
    explorer["review"] = REAL
    told = re.search(r"The strongest: (.*?)\. \d+ words", explorer.sentence)[1]
    listed = re.findall(r"“([^”]+)” ([+−]\d\.\d\d)", told)
    assert len(listed) == 5
    sizes = [abs(contribution(explorer, name)) for name, _ in listed]
    assert sizes == sorted(sizes, reverse=True)
    present = {
        " ".join(tokenize(REAL)[start : start + length]) for start, length, _ in explorer._ngrams.places(tokenize(REAL))
    }
    assert sizes[0] == max(abs(contribution(explorer, name)) for name in present)
    for name, number in listed:
        assert float(number.replace("−", "-")) == pytest.approx(contribution(explorer, name), abs=0.005)
    assert [piece.text for piece in explorer._names.pieces[::2]] == [name for name, _ in listed]


def test_the_strip_shows_what_each_word_adds_by_itself_and_in_its_ngrams(explorer):
    """The parts of all words sum to the logit, but for the bias; upwards is for positive."""
    explorer["longest"] = 2
    explorer["review"] = "not bad, not good"
    page(explorer)
    largest = max(abs(explorer._contributions))
    heights = [largest * segment[1][1] for segment in explorer._whole.get_segments()]

    def of(name):
        return contribution(explorer, name)

    first_not = of("not") + of("not bad") / 2
    bad = of("bad") + of("not bad") / 2
    second_not = of("not good") / 2  # the word itself was counted at its first place; "bad not" is no feature
    good = of("good") + of("not good") / 2
    assert min(map(abs, (first_not, bad, second_not, good))) > 0.01
    assert heights == pytest.approx([first_not, bad, second_not, good])


def test_words_that_are_no_feature_are_named_and_have_no_number(explorer):
    explorer["review"] = "A splendiferously bad film"
    assert "4 words by the tokenizer, 1 of them no feature (“splendiferously”)" in explorer.sentence
    words, numbers = page(explorer)
    assert [piece.text for piece in words if piece.look == "italic"] == ["splendiferously"]
    assert len([piece for piece in numbers if piece.text != "…"]) == 3


@pytest.mark.parametrize("review", ["", "   ", "…"])
def test_of_a_review_without_words_the_bias_is_told(explorer, model, review):
    explorer["review"] = review
    told = f"The bias alone says {1 / (1 + np.exp(-model.bias[0])):.3f} for positive"
    assert told in explorer.sentence
    explorer.stage.flush()
    assert not len(explorer._pointer.get_xdata()), "no word is pointed at"


def test_what_is_shown_as_zero_is_neither_for_positive_nor_against():
    own = Ngrams(longest=1).fit([["fine", "film", "end", "plot", "dull"]])
    adds = {"fine": 0.5, "film": 0.004, "end": -0.004, "plot": 0.0, "dull": -0.5}

    class Model:
        bias = np.zeros(1)

        def contributions(self):
            return [adds[own.name(column)] for column in range(len(own))]

    explorer = ReviewExplorer(Model(), own)
    explorer["review"] = "fine film end plot dull"
    assert [piece.text for piece in page(explorer)[1]] == ["+0.50", "0.00", "0.00", "0.00", "−0.50"]
    assert "5 n-grams (words alone), 1 for positive, 1 against and 3 with 0.00" in explorer.sentence


def test_a_model_of_other_ngrams_is_refused(model):
    with pytest.raises(ValueError, match="it must be the object whose counts the model was trained on"):
        ReviewExplorer(model, Ngrams(longest=2).fit([tokenize(review) for review in POSITIVE]))


def test_what_the_model_learns_later_changes_nothing(explorer, model):
    before = explorer.sentence
    weights = model.weights.copy()
    model.weights[:] = 0
    explorer["review"] = FIRST + " "
    assert explorer.sentence == before
    model.weights[:] = weights


# --- the page


@pytest.mark.parametrize("width", [260, 350, 620, 960])
def test_every_ngram_has_its_number_with_its_sign_below_its_words(explorer, width):
    mount(explorer, width)
    explorer["review"] = REAL
    tokens, seen = tokenize(REAL), set()
    for word in range(1, len(tokens) + 1):
        explorer["word"] = word
        words, numbers = page(explorer)
        assert any(line.first < word <= line.end for line, _, _ in explorer._shown), "the chosen word is on the page"
        for line, top, bottom in explorer._shown:
            on_it = [piece for piece in words if top <= piece.y < bottom]
            assert [piece.text for piece in on_it] == tokens[line.first : line.end]
            for number in (piece for piece in numbers if top <= piece.y < bottom and piece.text != "…"):
                begins = line.first + int(np.searchsorted(line.columns, number.x, side="right")) - 1
                seen.add((begins, number.text, number.color))
    for start, length, column in explorer._ngrams.places(tokens):
        value = explorer._contributions[column]
        texts = {f"{value:+.2f}".replace("-", "−"), "again", "0.00"}
        assert any(start <= at < start + length and shown in texts for at, shown, _ in seen)
    for _, shown, color in seen:
        if shown[0] in "+−":
            assert color == ("#0072b2" if shown[0] == "+" else "#b34700")


@pytest.mark.parametrize("width", [260, 350, 620, 960])
def test_nothing_lies_beyond_the_page_or_over_anything_else(explorer, width):
    mount(explorer, width)
    explorer["review"] = f"{'x' * 200} {REAL} {REAL}"
    for word in (1, 2, 20, 40):
        explorer["word"] = word
        words, numbers = page(explorer)
        across, rows = explorer._page.get_xlim()[1], explorer._rows
        for pieces, share in ((words, 1), (numbers, 9 / 10.5)):
            for piece in pieces:
                left = piece.x - piece.align * share * len(piece.text)
                assert left >= -0.5 and left + share * len(piece.text) <= across + 0.5, piece
                assert 0 <= piece.y <= rows, piece
            by_row = {}
            for piece in sorted(pieces, key=lambda piece: piece.x):
                left = piece.x - piece.align * share * len(piece.text)
                assert left >= by_row.get(piece.y, -1), f"{piece} lies over another"
                by_row[piece.y] = left + share * len(piece.text)
    boxes = [axes.get_tightbbox() for axes in explorer.stage._canvas.figure.axes]
    figure = explorer.stage._canvas.figure.bbox
    for number, box in enumerate(boxes):
        assert figure.padded(1).contains(*box.min) and figure.padded(1).contains(*box.max)
        assert not any(box.padded(-1).overlaps(other) for other in boxes[number + 1 :])


def test_an_ngram_over_the_end_of_a_line_goes_on_in_the_next(explorer):
    mount(explorer, 260)
    explorer["review"] = "the film is not bad at all"
    assert "…" in [piece.text for piece in page(explorer)[1]]
    assert "…: begun in the line above" in explorer._page.get_title(loc="left")


@pytest.mark.parametrize("width", [260, 960])
def test_a_word_longer_than_any_is_written_short(explorer, width):
    mount(explorer, width)
    explorer["review"] = f"good {'x' * 300} film"
    explorer["word"] = 2
    words, _ = page(explorer)
    assert len(words) == 3 and re.fullmatch("x{10,27}…", words[1].text)
    assert re.findall("x+…?", explorer.sentence) == [f"{'x' * 27}…"] * 2  # no feature, and the chosen one


def test_where_somebody_writes_is_on_the_page(explorer):
    explorer["review"] = " ".join([REAL] * 20)
    explorer["review"] += " bad"
    assert explorer["word"] == len(tokenize(explorer["review"]))
    words, _ = page(explorer)
    assert words[-1].text == "bad"
    explorer["review"] = "good " + explorer["review"]
    assert explorer["word"] == 1 and page(explorer)[0][0].text == "good"
    explorer["review"] = "the film is good"
    explorer["review"] = "the film is not really good"  # a quick hand: two words at once
    assert explorer["word"] == 5
    explorer["review"] = "the film is good"
    assert explorer["word"] == 3
    explorer["review"] = "the film is good,"  # no other tokens
    assert explorer["word"] == 3


def test_a_word_is_chosen_by_pointer_and_keys_and_its_ngrams_are_told(explorer):
    explorer["review"] = "The film is not bad"
    page(explorer)
    [*zones] = explorer.stage.zones

    def press(zone, x, y):
        box = explorer._page if zone == 0 else explorer._strip
        figure = box.figure.bbox
        across, up = box.transData.transform((x, y))
        for kind in ("down", "up"):
            move = [kind, zone, across / figure.width, 1 - up / figure.height]
            explorer.stage._hear({"event": "pointer", "moves": [move]})

    def key(name):
        explorer.stage._hear({"event": "key", "zone": 0, "key": name})

    assert all("arrow keys" in zone["label"] for zone in zones)
    not_ = next(piece for piece in page(explorer)[0] if piece.text == "not")
    press(0, not_.x + 1, not_.y + 0.5)
    assert explorer["word"] == 4
    told = explorer.sentence.partition("Word 4, “not”: ")[2]
    assert re.findall(r"“([^”]+)”", told) == ["not", "is not", "not bad", "film is not", "is not bad"]
    press(1, 0.99, 0)
    assert explorer["word"] == 5
    key("ArrowRight")
    assert explorer["word"] == 5
    key("ArrowLeft")
    assert explorer["word"] == 4
    key("Home")
    assert explorer["word"] == 1
    key("End")
    assert explorer["word"] == 5


def test_up_and_down_lead_to_the_next_line(explorer):
    mount(explorer, 350)
    explorer["review"] = REAL
    explorer["word"] = 1
    explorer.stage._hear({"event": "key", "zone": 0, "key": "ArrowDown"})
    second = explorer["word"]
    assert second == explorer._shown[1][0].first + 1 > 2
    explorer.stage._hear({"event": "key", "zone": 0, "key": "ArrowUp"})
    assert explorer["word"] == 1
    explorer.stage._hear({"event": "key", "zone": 0, "key": "ArrowUp"})
    assert explorer["word"] == 1


# --- what a reader types


def test_a_review_is_text_and_nothing_else(model, ngrams):
    nasty = ["<script>alert(1)</script>", "<img/src=x>", "$\\frac{1}{0}$", "{0}", "日本語", "\\N", "&amp;"]
    own = Ngrams(longest=3).fit([nasty])

    class Any:
        bias = np.zeros(1)

        def contributions(self):
            return np.linspace(-1, 1, len(own))

    explorer = ReviewExplorer(Any(), own, tokenize=str.split)
    explorer["review"] = " ".join(nasty)
    explorer["word"] = 1
    assert "“<script>alert(1)</script>”" in explorer.sentence
    shown = explorer._repr_mimebundle_()["text/html"]
    assert "&lt;script&gt;alert(1)" in shown and "<script" not in shown and "<img/" not in shown
    assert "$\\frac{1}{0}$" in [piece.text for piece in page(explorer)[0]]
    assert ReviewExplorer(Any(), own, tokenize=str.split, state=explorer.state)["review"] == " ".join(nasty)


def back(explorer):
    return next(each for each in buttons(explorer.widget) if each.description == "Bring back what I wrote")


def test_what_was_typed_comes_back_after_a_preset_a_reset_and_a_pasted_state(explorer):
    assert back(explorer).disabled
    explorer["review"] = "my first"
    explorer._chooser.value = explorer.presets["irony"]
    assert explorer["review"] == EXAMPLES["irony"] and not back(explorer).disabled
    explorer["review"] = "my second"
    next(each for each in buttons(explorer.widget) if each.description == "Reset").click()
    assert explorer["review"] == FIRST
    explorer["review"] = "my third"
    explorer._state_box.value = "review-explorer?review=pasted"
    seen = set()
    for _ in range(4):
        back(explorer).click()
        seen.add(explorer["review"])
    assert seen == {"my first", "my second", "my third", "pasted"}


def test_examples_are_not_kept_as_if_they_were_typed(explorer):
    for state in explorer.presets.values():
        explorer._chooser.value = state
    assert back(explorer).disabled


def test_what_was_typed_is_there_when_the_cell_has_run_again(model, ngrams, monkeypatch):
    monkeypatch.setattr(ReviewExplorer, "_replaced", [])
    monkeypatch.setattr(one_run, "_made", {})
    runs = iter([("a", "1"), ("a", "2")])
    monkeypatch.setattr(one_run, "_running", lambda: next(runs))
    ReviewExplorer(model, ngrams)["review"] = "what I wrote"
    again = ReviewExplorer(model, ngrams)
    back(again).click()
    assert again["review"] == "what I wrote"


@pytest.mark.parametrize("review", ["a&b=c?d#e%20+", "two\nlines", '"quoted" and “so”', "é — 10/10!"])
def test_a_state_keeps_the_review(explorer, model, ngrams, review):
    explorer["review"] = review
    explorer["longest"] = 2
    other = ReviewExplorer(model, ngrams, state=explorer.state)
    assert other["review"] == review and other["longest"] == 2 and other.sentence == explorer.sentence


def test_presets_are_states_and_begin_with_the_first_word(explorer):
    assert explorer.presets["a real one"] and EXAMPLES.keys() < explorer.presets.keys()
    for what, state in explorer.presets.items():
        explorer["word"] = explorer._controls["word"].max
        explorer.state = state
        assert explorer.state == state and explorer["word"] == 1
        assert explorer["review"] == {"a real one": REAL, **EXAMPLES}[what]


@pytest.mark.parametrize(
    ("state", "complaint"),
    [
        ("loss-explorer", "begins with 'review-explorer'"),
        ("review-explorer?longest=9", "a value that its control does not take"),
        ("review-explorer?longest=two", "longest is a number, not 'two'"),
    ],
)
def test_a_text_that_is_no_state_changes_nothing_and_says_why(explorer, state, complaint):
    explorer["review"] = "mine"
    with pytest.raises(ValueError, match=complaint):
        explorer.state = state
    assert explorer["review"] == "mine"


def test_a_very_long_review_is_shown_from_its_chosen_word_on(explorer):
    explorer["review"] = " ".join([REAL] * 200)
    number = len(tokenize(explorer["review"]))
    assert f"{number:,} words" in explorer.sentence
    explorer["word"] = number
    assert page(explorer)[0][-1].text == "it"


# --- the reader's own tokenizer


@pytest.fixture
def write(monkeypatch):
    """write(name, answer): the answer has passed its check in this process."""
    monkeypatch.setattr(serving, "live", {})
    return lambda name, answer: serving.live.update({name: Live(answer, time.time())})


def test_the_readers_own_tokenize_cuts_until_it_fails(explorer, write):
    calls = []
    write("tokenize", lambda review: calls.append(review) or text.tokenize(review))
    explorer["review"] = "not bad at all"
    assert calls and "4 words by your tokenize" in explorer.sentence
    for broken in (str.split, lambda review: text.tokenize(review.upper()[::-1])):
        write("tokenize", broken)
        explorer["review"] = "not bad!"
        assert "3 words by the tokenizer" in explorer.sentence
        explorer["review"] = ""


def test_a_tokenizer_that_fails_is_told_of_and_replaced(model, ngrams):
    explorer = ReviewExplorer(model, ngrams, tokenize=lambda review: [review[0]])
    explorer["review"] = ""
    assert "The tokenizer that was given fails on this text" in explorer.sentence
    explorer["review"] = "bad"
    assert "fails" not in explorer.sentence and "1 word by the tokenizer" in explorer.sentence


@pytest.mark.parametrize(("value", "written"), [(0.314, "+0.31"), (-10, "−10.00"), (-0.0049, "0.00"), (0, "0.00")])
def test_numbers_have_two_places_and_a_sign(value, written):
    assert signed(value) == written


def test_accessible_names_are_unique(explorer):
    names = [control.tooltip for control in explorer._controls.values()]
    assert len(set(names)) == len(names) and all(names)
