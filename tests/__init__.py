"""Tests state the records given, the command, and the events, rejection or points expected."""

from tests.bytecode import store_bytecode

# Before the first conftest imports the program.
store_bytecode()
