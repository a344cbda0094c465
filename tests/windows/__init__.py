"""The program under a real Windows Python, run by Wine: `make test-windows`."""
