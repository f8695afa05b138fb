"""How wide a signature is, and the bands it is cut into. Who only plans asks this, and loads no arrays for it."""

from __future__ import annotations

PERMUTATIONS = 128
"""Values of a signature."""
BANDS, BAND = 42, 3
"""Bands, and the values of each. The last values are in none."""
