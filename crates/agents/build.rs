//! Makes the digest that tells one build of the agents from another.

fn main() -> std::io::Result<()> {
    let digest = centurion_digest::sources(&["src", "data"])?;
    println!("cargo::rustc-env=CENTURION_AGENTS_SOURCES={digest}");
    Ok(())
}
