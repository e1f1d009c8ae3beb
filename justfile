# List the recipes.
default:
    @just --list

# Measure everything and render the report.
bench:
    cargo bench
    cargo centurion report

# Measure less of everything, in about a minute, and render nothing.
quick *args:
    cargo bench -- --quick {{args}}

# Render the latest complete record into reports/; `just report --check` checks what is committed.
report *args:
    cargo centurion report {{args}}

# Compare the latest complete record with another, or with the report committed in a git revision.
compare base="HEAD" *args:
    cargo centurion compare {{base}} {{args}}

# Measure another git revision and this build alternately: `just duel main`.
duel revision *args:
    cargo centurion duel {{revision}} {{args}}

# Test the verdicts on runs known to be the same and executors known to be slower; prints a table.
prove *args:
    cargo centurion prove {{args}}

# Measure kernels that are known to be slowed with other harnesses as well, and print a table: rivals/README.md.
rivals *args:
    cargo run --release --manifest-path rivals/Cargo.toml -- {{args}}

# Measure every maintained Rust executor side by side, in about ten minutes, and render reports/suite/: suite/README.md.
suite *args:
    suite/measure {{args}}

# Measure what a task of a graph costs here, by hand and in other libraries, and print tables: rivals/README.md.
graph-rivals *args:
    cargo run --release --manifest-path rivals/graphs/Cargo.toml -- {{args}}

# Check every answer of every workload under every executor.
verify *args:
    cargo run --release -- verify {{args}}

# Run the demo: a hundred agents on one executor.
demo *args:
    cargo run --release -- {{args}}

# Set up the Python side: python/.venv with pinned packages and the agents as a module.
python:
    python/setup

# Run the tests.
test:
    cargo test --workspace

# Format the code.
fmt:
    cargo fmt --all

# Everything that CI checks.
ci:
    .ci/run
