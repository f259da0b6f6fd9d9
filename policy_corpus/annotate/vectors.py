"""Vectors of sentences: the one door to sentence-transformers, tokenizers and torch.

A static model is a table of word vectors; its sentence vector is the mean of the rows of its tokens, brought to
length 1. That is computed here with numpy, so that the default build loads no torch; the vectors are those of
sentence-transformers (a test holds both against each other).
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from policy_corpus.errors import SettingsError

Array = NDArray[np.float32]
BLOCK = 32
"""Values in a block of the 4-bit format."""
BLOCK_BYTES = 18
"""Bytes in a block: a half float as scale, then 16 bytes of two codes each."""
CODE_ZERO = 8
"""The 4-bit code that stands for 0."""
BATCH = 32
TOKENS_AT_ONCE = 16_384
"""Tokens in a batch: on one core 1.85 times as quick as sentence-transformers' batches, 4,096 tokens 1.77 times."""
TOKENS_AT_LEAST = 520
"""A smaller batch of passages is filled up: oneDNN splits short products in another way, which changes last digits.
Rows of a product are the same, bit by bit, from 16 rows on in single precision and from 513 on in half floats
(measured with torch 2.13)."""
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Encoder(Protocol):
    """Turns texts into vectors of length 1."""

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Array:
        """Vectors of texts, (n_texts, dimensions); ``query`` where the text is a question to the corpus."""
        ...


class StaticEncoder:
    """Mean of token vectors.

    Parameters
    ----------
    tokenizer
        Contents of ``tokenizer.json``.
    table
        Token vectors, (n_tokens, dimensions).
    """

    def __init__(self, name: str, tokenizer: str, table: NDArray[Any]) -> None:
        from tokenizers import Tokenizer

        self.name = name
        self.dimensions = int(table.shape[1])
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._table = table

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Array:
        """Vectors of length 1; a text without tokens gets zeros. ``query`` makes no difference here."""
        out = np.zeros((len(texts), self.dimensions), np.float32)
        for row, coding in enumerate(
            self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ):
            if coding.ids:
                mean = self._table[coding.ids].astype(np.float32).mean(axis=0)
                out[row] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return out


