"""Cutting a review into words, and what a careless cut loses."""

import itertools
import re
import string

from course_lib import text
from course_lib.checking.exercise import Exercise, Misconception, Row, flags

# A name of its own: the chapter's module `text` has it with a docstring that says what is lost.
tokenize = text.tokenize

SMALL = "words that are small and frequent"
SMALL_WORDS = tokenize("""
the a an and or but not no of to in on at by for with from as is are was were be been it its this that these those i me
my we our you your he him his she her they them their what which who there here so too very just have has had do does
did can could will would if then than about into out up down over again more most all any only own same
""")

SIGNS = "a text with many signs"
# Commas, periods and the like stand both between two words and at the end of one.
TEXT_OF_SIGNS = "Slow,dull.<br />A well-made, \"long film\" (or not); 'so-so': (9/10) isn't bad! Why?! Why? It ends."


def probe_tokenize(tokenize, rng):
    some = [str(word) for word in rng.permutation(["film", "plot", "cast", "scene", "hero", "music", "story", "end"])]
    one, two, three = some[:3]
    texts = {
        "plain words, one of them a single letter": f"such a {one} with {two}",
        "capitals": f"I LOVED the {one.title()}, the {two.upper()} too",
        "a line break between two words": f"the {one}<br /><br />the {two} of it<br />{three}",
        "apostrophes inside words": f"it's what they don't {one}, rock'n'roll",
        "words in single quotation marks": f"the 'good' {one} of 'the {two}'",
        "exclamation and question marks": f"{one}?! no!! {two} !",
        "commas, periods, hyphens and brackets": f"slow,dull. a well-made {one} (or {two}); so-so",
        "numbers": f"10/10 for the 3 {one} of 1999",
        "words that occur twice": f"the very very best {one} of the best {two}",
        "several spaces": f"  good   {one}  ",
    }
    review = f"Don't miss the {three.title()}!<br /><br />It's a 'must', 9/10... ISN'T it?"
    yield Row("a whole review", lambda: tokenize(review), weight=3, essential=True)
    for label, each in texts.items():
        yield Row(label, lambda each=each: tokenize(each))
    yield Row(SMALL, lambda: tokenize(" ".join(SMALL_WORDS)))
    yield Row(SIGNS, lambda: tokenize(TEXT_OF_SIGNS))


def faulty_tokenize(text, **made):
    keeps_capitals = "capitals_stay" in made
    if not keeps_capitals and "capitals_lost" not in made:
        text = text.lower()
    if "breaks_stay" not in made:
        text = text.replace("<br />", "" if "breaks_glued" in made else " ")
    if "apostrophes_dropped" in made:
        text = text.replace("'", "")
    letters = "a-z" + "0-9" * ("no_digits" not in made) + "A-Z" * keeps_capitals
    word = f"[{letters}]+"
    if "apostrophes_at_the_edges" in made:
        word = f"[{letters}']+"
    elif "apostrophes_part" not in made:
        word += f"(?:'[{letters}]+)*"
    if "short_dropped" in made:
        word = rf"(?=[{letters}']{{2}}){word}"
    marks = r"|[!?]"
    if "no_marks" in made:
        marks = ""
    if "marks_in_runs" in made:
        marks = "|[!?]+"
    if "all_punctuation" in made:
        marks = rf"|[^\s{letters}]"
    if "split" in made:
        tokens = text.split()
    elif "split_at_each_space" in made:
        tokens = text.split(" ")
    elif "punctuation_removed_first" in made:
        tokens = re.sub(rf"[^{letters}'\s]", "", text).split()
    elif "empty_ones" in made:
        tokens = re.split(rf"[^{letters}']+", text)
    elif "split_at_no_word" in made:
        tokens = re.split(r"\W+", text)
    elif "word_characters" in made:
        tokens = re.findall(r"\w+", text)
    elif "letters_alone" in made:
        tokens = re.sub("[^a-zA-Z]", " ", text).split()
    elif "punctuation_deleted" in made:
        tokens = text.translate(str.maketrans("", "", string.punctuation)).split()
    elif "end_of_each" in made:
        tokens = re.findall(rf"[{letters}]+('[{letters}]+)*{marks}", text)
    elif "signs" in made:
        tokens = list(text)
    else:
        tokens = re.findall(word + marks, text)
    if "once" in made:
        tokens = list(dict.fromkeys(tokens))
    if "once_sorted" in made:
        tokens = sorted(set(tokens))
    return " ".join(tokens) if "joined" in made else tokens


