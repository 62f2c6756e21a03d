"""The dashboard and the scrape configuration that lie beside it ask only for what the server has."""

import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from course_lib.serving.app import PATHS
from course_lib.serving.metrics import Gpus

FOLDER = Path(__file__).resolve().parents[2] / "docker" / "grafana"
PANELS = json.loads((FOLDER / "descent-serving.json").read_text(encoding="utf-8"))["panels"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]
WORDS = {"by", "ignoring", "group_left", "or"}


def names_in(query):
    """The metrics of a query in PromQL, each with the labels that are asked for."""
    bare = re.sub(r"\[[^]]*\]|(by|ignoring) \([^)]*\)", "", query)
    matchers = dict(re.findall(r"([a-z_]+)\{([^}]*)\}", bare))
    bare = re.sub(r"\{[^}]*\}", "", bare)
    names = [name for name in re.findall(r"[a-z_]{2,}\b(?!\s*\()", bare) if name not in WORDS]
    return {name: re.findall(r"(\w+)=", matchers.get(name, "")) for name in names}


@pytest.fixture(scope="module")
def known(server):
    """{name: labels} of every sample that a server has, with those that a machine with a GPU has, too."""
    server.client.post("/predict", json={"pixels": [[0] * 28] * 28})
    samples = {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(server.client.get("/metrics").text)
        for sample in family.samples
    }
    return samples | {family.name: {"gpu"} for family in Gpus().describe()}


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_names_what_the_server_has(query, known):
    names = names_in(query)
    assert names
    for name, labels in names.items():
        assert name in known and set(labels) <= known[name], name
    grouped = {
        label.strip()
        for _, labels in re.findall(r"(by|ignoring) \(([^)]*)\)", query)
        for label in labels.split(",")
    }  # fmt: skip
    assert grouped <= set().union(*(known[name] for name in names))
    assert query.count("(") == query.count(")")


def test_a_query_for_what_is_not_there_would_be_noticed(known):
    assert set(names_in("sum by (status) (rate(digits_request_total[5m]))")) - set(known) == {"digits_request_total"}


def test_every_metric_of_the_course_is_on_the_dashboard(known):
    shown = set().union(*map(names_in, QUERIES))
    shown = {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in shown}
    for name in known:
        assert re.sub(r"_(total|bucket|sum|count|created)$", "", name) in {
            *shown,
            *(re.sub(r"_total$", "", other) for other in shown),
        }, f"{name} is measured, and nobody looks at it"


def test_panels_do_not_lie_on_one_another_and_each_says_what_it_shows():
    taken = set()
    for panel in PANELS:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken and max(x for x, _ in cells) < 24
        taken |= cells
        assert panel["title"] and panel["description"].endswith(".")


def test_prometheus_is_told_a_path_of_the_server_and_brings_a_token():
    (job,) = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert job["metrics_path"] in PATHS
    assert job["authorization"]["credentials_file"]
