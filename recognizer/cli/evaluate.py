"""The command `evaluate`: measures how well a model reads, and writes the report."""

from __future__ import annotations

import argparse
from pathlib import Path

from recognizer.cli import add_data_folder, add_folder
from recognizer.console import suppress_stderr
from recognizer.files import REPORT_FILE, SAVED_MODEL


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which model, on which data, and where the reports go."""
    add_data_folder(parser)
    add_folder(parser, "--model", "folder of the model (saved_model)")
    prepared = "file that train --prepare wrote, for figures without doubtful labels too"
    parser.add_argument("--prepared", type=Path, metavar="FILE", help=prepared)
    told = "folder for the reports (reports; for another model, MODEL/reports)"
    add_folder(parser, "--reports", told)


def run(options: argparse.Namespace) -> None:
    """Measure the model, print its figures and say where the report is."""
    with suppress_stderr():
        from recognizer.evaluation.evaluate import evaluate, reports_of

    model = options.model or SAVED_MODEL
    reports = options.reports or reports_of(model)
    figures = evaluate(model, options.data_dir, reports, options.prepared)
    for name, figure in figures.items():
        low_high = figure["interval"]
        interval = f"  ({low_high[0]:.2f} to {low_high[1]:.2f})" if low_high else ""
        of = f"{figure['of']} (n = {figure['n']})"
        print(f"{name:<34} {figure['value']:>8.3f} {figure['unit']:<7}{interval}  {of}")
    print(f"The report is {reports / REPORT_FILE}.")
