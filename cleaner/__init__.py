"""Clean text corpora; every change has a rule, a reason, a diff and an undo."""
