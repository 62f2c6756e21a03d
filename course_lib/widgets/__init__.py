"""What the reader looks at: one figure style for every chapter."""
