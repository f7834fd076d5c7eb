"""PyInstaller's hook: the models come into the program, with their licences, and the page of the service."""

from PyInstaller import isolated
from PyInstaller.utils.hooks import collect_data_files


def _models() -> list[tuple[str, str]]:
    """Return each file of the models, and its folder in the program."""
    from hayakana.model.folder import models_folder

    models = models_folder()
    files = [path for pattern in ("*", "*/*") for path in models.glob(pattern) if path.is_file()]
    return [(str(path), str("hayakana/models" / path.parent.relative_to(models))) for path in files]


# In a process of its own, so that importing hayakana changes nothing in PyInstaller's.
datas = isolated.call(_models) + collect_data_files("hayakana.serve")
