"""Modules that a library imports for what we never use of it, put off until somebody calls into them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


@contextmanager
def later(module: str, *functions: str) -> Iterator[None]:
    """Libraries imported meanwhile take these functions of a module without it; the first call imports it.

    Where it is there already, they take it as it is.
    """
    if module in sys.modules:
        yield
        return
    sys.modules[module] = stand_in = ModuleType(module)
    for name in functions:
        setattr(stand_in, name, _late(module, name))
    try:
        yield
    finally:
        del sys.modules[module]


def _late(module: str, name: str) -> Callable[..., Any]:
    def called(*arguments: Any, **options: Any) -> Any:
        return getattr(import_module(module), name)(*arguments, **options)

    return called
