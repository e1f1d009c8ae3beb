//! Graphs that executors have got wrong.

use centurion_graph::Graph;

/// More inputs than a byte counts or a word has bits.
const MANY: usize = 300;

/// One of each kind.
pub(super) fn all() -> Vec<Graph> {
    let tree =
        (0..127).map(|task| if task < 64 { vec![] } else { vec![2 * (task - 64), 2 * (task - 64) + 1] });
    let named_twice = [vec![], vec![0, 0], vec![1, 0, 1]];
    let last_needs_all = (0..50).map(|task| if task == 49 { (0..49).collect() } else { vec![] });
    // Two paths of different lengths, and a task that nothing needs and that needs nothing.
    let uneven = [vec![], vec![0], vec![1], vec![0, 2], vec![], vec![3]];
    let known = [
        graph(tree),
        graph(named_twice),
        graph(last_needs_all),
        graph(uneven),
        layers(10, 5),
        layers(MANY, 2),
        late_inputs(),
        chain(7),
        stencil(8, 8),
        fan_out(MANY),
    ];
    [0, 1, 2, 100].map(Graph::independent).into_iter().chain(known).collect()
}

fn graph(inputs: impl IntoIterator<Item = Vec<usize>>) -> Graph {
    Graph::new(inputs).expect("inputs come first")
}

pub(super) fn chain(len: usize) -> Graph {
    Graph::new((0..len).map(|task| task.checked_sub(1))).expect("inputs come first")
}

/// A chain each of whose links has a second dependent, which comes first: what goes on is handed over.
pub(super) fn comb(len: usize) -> Graph {
    Graph::new((0..len).map(|task| (task >= 2).then(|| (task - 2) / 2 * 2 + 1))).expect("inputs come first")
}

/// A task and so many that need it.
pub(super) fn fan_out(width: usize) -> Graph {
    graph((0..=width).map(|task| if task == 0 { vec![] } else { vec![0] }))
}

/// A task, so many that need it, one that needs all these, and so on.
pub(super) fn layers(width: usize, count: usize) -> Graph {
    let layer = width + 1;
    graph((0..=count * layer).map(|task| match task % layer {
        0 => (task.saturating_sub(width)..task).collect(),
        _ => vec![task - task % layer],
    }))
}

/// A task with many inputs, the last of which is at the end of a chain.
fn late_inputs() -> Graph {
    graph((0..=MANY).map(|task| match task {
        0 => vec![],
        MANY => (0..MANY).collect(),
        task if task < MANY - 20 => vec![0],
        task => vec![task - 1],
    }))
}

/// Every task needs the one above it and that one's neighbours.
pub(super) fn stencil(width: usize, steps: usize) -> Graph {
    graph((0..width * steps).map(|task| match task.checked_sub(width) {
        None => vec![],
        Some(above) => {
            let row = above - above % width;
            (above.saturating_sub(1).max(row)..=(above + 1).min(row + width - 1)).collect()
        }
    }))
}
