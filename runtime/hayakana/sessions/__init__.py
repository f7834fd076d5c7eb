"""The only room that imports onnxruntime: graphs become functions of arrays. It knows no names."""
