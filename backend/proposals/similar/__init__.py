"""Proposals that may say the same as another one: found by place, scored by text, explained."""
