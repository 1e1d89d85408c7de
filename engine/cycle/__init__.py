"""The planning cycle: proposals, answers, and the plan that moves least from what people accepted."""
