"""A team of threads computes what one thread computes, bit for bit, and leaves nothing behind, however it ends."""

import os
import signal
import subprocess
import sys
import threading
from itertools import chain, repeat

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from course_lib import parallel
from course_lib.layers import BatchNormalization, Dense, Dropout
from course_lib.network import Callback, Sequential
from course_lib.optimizers import Adam
from course_lib.regularizers import L2
from tests.grading.sandboxes import attack, attacked, combinations

FEATURES, UNITS, CLASSES, BATCH = 300, 512, 4, 128


def blas_threads():
    return [library["num_threads"] for library in ThreadpoolController().select(user_api="blas").info()]


def threads_of_teams():
    return [thread for thread in threading.enumerate() if thread.name == "course_lib.parallel"]


@pytest.fixture
def two_cores(monkeypatch):
    """Tests run with one BLAS thread; a learner has one for each core. Nothing may be left of a team afterwards."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1}, raising=False)
    monkeypatch.setattr(parallel, "PAUSE", 0)
    with ThreadpoolController().select(user_api="blas").limit(limits=2):
        before = blas_threads()
        assert set(before) == {2}
        yield
        assert blas_threads() == before
        assert threads_of_teams() == []


def examples():
    rng = np.random.default_rng(3)
    return rng.random((3 * BATCH + 20, FEATURES), dtype=np.float32), rng.integers(CLASSES, size=3 * BATCH + 20)


def fitted(callbacks=()):
    """A network whose products and updates are large enough to be shared, after an epoch; its weights and history."""
    layers = [Dense(UNITS, "relu"), Dropout(0.2), Dense(UNITS, "relu", kernel_regularizer=L2(0.001))]
    model = Sequential([*layers, BatchNormalization(), Dense(CLASSES, activation="softmax")], seed=0)
    model.compile(Adam(), "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = examples()
    history = model.fit(x, y, BATCH, 1, (x, y), callbacks, seed=0, verbose=0).history
    return [*model.get_weights(), model.predict(x)], history


def assert_same(result, expected):
    assert result[1] == expected[1]
    for array, other in zip(result[0], expected[0], strict=True):
        np.testing.assert_array_equal(array, other)


class Counting(Callback):
    """How many threads of a team there were while training."""

    def on_train_batch_end(self, batch, logs):
        self.helpers = len(threads_of_teams())


class Raising(Callback):
    def __init__(self, do):
        self.do = do

    def on_train_batch_end(self, batch, logs):
        if batch == 1:
            self.do()


def meet(barrier):
    """A piece that is only done if another thread does another one at the same time."""
    barrier.wait(timeout=60)


@pytest.fixture(scope="module")
def alone():
    """What one thread computes."""
    counting = Counting()
    result = fitted([counting])
    assert counting.helpers == 0
    return result


def test_a_team_has_a_thread_for_each_core(two_cores):
    with parallel.team():
        assert set(blas_threads()) == {1}
        parallel.share(meet, [threading.Barrier(2)] * 2)


def test_a_helper_that_holds_everybody_up_gets_a_pause(two_cores, monkeypatch):
    monkeypatch.setattr(parallel, "PAUSE", 3)
    with parallel.team():
        # A clock that says: it took 1 second until this thread was done, and 2 more until its helper was.
        monkeypatch.setattr(parallel, "perf_counter", chain([0, 1, 3], repeat(0)).__next__)
        parallel.share(meet, [threading.Barrier(2)] * 2)
        for _ in range(3):
            names = []
            parallel.share(lambda piece: names.append(threading.current_thread().name), list(range(1000)))
            assert names == ["MainThread"] * 1000
        parallel.share(meet, [threading.Barrier(2)] * 2)


def test_a_team_computes_the_same_numbers(two_cores, alone):
    counting = Counting()
    assert_same(fitted([counting]), alone)
    assert counting.helpers == 1


def test_and_so_does_a_team_of_four(two_cores, alone, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    counting = Counting()
    with ThreadpoolController().select(user_api="blas").limit(limits=8):
        assert_same(fitted([counting]), alone)
    assert counting.helpers == 3


def test_pieces_do_not_depend_on_the_number_of_cores(two_cores, monkeypatch):
    """Elsewhere BLAS may round a row otherwise when it comes with other rows."""
    cut = []
    share = parallel.share
    monkeypatch.setattr(parallel, "share", lambda work, pieces: (cut.append(pieces), share(work, pieces)))
    a, b = np.ones((784, 200), np.float32), np.ones((200, 100), np.float32)
    parallel.matmul(a, b)
    with parallel.team():
        parallel.matmul(a, b)
    assert cut[0] == cut[1] and len(cut[0]) == 4


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("rows", [1, 63, 64, 127, 128, 1000])
def test_products_are_those_of_numpy(two_cores, rows, dtype):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(rows, 700)).astype(dtype), rng.normal(size=(300, 700)).astype(dtype).T
    with parallel.team():
        product = parallel.matmul(a, b)
    assert product.dtype == dtype
    np.testing.assert_allclose(product, a @ b, rtol=0, atol=2e-4 if dtype == np.float32 else 1e-12)
    with ThreadpoolController().select(user_api="blas").limit(limits=1):
        np.testing.assert_array_equal(product, parallel.matmul(a, b))


@pytest.mark.parametrize(("rows", "pieces"), [(1, 1), (7, 3), (8, 4), (3, 5), (784, 4), (5, 0)])
def test_pieces_are_even_and_leave_nothing_out(rows, pieces):
    slices = parallel.cut(rows, pieces)
    assert [row for each in slices for row in range(rows)[each]] == list(range(rows))
    sizes = {each.stop - each.start for each in slices}
    assert max(sizes) - min(sizes) <= 1 <= min(sizes)


def test_a_team_inside_a_team_is_that_team(two_cores):
    """A callback may evaluate, predict, or fit another network."""
    with parallel.team():
        with parallel.team():
            parallel.share(meet, [threading.Barrier(2)] * 2)
        assert set(blas_threads()) == {1}
        parallel.share(meet, [threading.Barrier(2)] * 2)


def test_a_process_has_one_team_at_a_time(two_cores, alone):
    """An explorer's thread that trains while a cell does gets the same numbers, without a team of its own."""
    results = []
    with parallel.team():
        thread = threading.Thread(target=lambda: results.append(fitted()))
        thread.start()
        thread.join()
        parallel.share(meet, [threading.Barrier(2)] * 2)
    assert_same(results[0], alone)


