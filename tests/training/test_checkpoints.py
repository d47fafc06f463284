"""Checkpoints are whole or not there; what is broken is named."""

import errno
import json

import pytest

from flowbuilder.training.recipes.checkpoints import (
    disk_full,
    hash_folder,
    hashes_hold,
    put_in_place,
    whole_checkpoint,
)


@pytest.fixture
def work(tmp_path):
    for step in (2, 4, 10):
        folder = tmp_path / f"checkpoint-{step}"
        (folder / "adapter").mkdir(parents=True)
        (folder / "weights").write_bytes(bytes(range(200)))
        (folder / "adapter" / "weights").write_bytes(b"thin")
        hash_folder(folder)
    return tmp_path


def alarms(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_newest_is_taken_by_its_step_and_not_by_its_name(work, capsys):
    assert whole_checkpoint(work) == str(work / "checkpoint-10")
    assert alarms(capsys) == []


def flipped(folder):
    data = bytearray((folder / "weights").read_bytes())
    data[100] ^= 1
    (folder / "weights").write_bytes(data)


def truncated(folder):
    (folder / "adapter" / "weights").write_bytes(b"th")


def lost(folder):
    (folder / "weights").unlink()


@pytest.mark.parametrize(
    ("damage", "part"), [(flipped, "weights"), (truncated, "adapter/weights"), (lost, "weights")]
)
def test_a_damaged_one_is_named_and_the_one_before_is_taken(work, capsys, damage, part):
    damage(work / "checkpoint-10")
    assert whole_checkpoint(work) == str(work / "checkpoint-4")
    (told,) = alarms(capsys)
    assert (told["kind"], told["step"]) == ("checkpoint_broken", 10)
    assert f"step 10 is damaged ({part} is" in told["message"] and "from that of step 4" in told["message"]
    assert not (work / "checkpoint-10").exists()


def test_one_that_was_not_finished_is_no_cause_for_alarm_but_in_the_log(work, capsys):
    (work / "checkpoint-10" / "SHA256SUMS").unlink()
    assert whole_checkpoint(work) == str(work / "checkpoint-4")
    said = capsys.readouterr()
    assert said.out == "" and "step 10 was not finished" in said.err


@pytest.mark.parametrize("sums", ["", "nonsense\n", "0  weights\n"])
def test_a_hash_list_that_is_none_does_not_hold(work, sums):
    (work / "checkpoint-2" / "SHA256SUMS").write_text(sums)
    assert not hashes_hold(work / "checkpoint-2")


def test_where_all_are_broken_it_begins_anew(work, capsys):
    for step in (2, 4, 10):
        flipped(work / f"checkpoint-{step}")
    assert whole_checkpoint(work) is None
    assert "begins anew" in alarms(capsys)[0]["message"]


def test_a_folder_is_put_in_the_place_of_another(tmp_path):
    for name, text in (("new", "2"), ("checkpoint-1", "1")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(text)
    put_in_place(tmp_path / "new", tmp_path / "checkpoint-1")
    assert (tmp_path / "checkpoint-1" / "file").read_text() == "2" and hashes_hold(tmp_path / "checkpoint-1")
    assert not (tmp_path / "new").exists()


def test_a_full_disk_is_known_however_it_is_said():
    assert disk_full(OSError(errno.ENOSPC, "no"))
    assert disk_full(RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 64 vs 0"))
    outer = ValueError("could not save")
    outer.__cause__ = OSError(errno.ENOSPC, "no")
    assert disk_full(outer)
    assert not disk_full(OSError(errno.EACCES, "no"))
