"""What goes over the wire, as types: requests are decoded by them, answers encoded, openapi.json is made of them."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from hayakana.results import MOST_CANDIDATES, Origin, Status

ErrorType = Literal[
    "malformed",
    "unknown_host",
    "unauthorized",
    "not_found",
    "method_not_allowed",
    "too_slow",
    "too_large",
    "too_many_names",
    "unsupported_media_type",
    "invalid",
    "name_too_long",
    "unknown_model",
    "overloaded",
    "internal",
    "unavailable",
]
Language = Annotated[
    str | None,
    Meta(description="The hint for all names: fr, fra or fr-CA is a language, FR or FRA a country."),
]
ModelName = Annotated[str | None, Meta(description="A model that /info lists; without it, the first of them.")]
Probabilities = Annotated[bool, Meta(description="Whether each text comes with its probability.")]
MostCandidates = Annotated[
    int, Meta(ge=0, le=MOST_CANDIDATES, description="The most candidates of each name, best first.")
]
Origins = Annotated[list[Origin], Meta(description="Where each part of the text comes from, in order.")]
Followed = Annotated[str | None, Meta(description="The language of the hint that was followed, if there was any.")]
Probability = Annotated[float, Meta(ge=0, le=1)]


class Name(Struct, forbid_unknown_fields=True, kw_only=True):
    """A name, with what is known of it."""

    name: str
    language: Annotated[str | None, Meta(description="The hint for this name, in place of that for all.")] = None


Names = Annotated[list[str | Name], Meta(min_length=1, description="Names, in any order.")]


class TransliterateRequest(Struct, forbid_unknown_fields=True, kw_only=True):
    """Names, and what is wanted of them."""

    names: Names
    language: Language = None
    model: ModelName = None
    probabilities: Probabilities = False
    candidates: MostCandidates = 0


class StreamOptions(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is wanted of all names of a stream, in the query."""

    language: Language = None
    model: ModelName = None
    probabilities: Probabilities = False
    candidates: MostCandidates = 0


class Candidate(Struct, frozen=True):
    """One of several texts of a name, and the probability that it is right."""

    text: str
    probability: Probability


class Result(Struct, omit_defaults=True):
    """What became of a name. Where text is null, error says why."""

    name: str
    text: str | None
    status: Status
    error: str | None = None
    probability: Probability | None = None
    candidates: list[Candidate] = []
    origins: Origins = []
    language: Followed = None


class TransliterateResponse(Struct):
    """Results, one a name, in their order."""

    model: str
    results: list[Result]


class ExplainRequest(Struct, forbid_unknown_fields=True, kw_only=True):
    """Names to be explained."""

    names: Names
    language: Language = None
    model: ModelName = None


class Pair(Struct, frozen=True):
    """A Kana, with its small Kana and long vowel mark, and the letters that it was written on."""

    kana: str
    letters: str


class ExplainedPart(Struct):
    """A part of a name, or a separator between two parts.

    weights has a row for each character of target, with a weight for each character of source; a row sums to 1.
    """

    source: str
    target: str
    weights: list[list[float]]
    whole: Annotated[bool, Meta(description="Known or by rule: no Kana has letters of its own.")]


class Explanation(Struct, omit_defaults=True):
    """The Katakana of a name, and which letters each Kana was written on. Where text is null, error says why."""

    name: str
    text: str | None
    status: Status
    error: str | None = None
    probability: Probability | None = None
    origins: Origins = []
    language: Followed = None
    parts: Annotated[list[ExplainedPart], Meta(description="Part, separator, part, and so on.")] = []
    pairs: list[Pair] = []


class ExplainResponse(Struct):
    """Explanations, one a name, in their order."""

    model: str
    results: list[Explanation]


class LineError(Struct, omit_defaults=True):
    """In place of the result of a line of NDJSON that has no name, or of all lines that the service did not read."""

    line: Annotated[int, Meta(description="The line, counted from 1.")]
    error: str
    error_type: ErrorType
    limit: int | None = None


class Error(Struct, omit_defaults=True):
    """Why a request was refused."""

    error: str
    error_type: ErrorType
    limit: Annotated[int | None, Meta(description="The limit that the request goes beyond.")] = None


class Health(Struct):
    """Whether the process is alive."""

    status: Literal["ok"]


class Readiness(Struct):
    """Whether requests should be sent here."""

    status: Literal["ready", "stopping"]


class ModelInfo(Struct):
    """A model that requests may name."""

    name: str
    unit: Literal["part", "name"]
    weights: int
    licence: str
    explains: Annotated[bool, Meta(description="Whether it has attention, so that /v1/explain works.")]
    known_names: bool
    languages: Annotated[list[str], Meta(description="Languages whose hint changes how names are read.")]
    most_source_characters: Annotated[int, Meta(description="The longest unit that it reads.")]
    most_target_characters: int


class LimitsInfo(Struct):
    """What a request may hold."""

    body_bytes: int
    names: int
    characters: int
    candidates: int
    explained_names: int
    explained_characters: int
    line_bytes: int
    waiting_names: int
    streams: int


class Info(Struct):
    """What serves here."""

    version: str
    versions: dict[str, str]
    default_model: str
    models: list[ModelInfo]
    limits: LimitsInfo
    separator: str
    hyphen: str
    style: list[str]
