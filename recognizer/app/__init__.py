"""The sketchpad: a window that reads what you draw while you draw it."""
