//! An order of tasks that keeps few results alive.

use std::cmp::Reverse;

/// All of `len` places, each after its inputs, from those in `lasts` down, which nothing needs. It goes depth first. Of
/// `lasts` it goes first to the one with the longest path behind it, for who begins that late has nothing to run beside it
/// at the end; of the inputs of a place first to the one whose making holds the most results at once. For trees no order
/// holds fewer (Sethi and Ullman, 1970); for other graphs it is a guess. It takes time linear in places and inputs, but
/// for sorting `lasts` and the inputs of a place.
pub(crate) fn depth_first<'a>(
    len: usize,
    mut lasts: Vec<u32>,
    inputs: impl Fn(u32) -> &'a [u32],
) -> Vec<u32> {
    let as_named = walk(len, &lasts, &inputs, |_| ());
    let longest = longest_paths(&as_named, &inputs);
    let path = |last: &u32| Reverse(longest[*last as usize]);
    let most = most_alive(&as_named, &inputs);
    let greatest_first =
        |&place: &u32| inputs(place).is_sorted_by_key(|&input| Reverse(most[input as usize]));
    if lasts.is_sorted_by_key(path) && as_named.iter().all(greatest_first) {
        return as_named;
    }
    lasts.sort_by_key(path);
    walk(len, &lasts, &inputs, |inputs| inputs.sort_by_key(|&input| most[input as usize]))
}

/// How many places the longest path to each place has, itself included.
fn longest_paths<'a>(order: &[u32], inputs: impl Fn(u32) -> &'a [u32]) -> Vec<u32> {
    let mut longest = vec![1; order.len()];
    for &place in order {
        let before = inputs(place).iter().map(|&input| longest[input as usize] + 1).max();
        longest[place as usize] = before.unwrap_or(1);
    }
    longest
}

/// Depth first, and of the inputs of a place from the last to the first after `arrange`.
fn walk<'a>(
    len: usize,
    lasts: &[u32],
    inputs: impl Fn(u32) -> &'a [u32],
    arrange: impl Fn(&mut [u32]),
) -> Vec<u32> {
    let (mut order, mut visits, mut stack) = (Vec::with_capacity(len), vec![Visit::None; len], Vec::new());
    for &last in lasts {
        stack.push(last);
        while let Some(place) = stack.pop() {
            match visits[place as usize] {
                Visit::None => {
                    visits[place as usize] = Visit::Begun;
                    stack.push(place);
                    let above = stack.len();
                    let new = |input: &&u32| visits[**input as usize] == Visit::None;
                    stack.extend(inputs(place).iter().rev().filter(new));
                    arrange(&mut stack[above..]);
                }
                Visit::Begun => {
                    visits[place as usize] = Visit::Ended;
                    order.push(place);
                }
                Visit::Ended => {}
            }
        }
    }
    order
}

/// Whether a walk has come to a place, and whether it has been through what that needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    None,
    Begun,
    Ended,
}

/// How many results are alive at once while each place is made, if its inputs are made in the best order and nobody else
/// needs them.
fn most_alive<'a>(order: &[u32], inputs: impl Fn(u32) -> &'a [u32]) -> Vec<u32> {
    let (mut most, mut before) = (vec![0; order.len()], Vec::new());
    for &place in order {
        before.clear();
        before.extend(inputs(place).iter().map(|&input| most[input as usize]));
        before.sort_unstable_by_key(|&most| Reverse(most));
        let making_inputs = before.iter().zip(0..).map(|(most, held)| most + held).max();
        most[place as usize] = making_inputs.unwrap_or(0).max(before.len() as u32 + 1);
    }
    most
}

#[cfg(test)]
mod tests {
    use centurion_graph::{Graph, Schedule};

    use super::*;

    fn order(inputs: &[&[u32]], lasts: &[u32]) -> Vec<u32> {
        depth_first(inputs.len(), lasts.to_vec(), |place| inputs[place as usize])
    }

    /// How long two workers take for tasks that take one each, in an order.
    fn makespan(order: &[u32], inputs: &[Vec<u32>]) -> u64 {
        let number = |place: u32| order.iter().position(|&other| other == place).unwrap();
        let graph = Graph::new(order.iter().map(|&place| inputs[place as usize].iter().copied().map(number)));
        Schedule::new(&vec![1; order.len()], Some(&graph.unwrap()), 2).makespan()
    }

    #[test]
    fn a_chain_beside_a_bag_begins_first_and_nobody_waits_for_its_end() {
        let chain = (20..30).map(|place| if place == 20 { vec![] } else { vec![place - 1] });
        let inputs: Vec<Vec<u32>> = (0..20).map(|_| vec![]).chain(chain).collect();
        let as_asked_for: Vec<u32> = (0..30).collect();
        let lasts: Vec<u32> = (0..20).chain([29]).collect();
        let order = depth_first(inputs.len(), lasts, |place| &inputs[place as usize]);
        assert_eq!((makespan(&as_asked_for, &inputs), makespan(&order, &inputs)), (20, 15));
    }

    #[test]
    fn of_several_results_that_comes_first_which_takes_longest() {
        assert_eq!(order(&[&[], &[], &[], &[2], &[3]], &[0, 1, 4]), [2, 3, 4, 0, 1]);
    }

    #[test]
    fn a_branch_is_gone_through_before_the_next_is_begun() {
        assert_eq!(order(&[&[], &[], &[0, 1], &[], &[], &[3, 4], &[2, 5]], &[6]), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(order(&[&[2, 5], &[], &[1, 3], &[], &[], &[4]], &[0]), [1, 3, 2, 4, 5, 0]);
    }

    #[test]
    fn what_holds_more_is_made_first_wherever_it_is_named() {
        // 4 needs a leaf and what needs a leaf and what needs two leaves.
        assert_eq!(order(&[&[], &[], &[0, 1], &[], &[3, 2], &[], &[5, 4]], &[6]), [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn what_several_need_comes_once_and_before_all_of_them() {
        assert_eq!(order(&[&[], &[0], &[0], &[2, 1, 1]], &[3]), [0, 2, 1, 3]);
        assert_eq!(order(&[&[], &[0], &[0]], &[1, 2]), [0, 1, 2]);
    }
}
