"""Spreadsheets of documents: read strictly, checked whole, written as drafts or not at all."""
