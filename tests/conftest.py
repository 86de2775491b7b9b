"""What cannot be tested everywhere, and why."""

from importlib.util import find_spec

TRAINABLE = find_spec("tensorflow") is not None

collect_ignore_glob = [] if TRAINABLE else ["training/test_*.py"]


def pytest_report_header() -> list[str]:
    """Say what is left out."""
    reason = "tests/training is left out: TensorFlow is not installed (it has none for this Python)"
    return [] if TRAINABLE else [reason]
