"""Writes a tiny GGUF of random weights and serves it with llama.cpp: ``python tiny_gguf.py FILE PORT``.

Run by an interpreter that has `xllamacpp` (llama.cpp's own server in a wheel) and `gguf`; Viva itself
needs neither.
"""

from __future__ import annotations

import sys
import time

WIDTH, INNER, LAYERS, HEADS, CONTEXT = 32, 64, 2, 2, 16384
TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}{% endfor %}"
    "<|assistant|>"
)


def letters() -> list[str]:
    """The 256 bytes as GPT-2's tokenizer spells them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(byte if byte in plain else next(others)) for byte in range(256)]


def write(path: str) -> None:
    """A two-layer Llama over bytes."""
    import gguf
    import numpy as np

    chance = np.random.default_rng(0)
    words = [*letters(), "</s>"]
    out = gguf.GGUFWriter(path, "llama")
    out.add_context_length(CONTEXT)
    out.add_embedding_length(WIDTH)
    out.add_block_count(LAYERS)
    out.add_feed_forward_length(INNER)
    out.add_head_count(HEADS)
    out.add_head_count_kv(HEADS)
    out.add_rope_dimension_count(WIDTH // HEADS)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_vocab_size(len(words))
    out.add_tokenizer_model("gpt2")
    out.add_tokenizer_pre("gpt-2")
    out.add_token_list(words)
    out.add_token_types([gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL])
    out.add_token_merges(["a b"])
    out.add_bos_token_id(256)
    out.add_eos_token_id(256)
    out.add_add_bos_token(False)
    out.add_chat_template(TEMPLATE)

    def random(*shape: int, spread: float = 0.05) -> np.ndarray:
        return chance.normal(0, spread, shape).astype(np.float32)

    def weights(name: str, *shape: int) -> None:
        out.add_tensor(name, random(*shape))

    def ones(name: str) -> None:
        out.add_tensor(name, np.ones(WIDTH, np.float32))

    # The first number of every state is large, so that one weight can keep letters beyond ASCII out
    # (most of their strings are no UTF-8, which the server takes for a reply that broke its grammar)
    # and let a string of JSON end after a few words' length.
    tokens, choice = random(len(words), WIDTH), random(len(words), WIDTH, spread=0.02)
    tokens[:, 0] = 10
    choice[128:256, 0] = -4
    choice[ord('"'), 0] = 0.05
    out.add_tensor("token_embd.weight", tokens)
    for layer in range(LAYERS):
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            weights(f"blk.{layer}.{part}.weight", WIDTH, WIDTH)
        weights(f"blk.{layer}.ffn_gate.weight", INNER, WIDTH)
        weights(f"blk.{layer}.ffn_up.weight", INNER, WIDTH)
        weights(f"blk.{layer}.ffn_down.weight", WIDTH, INNER)
        ones(f"blk.{layer}.attn_norm.weight")
        ones(f"blk.{layer}.ffn_norm.weight")
    ones("output_norm.weight")
    out.add_tensor("output.weight", choice)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def serve(path: str, port: int) -> None:
    """llama.cpp's server on 127.0.0.1, until the process is ended."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = path
    settings.n_ctx = CONTEXT
    settings.n_parallel = 1
    settings.cpuparams.n_threads = 1
    settings.warmup = False
    settings.hostnames = ["127.0.0.1"]
    settings.offline = True
    settings.port = port
    server = xllamacpp.Server(settings)
    print(server.listening_address, flush=True)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    write(sys.argv[1])
    serve(sys.argv[1], int(sys.argv[2]))
