"""Pages of shops' requests beside the generic ones: allocation and progress."""
