"""The 3-3-2-2 net in Keras itself, and on paper, where mistakes are tried."""

import numpy as np
import pytest

from course_lib.exercises import find
from course_lib.exercises.backpropagation.nets import functional_net, sequential_net, subclass_net
from course_lib.exercises.backpropagation.nets_on_paper import FORMS, PastTheSecond, faulty_net
from tests.exercises.reports import assert_passes, assert_refused

FORM_OF = {"sequential_net": sequential_net, "functional_net": functional_net, "subclass_net": subclass_net}
each_net = pytest.mark.parametrize("name", FORM_OF)


@pytest.fixture(scope="module", autouse=True)
def keras():
    import keras

    return keras


@each_net
def test_the_solution_passes_and_no_other_form_does(name):
    assert_passes(find(name), FORM_OF[name])
    for other, net in FORM_OF.items():
        if other != name:
            assert_refused(find(name), net, "not made", f"{name}_in_another_form", seeds=[0])


@each_net
def test_the_shown_solution_has_26_parameters(name):
    model = FORM_OF[name]()
    model(np.zeros((1, 3), "float32"))
    assert model.count_params() == 26


@pytest.mark.parametrize("flag", ["", "relus", "logits", "sigmoids", "second_linear", "swapped", "second_missing"])
def test_on_paper_it_computes_what_keras_does(keras, flag):
    paper = faulty_net("sequential", **({flag: True} if flag else {}))
    activation = {"none": None}
    layers = [keras.layers.Dense(units, activation.get(name, name)) for units, name in paper.layers]
    model = keras.Sequential([keras.Input((3,)), *layers])
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=weight.shape).astype("float32") for weight in paper.trainable_variables]
    model.set_weights(weights)
    x = rng.normal(size=(5, 3)).astype("float32")
    np.testing.assert_allclose(paper.stateless_call(weights, [], x)[0], model(x), rtol=1e-5, atol=1e-6)
    assert paper.count_params() == model.count_params()
    assert FORMS["sequential"]().count_params() == 26 and PastTheSecond().count_params() == 28
