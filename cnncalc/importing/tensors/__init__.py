"""Tensor operations as layers: the ground that readers of graphs and of model code share.

A reader makes one `Tape` and calls a function for each operation, in the order of the program:

    tape = Tape("pytorch", "CHW", batch=211)
    x = tape.input("x", (211, 3, 32, 32), batch=0)
    tape.at(TapePosition("conv1", scope=("stem",), operation="conv2d"))
    x = windows.convolve(tape, x, TapeArray((20, 3, 8, 8), "stem.conv1.weight", learned=True), stride=(2, 2))
    x = movement.reshape(tape, x, (211, -1))
    draft.layers = tape.layers

- A `TapeTensor` is the output of a layer. Its `dims` hold the batch, and `batch` says where, also if it is merged with
  another axis, as the windows of a Swin transformer are: `(B·64, 49, 96)`. Layers of a draft have no batch axis, so
  that moving or merging it adds no layer.
- A `TapeArray` is a learned or fixed array of the model, or plain numbers. It becomes a weight of the layer that uses
  it, or a `parameter` layer if it is an operand like any other tensor.
- A function appends the layers that it needs, none if it changes nothing, and returns the result. It raises `NotSaid`
  or `Refusal` if no layer type says it; the reader then calls `tape.opaque` with the shape that it knows. `tape.trying`
  removes the layers of a failed attempt.

Families: `movement` (reshape, permute, squeeze, expand), `parts` (slice, select, split, concat, stack, roll, pad),
`arithmetic` (sums, products, functions of elements), `products` (linear, matmul, einsum, attention), `reductions`
(mean, sum, softmax), `windows` (convolutions, pools, resizing), `normalizing` (batch, layer, group and RMS norms),
`lookup` (embeddings, arrays indexed by arrays).
"""
