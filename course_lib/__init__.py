"""Descent: NumPy reference implementations of deep learning, and the exercises that check yours against them."""
