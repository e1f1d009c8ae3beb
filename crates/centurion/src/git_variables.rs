//! Variables that bind git to a repository. Hooks leave them behind, and then git looks into that repository wherever it
//! is started. The build script reads this file too.

use std::process::Command;

/// What `git rev-parse --local-env-vars` lists, and what changes where git looks for a repository.
const VARIABLES: [&str; 19] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// Lets git find the repository by the current folder alone.
pub(crate) fn scrub(child: &mut Command) {
    for name in VARIABLES {
        child.env_remove(name);
    }
}
