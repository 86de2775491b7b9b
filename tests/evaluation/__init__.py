"""Tests of the measuring and the report."""
