"""Reports: changes in, text out. Nothing here decides or computes anything about a corpus."""
