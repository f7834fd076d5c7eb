"""How much of a text is read at a time: at most a block, so that small files are one, or many."""

import pytest

from hayakana.batch.formats.blocks import TEXT_SIZES, TextSizes


@pytest.fixture(scope="session", params=[TEXT_SIZES, TextSizes(block=16)], ids=["one block", "many blocks"])
def text_sizes(request: pytest.FixtureRequest) -> TextSizes:
    return request.param
