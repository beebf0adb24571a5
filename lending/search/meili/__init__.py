"""What the adapter on Meilisearch is made of."""
