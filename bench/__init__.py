"""Benchmarks: what it costs, and how good it is."""
