"""Draw the ONNX graph of all-MiniLM-L6-v2, without its weights, into memory/minilm.onnx.

The graph holds structure only: every weight is an external initializer that `memory.minilm` hands
over from the safetensors file when it opens the session. Needs `onnx` (dependency group `train`).

    python -m bench.embedding_graph [TARGET]

The architecture is BERT (Devlin et al. 2019) in the shape of the model's config.json: 6 layers, 384
wide, 12 heads, GELU, post-layer-norm. Attention and the residual norms use onnxruntime's fused
operators (domain com.microsoft), which halve the time of a short text.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper

from memory.minilm import GRAPH, HEADS, LAYERS, WIDTH, initializer_shapes

EPSILON = 1e-12
OPSET = 17


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []

    def add(self, op: str, inputs: Sequence[str], *, domain: str = "", **attributes: Any) -> str:
        output = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [output], domain=domain, **attributes))
        return output

    def fused(self, op: str, inputs: Sequence[str], **attributes: Any) -> str:
        return self.add(op, inputs, domain="com.microsoft", **attributes)


def _external(name: str, shape: tuple[int, ...]) -> onnx.TensorProto:
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape)
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="model.safetensors")
    return tensor


def _layer(g: _Graph, x: str, lengths: str, layer: int) -> str:
    p = f"layer.{layer}."
    attended = g.fused("Attention", [x, p + "qkv.weight", p + "qkv.bias", lengths], num_heads=HEADS)
    projected = g.add("MatMul", [attended, p + "attention.weight"])
    norm = [p + "attention.norm.weight", p + "attention.norm.bias", p + "attention.bias"]
    x = g.fused("SkipLayerNormalization", [projected, x, *norm], epsilon=EPSILON)
    inner = g.add("MatMul", [x, p + "inner.weight"])
    inner = g.fused("BiasGelu", [inner, p + "inner.bias"])
    outer = g.add("MatMul", [inner, p + "outer.weight"])
    norm = [p + "outer.norm.weight", p + "outer.norm.bias", p + "outer.bias"]
    return g.fused("SkipLayerNormalization", [outer, x, *norm], epsilon=EPSILON)


def build() -> onnx.ModelProto:
    """The graph: `input_ids` int32 [B, T], `lengths` int32 [B] -> `states` float32 [B, T, 384]."""
    g = _Graph()
    word = g.add("Gather", ["words", "input_ids"])
    time = g.add("Slice", [g.add("Shape", ["input_ids"]), "one", "two"])
    place = g.add("Slice", ["places", "zero", time])
    x = g.add("LayerNormalization", [g.add("Add", [word, place]), "norm.weight", "norm.bias"],
              epsilon=EPSILON)  # fmt: skip
    for layer in range(LAYERS):
        x = _layer(g, x, "lengths", layer)
    g.nodes.append(helper.make_node("Identity", [x], ["states"]))
    numbers = [
        helper.make_tensor(name, TensorProto.INT64, [1], [value])
        for name, value in (("zero", 0), ("one", 1), ("two", 2))
    ]
    graph = helper.make_graph(
        g.nodes,
        "all-MiniLM-L6-v2",
        [
            helper.make_tensor_value_info("input_ids", TensorProto.INT32, ["B", "T"]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["B"]),
        ],
        [helper.make_tensor_value_info("states", TensorProto.FLOAT, ["B", "T", WIDTH])],
        numbers + [_external(name, shape) for name, shape in initializer_shapes().items()],
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, producer_name="viva")
    model.ir_version = 8
    return model


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else GRAPH
    target.write_bytes(build().SerializeToString())
    print(f"{target}: {target.stat().st_size} bytes")
