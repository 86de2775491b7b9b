"""What the sketchpad and its network cost: `python -m benchmarks`."""
