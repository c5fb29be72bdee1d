"""Adapters: titles come in from frames, databases and pipelines, and the columns go back out; each is a module of its own."""
