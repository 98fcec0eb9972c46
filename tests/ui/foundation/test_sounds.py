"""Sounds: their files, their levels, one at a time, never in the way."""

from __future__ import annotations

import subprocess
import wave
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from pos.ui.foundation import sounds
from pos.ui.foundation.sounds import Level, Sound, Sounds, samples, write_wav

SOUNDS: tuple[Sound, ...] = get_args(Sound)


@pytest.mark.parametrize("sound", SOUNDS)
def test_files_are_small_mono_and_22_khz(tmp_path: Path, sound: Sound) -> None:
    file = tmp_path / "x" / f"{sound}.wav"
    write_wav(file, sound, "high")
    assert file.stat().st_size < 30_000
    with wave.open(str(file)) as read:
        assert (read.getnchannels(), read.getframerate(), read.getsampwidth()) == (1, 22_050, 2)
        assert read.getnframes() == len(samples(sound, "high"))
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("sound", SOUNDS)
def test_tones_begin_and_end_softly_and_never_clip(sound: Sound) -> None:
    made = samples(sound, "high")
    assert abs(made[0]) < 400 and abs(made[-1]) < 400
    assert 10_000 < max(made) <= 32_767


def test_levels_differ_in_loudness() -> None:
    levels: tuple[Level, ...] = ("off", "low", "middle", "high")
    loud = [max(samples("found", level)) for level in levels]
    assert loud == sorted(set(loud))
    assert loud[0] == 0


def test_found_is_880_hertz() -> None:
    made = samples("found", "high")
    rising = sum(1 for one, two in pairwise(made) if one < 0 <= two)
    assert rising == pytest.approx(880 * 0.06, abs=2)


def test_a_sound_is_made_once_and_played(tmp_path: Path) -> None:
    played: list[Path] = []
    box = Sounds(tmp_path, "low", played.append)
    assert box.play("found")
    made = played[0].stat().st_mtime_ns
    assert box.play("found")
    assert played == [tmp_path / "found-low.wav"] * 2
    assert played[0].stat().st_mtime_ns == made


@pytest.mark.parametrize("kept_bytes", [0, 700])
def test_a_file_that_a_power_cut_damaged_is_made_again(tmp_path: Path, kept_bytes: int) -> None:
    played: list[Path] = []
    box = Sounds(tmp_path, "low", played.append)
    box.play("found")
    whole = played[0].read_bytes()
    played[0].write_bytes(whole[:kept_bytes])
    assert box.play("found")
    assert played[1].read_bytes() == whole


def test_off_plays_nothing_and_writes_nothing(tmp_path: Path) -> None:
    played: list[Path] = []
    box = Sounds(tmp_path, "off", played.append)
    box.prepare()
    assert not box.play("paid")
    assert played == [] and list(tmp_path.iterdir()) == []


def test_prepare_makes_all_of_a_level(tmp_path: Path) -> None:
    Sounds(tmp_path, "high", lambda _file: None).prepare()
    assert {file.name for file in tmp_path.iterdir()} == {f"{one}-high.wav" for one in SOUNDS}


def test_a_player_that_fails_is_silence(tmp_path: Path) -> None:
    def broken(_file: Path) -> None:
        raise OSError("no device")

    assert not Sounds(tmp_path, "high", broken).play("found")


def test_a_folder_that_cannot_be_written_is_silence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    box = Sounds(tmp_path / "file" / "cache", "high", lambda _file: None)
    box.prepare()
    assert not box.play("found")


def test_a_new_sound_stops_the_one_before(tmp_path: Path) -> None:
    program = sounds._Program(("sleep",))
    program(Path("30"))
    first = program._running
    program(Path("30"))
    second = program._running
    assert first is not None and second is not None
    assert first.poll() is not None
    assert second.poll() is None
    second.kill()
    second.wait()


def test_a_player_that_will_not_stop_holds_nothing_up(tmp_path: Path) -> None:
    class Stuck:
        def poll(self) -> None:
            return None

        def kill(self) -> None:
            return None

        terminate = kill

        def wait(self, timeout: float | None = None) -> int:
            assert timeout is not None and timeout <= 0.1, "would wait for ever"
            raise subprocess.TimeoutExpired("aplay", timeout)

    program = sounds._Program(("true",))
    program._running = Stuck()  # type: ignore[assignment]
    program(Path("x"))
    assert isinstance(program._running, subprocess.Popen)
    program._running.wait()


def test_without_a_player_there_is_silence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert Sounds(tmp_path, "low").play("found")
