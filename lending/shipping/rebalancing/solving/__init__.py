"""From a problem to a plan: a fast first answer, and the best one with its bound."""
