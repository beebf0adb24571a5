"""Pure rules of rounds: what belongs to a week, when a stop is open, how far it is, when the van is where."""
