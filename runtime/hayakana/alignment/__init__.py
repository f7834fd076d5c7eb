"""Which letters each Kana was written on, and a picture of it. It knows no session."""
