"""Pure rules of lending: values in, values or errors out. No clock, no database, no web."""
