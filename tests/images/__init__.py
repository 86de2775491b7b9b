"""Tests of pictures to ink."""
