"""The search for good settings, by KerasTuner."""
