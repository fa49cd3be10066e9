"""Train the decomposable-attention networks of the grader on the rows `bench.train_grader` prepared.

    python -m bench.train_network --work DIR [--protocols answers points] [--folds 0 1]

Needs torch (CPU; keep it out of the project's environment). Trains a network per fold. Writes per
protocol DIR/network_<protocol>.npy, every row's outputs by the network that did not see it, and for
those that ship DIR/<protocol>.npz, the networks of the folds by `<member>.<name>`: "answers" judges
whole answers, so that the memory is fitted to what those very networks leave unexplained, "points"
judges the decks' points, with wordings and without, folds over questions. Folds may be trained in
several processes at once; the last one brings them together.
"""

from __future__ import annotations

import argparse
import logging
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch  # pyright: ignore[reportMissingImports]
from torch import nn  # pyright: ignore[reportMissingImports]
from torch.nn import functional  # pyright: ignore[reportMissingImports]

from agents.grading.features import NAMES
from agents.grading.network import SIGNALS, Network, Pair
from agents.grading.point import POINT_NAMES
from bench import grading_data as data
from bench.grading_rows import Examples
from bench.train_grader import Set, prepared, protocols, whole_set
from bench.train_points import point_examples, point_sets

log = logging.getLogger("network")
EPOCHS, BATCH, RATE, DECAY, DROPOUT = 6, 64, 2e-3, 0.03, 0.4
WIDTH, FEATURES, HIDDEN = 72, 48, 64
CLASS_WEIGHTS = (1.0, 1.6, 1.0)
SCORE_SHARE = 0.5
POINTS = "points"
SHIPPED = ("answers", POINTS)


class Model(nn.Module):
    """The network of `agents.grading.network` with dropout; layer names are the weights' names."""

    def __init__(self, width: int, features: int) -> None:
        super().__init__()
        self.project = nn.Linear(width, WIDTH)
        self.attend = nn.Linear(WIDTH, WIDTH)
        self.compare = nn.Linear(4 * WIDTH + len(SIGNALS), WIDTH)
        self.features = nn.Linear(features, FEATURES)
        self.hidden = nn.Linear(4 * WIDTH + FEATURES, HIDDEN)
        self.out = nn.Linear(HIDDEN, 4)
        self.sharpness = nn.Parameter(torch.tensor(4.0))
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, r, rs, rm, a, as_, am, x):
        r = torch.tanh(self.project(self.drop(r * 16)))
        a = torch.tanh(self.project(self.drop(a * 16)))
        left = functional.normalize(self.attend(r), dim=-1)
        right = functional.normalize(self.attend(a), dim=-1)
        match = left @ right.transpose(1, 2) * self.sharpness
        to_answer = torch.softmax(match.masked_fill(~am[:, None, :], -1e4), 2) @ a
        back = torch.softmax(match.masked_fill(~rm[:, :, None], -1e4), 1).transpose(1, 2)
        pooled = [*self._compared(r, to_answer, rs, rm), *self._compared(a, back @ r, as_, am)]
        pooled.append(self.drop(torch.relu(self.features(x))))
        hidden = torch.relu(self.hidden(self.drop(torch.cat(pooled, 1))))
        return self.out(self.drop(hidden))

    def _compared(self, own, other, signals, mask):
        joint = torch.cat([own, other, (own - other).abs(), own * other, signals], -1)
        seen = torch.relu(self.compare(joint)) * mask[..., None]
        weight = (signals[..., 0] * (1 - 0.85 * signals[..., 2]) + 0.05) * mask
        mean = (seen * weight[..., None]).sum(1) / weight.sum(1, keepdim=True).clamp(min=1e-6)
        return mean, seen.max(1)[0]


