"""Kernels: functions that numba compiles. Where numba is missing or broken, callers take the plain path.

A module of kernels decorates them with `kernel` and is imported inside the function that needs it, once `usable()` said
yes. Every kernel has a plain twin that defines what it must give; a property test holds them equal.

Loading numba takes half a second, and the first compilation of a machine several. A process that cleans little never
does it: `on()` says whether there was, or will be, enough text to repay it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

ENOUGH = 2_000_000
"""Characters from which the start of numba is repaid: plain Python cleans so many in about three seconds."""


class _Work:
    seen = 0


@cache
def usable() -> bool:
    """Whether numba works here. Says once, as a warning, when it does not: everything still works, but slowly."""
    try:
        import numba  # noqa: F401
    except Exception as error:  # a broken binary raises whatever it likes
        warnings.warn(f"numba does not work here ({error}); the slow path is taken", RuntimeWarning, stacklevel=2)
        return False
    return True


def expect(characters: int) -> None:
    """Count text that this process cleans, or is about to."""
    _Work.seen += characters


def on() -> bool:
    """Whether this process has so much text to clean that kernels pay, and can have them."""
    return _Work.seen >= ENOUGH and usable()


def kernel(function: Function) -> Function:
    """Compile a function of arrays and numbers on its first call, and keep the machine code beside the source.

    Where no folder for it can be written, it is compiled again in every process.
    """
    from numba import njit

    try:
        compiled = njit(function, cache=True, nogil=True, error_model="numpy")
    except RuntimeError:  # numba found no place for its cache
        compiled = njit(function, nogil=True, error_model="numpy")
    return cast("Function", compiled)
