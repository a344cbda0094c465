"""Which events may be recorded: state, rules, decide, evolve. All is pure; nothing reads a store."""
