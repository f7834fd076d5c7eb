"""A command a task, the same here and in CI: ``nox -s check``; ``nox -l`` lists them.

A session makes an environment of its own, from the versions and hashes of requirements/, and keeps it for the next
time. ``nox --no-venv -s check`` makes none: it uses the environment that nox runs in, such as README's.
"""

import json
import os
import re
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

import nox

ROOT = Path(__file__).parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS: list[str] = list(PYPROJECT["dependency-groups"])
REQUIREMENTS = "requirements"
DIST, RELEASE = ROOT / "dist", ROOT / "release"
REFUSED = "GNU General Public;GNU Affero;AGPL;GPL-"
"""Licences that need a person's look before users are told to install what has them; the last also finds LGPL-."""
OLDEST_PYTHON = PYPROJECT["project"]["requires-python"].removeprefix(">=")
OLDEST = ["numpy==1.26.*", "onnxruntime==1.20.*"]
"""Of what pyproject.toml allows: the base install."""
LARGEST_WHEEL = 8_000_000
"""Bytes."""
OLDEST_TABLES = [*OLDEST, "polars==1.25.*", "duckdb==1.1.0", "pyarrow==18.*", "onnx==1.18.*"]

nox.needs_version = ">=2025.5"
nox.options.sessions = ["check", "test-runtime"]
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True


def prepare(session: nox.Session, group: str) -> Path:
    """Install ``group`` as it is locked, and this checkout; with ``--no-venv``, nothing. Return where commands are."""
    if session.virtualenv.is_sandboxed:
        session.install("--require-hashes", "-r", f"{REQUIREMENTS}/{group}.txt")
        session.install("--no-deps", "--editable", ".")
        return Path(session.bin)
    # nox may run by its path, as .venv/bin/nox: its environment need not be an active one.
    commands = Path(sys.executable).parent
    os.environ["PATH"] = os.pathsep.join([str(commands), os.environ["PATH"]])
    return commands


@nox.session
def check(session: nox.Session) -> None:
    """Style, spelling, types, workflows: nothing that runs hayakana."""
    commands = prepare(session, "check")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("codespell")
    session.run("validate-pyproject", "pyproject.toml")
    session.run("zizmor", "--offline", "--quiet", ".github", ".pre-commit-config.yaml")
    session.run("mypy")
    # As users have it: the installed package and its py.typed, away from the settings of pyproject.toml. No folder of
    # session.create_tmp: with --no-venv it makes a .nox/check that later runs take for an environment.
    sample = str(ROOT / "tests" / "typing" / "sample.py")
    with tempfile.TemporaryDirectory() as elsewhere, session.chdir(elsewhere):
        session.run("mypy", "--config-file=", "--strict", sample)
        session.run("pyright", "--pythonpath", str(commands / "python"), sample)
        session.run("ty", "check", "--quiet", "--python", str(commands.parent), sample)


@nox.session
def test(session: nox.Session) -> None:
    """All tests. Where Java, Chromium or Node.js is missing, the last lines say which were left out."""
    prepare(session, "dev")
    session.run("pytest", "-n", "2", "--dist", "loadfile", *session.posargs)


@nox.session(name="test-runtime")
def test_runtime(session: nox.Session) -> None:
    """The tests of what users import: neither TensorFlow nor Java."""
    prepare(session, "test")
    session.run("pytest", "-n", "2", "--dist", "loadfile", *(session.posargs or ["tests/runtime"]))


@nox.session
def coverage(session: nox.Session) -> None:
    """The tests of what users import, and which of its lines and branches they run."""
    prepare(session, "test")
    session.run("pytest", "-n", "2", "--dist", "loadfile", "--cov", "--cov-report=term", "tests/runtime")


@nox.session
def docs(session: nox.Session) -> None:
    """Write the site to build/site; links that lead nowhere are errors. npm fetches what its demo runs on."""
    prepare(session, "docs")
    with session.chdir("examples/browser"):
        session.run("npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", external=True)
    session.run("python", "-m", "website", "build")


@nox.session
def bench(session: nox.Session) -> None:
    """Benchmarks: ``nox -s bench -- --quick``, or sections, or nothing for all of them."""
    prepare(session, "bench")
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session(reuse_venv=False)
@nox.parametrize(
    ("name", "versions"),
    [
        nox.param("*.whl", [], id="newest"),
        nox.param("*.whl", OLDEST, id="oldest"),
        nox.param("*.tar.gz", [], id="source"),
    ],
)
def wheel(session: nox.Session, name: str, versions: list[str]) -> None:
    """Test the wheel in dist/, or the source distribution, in an environment with its base dependencies alone."""
    session.install(built(name), "pytest", *versions)
    # Away from the sources and their settings, so that it is the wheel that is imported.
    with tempfile.TemporaryDirectory() as elsewhere, session.chdir(elsewhere):
        shutil.copy(ROOT / "tests" / "wheel" / "test_wheel.py", elsewhere)
        session.run("pytest", "-q", "-p", "no:cacheprovider", "--rootdir", elsewhere, "--confcutdir", elsewhere)


@nox.session(reuse_venv=False)
def tables(session: nox.Session) -> None:
    """Test Polars and DuckDB by the wheel in dist/, with the oldest versions of everything; ``dev`` has the newest."""
    session.install(f"{built('*.whl')}[polars,duckdb]", "pytest", "hypothesis", *OLDEST_TABLES)
    tests = [f"tests/integrations/test_{name}.py" for name in ("polars", "duckdb")]
    session.run("pytest", "-q", "-p", "no:cacheprovider", *tests)


