"""How well a model reads: its predictions, what perturbs them, the baselines, and the report."""
