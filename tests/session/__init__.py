"""Tests of one person's work under way."""
