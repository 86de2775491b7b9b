"""The evaluation report: a page to read, and the files with its figures."""

from recognizer.training.report.writing import last, write

__all__ = ["last", "write"]
