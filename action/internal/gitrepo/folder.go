package gitrepo

// Folder is the absolute path of the folder that Git keeps for itself, which all work trees
// of the repository share.
func (r *Repo) Folder() string { return r.place.common }
