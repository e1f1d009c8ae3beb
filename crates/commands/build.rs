//! Makes the digest that tells one build of this package from another.

fn main() -> std::io::Result<()> {
    let digest = centurion_digest::sources(&["src"])?;
    println!("cargo::rustc-env=CENTURION_COMMANDS_SOURCES={digest}");
    Ok(())
}
