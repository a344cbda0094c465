"""Documents to print, send or put on a notice board, built from projections alone."""
