"""The Job of Kubernetes: its pods know each other as TF_CONFIG says, may do little, and are bounded."""

import argparse
import re
import sys
from pathlib import Path

import pytest
import yaml

from course_lib.training import __main__ as script
from course_lib.training.devices import read_tf_config

FILE = Path(__file__).parents[2] / "docker/k8s/training.yaml"


@pytest.fixture(scope="module")
def parts():
    """{kind: document}"""
    return {each["kind"]: each for each in yaml.safe_load_all(FILE.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def pod(parts):
    return parts["Job"]["spec"]["template"]["spec"]


@pytest.fixture(scope="module")
def container(pod):
    (only,) = pod["containers"]
    return only


def test_every_pod_is_a_worker_of_tf_config_under_its_own_name(parts, pod, container, monkeypatch):
    job, service = parts["Job"], parts["Service"]
    assert job["spec"]["completionMode"] == "Indexed"
    assert job["spec"]["completions"] == job["spec"]["parallelism"], "all workers have to run at once"
    assert service["spec"]["clusterIP"] == "None" and pod["subdomain"] == service["metadata"]["name"]
    assert service["spec"]["selector"].items() <= job["spec"]["template"]["metadata"]["labels"].items()
    port = service["spec"]["ports"][0]["port"]
    assert container["ports"][0]["containerPort"] == port
    index, config, *_ = container["env"]  # a variable can be used by those behind it
    assert "job-completion-index" in index["valueFrom"]["fieldRef"]["fieldPath"]
    for number in range(job["spec"]["completions"]):
        monkeypatch.setenv(config["name"], config["value"].replace(f"$({index['name']})", str(number)))
        workers, mine = read_tf_config()
        assert mine == number
        assert workers == [
            f"{job['metadata']['name']}-{each}.{pod['subdomain']}:{port}" for each in range(len(workers))
        ]
        assert len(workers) == job["spec"]["completions"]


def test_what_it_runs_is_the_script_with_arguments_that_it_knows(container, monkeypatch):
    assert container["command"] == ["python", "-m", "course_lib.training"]
    monkeypatch.setattr(sys, "argv", ["training", *container["args"]])
    given = script.arguments()
    assert isinstance(given, argparse.Namespace) and given.save_every < given.steps
    (kept,) = [each for each in container["volumeMounts"] if str(given.folder).startswith(each["mountPath"] + "/")]
    assert kept["name"] == "kept"


def test_what_is_saved_is_shared_and_outlives_a_pod(parts, pod):
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    claim = parts["PersistentVolumeClaim"]
    assert volumes["kept"]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    assert pod["restartPolicy"] == "OnFailure" and parts["Job"]["spec"]["backoffLimit"] > 0


def test_it_may_do_little(parts, pod, container):
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True and pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    own = container["securityContext"]
    assert own["allowPrivilegeEscalation"] is False and own["readOnlyRootFilesystem"] is True
    assert own["capabilities"] == {"drop": ["ALL"]}
    assert {"cpu", "memory"} <= container["resources"]["limits"].keys()
    assert parts["Job"]["spec"]["activeDeadlineSeconds"] > 0
    policy = parts["NetworkPolicy"]["spec"]
    label = parts["Job"]["spec"]["template"]["metadata"]["labels"]
    assert policy["podSelector"]["matchLabels"] == label and set(policy["policyTypes"]) == {"Ingress", "Egress"}
    assert policy["ingress"][0]["from"] == [{"podSelector": {"matchLabels": label}}]


def test_it_holds_no_secret():
    assert not re.search(r"(?i)password|secret|token:\s*\S*[^e\s]$", FILE.read_text(encoding="utf-8"), re.MULTILINE)
