"""A made-up network and a school year in it, to compare ways of moving copies."""
