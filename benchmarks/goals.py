"""What each figure must reach, and what it aims at."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.figures import Figure

AIM, MINIMUM, MISSED = "aim", "minimum", "missed"


@dataclass(frozen=True)
class Goal:
    """A figure's goals in its unit; None where none was set.

    digits: decimals to show. more: whether more is better. ratio: name of the figure that
    compares it with the usual Keras way.
    """

    title: str
    minimum: float | None
    aim: float | None
    unit: str
    digits: int = 2
    more: bool = False
    ratio: str | None = None

    def reached(self, figure: Figure) -> str:
        """AIM, MINIMUM or MISSED, judged on the figure as it is; "" without goals."""
        if self.aim is not None and self._reaches(figure.value, self.aim):
            return AIM
        if self.minimum is not None:
            return MINIMUM if self._reaches(figure.value, self.minimum) else MISSED
        return "" if self.aim is None else MISSED

    def _reaches(self, value: float, goal: float) -> bool:
        return value >= goal if self.more else value <= goal


READING = {
    "mnist_test_accuracy": Goal("MNIST test, right", 99.70, 99.80, "%", more=True),
    "mnist_test_accuracy_exported": Goal(
        "the same by the exported model", 99.70, 99.80, "%", more=True
    ),
    "pen_validation_accuracy": Goal(
        "pen strokes of 5 held-out writers (validation), right", 99.0, 99.5, "%", more=True
    ),
    "pen_test_accuracy": Goal(
        "pen strokes of UCI's 14 test writers, right", None, 99.4, "%", more=True
    ),
    "paint_correct": Goal(
        "digits drawn in a paint program, right", 63, 64, "of 64", digits=0, more=True
    ),
    "pictures_right": Goal(
        "real photos, scans and screenshots, whole reading right",
        *(38, 40, "of 40"),
        digits=0,
        more=True,
    ),
    "pictures_sure_wrong": Goal("sure and wrong among these", 0, 0, "", digits=0),
    "robustness_loss_points": Goal(
        "lost where drawn in other sizes, places and pens (validation)", 0.5, 0.2, "points"
    ),
    "robustness_worst_loss_points": Goal(
        "the same at the worst of these sizes and pens", None, None, "points"
    ),
    "strings_apart_strokes": Goal(
        "numbers of 5 digits (validation), apart, from strokes", 98.5, 99, "%", more=True
    ),
    "strings_apart_picture": Goal("the same from a picture", 97, 98.5, "%", more=True),
    "strings_touching_strokes": Goal("touching digits, from strokes", 98, 99, "%", more=True),
    "strings_touching_picture": Goal("the same from a picture", 97, 98.5, "%", more=True),
    **{
        f"strings_picture_{name}": Goal(f"from a picture, gap {gap}", 97, 98.5, "%", more=True)
        for name, gap in (
            *(("30", "0.3"), ("15", "0.15"), ("5", "0.05"), ("0", "0"), ("minus_5", "−0.05")),
        )
    },
    "strings_photo": Goal("photographed: slanted, ruled, shaded, noisy", 99, 99.5, "%", more=True),
    "strings_boxes_apart": Goal(
        "boxes of digits apart, overlap with the true ones", 0.85, 0.9, "", more=True
    ),
    "strings_boxes_touching": Goal("the same of touching digits", 0.7, 0.8, "", more=True),
    "ece_mnist_test": Goal("calibration error, MNIST test", 1.0, 0.5, "%"),
    "writers_strokes": Goal(
        "digits of validation writers from strokes, mean over writers", 99.3, 99.6, "%", more=True
    ),
    "writers_strokes_worst_tenth": Goal(
        "the same, the worst tenth of the writers", 97, 98.5, "%", more=True
    ),
    "writers_slashed_zeros": Goal("slashed zeros of validation writers", 97, 99, "%", more=True),
    "writers_swiss": Goal("scans of Swiss validation writers", 99.4, 99.7, "%", more=True),
    "writers_sure": Goal("digits of validation writers that are sure", 98, 99, "%", more=True),
    "writers_sure_wrong": Goal("sure ones that are wrong", 0.1, 0.05, "%"),
    "writers_others_sure": Goal("letters, signs and doodles that are sure digits", 1, 0.3, "%"),
    "writers_others_auroc": Goal(
        "digits told from these (AUROC)", 0.995, 0.998, "", digits=4, more=True
    ),
    "writers_letters": Goal("letters, upper and lower case as one", 94, 97, "%", more=True),
    "writers_signs": Goal("signs drawn alone, among the signs", 95, 98, "%", more=True),
    "numbers_apart_strokes": Goal(
        "numbers of 5 digits of all validation writers, apart", None, None, "%"
    ),
    "numbers_touching_strokes": Goal("the same, touching", None, None, "%"),
    "numbers_apart_picture": Goal("such numbers from a picture, apart", None, None, "%"),
    "numbers_touching_picture": Goal("the same, touching", None, None, "%"),
    "sums_strokes": Goal("sums of 5 to 9 characters of validation writers", 93, 97, "%", more=True),
    "sums_picture": Goal("such sums from a picture", 92, 96, "%", more=True),
    "sums_signs_strokes": Goal("signs in these sums", 95, 98, "%", more=True),
    "writers_errors_left": Goal(
        "errors left when each misreading is corrected once", 50, 35, "%", 1
    ),
    "writers_harmed": Goal(
        "right before, wrong after learning ten drawings, of 1,000", 2, 0.5, "", 1
    ),
    "ece_pen_validation": Goal("calibration error, held-out writers (validation)", 1.0, 0.5, "%"),
    **{
        f"ece_writers_{name}": Goal(f"calibration error, validation writers of {name}", 1, 0.5, "%")
        for name in ("mnist", "pendigits", "unipen", "uji", "lipi", "swiss")
    },
}
"""How well it reads; measured by `python -m recognizer evaluate`."""

COST = {
    "start_seconds": Goal("process start to a first reading", 0.5, 0.35, "s", ratio="ratio_start"),
    "predict_ms": Goal(
        "`predict_proba` of one glyph", 0.15, 0.1, "ms", digits=3, ratio="ratio_predict"
    ),
    "latency_p99_ms": Goal(
        "pen move to changed screen, 99th percentile",
        16,
        8,
        "ms",
        digits=1,
        ratio="ratio_latency",
    ),
    "latency_20_digits_p99_ms": Goal(
        "the same on a sketch of 20 digits, 99th percentile", 16, 8, "ms", digits=1
    ),
    "latency_inside_p99_ms": Goal(
        "the same while one looks inside the network, 99th percentile", 16, 8, "ms", digits=1
    ),
    "latency_150_strokes_p99_ms": Goal(
        "the same on a sketch of 150 strokes, 99th percentile", 16, 8, "ms", digits=1
    ),
    "learn_ms": Goal("learning one correction, until it counts", 50, 10, "ms", 1),
    "strokes_lost": Goal("finished strokes lost over 30 kills at 200 strokes", 0, 0, "", 0),
    "idle_cpu_percent": Goal("CPU of an idle window, share of a core", 0.5, 0.2, "%"),
    "photo_seconds": Goal("a photo of 12 megapixels with 20 digits", 0.5, 0.2, "s"),
    "folder_per_second": Goal(
        "pictures of one digit read from a folder", 400, 1000, "a second", 0, more=True
    ),
    "memory_mb": Goal("memory of the window's process", 120, 100, "MB", 0, ratio="ratio_memory"),
}
"""What it costs; measured by `python -m benchmarks`."""

SERVICE = {
    "serve_strokes_per_second": Goal(
        "drawings read by the server for 32 clients", None, None, "a second", 0, more=True
    ),
    "serve_strokes_share": Goal(
        "the same, as a share of `classify_strokes` alone", 50, 75, "%", 0, more=True
    ),
    "serve_pictures_per_second": Goal(
        "pictures read by the server for 32 clients", None, None, "a second", 0, more=True
    ),
    "serve_pictures_share": Goal(
        "the same, as a share of `read_image` alone", 50, 75, "%", 0, more=True
    ),
    "serve_failed": Goal("failed answers under that load", 0, 0, "answers", 0),
    "serve_memory_growth": Goal("growth of memory over 10 minutes", 5, 1, "%", 1),
    "serve_live_p99_ms": Goal("live drawing of 8 people, 99th percentile", 50, 20, "ms", digits=1),
    "page_paint_ms": Goal("first paint of the page", 200, 100, "ms", 0),
    "page_kb": Goal("page, style and script together", 60, 40, "KB", 1),
    "hostile_5xx": Goal("hostile requests that got a 5xx", 0, 0, "answers", 0),
    "ray_per_second": Goal("pictures read by Ray", None, None, "a second", 0, more=True),
    "ray_ratio": Goal("the same, to the command `read`", 0.7, 0.85, "×", more=True),
}
"""What the server and the cluster cost; measured where they are named."""
