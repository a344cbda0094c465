"""The offline kits of `make kit`, unpacked and used without network."""
