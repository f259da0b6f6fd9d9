"""Weights on disk: the classifier, the shipped encoders, and the folder a packed encoder is unpacked to.

Nothing is ever downloaded: an encoder is one of the shipped ones or a local folder.
"""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from policy_corpus.annotate.classifier import Classifier
from policy_corpus.annotate.codebook import Codebook
from policy_corpus.annotate.measures import Coder
from policy_corpus.annotate.vectors import (
    Encoder,
    SentenceTransformerEncoder,
    StaticEncoder,
    read_safetensors,
    unpack_bert,
    write_safetensors,
)
from policy_corpus.errors import SettingsError
from policy_corpus.records import content_id
from policy_corpus.resources import models_dir

CLASSIFIER_FILE = "classifier.npz"
STATIC = "static-zh-256"
E5 = "e5-small-zh"
PACKED_FILE = "weights-q4.npz"
UNPACKED_VERSION = 1
"""Raised whenever unpacking gives other bytes."""
ENCODING_VERSION = 1
"""Raised whenever the same weights give other vectors."""
E5_PREFIXES = ("query: ", "passage: ")
"""Prefixes the e5 family was trained with (Wang et al. 2024, Multilingual E5)."""


def save_classifier(model: Classifier, folder: Path) -> None:
    """Write a classifier into ``folder``; a failure leaves an older one as it was."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / (CLASSIFIER_FILE + ".part")
    with partial.open("wb") as file:
        np.savez_compressed(file, **_any(model.to_arrays()))
    partial.replace(folder / CLASSIFIER_FILE)


def read_classifier(folder: Path) -> Classifier:
    """Read the classifier in ``folder``.

    Raises
    ------
    SettingsError
        When there is none, or it is damaged or of another format.
    """
    path = folder / CLASSIFIER_FILE if folder.is_dir() else folder
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return Classifier.from_arrays(dict(arrays), str(path))
    except FileNotFoundError as error:
        raise SettingsError("no classifier here", str(path), "make one with `policy-corpus train`") from error
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise SettingsError(f"not a classifier: {error}", str(path), "train the model again") from error


def load_coder(codebook: Codebook, folder: Path) -> Coder:
    """Codebook and classifier joined, with the encoder that the classifier was trained with."""
    classifier = read_classifier(folder)
    encoder = load_encoder(classifier.encoder) if classifier.encoder else None
    return Coder(codebook, classifier, encoder)


def load_encoder(name_or_path: str) -> Encoder:
    """One of the shipped encoders by name (``static-zh-256``, ``e5-small-zh``), or a local folder.

    Raises
    ------
    SettingsError
        When there is no such folder; nothing is downloaded.
    """
    folder = _folder(name_or_path)
    if (folder / PACKED_FILE).is_file():
        folder = unpacked(folder)
    if (folder / "model.safetensors").is_file() and not (folder / "config.json").is_file():
        return _static(folder, name_or_path)
    os.environ["HF_HUB_OFFLINE"] = "1"
    prefixes = E5_PREFIXES if _is_e5(folder) else ("", "")
    return SentenceTransformerEncoder(name_or_path, str(folder), *prefixes)


def fingerprint(name_or_path: str) -> str:
    """Names the bytes of an encoder and the way it is used: vectors with the same fingerprint are the same.

    Raises
    ------
    SettingsError
        When there is no such folder.
    """
    folder = _folder(name_or_path)
    parts: list[str | bytes] = [str(ENCODING_VERSION), "e5" if _is_e5(folder) else ""]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".md":
            with path.open("rb") as file:
                parts += [path.relative_to(folder).as_posix(), hashlib.file_digest(file, "sha256").digest()]
    return content_id("encoder", *parts)


def _folder(name_or_path: str) -> Path:
    shipped = models_dir() / name_or_path
    folder = shipped if "/" not in name_or_path and shipped.is_dir() else Path(name_or_path)
    if not folder.is_dir():
        raise SettingsError(
            f"encoder {name_or_path!r} is not here",
            str(folder),
            f"use {STATIC}, {E5} or the path of a sentence-transformers folder",
        )
    return folder


def _is_e5(folder: Path) -> bool:
    return "e5" in folder.name.lower()


def _static(folder: Path, name: str) -> StaticEncoder:
    tables = read_safetensors((folder / "model.safetensors").read_bytes())
    tokenizer = (folder / "tokenizer.json").read_text(encoding="utf-8")
    return StaticEncoder(name, tokenizer, tables["embedding.weight"])


def cache_dir() -> Path:
    """Where unpacked weights are kept: the user's cache folder by the XDG rules."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "policy-corpus"


def unpacked(packed: Path) -> Path:
    """Folder with the unpacked weights of a packed encoder; made on first use, whole or not at all."""
    weights = packed / PACKED_FILE
    stamp = content_id(UNPACKED_VERSION, weights.stat().st_size, (packed / "config.json").read_bytes())
    target = cache_dir() / f"{packed.name}-{stamp}"
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{packed.name}-", dir=target.parent))
    try:
        for path in sorted(packed.rglob("*.json")):
            copy = work / path.relative_to(packed)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        config = json.loads((packed / "config.json").read_text(encoding="utf-8"))
        with np.load(weights, allow_pickle=False) as arrays:
            tensors = unpack_bert(dict(arrays), config["hidden_size"], config["intermediate_size"])
        (work / "model.safetensors").write_bytes(write_safetensors(tensors))
        work.rename(target)
    except OSError:
        if not target.is_dir():  # another process may have been faster
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _any(arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    return dict(arrays)
