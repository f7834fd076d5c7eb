"""Variables of the environment that ``hayakana serve`` takes options from, and those that are a mistake."""

import argparse
import re
from collections.abc import Iterator, Mapping

from hayakana.errors import brief

_PREFIX = "HAYAKANA_SERVE_"
API_KEYS = f"{_PREFIX}API_KEYS"
"""The variable of API keys, which no option gives."""

_OF_KUBERNETES = re.compile(r"SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?")
"""What Kubernetes sets in each pod beside a Service that is named ``hayakana-serve``."""

_LONGEST = 100
"""Characters of a variable that are compared."""

_ADDRESS = re.compile(r"(tcp|udp|sctp)://", re.IGNORECASE)


def arguments_of_environment(serve: argparse.ArgumentParser, environment: Mapping[str, str]) -> list[str]:
    """Return the arguments of ``hayakana serve`` that ``environment`` gives; ends the process where one is wrong."""
    arguments: list[str] = []
    options = dict(_options(serve))
    _check_variables(serve, environment, [*options, API_KEYS])
    for variable, action in options.items():
        given = environment.get(variable)
        if given is None:
            continue
        option = _long_name(action)
        if action.nargs == 0:  # A switch.
            if given.lower() not in ("", "0", "1", "false", "no", "true", "yes"):
                serve.error(f"{variable}: give 1 or 0")
            arguments += [option] if given.lower() in ("1", "true", "yes") else []
        elif isinstance(action.default, list):
            arguments += [f"{option}={value.strip()}" for value in given.split(",")]
        else:
            arguments.append(f"{option}={given}")
    return arguments


def _options(serve: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.Action]]:
    """Yield each variable with its option."""
    for action in serve._actions:
        option = _long_name(action)
        if option not in ("", "--help"):
            yield _PREFIX + option.removeprefix("--").replace("-", "_").upper(), action


def _long_name(action: argparse.Action) -> str:
    return next((name for name in action.option_strings if name.startswith("--")), "")


def _check_variables(serve: argparse.ArgumentParser, environment: Mapping[str, str], known: list[str]) -> None:
    """End the process where a variable has no option, such as a misspelt one: nobody would see that it does nothing."""
    port = environment.get(f"{_PREFIX}PORT", "")
    if _ADDRESS.match(port):
        serve.error(
            f"{_PREFIX}PORT is {brief(port, limit=60)}, as Kubernetes sets it for a Service named hayakana-serve: set"
            f" {_PREFIX}PORT to a number in the container's env, or enableServiceLinks: false in the pod, or rename the"
            " Service"
        )
    for variable in sorted(environment):
        of_kubernetes = _OF_KUBERNETES.fullmatch(variable.removeprefix(_PREFIX))
        if variable.startswith(_PREFIX) and variable not in known and not of_kubernetes:
            serve.error(f"{brief(variable, limit=_LONGEST)} is no option: {_remedy(variable, known)}")


def _remedy(variable: str, known: list[str]) -> str:
    from difflib import get_close_matches  # Seldom needed.

    # Without what all have in common, which would make all of them near.
    ends = [name.removeprefix(_PREFIX) for name in known]
    near = get_close_matches(variable.removeprefix(_PREFIX)[:_LONGEST], ends, n=1)
    return f"did you mean {_PREFIX}{near[0]}?" if near else "remove it; hayakana serve --help lists the options"
