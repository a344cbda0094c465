"""Tests state the records given, the command, and the events, rejection or points expected."""
