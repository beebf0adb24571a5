"""`python -m lending` is the same as `lending`."""

from lending.cli import main

main()
