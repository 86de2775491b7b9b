"""Tests of the Recognizer."""
