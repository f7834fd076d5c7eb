"""``/docs``: the reference of the service, one page made of the OpenAPI document, which loads nothing."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from msgspec import json

_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 56rem; padding: 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .9rem; }
pre { border: 1px solid #8888; border-radius: .4rem; overflow-x: auto; padding: .7rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
td, th { border-bottom: 1px solid #8884; padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
section { border-top: 1px solid #8888; margin-top: 2rem; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""What the page may load: nothing but the style that stands in it."""


def reference(document: Mapping[str, Any]) -> bytes:
    """Return the page."""
    operations = [
        _operation(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = [_schema(name, schema) for name, schema in document["components"]["schemas"].items()]
    title = f"hayakana {document['info']['version']}: HTTP"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>"
        '<p><a href="./">The page</a>, and <a href="openapi.json">openapi.json</a>, of which this is made.</p>'
        f"{''.join(operations)}<h2>Types</h2>{''.join(schemas)}</main></body></html>\n"
    ).encode()


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    parts = [
        f'<section id="{operation["operationId"]}"><h2><code>{method.upper()} {escape(path)}</code></h2>'
        f"<p>{escape(operation['summary'])}</p>"
    ]
    if "requestBody" in operation:
        parts.append(f"<pre>{escape(_curl(path, operation['requestBody']['content']))}</pre>")
    if "parameters" in operation:
        rows = [
            (parameter["name"], _type(parameter["schema"]), escape(parameter["description"]))
            for parameter in operation["parameters"]
        ]
        parts.append(_table(("query", "type", ""), rows))
    rows = [
        (status, " or ".join(_answers(response)), escape(response["description"]))
        for status, response in operation["responses"].items()
    ]
    return "".join([*parts, _table(("status", "answer", ""), rows), "</section>"])


def _curl(path: str, content: Mapping[str, Any]) -> str:
    lines = []
    for media_type, body in content.items():
        example = body["example"]
        text = example if isinstance(example, str) else json.encode(example).decode()
        lines.append(f"curl -H 'Content-Type: {media_type}' --data-binary '{text.strip()}' http://127.0.0.1:8000{path}")
    return "\n".join(lines)


def _answers(response: Mapping[str, Any]) -> list[str]:
    return [
        f"{_type(body.get('x-itemSchema', body['schema']))} as {escape(media_type)}"
        for media_type, body in response["content"].items()
    ]


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    described = f'<section id="{name}"><h3><code>{name}</code></h3><p>{escape(schema.get("description", ""))}</p>'
    if "enum" in schema:
        values = ", ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
        return f"{described}<p>{values}</p></section>"
    required = schema.get("required", [])
    rows = [
        (
            field if field in required else f"{field} (optional)",
            _type(of_field),
            escape(of_field.get("description", "")),
        )
        for field, of_field in schema["properties"].items()
    ]
    return f"{described}{_table(('member', 'type', ''), rows)}</section>"


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"array of {_type(schema['items'])}"
    bounds = [f"{word} {schema[key]:,}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema]
    return " ".join([str(schema.get("type", "any")), *bounds])


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    cells = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"
