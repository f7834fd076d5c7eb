"""The models that a service has opened: names in, what is sent back out."""

import contextlib
from collections.abc import Mapping, Sequence

import numpy as np

from hayakana.alignment.attention import Alignment
from hayakana.errors import UntransliterableNameError, WorkerDiedError, listed
from hayakana.model.manifest import DECODER_STEP, Manifest
from hayakana.results import Status, Transliteration
from hayakana.serve.collector import Lane
from hayakana.serve.messages import Candidate, ExplainedPart, Explanation, ModelInfo, Pair, Result
from hayakana.serve.problems import Problem
from hayakana.transliterator import Transliterator, team_of

_DECIMALS = 4
"""Of probabilities and weights: their last decimals depend on what is decoded together."""

Asked = tuple[str, str | None]
"""A name, and the code of its language, where it was given."""

_EXPLAINED_PIECE = 16
"""Names that are explained in one call: one at a time, and so more slowly than they are transliterated."""


class OpenModel:
    """A model that is open, and its lanes: names of one lane are answered together. ``piece`` names go into a call."""

    def __init__(self, transliterator: Transliterator, *, piece: int) -> None:
        self.transliterator = transliterator
        self.manifest: Manifest = team_of(transliterator).manifest
        self.name = self.manifest.name
        self.explains = "attention_weights" in self.manifest.graphs[DECODER_STEP].outputs
        self._piece = piece
        self._lanes: dict[tuple[bool, int], Lane] = {}
        self.explaining = Lane(self.name, self._explanations, min(_EXPLAINED_PIECE, piece))

    def transliterating(self, *, probabilities: bool, candidates: int) -> Lane:
        """Return the lane of names that need ``probabilities`` and so many ``candidates``."""
        wishes = (probabilities, candidates)
        if wishes not in self._lanes:

            def answer(asked: Sequence[Asked]) -> list[Result]:
                return [
                    _result(name)
                    for name in self._transliterated(asked, probabilities=probabilities, candidates=candidates)
                ]

            # A search takes many times as long as greedy decoding, and small requests must not wait for it as long.
            self._lanes[wishes] = Lane(self.name, answer, max(self._piece // (1 + 2 * candidates), 1))
        return self._lanes[wishes]

    def info(self) -> ModelInfo:
        """Return what ``/info`` says of the model."""
        manifest = self.manifest
        return ModelInfo(
            manifest.name,
            manifest.unit,
            int(manifest.training["weights"]),
            manifest.licence,
            self.explains,
            manifest.known_names is not None,
            list(self.transliterator.languages),
            manifest.source_limit,
            manifest.target_limit,
        )

    def _transliterated(
        self, asked: Sequence[Asked], *, probabilities: bool = False, candidates: int = 0
    ) -> list[Transliteration]:
        """Return what becomes of names; workers that died are started again, once."""
        names, codes = [name for name, _ in asked], [code for _, code in asked]

        def attempt() -> list[Transliteration]:
            try:
                return self.transliterator.transliterate_detailed(
                    names, codes, probabilities=probabilities, candidates=candidates
                )
            except WorkerDiedError:
                team_of(self.transliterator).kill()
                raise

        with contextlib.suppress(WorkerDiedError):
            return attempt()
        return attempt()

    def _explanations(self, asked: Sequence[Asked]) -> list[Explanation]:
        results = self._transliterated(asked)
        return [self._explanation(result, code) for result, (_, code) in zip(results, asked, strict=True)]

    def _explanation(self, result: Transliteration, code: str | None) -> Explanation:
        if result.error is not None:
            return Explanation(result.name, None, result.status, str(result.error))
        try:
            alignment = self.transliterator.explain(result.name, code)
        except UntransliterableNameError as error:
            return Explanation(result.name, None, Status.UNFINISHED, str(error))
        return Explanation(
            result.name,
            alignment.text,
            result.status,
            origins=list(result.origins),
            language=result.language,
            parts=_explained_parts(alignment),
            pairs=[Pair(kana, letters) for kana, letters in alignment.pairs()],
        )


class Models:
    """The models of a service, by name. The first is that of requests which name none."""

    def __init__(self, models: Sequence[OpenModel]) -> None:
        self.by_name: Mapping[str, OpenModel] = {model.name: model for model in models}
        self.default = models[0]

    def named(self, name: str | None) -> OpenModel:
        """Return the model of a request.

        Raises:
            Problem: there is none of that name.
        """
        model = self.default if name is None else self.by_name.get(name)
        if model is None:
            raise Problem(422, "unknown_model", f"no such model: give one of {listed(list(self.by_name))}")
        return model


def _result(result: Transliteration) -> Result:
    return Result(
        result.name,
        result.text,
        result.status,
        None if result.error is None else str(result.error),
        None if result.probability is None else round(result.probability, _DECIMALS),
        [Candidate(candidate.text, round(candidate.probability, _DECIMALS)) for candidate in result.candidates],
        list(result.origins),
        result.language,
    )


def _explained_parts(alignment: Alignment) -> list[ExplainedPart]:
    """Return the blocks along the diagonal: weights outside them are 0, and would be most of the answer."""
    parts = []
    row = column = 0
    for number, (height, width) in enumerate(alignment.blocks):
        weights = alignment.weights[row : row + height, column : column + width].astype(np.float64)
        parts.append(
            ExplainedPart(
                "".join(alignment.source[column : column + width]),
                "".join(alignment.target[row : row + height]),
                weights.round(_DECIMALS).tolist(),
                number in alignment.whole,
            )
        )
        row, column = row + height, column + width
    return parts
