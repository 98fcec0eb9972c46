"""Stock: received, adjusted, and what moved when."""
