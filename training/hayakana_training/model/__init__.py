"""The model, its configuration and the folder of a run. It knows no file of pairs."""
