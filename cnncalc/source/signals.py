"""Exceptions by which the interpreter leaves a part of a program."""

from __future__ import annotations

from cnncalc.number_text import thousands
from cnncalc.source.values import CodePlace, Unfollowed


class Stop(Exception):  # noqa: N818 - the end of interpretation, not an internal error
    """Interpretation ends: a limit is reached. `place` is that of the innermost statement or call, once it is known."""

    def __init__(self, reason: str, place: CodePlace | None = None, *, is_of_steps: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.is_of_steps = is_of_steps
        self.spent = 0
        """The steps that the loop or call at `place` took."""

    def leaves(self, what: str, place: CodePlace, steps: int) -> None:
        """Note a loop or a call that is left, with the steps that it took.

        One further out replaces it only if it took more than twice as many: it is not one of few turns or calls.
        """
        if self.is_of_steps and steps > 2 * self.spent:
            self.spent, self.place = steps, place
            self.reason = f"this program takes too many steps, {thousands(steps)} of them in {what}"


class CannotFollow(Exception):  # noqa: N818 - what encloses it becomes an unknown value
    """The enclosing function cannot be followed; its result is unknown."""

    def __init__(self, reason: str, place: CodePlace, value: Unfollowed | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place
        self.value = value

    def unknown(self) -> Unfollowed:
        """The result of what cannot be followed."""
        return self.value or Unfollowed(self.reason, self.place)


class Raised(Exception):  # noqa: N818 - an exception of the interpreted program
    """The program raises an exception of the class `kind`."""

    def __init__(self, kind: str, message: str, place: CodePlace, value: object = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.place = place
        self.value = value

    def words(self) -> str:
        """The kind and the message, as Python shows an exception."""
        return f"{self.kind}: {self.message}" if self.message else self.kind


class Returned(Exception):  # noqa: N818 - control flow
    """A function returns."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class LoopLeft(Exception):  # noqa: N818 - control flow
    """A loop ends."""


class NextTurn(Exception):  # noqa: N818 - control flow
    """A loop goes on with its next turn."""
