"""Tests of what makes one character."""
