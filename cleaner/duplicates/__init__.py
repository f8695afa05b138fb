"""Duplicates: found loosely, verified exactly, each naming its survivor."""
