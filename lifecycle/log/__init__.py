"""The transparency log: Merkle tree, proofs, signed notes and witness files. Pure, no store."""
