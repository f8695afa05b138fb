"""Who does a task, among processes that know nothing of each other but the files of one folder.

A task is taken up by creating a file, which only one of them can. While it is done, the file is written again with
other bytes: who sees it stand still for long takes the task over. No clock is compared with that of another machine.
Where a file system lets two create one file, a task is done twice, which changes nothing. A folder in a store that only
one run may write into is kept in the same way.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from secrets import token_bytes

from cleaner.place import Place

BEAT = 5.0
"""Seconds between two signs of life of a process that works on a task."""
LOST = 60.0
"""Seconds without one after which a task is taken over."""
LOOK = 1.0
"""Seconds between two looks at whether another one shows life."""


class TakenError(Exception):
    """Another process shows life in what one wants for oneself."""


class Leases:
    """What this process has seen of the tasks that others took up."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.signs: dict[str, tuple[bytes, float]] = {}

    def take(self, name: str, *, known: bool) -> bool:
        """Whether a task is ours: nobody had taken it up (it is not `known`), or who had shows no life any more."""
        if not known:
            return self.place.create(name, token_bytes(8))
        try:
            sign = self.place.read(name)
        except FileNotFoundError:
            return False  # given back just now
        seen, since = self.signs.setdefault(name, (sign, time.monotonic()))
        if seen != sign:
            self.signs[name] = sign, time.monotonic()
            return False
        return time.monotonic() - since > LOST

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Show life while a task is done; one that fails is given back."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.is_set():
                with suppress(OSError):  # a store that does not answer once is asked again
                    self.place.write(name, token_bytes(8))
                ended.wait(BEAT)

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        except BaseException:
            ended.set()
            thread.join()
            self.place.remove(name)
            raise
        ended.set()
        thread.join()


@contextmanager
def alone(place: Place, name: str) -> Iterator[None]:
    """Keep others out who ask by the same name. Raises TakenError where one is at work, OSError.

    What a process left that was killed is told from one at work by its signs of life, so that it takes LOST seconds.
    """
    while not place.create(name, token_bytes(8)):
        seen, since = _sign(place, name), time.monotonic()
        while seen is not None and _sign(place, name) == seen:
            if time.monotonic() - since > LOST:
                place.remove(name)
                break
            time.sleep(LOOK)
        else:
            if _sign(place, name) is not None:
                raise TakenError
    try:
        with Leases(place).held(name):
            yield
    finally:
        place.remove(name)


def _sign(place: Place, name: str) -> bytes | None:
    try:
        return place.read(name)
    except FileNotFoundError:
        return None
