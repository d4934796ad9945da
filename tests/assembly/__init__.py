"""Tests of parts lists, assemblies and disassemblies."""
