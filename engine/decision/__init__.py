"""The decision: hard rows, targets strictly by priority, the mix guard, then the fairest point."""
