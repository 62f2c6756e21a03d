"""Explorers that several files test."""

import pytest

from course_lib.widgets.convolution_explorer import ConvolutionExplorer
from course_lib.widgets.network_microscope import network_microscope
from course_lib.widgets.search_explorer import SearchExplorer
from course_lib.widgets.training_dashboard import TrainingDashboard


@pytest.fixture
def dashboard():
    return TrainingDashboard()


@pytest.fixture(scope="module")
def only_microscope():
    return network_microscope()


@pytest.fixture
def microscope(only_microscope):
    only_microscope.state = "network-microscope"
    return only_microscope


@pytest.fixture(scope="module")
def only_convolution_explorer():
    return ConvolutionExplorer()


@pytest.fixture(scope="module")
def only_search_explorer():
    return SearchExplorer()


@pytest.fixture
def search_explorer(only_search_explorer):
    only_search_explorer.state = "search-explorer"
    return only_search_explorer
