"""What cannot be tested everywhere, and why."""

from importlib.util import find_spec

TRAINABLE = find_spec("tensorflow") is not None

collect_ignore_glob = (
    []
    if TRAINABLE
    else [
        "training/test_*.py",
        "evaluation/test_*.py",
        "test_notebook.py",
    ]
)


def pytest_report_header() -> list[str]:
    """Say what is left out."""
    reason = (
        "training, evaluation and the notebook are not tested: TensorFlow is not installed "
        "(it has none for this Python)"
    )
    return [] if TRAINABLE else [reason]
