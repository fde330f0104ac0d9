"""What the documents mean, one folder a family: each reader lifts a document into a fact."""