def dropped(value):
    """Return which of the small words an answer drops. Raises ValueError where it does not give the others."""
    left_out = tuple(word for word in SMALL_WORDS if word not in value)
    if not isinstance(value, list) or not left_out or value != [word for word in SMALL_WORDS if word in value]:
        raise ValueError("this is not the list of the others")
    return {"words": left_out}


def tokenize_without_small_words(text, words=("the", "a", "an", "and", "of", "is", "it", "not")):
    """Small, frequent words are dropped, as stop words.

    Keep every word: a list of stop words usually has "not" in it, and with it goes what a review says.
    """
    return [token for token in tokenize(text) if token not in words]


def tokenize_of_raw_text(text):
    """The text is split at spaces as it stands: capitals, line breaks and all punctuation stay in the tokens.

    Make the letters small, replace `<br />`, and look for words with `re.findall`.
    """
    return text.split()


def shortest(value):
    return {"least": min(len(word) for word in value)}


def tokenize_of_long_words(text, least=3):
    """Short tokens are dropped, ! and ? with them: among the short ones are `no`, `i` and the 9 of 9/10.

    Keep every word, however short.
    """
    return [token for token in tokenize(text) if len(token) >= least]


def split_after(text, signs, way, small, breaks, marks):
    """Deal with `signs` in one of three ways, set ! and ? apart or not, and split at spaces."""
    text = (text.lower() if small else text).replace("<br />", breaks)
    text = re.sub("([!?])", r" \1 ", text) if marks else text
    if way == "stripped":
        return [piece.strip(signs) for piece in text.split()]
    return text.translate(dict.fromkeys(map(ord, signs), " " if way == "replaced" else "")).split()


def settings_of(way):
    """Return the reader of an answer's settings in `split_after`. It raises ValueError where none give its tokens."""

    def read(value):
        if isinstance(value, list) and all(isinstance(token, str) for token in value):
            ends = "".join(token[:1] + token[-1:] for token in value) if way == "stripped" else "".join(value)
            signs = "".join(sign for sign in string.punctuation if sign in TEXT_OF_SIGNS and sign not in ends)
            if signs and (way != "replaced" or re.search(r"[^\w\s!?']", ends)):
                for small, breaks, marks in itertools.product((True, False), (" ", "", "<br />"), (True, False)):
                    settings = {"signs": signs, "small": small, "breaks": breaks, "marks": marks}
                    if value == split_after(TEXT_OF_SIGNS, way=way, **settings):
                        return settings
        raise ValueError("these tokens come out in another way")

    return read


def tokenize_with_signs_deleted(text, signs=",.", small=True, breaks=" ", marks=False):
    """Signs are deleted before the text is split at spaces: two words with only a sign between them, as in `slow,dull`,
    stay one token, and a sign that is not deleted stays with its word.

    Look for the words, not for what is between them: `re.findall` with what a word is made of.
    """
    return split_after(text, signs, "deleted", small, breaks, marks)


def tokenize_with_signs_replaced(text, signs=",.", small=True, breaks=" ", marks=False):
    """Some signs are replaced by spaces before the text is split, and all others, such as brackets, stay in the tokens.

    Look for the words, not for what is between them: `re.findall` with what a word is made of.
    """
    return split_after(text, signs, "replaced", small, breaks, marks)


