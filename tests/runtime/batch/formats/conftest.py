"""How much of a file is read at a time: at most a block, so that small files are one, or many."""

import pytest

from hayakana.batch.formats import blocks, delimited


@pytest.fixture(params=[None, 16], ids=["one block", "many blocks"])
def _block_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param:
        for module in (blocks, delimited):
            monkeypatch.setattr(module, "BLOCK_SIZE", request.param)
