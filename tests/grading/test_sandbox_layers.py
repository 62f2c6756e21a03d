"""Which layers hold, found by trying; what is refused where they do not; the filter of system calls, interpreted."""

import errno
import os
import sys
from pathlib import Path

import pytest

from course_lib.commands import doctor
from course_lib.grading.sandbox import LAYERS, Limits, Outcome, Sandbox, SandboxError, enter, examine, seccomp, trial

HOLDING = trial.layers_that_hold


def test_each_layer_denies_what_the_control_can_do():
    found = {layer.name: layer for layer in examine()}
    assert list(found) == ["user", *LAYERS, "supervisor"]
    assert {name for name in LAYERS if found[name].holds} == set(HOLDING())
    assert found["user"].holds
    assert found["supervisor"].holds
    assert all(bool(layer.advice) != layer.holds for layer in found.values())


@pytest.mark.slow
@pytest.mark.parametrize("missing", [("bubblewrap",), ("seccomp",), ("bubblewrap", "landlock"), LAYERS])
def test_without_a_layer_the_others_are_still_found_and_too_few_are_refused(monkeypatch, missing):
    found = {layer.name: layer.holds for layer in examine(without=missing)}
    left = tuple(name for name in HOLDING() if name not in missing)
    assert tuple(name for name in LAYERS if found[name]) == left
    assert found["supervisor"]

    monkeypatch.setattr(trial, "layers_that_hold", lambda: left)
    if "seccomp" in left and len(left) > 1:
        with Sandbox("os:close") as sandbox:
            assert sandbox.layers == left
    else:
        with pytest.raises(SandboxError, match=r"learner's code is not run.*course doctor"):
            Sandbox("os:close")
        with Sandbox("os:close", without_protection=True) as sandbox, sandbox.start() as child:
            assert child.wait().exit_code == 0
            assert sandbox.uid != 0


def test_a_layer_that_lets_something_through_does_not_hold(monkeypatch):
    monkeypatch.setitem(trial.DENIES, "seccomp", ("read a file outside",))
    (seccomp_layer,) = (layer for layer in examine() if layer.name == "seccomp")
    assert not seccomp_layer.holds
    assert seccomp_layer.found == "a trial could read a file outside"
    assert "CONFIG_SECCOMP_FILTER" in seccomp_layer.advice


def test_a_sandbox_that_cannot_be_entered_holds_nothing_and_says_why(monkeypatch):
    monkeypatch.setattr(enter, "START", "import sys; sys.exit('bwrap: no permissions to create new namespace')")
    with pytest.raises(SandboxError, match="the warm parent died: bwrap: no permissions"):
        Sandbox("os:close", layers=("bubblewrap", "seccomp"))
    user, *rest = examine()
    assert not user.holds
    assert "no permissions" in user.found
    assert not any(layer.holds for layer in rest)


def test_elsewhere_than_on_linux_it_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxError, match="on Linux only"):
        Sandbox("os:close", layers=LAYERS)


def test_the_doctor_says_each_layer_on_a_line(monkeypatch):
    findings = {finding.subject: finding for finding in doctor.sandbox(None)}
    assert list(findings) == [f"sandbox: {name}" for name in ("user", *LAYERS, "supervisor")] + ["sandbox"]
    assert findings["sandbox: user"].state == "ok"
    assert findings["sandbox"].state == "ok"

    layers = [trial.Layer(name, False, "switched off", f"switch {name} on") for name in LAYERS]
    monkeypatch.setattr(doctor, "examine_sandbox", lambda: layers)
    *missing, verdict = doctor.sandbox(None)
    assert [finding.advice for finding in missing] == [
        "switch bubblewrap on",
        "switch landlock on",
        "switch seccomp on",
    ]
    # A learner who only opens the chapters needs none of it.
    assert {finding.state for finding in (*missing, verdict)} == {"warn"}
    assert "refuse" in verdict.found


# --- entering ---


def test_the_environment_is_what_python_needs_and_nothing_else():
    paths = enter.environment()
    assert any(sys.prefix == path or sys.prefix.startswith(path + "/") for path in paths)
    for private in (Path.home(), Path("/etc"), Path(__file__).parents[2], Path("/")):
        assert str(private) not in paths
    assert enter.without_inner(["/usr/lib", "/usr", "/usrlocal", "/lib"]) == ["/lib", "/usr", "/usrlocal"]


def test_a_user_id_that_nobody_has_is_taken():
    uid = enter.free_uid()
    assert enter.FIRST_UID <= uid <= enter.LAST_UID
    assert uid != 65534
    assert all(os.stat(f"/proc/{pid}").st_uid != uid for pid in (os.getpid(), 1))


