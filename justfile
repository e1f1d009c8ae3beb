# List the recipes.
default:
    @just --list

# Measure everything; `just bench --quick` tries it in under a minute.
bench *args:
    cargo bench -- {{args}}

# Check every answer of every workload under every executor.
verify *args:
    cargo run --release -- verify {{args}}

# Run the demo: a hundred agents on one executor.
demo *args:
    cargo run --release -- {{args}}

# Run the tests.
test:
    cargo test --workspace

# Format the code.
fmt:
    cargo fmt --all

# Everything that CI checks.
ci:
    .ci/run
