"""Tables for the programs of analysts: what they contain, and the files they are in."""
