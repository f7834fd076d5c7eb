"""``Engine``: one model, its sessions and what is remembered of it; a window of names in, a column of Katakana out."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hayakana.alignment.attention import Alignment, align
from hayakana.decoding.products import Scored, as_candidates, best_products
from hayakana.engine.column import NO_DETAILS, Details, KatakanaColumn, spread
from hayakana.engine.explaining import aligned_part, check_explained
from hayakana.engine.lookups import Lookups
from hayakana.engine.options import Options
from hayakana.engine.outcomes import (
    Outcome,
    all_units,
    log_probability_without_units,
    origins_of,
    probabilities_of,
    units_of,
)
from hayakana.engine.units import UnitDecoder
from hayakana.errors import AlignmentUnavailableError, UnfinishedNameError, UntransliterableNameError, shorten
from hayakana.model.folder import Model, find_model, load_model
from hayakana.names.languages import Tags, letters_among
from hayakana.names.parsed import ParsedName, ParsedPart
from hayakana.names.parsing import NameParser
from hayakana.names.parts import join, written_separator
from hayakana.names.plain_names import PlainNames, none_plain
from hayakana.names.plain_parsing import PlainNameParser
from hayakana.names.rules import LANGUAGES_BY_RULE, languages_followed
from hayakana.names.style import Style, full_width
from hayakana.results import Candidate
from hayakana.sessions.opening import Device, Sessions, open_sessions

BORDER = 1e-4
"""Probabilities agree to less than this, however names are decoded."""

_FEW = 8
"""Fewer names than this are parsed sooner name by name than in columns."""


class OpenSessions(Protocol):
    """Opens the graphs of a model; see ``sessions.opening.open_sessions``."""

    def __call__(self, model: Model, *, device: Device) -> Sessions:
        """Return the sessions."""
        ...


class Engine:
    """Transliterates windows of names in this process. Works from many threads at once.

    ``sessions_of`` opens the graphs of a model on a device.

    Raises:
        ModelNotFoundError: the model is missing.
        ModelFilesError: its files do not match its manifest.
        DeviceUnavailableError: ``device="cuda"`` is not available.
        ValueError: the model writes its own separators and others were given.
    """

    def __init__(self, options: Options, *, sessions_of: OpenSessions = open_sessions) -> None:
        model = load_model(find_model(options.model))
        manifest = model.manifest
        whole_names, lexicon = manifest.unit == "name", options.lexicon.entries
        if whole_names and (options.separator, options.hyphen) != (Options.separator, Options.hyphen):
            raise ValueError(
                f"model {manifest.name!r} writes whole names with its own ・ and ＝; leave them as they are"
            )
        tokens = frozenset(model.source_vocabulary.characters)
        self._tags = Tags.of(tokens, kind=options.kind)
        if options.kind != Options.kind and not (self._tags.of_kind or (options.known_names and model.known_names)):
            reason = f"model {manifest.name!r} has none" if options.known_names else "they are left out"
            raise ValueError(f"kind chooses among known names, and {reason}: leave kind as it is")
        if whole_names and (options.numerals, options.digits) != (Options.numerals, Options.digits):
            raise ValueError(f"model {manifest.name!r} reads whole names; leave numerals and digits as they are")
        self.manifest = manifest
        self._style = Style(options.style)
        self._space, self._hyphen = options.between
        characters = letters_among(tokens)
        languages = languages_followed(tokens, whole_names=whole_names)
        known = model.known_names.of_kind(options.kind) if model.known_names and options.known_names else None
        self.parser = NameParser(
            characters, manifest.source_limit, whole_names, lexicon, options.choices, known, languages
        )
        self._plain_parser = PlainNameParser(self.parser)
        sessions = sessions_of(model, device=options.device)
        self.device = sessions.device
        """The device in use, ``cpu`` or ``cuda``."""
        self._has_attention = "attention_weights" in sessions.optional_outputs
        self._units = UnitDecoder(
            model,
            sessions,
            batch_size=options.batch_size,
            cache_size=options.cache_size,
            lookups=Lookups(lexicon, whole_names=whole_names, known=known, style=self._style),
            style=self._style,
        )

    def transliterate_window(self, names: Sequence[str], details: Details = NO_DETAILS) -> KatakanaColumn:
        """Return what becomes of a window of names.

        Most names are plain, and are parsed, decoded and written in columns; other names cost more than that.
        """
        language = details.language
        plain = self._plain(names, details)
        parsed = {place: self._parsed(names[place], language) for place in plain.other_places}
        units = all_units(plain, parsed)
        texts, scores = self._of_units(self._tags.before(units, language), scored=details.are_scored)
        written = plain.written(texts[: len(plain.units)], space=self._space, hyphen=self._hyphen)
        probabilities = None if scores is None else probabilities_of(plain, parsed, scores, count=len(names))
        start = len(plain.units)
        if None in written:  # The model did not finish a unit: a parsed name tells which.
            start = 0
            unfinished = [place for place, text in zip(plain.places, written, strict=True) if text is None]
            parsed |= {place: self._parsed(names[place], language) for place in unfinished}
        text_of = dict(zip(units[start:], texts[start:], strict=True))
        column_texts = spread(written, plain.places, count=len(names)) if plain.other_places else written
        errors, kept, turned = {}, set(), set()
        from_lexicon = set(plain.of_units(self.parser.lexicon) if self.parser.lexicon else ())
        for place, outcome in parsed.items():
            text = self._written(outcome, text_of)
            if isinstance(text, UntransliterableNameError):
                errors[place] = text
                continue
            column_texts[place] = text
            assert isinstance(outcome, ParsedName)
            if outcome.is_turned:
                turned.add(place)
            if self.parser.lexicon and outcome.is_from_lexicon:
                from_lexicon.add(place)
            elif outcome.is_kept and text == full_width(outcome.name):
                kept.add(place)
        candidates = None
        if details.candidates:
            candidates = self._candidates_of_column(parsed, column_texts, details)
        unsure: frozenset[int] = frozenset()
        if probabilities is not None and details.least_probability:
            self._decide(names, probabilities, details)
            unsure = frozenset(np.flatnonzero(probabilities < details.least_probability).tolist()) - errors.keys()
        origins = None
        if details.origins:
            of_units = self._units.origins(self._tags.before(all_units(plain, parsed), language))
            origins = origins_of(plain, parsed, of_units, count=len(names))
        return KatakanaColumn(
            column_texts,
            errors,
            kept=frozenset(kept),
            from_lexicon=frozenset(from_lexicon),
            probabilities=probabilities if details.probabilities else None,
            candidates=candidates,
            unsure=unsure,
            turned=frozenset(turned),
            origins=origins,
        )

    def candidates(self, name: str, count: int, language: str = "") -> list[Candidate]:
        """Return the ``count`` most probable Katakana of ``name``; see ``Transliterator.candidates``.

        ``language`` is that of a hint, one of ``parser.languages``; empty where there is none.

        Raises:
            UntransliterableNameError: the name cannot be parsed, or the model finished no candidate.
        """
        parsed = self._parse(name, language)
        (candidates,) = self._candidates([parsed], count, language)
        if not candidates:
            parts = [part for part in parsed.parts if part.unit is not None]
            units = self._tags.before(units_of(parsed), language)
            raise self._unfinished(name, parts[self._units.candidates(units, count=count).index([])])
        return list(candidates)

    def explain(self, name: str, language: str = "") -> Alignment:
        """Return which letters each Kana was written on; see ``Transliterator.explain`` and ``candidates``.

        Raises:
            AlignmentUnavailableError: the model has no attention.
            UntransliterableNameError: the name cannot be parsed, is too long, or the model did not finish it.
        """
        if not self._has_attention:
            raise AlignmentUnavailableError(f"model {self.manifest.name!r} has no attention, so nothing to show")
        check_explained(name)
        parsed, tags = self._parse(name, language), self._tags.of_hint(language)
        parts = []
        for part in parsed.parts:
            aligned = aligned_part(part, self._units, self.parser.characters, self._style, tags=tags)
            if aligned is None:
                raise self._unfinished(name, part)
            parts.append(aligned)
        return align(name, parts, parsed.separators, space=self._space, hyphen=self._hyphen)

    def _plain(self, names: Sequence[str], details: Details) -> PlainNames:
        # Candidates are made from parsed names, so that a name whose candidates are wanted is not plain.
        # What is read by rule in a language, the rule book alone knows.
        if details.candidates or details.language in LANGUAGES_BY_RULE:
            return none_plain(len(names))
        return self._plain_parser.parse_few(names) if len(names) < _FEW else self._plain_parser.parse(names)

    def _parsed(self, name: str, language: str) -> Outcome:
        try:
            return self._parse(name, language)
        except UntransliterableNameError as error:
            return error

    def _parse(self, name: str, language: str) -> ParsedName:
        parsed = self.parser.parse(name, language)
        return parsed.written_by(self._style) if self._style.steps else parsed

    def _of_units(self, units: Sequence[str], *, scored: bool) -> tuple[list[str | None], NDArray[np.float64] | None]:
        """Return the Katakana of ``units`` and, where asked for, their log probabilities."""
        if not scored:
            return self._units.texts(units), None
        texts_and_scores = self._units.scored(units)
        return [text for text, _ in texts_and_scores], np.array([score for _, score in texts_and_scores], np.float64)

    def _decide(self, names: Sequence[str], probabilities: NDArray[np.float64], details: Details) -> None:
        """Replace the ``probabilities`` that are close to the least one by what units have that are decoded alone.

        Their last decimals depend on what is decoded together, and here they would decide.
        """
        places = np.flatnonzero(np.abs(probabilities - details.least_probability) < BORDER).tolist()
        parsed = {place: self._parsed(names[place], details.language) for place in places}
        tags = self._tags.of_hint(details.language)
        units = {unit for outcome in parsed.values() for unit in units_of(outcome)}
        scores = {unit: self._units.score_alone(tags + unit) for unit in units}
        for place, outcome in parsed.items():
            of_units = sum(map(scores.__getitem__, units_of(outcome)))
            probabilities[place] = np.exp(log_probability_without_units(outcome) + of_units)

    def _written(self, outcome: Outcome, texts: Mapping[str, str | None]) -> str | UntransliterableNameError:
        """Join the Katakana of a name's parts, or say which part the model did not finish."""
        if isinstance(outcome, UntransliterableNameError):
            return outcome
        katakana = []
        for part in outcome.parts:
            text = part.katakana if part.unit is None else texts[part.unit]
            if text is None:
                return self._unfinished(outcome.name, part)
            katakana.append(text)
        return join(katakana, outcome.separators, space=self._space, hyphen=self._hyphen)

    def _candidates_of_column(
        self, parsed: Mapping[int, Outcome], texts: Sequence[str | None], details: Details
    ) -> list[tuple[Candidate, ...]]:
        """Return the candidates of each name that ``details`` ask for; none for a name without a text."""
        names = {
            place: outcome
            for place, outcome in parsed.items()
            if isinstance(outcome, ParsedName) and texts[place] is not None
        }
        found = self._candidates(list(names.values()), details.candidates, details.language)
        by_place = dict(zip(names, found, strict=True))
        return [by_place.get(place, ()) for place in range(len(texts))]

    def _candidates(self, names: Sequence[ParsedName], count: int, language: str) -> list[tuple[Candidate, ...]]:
        """Return ``count`` candidates at most of each name; all of their distinct units are searched together."""
        units = list(dict.fromkeys(unit for parsed in names for unit in units_of(parsed)))
        found = self._units.candidates(self._tags.before(units, language), count=count)
        texts_of = dict(zip(units, found, strict=True))
        ranked = []
        for parsed in names:
            parts = [
                [Scored(part.katakana, part.log_probability)] if part.unit is None else texts_of[part.unit]
                for part in parsed.parts
            ]
            separators = [written_separator(sign, space=self._space, hyphen=self._hyphen) for sign in parsed.separators]
            ranked.append(as_candidates(best_products(parts, separators, count=count)))
        return ranked

    def _unfinished(self, name: str, part: ParsedPart) -> UnfinishedNameError:
        limit = self._units.most_kana(len(part.unit or ""))
        return UnfinishedNameError(
            f"cannot transliterate {shorten(name)}: the model did not finish {shorten(part.text)} within {limit} Kana",
            name=name,
            limit=limit,
        )
