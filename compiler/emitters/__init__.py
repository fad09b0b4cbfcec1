"""One file or folder, one format: an emitter turns a design or its report into bytes for someone, and works nothing out."""
