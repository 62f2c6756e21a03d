"""What the chapter's explorers are asked: which all-reduce is faster when, and how many workers are of use."""

from course_lib.checking.questions import Reading, readings

# --- distributed_training_readings
#
# In the chapter, below the two explorers; what is not mentioned stays as it is when an explorer opens.
#
# 1. `ring_from`: the all-reduce explorer with 8 ranks and latency 3. The smallest array length with which the ring is
#    faster than the tree.
# 2. `busiest`: the same explorer, the tree with 8 ranks. How many times its own array the busiest rank sends.
# 3. `batch`: the scaling explorer with a bandwidth of 0.1 GB/s. The smallest batch per replica on the slider with which
#    at least half of the time is computing.
# 4. `workers`: the scaling explorer with a global batch of 64. How many workers are fastest.

READ_TIMES = "The sentence says how long each algorithm takes. Raise *numbers each* by 1 at a time."
READ_SENT = "Show all steps: the sentence says how many times its array the busiest rank has sent."
READ_EFFICIENCY = "The efficiency in the sentence is the share of the time that is computing. Raise the batch by steps."
READ_FASTEST = "The sentence says how many workers are fastest; the star marks them."

DISTRIBUTED_TRAINING_READINGS = readings(
    "distributed_training_readings",
    Reading(
        "ring_from",
        7,
        wrong={
            6: ("With 6 numbers the tree is still faster, 54 against 56.", READ_TIMES),
            8: ("With 8 numbers it is faster, and already with fewer: chunks need not be full.", READ_TIMES),
        },
        too_small=("There the tree is still faster: the ring has more steps, and each costs its latency.", READ_TIMES),
        too_large=("There the ring is faster, and already with fewer numbers.", READ_TIMES),
        why="the ring has 14 steps and the tree 6, but a step of the ring sends an eighth of the array.",
    ),
    Reading(
        "busiest",
        3,
        tolerance=0.01,
        wrong={
            1.75: ("So much each rank of the ring sends.", READ_SENT),
            7: ("So much rank 0 sends if it tells all others by itself.", READ_SENT),
            6: ("That is the number of steps.", READ_SENT),
            2: ("One array up and one down would be 2; rank 0 has several ranks below it.", READ_SENT),
        },
        why="rank 0 sends the whole sum to the ranks 1, 2 and 4.",
    ),
    Reading(
        "batch",
        1024,
        wrong={
            768: ("There it is 46.7 %, not yet a half.", READ_EFFICIENCY),
            8192: ("That is the global batch, of all eight workers together.", "Asked for is the batch per replica."),
            64: ("There it is 6.8 %.", READ_EFFICIENCY),
        },
        too_small=("There less than half of the time is computing.", READ_EFFICIENCY),
        too_large=("There more than half is computing, and already with a smaller batch.", READ_EFFICIENCY),
        why="the gradients take as long to be summed for every batch, and computing grows with it.",
    ),
    Reading(
        "workers",
        32,
        wrong={
            64: ("With 64, each has a single example, and the sum takes longer than what is saved.", READ_FASTEST),
            1024: ("More are not always faster: most of them have no example at all.", READ_FASTEST),
            8: ("From 8 on communicating takes longer than computing; it still gets faster.", READ_FASTEST),
        },
        too_small=("With more workers it gets faster still.", READ_FASTEST),
        too_large=("With fewer workers it is faster.", READ_FASTEST),
        why="each doubling halves what is to be computed, and adds steps with their latency.",
    ),
    hints=[
        "Click *Reset* before each question.",
        "All four numbers stand in the sentences below the pictures.",
        "Return a dict of four whole numbers.",
    ],
    minutes=10,
)
