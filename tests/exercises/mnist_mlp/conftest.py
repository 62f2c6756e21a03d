"""What the tests of chapter 08's exercises share."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def keras():
    """Keras, imported before any answer's time is taken."""
    import keras

    return keras
