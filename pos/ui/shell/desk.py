"""What every screen works with: the counter, the till, sounds, and one way to run a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from core.errors import Refused
from pos.counter import Counter
from pos.failures import as_refusal
from pos.messages import sentence
from pos.selling.till import Till
from pos.staff.people import Person, person
from pos.ui.foundation.sounds import Sound, Sounds
from pos.ui.foundation.tokens import Tone
from pos.ui.i18n import language

T = TypeVar("T")
MAY_LIFT = frozenset({"needs_manager", "credit_limit_exceeded", "credit_share_exceeded"})
"""Refusals that a manager may lift."""


class Desk(QObject):
    """The counter as the window sees it.

    `changed` carries the kinds of facts that were written; `said` a sentence and its tone;
    `asked_manager` a refusal that a manager may lift, and what to do again then. `older_asked`
    carries what is looked for among older entries (`pos.sync.wanted`), `older_came` that and how
    it ended.
    """

    changed = Signal(object)
    said = Signal(str, str)
    asked_manager = Signal(object, object)
    asked_date = Signal(object, object)
    older_asked = Signal(object)
    older_came = Signal(object, str)

    def __init__(self, counter: Counter, sounds: Sounds) -> None:
        """Listen to the counter; the till takes up the open cart."""
        super().__init__()
        self.counter = counter
        self.sounds = sounds
        self.till = Till(counter)
        counter.listeners.append(self.changed.emit)

    @property
    def who(self) -> Person | None:
        """Who is logged in."""
        return person(self.counter.db, self.counter.staff_id) if self.counter.staff_id else None

    def say(self, text: str, tone: Tone = "none") -> None:
        """Say a sentence in the window."""
        self.said.emit(text, tone)

    def sound(self, sound: Sound) -> None:
        """Make a sound."""
        self.sounds.play(sound)

    def refuse(self, refusal: Refused) -> None:
        """Say why something was not done."""
        self.sound("unknown")
        self.say(sentence(refusal, language()), "bad")

    def run(self, command: Callable[[], T], then: Callable[[T], None] | None = None) -> bool:
        """Run a command; a refusal becomes a sentence, a missing permission a question.

        Returns whether it was done now. After a manager's PIN the command runs again.
        """
        try:
            result = command()
        except Exception as error:
            refusal = as_refusal(error)
            if refusal.code in MAY_LIFT:
                self.asked_manager.emit(refusal, lambda: self.run(command, then))
            elif refusal.code == "clock_in_doubt":
                self.asked_date.emit(refusal, lambda: self.run(command, then))
            else:
                self.refuse(refusal)
            return False
        if then is not None:
            then(result)
        return True
