"""Pages of documents: lists, the editor, what a verb would change, small answers for the grid."""