def test_another_thread_may_have_the_team(alone, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1}, raising=False)
    results, counting = [], Counting()

    def train():
        with ThreadpoolController().select(user_api="blas").limit(limits=2):
            results.append(fitted([counting]))
            results.append(blas_threads())

    thread = threading.Thread(target=train)
    thread.start()
    thread.join()
    assert_same(results[0], alone)
    assert counting.helpers == 1 and set(results[1]) == {2} and threads_of_teams() == []


@pytest.mark.parametrize("cores, blas", [({0}, 2), ({0, 1}, 1)])
def test_one_core_or_one_thread_for_blas_is_a_team_of_one(two_cores, alone, monkeypatch, cores, blas):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: cores, raising=False)
    counting = Counting()
    with ThreadpoolController().select(user_api="blas").limit(limits=blas):
        assert_same(fitted([counting]), alone)
    assert counting.helpers == 0


def test_where_no_thread_may_be_started_one_does_all(two_cores, alone, monkeypatch):
    def start(thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        assert_same(fitted(), alone)


def test_a_blas_that_cannot_be_told_is_left_alone(two_cores, alone, monkeypatch):
    nothing = ThreadpoolController().select(user_api="none of them")
    monkeypatch.setattr(parallel, "_blas", lambda: nothing)
    counting = Counting()
    assert_same(fitted([counting]), alone)
    assert counting.helpers == 0


def test_an_error_of_a_callback_ends_the_team(two_cores, alone):
    with pytest.raises(ZeroDivisionError):
        fitted([Raising(lambda: 1 / 0)])
    assert set(blas_threads()) == {2} and threads_of_teams() == []
    assert_same(fitted(), alone)


def test_an_interrupt_ends_the_team(two_cores, alone):
    with pytest.raises(KeyboardInterrupt):
        fitted([Raising(lambda: signal.raise_signal(signal.SIGINT))])
    assert set(blas_threads()) == {2} and threads_of_teams() == []
    assert_same(fitted(), alone)


@pytest.mark.parametrize("where", ["MainThread", "course_lib.parallel"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, IndexError, MemoryError])
def test_an_error_in_a_piece_is_raised_once_nobody_is_at_work(two_cores, where, error):
    barrier, done, pieces = threading.Barrier(2), [], 10**6

    def work(piece):
        if piece < 2:
            meet(barrier)
            if threading.current_thread().name == where:
                raise error
        done.append(piece)

    with parallel.team():
        with pytest.raises(error):
            parallel.share(work, list(range(pieces)))
        finished = list(done)
        parallel.share(meet, [threading.Barrier(2)] * 2)  # the team goes on
    assert done == finished and len(done) < pieces - 1  # what nobody had begun is left undone


FORKS = """
import hashlib, os, sys, threading
from tests.test_parallel import Raising, fitted

os.sched_getaffinity = lambda pid: {0, 1}

def numbers():
    arrays, history = fitted()
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest(), history

def fork():
    child = os.fork()
    if not child:
        os._exit(0 if numbers() == expected else 3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

expected = numbers()
if sys.argv[1] == "after":
    fork()
elif sys.argv[1] == "in a callback":
    fitted([Raising(fork)])
else:
    thread = threading.Thread(target=lambda: fitted([Raising(lambda: (training.set(), forked.wait()))]))
    training, forked = threading.Event(), threading.Event()
    thread.start()
    training.wait()
    fork()
    forked.set()
    thread.join()
assert numbers() == expected
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize("when", ["after", "in a callback", "beside a fit"])
def test_a_forked_process_computes_the_same(when):
    run = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKS, when],
        env=os.environ | {"OPENBLAS_NUM_THREADS": "2"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


def multiply(blas):
    """Sent into the sandbox of the grader: a product by a team, where BLAS had so many threads."""
    import threading

    import numpy as np
    from threadpoolctl import threadpool_limits

    from course_lib import parallel

    matrix = np.ones((1024, 128), np.float32)
    with threadpool_limits(blas), parallel.team():
        parallel.share(lambda piece: None, [0, 1])
        right = bool((parallel.matmul(matrix.T, matrix) == 1024).all())
        return right, sum(thread.name == "course_lib.parallel" for thread in threading.enumerate())


@pytest.mark.parametrize("layers", combinations(), ids="+".join)
def test_in_the_sandbox_of_the_grader(layers):
    """There BLAS has one thread, and so has a team; where it is given two, a second one may be started."""
    cores = len(os.sched_getaffinity(0))
    with attacked(layers, preload=["numpy"]) as sandbox:
        for blas in (1, 2):
            answer, outcome = attack(sandbox, multiply, blas=blas)
            assert answer == {"returned": [True, min(blas, cores) - 1]} and outcome.clean
