"""Kernels: functions that numba compiles. Where numba is missing or broken, callers take the plain path.

A module of kernels decorates them with `kernel` and is imported inside the function that needs it, once `usable()` said
yes. Every kernel has a plain twin that defines what it must give; a property test holds them equal.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


@cache
def usable() -> bool:
    """Whether numba works here. Says once, as a warning, when it does not: everything still works, but slowly."""
    try:
        import numba  # noqa: F401
    except Exception as error:  # a broken binary raises whatever it likes
        warnings.warn(f"numba does not work here ({error}); the slow path is taken", RuntimeWarning, stacklevel=2)
        return False
    return True


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