def tokenize_with_signs_stripped(text, signs=",.", small=True, breaks=" ", marks=False):
    """The text is split at spaces, and signs are taken off the ends of each piece: words with only a sign between them,
    as in `slow,dull`, stay one token.

    Look for the words, not for what is between them: `re.findall` with what a word is made of.
    """
    return split_after(text, signs, "stripped", small, breaks, marks)


def remark(failing):
    """Say which token is the first that differs."""
    for label, value, right in failing:
        if not isinstance(value, list) or not all(isinstance(token, str) for token in value):
            continue
        pairs = itertools.zip_longest(value, right)
        place, (mine, theirs) = next((place, pair) for place, pair in enumerate(pairs, 1) if pair[0] != pair[1])
        if mine is None:
            return f"On “{label}” your list ends too early: token {place} should be `{theirs}`."
        return (
            f"On “{label}” your token {place} is `{mine}`; {f'it should be `{theirs}`' if theirs else 'none is left'}."
        )
    return ""


def tokenize_by_signs(text):
    spaced = "".join(
        sign if sign in "abcdefghijklmnopqrstuvwxyz0123456789'" else f" {sign} " if sign in "!?" else " "
        for sign in text.lower().replace("<br />", " ")
    )
    return [word for word in (each.strip("'") for each in spaced.split()) if word]


def tokenize_with_any_letters(text):
    return [token.lower() for token in re.findall(r"\w+(?:'\w+)*|[!?]", re.sub(r"<[^>]*>", " ", text))]


def tokenize_piece_by_piece(text):
    tokens = []
    for piece in text.lower().split("<br />"):
        tokens += [match.group() for match in re.finditer(r"[a-z0-9]+('[a-z0-9]+)*|!|\?", piece)]
    return tokens


