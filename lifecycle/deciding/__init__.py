"""Which events may be recorded: state, rules, decide, evolve. Pure: nothing reads a store."""
