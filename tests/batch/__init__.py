"""Tests of reading many files."""
