"""Many files at once: what `python -m recognizer read` does."""
