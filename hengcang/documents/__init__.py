"""What documents share: nouns, a flow table, numbers.

Each type keeps its own table and sentences.
"""
