"""ONNX files, read without the onnx package: the wire format, the messages, the operators."""
