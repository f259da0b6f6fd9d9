"""Encoders: shipped, offline, and the same vectors as sentence-transformers gives."""

from pathlib import Path

import numpy as np
import pytest

from policy_corpus.annotate.vectors import BLOCK_BYTES, unpack_q4
from policy_corpus.corpus.coding.encoders import E5, STATIC, fingerprint, load_encoder, unpacked
from policy_corpus.errors import SettingsError
from policy_corpus.resources import models_dir

TEXTS = ["推行教师交流轮岗", "校长和教师定期轮岗", "新建农村公路120公里", ""]


def test_a_block_of_four_bit_codes_is_unpacked() -> None:
    scale = np.array([0.5], np.float16).view(np.uint8)
    packed = np.array([(15 - i) << 4 | i for i in range(16)], np.uint8)
    values = unpack_q4(np.concatenate([scale, packed]), (1, 32))[0]
    assert values[:16].tolist() == [0.5 * (i - 8) for i in range(16)]
    assert values[16:].tolist() == [0.5 * (15 - i - 8) for i in range(16)]


def test_a_matrix_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        unpack_q4(np.zeros(BLOCK_BYTES, np.uint8), (2, 32))


def test_the_static_encoder_puts_like_beside_like() -> None:
    vectors = load_encoder(STATIC).encode(TEXTS)
    assert vectors.shape == (4, 256)
    assert np.allclose(np.linalg.norm(vectors[:3], axis=1), 1, atol=1e-5)
    assert not vectors[3].any()
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_the_static_encoder_loads_no_torch() -> None:
    import subprocess
    import sys

    code = "import sys; from policy_corpus.corpus.coding.encoders import load_encoder; load_encoder('static-zh-256'); print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_static_encoder_gives_the_vectors_of_sentence_transformers() -> None:
    from policy_corpus.annotate.vectors import SentenceTransformerEncoder

    other = SentenceTransformerEncoder("x", str(models_dir() / STATIC)).encode(TEXTS[:3])
    assert np.allclose(load_encoder(STATIC).encode(TEXTS[:3]), other, atol=2e-3)


def test_the_packed_encoder_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = unpacked(models_dir() / E5)
    written = (folder / "model.safetensors").stat().st_mtime_ns
    assert unpacked(models_dir() / E5) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == written
    assert [p.name for p in (tmp_path / "policy-corpus").iterdir()] == [folder.name]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_e5_tells_queries_from_passages() -> None:
    encoder = load_encoder(E5)
    question, passage = (encoder.encode(TEXTS[:1], query=asked)[0] for asked in (True, False))
    assert encoder.dimensions == 384
    assert 0.8 < question @ passage < 0.9999


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_vector_of_e5_does_not_depend_on_what_else_is_encoded() -> None:
    encoder = load_encoder(E5)
    texts = [*TEXTS[:3], "校长和教师定期轮流", "推行教师交流轮岗，" * 20]
    together = encoder.encode(texts)
    assert np.array_equal(together[::-1], encoder.encode(texts[::-1]))
    assert np.array_equal(together, np.concatenate([encoder.encode([text]) for text in texts]))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_quick_vectors_of_e5_are_those_of_sentence_transformers() -> None:
    from sentence_transformers import SentenceTransformer

    folder = unpacked(models_dir() / E5)
    plain = SentenceTransformer(str(folder), device="cpu", local_files_only=True).float()
    theirs = plain.encode([f"passage: {text}" for text in TEXTS[:3]], normalize_embeddings=True)
    assert (theirs * load_encoder(E5).encode(TEXTS[:3])).sum(axis=1).min() > 0.9999


def test_a_fingerprint_names_the_bytes_of_an_encoder(tmp_path: Path) -> None:
    assert fingerprint(STATIC) == fingerprint(str(models_dir() / STATIC)) != fingerprint(E5)
    (tmp_path / "model.safetensors").write_bytes(b"a")
    before = fingerprint(str(tmp_path))
    (tmp_path / "README.md").write_text("words for people change nothing", encoding="utf-8")
    assert fingerprint(str(tmp_path)) == before
    (tmp_path / "model.safetensors").write_bytes(b"b")
    assert fingerprint(str(tmp_path)) != before


@pytest.mark.parametrize("name", ["no-such-encoder", "intfloat/multilingual-e5-small"])
def test_an_encoder_that_is_not_here_is_an_error_not_a_download(name: str) -> None:
    with pytest.raises(SettingsError, match="is not here"):
        load_encoder(name)
