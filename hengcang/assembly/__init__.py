"""Goods made of other goods: parts lists, assemblies and disassemblies."""
