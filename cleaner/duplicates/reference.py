"""What we use of datasketch, imported without the half second that scipy's integration takes.

datasketch integrates once, for the bands of a new `MinHashLSH`; whoever makes one has it imported then.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_INTEGRATION = "scipy.integrate"


def _quad(*arguments: Any, **options: Any) -> Any:
    from scipy.integrate import quad

    return quad(*arguments, **options)


def _datasketch() -> Any:
    """datasketch, which takes `_quad` for scipy's unless that is there already."""
    late = _INTEGRATION not in sys.modules
    if late:
        sys.modules[_INTEGRATION] = stand_in = ModuleType(_INTEGRATION)
        stand_in.quad = _quad  # type: ignore[attr-defined]
    try:
        import datasketch
    finally:
        if late:
            del sys.modules[_INTEGRATION]
    return datasketch


MinHash, LeanMinHash, MinHashLSH = (getattr(_datasketch(), name) for name in ("MinHash", "LeanMinHash", "MinHashLSH"))
