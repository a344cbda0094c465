"""The read side: facts become scores, warnings and rows; pure folds and the tables they fill."""
