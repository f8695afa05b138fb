"""What we use of datasketch, imported without the half second that scipy's integration takes.

datasketch integrates once, for the bands of a new `MinHashLSH`; whoever makes one has it imported then.
"""

from __future__ import annotations

from cleaner.later import later

with later("scipy.integrate", "quad"):
    from datasketch import LeanMinHash, MinHash, MinHashLSH

__all__ = ["LeanMinHash", "MinHash", "MinHashLSH"]