class SentenceTransformerEncoder:
    """A sentence-transformers model in a local folder.

    Texts of equal token length are encoded together, so that nothing is padded and a vector does not depend on what
    else was encoded. Where the processor multiplies half floats in tiles (AMX), the linear layers do so; everything
    else stays in single precision. Cosine to sentence-transformers' own vectors: .99999 at least, on 150 sentences.
    """

    def __init__(
        self, name: str, folder: str, query_prefix: str = "", passage_prefix: str = "", *, exact: bool = False
    ) -> None:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            self._model = SentenceTransformer(folder, device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"no encoder could be read: {error}", folder, "name a sentence-transformers folder"
            ) from error
        self._model.float().eval()
        if not exact and _multiplies_half_floats():
            _use_half_floats(self._model)
        self.name = name
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self._prefixes = {True: query_prefix, False: passage_prefix}

    def encode(self, texts: Sequence[str], *, query: bool = False) -> Array:
        """Vectors of length 1, with the prefix that the model wants for queries or passages."""
        tokenizer = getattr(self._model, "tokenizer", None)
        if not hasattr(tokenizer, "convert_ids_to_tokens"):  # no transformer: its own way is quick enough
            return self._plain(texts, query)
        prefix = self._prefixes[query]
        limit = self._model.max_seq_length or 512
        ids = [
            tokenizer(prefix + text, truncation=True, max_length=limit)["input_ids"]  # type: ignore[misc]
            for text in texts
        ]
        out = np.zeros((len(texts), self.dimensions), np.float32)

        def fill(rows: Sequence[int]) -> None:
            out[rows] = self._forward([ids[row] for row in rows], 1 if query else TOKENS_AT_LEAST)

        _one_on_each_core(fill, _batches(ids))
        return out

    def _forward(self, ids: Sequence[Sequence[int]], tokens_at_least: int) -> Array:
        """Vectors of texts with equally many tokens."""
        import torch

        wanted = -(-tokens_at_least // max(1, len(ids[0])))
        filled = [*ids, *[ids[0]] * (wanted - len(ids))]
        with torch.inference_mode():
            tokens = torch.tensor(filled)
            found = self._model({"input_ids": tokens, "attention_mask": torch.ones_like(tokens)})
            vectors = torch.nn.functional.normalize(found["sentence_embedding"].float(), dim=1)
        return np.asarray(vectors.numpy()[: len(ids)], np.float32)

    def _plain(self, texts: Sequence[str], query: bool) -> Array:
        vectors = self._model.encode(
            [self._prefixes[query] + text for text in texts],
            batch_size=BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)


def _batches(ids: Sequence[Sequence[int]]) -> list[list[int]]:
    """Rows of equally many tokens, long texts first, so that no core waits for a long batch at the end."""
    by_length: dict[int, list[int]] = {}
    for row, tokens in enumerate(ids):
        by_length.setdefault(len(tokens), []).append(row)
    found = []
    for length, rows in sorted(by_length.items(), reverse=True):
        most = max(1, TOKENS_AT_ONCE // length)
        found += [rows[begin : begin + most] for begin in range(0, len(rows), most)]
    return found


def _one_on_each_core(work: Callable[[Sequence[int]], None], batches: Sequence[Sequence[int]]) -> None:
    """Batches side by side, each on one core: 1.2 times as quick on two cores as all cores on one batch."""
    import torch

    cores = torch.get_num_threads()
    if min(cores, len(batches)) < 2:
        for batch in batches:
            work(batch)
        return
    try:
        with ThreadPoolExecutor(cores, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            list(pool.map(work, batches))
    finally:
        torch.set_num_threads(cores)  # the setting is one for all threads in parts of torch


def _multiplies_half_floats() -> bool:
    """Whether the processor has tiles for half floats; elsewhere they are slower than single precision."""
    import torch

    return bool(getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)())


def _use_half_floats(model: Any) -> None:
    """Let the linear layers of a model multiply in bfloat16; sums and all other layers stay in single precision."""
    import torch

    class HalfLinear(torch.nn.Module):  # type: ignore[misc]
        def __init__(self, linear: Any) -> None:
            super().__init__()
            self.weight = linear.weight.detach().bfloat16()
            self.bias = None if linear.bias is None else linear.bias.detach().bfloat16()

        def forward(self, values: Any) -> Any:
            return torch.nn.functional.linear(values.bfloat16(), self.weight, self.bias).float()

    for name, child in list(model.named_children()):
        if isinstance(child, torch.nn.Linear):
            setattr(model, name, HalfLinear(child))
        else:
            _use_half_floats(child)


def unpack_q4(blocks: NDArray[np.uint8], shape: tuple[int, int]) -> Array:
    """Matrix from 4-bit blocks along its last axis.

    Parameters
    ----------
    blocks
        Bytes, :data:`BLOCK_BYTES` for each :data:`BLOCK` values: a half float d, then 16 bytes whose low nibbles
        are the codes of values 0–15 and whose high nibbles those of 16–31; a value is ``d · (code − 8)``.
    shape
        (rows, columns) of the matrix; columns are a multiple of :data:`BLOCK`.
    """
    table = np.ascontiguousarray(blocks, np.uint8).reshape(-1, BLOCK_BYTES)
    if table.shape[0] * BLOCK != shape[0] * shape[1]:
        raise ValueError(f"{table.shape[0]} blocks cannot hold a matrix of {shape}")
    scale = table[:, :2].copy().view(np.float16).astype(np.float32)
    packed = table[:, 2:]
    codes = np.concatenate([packed & 0x0F, packed >> 4], axis=1).astype(np.float32) - CODE_ZERO
    return np.asarray((scale * codes).reshape(shape), np.float32)


def unpack_bert(
    packed: Mapping[str, NDArray[Any]], hidden: int, inner: int
) -> dict[str, NDArray[np.float16]]:
    """Tensors of a BERT encoder from the 4-bit file, by the names that transformers gives them.

    Parameters
    ----------
    packed
        ``emb.*`` and ``l0…`` arrays; matrices as 4-bit blocks, the rest as half floats.
    hidden, inner
        Sizes of the hidden and of the feed-forward layer.
    """
    tensors = {
        "embeddings.word_embeddings.weight": _matrix(packed["emb.word"], hidden),
        "embeddings.position_embeddings.weight": packed["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": packed["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": packed["emb.ln.w"],
        "embeddings.LayerNorm.bias": packed["emb.ln.b"],
    }
    layers = sum(key.endswith(".q.w") for key in packed)
    for layer in range(layers):
        for short, long in _LAYER_PARTS.items():
            weight = packed[f"l{layer}.{short}.w"]
            if weight.dtype == np.uint8:
                weight = _matrix(weight, inner if short == "fo" else hidden)
            tensors[f"encoder.layer.{layer}.{long}.weight"] = weight
            tensors[f"encoder.layer.{layer}.{long}.bias"] = packed[f"l{layer}.{short}.b"]
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden))  # never used: vectors are means over tokens
    tensors["pooler.dense.bias"] = np.zeros(hidden)
    return {name: np.ascontiguousarray(tensor, np.float16) for name, tensor in tensors.items()}


def _matrix(blocks: NDArray[Any], columns: int) -> Array:
    values = blocks.size // BLOCK_BYTES * BLOCK
    return unpack_q4(blocks, (values // columns, columns))


def read_safetensors(data: bytes) -> dict[str, NDArray[Any]]:
    """Tensors of a safetensors file."""
    from safetensors.numpy import load

    return dict(load(data))


def write_safetensors(tensors: Mapping[str, NDArray[Any]]) -> bytes:
    """A safetensors file of tensors."""
    from safetensors.numpy import save

    return bytes(save(dict(tensors), metadata={"format": "pt"}))
