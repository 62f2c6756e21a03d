"""The training dashboard, for the tests of what it says and of what it draws."""

import pytest

from course_lib.widgets.training_dashboard import TrainingDashboard


@pytest.fixture
def dashboard():
    return TrainingDashboard()
