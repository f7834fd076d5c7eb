"""Train a Keras attention model on name pairs, export it as two ONNX graphs, and prove that they agree.

Needs the ``train`` extra (TensorFlow). The runtime, ``hayakana``, never imports this package.
"""
