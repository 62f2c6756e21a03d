"""What the chapter's explorer is asked: what pairs know that words do not, and which n-gram decides."""

from course_lib.checking.questions import Reading, readings

# --- imdb_sentiment_readings
#
# In the chapter, below the explorer, with the model that the chapter has trained; a proof cell there computes them.
#
# 1. `well_worth`: the example "well worth", "up to triples". What the pair `well worth` adds.
# 2. `same_words`: "words alone". How far apart the probabilities of "good, not bad" and "the same words" are.
# 3. `words_alone`: the example "praise, then a verdict", "words alone". The probability of positive.
# 4. `strongest`: the same, "up to triples". The strongest n-gram.

READ_PAIR = "Choose the example *well worth*, and read the number below the line under these two words alone."
READ_BOTH = "Choose *words alone*, and read the probability of both examples."
READ_WORDS = "Choose *praise, then a verdict* and *words alone*: the sentence begins with the probability."
READ_STRONGEST = "The sentence lists the strongest n-grams, the strongest first; choose *up to triples*."

IMDB_SENTIMENT_READINGS = readings(
    "imdb_sentiment_readings",
    Reading(
        "well_worth",
        0.64,
        tolerance=0.03,
        wrong={
            0.03: ("That is what the word `worth` adds.", READ_PAIR),
            0.06: ("That is what the word `well` adds.", READ_PAIR),
            0.28: ("That is what the triple `is well worth` adds.", READ_PAIR),
            0.58: ("That is what the triple `well worth watching` adds.", READ_PAIR),
            -0.67: ("That is what the pair `not worth` adds, of the next example.", READ_PAIR),
            1.78: ("That is the logit of the whole review.", READ_PAIR),
        },
        why="what the two words do not say, the pair does.",
    ),
    Reading(
        "same_words",
        0,
        wrong={
            0.439: ("That is the probability of both.", "Asked for is the difference of the two."),
            0.125: ("So far apart they are with pairs.", READ_BOTH),
            -0.125: ("So far apart they are with pairs.", READ_BOTH),
            0.192: ("So far apart they are with triples.", READ_BOTH),
            -0.192: ("So far apart they are with triples.", READ_BOTH),
        },
        why="the two are one bag of words.",
    ),
    Reading(
        "words_alone",
        0.581,
        tolerance=0.005,
        wrong={
            0.367: ("That is the probability with pairs.", READ_WORDS),
            0.183: ("That is the probability with triples.", READ_WORDS),
            0.33: ("That is the logit.", READ_WORDS),
        },
        why="each word of praise counts as much as the one word `waste`, and there are more of them.",
    ),
    Reading(
        "strongest",
        "waste of",
        wrong={
            "waste": ("It is the strongest of the words, and a pair is stronger.", READ_STRONGEST),
            "waste of time": ("It is among the strongest, but another one adds more.", READ_STRONGEST),
            "a waste of": ("It is among the strongest, but another one adds more.", READ_STRONGEST),
            "a waste": ("It is among the strongest, but another one adds more.", READ_STRONGEST),
            "wonderful": ("It is the strongest of those for *positive*.", READ_STRONGEST),
        },
        why="it outweighs the praise together with the other n-grams that have `waste` in them.",
    ),
    hints=[
        "Click *Reset* before each question. The examples stand in a list.",
        "Probability, logit and the strongest n-grams stand in the sentence below the picture.",
        'Return a dict: three numbers, and a text for "strongest".',
    ],
    minutes=8,
)
