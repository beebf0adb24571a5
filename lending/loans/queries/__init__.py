"""Reads of loans. They return values or structs and know no person: the service asks who may see."""
