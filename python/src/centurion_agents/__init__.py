"""The agents of Centurion: the same code as in Rust, the same answers, the interpreter lock released."""
