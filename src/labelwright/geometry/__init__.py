"""Shapes and positions as plain numbers: `boxes`, then `polygons`, then `spans` (offsets in text). No formats, no config."""
