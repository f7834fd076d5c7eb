"""What Keras computes with, imported when a command needs it."""

import os
from importlib.util import find_spec
from pathlib import Path

from hayakana.errors import MissingExtraError
from hayakana_training.errors import TrainingError


def check_tensorflow() -> None:
    """Check that TensorFlow is installed, without loading it.

    Raises:
        MissingExtraError: the ``train`` extra is not installed.
    """
    if not (find_spec("tensorflow") and find_spec("tf2onnx")):
        raise MissingExtraError("training and export", extra="train")


def import_tensorflow() -> None:
    """Import TensorFlow, which takes seconds, for the CPU: after everything that a user can get wrong was checked.

    The dozen lines about this machine that it writes to standard error are hidden.

    Raises:
        MissingExtraError: the ``train`` extra is not installed.
    """
    # Exporting needs the CPU's LSTM: the CUDA one has no ONNX form. On a GPU, `fit` trains in JAX.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    standard_error = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
            import tf2onnx  # noqa: F401
        except ImportError as error:
            raise MissingExtraError("training and export", extra="train") from error
    finally:
        os.dup2(standard_error, 2)
        os.close(standard_error)


def import_backend() -> None:
    """Import what Keras trains on: TensorFlow, or JAX if ``KERAS_BACKEND`` says so."""
    check_backend()
    if _backend() == "tensorflow":
        import_tensorflow()


def check_backend() -> None:
    """Check that what Keras trains on is installed, without loading it.

    Raises:
        MissingExtraError: the ``train`` extra is not installed.
        TrainingError: ``KERAS_BACKEND`` names something else, or JAX is not installed.
    """
    backend = _backend()
    if backend == "tensorflow":
        check_tensorflow()
    elif backend != "jax":
        raise TrainingError(f"KERAS_BACKEND is {backend}: fit trains in tensorflow or jax")
    elif not find_spec("jax"):
        raise TrainingError(
            "KERAS_BACKEND is jax, which is not installed: pip install 'jax[cuda13]', or jax for the CPU"
        )


def _backend() -> str:
    return os.environ.get("KERAS_BACKEND", "tensorflow")
