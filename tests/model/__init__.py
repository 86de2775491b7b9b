"""Tests of the network and its card."""
