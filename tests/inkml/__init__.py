"""Tests of InkML files."""
