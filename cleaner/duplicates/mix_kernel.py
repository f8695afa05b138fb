"""`mix.mixed` for kernels."""

from __future__ import annotations

from typing import Any

from cleaner.compiled import inlined
from cleaner.duplicates import mix

mixed: Any = inlined(mix.mixed)
"""The same of one number of 64 bits."""
