"""What the chapter's explorer is asked: what pairs know that words do not, what decides, what repetition is worth."""

from course_lib.checking.questions import Reading, readings

# --- imdb_sentiment_readings
#
# In the chapter, below the explorer, with the model that the chapter has trained.
#
# 1. `words_alone`: the example "not good", n-grams "words alone". The probability of positive.
# 2. `pair`: the same, "up to pairs". What the pair `not good` adds.
# 3. `strongest`: the example "praise, then a verdict", "up to triples". The strongest n-gram.
# 4. `repeated`: "words alone". How much higher the probability of "great, three times" is than that of "great, once".

READ_WORDS = "Choose the example *not good* and, as n-grams, *words alone*: the sentence begins with the probability."
READ_PAIR = "Choose *up to pairs*, and read the number below the line of `not good`, with its sign."
READ_STRONGEST = "The sentence lists the strongest n-grams, the strongest first; choose *up to triples*."
READ_BOTH = "Choose *words alone*, and read the probability of both examples."

IMDB_SENTIMENT_READINGS = readings(
    "imdb_sentiment_readings",
    Reading(
        "words_alone",
        0.516,
        tolerance=0.0015,
        wrong={
            0.454: ("That is the probability with pairs.", READ_WORDS),
            0.42: ("That is the probability with triples.", READ_WORDS),
            0.467: ("That is the probability of *not bad*.", READ_WORDS),
            0.06: ("That is the logit.", READ_WORDS),
        },
        why="`good` is in as many negative reviews as in positive ones, and `not` says little by itself.",
    ),
    Reading(
        "pair",
        -0.25,
        tolerance=0.021,
        wrong={
            0.25: ("The size is right; the pair speaks against *positive*.", READ_PAIR),
            -0.14: ("That is what the triple `is not good` adds.", READ_PAIR),
            -0.02: ("That is what the word `not` adds.", READ_PAIR),
            -0.18: ("That is the logit of the whole review.", READ_PAIR),
            0.454: ("That is the probability of the whole review.", READ_PAIR),
        },
        why="what neither word says, the pair does.",
    ),
    Reading(
        "strongest",
        "waste of",
        wrong={
            "waste": ("With words alone it is the strongest, and a pair is stronger still.", READ_STRONGEST),
            "waste of time": ("It is among the strongest, but another one adds more.", READ_STRONGEST),
            "a waste of": ("It is among the strongest, but another one adds more.", READ_STRONGEST),
            "a waste": ("It is among the strongest, but another one adds more.", READ_STRONGEST),
            "wonderful": ("It is the strongest of those for *positive*.", READ_STRONGEST),
            "great": ("Others add more.", READ_STRONGEST),
        },
        why="six n-grams with `waste` in them share what a model that believes in full would have added six times.",
    ),
    Reading(
        "repeated",
        0,
        wrong={
            0.559: ("That is the probability itself, of both.", "Asked for is the difference of the two."),
            -0.018: ("That is the difference with triples, where repetition makes new n-grams.", READ_BOTH),
            0.018: ("That is the difference with triples, where repetition makes new n-grams.", READ_BOTH),
            0.006: ("That is the difference with pairs: `great great` is one.", READ_BOTH),
            0.31: ("Each word is counted once, however often it occurs.", READ_BOTH),
        },
        why="a feature is there or not, however often it occurs.",
    ),
    hints=[
        "Click *Reset* before each question. Examples stand in the list above the picture.",
        "Probability, logit and the strongest n-grams stand in the sentence below the picture.",
        'Return a dict: `{"words_alone": a number, "pair": a number, "strongest": a text, "repeated": a number}`.',
    ],
    minutes=8,
)