@nox.session
def build(session: nox.Session) -> None:
    """Write the wheel and the source distribution to dist/, built twice and compared byte for byte."""
    prepare(session, "release")
    if "SOURCE_DATE_EPOCH" not in os.environ:
        of_commit = session.run("git", "log", "-1", "--format=%ct", external=True, silent=True)
        session.env["SOURCE_DATE_EPOCH"] = str(of_commit).strip()
    shutil.rmtree(DIST, ignore_errors=True)
    session.run("python", "-m", "build", "--no-isolation", "--outdir", str(DIST), ".")
    with tempfile.TemporaryDirectory() as elsewhere:
        shutil.unpack_archive(built("*.tar.gz"), elsewhere)
        (source,) = Path(elsewhere).iterdir()
        again = Path(elsewhere) / "again"
        session.run("python", "-m", "build", "--no-isolation", "--outdir", str(again), str(source))
        for name in ("*.whl", "*.tar.gz"):
            first, (second,) = Path(built(name)), again.glob(name)
            if first.read_bytes() != second.read_bytes():
                session.error(f"{first.name}: two builds of the same commit differ; diffoscope says where")
            session.log(f"{first.name}: {first.stat().st_size:,} bytes, the same twice")
    if Path(built("*.whl")).stat().st_size > LARGEST_WHEEL:
        session.error(f"the wheel is larger than {LARGEST_WHEEL:,} bytes: has it more than the models need?")


@nox.session
def audit(session: nox.Session) -> None:
    """Known vulnerabilities of what is locked. A package of which the index knows nothing is an error."""
    prepare(session, "release")
    session.run("pip-audit", "--strict", "--disable-pip", "--require-hashes", "-r", f"{REQUIREMENTS}/dev.txt")


@nox.session
def release(session: nox.Session) -> None:
    """Write release/: the SBOM of dist/ with all extras, their licences, and notes; ``-- TAG`` checks the tag."""
    commands = prepare(session, "release")
    RELEASE.mkdir(exist_ok=True)
    (RELEASE / "notes.md").write_text(notes(*session.posargs), encoding="utf-8")
    with tempfile.TemporaryDirectory() as users:
        python = str(Path(users) / commands.name / "python")
        extras = ",".join(PYPROJECT["project"]["optional-dependencies"])
        session.run("python", "-m", "venv", users)
        session.run(python, "-m", "pip", "install", "--quiet", f"{built('*.whl')}[{extras}]", external=True)
        sbom = RELEASE / "hayakana.cdx.json"
        session.run("cyclonedx-py", "environment", "--output-reproducible", "--output-file", str(sbom), python)
        sbom.write_text(without_folders(sbom.read_text(encoding="utf-8")), encoding="utf-8")
        licences = ["--format=markdown", "--order=name", f"--output-file={RELEASE / 'licences.md'}"]
        session.run("pip-licenses", f"--python={python}", *licences, "--partial-match", f"--fail-on={REFUSED}")


def without_folders(sbom: str) -> str:
    """Return ``sbom``, which is CycloneDX in JSON, without references to files of the machine that wrote it."""
    bill = json.loads(sbom)
    for component in bill["components"]:
        kept = [at for at in component.get("externalReferences", []) if not at["url"].startswith("file:")]
        component["externalReferences"] = kept
    return json.dumps(bill, ensure_ascii=False, indent=2) + "\n"


def notes(tag: str = "") -> str:
    """Return what CHANGELOG.md says of the version of the sources, which has to be that of ``tag``, if one is given."""
    code = (ROOT / PYPROJECT["tool"]["hatch"]["version"]["path"]).read_text(encoding="utf-8")
    (version,) = re.findall(r'^__version__ = "(.+)"$', code, re.MULTILINE)
    if tag and tag != f"v{version}":
        raise ValueError(f"the tag is {tag}, and the sources are of {version}: RELEASE.md")
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(version)}, (.+)\n((?:(?!## ).*\n)*)", log, re.MULTILINE)
    if found is None or (tag and not re.fullmatch(r"\d{4}-\d\d-\d\d", found[1])):
        raise ValueError(f"CHANGELOG.md has no heading '## {version}, ' with the day of the release: RELEASE.md")
    return found[2].strip() + "\n"


def built(pattern: str) -> str:
    """Return the one file of dist/ with this name."""
    found = list(DIST.glob(pattern))
    if len(found) != 1:
        raise FileNotFoundError(f"dist/ has {len(found)} files {pattern}, not one: nox -s build")
    return str(found[0])


@nox.session
def lock(session: nox.Session) -> None:
    """Write requirements/ after a change of pyproject.toml; ``nox -s lock -- --upgrade`` takes the newest versions."""
    prepare(session, "tasks")
    Path(REQUIREMENTS).mkdir(exist_ok=True)
    # The largest goes first, and gives its versions to the groups that it includes.
    for group in sorted(GROUPS, key=lambda group: group != "dev"):
        output = f"{REQUIREMENTS}/{group}.txt"
        session.run(
            *("uv", "pip", "compile", "--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"),
            # hayakana, whose extras groups name, is installed from the checkout. No line says where packages are from.
            *("--group", group, "--no-emit-package", "hayakana", "--no-emit-index-url", "--no-emit-find-links"),
            *(("--constraints", f"{REQUIREMENTS}/dev.txt") if group != "dev" else ()),
            *("--custom-compile-command", "nox -s lock", "--quiet", "--output-file", output),
            *session.posargs,
        )