def _padded(parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[torch.Tensor]:
    longest = max(len(vectors) for vectors, _ in parts)
    rows = np.zeros((len(parts), longest, parts[0][0].shape[1]), np.float32)
    signals = np.zeros((len(parts), longest, len(SIGNALS)), np.float32)
    mask = np.zeros((len(parts), longest), bool)
    for n, (vectors, signal) in enumerate(parts):
        rows[n, : len(vectors)], signals[n, : len(vectors)] = vectors, signal
        mask[n, : len(vectors)] = True
    return [torch.from_numpy(one) for one in (rows, signals, mask)]


def _inputs(pairs: Sequence[Pair], x: np.ndarray) -> list[torch.Tensor]:
    return [
        *_padded([(p.reference, p.reference_signals) for p in pairs]),
        *_padded([(p.answer, p.answer_signals) for p in pairs]),
        torch.from_numpy(x),
    ]


def whole_examples(s: Set, protocol: str) -> Examples:
    """The whole answers, with what a protocol holds out."""
    best = np.nan_to_num(np.stack([row.best for row in s.rows]))
    return Examples([row.pair for row in s.rows], best, s.y, s.score, protocols(s)[protocol])


def fit(s: Examples, rows: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """Train one member on `rows`; its weights with the features' mean and deviation."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    mean, deviation = s.features[rows].mean(axis=0), s.features[rows].std(axis=0) + 1e-6
    x = np.clip((s.features - mean) / deviation, -4, 4).astype(np.float32)
    model = Model(s.pairs[rows[0]].answer.shape[1], x.shape[1])
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    steps, step = EPOCHS * math.ceil(len(rows) / BATCH), 0
    y, score = torch.tensor(s.y), torch.tensor(s.score, dtype=torch.float32)
    weights = torch.tensor(CLASS_WEIGHTS)
    size = [len(one.reference) + len(one.answer) for one in s.pairs]
    model.train()
    for _ in range(EPOCHS):
        for batch in _batches(rows.tolist(), size, rng):
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1, (step + 1) / (0.1 * steps)) * (steps - step) / steps
            out = model(*_inputs([s.pairs[i] for i in batch], x[batch]))
            labelled = y[batch] >= 0
            loss = SCORE_SHARE * functional.binary_cross_entropy_with_logits(
                out[:, 3], score[batch]
            )
            if labelled.any():
                loss = loss + functional.cross_entropy(
                    out[labelled, :3], y[batch][labelled], weight=weights, label_smoothing=0.05
                )
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step += 1
    made = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    return made | {"mean": mean, "deviation": deviation}


def _batches(rows: list[int], size: Sequence[int], rng: random.Random) -> list[list[int]]:
    """Batches of rows of like length, in random order."""
    rng.shuffle(rows)
    block = BATCH * 20
    ordered = [
        i
        for start in range(0, len(rows), block)
        for i in sorted(rows[start : start + block], key=size.__getitem__)
    ]
    batches = [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
    rng.shuffle(batches)
    return batches


def members(s: Examples, folder: Path, protocol: str, only: Sequence[int]) -> None:
    """Train a network per fold of a protocol; its weights and its outputs for the fold it did not
    see go into `folder`. Folds that are there already are left alone."""
    for fold in only or np.unique(s.folds).tolist():
        file = folder / f"network_{protocol}_{fold}.npz"
        if file.is_file():
            continue
        rest, held = np.flatnonzero(s.folds != fold), np.flatnonzero(s.folds == fold)
        weights = fit(s, rest, fold)
        said = Network([weights])([s.pairs[i] for i in held], s.features[held])
        kept: dict[str, Any] = {
            name: value.astype(np.float32 if name in ("mean", "deviation") else np.float16)
            for name, value in weights.items()
        }
        np.savez_compressed(file, **kept, rows=held, said=said)
        log.info("%s: fold %d", protocol, fold)


def gather(s: Examples, folder: Path, protocol: str) -> None:
    """Bring the folds together once all are there: held-out outputs, and the shipped members."""
    count = len(np.unique(s.folds))
    files = [folder / f"network_{protocol}_{fold}.npz" for fold in range(count)]
    if not all(file.is_file() for file in files):
        return
    held_out = np.zeros((len(s.pairs), 4), np.float32)
    shipped: dict[str, Any] = {}
    for number, file in enumerate(files):
        with np.load(file) as archive:
            held_out[archive["rows"]] = archive["said"]
            names = [name for name in archive.files if name not in ("rows", "said")]
            shipped |= {f"{number}.{name}": archive[name] for name in names}
    np.save(folder / f"network_{protocol}.npy", held_out)
    if protocol in SHIPPED:
        names = POINT_NAMES if protocol == POINTS else NAMES
        listed = np.frombuffer("\n".join(names).encode(), np.uint8)
        np.savez_compressed(folder / f"{protocol}.npz", names=listed, **shipped)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data.DATA)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--protocols", nargs="+", default=[*SHIPPED, "questions", "domains"])
    parser.add_argument("--folds", nargs="*", type=int, default=[], help="these folds only")
    options = parser.parse_args()
    torch.set_num_threads(1)
    _, reader, _, _ = prepared(options.data, options.work)
    for protocol in options.protocols:
        if protocol == POINTS:
            examples = point_examples(point_sets(reader, options.data, options.work))
        else:
            examples = whole_examples(whole_set(reader, options.data, options.work), protocol)
        members(examples, options.work, protocol, options.folds)
        gather(examples, options.work, protocol)


if __name__ == "__main__":
    main()
