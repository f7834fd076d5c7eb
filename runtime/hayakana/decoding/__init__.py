"""Arrays in, ids out, with numpy alone. Protocols stand for whoever computes: no session, no text."""
