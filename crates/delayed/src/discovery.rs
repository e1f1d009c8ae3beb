//! Finding what the asked-for tasks need that has not ended.

use std::sync::Mutex;
use std::sync::atomic::Ordering;

use centurion_graph::Graph;

use crate::depth::depth_first;
use crate::lock::lock;
use crate::task::{AnyTask, TaskState};

/// Held while tasks are found and marked, so that two threads do not mark the same tasks at once. No code of
/// tasks runs under it.
static PLANNING: Mutex<()> = Mutex::new(());

/// The mark of a task that has ended.
const ENDED: u32 = u32::MAX;

/// What was found.
pub(crate) struct Needed<'env> {
    /// The tasks that have not ended, each after its inputs. The tasks of a chain follow upon each other.
    pub(crate) tasks: Vec<AnyTask<'env>>,
    /// Which needs which.
    pub(crate) graph: Graph,
    /// Whether any of them waits.
    pub(crate) waits: bool,
    /// How many tasks were met that have ended, behind which nobody looked.
    pub(crate) ended: usize,
}

/// Finds everything that `wanted` needs, in time linear in the tasks and inputs found.
pub(crate) fn needed<'env>(wanted: &[AnyTask<'env>]) -> Needed<'env> {
    let found = Discovery::new(wanted);
    let order = found.by_depth();
    let graph = found.graph(&order);
    let Discovery { mut tasks, waits, ended, .. } = found;
    arrange(&mut tasks, order);
    Needed { tasks, graph, waits, ended: ended.len() }
}

/// Puts the item at place `order[i]` to place `i`, for all `i`, one cycle of moves after another.
fn arrange<T>(items: &mut [T], mut order: Vec<u32>) {
    for start in 0..order.len() {
        let mut place = start;
        while order[place] as usize != start {
            let next = order[place] as usize;
            items.swap(place, next);
            order[place] = place as u32;
            place = next;
        }
        order[place] = place as u32;
    }
}

/// Tasks by place, in the order in which they were met.
#[derive(Default)]
struct Discovery<'env> {
    tasks: Vec<AnyTask<'env>>,
    /// Places of the inputs of all tasks, one task after another.
    inputs: Vec<u32>,
    /// Where the inputs of each task end.
    ends: Vec<u32>,
    waits: bool,
    ended: Vec<AnyTask<'env>>,
}

impl<'env> Discovery<'env> {
    fn new(wanted: &[AnyTask<'env>]) -> Self {
        // Handles are dropped after the lock: the last handle of a task may drop what plans in turn.
        let (mut found, mut inputs) = (Self::default(), Vec::new());
        let planning = lock(&PLANNING);
        for task in wanted {
            found.visit(task.clone());
        }
        while let Some(task) = found.tasks.get(found.ends.len()) {
            task.inputs(&mut inputs);
            for task in inputs.drain(..) {
                let place = found.visit(task);
                found.inputs.extend(place);
            }
            found.ends.push(found.inputs.len() as u32);
        }
        found
            .tasks
            .iter()
            .chain(&found.ended)
            .for_each(|task| task.metadata().mark.store(0, Ordering::Relaxed));
        drop(planning);
        found
    }

    /// The place of a task, new or known. `None` for one that has ended.
    fn visit(&mut self, task: AnyTask<'env>) -> Option<u32> {
        let mark = &task.metadata().mark;
        match mark.load(Ordering::Relaxed) {
            ENDED => None,
            0 if task.state() != TaskState::Pending => {
                mark.store(ENDED, Ordering::Relaxed);
                self.ended.push(task);
                None
            }
            0 => {
                let place = self.tasks.len() as u32;
                assert!(place < ENDED - 1, "a plan holds fewer than 2³² tasks");
                mark.store(place + 1, Ordering::Relaxed);
                self.waits |= task.waits();
                self.tasks.push(task);
                Some(place)
            }
            mark => Some(mark - 1),
        }
    }

    fn inputs(&self, place: u32) -> &[u32] {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.inputs[start as usize..self.ends[place as usize] as usize]
    }

    /// All places, each after its inputs, in an order that keeps few results alive.
    fn by_depth(&self) -> Vec<u32> {
        let mut is_input = vec![false; self.tasks.len()];
        self.inputs.iter().for_each(|&input| is_input[input as usize] = true);
        let places = 0..self.tasks.len() as u32;
        let lasts: Vec<u32> = places.filter(|&place| !is_input[place as usize]).collect();
        depth_first(self.tasks.len(), lasts, |place| self.inputs(place))
    }

    /// The graph of the tasks in this order.
    fn graph(&self, order: &[u32]) -> Graph {
        let mut numbers = vec![0_u32; order.len()];
        for (number, &place) in (0..).zip(order) {
            numbers[place as usize] = number;
        }
        let number = |&input: &u32| numbers[input as usize] as usize;
        let inputs = order.iter().map(|&place| self.inputs(place).iter().map(number));
        Graph::new(inputs).expect("a task comes after its inputs")
    }
}

#[cfg(test)]
mod tests {
    use super::arrange;

    #[test]
    fn items_are_arranged_in_any_order() {
        let orders =
            [vec![], vec![0], vec![2, 0, 1], vec![4, 3, 2, 1, 0], vec![1, 2, 3, 4, 0], vec![1, 0, 4, 2, 3]];
        for order in orders {
            let mut items: Vec<_> = (0..order.len() as u32).collect();
            arrange(&mut items, order.clone());
            assert_eq!(items, order);
        }
    }
}
