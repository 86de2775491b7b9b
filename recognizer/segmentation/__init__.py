"""Which parts make one character: strokes of a drawing, or segments of a line of ink."""
