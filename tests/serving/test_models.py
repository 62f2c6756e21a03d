"""What a server can be made of, and that it answers what the network answered when it was saved."""

from itertools import pairwise

import numpy as np
import pytest

from course_lib import layers, network
from course_lib.serving.models import load

IMAGES = np.random.default_rng(1).random((5, 28, 28), dtype="float32")


def test_saved_weights_answer_as_the_network_did(saved, weights):
    same = network.Sequential([layers.Dense(16, activation="relu"), layers.Dense(10, activation="softmax")], seed=0)
    same.build((None, 784))
    same.set_weights(weights)
    np.testing.assert_allclose(load(saved).predict(IMAGES), same.predict(IMAGES.reshape(5, 784)), atol=1e-6)


def test_weights_of_any_number_of_layers_are_served(tmp_path):
    for count in (1, 14):  # of 14 layers, arr_10 comes after arr_9 and not after arr_1
        sizes = [784, *range(30, 30 - count + 1, -1), 10]
        rng = np.random.default_rng(2)
        weights = []
        for fan_in, fan_out in pairwise(sizes):
            weights += [rng.normal(size=(fan_in, fan_out)), rng.normal(size=fan_out)]
        np.savez(tmp_path / "deep.npz", *weights)
        np.testing.assert_allclose(load(tmp_path / "deep.npz").predict(IMAGES).sum(axis=1), 1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda w: w[:3], "must hold kernel, bias, kernel, bias, … of dense layers from 784 pixels to 10 digits: it "),
        (lambda w: [w[0][:-1], *w[1:]], "it holds (783, 16), (16,), (16, 10), (10,)."),
        (lambda w: w[:2], "it holds (784, 16), (16,)."),
        (lambda w: [w[0], w[1][:-1], *w[2:]], "it holds (784, 16), (15,), (16, 10), (10,)."),
        (lambda w: [w[1], w[0], *w[2:]], "it holds (16,), (784, 16), (16, 10), (10,)."),
        (lambda w: [], "it holds nothing."),
        (lambda w: [w[0] * np.nan, *w[1:]], "holds weights that are not finite numbers: did its training diverge?"),
        (lambda w: [np.full(w[0].shape, "a"), *w[1:]], "holds weights that are not finite numbers"),
        (lambda w: [w[0].astype(object), *w[1:]], "cannot be read as an archive of NumPy arrays: Object arrays"),
    ],
)
def test_weights_that_do_not_read_digits_are_refused_in_a_sentence(tmp_path, weights, change, told):
    np.savez(tmp_path / "other.npz", *change(weights))
    with pytest.raises(ValueError) as refusal:
        load(tmp_path / "other.npz")
    assert str(refusal.value).startswith("other.npz ") and told in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_a_damaged_archive_is_refused_in_a_sentence(tmp_path, saved, content):
    file = tmp_path / "damaged.npz"
    file.write_bytes(saved.read_bytes()[:-100] if content is None else content)
    with pytest.raises(ValueError, match=r"^damaged\.npz cannot be read as an archive of NumPy arrays: .+\.$"):
        load(file)


def test_other_files_and_none_at_all_are_refused(tmp_path):
    (tmp_path / "model.pkl").write_bytes(b"\x80")
    with pytest.raises(ValueError, match=r"model\.pkl is neither a Keras model \(\.keras\) nor an archive"):
        load(tmp_path / "model.pkl")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nothing.keras")


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(784,), (28, 28), (28, 28, 1)])
def test_a_keras_model_answers_as_it_did(tmp_path, shape):
    import keras

    dense = [keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential([keras.Input(shape), *dense])
    model.save(tmp_path / "model.keras")
    answer = load(tmp_path / "model.keras").predict(IMAGES)
    np.testing.assert_allclose(answer, model.predict(IMAGES.reshape(5, *shape), verbose=0), atol=1e-6)


@pytest.mark.slow
def test_keras_models_that_do_not_read_digits_are_refused_in_a_sentence(tmp_path):
    import keras

    def saved_model(*stack):
        keras.Sequential(stack).save(tmp_path / "other.keras")

    dense, flatten, lambda_ = keras.layers.Dense, keras.layers.Flatten, keras.layers.Lambda
    cases = [
        ((keras.Input((784,)), dense(10)), "does not answer with ten probabilities: its last layer needs 10 units"),
        ((keras.Input((784,)), dense(2, activation="softmax")), "does not answer with ten probabilities"),
        ((keras.Input((32, 32, 3)), flatten(), dense(10)), "does not take images of 28 by 28 pixels, but inputs of "),
        ((keras.Input((784,)), lambda_(lambda x: x), dense(10)), "cannot be loaded as a Keras model: "),
    ]
    for stack, told in cases:
        saved_model(*stack)
        with pytest.raises(ValueError) as refusal:
            load(tmp_path / "other.keras")
        assert str(refusal.value).startswith(f"other.keras {told}") and "\n" not in str(refusal.value)
    (tmp_path / "other.keras").write_bytes(b"no model")
    with pytest.raises(ValueError, match=r"^other\.keras cannot be loaded as a Keras model: [^\n]+\.$"):
        load(tmp_path / "other.keras")
