"""Fair share: what every cell would get if there were no limits and no shortage."""
