"""The counter's sounds: made by our own code, played without waiting, one at a time.

Six short WAV files (22.05 kHz, mono, 16 bit, each under 30 KB) a level are written into the
cache folder when first wanted. A sound never holds up a scan: a missing player is silence.
"""

from __future__ import annotations

import contextlib
import math
import shutil
import struct
import subprocess
import sys
import wave
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

RATE: Final = 22_050
Sound = Literal["found", "unknown", "attention", "order", "paid", "shift"]
Level = Literal["off", "low", "middle", "high"]
Player = Callable[[Path], None]
Tone = tuple[tuple[float, ...], int]

_GAP: Tone = ((), 40)
_SCORES: Final[dict[Sound, tuple[Tone, ...]]] = {
    "found": (((880.0,), 60),),
    "unknown": (((220.0,), 120), _GAP, ((220.0,), 120)),
    "attention": (((440.0,), 70), _GAP, ((440.0,), 70), _GAP, ((440.0,), 70)),
    "order": (((523.25,), 90), ((659.25,), 90), ((783.99,), 90), ((1046.5,), 150)),
    "paid": (((523.25, 659.25), 90), ((659.25, 783.99, 1046.5), 200)),
    "shift": (((392.0, 587.33), 220),),
}
_LOUDNESS: Final[dict[Level, float]] = {"off": 0.0, "low": 0.15, "middle": 0.4, "high": 0.9}
_RAMP_MS = 6
_FULL = 32_767
_HEADER_BYTES = 44
_STOP_SECONDS = 0.05
_LINUX_PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"))


def samples(sound: Sound, level: Level) -> array[int]:
    """The sound as 16-bit samples at 22.05 kHz; ends of tones are softened, else they click."""
    wave_form = array("h")
    for pitches, length_ms in _SCORES[sound]:
        count = RATE * length_ms // 1000
        ramp = RATE * _RAMP_MS // 1000
        for at in range(count):
            swell = min(1.0, at / ramp, (count - 1 - at) / ramp)
            height = sum(math.sin(2 * math.pi * pitch * at / RATE) for pitch in pitches)
            share = height / len(pitches) if pitches else 0.0
            wave_form.append(round(_FULL * _LOUDNESS[level] * swell * share))
    return wave_form


def write_wav(file: Path, sound: Sound, level: Level) -> None:
    """Write one sound whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    made = samples(sound, level)
    with part.open("wb") as raw, wave.open(raw, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(struct.pack(f"<{len(made)}h", *made))
    part.replace(file)


def _is_whole(file: Path, sound: Sound) -> bool:
    """Whether the file is there with all its samples; a power cut can leave an empty one."""
    count = sum(RATE * length_ms // 1000 for _pitches, length_ms in _SCORES[sound])
    try:
        return file.stat().st_size == _HEADER_BYTES + 2 * count
    except FileNotFoundError:
        return False


def system_player() -> Player:
    """How this machine plays a file: Windows' own call, else the first program found."""
    if sys.platform == "win32":
        return _windows_player()
    for words in _LINUX_PLAYERS:
        program = shutil.which(words[0])
        if program:
            return _Program((program, *words[1:]))
    return _silence


def _windows_player() -> Player:
    import winsound

    flags = winsound.SND_ASYNC | winsound.SND_FILENAME | winsound.SND_NODEFAULT  # type: ignore[attr-defined, unused-ignore]
    return lambda file: winsound.PlaySound(str(file), flags)  # type: ignore[attr-defined, unused-ignore]


def _silence(_file: Path) -> None:
    return None


class _Program:
    """Starts a player and stops the one before, so that never two sound at once."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words
        self._running: subprocess.Popen[bytes] | None = None

    def __call__(self, file: Path) -> None:
        if self._running is not None and self._running.poll() is None:
            self._running.kill()
            # A player stuck in its driver dies later; the window does not wait for it.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._running.wait(_STOP_SECONDS)
        self._running = subprocess.Popen(
            [*self._words, str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


class Sounds:
    """Plays a sound by its meaning at the level that the shop chose."""

    def __init__(self, folder: Path, level: Level = "middle", player: Player | None = None) -> None:
        """`folder` is the cache; `player` is the machine's own unless one is given."""
        self._folder = folder
        self._player = player
        self.level: Level = level

    def play(self, sound: Sound) -> bool:
        """Start a sound and return at once; False where it is off or cannot be played."""
        if self.level == "off":
            return False
        try:
            self._play(self._file(sound))
        except (OSError, RuntimeError):
            return False
        return True

    def prepare(self) -> None:
        """Write the files of the level, so that the first scan need not; call when idle.

        A folder that cannot be written is no error here: `play` then is silent.
        """
        if self.level == "off":
            return
        with contextlib.suppress(OSError):
            for sound in _SCORES:
                self._file(sound)

    def _file(self, sound: Sound) -> Path:
        file = self._folder / f"{sound}-{self.level}.wav"
        if not _is_whole(file, sound):
            write_wav(file, sound, self.level)
        return file

    def _play(self, file: Path) -> None:
        if self._player is None:
            self._player = system_player()
        self._player(file)
