"""Documents: what is printed, sent and pinned to the wall; made from the read side and nothing else."""
