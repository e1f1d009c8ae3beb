//! A bar that follows a computation: `cargo run -p centurion-delayed --example progress`.

use std::thread::sleep;
use std::time::Duration;

use centurion_delayed::{Plan, all, delayed};
use indicatif::{ProgressBar, ProgressStyle};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let think = |agent: u64| sleep(Duration::from_millis(agent));
    let agents = (0..100).map(|agent| delayed(move || think(agent)).named(format!("agent {agent}")));
    let summary = all(agents).then(|answers| answers.len()).named("summary");

    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}")?);
    let shown = bar.clone();
    let plan = Plan::new([&summary]).on_progress(move |progress| {
        shown.set_length(progress.tasks as u64);
        shown.set_position(progress.ended as u64);
        shown.set_message(progress.task.clone());
    });
    plan.run()?;
    bar.finish();
    println!("{} agents", summary.run()?);
    Ok(())
}
