"""GPUs, which this machine need not have: what is made of the driver's answer, and of none."""

import logging

import pytest
from prometheus_client.parser import text_string_to_metric_families

from course_lib.serving.metrics import Gpus, gpus_in
from tests.serving.servers import course_serve, running

# As nvidia-smi prints them; the second GPU does not tell how busy it is.
ANSWER = "0, 37, 1024, 143771\n1, [N/A], 0, 143771\n"


def samples(families):
    return {(sample.name, sample.labels["gpu"]): sample.value for family in families for sample in family.samples}


def test_every_gpu_has_its_gauges_and_what_it_does_not_tell_is_left_out():
    assert samples(gpus_in(ANSWER)) == {
        ("digits_gpu_use_ratio", "0"): pytest.approx(0.37),
        ("digits_gpu_memory_used_bytes", "0"): 2**30,
        ("digits_gpu_memory_total_bytes", "0"): 143771 * 2**20,
        ("digits_gpu_memory_used_bytes", "1"): 0,
        ("digits_gpu_memory_total_bytes", "1"): 143771 * 2**20,
    }


def test_without_a_gpu_there_is_none():
    assert samples(gpus_in("")) == {}


@pytest.mark.parametrize(
    ("does", "gpus", "told"), [("cat answer", {"0", "1"}, ""), ("exit 9", set(), "The GPUs cannot be looked at: ")]
)
def test_a_server_asks_the_driver_and_does_without_it(saved, tmp_path, monkeypatch, does, gpus, told):
    (tmp_path / "answer").write_text(ANSWER)
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\ncd {tmp_path} && {does}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with running(course_serve(saved)) as server:
        answer = server.client.get("/metrics")
        assert answer.status_code == 200
        found = {
            sample.labels["gpu"]
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
            if "gpu" in sample.labels
        }
        assert found == gpus
        server.process.terminate()
        assert told in server.process.stderr.read()


def test_a_driver_that_fails_is_told_of_once(monkeypatch, tmp_path, caplog):
    monkeypatch.setenv("PATH", str(tmp_path))
    gpus = Gpus()
    with caplog.at_level(logging.WARNING):
        assert [list(gpus.collect()), list(gpus.collect())] == [[], []]
    assert len(caplog.records) == 1
