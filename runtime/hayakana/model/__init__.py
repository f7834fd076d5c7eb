"""A model folder on disk, verified. It opens no session and knows no rule of names but normalization."""
