"""What people do with parts lists, assemblies and disassemblies."""
