"""Where media lives: files below the data directory (other stores come later)."""
