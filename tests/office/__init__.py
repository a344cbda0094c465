"""The documents in the programs that offices use: `make test-office`."""
