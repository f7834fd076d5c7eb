"""``Transliterator``: the class that users meet. Names in, Katakana out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

from hayakana.alignment.attention import Alignment
from hayakana.engine.column import NO_DETAILS, Details, KatakanaColumn
from hayakana.engine.options import Options, checked_count
from hayakana.engine.team import Team, as_codes, as_names
from hayakana.names.choices import Digits, Disambiguators, Kind, Numerals, Order
from hayakana.names.languages import languages_of
from hayakana.names.lexicon import Lexicon
from hayakana.results import MOST_CANDIDATES, ON_ERROR, Candidate, OnError, Transliteration
from hayakana.sessions.opening import Device


class Transliterator:
    """Turns names in Latin letters into Katakana.

    Works from many threads at once. Can be pickled (model and options travel, sessions are opened again), and used
    after a fork (the child opens its own sessions). ``close()``, or leaving a ``with`` block, frees the sessions and
    ends the workers.

    Args:
        model: a bundled model by name, or the path of a model folder.
        device: ``"cpu"``, ``"cuda"``, or ``"auto"``, which takes CUDA where it is available; see ``.device``.
        separator: what stands between parts that a space separates.
        hyphen: what stands between parts that a hyphen joins.
        lexicon: Katakana that wins over the model, or the file that has it. A model that reads whole names takes whole
            names from it, others parts of names too.
        workers: 1 stays in this process and starts nothing; more start as many processes, which share the work of a
            list. They start in a fraction of a second, once, and are kept.
        batch_size: most units that are decoded at once; memory grows with it, results do not change with it. None is
            what suits the width of the model.
        cache_size: most units whose Katakana is remembered, in each process; 0 remembers none. As many again are
            remembered with probabilities, and an eighth as many with candidates, where those are asked for.
        least_probability: a text whose probability is below it has the status ``unsure``; 0 asks for no probability.
        known_names: whether names that the model's table knows are looked up before the model is asked.
        kind: what a name is where it is known as several: ``"person"``, ``"place"`` or ``"word"``. Milan is ミラン as a
            person and ミラノ as a place.
        numerals: how Roman numerals of rulers and generations are written: Henry VIII as ヘンリー・ハッセイ by
            ``"words"``, as ヘンリー8世 by ``"figures"``.
        digits: what becomes of digits: ``"refuse"`` finds a name with digits unreadable, ``"keep"`` keeps them as they
            are, ``"read"`` reads them in English.
        disambiguators: whether what stands in brackets at the end of a name is ``"read"``, or left out, ``"drop"``.
        order: ``"as_written"``, or ``"given_first"``, which turns ``Miller, Walter M., Jr.`` and ``MILLER<<WALTER``
            round and gives them the status ``turned``.
        style: how what hayakana writes is spelled, a name or several: ``"b-for-v"``, ``"no-final-long"``,
            ``"no-separators"``, and ``"hiragana"`` or ``"half-width"``; docs/names.md has them. What is from the
            lexicon or kept stays as it is.
        language: which language names are of, as a code: small letters for a language (``"fr"``, ``"fra"``,
            ``"fr-CA"``), capitals for the country where most names are of one (``"FR"``, ``"FRA"``). It is a hint:
            names in a language that is not among ``.languages`` are read as without it, and so they are where the code
            says nothing. Empty is no hint.

    Raises:
        ModelNotFoundError: there is no such model.
        ModelFilesError: its files do not match its manifest.
        DeviceUnavailableError: ``device="cuda"`` is not available.
        LexiconError: the lexicon's file is not as it should be.
        WorkersUnavailableError: no workers can be started here, as in a program that is frozen into one file.
        WorkerDiedError: a worker ended before it was ready.
        TypeError: ``model``, ``separator``, ``hyphen``, ``lexicon``, ``style`` or ``language`` is of another type.
        ValueError: an option has no such value, options do not go together, or the model writes its own separators
            and they were given.
    """

    def __init__(
        self,
        model: str | Path = Options.model,
        *,
        device: Device = Options.device,
        separator: str = Options.separator,
        hyphen: str = Options.hyphen,
        lexicon: Lexicon | str | Path | None = None,
        workers: int = Options.workers,
        batch_size: int | None = Options.batch_size,
        cache_size: int = Options.cache_size,
        least_probability: float = Options.least_probability,
        known_names: bool = Options.known_names,
        kind: Kind = Options.kind,
        numerals: Numerals = Options.numerals,
        digits: Digits = Options.digits,
        disambiguators: Disambiguators = Options.disambiguators,
        order: Order = Options.order,
        style: str | Iterable[str] = Options.style,
        language: str = Options.language,
    ) -> None:
        self._options = Options.of(
            model,
            device=device,
            separator=separator,
            hyphen=hyphen,
            lexicon=lexicon,
            workers=workers,
            batch_size=batch_size,
            cache_size=cache_size,
            least_probability=least_probability,
            known_names=known_names,
            kind=kind,
            numerals=numerals,
            digits=digits,
            disambiguators=disambiguators,
            order=order,
            style=style,
            language=language,
        )
        self._team = Team(self._options)
        self._name = self._team.manifest.name

    @property
    def separator(self) -> str:
        """What stands between parts that a space separates, in style."""
        return self._options.between[0]

    @property
    def hyphen(self) -> str:
        """What stands between parts that a hyphen joins, in style."""
        return self._options.between[1]

    @property
    def style(self) -> tuple[str, ...]:
        """The styles of what is written, in the order of their use."""
        return self._options.style

    @property
    def language(self) -> str:
        """The language (ISO 639-1) of the hint for all names; empty where there is none, or it does nothing."""
        return _hint(self._team, self._options, None)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages (ISO 639-1) whose hint changes how names are read: those that the model knows, or rules do."""
        return tuple(sorted(self._team.parser.languages))

    @property
    def lexicon(self) -> Mapping[str, str]:
        """What the lexicon holds: canonical name → Katakana."""
        return self._options.lexicon.entries

    @property
    def least_probability(self) -> float:
        """The probability below which a text is ``unsure``."""
        return self._options.least_probability

    @property
    def workers(self) -> int:
        """How many processes share the work; 1 is this process alone."""
        return self._options.workers

    @property
    def device(self) -> str:
        """The device in use, ``cpu`` or ``cuda``; with ``device="auto"``, the device that was found."""
        return self._team.device

    def __call__(self, name: str, language: str | None = None, *, on_error: OnError = "raise") -> str:
        """Transliterate one name; see ``transliterate``."""
        return self.transliterate((name,), None if language is None else (language,), on_error=on_error)[0]

    def transliterate(
        self, names: Iterable[str], languages: Iterable[str | None] | None = None, *, on_error: OnError = "raise"
    ) -> list[str]:
        """Return the Katakana of ``names``, in their order.

        ``languages`` are hints, a code for each name as the option ``language`` has it; None is that of the option, and
        the empty string is no hint. ``on_error`` says what becomes of a name that cannot be transliterated:
        ``"raise"`` raises for the first one, ``"keep"`` gives the name back as it came, ``"empty"`` gives the empty
        string.

        Raises:
            TypeError: ``names`` or ``languages`` is one string, or holds something else than strings, or, of
                ``languages``, None.
            ValueError: ``languages`` are not as many as ``names``, or there is something else than codes among them.
            UntransliterableNameError: a name is empty, unreadable, too long, or the model did not finish it, and
                ``on_error`` is ``"raise"``.
            WorkerDiedError: a worker process ended, or was stopped, now or before.
        """
        if on_error not in ON_ERROR:
            raise ValueError(f"on_error must be raise, keep or empty, not {on_error!r}")
        texts: list[str] = []
        for window, column in _windows(self._team, self._options, names, languages, NO_DETAILS):
            texts += column.resolved(window, on_error=on_error)
        return texts

    def transliterate_detailed(
        self,
        names: Iterable[str],
        languages: Iterable[str | None] | None = None,
        *,
        probabilities: bool = False,
        candidates: int = 0,
    ) -> list[Transliteration]:
        """Return one ``Transliteration`` a name, in order; never raises for what is in a name.

        Args:
            names: the names.
            languages: hints, as in ``transliterate``; ``Transliteration.language`` says which of them were followed.
            probabilities: whether each text comes with its probability, the product of its parts'. What is from the
                lexicon, by rule or kept counts as 1; a known name has the probability of its table.
            candidates: the most candidates of each name, as ``candidates`` ranks them, 1,000 at most; 0 searches for
                none. A text stays what it is without them: now and then the first candidate is another, more probable
                one.

        Raises:
            TypeError: as in ``transliterate``.
            ValueError: as there, or ``candidates`` is no number from 0 to 1,000.
            WorkerDiedError: a worker process ended, or was stopped, now or before.
        """
        most = checked_count(candidates, "candidates", least=0, most=MOST_CANDIDATES)
        details = Details(bool(probabilities), most, self._options.least_probability, origins=True)
        results: list[Transliteration] = []
        for window, column in _windows(self._team, self._options, names, languages, details):
            results += column.detailed(window)
        return results

    def candidates(self, name: str, n: int = 5, language: str | None = None) -> list[Candidate]:
        """Return the ``n`` most probable Katakana of ``name``, different ones, the most probable first.

        There are fewer where the model finds no more. The probability of a name is the product of its parts'. Its
        candidates are the best products of its parts' candidates, which beam search finds (``beam.beam_search``). What
        is from the lexicon, read by rule or kept has one candidate, of probability 1. The other candidates of a known
        name share what its probability leaves. ``language`` is a hint, as in ``transliterate``. Works in this process
        whatever ``workers`` is.

        Raises:
            TypeError: ``name`` is no string.
            ValueError: ``n`` is no number from 1 to 1,000, or ``language`` is no code.
            UntransliterableNameError: the name is empty, unreadable, too long, or the model finished no candidate.
        """
        (name,) = as_names((name,))
        n = checked_count(n, "n", least=1, most=MOST_CANDIDATES)
        return self._team.engine().candidates(name, n, _hint(self._team, self._options, language))

    def explain(self, name: str, language: str | None = None) -> Alignment:
        """Return which source characters each character of the Katakana was written on, by attention weight.

        What is known, from the lexicon or read by rule was not written letter by letter: it stands on all its letters
        alike. ``language`` is a hint, as in ``transliterate``; no letter stands for it.

        Raises:
            ValueError: ``language`` is no code.
            AlignmentUnavailableError: the model has no attention.
            UntransliterableNameError: the name is empty, unreadable, longer than 4,096 characters or than the model
                reads, or the model did not finish it.
        """
        (name,) = as_names((name,))
        return self._team.engine().explain(name, _hint(self._team, self._options, language))

    def close(self) -> None:
        """Free the sessions and end the workers; every later use raises ``ClosedError``. Closing twice is fine."""
        self._team.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and not issubclass(kind, Exception):
            self._team.kill()  # Ctrl-C: what they work on is not wanted any more.
        self.close()

    def __reduce__(self) -> tuple[object, ...]:
        return (partial(Transliterator, **self._options.keywords()), ())

    def __repr__(self) -> str:
        return f"<Transliterator model={self._name!r}>"


def team_of(transliterator: Transliterator) -> Team:
    """Return what is behind ``transliterator``, for rooms above that work in columns."""
    return transliterator._team


def _hint(team: Team, options: Options, code: str | None) -> str:
    """Return the language that is followed for a name with this code; empty where there is none."""
    if code is None and not options.language:  # As it is for most names, and sooner than below.
        return ""
    (language,) = languages_of((code,), otherwise=options.language, known=team.parser.languages)
    return language


def _windows(
    team: Team, options: Options, names: Iterable[str], codes: Iterable[str | None] | None, details: Details
) -> Iterator[tuple[Sequence[str], KatakanaColumn]]:
    """Yield windows of names, each name under its hint, as ``Team.transliterate_windows`` does."""
    of_strings = as_names(names)
    if codes is None:
        language = _hint(team, options, None)
        return team.transliterate_windows(of_strings, replace(details, language=language) if language else details)
    codes = as_codes(codes, count=len(of_strings))
    languages = languages_of(codes, otherwise=options.language, known=team.parser.languages)
    if len(set(languages)) <= 1:
        return team.transliterate_windows(of_strings, replace(details, language="".join(languages[:1])))
    return team.transliterate_windows(of_strings, details, languages=languages)
