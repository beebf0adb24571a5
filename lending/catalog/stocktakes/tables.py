"""Stocktakes and every scan of them."""
