"""What the API takes and gives, as its OpenAPI document describes it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from recognizer.model.hand_file import HAND_FORMAT, HAND_VERSION, MAX_NAME_LETTERS
from recognizer.model.learned import UNIT_SIDE
from recognizer.strokes import MAX_COORDINATE
from recognizer.web.limits import (
    MAX_HAND_DRAWINGS,
    MAX_HAND_POINTS,
    MAX_LABELS,
    MAX_POINTS,
    MAX_STROKES,
)

MAX_PICTURE_LETTERS = 2000
"""Of a learned glyph, packed; one that cannot be packed has half as many."""

Coordinate = Annotated[
    float, Field(strict=True, ge=-MAX_COORDINATE, le=MAX_COORDINATE, allow_inf_nan=False)
]
Side = Annotated[float, Field(strict=True, gt=0, le=MAX_COORDINATE, allow_inf_nan=False)]
Point = tuple[Coordinate, Coordinate]
StrokeOfPoints = Annotated[list[Point], Field(min_length=1, max_length=MAX_POINTS)]
LabelSet = Annotated[
    str,
    Field(
        min_length=2,
        max_length=MAX_LABELS,
        description='"digits", "sums", "letters" as far as the model knows them, '
        "or the characters themselves",
    ),
]


class LearnedDrawingJson(BaseModel):
    """A character as its writer makes it: strokes, or a picture of it."""

    model_config = ConfigDict(extra="forbid")

    label: Annotated[str, Field(min_length=1, max_length=1, description="What it is.")]
    strokes: Annotated[
        list[Annotated[list[Coordinate], Field(min_length=2)]],
        Field(description="Each is x, y, x, y, …, in units of which its longest side has 1000."),
    ] = []
    extent: Annotated[
        tuple[Side, Side], Field(description="Width and height of the writing area in them.")
    ] = (UNIT_SIDE, UNIT_SIDE)
    pen: Annotated[
        float | None,
        Field(strict=True, ge=0, le=MAX_COORDINATE, description="The width of the pen in them."),
    ] = None
    picture: Annotated[
        str | None,
        Field(max_length=MAX_PICTURE_LETTERS, description="28 × 28 bytes, zlib, base64."),
    ] = None


class LearnedHandJson(BaseModel):
    """The drawings of one person."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME_LETTERS)] = "My hand"
    drawings: list[LearnedDrawingJson]


class HandJson(BaseModel):
    """What was learned from a person, as the file that the window and the page export."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["digit-sketchpad hands"] = HAND_FORMAT
    version: Literal[1] = HAND_VERSION
    hands: Annotated[
        list[LearnedHandJson],
        Field(
            min_length=1,
            description=f"With no more than {MAX_HAND_DRAWINGS} drawings and {MAX_HAND_POINTS} "
            "points in all.",
        ),
    ]

    @model_validator(mode="after")
    def _is_small(self) -> HandJson:
        drawings = [each for hand in self.hands for each in hand.drawings]
        if len(drawings) > MAX_HAND_DRAWINGS:
            raise ValueError(
                f"it has {len(drawings)} drawings, and {MAX_HAND_DRAWINGS} can be sent along; "
                "send the newest"
            )
        points = sum(len(line) // 2 for each in drawings for line in each.strokes)
        if points > MAX_HAND_POINTS:
            raise ValueError(
                f"it has {points} points, and {MAX_HAND_POINTS} can be sent along; send fewer "
                "drawings"
            )
        return self

    def as_text(self) -> str:
        """The text of its file; "" if nothing was learned."""
        learned = any(hand.drawings for hand in self.hands)
        return self.model_dump_json(exclude_none=True) if learned else ""


class StrokesRequest(BaseModel):
    """Strokes of a pen, each a list of points (x, y), y downwards, in any unit."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "strokes": [[[150, 120], [350, 120], [220, 400]]],
                    "extent": [500, 500],
                    "labels": "digits",
                }
            ]
        },
    )

    strokes: Annotated[
        list[StrokeOfPoints],
        Field(max_length=MAX_STROKES, description=f"With no more than {MAX_POINTS} points in all."),
    ]
    extent: Annotated[
        tuple[Side, Side], Field(description="Width and height of the writing area in their unit.")
    ] = (500.0, 500.0)
    labels: LabelSet = "digits"
    glyphs: Annotated[
        bool, Field(strict=True, description="Whether each character tells what was seen of it.")
    ] = False
    parts: Annotated[
        bool, Field(strict=True, description="Whether each character tells which strokes it is.")
    ] = False
    hand: Annotated[
        HandJson | None, Field(description="What was learned from the person who writes.")
    ] = None

    @model_validator(mode="after")
    def _has_few_points(self) -> StrokesRequest:
        if sum(map(len, self.strokes)) > MAX_POINTS:
            raise ValueError(f"there are more than {MAX_POINTS} points in all strokes")
        return self


class LiveMessage(StrokesRequest):
    """What changed in a drawing under way: so many strokes are kept, and these follow them.

    Without a hand, that of the message before counts; one without drawings puts it away.
    """

    keep: Annotated[int, Field(strict=True, ge=0, le=MAX_STROKES)] = 0
    token: str | None = None


Share = Annotated[float, Field(ge=0, le=1)]


class CharacterJson(BaseModel):
    """One character of a reading."""

    label: str = Field(description="What it was read as.")
    digit: int | None = Field(description="The same as a number; null for any other label.")
    words: str = Field(description='"7" if it is sure, "7, probably", or "?".')
    confidence: Share = Field(description="Calibrated probability that the label is right.")
    sure: bool = Field(description="Whether that is above the model's acceptance threshold.")
    other: Share = Field(description="Probability that it is none of the labels.")
    probabilities: list[Share] = Field(description="Of each of the labels, in their order.")
    candidates: list[tuple[str, Share]] = Field(
        description="Two labels at most that are worth telling, with their probabilities."
    )
    box: tuple[float, float, float, float] = Field(
        description="x, y, width, height, in the unit of the strokes or the picture's pixels."
    )
    glyph: str | None = Field(
        default=None, description="The 28 × 28 picture that the network saw, base64, if asked for."
    )
    strokes: list[int] | None = Field(
        default=None, description="The numbers of its strokes, counted from 0, if asked for."
    )


class ReadingJson(BaseModel):
    """What was read."""

    labels: list[str] = Field(description="What could be answered.")
    text: str = Field(description='"2047"; lines are separated by newlines; "" for nothing.')
    lines: list[str] = Field(description="The text of each line, from the top.")
    words: str = Field(description='As a person would say it: "2047, probably", "12+30 is 42".')
    confidence: Share = Field(description="Calibrated probability that all of it is right.")
    sure: bool = Field(description="Whether every character is sure.")
    partial: bool = Field(
        description="Whether a picture holds more than 2,000 characters or 200 lines, of which "
        "only a part was read."
    )
    digits: list[CharacterJson] = Field(description="From left to right and line by line.")
    value: float | None = Field(default=None, description="What a sum comes to (for sums only).")
    correct: bool | None = Field(
        default=None, description="Whether the result that stands after = is right (sums only)."
    )
    note: str | None = Field(default=None, description="Why a sum has no value (sums only).")


class RefusalJson(BaseModel):
    """Why there is no answer."""

    detail: str = Field(description="A sentence that says what is wrong.")


class HandLimits(BaseModel):
    """What can be learned from the person who writes."""

    learns: bool = Field(description="Whether the model can use a hand.")
    drawings: int = Field(description="So many may be sent along.")
    points: int = Field(description="So many may be in all of these.")


class Health(BaseModel):
    """That the server works."""

    status: Literal["ok"]