MISTAKES = flags(
    faulty_tokenize,
    split=(
        "The text is split at spaces, so commas, periods and marks stay glued to the words: `good,` is another word "
        "than `good`.",
        "Look for the words, not for what is between them: `re.findall` with what a word is made of.",
    ),
    split_at_each_space=(
        "The text is split at each single space: punctuation stays glued to the words, and two spaces make an empty "
        "token.",
        "Look for the words, not for what is between them: `re.findall` with what a word is made of.",
    ),
    breaks_stay=(
        "What the line break `<br />` is made of comes out too: `br` is no word of the review.",
        "Replace `<br />` by a space before you look for words.",
    ),
    breaks_glued=(
        "The line break `<br />` is removed, and the words before and behind it are glued together.",
        "Put a space in its place.",
    ),
    capitals_stay=(
        "Capitals stay, so `Good`, `GOOD` and `good` are three words.",
        "Make all letters small with `lower()`.",
    ),
    capitals_lost=(
        "Capital letters are no letters for your tokens, so `LOVED` is lost and `Film` becomes `ilm`.",
        "Make all letters small with `lower()` before you look for words.",
    ),
    apostrophes_part=(
        "The apostrophe parts words: `don't` becomes `don` and `t`, and what the n't said is lost.",
        "Let a word go on behind an apostrophe: letters, then any number of times an apostrophe and letters.",
    ),
    apostrophes_dropped=(
        "Apostrophes are taken out of words, so `it's` becomes `its`, another word.",
        "Keep an apostrophe that stands between letters.",
    ),
    apostrophes_at_the_edges=(
        "An apostrophe at the edge of a word stays: `'good'` in quotation marks is another word than `good`.",
        "Only inside a word does it belong there: it must have letters or digits on both sides.",
    ),
    no_marks=(
        "The marks ! and ? are lost.",
        "Each of them is a token: the expression needs an alternative, `|`, for one of them.",
    ),
    marks_in_runs=(
        "Marks in a row are one token: `?!` and `!!` are tokens of their own, each of them rare.",
        "Each ! and each ? is one token.",
    ),
    all_punctuation=(
        "All other punctuation comes out as tokens too: commas, periods, brackets.",
        "Of punctuation, only ! and ? are kept.",
    ),
    no_digits=(
        "Digits are lost, and with them a verdict such as 10/10.",
        "A word is made of letters and digits.",
    ),
    short_dropped=(
        "Words of a single letter or digit are dropped: `a`, `i`, and the marks 3 and 9 that a review gives.",
        "One letter or digit is enough for a word.",
    ),
    punctuation_removed_first=(
        "Punctuation is removed before the text is split, which glues words together: `slow,dull` becomes `slowdull`; "
        "and ! and ? are lost.",
        "Look for the words, not for what is between them: `re.findall` with what a word is made of.",
    ),
    empty_ones=(
        "The text is split at what is no word: at its ends there are empty tokens, and ! and ? are lost.",
        "Look for the words, not for what is between them: `re.findall`.",
    ),
    split_at_no_word=(
        "The text is split at everything but letters and digits: apostrophes part words, ! and ? are lost, and at the "
        "end there may be an empty token.",
        "Look for the words, not for what is between them: `re.findall` with what a word is made of, apostrophes too.",
    ),
    word_characters=(
        "Only letters and digits are looked for: apostrophes part words, and ! and ? are lost.",
        "Let a word go on behind an apostrophe, and add an alternative, `|`, for one of the marks.",
    ),
    letters_alone=(
        "Everything but letters becomes a space: digits, ! and ? are lost, and apostrophes part words.",
        "Keep digits, an apostrophe inside a word, and each ! and ?.",
    ),
    punctuation_deleted=(
        "All punctuation is deleted, also the apostrophe in `don't`, ! and ?, and words beside a comma are glued.",
        "Look for the words, not for what is between them: `re.findall` with what a word is made of.",
    ),
    end_of_each=(
        "The brackets in your expression make `re.findall` give what is in them, the end of a word, not the word.",
        "Brackets that only group are written `(?:…)`.",
    ),
    once=(
        "A word that occurs twice comes out once.",
        "Keep every occurrence: how often a word stands there may matter.",
    ),
    once_sorted=(
        "The tokens come out sorted, each of them once: the order of the review is lost.",
        "Keep every occurrence in its place: no `set`, no `sorted`.",
    ),
    joined=("The tokens come out as one text, joined by spaces.", "Return the list itself."),
    signs=("Single signs come out, not words.", "A token is a whole word: `re.findall` with a `+`."),
)

TOKENIZE = Exercise(
    name="tokenize",
    kind="formula",
    minutes=8,
    level=1,
    reference=tokenize,
    probe=probe_tokenize,
    misconceptions=[
        *MISTAKES,
        tokenize_of_raw_text,
        Misconception.of(tokenize_of_long_words, constant=(SMALL, shortest)),
        Misconception.of(tokenize_without_small_words, constant=(SMALL, dropped)),
        Misconception.of(tokenize_with_signs_deleted, constant=(SIGNS, settings_of("deleted"))),
        Misconception.of(tokenize_with_signs_replaced, constant=(SIGNS, settings_of("replaced"))),
        Misconception.of(tokenize_with_signs_stripped, constant=(SIGNS, settings_of("stripped"))),
    ],
    remark=remark,
    equivalents=[tokenize_by_signs, tokenize_with_any_letters, tokenize_piece_by_piece],
    hints=[
        "Two replacements first: small letters, and a space for each `<br />`.",
        "`re.findall(pattern, text)` gives all pieces that fit. `[a-z0-9]+` fits a run of letters and digits, and `|` "
        "means or.",
        "An apostrophe inside a word has letters behind it: `(?:'[a-z0-9]+)*` is any number of such continuations.",
    ],
    solution="""import re

def tokenize(text):
    text = text.lower().replace("<br />", " ")
    return re.findall(r"[a-z0-9]+(?:'[a-z0-9]+)*|[!?]", text)
""",
)
