"""An epoch on the 25,000 reviews of chapter 10: its n-gram model in NumPy, and its network in Keras, in turns."""

import os
import statistics
import time

from course_lib.imdb_results import ALPHA, NGRAM_BATCH, embedding_network, ngram_counts, presence, word_numbers
from course_lib.naive_bayes import NaiveBayesLogistic, log_count_ratio
from course_lib.optimizers import Adam
from tests.bench import Comparison

EPOCHS = 3


def main():
    begin = time.perf_counter()
    (counts, labels), _ = ngram_counts()
    print(f"counting the n-grams of both splits: {time.perf_counter() - begin:.1f} s")
    x, (numbers, _) = presence(counts), word_numbers()[0]
    model, optimizer, network = NaiveBayesLogistic(log_count_ratio(x, labels, ALPHA)), Adam(0.005), embedding_network(0)
    network.fit(numbers[:128], labels[:128], batch_size=128, verbose=0)  # which Keras spends on compiling
    seconds = {"course_lib": [], "Keras": []}
    for epoch in range(EPOCHS):
        for name, train in (
            ("course_lib", lambda epoch=epoch: model.fit(x, labels, optimizer, NGRAM_BATCH, seed=epoch)),
            ("Keras", lambda: network.fit(numbers, labels, batch_size=128, verbose=0)),
        ):
            begin = time.perf_counter()
            train()
            seconds[name].append(time.perf_counter() - begin)
        times = (f"{name} {each[-1]:.2f} s" for name, each in seconds.items())
        print(f"epoch {epoch + 1}:", *times, f"(load average {os.getloadavg()[0]:.1f})", flush=True)
    ours, theirs = (statistics.median(each) for each in seconds.values())
    one_dnn = os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1")
    return [Comparison("IMDB n-grams, an epoch", ours, f"Keras network (oneDNN={one_dnn})", theirs, "ratio ≤ 0.5")]
