"""Which strokes of a drawing, or which ink of a line, make one character."""