# --- the filter ---


def judge(machine, name, *arguments, own_pid=None, architecture=None):
    """Run the filter as the kernel would; return "allow", "kill", or the errno that the caller gets."""
    numbers = (seccomp.DENIED | seccomp.ABSENT | seccomp.PRETENDED | seccomp.JUDGED).get(name, (name, name))
    column = list(seccomp.AUDIT_ARCH).index(machine)
    words = {0: numbers[column], 4: architecture or seccomp.AUDIT_ARCH[machine]}
    words |= {16 + 8 * place: value & 0xFFFFFFFF for place, value in enumerate(arguments)}
    program, line, held = seccomp.build(own_pid, machine), 0, 0
    while True:
        code, yes, no, k = program[line]
        line += 1
        if code == seccomp.LOAD:
            held = words[k]
        elif code == seccomp.AND:
            held &= k
        elif code == seccomp.RETURN:
            return {seccomp.ALLOW: "allow", seccomp.KILL: "kill"}.get(k, k & 0xFFFF)
        else:
            holds = {
                seccomp.IF_EQUAL: held == k,
                seccomp.IF_GREATER: held > k,
                seccomp.IF_BITS: bool(held & k),
            }[code]
            line += yes if holds else no


SIGCHLD, THREAD = 17, 0x3D0F00  # the flags of a plain fork, and of pthread_create


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_allows_and_refuses(machine):
    assert judge(machine, {"x86_64": 0, "aarch64": 63}[machine]) == "allow"  # read
    assert judge(machine, "socket", 2, 1) == errno.EPERM
    assert judge(machine, "ptrace", 16, 1) == errno.EPERM
    assert judge(machine, "clone3") == errno.ENOSYS
    assert judge(machine, "fchmodat") == 0  # success, and nothing done
    assert judge(machine, 452) == errno.ENOSYS
    assert judge(machine, 0x40000000 | 41) == errno.ENOSYS  # the same call through x32
    assert judge(machine, "socket", 2, 1, architecture=0x40000003) == "kill"  # i386

    assert judge(machine, "socketpair", 1, 1 | 0o2000000) == "allow"
    assert judge(machine, "socketpair", 1, 2) == errno.EPERM
    assert judge(machine, "socketpair", 2, 1) == errno.EPERM
    assert judge(machine, "clone", SIGCHLD) == "allow"
    assert judge(machine, "clone", THREAD) == "allow"
    for namespace in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert judge(machine, "clone", SIGCHLD | namespace) == errno.EPERM
    assert judge(machine, "prlimit64", 0, 7) == "allow"
    assert judge(machine, "prlimit64", 1234, 0) == errno.EPERM
    assert judge(machine, "prctl", 4) == errno.EPERM
    assert judge(machine, "prctl", 15) == "allow"
    assert judge(machine, "fcntl", 1, 8) == errno.EPERM
    assert judge(machine, "ioctl", 0, 0x5412) == errno.EPERM
    assert judge(machine, "openat", -100, 0, os.O_RDONLY | os.O_TRUNC) == errno.EPERM
    assert judge(machine, "openat", -100, 0, os.O_WRONLY | os.O_TRUNC) == "allow"
    assert judge(machine, "openat", -100, 0, os.O_RDONLY) == "allow"


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_signals_go_to_oneself_and_the_group_where_nothing_else_keeps_them_inside(machine):
    assert judge(machine, "kill", 77, 9) == "allow"
    for target in (0, 55, -55):
        assert judge(machine, "kill", target, 9, own_pid=55) == "allow"
    for target in (1, 77, -1, -77):
        assert judge(machine, "kill", target, 9, own_pid=55) == errno.EPERM
    assert judge(machine, "tgkill", 55, 56, 6, own_pid=55) == "allow"
    assert judge(machine, "tgkill", 77, 77, 6, own_pid=55) == errno.EPERM


def test_an_unknown_machine_has_no_filter():
    with pytest.raises(OSError, match="no list of system calls for riscv64"):
        seccomp.build(None, "riscv64")


def test_limits_say_what_was_too_much():
    limits = Limits(memory=512 * 2**20, wall=7)
    ended = Outcome(None, 9, "memory", 1.0, 1.0, 2**30, 0, "")
    assert ended.in_words(limits) == "used more memory than 512 MiB"
    assert Outcome(None, 11, None, 1.0, 1.0, 0, 0, "").in_words(limits) == "was ended by SIGSEGV"
    assert Outcome(3, None, None, 1.0, 1.0, 0, 0, "").in_words(limits) == "ended with exit code 3"
    assert not ended.clean
